//! The pages of coverage: what is written and looked for of each event, and of each technique of ATT&CK.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use trailwarden_catalogue::{Depth, Entry, Kind};
use trailwarden_detect::detections::ALL;
use trailwarden_model::attack::{self, Attack};

use super::docs::MARK;
use crate::cli::explain::attack::{self as techniques, About};
use crate::cli::explain::concerns;

/// What a detection engine for IAM should notice, by our own list.
const LIST: &str = include_str!("../../../../trailwarden-detect/coverage.toml");

/// The page of ATT&CK: the table, then each technique with its detections and events.
pub(super) fn attack() -> String {
    let mut text = format!(
        "# ATT&CK coverage\n\n{MARK}Techniques of ATT&CK Enterprise {}, each with the detections that refer to it and the \
         events of the catalogue with a risk of it. The severity is that of the gravest of both.\n\n| technique | name | \
         tactic | gravest | detections | events |\n|---|---|---|---|---|---|\n",
        attack::VERSION
    );
    let all: Vec<(&str, About)> =
        techniques::all().into_iter().map(|id| (id, About::of(id))).collect();
    let used = all.iter().filter_map(|(id, about)| Some((id, about, about.severity()?)));
    for (id, about, severity) in used.clone() {
        let _ = writeln!(
            text,
            "| [{id}](#{}) | {} | {} | {} | {} | {} |",
            anchor(id),
            techniques::name(id),
            Attack::of(id).tactic,
            severity.as_str(),
            about.detections.len(),
            about.risks.len()
        );
    }
    for (id, about, _) in used {
        let _ = write!(text, "\n## {id}\n\n{}.\n", techniques::name(id));
        let detections: Vec<String> = about
            .detections
            .iter()
            .map(|one| format!("{} ({})", detection(one.id), one.severity.as_str()))
            .collect();
        let events: Vec<String> = about
            .risks
            .iter()
            .map(|(one, risk)| format!("{} ({})", event(one), risk.severity.as_str()))
            .collect();
        let rules: Vec<String> = about.rules.iter().map(|one| format!("`{}`", one.id)).collect();
        for (what, names) in
            [("Detections", detections), ("Events", events), ("Other rules", rules)]
        {
            if !names.is_empty() {
                let _ = write!(text, "\n{what}: {}.\n", names.join(", "));
            }
        }
    }
    text
}

/// Where a heading is found, as Markdown readers name it: small letters, without dots.
fn anchor(id: &str) -> String {
    id.to_lowercase().replace('.', "")
}

fn detection(id: &str) -> String {
    format!("[{id}](detections/{id}.md)")
}

fn event(entry: &Entry) -> String {
    format!("[{}](../../catalogue/{}/{}.md)", entry.name, entry.service(), entry.event())
}

/// The page of events: what is written of each, and which units concern it; then our own list.
pub(super) fn events() -> String {
    let entries = trailwarden_catalogue::all();
    let full = entries.iter().filter(|one| one.header.depth == Depth::Full).count();
    let mut text = format!(
        "# Events and what looks at them\n\n{MARK}{} events are in the catalogue, {full} of them in full. An event \
         without a detection is told by `trailwarden changes`, and by what it does to permissions where it does \
         anything; reads are noticed where many come together.\n\n| event | what it is | entry | gravest risk | \
         detections | remediations |\n|---|---|---|---|---|---|\n",
        entries.len()
    );
    for entry in entries {
        let risk = entry.header.risks.iter().map(|risk| risk.severity).max();
        let detections: Vec<String> =
            concerns::detections(entry).iter().map(|one| detection(one.id)).collect();
        let remedies: Vec<String> =
            concerns::remedies(entry).iter().map(|id| format!("`{id}`")).collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            event(entry),
            kind(entry.header.kind),
            if entry.header.depth == Depth::Full { "full" } else { "short" },
            risk.map_or("none", |severity| severity.as_str()),
            told(&detections),
            told(&remedies)
        );
    }
    list(&mut text);
    text
}

fn told(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => "write",
        Kind::Read => "read",
        Kind::Credentials => "credentials",
        Kind::SignIn => "sign-in",
        Kind::Service => "by AWS",
        Kind::NoCall => "no call",
    }
}

#[derive(Deserialize)]
struct List {
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    tier: String,
    group: String,
}

/// Our own list of what should be noticed, by its groups.
fn list(text: &mut String) {
    // The list is our own, and a test reads it.
    let rows = toml::from_str::<List>(LIST).map(|list| list.row).unwrap_or_default();
    let mut groups: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        groups.entry(&row.group).or_default().push(row);
    }
    let by = |row: &Row| -> Vec<String> {
        let covers = ALL.iter().filter(|one| one.covers.contains(&row.id.as_str()));
        covers.map(|one| detection(one.id)).collect()
    };
    let covered = rows.iter().filter(|row| !by(row).is_empty()).count();
    let _ = write!(
        text,
        "\n## What should be noticed\n\nOur own list of what a detection engine for IAM should notice: {} rows, {covered} of \
         them covered by a detection. P0 comes first.\n",
        rows.len()
    );
    for (group, rows) in groups {
        let _ =
            write!(text, "\n### {}\n\n| row | tier | detections |\n|---|---|---|\n", title(group));
        for row in rows {
            let _ = writeln!(text, "| `{}` | {} | {} |", row.id, row.tier, told(&by(row)));
        }
    }
}

/// A group as a heading.
fn title(group: &str) -> String {
    let mut letters = group.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_and_every_row_has_a_line() {
        let page = events();
        for entry in trailwarden_catalogue::all() {
            assert!(page.contains(&format!("| [{}](", entry.name)), "{}", entry.name);
        }
        let rows = toml::from_str::<List>(LIST).unwrap().row;
        assert!(rows.len() > 100);
        assert!(rows.iter().all(|row| page.contains(&format!("| `{}` | {} |", row.id, row.tier))));
    }

    #[test]
    fn attack_lists_detections_and_events() {
        let page = attack();
        let part =
            page.split("\n## T1098.003\n").nth(1).and_then(|rest| rest.split("\n## ").next());
        let part = part.unwrap();
        assert!(part.contains(
            "[own-permissions-widened](detections/own-permissions-widened.md) (critical)"
        ));
        assert!(
            part.contains("[iam:PutGroupPolicy](../../catalogue/iam/PutGroupPolicy.md) (critical)")
        );
    }
}
