//! What an answer depends on: keys that nobody gave, whose the resource is, and what AWS leaves
//! undocumented. An answer that is not known always says at least one such thing.

use trailwarden_policy::cases::Case;
use trailwarden_policy::document::PrincipalKind;
use trailwarden_policy::evaluate::{Caller, Deciding, Outcome};
use trailwarden_policy::facts::facts;

use super::super::request::{ByOwner, Simulated};
use super::{Line, kind_of, statement_of};
use crate::cli::policy::kind_in_words;

/// What else would have to be known, or was taken for granted.
pub(super) fn on_more(simulated: &Simulated) -> Vec<Line> {
    let mut lines = beside_keys(simulated);
    let missing = &simulated.decision.missing_context;
    if !missing.is_empty() {
        let text = format!("{}; say more with --context KEY=VALUE", spelled(missing));
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

/// What an unknown answer depends on, other than condition keys.
fn beside_keys(simulated: &Simulated) -> Vec<Line> {
    let decision = &simulated.decision;
    let mut lines = Vec::new();
    let mut say = |text: String| lines.push(Line { label: "depends on", text, quote: None });
    if let Some(ByOwner { own, other }) = simulated.by_owner {
        let account = caller_account(&simulated.case).unwrap_or("ACCOUNT");
        say(format!(
            "who owns the resource, since its ARN names no account: {} in the caller's account, {} \
             in another; give --resource-account {account} or that of the owner",
            in_words(own),
            in_words(other)
        ));
    }
    let names_canonical = decision.outcome == Outcome::Unknown
        && decision.statements.iter().any(|deciding| names_canonical_user(simulated, deciding));
    if names_canonical {
        say("whose canonical user id it is that the policy names; name the ARN instead".to_owned());
    }
    for layer in &decision.unknown_layers {
        let kind = kind_in_words(kind_of(*layer));
        say(format!("what could not be read of {kind}; mend it first (trailwarden lint)"));
    }
    let is_open = decision.outcome == Outcome::Unknown && decision.missing_context.is_empty();
    if is_open && lines.is_empty() {
        let excludes = |deciding: &Deciding| {
            let statement = statement_of(simulated, deciding);
            statement.is_some_and(|statement| statement.not_principals.is_some())
        };
        let text = if decision.statements.iter().any(excludes) {
            "whether AWS spares a caller of whom NotPrincipal names only a part; name account, role \
             and session"
        } else {
            "what AWS does with this statement, which it does not document"
        };
        lines.push(Line { label: "depends on", text: text.to_owned(), quote: None });
    }
    lines
}

fn caller_account(case: &Case) -> Option<&str> {
    Caller::parse(&case.principal).ok()?.account()
}

fn in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "allowed",
        Outcome::ExplicitDeny | Outcome::ImplicitDeny => "denied",
        Outcome::Unknown => "not known",
    }
}

fn names_canonical_user(simulated: &Simulated, deciding: &Deciding) -> bool {
    statement_of(simulated, deciding).is_some_and(|statement| {
        let excluded = statement.not_principals.iter().flat_map(|all| all.listed());
        let mut all = statement.principals.listed().iter().chain(excluded);
        all.any(|principal| principal.kind == PrincipalKind::CanonicalUser)
    })
}

/// Keys as AWS spells them.
fn spelled(keys: &[String]) -> String {
    let spelled = keys.iter().map(|key| match facts().condition_key(key) {
        Some(known) if known.name.eq_ignore_ascii_case(key) => known.name,
        _ => key,
    });
    spelled.collect::<Vec<_>>().join(", ")
}
