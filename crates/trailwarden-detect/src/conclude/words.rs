//! Sentences, or parts of them, that no detection writes itself.

use trailwarden_record::Event;

use super::{Meta, Sources};
use crate::draft::{Draft, Key, Subject};
use crate::matches::{Match, listed};

/// What stands for `{times}`: nothing, ` (2 times)`, or ` (3 times: PutUserPolicy, AttachUserPolicy)`
/// where one name would hide the others.
pub(super) fn times(draft: &Draft, sources: &Sources<'_>) -> String {
    if draft.total < 2 {
        return String::new();
    }
    let mut names: Vec<String> = Vec::new();
    for row in &draft.evidence {
        let name = sources.actions.get(row.action).name;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let calls = if names.len() > 1 { format!(": {}", listed(&names)) } else { String::new() };
    let others = if draft.actors_differ { ", by more than one principal" } else { "" };
    format!(" ({} times{calls}{others})", draft.total)
}

/// A Sigma rule knows no sentence: what was called, with its own outcome each, has to do.
pub(super) fn sigma_match(
    meta: &Meta,
    draft: &Draft,
    event: Option<&Event>,
    key: &Key,
    sources: &Sources<'_>,
) -> Match {
    let mut calls: Vec<String> = Vec::new();
    for row in &draft.evidence {
        let action = sources.actions.get(row.action);
        // A call beyond the table of calls has no name there.
        let read = event.filter(|_| action.name.is_empty() && calls.is_empty()).map(Event::action);
        let name = read.unwrap_or_else(|| format!("{}:{}", action.service, action.name));
        let call = format!("{name} ({})", row.flags.outcome().as_str());
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    let total = draft.total;
    let (title, listed) = (&meta.title, listed(&calls));
    let text = match (total, key.outcome) {
        (0 | 1, _) => {
            format!("{{actor}} called {listed}, which the Sigma rule \"{title}\" matches.")
        }
        (_, Some(_)) => {
            format!(
                "{{actor}} called {listed}, {total} times in all, which the Sigma rule \"{title}\" matches."
            )
        }
        (_, None) => {
            let others = if draft.actors_differ { " and others" } else { "" };
            format!(
                "{{actor}}{others} made {total} calls that the Sigma rule \"{title}\" joins: {listed}."
            )
        }
    };
    let subject = match &key.subject {
        Subject::Named(name) => name.clone(),
        Subject::Group(group) => format!("{group:016x}"),
    };
    Match::about(event.map(Event::target_party).unwrap_or_default(), text).subject(subject)
}
