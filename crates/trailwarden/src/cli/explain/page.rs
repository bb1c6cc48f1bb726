//! One page of an explanation, and its Markdown.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::responses::{Form, INVENTED, Response, YOURS};
use super::sigma;

/// What is told of one name.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub(crate) struct Page {
    /// What it is: `event`, `detection`, `check`, `lint check`, `technique`, `remediation`, `condition key`,
    /// `ATT&CK technique`, `rule`, `Sigma rule`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// What it is in a few words.
    pub(crate) title: String,
    /// Facts in a line each: what it is about, and what it is.
    pub(crate) facts: Vec<(&'static str, String)>,
    /// What there is to read.
    pub(crate) sections: Vec<Section>,
    /// How to respond, by the examples of remediations.
    pub(crate) responses: Vec<Response>,
    /// A record of such an event, made by us; null where there is none.
    pub(crate) sample: Option<Value>,
}

/// Something to read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Section {
    /// Its heading.
    pub(crate) heading: String,
    /// Its text.
    pub(crate) markdown: String,
}

impl Page {
    pub(crate) fn new(kind: &'static str, name: &str, title: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            title: title.to_owned(),
            facts: Vec::new(),
            sections: Vec::new(),
            responses: Vec::new(),
            sample: None,
        }
    }

    /// Adds a line, unless it says nothing.
    pub(crate) fn fact(&mut self, label: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((label, value));
        }
    }

    /// Adds a section, unless it says nothing.
    pub(crate) fn section(&mut self, heading: &str, markdown: impl Into<String>) {
        let markdown = markdown.into();
        if !markdown.is_empty() {
            self.sections.push(Section { heading: heading.to_owned(), markdown });
        }
    }

    /// Adds a section of points.
    pub(crate) fn points<T: AsRef<str>>(
        &mut self,
        heading: &str,
        points: impl IntoIterator<Item = T>,
    ) {
        let points: Vec<String> =
            points.into_iter().map(|point| format!("- {}", point.as_ref())).collect();
        self.section(heading, points.join("\n"));
    }

    /// The page in Markdown.
    pub(crate) fn to_markdown(&self) -> String {
        // Only of Sigma rules these are a stranger's words.
        let own = |text: &str| match self.kind == sigma::KIND {
            true => sigma::prose(text),
            false => text.to_owned(),
        };
        let (name, title) = (own(&self.name), own(&self.title));
        let mut text = format!("# {name}\n\n{title} ({})\n", self.kind);
        if !self.facts.is_empty() {
            text.push('\n');
        }
        for (label, value) in &self.facts {
            text.push_str(&format!("- {label}: {value}\n"));
        }
        for section in &self.sections {
            text.push_str(&format!("\n## {}\n\n{}\n", section.heading, section.markdown));
        }
        text.push_str(&self.responses_markdown());
        if let Some(sample) = &self.sample {
            text.push_str(&format!("\n## A record of it\n\n```json\n{sample:#}\n```\n"));
        }
        text
    }

    /// How to respond: what a person does, or the steps in the console.
    fn responses_markdown(&self) -> String {
        let mut text = String::new();
        for response in &self.responses {
            text.push_str(&format!("\n## {} (`{}`)\n\n", response.title, response.remediation));
            if let Some(by_hand) = &response.by_hand {
                text.push_str(&format!("There is no plan: {}.\n\n", by_hand.why));
                by_hand.steps.iter().for_each(|step| text.push_str(&format!("- {step}\n")));
            }
            if let Some(example) = &response.example {
                let steps = example.form(Form::Console).trim_end();
                text.push_str(&format!(
                    "{INVENTED}, in the AWS console:\n\n```text\n{steps}\n```\n\n"
                ));
                text.push_str(&self.other_forms(response.remediation));
                text.push('\n');
            }
        }
        text
    }

    /// How to get the other forms of an example, and one's own plan.
    pub(crate) fn other_forms(&self, remediation: &str) -> String {
        format!(
            "Other forms: `trailwarden explain {remediation} --as cli`, `boto3` or `terraform`. For a finding of yours: `{YOURS}`."
        )
    }
}
