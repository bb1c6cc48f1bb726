//! JSON and NDJSON: the findings as the schema has them.
//!
//! JSON allows almost every character in a string, so a terminal that shows it would still run
//! eight-bit control codes and obey bidirectional overrides. They are written as `\u` escapes,
//! which loses nothing: whoever parses the text gets the original back.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use trailwarden_model::{Report, escape};

use super::changes::Change;

/// A report and, when somebody asked for them, all changes.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a [Change]>,
}

/// The whole report, indented.
pub(super) fn write(
    report: &Report,
    changes: Option<&[Change]>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write_pretty(&Whole { report, changes }, out)?;
    out.write_all(b"\n")
}

/// The findings, one per line.
pub(super) fn write_lines(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &report.findings {
        write_compact(finding, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Any value, indented, without hidden characters.
pub(crate) fn write_pretty(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Visible(PrettyFormatter::new()));
    Ok(value.serialize(&mut serializer)?)
}

/// Any value on one line, without hidden characters.
pub(crate) fn write_compact(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Visible(CompactFormatter));
    Ok(value.serialize(&mut serializer)?)
}

/// An array with one element per line.
pub(super) fn write_array(
    elements: impl Iterator<Item = impl Serialize>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut before = "[\n";
    for element in elements {
        out.write_all(before.as_bytes())?;
        write_compact(&element, out)?;
        before = ",\n";
    }
    let after = if before == "[\n" { "[\n]\n" } else { "\n]\n" };
    out.write_all(after.as_bytes())
}

/// Another formatter that spells out, inside strings, what [`escape::visible`] would.
struct Visible<F>(F);

impl<F: Formatter> Formatter for Visible<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if matches!(escape::visible(fragment), Cow::Borrowed(_)) {
            return self.0.write_string_fragment(writer, fragment);
        }
        let mut buffer = [0; 4];
        for c in fragment.chars() {
            let text: &str = c.encode_utf8(&mut buffer);
            if matches!(escape::visible(text), Cow::Borrowed(_)) {
                self.0.write_string_fragment(writer, text)?;
                continue;
            }
            // JSON escapes are UTF-16: a character beyond the basic plane takes two.
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_come_back() {
        let text = "a\u{9b}31m\u{202e}\u{e0041}\u{7f}\u{1b}[0mZoë";
        let mut out = Vec::new();
        write_compact(&text, &mut out).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert_eq!(json, r#""a\u009b31m\u202e\udb40\udc41\u007f\u001b[0mZoë""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
