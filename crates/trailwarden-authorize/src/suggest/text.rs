//! A suggestion as Cedar, with what a reviewer needs to know above each permit.
//!
//! Names that reach the code were let in by `is_plain` alone; what stands in comments is escaped, so that
//! a stranger's text ends no line.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use trailwarden_model::escape::{shorten, visible};

use super::{Bound, Entry, Left, OfDoer, Permit, Place, Seen, Suggestion, cluster};
use crate::asked::severity_rank;

/// Longer texts of strangers are cut in comments.
const TEXT_MAX: usize = 120;
/// Columns of the text.
const WIDTH: usize = 100;

/// The policies.
#[must_use]
pub fn policies(suggestion: &Suggestion) -> String {
    let mut out = String::new();
    note(
        &mut out,
        "Permits proposed from observed changes. Read each one before you use it: it says what was done, not what should be.",
    );
    let Suggestion { total, covered, permits, .. } = suggestion;
    let span = suggestion.span.map(|(first, last)| format!(" from {first} to {last}"));
    note(
        &mut out,
        &format!(
            "Of {}{}, {covered} {} covered by {}.",
            counted(*total, "change"),
            span.unwrap_or_default(),
            are(*covered),
            counted(permits.len() as u64, "permit")
        ),
    );
    for doer in &suggestion.doers {
        head(&mut out, doer);
        for permit in permits.iter().filter(|permit| permit.doer.arn == doer.arn) {
            out.push('\n');
            one(&mut out, permit);
        }
    }
    let named: BTreeSet<&str> = suggestion.doers.iter().map(|doer| doer.arn.as_str()).collect();
    if named.is_empty() {
        note(&mut out, "Nothing was seen often enough to propose anything.");
    }
    out
}

/// The file of teams, owners and protected things, with nothing in it yet.
#[must_use]
pub fn entities() -> &'static str {
    "# Teams, owners and what is protected: policies may ask for them. Nothing is set yet.\n\
     #\n\
     # [teams.platform]\n\
     # members = [\"arn:aws:iam::111122223333:role/ci/deploy\"]\n\
     #\n\
     # [owners.\"arn:aws:iam::111122223333:role/app/*\"]\n\
     # team = \"platform\"\n\
     #\n\
     # [[protected]]\n\
     # arn = \"arn:aws:cloudtrail:*:111122223333:trail/*\"\n"
}

fn head(out: &mut String, doer: &OfDoer) {
    let OfDoer { arn, total, covered, span: (first, last), left } = doer;
    let _ = write!(out, "\n// ----\n");
    note(
        out,
        &format!(
            "{arn}: {covered} of its {} from {first} to {last} {} covered below.",
            counted(*total, "change"),
            are(*covered)
        ),
    );
    if left.is_empty() {
        return;
    }
    note(out, "Still not excused, with the gravest of each:");
    for Left { why, count, gravest } in left {
        note(out, &format!("- {count} that {}", why.told(*count)));
        for seen in gravest {
            note(out, &format!("    {}", shown(seen)));
        }
    }
}

/// A change in a line.
#[must_use]
pub fn shown(seen: &Seen) -> String {
    let safe = |text: &str| shorten(&visible(text), TEXT_MAX).into_owned();
    let grade = seen.grade.map(|grade| format!(", grade {}", grade.as_str()));
    let severity = seen.severity.map(|severity| format!(", {}", severity.as_str()));
    format!(
        "{} {} on {}{}{}, event {}",
        seen.time,
        safe(&seen.action),
        safe(&seen.target),
        grade.unwrap_or_default(),
        severity.unwrap_or_default(),
        safe(&seen.event_id)
    )
}

/// `1 change` or `2 changes`.
#[must_use]
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `is` of one, else `are`.
#[must_use]
pub fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// A paragraph of comment.
fn note(out: &mut String, text: &str) {
    let text = visible(text);
    let indent = text.len() - text.trim_start().len();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent + line.len() + word.len() + 4 > WIDTH {
            let _ = writeln!(out, "// {}{line}", " ".repeat(indent));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "// {}{line}", " ".repeat(indent));
}

fn one(out: &mut String, permit: &Permit) {
    let Permit { doer, seen, on, .. } = permit;
    let targets = counted(seen.targets.len() as u64, "target");
    let span = seen.span.map(|(first, last)| format!(", {first} to {last}"));
    note(
        out,
        &format!(
            "Covers {} on {targets}{}; for example:",
            counted(seen.count, "change"),
            span.unwrap_or_default()
        ),
    );
    for example in &seen.examples {
        note(out, &format!("    {}", shown(example)));
    }
    if on.place == Place::Anywhere {
        note(
            out,
            "The targets share no path and no beginning of a name: it holds for all of this kind.",
        );
    }
    if permit.is_for_whoever_enters() {
        note(
            out,
            "The logs do not show who entered this role, so this permits whoever can enter it. Read its trust policy first.",
        );
    }
    let kind = cluster::entity(&doer.kind).unwrap_or_default();
    let _ = writeln!(out, "@id(\"{}\")\npermit (", permit.id);
    let _ = writeln!(out, "    principal == {kind}::\"{}\",", doer.arn);
    match permit.actions.iter().collect::<Vec<_>>().as_slice() {
        [action] => {
            let _ = writeln!(out, "    action == Action::\"{action}\",");
        }
        actions => {
            let _ = writeln!(out, "    action in [");
            for action in actions {
                let _ = writeln!(out, "        Action::\"{action}\",");
            }
            // Cedar takes no comma behind the last.
            out.truncate(out.len() - 2);
            let _ = writeln!(out, "\n    ],");
        }
    }
    let _ = writeln!(out, "    resource is {}\n)", cluster::entity(&on.kind).unwrap_or_default());
    for clause in clauses(permit) {
        let _ = writeln!(out, "when {{\n    {}\n}}", clause.join(" &&\n    "));
    }
    out.truncate(out.len() - 1);
    out.push_str(";\n");
}

/// The conditions, each clause on its own.
fn clauses(permit: &Permit) -> Vec<Vec<String>> {
    let mut clauses = vec![entrance(permit)];
    let place = match &permit.on.place {
        Place::Below(path) => {
            vec!["resource has path".into(), format!("resource.path like \"{path}*\"")]
        }
        Place::Named(name) => {
            vec!["resource has name".into(), format!("resource.name == \"{name}\"")]
        }
        Place::Beginning(prefix) => {
            vec!["resource has name".into(), format!("resource.name like \"{prefix}*\"")]
        }
        Place::Anywhere => Vec::new(),
    };
    clauses.push(place);
    clauses.push(bound(&permit.bound));
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

fn entrance(permit: &Permit) -> Vec<String> {
    let mut parts = Vec::new();
    let mut providers = BTreeSet::new();
    let mut subjects = BTreeSet::new();
    for entry in &permit.entries {
        match entry {
            // To ask that nobody be known would ask for what is not known.
            Entry::Unknown if permit.is_for_whoever_enters() => {}
            Entry::Unknown => parts.push("!(context has behind)".to_owned()),
            Entry::Pipeline { provider, subject } => {
                providers.insert(provider.as_str());
                subjects.insert(subject.as_str());
            }
            Entry::Other { kind, name } => {
                let attribute = if name.starts_with("arn:") { "arn" } else { "name" };
                parts.extend([
                    "context has behind".to_owned(),
                    format!("context.behind.kind == \"{kind}\""),
                    format!("context.behind has {attribute}"),
                    format!("context.behind.{attribute} == \"{name}\""),
                ]);
            }
        }
    }
    if !providers.is_empty() {
        parts.extend([
            "context has behind".to_owned(),
            "context.behind has provider".to_owned(),
            among("context.behind.provider", &providers),
            "context.behind has subject".to_owned(),
            among("context.behind.subject", &subjects),
        ]);
    }
    match &permit.via {
        Some(via) => {
            parts.extend(["context has via".to_owned(), format!("context.via == \"{via}\"")])
        }
        None => parts.push("!(context has via)".to_owned()),
    }
    if let Some(sources) = &permit.sources {
        let sources = sources.iter().map(String::as_str).collect();
        parts.extend(["context has source".to_owned(), among("context.source", &sources)]);
    }
    if !permit.is_of_person {
        parts.push("!context.from_console".to_owned());
    }
    parts
}

fn among(attribute: &str, values: &BTreeSet<&str>) -> String {
    match values.iter().collect::<Vec<_>>().as_slice() {
        [value] => format!("{attribute} == \"{value}\""),
        values => {
            let listed: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
            format!("[{}].contains({attribute})", listed.join(", "))
        }
    }
}

fn bound(bound: &Bound) -> Vec<String> {
    let mut parts = vec!["!context.denied".to_owned(), "context has effect".to_owned()];
    let severity = severity_rank(bound.severity);
    match bound.grade {
        None => parts.push("!context.effect.moved".to_owned()),
        Some(grade) => {
            let rank = grade.rank();
            let at_most = format!("context.effect.grade_after_rank <= {rank}");
            parts.push(match bound.keeps {
                false => at_most,
                true => format!("(!context.effect.moved || {at_most})"),
            });
        }
    }
    parts.push(format!("context.effect.severity_rank <= {severity}"));
    parts.extend(
        [
            "context.effect.paths_opened.isEmpty()",
            "!context.effect.self_change",
            "!context.effect.crosses_account",
            "!context.effect.public",
        ]
        .map(str::to_owned),
    );
    if bound.boundary {
        parts.push("context.effect has within_boundary".to_owned());
        parts.push("context.effect.within_boundary".to_owned());
    }
    parts
}
