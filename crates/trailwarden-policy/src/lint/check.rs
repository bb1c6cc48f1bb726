//! What a check is: metadata, logic and proof in one static value.

use std::fmt;

use trailwarden_model::{Confidence, Severity};

use super::{Found, Input, LintFinding, StatementView};
use crate::kind::PolicyKind;
use crate::locate::{Unread, locate};

/// One thing that lint looks for.
pub struct Check {
    /// Kebab-case, stable for ever, equal to the file's name; reads after "we found:".
    pub id: &'static str,
    /// The same in plain words.
    pub title: &'static str,
    /// Harm if true; a finding may say otherwise for its case.
    pub severity: Severity,
    /// Likelihood that it is true.
    pub confidence: Confidence,
    /// The kinds of policy that it knows; the others are not shown to it.
    pub kinds: &'static [PolicyKind],
    /// Why it matters, in a sentence or two, with full stops.
    pub about: &'static str,
    /// The page that says so, as `IAM User Guide, "Title of the page"`.
    pub source: &'static str,
    /// What other tools call it.
    pub cross: &'static [(Tool, &'static str)],
    /// How it looks.
    pub run: Run,
    /// Policies on which it fires.
    pub fires_on: &'static [Example],
    /// Policies on which it does not, near ones first.
    pub quiet_on: &'static [Example],
}

/// How a check looks at a policy.
#[derive(Clone, Copy)]
pub enum Run {
    /// At the whole document.
    Document(fn(&Input<'_>, &mut Found<'_>)),
    /// At each statement that could be read.
    Statement(fn(&Input<'_>, &StatementView<'_>, &mut Found<'_>)),
    /// At a text that is no document.
    Unread(fn(&Unread, &mut Found<'_>)),
}

/// Tools whose checks ours answer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tool {
    /// IAM Access Analyzer, `ValidatePolicy`.
    AccessAnalyzer,
    /// parliament.
    Parliament,
    /// cloudsplaining.
    Cloudsplaining,
}

impl Tool {
    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Tool::AccessAnalyzer => "access-analyzer",
            Tool::Parliament => "parliament",
            Tool::Cloudsplaining => "cloudsplaining",
        }
    }
}

/// A policy that proves a check.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What kind of policy it is.
    pub kind: PolicyKind,
    /// What the text is.
    pub form: Form,
    /// The text.
    pub text: &'static str,
    /// For one that fires: the text that a finding stands at, when it is to be proved.
    pub at: Option<&'static str>,
}

/// What the text of an [`Example`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The members of the only statement of a document.
    Statement,
    /// A document.
    Document,
    /// A file with policies in it ([`crate::locate`]), which tells their kinds itself.
    File,
}

impl Example {
    /// A file with policies in it, such as a template.
    pub const fn file(text: &'static str) -> Self {
        Self { kind: PolicyKind::Identity, form: Form::File, text, at: None }
    }

    /// A whole document, as it would be given.
    pub const fn document(kind: PolicyKind, text: &'static str) -> Self {
        Self { kind, form: Form::Document, text, at: None }
    }

    /// The members of one statement, without braces, in a document with the newest `Version`.
    pub const fn statement(kind: PolicyKind, text: &'static str) -> Self {
        Self { kind, form: Form::Statement, text, at: None }
    }

    /// [`Example::statement`] of an identity policy.
    pub const fn identity(text: &'static str) -> Self {
        Self::statement(PolicyKind::Identity, text)
    }

    /// [`Example::statement`] of a resource policy.
    pub const fn resource(text: &'static str) -> Self {
        Self::statement(PolicyKind::Resource, text)
    }

    /// [`Example::statement`] of a trust policy.
    pub const fn trust(text: &'static str) -> Self {
        Self::statement(PolicyKind::Trust, text)
    }

    /// [`Example::statement`] of an SCP.
    pub const fn scp(text: &'static str) -> Self {
        Self::statement(PolicyKind::Scp, text)
    }

    /// [`Example::statement`] of an RCP.
    pub const fn rcp(text: &'static str) -> Self {
        Self::statement(PolicyKind::Rcp, text)
    }

    /// The same, to be found at exactly this text.
    #[must_use]
    pub const fn at(self, text: &'static str) -> Self {
        Self { at: Some(text), ..self }
    }

    /// The text of the whole document or file.
    pub fn policy(&self) -> String {
        match self.form {
            Form::Statement => {
                format!(r#"{{"Version":"2012-10-17","Statement":[{{{}}}]}}"#, self.text)
            }
            Form::Document | Form::File => self.text.to_owned(),
        }
    }

    /// What lint says of it.
    pub fn findings(&self) -> Vec<LintFinding> {
        let text = self.policy();
        match self.form {
            Form::Statement | Form::Document => super::lint(&text, Some(self.kind)),
            Form::File => {
                let located = locate(&text);
                located.iter().flat_map(|one| super::lint_located(one, &text, None)).collect()
            }
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Check {}
