//! The time of a request, and the windows of time that conditions open.
//!
//! A window that is closed lets nobody through, whether it is over or yet to come. One that is open and
//! will never close is no condition.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (`aws:CurrentTime`, `aws:EpochTime`).

use std::borrow::Cow;

use trailwarden_model::Timestamp;
use trailwarden_policy::evaluate::{
    Caller, Compiled, Context, Entity, Input, Outcome, Request, decide, second_of,
};
use trailwarden_policy::{Condition, Document, Effect, PolicyKind, Statement};

use super::Standing;
use crate::text::PolicyText;

/// The keys of the time, in lower case.
const KEYS: [&str; 2] = ["aws:currenttime", "aws:epochtime"];

/// The last second of the year 9999, when every window that ever closes is closed.
const END: Timestamp = Timestamp::from_seconds(253_402_300_799);

/// Whether a condition key, in lower case, is about the time of the request.
pub(crate) fn is_time(key: &str) -> bool {
    KEYS.contains(&key)
}

/// Whether some condition asks what time it is.
pub(crate) fn asks_time(document: &Document) -> bool {
    let mut conditions = document.statements.iter().flat_map(|statement| &statement.conditions);
    conditions.any(|condition| is_time(&condition.key.to_ascii_lowercase()))
}

impl Standing {
    /// Whether some policy that counts for it asks what time it is.
    pub(crate) fn reads_time(&self) -> bool {
        self.on_time().next().is_some()
    }

    /// The policies that count for it and ask what time it is.
    pub(crate) fn on_time(&self) -> impl Iterator<Item = &PolicyText> {
        let held = self.held.policies.iter().filter_map(|held| held.document.value());
        let boundary = self.boundary.value().and_then(Option::as_ref);
        let boundary = boundary.and_then(|boundary| boundary.document.value());
        let scps = self.scps.levels.iter().flat_map(|level| &level.policies);
        let all = held.chain(boundary).chain(scps.filter_map(|(_, text)| text.value()));
        all.filter(|text| text.digest().is_some_and(|digest| digest.reads_time))
    }
}

/// The times after `now` at which windows of a document open or close, as they are written.
pub(crate) fn turns(document: &Document, now: Timestamp) -> impl Iterator<Item = Timestamp> {
    let conditions = document.statements.iter().flat_map(|statement| &statement.conditions);
    let of_time = conditions.filter(|condition| is_time(&condition.key.to_ascii_lowercase()));
    let values = of_time.flat_map(|condition| &condition.values);
    let times = values.filter_map(|value| Some(Timestamp::from_seconds(second_of(value)?)));
    times.filter(move |time| *time > now)
}

/// The value of a key of the time.
pub(super) fn value(key: &str, now: Timestamp) -> Option<String> {
    match key {
        "aws:currenttime" => Some(now.to_string()),
        "aws:epochtime" => Some(now.seconds().to_string()),
        _ => None,
    }
}

/// The context of a request at that time.
pub(crate) fn at(context: Context, now: Option<Timestamp>) -> Context {
    let Some(now) = now else { return context };
    KEYS.iter().fold(context, |context, key| match value(key, now) {
        Some(value) => context.with(key, &value),
        None => context,
    })
}

/// A document without what the time rules out, and without windows that will never close.
pub(crate) fn as_of(document: Cow<'_, Document>, now: Option<Timestamp>) -> Cow<'_, Document> {
    if now.is_none() || !asks_time(&document) {
        return document;
    }
    let has_variables = document.version.as_deref() == Some("2012-10-17");
    let mut document = document.into_owned();
    let context = at(Context::incomplete(), now);
    document.statements.retain_mut(|statement| {
        let allows = statement.effect == Effect::Allow;
        let mut is_open = true;
        statement.conditions.retain(|condition| {
            if !is_time(&condition.key.to_ascii_lowercase()) {
                return true;
            }
            match is_met(condition, has_variables, &context) {
                Some(true) => allows && !holds_for_ever(condition, has_variables, &context),
                Some(false) => {
                    is_open = false;
                    false
                }
                None => true,
            }
        });
        is_open
    });
    Cow::Owned(document)
}

/// Whether a condition that holds now holds at all times to come.
pub(super) fn holds_for_ever(
    condition: &Condition,
    has_variables: bool,
    context: &Context,
) -> bool {
    !is_time(&condition.key.to_ascii_lowercase())
        || is_met(condition, has_variables, &at(context.clone(), Some(END))) == Some(true)
}

/// Whether a condition holds in requests with these keys; none when it depends.
pub(super) fn is_met(
    condition: &Condition,
    has_variables: bool,
    context: &Context,
) -> Option<bool> {
    let statement =
        Statement { conditions: vec![condition.clone()], ..Statement::allowing_everything() };
    let document = Document {
        version: has_variables.then(|| "2012-10-17".to_owned()),
        statements: vec![statement],
        ..Document::default()
    };
    let identity = [Compiled::new("", &document, PolicyKind::Identity)];
    let entity = Entity { arn: "", partition: "", account: "000000000000", name: "" };
    let request = Request::new(Caller::User(entity), "s3:ListAllMyBuckets", "*", context);
    match decide(&Input { identity: &identity, ..Input::new(request) }) {
        Outcome::Allow => Some(true),
        Outcome::ImplicitDeny | Outcome::ExplicitDeny => Some(false),
        Outcome::Unknown => None,
    }
}
