//! What the page shows, as plain text ready to be escaped.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_catalogue::{Entry, Heading};
use trailwarden_model::finding::{Kind, Status};
use trailwarden_model::{Finding, Outcome, Summary, escape};

use super::effect::{EffectView, moves};
use super::prose::Prose;
use crate::formats::{Style, authorized, learn, text};
use crate::site::markdown::{self, NoLinks};

/// Ten thousand findings with a hundred records each would be a page that no browser opens; the
/// other formats list them all.
const EVIDENCE_SHOWN: usize = 25;

/// The count of one severity, which is also its filter.
pub(super) struct Tile {
    pub(super) severity: &'static str,
    pub(super) count: String,
    pub(super) is_empty: bool,
}

/// A tile for each severity, most severe first.
pub(super) fn tiles(findings: &[Finding]) -> Vec<Tile> {
    text::tally(findings)
        .into_iter()
        .map(|(severity, number)| Tile {
            severity: severity.as_str(),
            count: text::count(number),
            is_empty: number == 0,
        })
        .collect()
}

/// One finding.
pub(super) struct FindingView {
    pub(super) id: String,
    pub(super) rule: String,
    pub(super) kind: String,
    pub(super) account: String,
    pub(super) severity: &'static str,
    pub(super) status: Option<&'static str>,
    /// Where it stands, in any case.
    pub(super) stands: String,
    pub(super) outcome: Option<&'static str>,
    pub(super) title: String,
    pub(super) when: String,
    pub(super) actor: Option<String>,
    pub(super) target: Option<String>,
    pub(super) explanation: Prose,
    pub(super) risk: String,
    pub(super) facts: Vec<Fact>,
    pub(super) evidence: Vec<EvidenceView>,
    pub(super) evidence_more: Option<String>,
    pub(super) effect: Option<EffectView>,
    /// Whose grade changed, and how.
    pub(super) moves: Option<String>,
    pub(super) attack: Vec<AttackView>,
    pub(super) false_positives: Vec<String>,
    pub(super) remediation: Vec<String>,
    /// What to type to read on.
    pub(super) learn: Vec<String>,
    /// Its events, whose entries stand once on the page.
    pub(super) events: Vec<EventLink>,
}

/// An event, and where on the page it is told what it is.
pub(super) struct EventLink {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) anchor: String,
}

impl EventLink {
    fn of(entry: &'static Entry) -> Self {
        let anchor = format!("about-{}", entry.name.replace(':', "-"));
        Self { name: entry.name, title: &entry.header.title, anchor }
    }
}

/// What an event is: the beginning of its entry, as HTML that we made of our own text.
pub(super) struct AboutView {
    pub(super) event: EventLink,
    pub(super) parts: Vec<(&'static str, String)>,
}

impl AboutView {
    fn of(entry: &'static Entry) -> Self {
        let part = |heading: Heading| {
            let text = entry.section(heading)?;
            Some((heading.as_str(), markdown::render(text, &NoLinks).html))
        };
        Self {
            event: EventLink::of(entry),
            parts: learn::PARTS.into_iter().filter_map(part).collect(),
        }
    }
}

/// What the events of all findings are, each once, by name.
pub(super) fn about(findings: &[Finding]) -> Vec<AboutView> {
    let entries = findings.iter().flat_map(learn::entries);
    let by_name: BTreeMap<&str, &'static Entry> =
        entries.map(|entry| (entry.name, entry)).collect();
    by_name.into_values().map(AboutView::of).collect()
}

/// A part of a finding under its name; identifiers are set as code.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) is_code: bool,
}

/// One record of the evidence.
pub(super) struct EvidenceView {
    pub(super) time: String,
    pub(super) name: String,
    pub(super) source: String,
    pub(super) id: String,
    pub(super) place: String,
}

/// An ATT&CK reference, linked when its id has the shape of one.
pub(super) struct AttackView {
    pub(super) label: String,
    pub(super) link: Option<String>,
}

impl FindingView {
    pub(super) fn of(finding: &Finding, style: &Style) -> Self {
        let shown = finding.evidence.len().min(EVIDENCE_SHOWN) as u64;
        let more = finding.evidence_total.saturating_sub(shown);
        Self {
            id: visible(&finding.id),
            rule: visible(&finding.rule),
            kind: finding.kind.as_str().to_owned(),
            account: finding.account.as_deref().map_or_else(|| "unknown".to_owned(), visible),
            severity: finding.severity.as_str(),
            stands: finding.status.as_str().to_owned(),
            status: (finding.status != Status::Open).then(|| finding.status.as_str()),
            outcome: finding
                .outcome
                .filter(|outcome| *outcome != Outcome::Succeeded)
                .map(Outcome::as_str),
            title: visible(&finding.title),
            when: text::period(finding.first_time, finding.last_time, style),
            actor: text::actor(finding),
            target: text::target(finding),
            explanation: Prose::of(&finding.explanation),
            risk: visible(&finding.risk),
            facts: facts(finding),
            evidence: finding
                .evidence
                .iter()
                .take(EVIDENCE_SHOWN)
                .map(|record| EvidenceView {
                    time: record.event_time.display_in(&style.zone),
                    name: visible(&record.event_name),
                    source: visible(&record.event_source),
                    id: visible(&record.event_id),
                    place: format!("{}, record {}", visible(&record.file), record.record),
                })
                .collect(),
            evidence_more: (more > 0).then(|| text::counted(more, "record")),
            effect: finding.effect.as_ref().map(EffectView::of),
            moves: finding.effect.as_ref().and_then(moves),
            attack: finding
                .attack
                .iter()
                .map(|attack| AttackView {
                    label: visible(&format!("{} {}", attack.technique, attack.tactic)),
                    link: attack_link(&attack.technique),
                })
                .collect(),
            false_positives: finding.false_positives.iter().map(|text| visible(text)).collect(),
            remediation: finding.remediation.iter().map(|text| visible(text)).collect(),
            learn: learn::commands(finding).iter().map(|text| visible(text)).collect(),
            events: learn::entries(finding).into_iter().map(EventLink::of).collect(),
        }
    }
}

/// The parts of actor and target that identify them beyond doubt, and where the finding stands.
fn facts(finding: &Finding) -> Vec<Fact> {
    let (actor, target) = (&finding.actor, &finding.target);
    let known = [
        ("Actor ARN", &actor.arn),
        ("Actor id", &actor.id),
        ("Session", &actor.session),
        ("Access key", &actor.access_key),
        ("Address", &actor.address),
        ("Target ARN", &target.arn),
        ("Target id", &target.id),
        ("Target key", &target.access_key),
        ("Target account", &target.account),
        ("Region", &finding.region),
    ];
    let code = |name, value: &str| Fact { name, value: visible(value), is_code: true };
    let words = |name, value: &str| Fact { name, value: visible(value), is_code: false };
    let mut facts: Vec<Fact> =
        known.into_iter().filter_map(|(name, value)| Some(code(name, value.as_deref()?))).collect();
    facts.extend(authorized::authorization(finding).map(|verdict| words("Authorized", &verdict)));
    if !finding.supersedes.is_empty() {
        facts.push(code("Supersedes", &finding.supersedes.join(", ")));
    }
    let rule = match finding.kind {
        Kind::Sigma => "Sigma rule",
        _ => "Rule",
    };
    facts.push(code(rule, &finding.rule));
    facts.push(words("Confidence", finding.confidence.as_str()));
    facts.push(code("Finding", &finding.id));
    facts
}

/// The page of a technique, such as `T1098.003`; a Sigma rule may hold anything else.
fn attack_link(technique: &str) -> Option<String> {
    let (parent, sub) = technique.split_once('.').map_or((technique, None), |(p, s)| (p, Some(s)));
    let digits =
        |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(parent.strip_prefix('T')?, 4) {
        return None;
    }
    match sub {
        None => Some(format!("https://attack.mitre.org/techniques/{parent}/")),
        Some(sub) if digits(sub, 3) => {
            Some(format!("https://attack.mitre.org/techniques/{parent}/{sub}/"))
        }
        Some(_) => None,
    }
}

/// Detections that were off for one reason.
pub(super) struct Off {
    pub(super) reason: String,
    pub(super) rules: String,
}

/// Detections that were off, gathered by reason.
pub(super) fn off(summary: &Summary) -> Vec<Off> {
    text::off_by_reason(summary)
        .into_iter()
        .map(|(reason, rules)| Off { reason: reason.into_owned(), rules: rules.join(", ") })
        .collect()
}

/// The distinct values of a part, for a filter.
pub(super) fn choices(findings: &[FindingView], part: fn(&FindingView) -> &String) -> Vec<String> {
    findings.iter().map(part).collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

pub(super) fn visible(text: &str) -> String {
    escape::visible(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_technique_ids_become_links() {
        let link = attack_link("T1098.001").unwrap();
        assert_eq!(link, "https://attack.mitre.org/techniques/T1098/001/");
        assert!(attack_link("T1078").is_some());
        for text in ["T10780", "javascript:alert(1)", "T1078.x", "T1078.001/../..", ""] {
            assert_eq!(attack_link(text), None, "{text}");
        }
    }
}
