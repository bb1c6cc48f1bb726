//! Actions on things that the model does not see: whether one of its kind may be named so that the
//! action is allowed.

use std::sync::Arc;

use trailwarden_policy::facts::{self, Action};
use trailwarden_policy::reach::Reach;
use trailwarden_policy::{Document, Statement};

use super::Step;
use super::answer::{self, Proof, better};
use super::digest::Mask;
use super::source::{On, Source};
use crate::text::PolicyText;

/// So many grants are looked at for a place where an action is allowed.
const GRANTS_MAX: usize = 32;

impl Source {
    /// Whether an action is allowed on something of its kind, whatever its name.
    pub(super) fn ask_anywhere(
        &self,
        action: &'static str,
        keys: &[(&str, Option<&str>)],
    ) -> Option<Proof> {
        let known = facts::facts().action(action)?;
        if known.is_wildcard_only() {
            return self.ask(action, On::thing(&"*".into(), action), keys);
        }
        let required = known.resource_types().filter(|used| used.is_required());
        let required: Vec<_> = required.map(|used| used.resource_type()).collect();
        if required.is_empty() {
            let all: Vec<String> = known
                .resource_types()
                .flat_map(|used| used.resource_type().arn_patterns())
                .map(|pattern| self.filled(pattern))
                .collect();
            return self.ask_on_one_of(known, action, all, keys);
        }
        let mut whole: Option<Proof> = None;
        for kind in required {
            let patterns = kind.arn_patterns().map(|pattern| self.filled(pattern)).collect();
            let proof = self.ask_on_one_of(known, action, patterns, keys)?;
            whole = Some(match whole {
                None => proof,
                // One call, one step; what else it depends on adds up.
                Some(whole) => {
                    Proof { doubts: [whole.doubts, proof.doubts].concat(), steps: whole.steps }
                }
            });
        }
        whole
    }

    fn ask_on_one_of(
        &self,
        known: &Action,
        action: &'static str,
        patterns: Vec<String>,
        keys: &[(&str, Option<&str>)],
    ) -> Option<Proof> {
        // `*` for a region may cover colons, but no name holds one more than its pattern.
        let colons = |text: &str| text.matches(':').count();
        let usual: Vec<usize> = patterns.iter().map(|pattern| colons(pattern)).collect();
        let statement = Statement {
            actions: vec![known.full_name().to_owned()],
            resources: patterns,
            ..Statement::allowing_everything()
        };
        let document = Document { statements: vec![statement], ..Document::default() };
        let here = self.reach_of(&[action]).intersect(&Reach::of([&document]));
        let places = here.grants().iter().flat_map(|grant| grant.resources.iter());
        let mut found = None;
        for area in places.take(GRANTS_MAX) {
            let Some(text) = area.witness() else { continue };
            if !usual.contains(&colons(&text)) {
                continue;
            }
            let arn: Arc<str> = text.into();
            found = better(found, || self.ask(action, On::thing(&arn, &arn), keys));
        }
        if found.is_none() && here.is_too_complex() {
            let step = Step { action, resource: "*".into(), allowed_by: Vec::new() };
            let proof = Proof { steps: vec![step], doubts: Vec::new() };
            return Some(proof.provided(answer::too_complex(&self.label)));
        }
        found
    }

    /// What his policies, his boundary and SCPs allow of some actions. The rest of them is left out,
    /// which makes it quick.
    pub(super) fn reach_of(&self, actions: &[&str]) -> Reach {
        let standing = &self.standing;
        let wanted = Mask::of(actions);
        // What is not watched is in no digest.
        let all_watched = actions.iter().all(|action| wanted.has(action));
        let may_say = |text: &&PolicyText| {
            text.digest().is_none_or(|digest| {
                !all_watched || digest.has_deny || digest.mask.intersects(wanted)
            })
        };
        let held = standing.held.policies.iter().filter_map(|held| held.document.value());
        let held = held.filter(may_say);
        let held: Vec<Document> = held.filter_map(|text| self.only(text, actions)).collect();
        let mut reach = Reach::of(&held);
        for level in standing.scps.levels.iter().filter(|level| level.is_whole) {
            let texts: Option<Vec<&PolicyText>> =
                level.policies.iter().map(|(_, text)| text.value()).collect();
            let Some(texts) = texts else { continue };
            let level: Vec<Document> =
                texts.iter().filter_map(|text| self.only(text, actions)).collect();
            reach = reach.intersect(&Reach::of(&level));
        }
        let boundary = standing.boundary.value().and_then(Option::as_ref);
        let boundary = boundary.and_then(|boundary| boundary.document.value());
        let reach = match boundary.and_then(|text| self.only(text, actions)) {
            Some(boundary) => reach.intersect(&Reach::of([&boundary])),
            None => reach,
        };
        reach.in_account(standing.principal.account, &standing.principal.partition)
    }

    /// The statements of a document about some actions, as if they were about nothing else.
    fn only(&self, text: &PolicyText, actions: &[&str]) -> Option<Document> {
        let document = text.document().ok()?;
        let name = &self.standing.principal.name;
        let own = |texts: &[String]| -> Vec<String> {
            texts.iter().map(|text| text.replace("${aws:username}", name)).collect()
        };
        let statements = document.statements.iter().filter_map(|statement| {
            let covered = actions.iter().filter(|action| statement.covers_action(action));
            let covered: Vec<String> = covered.map(|action| (*action).to_owned()).collect();
            (!covered.is_empty()).then(|| Statement {
                sid: None,
                effect: statement.effect,
                principals: statement.principals.clone(),
                not_principals: None,
                actions: covered,
                not_actions: None,
                resources: own(&statement.resources),
                not_resources: statement.not_resources.as_deref().map(own),
                conditions: statement.conditions.clone(),
            })
        });
        let (version, statements) = (document.version.clone(), statements.collect());
        Some(Document { version, statements, ..Document::default() })
    }

    /// The ARN pattern of a type with what is known of it put in.
    fn filled(&self, pattern: &str) -> String {
        let principal = &self.standing.principal;
        let mut out = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            match name {
                "Partition" => out.push_str(&principal.partition),
                "Account" => out.push_str(&principal.account.to_string()),
                _ => out.push('*'),
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}
