//! What change policies may ask of a call, noted while the models stand as they stood then.
//!
//! # Invariants
//! - A path or tag is that of before the change: nobody earns a permit by the call that is judged. The tags
//!   that the call gives are told apart.
//! - What is not known is absent. Nothing of it is ever guessed, also not from a name alone.
//! - The user agent is not among them: whoever calls writes it himself.

use std::collections::BTreeMap;
use std::sync::Arc;

use sonic_rs::{JsonContainerTrait as _, JsonValueTrait as _, Value};
use trailwarden_account::effect::Asked;
use trailwarden_account::{Actor, Field, Identity, Kind, Listing, Model, World};
use trailwarden_model::finding::{Evidence, Party};
use trailwarden_model::{Arn, Outcome, Severity};
use trailwarden_record::row::Flags;
use trailwarden_record::{Event, json, skim};

use super::governed::is_inert;
use crate::context::Cx;

/// What is known of one call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The region of the record.
    pub region: Option<String>,
    /// The direct caller.
    pub actor: Somebody,
    /// `sourceIdentity` of his session.
    pub source_identity: Option<String>,
    /// ARN of what issued his session.
    pub issuer: Option<String>,
    /// Whether his session was made with a second factor; none where the record does not say.
    pub mfa: Option<bool>,
    /// What it was done to.
    pub target: Somebody,
    /// The source address as written.
    pub source: Option<String>,
    /// The service that made the call for him.
    pub via: Option<String>,
    /// Whether he sat at the console.
    pub is_from_console: bool,
    /// The tags that the call gives; none where its record does not say.
    pub request_tags: Option<BTreeMap<String, String>>,
    /// What it does to permissions, or would have done; else why that is not known.
    pub effect: Result<Box<Asked>, Vec<String>>,
    /// The record; which file it was read from is told at the end.
    pub evidence: Evidence,
}

/// A caller or target, with what a model tells of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Somebody {
    /// Who; of a session the role that it is one of.
    pub party: Party,
    /// The path in its ARN, with a slash at both ends.
    pub path: Option<String>,
    /// All its tags; none where not all of them are known.
    pub tags: Option<BTreeMap<String, String>>,
}

impl Facts {
    /// Of a record. `gravest` is the severity of the gravest match that rests on this record alone.
    pub(super) fn of(cx: &Cx<'_>, event: &Event, gravest: Option<Severity>) -> Self {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let world = World::of(cx.models);
        let before = match cx.change {
            Some(change) => world.with(&change.informed),
            None => world,
        };
        let caller = &event.caller;
        Self {
            region: some(&event.region),
            actor: actor(event, before),
            source_identity: some(&caller.source_identity),
            issuer: some(&caller.issuer_arn),
            mfa: caller.mfa,
            target: target(cx, event, before),
            source: some(&event.address),
            via: some(&caller.invoked_by),
            is_from_console: caller.from_console,
            request_tags: request_tags(event),
            effect: effect(cx, event, world, gravest),
            evidence: evidence(cx, event),
        }
    }

    /// It cannot be told any more.
    pub(super) fn doubt(&mut self, why: &str) {
        self.effect = Err(vec![why.to_owned()]);
    }
}

fn evidence(cx: &Cx<'_>, event: &Event) -> Evidence {
    let row = cx.row;
    let has_own_id = !event.id.is_empty() && row.flags.has(Flags::ID_HASHED);
    Evidence {
        event_id: match has_own_id {
            true => event.id.clone(),
            false => skim::uuid_text(row.order.id),
        },
        event_name: event.event_name.clone(),
        event_source: event.event_source.clone(),
        event_time: row.time(),
        account: row.account_id().map(|account| account.to_string()),
        file: String::new(),
        record: u64::from(row.place.record),
    }
}

/// What the call does. Grades measure permissions alone, so the harm is also that which detections
/// see: a password policy that was taken off moves nobody.
fn effect(
    cx: &Cx<'_>,
    event: &Event,
    world: World<'_>,
    gravest: Option<Severity>,
) -> Result<Box<Asked>, Vec<String>> {
    let mut asked = match cx.effect {
        Some(effect) => effect.asked(world, cx.change)?,
        None if is_inert(cx.action) => Asked::nothing(),
        None => return Err(vec![unjudged(event).to_owned()]),
    };
    asked.severity = asked.severity.max(gravest);
    Ok(Box::new(asked))
}

fn unjudged(event: &Event) -> &'static str {
    if event.parameters_omitted() {
        "the record leaves out what was to be changed: its parameters were too large"
    } else if event.outcome != Outcome::Succeeded && event.value("requestParameters").is_none() {
        "the record of a refused call does not say what was to be changed"
    } else {
        "no model tells what this call does to permissions"
    }
}

fn actor(event: &Event, world: World<'_>) -> Somebody {
    let caller = &event.caller;
    let mut party = caller.party(&event.address);
    let actor = Actor::of(event);
    let found = actor.as_ref().and_then(|actor| {
        let model = world.model(actor.account)?;
        let identity = actor.identity(world)?;
        // Of a name that was given again nobody knows that it is still the same.
        let is_same = actor.id.as_ref().is_none_or(|id| *id == identity.id);
        is_same.then_some((model, identity))
    });
    // Without an issuer a session's own ARN stands there, which names the role without its path.
    if party.arn.as_deref().is_some_and(|arn| arn.contains(":assumed-role/")) {
        party.arn = found.and_then(|(model, identity)| arn_of(model, identity));
    }
    let path = party.arn.as_deref().and_then(path_of);
    let tags = found.and_then(|(_, identity)| tags_of(&identity.tags));
    Somebody { party, path, tags }
}

fn target(cx: &Cx<'_>, event: &Event, before: World<'_>) -> Somebody {
    let mut party = event.target_party();
    let account = event.account;
    let kind = match party.kind.as_deref() {
        Some("user") => Some(Kind::User),
        Some("group") => Some(Kind::Group),
        Some("role") => Some(Kind::Role),
        _ => None,
    };
    let name = party.name.clone();
    let find = |model: Option<&'_ Model>| -> Option<(Option<String>, Identity)> {
        let (model, kind) = (model?, kind?);
        let identity = model.find(kind, name.as_deref()?)?;
        Some((arn_of(model, identity), identity.clone()))
    };
    let known = find(account.and_then(|account| before.model(account)));
    // What the call made has the ARN that it was given; its tags are the caller's own words.
    let is_made = cx.change.is_some_and(|change| {
        change.touched.iter().any(|touched| touched.field == Field::Existence)
    });
    let made = || find(cx.change.filter(|_| is_made).map(|change| &change.after));
    let is_new = known.is_none();
    let mut tags = known.as_ref().and_then(|(_, identity)| tags_of(&identity.tags));
    if let Some((arn, identity)) = known.or_else(made) {
        party.arn = party.arn.or(arn);
        if party.id.is_none() && !identity.id.is_provisional() {
            party.id = Some(identity.id.as_str().to_owned());
        }
    }
    if party.arn.is_none() && is_new {
        party.arn = made_arn(event, &party);
    }
    if party.kind.as_deref() == Some("policy")
        && let Some((arn, model)) =
            party.arn.as_deref().zip(account.and_then(|id| before.model(id)))
    {
        tags = model.policy(arn).and_then(|policy| tags_of(&policy.tags));
    }
    let path = party.arn.as_deref().and_then(path_of);
    Somebody { party, path, tags }
}

/// The ARN of what a call makes or was to make: by its answer, else by its parameters.
fn made_arn(event: &Event, party: &Party) -> Option<String> {
    let (kind, member) = match party.kind.as_deref()? {
        "user" => ("user", "user.arn"),
        "group" => ("group", "group.arn"),
        "role" => ("role", "role.arn"),
        "policy" => ("policy", "policy.arn"),
        "instance_profile" => ("instance-profile", "instanceProfile.arn"),
        _ => return None,
    };
    if !event.name().starts_with("Create") {
        return None;
    }
    if let Some(arn) = event.response(member) {
        return Some(arn.to_owned());
    }
    let (account, name) = (event.account?, party.name.as_deref()?);
    // Without parameters the path is not known, and a default would be a guess.
    event.value("requestParameters")?;
    let path = event.request("path").unwrap_or("/");
    let partition = Arn::parse(&event.caller.arn).map_or("aws", |arn| arn.partition);
    Some(format!("arn:{partition}:iam::{account}:{kind}{path}{name}"))
}

/// The tags that a call gives: a list of keys and values as IAM has it, or a map.
fn request_tags(event: &Event) -> Option<BTreeMap<String, String>> {
    if event.parameters_omitted() {
        return None;
    }
    let Some(parameters) = event.value("requestParameters") else {
        // The record of a refused call may leave them out.
        return (event.outcome == Outcome::Succeeded).then(BTreeMap::new);
    };
    let names = ["tags", "tagsList", "tagList"];
    let Some(found) = names.iter().find_map(|name| json::at(parameters, name)) else {
        return Some(BTreeMap::new());
    };
    if let Some(map) = found.as_object() {
        let pairs = map.iter();
        return pairs
            .map(|(key, value)| Some((key.to_owned(), value.as_str()?.to_owned())))
            .collect();
    }
    let tag = |tag: &Value| {
        let value = json::at(tag, "value").map_or(Some(""), |value| value.as_str());
        Some((json::text(tag, "key")?.to_owned(), value?.to_owned()))
    };
    found.as_array()?.iter().map(tag).collect()
}

fn arn_of(model: &Model, identity: &Identity) -> Option<String> {
    identity.arn(model.partition(), model.account())
}

/// The path of an IAM entity: `/app/` of `arn:aws:iam::111122223333:role/app/deploy`.
fn path_of(arn: &str) -> Option<String> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "iam")?;
    let (_, rest) = arn.resource.split_once('/')?;
    Some(match rest.rsplit_once('/') {
        Some((path, _)) => format!("/{path}/"),
        None => "/".to_owned(),
    })
}

/// All tags, where all are known.
fn tags_of(tags: &Listing<Arc<str>, Arc<str>>) -> Option<BTreeMap<String, String>> {
    if !tags.is_complete() {
        return None;
    }
    let pairs = tags.iter().map(|(key, value)| Some((key.to_string(), value.value()?.to_string())));
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_a_slash_at_both_ends() {
        let path = |resource: &str| path_of(&format!("arn:aws:iam::111122223333:{resource}"));
        assert_eq!(path("role/deploy").as_deref(), Some("/"));
        assert_eq!(path("role/app/deploy").as_deref(), Some("/app/"));
        assert_eq!(path("user/a/b/c").as_deref(), Some("/a/b/"));
        assert_eq!(path("root"), None);
        assert_eq!(path_of("arn:aws:sts::111122223333:assumed-role/deploy/x"), None);
    }
}
