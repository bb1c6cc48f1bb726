//! Which ATT&CK techniques and which IAM events the detections and rules cover.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Serialize;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::select::covers;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::attack::{self, Attack};
use trailwarden_model::escape::visible;
use trailwarden_record::call::Change;
use trailwarden_record::events as calls;
use trailwarden_record::row::Action;

use super::print_json;
use crate::cli::to_stdout;

#[derive(Serialize)]
struct Coverage {
    attack_version: &'static str,
    techniques: BTreeMap<String, Technique>,
    /// Events that a rule names.
    events: BTreeMap<String, Vec<String>>,
    /// Events that no rule names, but that a pattern such as `iam:Update*` takes in: seen, and perhaps
    /// not judged.
    events_by_pattern: BTreeMap<String, Vec<String>>,
    /// Events that neither names nor takes in.
    uncovered_events: Vec<String>,
}

#[derive(Serialize)]
struct Technique {
    tactic: String,
    rules: BTreeSet<String>,
}

/// Prints it, as text or JSON.
pub(super) fn print(set: &RuleSet, json: bool) -> anyhow::Result<()> {
    let covered = covered(set);
    if json {
        return print_json(&covered);
    }
    to_stdout(|out| {
        writeln!(out, "ATT&CK {} techniques\n", covered.attack_version)?;
        for (id, technique) in &covered.techniques {
            let rules: Vec<_> = technique.rules.iter().map(|rule| visible(rule)).collect();
            writeln!(out, "{id:<10}  {:<20}  {}", technique.tactic, rules.join(", "))?;
        }
        writeln!(out, "\nIAM events that change something, and the rules that name them\n")?;
        events(out, &covered.events)?;
        writeln!(out, "\nEvents that no rule names, and the rules whose patterns take them in\n")?;
        events(out, &covered.events_by_pattern)?;
        writeln!(
            out,
            "\n{} events named, {} more taken in by patterns, {} neither: {}",
            covered.events.len(),
            covered.events_by_pattern.len(),
            covered.uncovered_events.len(),
            covered.uncovered_events.join(", ")
        )
    })?;
    Ok(())
}

fn events(out: &mut dyn io::Write, by_event: &BTreeMap<String, Vec<String>>) -> io::Result<()> {
    for (event, rules) in by_event {
        let rules: Vec<_> = rules.iter().map(|rule| visible(rule)).collect();
        writeln!(out, "{event:<48}  {}", rules.join(", "))?;
    }
    Ok(())
}

fn covered(set: &RuleSet) -> Coverage {
    let mut techniques: BTreeMap<String, Technique> = BTreeMap::new();
    let mut add = |attack: Attack, rule: &str| {
        let technique = techniques
            .entry(attack.technique)
            .or_insert_with(|| Technique { tactic: attack.tactic, rules: BTreeSet::new() });
        technique.rules.insert(rule.to_owned());
    };
    for detection in ALL {
        for technique in detection.attack {
            add(Attack::of(technique), detection.id);
        }
    }
    for info in set.rules() {
        for attack in &info.attack {
            add(attack.clone(), &info.id);
        }
    }
    let mut by_event: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut by_pattern: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut uncovered = Vec::new();
    for call in
        calls::ALL.iter().filter(|call| call.service == "iam" && call.change != Change::Uses)
    {
        let name = format!("{}:{}", call.service, call.name);
        let naming = naming(call.name, &name, set);
        let taking = taking_in(call.service, call.name);
        if !naming.is_empty() {
            by_event.insert(name, naming);
        } else if !taking.is_empty() {
            by_pattern.insert(name, taking);
        } else {
            uncovered.push(name);
        }
    }
    Coverage {
        attack_version: attack::VERSION,
        techniques,
        events: by_event,
        events_by_pattern: by_pattern,
        uncovered_events: uncovered,
    }
}

/// The rules that name an event in full.
fn naming(name: &str, action: &str, set: &RuleSet) -> Vec<String> {
    let built_in = ALL
        .iter()
        .filter(|detection| detection.select.events.contains(&action))
        .map(|detection| detection.id.to_owned());
    let sigma = set
        .rules()
        .iter()
        .filter(|info| info.event_names.iter().any(|event| event == name))
        .map(|info| info.id.clone());
    built_in.chain(sigma).collect()
}

/// The detections with a pattern that takes the event in; patterns for all events of a service say
/// nothing about one.
fn taking_in(service: &str, name: &str) -> Vec<String> {
    let action = Action { service: service.to_owned(), name: name.to_owned(), ..Action::default() };
    let takes = |pattern: &str| {
        !pattern.contains('<')
            && !pattern.ends_with(":*")
            && pattern != "*"
            && covers(pattern, &action)
    };
    let taking =
        ALL.iter().filter(|detection| detection.select.events.iter().any(|pattern| takes(pattern)));
    taking.map(|detection| detection.id.to_owned()).collect()
}
