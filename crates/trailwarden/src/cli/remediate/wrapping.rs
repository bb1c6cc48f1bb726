//! Lines as wide as a terminal is.
//!
//! A command stays on one line, however long: it is copied, and a break would be in it. So does a line of a
//! document in JSON.

/// The text with its lines broken between words; what follows stands under the words of the first.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        wrap(line, width, &mut out);
        out.push('\n');
    }
    out
}

fn wrap(line: &str, width: usize, out: &mut String) {
    if line.chars().count() <= width || line.trim_start().starts_with('"') {
        return out.push_str(line);
    }
    let indent = " ".repeat(indent(line));
    let mut column = 0;
    for word in words(line) {
        let length = word.chars().count();
        if column > indent.len() && column + 1 + length > width {
            out.push('\n');
            out.push_str(&indent);
            column = indent.len();
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
}

/// Where the words of a line begin, behind its lead: a number, a dash.
fn indent(line: &str) -> usize {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    let rest = line.get(spaces..).unwrap_or_default();
    match rest.split_once(' ') {
        Some((lead, _))
            if lead == "-" || lead == "for" || lead.ends_with('.') && lead.len() < 5 =>
        {
            spaces + lead.len() + 1
        }
        _ => spaces + 2,
    }
}

/// The words; what stands between backticks is one, and so are the spaces at the beginning with the first.
fn words(line: &str) -> Vec<&str> {
    let (mut words, mut begin, mut is_quoted, mut is_begun) = (Vec::new(), 0, false, false);
    for (at, letter) in line.char_indices() {
        match letter {
            '`' => is_quoted = !is_quoted,
            ' ' if is_begun && !is_quoted => {
                words.extend(line.get(begin..at));
                begin = at + 1;
            }
            _ => {}
        }
        is_begun |= letter != ' ';
    }
    words.extend(line.get(begin..));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_the_terminal() {
        let text = "Plan\n  - It counts for everybody who holds it now\n    for tw-1 high Something: user/bob\n";
        assert_eq!(
            wrapped(text, 24),
            "Plan\n  - It counts for\n    everybody who holds\n    it now\n    for tw-1 high\n        Something:\n        user/bob\n"
        );
        assert_eq!(wrapped(text, 200), text);
    }

    #[test]
    fn a_line_of_a_document_stays_whole() {
        let text = "        \"Sid\": \"a text of many words that stands in a document\",\n";
        assert_eq!(wrapped(text, 30), text);
    }

    #[test]
    fn a_command_stays_whole() {
        let text = "    1. First `aws iam get-user --user-name alice` and so on, at length";
        let lines = wrapped(text, 30);
        assert!(lines.contains("\n       `aws iam get-user --user-name alice`\n"), "{lines}");
    }
}
