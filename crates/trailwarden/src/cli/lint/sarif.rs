//! Lint as SARIF 2.1.0, for code scanning.
//!
//! Columns count UTF-16 code units, which is what code scanning takes them for, and an end is the
//! column behind the last. A policy inside a string has no finer place than the string.

use std::collections::HashMap;
use std::io;
use std::rc::Rc;

use serde_json::{Value, json};
use trailwarden_model::{Reject, Severity};
use trailwarden_policy::lint::Check;

use super::collect::{Linted, Row};
use crate::cli::policy::files;
use crate::formats::{sarif_level, sarif_score, sarif_text, sarif_uri, write_pretty};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes one run.
pub(super) fn write(linted: &Linted, out: &mut dyn io::Write) -> io::Result<()> {
    let (checks, places) = checks(linted);
    let mut results: Vec<Value> = Vec::with_capacity(linted.rows.len());
    // Rows of one file stand together.
    let mut columns: Option<Columns> = None;
    for row in &linted.rows {
        let known = columns.take().filter(|known| Rc::ptr_eq(&known.text, &row.file_text));
        let known = columns.insert(known.unwrap_or_else(|| Columns::of(&row.file_text)));
        results.push(result(row, &places, known));
    }
    let unread: Vec<Value> = linted.rejects.iter().map(notification).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "trailwarden",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": checks.iter().map(rule).collect::<Vec<Value>>(),
                },
            },
            // Tells this run from others of the same tool on the same commit.
            "automationDetails": { "id": "trailwarden/lint/" },
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": unread,
            }],
            "results": results,
        }],
    });
    write_pretty(&log, out)?;
    out.write_all(b"\n")
}

/// A check that found something, and the worst that it found.
type Worst = (&'static Check, Severity);

/// The checks that have findings, in order of appearance, and where each stands in that list.
fn checks(linted: &Linted) -> (Vec<Worst>, HashMap<&'static str, usize>) {
    let mut checks: Vec<Worst> = Vec::new();
    let mut places = HashMap::new();
    for row in &linted.rows {
        let finding = &row.finding;
        let place = *places.entry(finding.check.id).or_insert(checks.len());
        match checks.get_mut(place) {
            Some((_, worst)) => *worst = (*worst).max(finding.severity),
            None => checks.push((finding.check, finding.severity)),
        }
    }
    (checks, places)
}

fn rule((check, worst): &Worst) -> Value {
    let mut tags = vec!["security".to_owned(), "lint".to_owned(), "aws-iam".to_owned()];
    tags.extend(check.cross.iter().map(|(tool, id)| format!("{}/{id}", tool.name())));
    json!({
        "id": check.id,
        "name": check.id,
        "shortDescription": { "text": sarif_text(check.title) },
        "fullDescription": { "text": sarif_text(check.about) },
        "help": { "text": sarif_text(&format!("{}\n\nSource: {}", check.about, check.source)) },
        "defaultConfiguration": { "level": sarif_level(*worst) },
        "properties": {
            "tags": tags,
            "precision": precision(check),
            "problem.severity": match sarif_level(*worst) {
                "note" => "recommendation",
                level => level,
            },
            "security-severity": sarif_score(*worst),
        },
    })
}

/// Code scanning's word for how often a check is right.
fn precision(check: &Check) -> &'static str {
    match check.confidence.as_str() {
        "high" => "very-high",
        "medium" => "high",
        _ => "medium",
    }
}

fn result(row: &Row, places: &HashMap<&'static str, usize>, columns: &Columns) -> Value {
    let finding = &row.finding;
    let mut text = format!("{}; {}", finding.message, finding.fix);
    if let Some(inside) = &row.inside {
        text = format!("{}, {} in the policy: {text}", row.policy, inside.start);
    }
    let logical = match row.policy.as_ref() {
        "" => json!([]),
        name => json!([{
            "name": sarif_text(name),
            "fullyQualifiedName": sarif_text(&format!("{}#{name}", row.file)),
            "kind": "object",
        }]),
    };
    json!({
        "ruleId": finding.check.id,
        "ruleIndex": places.get(finding.check.id),
        "level": sarif_level(finding.severity),
        "message": { "text": sarif_text(&text) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&row.file) },
                "region": {
                    "startLine": row.start.line,
                    "startColumn": columns.column(row.span.start),
                    "endLine": row.end.line,
                    "endColumn": columns.column(row.span.end),
                },
            },
            "logicalLocations": logical,
        }],
        "partialFingerprints": { "trailwardenFinding/v1": row.id },
        "properties": {
            "id": row.id,
            "severity": finding.severity.as_str(),
            "confidence": finding.confidence.as_str(),
            "policyKind": row.kind.name(),
            "statement": finding.statement,
        },
    })
}

fn notification(reject: &Reject) -> Value {
    json!({
        "level": "error",
        "message": { "text": sarif_text(&reject.cause) },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&reject.file) } } }],
    })
}

/// A file as code scanning finds it: relative to where the command ran, if it lies below.
fn uri(file: &str) -> String {
    if file == "-" {
        return sarif_uri(&files::shown(file).replace(' ', "-"));
    }
    let here = std::env::current_dir().ok();
    let relative = here.as_ref().and_then(|here| {
        let below = std::path::Path::new(file).strip_prefix(here).ok()?;
        below.to_str().filter(|text| !text.is_empty())
    });
    sarif_uri(relative.unwrap_or(file))
}

/// Columns of one text in UTF-16 code units, counted once for many places.
struct Columns {
    text: Rc<str>,
    /// How many units stand before every block.
    before: Vec<usize>,
}

/// Long enough to keep few counts, short enough to count quickly.
const BLOCK_BYTES: usize = 1024;

impl Columns {
    fn of(text: &Rc<str>) -> Self {
        let mut total = 0;
        let mut before = Vec::with_capacity(text.len() / BLOCK_BYTES + 1);
        for block in text.as_bytes().chunks(BLOCK_BYTES) {
            before.push(total);
            total += units(block);
        }
        Self { text: Rc::clone(text), before }
    }

    /// The column of an offset, from one. A byte order mark is none.
    fn column(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let head = self.text.get(..offset).unwrap_or_default();
        let start = head.rfind('\n').map_or(0, |at| at + 1);
        let has_mark = start == 0 && head.starts_with('\u{feff}');
        self.units_before(offset) - self.units_before(start) + 1 - usize::from(has_mark)
    }

    fn units_before(&self, offset: usize) -> usize {
        let block = (offset / BLOCK_BYTES).min(self.before.len().saturating_sub(1));
        let known = self.before.get(block).copied().unwrap_or(0);
        let rest = self.text.as_bytes().get(block * BLOCK_BYTES..offset);
        known + units(rest.unwrap_or_default())
    }
}

/// How many UTF-16 code units begin in these bytes of UTF-8: a character of four bytes takes two.
fn units(bytes: &[u8]) -> usize {
    let of_byte = |byte: &u8| match byte {
        0x80..=0xbf => 0,
        0xf0.. => 2,
        _ => 1,
    };
    bytes.iter().map(of_byte).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf_16_units() {
        let text = "\u{feff}{\n \"😀é\": 1";
        let columns = Columns::of(&text.into());
        assert_eq!(columns.column(0), 1);
        assert_eq!(columns.column(3), 1);
        assert_eq!(columns.column(4), 2);
        assert_eq!(columns.column(text.find('1').unwrap()), 9);
        assert_eq!(columns.column(usize::MAX), 10);
        assert_eq!(Columns::of(&"".into()).column(7), 1);
    }

    #[test]
    fn long_lines_are_counted_in_blocks() {
        let text = format!("a\n{}x", "😀é€ ".repeat(2_000));
        let columns = Columns::of(&text.as_str().into());
        for (offset, _) in text.char_indices().step_by(7).chain([(text.len(), ' ')]) {
            let line = text[..offset].rsplit('\n').next().unwrap();
            assert_eq!(columns.column(offset), line.encode_utf16().count() + 1, "{offset}");
        }
    }
}
