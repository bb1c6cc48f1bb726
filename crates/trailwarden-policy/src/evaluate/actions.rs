//! `Action` and `NotAction`.
//!
//! Text that is no action name, such as two names with a comma between, matches nothing.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Action" and "... NotAction": names do not care
//! about case.

use crate::document::Statement;
use crate::pattern::action_matches;

#[derive(Debug)]
pub(super) struct Actions {
    patterns: Vec<ActionPattern>,
    negated: bool,
}

/// Patterns are in lower case.
#[derive(Debug)]
enum ActionPattern {
    Any,
    Exact(Box<str>),
    Prefix(Box<str>),
    Glob(Box<str>),
}

impl Actions {
    pub(super) fn new(statement: &Statement) -> Self {
        let (written, negated) = match &statement.not_actions {
            Some(excluded) => (excluded, true),
            None => (&statement.actions, false),
        };
        Self { patterns: written.iter().map(|text| ActionPattern::new(text)).collect(), negated }
    }

    pub(super) fn cover(&self, action: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers(action)) != self.negated
    }
}

impl ActionPattern {
    fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let has_wildcard = |text: &str| text.contains(['*', '?']);
        match text.strip_suffix('*') {
            Some("") => ActionPattern::Any,
            Some(prefix) if !has_wildcard(prefix) => ActionPattern::Prefix(prefix.into()),
            _ if has_wildcard(&text) => ActionPattern::Glob(text.into()),
            _ => ActionPattern::Exact(text.into()),
        }
    }

    fn covers(&self, action: &str) -> bool {
        match self {
            ActionPattern::Any => true,
            ActionPattern::Exact(exact) => exact.eq_ignore_ascii_case(action),
            ActionPattern::Prefix(prefix) => {
                let start = action.as_bytes().get(..prefix.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
            }
            ActionPattern::Glob(pattern) => action_matches(pattern, action),
        }
    }
}
