//! What lint says of the policy documents in baselines.
//!
//! Each document that an account had is checked as its kind, the same text once; versions that are
//! not in force are not, nor what AWS wrote itself, which nobody here can mend.
//!
//! # Number
//! An account has one finding for each check: it tells the gravest document, names a few more and
//! counts the others. What an event of the same logs wrote before the baseline was taken is told
//! there and not again.
//!
//! # Severity
//! As for events, where the effect is what the document gives to whoever has it most: no more than he
//! may do, after boundary and organization.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use foldhash::HashMap;
use trailwarden_account::effect::{Width, of_gain};
use trailwarden_account::{Baseline, Id, Identity, Kind, Model, Models, World};
use trailwarden_model::finding::Party;
use trailwarden_model::{AccountId, Arn, Finding, Severity, Timestamp};
use trailwarden_policy::lint::LintFinding;
use trailwarden_policy::lint::checks::ALL;
use trailwarden_policy::reach::{Reach, grade};
use trailwarden_policy::{Document, PolicyKind};

use super::{flaws, meta, told};
use crate::draft::{Drafts, Rule};
use crate::engine::{Engine, panic_text};
use crate::matches::{Match, listed};
use crate::written::Written;

/// Of how many who have one document it is asked what they may do; the first by id.
const HOLDERS_MAX: usize = 64;

/// What one check says of one document of a baseline.
#[derive(Clone)]
pub(crate) struct Flawed {
    check: usize,
    account: AccountId,
    taken: Timestamp,
    severity: Severity,
    place: String,
    words: String,
    sentence: String,
    target: Party,
}

impl Engine {
    /// Checks the policy documents of baselines, of these accounts or of all.
    #[must_use]
    pub fn with_lint_of(mut self, baselines: &[Baseline], accounts: &[AccountId]) -> Self {
        let flawed = catch_unwind(AssertUnwindSafe(|| {
            let models = Models::from_baselines(baselines);
            let chosen = models
                .iter()
                .filter(|model| accounts.is_empty() || accounts.contains(&model.account()));
            chosen.flat_map(|model| of_account(World::of(&models), model)).collect()
        }));
        match flawed {
            Ok(flawed) => self.flawed = flawed,
            Err(panic) => self.accounts.failed(panic_text(panic.as_ref())),
        }
        self
    }
}

/// The findings, one for each account and check.
pub(crate) fn findings(flawed: &[Flawed], drafts: &Drafts) -> Vec<Finding> {
    let mut merged: BTreeMap<(AccountId, usize), Vec<&Flawed>> = BTreeMap::new();
    for one in flawed {
        let rule = Rule::Lint(one.check);
        if !drafts.is_told_by(rule, one.account, &one.place, one.taken) {
            merged.entry((one.account, one.check)).or_default().push(one);
        }
    }
    merged.into_values().filter_map(|alike| finding(&alike)).collect()
}

fn finding(alike: &[&Flawed]) -> Option<Finding> {
    // The first of the gravest.
    let gravest = alike.iter().rev().max_by_key(|one| one.severity)?;
    let others: Vec<String> = alike
        .iter()
        .filter(|one| one.place != gravest.place)
        .map(|one| one.words.clone())
        .collect();
    let also = match others.len() {
        0 => String::new(),
        1 => format!(" So has one more document: {}.", listed(&others)),
        more => format!(" So have {more} more documents: {}.", listed(&others)),
    };
    let text = format!("In the baseline, {} has a flaw: {}{also}", gravest.words, gravest.sentence);
    let matched = Match::about(gravest.target.clone(), text);
    // Its id must not hang on which of the documents is the gravest today.
    let matched = matched.subject("baseline").severity(gravest.severity);
    let account = Some(gravest.account.to_string());
    Some(meta(ALL.get(gravest.check)?).finding(matched, account, "", gravest.taken))
}

fn of_account(world: World<'_>, model: &Model) -> Vec<Flawed> {
    let mut read: HashMap<(PolicyKind, &str), Vec<LintFinding>> = HashMap::default();
    let mut attached: Option<Attached<'_>> = None;
    let mut flawed = Vec::new();
    for held in documents(model) {
        let (kind, text) = (held.written.kind, held.written.text);
        let told = &*read.entry((kind, text)).or_insert_with(|| told(text, kind).collect());
        if told.is_empty() {
            continue;
        }
        let document = Document::parse(text).ok();
        let holders = holders(model, &held, attached.get_or_insert_with(|| by_policy(model)));
        let gives = || given(world, model, document.as_ref()?, kind, &holders);
        flawed.extend(flaws(told, kind, document.as_ref(), gives).map(|flaw| Flawed {
            check: flaw.check,
            account: model.account(),
            taken: model.baseline_time().unwrap_or_default(),
            severity: flaw.severity,
            place: held.written.place.clone(),
            words: held.written.words.clone(),
            sentence: flaw.sentence,
            target: held.target.clone(),
        }));
    }
    flawed
}

/// How grave it is what those who have a document may do by it.
fn given(
    world: World<'_>,
    model: &Model,
    document: &Document,
    kind: PolicyKind,
    holders: &[Id],
) -> Option<Severity> {
    let account = model.account();
    let standings = holders.iter().take(HOLDERS_MAX).filter_map(|id| world.standing(account, id));
    let most = standings.map(|standing| standing.grading().grade).max()?;
    let by_it = match kind {
        // Who comes in by it may do all that the role may.
        PolicyKind::Trust => most,
        _ => {
            let reach = Reach::of([document]).in_account(account, model.partition());
            grade(reach.grants()).grade.min(most)
        }
    };
    of_gain(by_it, false, Width::Scoped)
}

/// A document with its place.
struct Held<'m> {
    written: Written<'m>,
    of: Of<'m>,
    target: Party,
}

/// Whose a document is.
enum Of<'m> {
    Identity(&'m Identity),
    Managed(&'m str),
    Organization,
}

/// All documents in force that somebody of the account wrote.
fn documents(model: &Model) -> Vec<Held<'_>> {
    let account = model.account().to_string();
    let mut all = Vec::new();
    let party = |kind: &str, id: &str, arn: Option<String>, name: &str| Party {
        kind: Some(kind.to_owned()),
        id: Some(id.to_owned()),
        arn,
        name: Some(name.to_owned()),
        account: Some(account.clone()),
        ..Party::default()
    };
    for identity in model.identities().filter(|identity| !identity.is_service_linked()) {
        let inline = identity.inline.iter().filter_map(|(name, text)| {
            Some(Written::inline(identity.kind, &identity.name, name, text.value()?.as_str()))
        });
        let trust = identity.trust.value();
        let trust = trust.map(|text| Written::trust(&identity.name, text.as_str()));
        let arn = model.arn_of(&identity.id);
        let target = party(identity.kind.as_str(), identity.id.as_str(), arn, &identity.name);
        let held = |written| Held { written, of: Of::Identity(identity), target: target.clone() };
        all.extend(inline.chain(trust).map(held));
    }
    for policy in model.policies() {
        let is_own = Arn::parse(&policy.arn).is_some_and(|arn| arn.account_id().is_some());
        let version = policy.default.value().filter(|_| is_own);
        let text = version.and_then(|version| {
            policy.versions.iter().find(|(name, _)| *name == version)?.1.value()
        });
        all.extend(text.map(|text| Held {
            written: Written::managed(&policy.arn, text.as_str()),
            of: Of::Managed(&policy.arn),
            target: party(
                "policy",
                policy.id.as_str(),
                Some(policy.arn.to_string()),
                policy.name(),
            ),
        }));
    }
    for policy in model.organization().policies.values() {
        let text = policy.content.value().map(|text| text.as_str());
        let kind = policy.kind.value().map(AsRef::as_ref);
        let written =
            text.and_then(|text| Written::of_organization_policy(&policy.id, kind?, text));
        let name = policy.name.value().unwrap_or(&policy.id);
        all.extend(written.map(|written| Held {
            written,
            of: Of::Organization,
            target: party("policy", &policy.id, None, name),
        }));
    }
    all
}

/// Who has which managed policy, by ARN.
type Attached<'m> = BTreeMap<&'m str, Vec<&'m Identity>>;

fn by_policy(model: &Model) -> Attached<'_> {
    let mut attached: Attached<'_> = BTreeMap::new();
    for identity in model.identities() {
        for arn in identity.attached.keys() {
            attached.entry(arn).or_default().push(identity);
        }
    }
    attached
}

/// Who has a document: of a group its members.
fn holders(model: &Model, held: &Held<'_>, attached: &Attached<'_>) -> Vec<Id> {
    let direct = match held.of {
        Of::Identity(identity) => vec![identity],
        Of::Managed(arn) => attached.get(arn).cloned().unwrap_or_default(),
        Of::Organization => Vec::new(),
    };
    let mut all: Vec<Id> = Vec::new();
    for identity in direct {
        match identity.kind {
            Kind::Group => all.extend(model.members_of(&identity.id).ids),
            _ => all.push(identity.id.clone()),
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests;
