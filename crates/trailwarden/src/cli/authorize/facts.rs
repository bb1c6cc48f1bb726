//! What was asked about a change, and what came of it, for a person.

use std::collections::BTreeMap;
use std::io;

use trailwarden_authorize::{
    Actor, Asked, Behind, Decision, EffectFacts, KnownEffect, Part, PartOutcome, Target,
};
use trailwarden_model::escape::{shorten, visible};
use trailwarden_model::finding::Verdict;

use crate::cli::policy::page::{BOLD, PLAIN, Page};

/// How much is listed of what may be long.
const LISTED_MAX: usize = 8;
/// Longer texts of strangers are cut.
const TEXT_MAX: usize = 300;
/// Columns of the labels.
const LABEL: usize = 10;

/// What was asked, as rows of label and text.
pub(super) fn rows(asked: &Asked) -> Vec<(&'static str, String)> {
    let Asked { actor, target, .. } = asked;
    let place = [asked.account.as_ref(), asked.region.as_ref()].into_iter().flatten();
    let place: Vec<&str> = place.map(String::as_str).collect();
    let mut rows = vec![
        ("event", asked.event_id.clone()),
        ("call", format!("{}, {}, {}", asked.action, asked.outcome.as_str(), asked.time)),
        ("where", or_unknown(place.join(", "))),
        ("who", who(actor)),
        ("behind", actor.behind.as_ref().map_or_else(nobody, behind)),
        ("from", from(asked)),
        ("on", on(target)),
    ];
    rows.extend(tags("who's tags", actor.tags.as_ref()));
    rows.extend(tags("its tags", target.tags.as_ref()));
    rows.extend(tags("given tags", asked.request_tags.as_ref()));
    match &asked.effect {
        EffectFacts::Known(effect) => rows.extend(known(effect)),
        EffectFacts::Unknown { why } => {
            let why = listed(why);
            rows.push(("effect", format!("not known{}", colon(&why))));
        }
    }
    rows
}

fn or_unknown(text: String) -> String {
    if text.is_empty() { "not known".to_owned() } else { text }
}

fn nobody() -> String {
    "nobody beyond the caller is known".to_owned()
}

fn colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn who(actor: &Actor) -> String {
    let mut parts = vec![actor.kind.clone()];
    parts.extend(actor.arn.clone().or_else(|| actor.name.clone()));
    parts.extend(actor.path.iter().map(|path| format!("path {path}")));
    parts.extend(
        actor
            .session
            .iter()
            .map(|session| format!("session {}", session.rsplit('/').next().unwrap_or(session))),
    );
    parts.extend(actor.source_identity.iter().map(|who| format!("source identity {who}")));
    parts.push(match actor.mfa {
        Some(true) => "with a second factor".to_owned(),
        Some(false) => "without a second factor".to_owned(),
        None => "a second factor is not known of".to_owned(),
    });
    parts.join(", ")
}

fn behind(behind: &Behind) -> String {
    let mut parts = vec![behind.kind.clone()];
    parts.extend(behind.arn.clone().or_else(|| behind.name.clone()));
    parts.extend(behind.subject.iter().map(|subject| format!("subject {subject}")));
    parts.extend(behind.provider.iter().map(|provider| format!("provider {provider}")));
    parts.join(", ")
}

fn from(asked: &Asked) -> String {
    let mut parts: Vec<String> = asked.source.iter().cloned().collect();
    parts.extend(asked.via.iter().map(|via| format!("via {via}")));
    parts.extend(asked.from_console.then(|| "in the console".to_owned()));
    or_unknown(parts.join(", "))
}

fn on(target: &Target) -> String {
    let mut parts: Vec<String> = target.kind.iter().cloned().collect();
    parts.extend(target.arn.clone().or_else(|| target.name.clone()).or_else(|| target.id.clone()));
    parts.extend(target.path.iter().map(|path| format!("path {path}")));
    or_unknown(parts.join(", "))
}

fn tags(
    label: &'static str,
    tags: Option<&BTreeMap<String, String>>,
) -> Option<(&'static str, String)> {
    let tags = tags.filter(|tags| !tags.is_empty())?;
    let pairs: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    Some((label, listed(&pairs)))
}

fn known(effect: &KnownEffect) -> Vec<(&'static str, String)> {
    let KnownEffect { grade_before: before, grade_after: after, .. } = effect;
    let mut parts = vec![
        if effect.moved { "permissions move" } else { "nothing moves" }.to_owned(),
        format!("grade {} -> {} (rank {})", before.as_str(), after.as_str(), after.rank()),
    ];
    let rank = trailwarden_authorize::asked::severity_rank(effect.severity);
    parts.push(match effect.severity {
        Some(severity) => format!("severity {} (rank {rank})", severity.as_str()),
        None => "no severity".to_owned(),
    });
    let flags = [
        (effect.self_change, "the caller gains"),
        (effect.crosses_account, "another account gains"),
        (effect.public, "everyone may enter"),
    ];
    parts.extend(flags.iter().filter(|(is_so, _)| *is_so).map(|(_, told)| (*told).to_owned()));
    parts.push(
        match effect.within_boundary {
            Some(true) => "all within a permissions boundary",
            Some(false) => "not all within a permissions boundary",
            None => "a permissions boundary is not known of",
        }
        .to_owned(),
    );
    let mut rows = vec![("effect", parts.join("; "))];
    let lists =
        [("gained", &effect.gained), ("lost", &effect.lost), ("opens", &effect.paths_opened)];
    rows.extend(
        lists.iter().filter(|(_, of)| !of.is_empty()).map(|(label, of)| (*label, listed(of))),
    );
    rows
}

fn listed(texts: &[String]) -> String {
    let shown: Vec<&str> = texts.iter().take(LISTED_MAX).map(String::as_str).collect();
    let more = texts.len().saturating_sub(LISTED_MAX);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{tail}", shown.join(", "))
}

/// A stranger's text on one line, cut where it is long.
pub(super) fn safe(text: &str) -> String {
    shorten(&visible(text), TEXT_MAX).into_owned()
}

/// What was asked, on a page.
pub(super) fn print(page: &mut Page<'_>, indent: usize, asked: &Asked) -> io::Result<()> {
    for (label, text) in rows(asked) {
        let head = format!("{:indent$}{label:<LABEL$}  ", "");
        page.labelled(PLAIN, &head, &safe(&text))?;
    }
    Ok(())
}

/// The verdict with the policies that decided, in a few words.
pub(super) fn verdict(decision: &Decision) -> String {
    let by = if decision.by.is_empty() {
        String::new()
    } else {
        let ids: Vec<String> = decision.by.iter().map(|id| format!("`{id}`")).collect();
        format!(" by {}", ids.join(", "))
    };
    format!("{}{by}", word(decision.verdict))
}

/// The word of a verdict.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Permitted => "permitted",
        Verdict::Forbidden => "forbidden",
        Verdict::Unknown => "unknown",
    }
}

/// What each policy said, on a page.
pub(super) fn print_decision(
    page: &mut Page<'_>,
    indent: usize,
    decision: &Decision,
) -> io::Result<()> {
    let lead = " ".repeat(indent);
    page.hanging(BOLD, &lead, indent, &safe(&verdict(decision)))?;
    for id in &decision.by {
        page.hanging(
            PLAIN,
            &format!("{lead}  "),
            indent + 4,
            &format!("{}: it matches", safe(id)),
        )?;
    }
    for near in &decision.near {
        let effect = near.effect.as_str();
        let said = match near.parts.as_slice() {
            [] => "it matches, but a forbid wins",
            _ => "it does not match, because of",
        };
        let head = format!("{} ({effect}): {said}", safe(&near.policy));
        page.hanging(PLAIN, &format!("{lead}  "), indent + 4, &head)?;
        for Part { text, outcome } in &near.parts {
            let told = match outcome {
                PartOutcome::False => "false".to_owned(),
                PartOutcome::Error(why) => format!("error: {why}"),
            };
            let line = safe(&format!("{told}: {}", one_line(text)));
            page.hanging(PLAIN, &format!("{lead}    "), indent + 6, &line)?;
        }
    }
    for doubt in &decision.doubts {
        page.hanging(PLAIN, &format!("{lead}  "), indent + 4, &safe(&doubt.to_string()))?;
    }
    for failure in &decision.errors {
        let of = if failure.policy.is_empty() { "the question" } else { failure.policy.as_str() };
        let line = format!("{}: could not be evaluated: {}", safe(of), safe(&failure.message));
        page.hanging(PLAIN, &format!("{lead}  "), indent + 4, &line)?;
    }
    let is_silent = decision.by.is_empty() && decision.doubts.is_empty();
    if is_silent && decision.near.is_empty() && decision.errors.is_empty() {
        page.hanging(PLAIN, &format!("{lead}  "), indent + 4, "no policy speaks of it")?;
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
