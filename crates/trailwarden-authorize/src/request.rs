//! From what is known of a change to what Cedar is asked.
//!
//! What is `None` stays absent. A principal or resource without ARN gets an id that begins with `?`;
//! policies cannot name it, since load demands ARNs.

mod party;
mod wanted;

use std::collections::HashSet;
use std::net::IpAddr;

use cedar_policy::{Context, Entities, Entity, EntityUid, Request, RestrictedExpression as Value};
use trailwarden_model::time::{DAY, HOUR};
use trailwarden_model::{Outcome, Timestamp};

pub(crate) use self::party::Party;
use self::party::{some_texts, tags, team, text};
pub(crate) use self::wanted::Wanted;
use crate::asked::{Actor, Asked, Behind, EffectFacts, KnownEffect, severity_rank};
use crate::directory::Directory;
use crate::schema::{self, Catalogue};
use crate::unknown::{self, Unknown};

/// A change as Cedar takes it.
pub(crate) struct Question {
    pub(crate) request: Request,
    pub(crate) entities: Entities,
    /// Whether the schema lists the call.
    pub(crate) is_listed: bool,
}

/// Builds the question with the facts that are wanted; an error is a text for people.
pub(crate) fn question(
    asked: &Asked,
    directory: &Directory,
    wanted: &Wanted,
) -> Result<Question, String> {
    let catalogue = schema::catalogue()?;
    let (principal, resource) = parties(asked, catalogue)?;
    let action = action(&asked.action, catalogue)?;
    let call = action.uid();
    let mut entities = vec![action];
    if principal.is_same(&resource) {
        entities.extend(resource.entities("resource", directory, wanted)?);
    } else {
        entities.extend(principal.entities("principal", directory, wanted)?);
        entities.extend(resource.entities("resource", directory, wanted)?);
    }
    let mut pairs = context(asked, directory, wanted)?;
    if let Some(given) = asked.request_tags.as_ref().filter(|_| wanted.has("request_tags")) {
        let tags = tags("request", given)?;
        pairs.push(("request_tags".to_owned(), Value::new_entity_uid(tags.uid())));
        entities.push(tags);
    }
    let entities = Entities::from_entities(entities, None).map_err(|error| error.to_string())?;
    let context = Context::from_pairs(pairs);
    let context = context.map_err(|error| error.to_string())?;
    let request = Request::new(principal.uid, call, resource.uid, context, None)
        .map_err(|error| error.to_string())?;
    let is_listed = catalogue.calls.contains_key(&asked.action);
    Ok(Question { request, entities, is_listed })
}

/// Whoever made the call, and what it was made on. Where both are one, either part tells of it.
fn parties<'a>(asked: &'a Asked, catalogue: &Catalogue) -> Result<(Party<'a>, Party<'a>), String> {
    let principal = Party::of_actor(&asked.actor, catalogue)?;
    let resource = Party::of_target(&asked.target, &asked.action, catalogue)?;
    if !principal.is_same(&resource) {
        return Ok((principal, resource));
    }
    let both = match resource.is_unnamed() {
        true => principal.or(&resource),
        false => resource.or(&principal),
    };
    Ok((both.clone(), both))
}

/// What is not known of a change; all of it where it cannot even be asked about.
pub(crate) fn unknown(asked: &Asked) -> Unknown {
    let catalogue = schema::catalogue().map_err(str::to_owned);
    match catalogue.and_then(|catalogue| parties(asked, catalogue)) {
        Ok((principal, resource)) => unknown::unknown(asked, &principal, &resource),
        Err(_) => Unknown::ALL,
    }
}

/// The call, below its groups. One that the schema does not list is in `write` and, where there is
/// one, in the group of its service.
fn action(call: &str, catalogue: &Catalogue) -> Result<Entity, String> {
    if let Some(call) = catalogue.calls.get(call) {
        return Ok(call.entity.clone());
    }
    let uid = schema::action_uid(call).ok_or("no action")?;
    Ok(Entity::new_no_attrs(uid, groups_of(call)))
}

/// The groups that a call is in.
pub(crate) fn groups_of(call: &str) -> HashSet<EntityUid> {
    let Ok(catalogue) = schema::catalogue() else { return HashSet::new() };
    let groups = if catalogue.calls.contains_key(call) {
        schema::groups_of(call)
    } else {
        let service = call.split(':').next();
        let service = service.filter(|service| catalogue.groups.contains_key(*service));
        ["write"].into_iter().chain(service).collect()
    };
    groups.into_iter().filter_map(schema::action_uid).collect()
}

type Pairs = Vec<(String, Value)>;

fn context(asked: &Asked, directory: &Directory, wanted: &Wanted) -> Result<Pairs, String> {
    let Actor { session, source_identity, issuer, mfa, behind, .. } = &asked.actor;
    let Timestamps { hour, weekday } = Timestamps::of(asked.time);
    let mut pairs = vec![
        ("hour".to_owned(), Value::new_long(hour)),
        ("weekday".to_owned(), Value::new_long(weekday)),
        ("denied".to_owned(), Value::new_bool(asked.outcome == Outcome::Denied)),
        ("from_console".to_owned(), Value::new_bool(asked.from_console)),
    ];
    if wanted.has("time") {
        pairs.push(("time".to_owned(), Value::new_datetime(asked.time.to_string())));
    }
    let session_name = session.as_deref().and_then(|arn| arn.rsplit('/').next());
    let texts = [
        ("event_id", Some(asked.event_id.as_str())),
        ("outcome", Some(asked.outcome.as_str())),
        ("account", asked.account.as_deref()),
        ("region", asked.region.as_deref()),
        ("source", asked.source.as_deref()),
        ("via", asked.via.as_deref()),
        ("session", session.as_deref()),
        ("session_name", session_name),
        ("source_identity", source_identity.as_deref()),
        ("issuer", issuer.as_deref()),
    ];
    pairs.extend(some_texts(texts.into_iter().filter(|(name, _)| wanted.has(name))));
    if wanted.has("source_ip") {
        let address = asked.source.as_deref().and_then(address);
        pairs.extend(address.map(|address| ("source_ip".to_owned(), Value::new_ip(address))));
    }
    pairs.extend(mfa.map(|mfa| ("mfa".to_owned(), Value::new_bool(mfa))));
    if let Some(behind) = behind.as_ref().filter(|_| wanted.has("behind")) {
        pairs.push(("behind".to_owned(), record(behind_pairs(behind, directory))?));
    }
    if let EffectFacts::Known(effect) = &asked.effect
        && wanted.has("effect")
    {
        pairs.push(("effect".to_owned(), record(effect_pairs(effect, wanted))?));
    }
    Ok(pairs)
}

fn behind_pairs(behind: &Behind, directory: &Directory) -> Pairs {
    let Behind { kind, arn, name, account, provider, subject } = behind;
    let mut pairs = vec![("kind".to_owned(), text(kind))];
    if let Some(arn) = arn {
        let teams = directory.teams_of(arn).filter_map(team);
        pairs.push(("teams".to_owned(), Value::new_set(teams.map(Value::new_entity_uid))));
    }
    pairs.extend(some_texts([
        ("arn", arn.as_deref()),
        ("name", name.as_deref()),
        ("account", account.as_deref()),
        ("provider", provider.as_deref()),
        ("subject", subject.as_deref()),
    ]));
    pairs
}

fn effect_pairs(effect: &KnownEffect, wanted: &Wanted) -> Pairs {
    let flags = [
        ("moved", Some(effect.moved)),
        ("self_change", Some(effect.self_change)),
        ("crosses_account", Some(effect.crosses_account)),
        ("public", Some(effect.public)),
        ("within_boundary", effect.within_boundary),
    ];
    let numbers = [
        ("grade_before_rank", effect.grade_before.rank()),
        ("grade_after_rank", effect.grade_after.rank()),
        ("severity_rank", severity_rank(effect.severity)),
        ("reach_principals", i64::try_from(effect.reach_principals).unwrap_or(i64::MAX)),
        ("reach_accounts", i64::try_from(effect.reach_accounts).unwrap_or(i64::MAX)),
    ];
    let sets = [
        ("gained", &effect.gained),
        ("lost", &effect.lost),
        ("paths_opened", &effect.paths_opened),
    ];
    let mut pairs: Pairs = Vec::new();
    for (name, flag) in flags.into_iter().filter(|(name, _)| wanted.has(name)) {
        pairs.extend(flag.map(|flag| (name.to_owned(), Value::new_bool(flag))));
    }
    let numbers = numbers.into_iter().filter(|(name, _)| wanted.has(name));
    pairs.extend(numbers.map(|(name, number)| (name.to_owned(), Value::new_long(number))));
    for (name, words) in sets.into_iter().filter(|(name, _)| wanted.has(name)) {
        let words = words.iter().map(|word| text(word));
        pairs.push((name.to_owned(), Value::new_set(words)));
    }
    let texts = [
        ("grade_before", Some(effect.grade_before.as_str())),
        ("grade_after", Some(effect.grade_after.as_str())),
        ("severity", effect.severity.map(|severity| severity.as_str())),
    ];
    pairs.extend(some_texts(texts.into_iter().filter(|(name, _)| wanted.has(name))));
    pairs
}

fn record(pairs: Pairs) -> Result<Value, String> {
    Value::new_record(pairs).map_err(|error| error.to_string())
}

/// An address as Cedar reads it, which knows no IPv4 address inside an IPv6 one.
fn address(source: &str) -> Option<String> {
    match source.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => Some(address.to_string()),
        IpAddr::V6(address) => {
            let groups = address.segments().map(|segment| format!("{segment:x}"));
            Some(groups.join(":"))
        }
    }
}

struct Timestamps {
    hour: i64,
    weekday: i64,
}

impl Timestamps {
    fn of(time: Timestamp) -> Self {
        // The first of January 1970 was a Thursday.
        let weekday = (time.day() + 3).rem_euclid(7) + 1;
        Self { hour: time.seconds().rem_euclid(DAY) / HOUR, weekday }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asked::{Grade, Target};
    use cedar_policy::Schema;
    use trailwarden_model::Severity;

    fn full() -> Asked {
        let some = |text: &str| Some(text.to_owned());
        let tags = || Some([("stage".to_owned(), "test".to_owned())].into());
        Asked {
            event_id: "e1".to_owned(),
            time: Timestamp::from_seconds(1_767_605_400),
            account: some("111122223333"),
            region: some("us-east-1"),
            actor: Actor {
                kind: "user".to_owned(),
                arn: some("arn:aws:iam::111122223333:user/ann"),
                name: some("ann"),
                path: some("/"),
                account: some("111122223333"),
                id: some("AIDA"),
                session: some("arn:aws:sts::111122223333:assumed-role/x/y"),
                source_identity: some("ann"),
                issuer: some("arn:aws:iam::111122223333:role/x"),
                mfa: Some(false),
                tags: tags(),
                behind: Some(Behind {
                    kind: "user".to_owned(),
                    arn: some("arn:aws:iam::111122223333:user/ann"),
                    name: some("ann"),
                    account: some("111122223333"),
                    provider: some("p"),
                    subject: some("s"),
                }),
            },
            action: "iam:PutUserPolicy".to_owned(),
            target: Target {
                kind: some("user"),
                arn: some("arn:aws:iam::111122223333:user/bob"),
                name: some("bob"),
                path: some("/"),
                account: some("111122223333"),
                id: some("AIDB"),
                tags: tags(),
            },
            outcome: Outcome::Succeeded,
            source: some("2001:db8::192.0.2.7"),
            via: some("cloudformation.amazonaws.com"),
            from_console: true,
            request_tags: tags(),
            effect: EffectFacts::Known(KnownEffect {
                grade_after: Grade::Admin,
                gained: vec!["*".to_owned()],
                within_boundary: Some(false),
                severity: Some(Severity::Critical),
                ..KnownEffect::default()
            }),
        }
    }

    fn sparse() -> Asked {
        Asked {
            account: None,
            region: None,
            actor: Actor { kind: "unknown".to_owned(), ..Actor::default() },
            target: Target::default(),
            source: None,
            via: None,
            request_tags: None,
            effect: EffectFacts::Unknown { why: Vec::new() },
            ..full()
        }
    }

    fn directory() -> Directory {
        let text = "[teams.a]\nmembers = [\"arn:aws:iam::111122223333:user/*\"]\n\
                    [owners.\"arn:aws:iam::*:user/*\"]\nteam = \"a\"\n";
        let mut faults = Vec::new();
        let source = crate::error::Source::new("entities.toml", text);
        let directory = crate::directory::read(&source, &mut faults);
        assert_eq!(faults.len(), 0);
        directory
    }

    /// Validation at load is worth something only when questions have the types it assumed.
    #[test]
    fn questions_keep_to_the_schema() {
        let (schema, _) = Schema::from_cedarschema_str(schema::TEXT).unwrap();
        let mut itself = full();
        itself.target.arn.clone_from(&itself.actor.arn);
        for asked in [full(), sparse(), itself] {
            let question = question(&asked, &directory(), &Wanted::Everything).unwrap();
            let Question { request, entities, .. } = question;
            let parts = (request.principal(), request.action(), request.resource());
            let (Some(principal), Some(action), Some(resource)) = parts else { panic!("parts") };
            let context = request.context().unwrap().clone();
            Request::new(
                principal.clone(),
                action.clone(),
                resource.clone(),
                context,
                Some(&schema),
            )
            .unwrap();
            Entities::from_entities(entities.iter().cloned(), Some(&schema)).unwrap();
        }
    }

    #[test]
    fn who_is_not_known_has_an_id_that_no_policy_can_name() {
        let question = question(&sparse(), &directory(), &Wanted::Everything).unwrap();
        let principal = question.request.principal().unwrap().to_string();
        let resource = question.request.resource().unwrap().to_string();
        assert_eq!(
            (principal.as_str(), resource.as_str()),
            ("Unidentified::\"?principal\"", "User::\"?resource\"")
        );
    }

    #[test]
    fn addresses_are_written_as_cedar_reads_them() {
        assert_eq!(address("::ffff:192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(address("2001:db8::1").as_deref(), Some("2001:db8:0:0:0:0:0:1"));
        assert_eq!(address("cloudformation.amazonaws.com"), None);
    }

    #[test]
    fn days_of_the_week_are_counted_from_monday() {
        let weekday = |seconds| Timestamps::of(Timestamp::from_seconds(seconds)).weekday;
        assert_eq!(weekday(0), 4);
        assert_eq!(weekday(-1), 3);
        assert_eq!(weekday(1_767_605_400), 1);
        assert_eq!(Timestamps::of(Timestamp::from_seconds(-1)).hour, 23);
    }
}
