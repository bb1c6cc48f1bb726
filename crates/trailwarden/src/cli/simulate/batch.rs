//! Many cases: a line of JSON in, a line of JSON out, in the same order.

mod fault;

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use anyhow::Context;
use trailwarden_policy::cases::{Answer, Case, decide};

use crate::cli::policy::files;
use crate::cli::{Exit, terminal};
use crate::formats::write_compact;

/// The longest line that is read: several policies of the greatest size.
const LINE_BYTES_MAX: usize = 16 << 20;

/// Answers a file, or standard input.
pub(super) fn run(file: &str) -> anyhow::Result<Exit> {
    let reader: Box<dyn Read> = match file {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(
            std::fs::File::open(path)
                .with_context(|| format!("cannot open the cases `{path}`; check the path"))?,
        ),
    };
    let (answered, errors) = all(BufReader::new(reader), BufWriter::new(io::stdout().lock()))
        .with_context(|| format!("cannot go on with {}", files::shown(file)))?;
    if answered == 0 {
        terminal::warn("no case was given; write one JSON object per line");
        return Ok(Exit::Useless);
    }
    if errors > 0 {
        terminal::warn(&format!(
            "{errors} of {answered} cases are in error; `message` says what is wrong with each"
        ));
        return Ok(Exit::Partial);
    }
    Ok(Exit::Done)
}

/// How many were answered, and how many of these with an error.
fn all<R: Read, W: Write>(mut lines: BufReader<R>, mut out: W) -> io::Result<(u64, u64)> {
    let (mut answered, mut errors) = (0, 0);
    let mut line = Vec::new();
    let mut number = 0_u64;
    while next(&mut lines, &mut line)? {
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let mut answer = match std::str::from_utf8(&line) {
            _ if line.len() > LINE_BYTES_MAX => {
                error(format!("line {number} has more than {LINE_BYTES_MAX} bytes"))
            }
            Ok(text) => Case::parse(text).map_or_else(
                |_| {
                    let (id, what) = fault::of(text);
                    Answer { id, ..error(format!("line {number}: {what}")) }
                },
                |case| decide(&case),
            ),
            Err(_) => error(format!("line {number} is not UTF-8")),
        };
        // Without an id, the line is what it can be found by.
        if let (None, Some(message)) = (&answer.id, &mut answer.message)
            && !message.starts_with("line ")
        {
            *message = format!("line {number}: {message}");
        }
        answered += 1;
        errors += u64::from(answer.decision == "error");
        write_compact(&answer, &mut out)?;
        out.write_all(b"\n")?;
        // Whoever writes a case and waits for its answer gets it.
        if lines.buffer().is_empty() {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok((answered, errors))
}

/// Reads one line; of one that is too long, only the beginning is kept.
fn next<R: Read>(lines: &mut BufReader<R>, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let limit = LINE_BYTES_MAX as u64 + 1;
    if lines.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.len() > LINE_BYTES_MAX && line.last() != Some(&b'\n') {
        skip_line(lines)?;
    }
    Ok(true)
}

fn skip_line<R: Read>(lines: &mut BufReader<R>) -> io::Result<()> {
    loop {
        let chunk = lines.fill_buf()?;
        let (used, is_end) = match chunk.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (chunk.len(), chunk.is_empty()),
        };
        lines.consume(used);
        if is_end {
            return Ok(());
        }
    }
}

fn error(message: String) -> Answer {
    Answer {
        id: None,
        decision: "error",
        blocked_by: Vec::new(),
        statements: Vec::new(),
        missing_context: Vec::new(),
        message: Some(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(input: &[u8]) -> (Vec<String>, (u64, u64)) {
        let mut out = Vec::new();
        let counts = all(BufReader::new(input), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        (text.lines().map(str::to_owned).collect(), counts)
    }

    #[test]
    fn every_line_has_its_answer() {
        let case = r#"{"id":1,"principal":"anonymous","action":"s3:GetObject","resource":"*"}"#;
        let input = format!("{case}\n\n{{\n\u{e9}\n{case}");
        let (lines, counts) = answered(input.as_bytes());
        assert_eq!(counts, (4, 2));
        let words: Vec<bool> = lines.iter().map(|line| line.contains("implicit_deny")).collect();
        assert_eq!(words, [true, false, false, true]);
        assert!(lines[1].contains(r#""message":"line 3: "#), "{}", lines[1]);
        assert_eq!(answered(b"\xff\n").1, (1, 1));
        assert_eq!(answered(b"").1, (0, 0));
    }

    #[test]
    fn a_line_without_end_costs_only_itself() {
        let case = r#"{"principal":"anonymous","action":"s3:GetObject","resource":"*"}"#;
        let mut input = vec![b' '; LINE_BYTES_MAX + 5_000];
        input.extend_from_slice(b"{\n");
        input.extend_from_slice(case.as_bytes());
        let (lines, counts) = answered(&input);
        assert_eq!(counts.0, lines.len() as u64);
        assert!(lines.last().is_some_and(|line| line.contains("implicit_deny")), "{lines:?}");
    }
}
