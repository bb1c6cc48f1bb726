//! The decision for a person, and for a program.

use std::io;

use anstyle::AnsiColor;
use serde::Serialize;
use trailwarden_model::escape;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::{Answer, Case, Decisive, decide};
use trailwarden_policy::document::{Effect, Statement};
use trailwarden_policy::evaluate::{Deciding, Layer, Outcome};
use trailwarden_policy::facts::facts;
use trailwarden_policy::pattern::resource_matches;

use super::request::{Given, Simulated};
use crate::cli::policy::kind_in_words;
use crate::cli::policy::page::{BOLD, DIM, Page};
use crate::cli::policy::source::Policy;
use crate::cli::{Colour, to_stdout};
use crate::formats::write_pretty;

/// Statements of a layer that come near, as far as they are shown.
const NEAR_MAX: usize = 3;
/// Characters of a statement that are shown.
const STATEMENT_CHARS_MAX: usize = 320;

/// One thing to say.
struct Line {
    label: &'static str,
    text: String,
    /// A statement, word for word.
    quote: Option<String>,
}

#[derive(Serialize)]
struct Wire<'a> {
    #[serde(flatten)]
    answer: Answer,
    /// Statements that would allow, but not in spite of what blocks.
    overruled: Vec<Decisive>,
    /// Keys that were taken as absent, and that would leave the answer open if they were not.
    absent_context: &'a [String],
    /// Keys that were taken from the principal.
    derived_context: Vec<&'static str>,
    explanation: Vec<String>,
}

/// Prints the decision.
pub(super) fn print(simulated: &Simulated, is_json: bool, colour: Colour) -> io::Result<()> {
    let lines = lines(simulated);
    if !is_json {
        return to_stdout(|out| page(simulated, &lines, &mut Page::new(out, colour)));
    }
    let mut answer = decide(&simulated.case);
    for statement in &mut answer.statements {
        statement.policy = label(simulated, &statement.policy);
    }
    let overruled = simulated.decision.overruled.iter().map(|deciding| {
        let mut decisive = Decisive::from(deciding.clone());
        decisive.policy = label(simulated, &decisive.policy);
        decisive
    });
    let said = std::iter::once(headline(simulated))
        .chain(lines.iter().map(|line| format!("{} {}", line.label, line.text)));
    let wire = Wire {
        answer,
        overruled: overruled.collect(),
        absent_context: &simulated.absent,
        derived_context: derived(simulated),
        explanation: said.collect(),
    };
    to_stdout(|out| {
        write_pretty(&wire, out)?;
        writeln!(out)
    })
}

fn page(simulated: &Simulated, lines: &[Line], page: &mut Page<'_>) -> io::Result<()> {
    let paint = match simulated.decision.outcome {
        Outcome::Allow => AnsiColor::Green.on_default().bold(),
        Outcome::ExplicitDeny | Outcome::ImplicitDeny => AnsiColor::Red.on_default().bold(),
        Outcome::Unknown => AnsiColor::Yellow.on_default().bold(),
    };
    page.hanging(paint, "", 4, &escape::visible(&headline(simulated)))?;
    let width = lines.iter().map(|line| line.label.len()).max().unwrap_or_default();
    for line in lines {
        let head = format!("  {:<width$}  ", line.label);
        page.labelled(BOLD, &head, &escape::visible(&line.text))?;
        if let Some(quote) = &line.quote {
            page.hanging(DIM, "      ", 6, &escape::visible(quote))?;
        }
    }
    let derived = derived(simulated);
    if derived.is_empty() {
        return Ok(());
    }
    page.hanging(DIM, "  ", 2, &format!("Taken from the principal: {}", derived.join(", ")))
}

/// The keys taken from the principal that some policy speaks of.
fn derived(simulated: &Simulated) -> Vec<&'static str> {
    let texts: Vec<String> =
        simulated.policies.iter().map(|given| given.policy.json().to_lowercase()).collect();
    let is_asked = |key: &str| texts.iter().any(|text| text.contains(&key.to_lowercase()));
    simulated.derived.iter().copied().filter(|key| is_asked(key)).collect()
}

/// Keys as AWS spells them.
fn spelled(keys: &[String]) -> String {
    let spelled = keys.iter().map(|key| match facts().condition_key(key) {
        Some(known) if known.name.eq_ignore_ascii_case(key) => known.name,
        _ => key,
    });
    spelled.collect::<Vec<_>>().join(", ")
}

fn headline(simulated: &Simulated) -> String {
    let Case { principal, action, resource, .. } = &simulated.case;
    let decision = &simulated.decision;
    let word = match decision.outcome {
        Outcome::Allow => "ALLOWED",
        Outcome::ExplicitDeny => "DENIED by a statement",
        Outcome::ImplicitDeny => "DENIED, since nothing allows it",
        Outcome::Unknown if decision.allowed.is_false() => {
            "DENIED, by a statement or since nothing allows it"
        }
        Outcome::Unknown => "NOT KNOWN",
    };
    format!("{word}: {action} on {resource} by {principal}")
}

fn lines(simulated: &Simulated) -> Vec<Line> {
    let decision = &simulated.decision;
    let mut lines = Vec::new();
    for deciding in &decision.statements {
        let label = match (decision.outcome, deciding.effect) {
            (Outcome::Unknown, Effect::Allow) => "may be allowed by",
            (Outcome::Unknown, Effect::Deny) => "may be denied by",
            (_, Effect::Allow) => "allowed by",
            (_, Effect::Deny) => "denied by",
        };
        lines.push(of_statement(simulated, label, deciding));
    }
    if decision.outcome == Outcome::ImplicitDeny {
        for layer in &decision.blocked_by {
            lines.push(lacking(simulated, *layer));
            lines.extend(near(simulated, *layer));
        }
    }
    if decision.outcome == Outcome::Unknown && decision.allowed.is_false() {
        let text = "an Allow that is needed, whatever the other keys are".to_owned();
        lines.push(Line { label: "missing", text, quote: None });
    }
    for deciding in &decision.overruled {
        lines.push(of_statement(simulated, "not enough", deciding));
    }
    if !decision.missing_context.is_empty() {
        let text =
            format!("{}; say more with --context KEY=VALUE", spelled(&decision.missing_context));
        lines.push(Line { label: "depends on", text, quote: None });
    }
    if !simulated.absent.is_empty() {
        let text = format!(
            "{}; with --context KEY=VALUE the answer may differ",
            spelled(&simulated.absent)
        );
        lines.push(Line { label: "taken as absent", text, quote: None });
    }
    lines
}

fn of_statement(simulated: &Simulated, label: &'static str, deciding: &Deciding) -> Line {
    let sid = deciding.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
    let level = deciding.level.map(|level| format!(", level {}", level + 1)).unwrap_or_default();
    let number = deciding.statement + 1;
    let layer = kind_in_words(kind_of(deciding.layer));
    let Some(policy) = simulated.policy(&deciding.policy) else {
        let text = format!("statement {number}{sid} of {layer}{level}");
        return Line { label, text, quote: None };
    };
    let place = place(policy, deciding.statement);
    let text = format!("{place}, statement {number}{sid} of {layer}{level}");
    Line { label, text, quote: quote(policy, deciding.statement) }
}

fn place(policy: &Policy, statement: usize) -> String {
    let span = policy.document.places.of_kept(statement).map(|places| places.span);
    let place = span.map_or_else(|| policy.label(), |span| policy.place(span));
    match policy.name.as_str() {
        "" => place,
        name => format!("{place} ({name})"),
    }
}

/// The statement on one line.
fn quote(policy: &Policy, statement: usize) -> Option<String> {
    let span = policy.document.places.of_kept(statement)?.span;
    let text = span.of(&policy.text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(escape::shorten(&line, STATEMENT_CHARS_MAX).into_owned())
}

fn label(simulated: &Simulated, key: &str) -> String {
    simulated.policy(key).map_or_else(|| key.to_owned(), Policy::label)
}

/// A layer that lacks the Allow that it needs.
fn lacking(simulated: &Simulated, layer: Layer) -> Line {
    let given = simulated.policies.iter().filter(|given| given.kind == kind_of(layer)).count();
    let text = match layer {
        Layer::Identity if given == 0 => {
            "no identity policy is given, so none allows it (--identity-policy)".to_owned()
        }
        Layer::Identity => "no statement of the identity policies allows it".to_owned(),
        Layer::Resource if given == 0 => {
            "no resource policy is given, and this request needs one that allows it \
             (--resource-policy)"
                .to_owned()
        }
        Layer::Resource => {
            "no statement of the resource policy allows it to this principal".to_owned()
        }
        Layer::Boundary => "the permissions boundary does not reach so far".to_owned(),
        Layer::Session if given == 0 => {
            "a federated user without a session policy has no permissions (--session-policy)"
                .to_owned()
        }
        Layer::Session => "the session policy does not reach so far".to_owned(),
        Layer::Scp => {
            let level = simulated
                .decision
                .scp_level
                .map_or_else(|| "one level".to_owned(), |level| format!("level {}", level + 1));
            format!(
                "no SCP of {level} allows it (the root is 1); every level needs one that does, \
                 most often p-FullAWSAccess"
            )
        }
        Layer::Rcp => "no RCP allows it".to_owned(),
        Layer::Endpoint => "the endpoint policy does not let it through".to_owned(),
        Layer::Aws => "AWS allows this to nobody but itself".to_owned(),
    };
    Line { label: "missing", text, quote: None }
}

/// Statements of a layer that are about the action, and why they do not count.
fn near(simulated: &Simulated, layer: Layer) -> Vec<Line> {
    let given = simulated.policies.iter().filter(|given| given.kind == kind_of(layer));
    given.flat_map(|given| near_in(simulated, given)).take(NEAR_MAX).collect()
}

fn near_in(simulated: &Simulated, given: &Given) -> Vec<Line> {
    let case = &simulated.case;
    let statements = given.policy.document.statements.iter().enumerate();
    let about = statements.filter(|(_, statement)| {
        statement.effect == Effect::Allow && statement.covers_action(&case.action)
    });
    let said = about.map(|(at, statement)| {
        let why = why_not(case, given.kind, statement);
        let text = format!("{}, {why}", place(&given.policy, at));
        Line { label: "does not fit", text, quote: quote(&given.policy, at) }
    });
    said.collect()
}

/// The first part of a statement that stands against it.
fn why_not(case: &Case, kind: PolicyKind, statement: &Statement) -> &'static str {
    let resource = if case.wildcard_only { "*" } else { &case.resource };
    let hit = |patterns: &[String]| patterns.iter().any(|one| resource_matches(one, resource));
    let open = |patterns: &[String]| patterns.iter().any(|one| one.contains("${"));
    let (is_open, fits) = match &statement.not_resources {
        Some(excluded) => (open(excluded), !hit(excluded)),
        None => (
            open(&statement.resources),
            hit(&statement.resources) || statement.resources.is_empty(),
        ),
    };
    if kind.names_principals() {
        return "about this action, but not for this principal, resource and context";
    }
    match (is_open, fits, statement.conditions.is_empty()) {
        (false, false, _) => "about this action, but another resource",
        (_, true, false) => "about this action and resource, but its conditions do not hold",
        _ => "about this action, but not for this resource and context",
    }
}

fn kind_of(layer: Layer) -> PolicyKind {
    match layer {
        Layer::Endpoint => PolicyKind::Endpoint,
        Layer::Scp => PolicyKind::Scp,
        Layer::Rcp => PolicyKind::Rcp,
        Layer::Resource | Layer::Aws => PolicyKind::Resource,
        Layer::Identity => PolicyKind::Identity,
        Layer::Boundary => PolicyKind::Boundary,
        Layer::Session => PolicyKind::Session,
    }
}
