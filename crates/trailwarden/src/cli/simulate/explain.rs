//! The decision for a person, and for a program.

mod depends;
mod missing;

use std::io;

use anstyle::AnsiColor;
use serde::Serialize;
use trailwarden_model::escape;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::{Answer, Case, Decisive};
use trailwarden_policy::document::{Effect, Statement};
use trailwarden_policy::evaluate::{Deciding, Layer, Outcome};

use super::fit;
use super::request::Simulated;
use crate::cli::policy::kind_in_words;
use crate::cli::policy::page::{BOLD, DIM, Page};
use crate::cli::policy::source::Policy;
use crate::cli::{Colour, to_stdout};
use crate::formats::write_pretty;

/// Characters of a statement that are shown.
const STATEMENT_CHARS_MAX: usize = 320;

/// Statements of one sort that are shown.
const STATEMENTS_MAX: usize = 20;

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
    /// Whether the answer depends on which account the resource belongs to.
    depends_on_owner: bool,
    explanation: Vec<String>,
}

/// Prints the decision.
pub(super) fn print(simulated: &Simulated, is_json: bool, colour: Colour) -> io::Result<()> {
    let lines = lines(simulated);
    if !is_json {
        return to_stdout(|out| page(simulated, &lines, &mut Page::new(out, colour)));
    }
    let decision = &simulated.decision;
    let named = |deciding: &Deciding| {
        let mut decisive = Decisive::from(deciding.clone());
        decisive.policy = label(simulated, &decisive.policy);
        decisive
    };
    let answer = Answer {
        id: None,
        decision: decision.outcome.name(),
        blocked_by: decision.blocked_by.iter().map(|layer| layer.name()).collect(),
        statements: decision.statements.iter().map(named).collect(),
        missing_context: decision.missing_context.clone(),
        message: None,
    };
    let said = std::iter::once(headline(simulated))
        .chain(lines.iter().map(|line| format!("{} {}", line.label, line.text)));
    let wire = Wire {
        answer,
        overruled: decision.overruled.iter().map(named).collect(),
        absent_context: &simulated.absent,
        derived_context: derived(simulated),
        depends_on_owner: simulated.by_owner.is_some(),
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
    page.hanging(DIM, "  ", 2, &format!("Taken from the request: {}", derived.join(", ")))
}

/// The keys taken from principal and resource that some policy speaks of.
fn derived(simulated: &Simulated) -> Vec<&'static str> {
    let texts: Vec<String> =
        simulated.policies.iter().map(|given| given.policy.json().to_lowercase()).collect();
    let is_asked = |key: &str| texts.iter().any(|text| text.contains(&key.to_lowercase()));
    simulated.derived.iter().copied().filter(|key| is_asked(key)).collect()
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
    for deciding in decision.statements.iter().take(STATEMENTS_MAX) {
        let label = match (decision.outcome, deciding.effect) {
            (Outcome::Unknown, Effect::Allow) => "may be allowed by",
            (Outcome::Unknown, Effect::Deny) => "may be denied by",
            (_, Effect::Allow) => "allowed by",
            (_, Effect::Deny) => "denied by",
        };
        lines.push(of_statement(simulated, label, deciding));
    }
    lines.extend(more_than_shown(&decision.statements));
    if decision.outcome == Outcome::ImplicitDeny {
        for layer in &decision.blocked_by {
            lines.push(missing::lacking(simulated, *layer));
            lines.extend(missing::near(simulated, *layer));
        }
    }
    if decision.outcome == Outcome::Unknown && decision.allowed.is_false() {
        let text = "an Allow that is needed, whatever the other keys are".to_owned();
        lines.push(Line { label: "missing", text, quote: None });
    }
    for deciding in decision.overruled.iter().take(STATEMENTS_MAX) {
        let mut line = of_statement(simulated, "not enough", deciding);
        if is_left_to_identity(simulated, deciding) {
            line.text.push_str(", names the account, which leaves it to identity policies");
        }
        lines.push(line);
    }
    lines.extend(more_than_shown(&decision.overruled));
    lines.extend(depends::on_more(simulated));
    lines
}

/// How many are left out, which is none as a rule.
fn more_than_shown(all: &[Deciding]) -> Option<Line> {
    let more = all.len().saturating_sub(STATEMENTS_MAX);
    let text = format!("{more} more such statements; --json names them all");
    (more > 0).then_some(Line { label: "and", text, quote: None })
}

fn statement_of<'s>(simulated: &'s Simulated, deciding: &Deciding) -> Option<&'s Statement> {
    simulated.policy(&deciding.policy)?.document.statements.get(deciding.statement)
}

fn is_left_to_identity(simulated: &Simulated, deciding: &Deciding) -> bool {
    let given = simulated.policies.iter().find(|given| given.key == deciding.policy);
    let statement = given
        .and_then(|given| Some((given, given.policy.document.statements.get(deciding.statement)?)));
    deciding.layer == Layer::Resource
        && statement.is_some_and(|(given, statement)| {
            fit::names_the_account_alone(&simulated.case, given, statement)
        })
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
