//! One entry: its header and its sections.

use crate::Text;
use crate::header::{Depth, Header, Kind};
use crate::sections::{Heading, Section, cut};

/// What is written about an event.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// `service:EventName`, as policies and rules name it.
    pub name: &'static str,
    /// The header.
    pub header: Header,
    /// The sections, in their order.
    pub sections: Vec<Section>,
    /// A record of such an event; none for what leaves no record.
    pub sample: Option<&'static str>,
}

/// Why a file is no entry.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("catalogue entry `{name}`, line {line}: {why}")]
pub struct Fault {
    /// `service:EventName`.
    pub name: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// The line that opens and closes a header.
const FENCE: &str = "+++\n";

impl Entry {
    /// Reads a file.
    ///
    /// # Errors
    /// The header or the sections are not as an entry's must be; the error says where.
    pub fn read(text: &Text) -> Result<Self, Fault> {
        let fault = |line: usize, why: String| Fault { name: text.name, line, why };
        let (toml, body) = text
            .markdown
            .strip_prefix(FENCE)
            .and_then(|rest| rest.split_once("\n+++\n"))
            .ok_or_else(|| fault(1, "no header between two lines of `+++`".to_owned()))?;
        let lines_before =
            |at: usize| toml.get(..at).map_or(0, |before| before.matches('\n').count());
        let header: Header = toml::from_str(toml).map_err(|error| {
            let line = 2 + error.span().map_or(0, |span| lines_before(span.start));
            fault(line, error.message().to_owned())
        })?;
        // The header's lines, its two fences, and lines count from 1.
        let first = toml.matches('\n').count() + 4;
        let sections = cut(body).map_err(|uncut| fault(first + uncut.line, uncut.why))?;
        let entry = Self { name: text.name, header, sections, sample: text.sample };
        match entry.lacks() {
            Some(what) => Err(fault(1, format!("it lacks {what}"))),
            None => Ok(entry),
        }
    }

    /// The service's prefix.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.name.split_once(':').map_or("", |(service, _)| service)
    }

    /// The event's name.
    #[must_use]
    pub fn event(&self) -> &'static str {
        self.name.split_once(':').map_or(self.name, |(_, event)| event)
    }

    /// The text of a section.
    #[must_use]
    pub fn section(&self, heading: Heading) -> Option<&'static str> {
        self.sections.iter().find(|one| one.heading == heading).map(|one| one.markdown)
    }

    /// What an entry of its depth and kind must have, and this one has not.
    fn lacks(&self) -> Option<String> {
        let has = |heading: &Heading| self.section(*heading).is_some();
        let header = &self.header;
        if header.pages.is_empty() {
            return Some("a page of AWS's documentation".to_owned());
        }
        if header.risks.is_empty() && header.kind != Kind::Read {
            return Some("a risk".to_owned());
        }
        if self.sample.is_none() != (header.kind == Kind::NoCall) {
            return Some(format!(
                "a sample in `fixtures/records/{}/{}.json`, or it is no `no-call` and has one",
                self.service(),
                self.event()
            ));
        }
        let required = match header.depth {
            Depth::Full => Heading::ALL.into_iter().filter(|one| one.is_required()).collect(),
            Depth::Short => vec![Heading::Does],
        };
        let missing = required.into_iter().find(|heading| !has(heading));
        missing.map(|heading| format!("the section `{}`", heading.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "+++\ntitle = \"A thing is made\"\ndepth = \"short\"\nkind = \"read\"\n\
        source = \"iam.amazonaws.com\"\npages = [\"IAM API Reference, GetThing\"]\n+++\n\n\
        ## What it does\n\nIt asks.\n\n## Traps\n\n- None.\n";

    fn read(markdown: &str) -> Result<Entry, Fault> {
        let markdown = Box::leak(markdown.to_owned().into_boxed_str());
        Entry::read(&Text { name: "iam:GetThing", markdown, sample: Some("{}") })
    }

    #[test]
    fn an_entry_is_cut_at_its_headings() {
        let entry = read(GOOD).unwrap();
        assert_eq!(entry.section(Heading::Does), Some("It asks."));
        assert_eq!(entry.section(Heading::Traps), Some("- None."));
        assert_eq!(entry.section(Heading::Who), None);
        assert_eq!((entry.service(), entry.event()), ("iam", "GetThing"));
    }

    #[test]
    fn a_fault_names_its_line() {
        let fault = |from: &str, to: &str| read(&GOOD.replace(from, to)).unwrap_err();
        let unknown = fault("kind = \"read\"", "kind = \"read\"\nbenign = 1");
        assert_eq!(unknown.line, 5, "{unknown}");
        assert_eq!(fault("## Traps", "## Trap").line, 13);
        assert_eq!(fault("It asks.", "").why, "`What it does` is empty");
        assert_eq!(fault("## Traps", "## What it does").line, 13);
        assert_eq!(fault("+++\n\n", "").line, 1);
        assert!(fault("\"read\"", "\"write\"").why.contains("a risk"));
        assert!(fault("\"short\"", "\"full\"").why.contains("`Who makes it`"));
        assert!(fault("\n## What", "\nText.\n\n## What").why.contains("before the first"));
    }
}
