//! One page of an explanation, and its Markdown.

use serde::Serialize;
use serde_json::Value;

/// What is told of one name.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(super) struct Page {
    /// What it is: `event`, `detection`, `check`, `lint check`, `technique`, `remediation`, `condition key`.
    pub(super) kind: &'static str,
    /// Its name.
    pub(super) name: String,
    /// What it is in a few words.
    pub(super) title: String,
    /// Facts in a line each.
    pub(super) facts: Vec<(&'static str, String)>,
    /// What there is to read.
    pub(super) sections: Vec<Section>,
    /// A record of such an event, made by us.
    pub(super) sample: Option<Value>,
}

/// Something to read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Section {
    /// Its heading.
    pub(super) heading: String,
    /// Its text.
    pub(super) markdown: String,
}

impl Page {
    pub(super) fn new(kind: &'static str, name: &str, title: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            title: title.to_owned(),
            facts: Vec::new(),
            sections: Vec::new(),
            sample: None,
        }
    }

    /// Adds a line, unless it says nothing.
    pub(super) fn fact(&mut self, label: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((label, value));
        }
    }

    /// Adds a section, unless it says nothing.
    pub(super) fn section(&mut self, heading: &str, markdown: impl Into<String>) {
        let markdown = markdown.into();
        if !markdown.is_empty() {
            self.sections.push(Section { heading: heading.to_owned(), markdown });
        }
    }

    /// Adds a section of points.
    pub(super) fn points<T: AsRef<str>>(
        &mut self,
        heading: &str,
        points: impl IntoIterator<Item = T>,
    ) {
        let points: Vec<String> =
            points.into_iter().map(|point| format!("- {}", point.as_ref())).collect();
        self.section(heading, points.join("\n"));
    }

    /// The page in Markdown.
    pub(super) fn to_markdown(&self) -> String {
        let mut text = format!("# {}\n\n{} ({})\n", self.name, self.title, self.kind);
        if !self.facts.is_empty() {
            text.push('\n');
        }
        for (label, value) in &self.facts {
            text.push_str(&format!("- {label}: {value}\n"));
        }
        for section in &self.sections {
            text.push_str(&format!("\n## {}\n\n{}\n", section.heading, section.markdown));
        }
        if let Some(sample) = &self.sample {
            text.push_str(&format!("\n## A record of it\n\n```json\n{sample:#}\n```\n"));
        }
        text
    }
}
