//! What a rule says about itself.

use std::collections::BTreeSet;

use rsigma_parser::{CorrelationRule, Detection, Level, SigmaRule, SigmaValue, Status};
use trailwarden_model::attack::Attack;
use trailwarden_model::{Confidence, Severity};

use super::compile::items;
use super::document::{Body, Document};
use super::expression::{Expression, Matcher, Wanted};

/// A rule as users see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleInfo {
    /// Its id; else its name; else made from its title.
    pub id: String,
    /// Its name, by which correlations may refer to it.
    pub name: Option<String>,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: RuleKind,
    /// From `level`; medium when it has none.
    pub severity: Severity,
    /// From `status`: stable, test, or less.
    pub confidence: Confidence,
    /// ATT&CK techniques from its tags.
    pub attack: Vec<Attack>,
    /// ATT&CK tactics from its tags, such as `Initial Access`.
    pub tactics: Vec<String>,
    /// Its description.
    pub risk: String,
    /// Known harmless causes.
    pub false_positives: Vec<String>,
    /// Where more is written.
    pub references: Vec<String>,
    /// The file it came from.
    pub file: String,
    /// Its line in the file.
    pub line: u32,
    /// The service of its logsource.
    pub service: Option<String>,
    /// The fields it looks at.
    pub fields: Vec<String>,
    /// The event names it selects on, where it writes them out, as it writes them.
    pub event_names: Vec<String>,
    /// The event sources it selects on, likewise.
    pub event_sources: Vec<String>,
    /// Ids or names of the rules that a correlation or a filter refers to.
    pub rules: Vec<String>,
    /// Whether its matches are findings; a rule that only feeds a correlation has none.
    pub generates: bool,
}

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RuleKind {
    /// Judges one record.
    Rule,
    /// Judges many.
    Correlation,
    /// Narrows other rules.
    Filter,
}

/// The description of a loaded document.
pub(crate) fn info(
    document: &Document,
    expression: Option<&Expression>,
    generates: bool,
) -> RuleInfo {
    let mut info = match &document.body {
        Body::Rule(rule) => of_rule(rule),
        Body::Correlation(rule) => of_correlation(rule),
        Body::Filter(rule) => {
            let mut info = blank(RuleKind::Filter, &rule.title, &rule.tags);
            info.risk = rule.description.clone().unwrap_or_default();
            if let rsigma_parser::FilterRuleTarget::Specific(rules) = &rule.rules {
                info.rules.clone_from(rules);
            }
            info
        }
    };
    let body = &document.body;
    info.name = body.name().map(str::to_owned);
    if let Some(id) = body.id().or(body.name()) {
        id.clone_into(&mut info.id);
    }
    info.file.clone_from(&document.file);
    info.line = document.line;
    info.generates = generates && info.kind != RuleKind::Filter;
    info.fields = expression.map(fields).unwrap_or_default();
    info
}

/// Gives correlations and filters what their rules have: events and fields.
pub(crate) fn complete(infos: &mut [RuleInfo]) {
    // Chains are short; each round completes one more link.
    for _ in 0..infos.len().min(16) {
        let snapshot = infos.to_vec();
        for info in infos.iter_mut().filter(|info| info.kind == RuleKind::Correlation) {
            for rule in snapshot.iter().filter(|rule| {
                info.rules.iter().any(|name| *name == rule.id || Some(name) == rule.name.as_ref())
            }) {
                merge(&mut info.event_names, &rule.event_names);
                merge(&mut info.event_sources, &rule.event_sources);
                merge(&mut info.fields, &rule.fields);
            }
        }
        if snapshot == *infos {
            return;
        }
    }
}

fn merge(into: &mut Vec<String>, from: &[String]) {
    let all: BTreeSet<String> = into.drain(..).chain(from.iter().cloned()).collect();
    into.extend(all);
}

fn of_rule(rule: &SigmaRule) -> RuleInfo {
    let mut info = blank(RuleKind::Rule, &rule.title, &rule.tags);
    info.severity = severity(rule.level);
    info.confidence = confidence(rule.status);
    info.risk = rule.description.clone().unwrap_or_default().trim().to_owned();
    info.false_positives.clone_from(&rule.falsepositives);
    info.references.clone_from(&rule.references);
    info.service.clone_from(&rule.logsource.service);
    for detection in rule.detection.named.values() {
        merge(&mut info.event_names, &literals(detection, "eventName"));
        merge(&mut info.event_sources, &literals(detection, "eventSource"));
    }
    info
}

fn of_correlation(rule: &CorrelationRule) -> RuleInfo {
    let mut info = blank(RuleKind::Correlation, &rule.title, &rule.tags);
    info.severity = severity(rule.level);
    info.confidence = confidence(rule.status);
    info.risk = rule.description.clone().unwrap_or_default().trim().to_owned();
    info.false_positives.clone_from(&rule.falsepositives);
    info.references.clone_from(&rule.references);
    info.rules.clone_from(&rule.rules);
    info
}

fn blank(kind: RuleKind, title: &str, tags: &[String]) -> RuleInfo {
    RuleInfo {
        id: slug(title),
        name: None,
        title: title.to_owned(),
        kind,
        severity: Severity::Medium,
        confidence: Confidence::Low,
        attack: attack(tags),
        tactics: tactics(tags),
        risk: String::new(),
        false_positives: Vec::new(),
        references: Vec::new(),
        file: String::new(),
        line: 0,
        service: None,
        fields: Vec::new(),
        event_names: Vec::new(),
        event_sources: Vec::new(),
        rules: Vec::new(),
        generates: true,
    }
}

fn slug(title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

fn severity(level: Option<Level>) -> Severity {
    match level {
        Some(Level::Informational) => Severity::Info,
        Some(Level::Low) => Severity::Low,
        Some(Level::Medium) | None => Severity::Medium,
        Some(Level::High) => Severity::High,
        Some(Level::Critical) => Severity::Critical,
    }
}

fn confidence(status: Option<Status>) -> Confidence {
    match status {
        Some(Status::Stable) => Confidence::High,
        Some(Status::Test) => Confidence::Medium,
        Some(Status::Experimental | Status::Deprecated | Status::Unsupported) | None => {
            Confidence::Low
        }
    }
}

/// `attack.t1078.004` becomes a technique; where our table has no tactic for it, the first tactic
/// among the tags stands in.
fn attack(tags: &[String]) -> Vec<Attack> {
    let tactic = tactics(tags).into_iter().next();
    tags.iter()
        .filter_map(|tag| tag.strip_prefix("attack.").filter(|tag| is_technique(tag)))
        .map(|tag| {
            let mut attack = Attack::of(&tag.to_uppercase());
            if attack.tactic == "Unknown"
                && let Some(tactic) = &tactic
            {
                attack.tactic.clone_from(tactic);
            }
            attack
        })
        .collect()
}

fn tactics(tags: &[String]) -> Vec<String> {
    tags.iter()
        .filter_map(|tag| tag.strip_prefix("attack."))
        .filter(|tag| {
            !is_technique(tag) && tag.chars().all(|c| c.is_alphabetic() || c == '-' || c == '_')
        })
        .map(title_case)
        .collect()
}

/// `t1078`, not `ta0001` or `s0002`.
fn is_technique(tag: &str) -> bool {
    tag.strip_prefix(['t', 'T']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn title_case(tag: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    let words: Vec<String> = tag.split(['-', '_']).map(word).collect();
    words.join(" ")
}

fn fields(expression: &Expression) -> Vec<String> {
    let mut found = Vec::new();
    items(expression, &mut found);
    let mut names = BTreeSet::new();
    for item in found {
        names.extend(item.field.iter().map(|field| field.path().to_owned()));
        references(&item.wanted, &mut names);
    }
    names.into_iter().collect()
}

fn references(wanted: &Wanted, names: &mut BTreeSet<String>) {
    let mut each = |matchers: &[Matcher]| {
        names.extend(matchers.iter().filter_map(|matcher| match matcher {
            Matcher::Reference { field, .. } => Some(field.path().to_owned()),
            _ => None,
        }));
    };
    match wanted {
        Wanted::Exists(_) => {}
        Wanted::AnyOf(matchers) => each(matchers),
        Wanted::AllOf(values) => values.iter().for_each(|forms| each(forms)),
        Wanted::Differs(wanted) => references(wanted, names),
    }
}

/// Values of a field that are written out, case kept.
fn literals(detection: &Detection, field: &str) -> Vec<String> {
    match detection {
        Detection::AllOf(items) => items
            .iter()
            .filter(|item| item.field.name.as_deref() == Some(field))
            .filter(|item| item.field.modifiers.is_empty())
            .flat_map(|item| &item.values)
            .filter_map(|value| match value {
                SigmaValue::String(text) => text.as_plain(),
                _ => None,
            })
            .collect(),
        Detection::AnyOf(parts) | Detection::And(parts) => {
            parts.iter().flat_map(|part| literals(part, field)).collect()
        }
        Detection::Keywords(_) | Detection::ArrayMatch { .. } | Detection::Conditional { .. } => {
            Vec::new()
        }
    }
}
