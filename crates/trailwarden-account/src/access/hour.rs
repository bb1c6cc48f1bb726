//! The time of a request, and the windows of time that conditions open.
//!
//! A window that is closed lets nobody through, whether it is over or yet to come. One that is open and
//! will never close is no condition. When a session began is no choice of its caller either: it was not
//! long ago, as no temporary credentials are good for long.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (`aws:CurrentTime`, `aws:EpochTime`,
//! `aws:TokenIssueTime`).

use std::borrow::Cow;

use trailwarden_model::Timestamp;
use trailwarden_policy::evaluate::{
    Caller, Compiled, Context, Entity, Entry, Input, Outcome, Request, decide, second_of,
};
use trailwarden_policy::{Condition, Document, Effect, PolicyKind, Statement};

use super::Standing;
use crate::text::PolicyText;

/// The keys of the clock, in lower case.
const CLOCK: [&str; 2] = ["aws:currenttime", "aws:epochtime"];

/// The key of when a session began, in lower case; credentials of a user's own lack it.
const BEGIN: &str = "aws:tokenissuetime";

/// No temporary credentials are good for longer.
///
/// Source: AWS STS API Reference, `GetSessionToken` and `GetFederationToken` (36 hours; a session of a
/// role has 12 at most).
const SESSION_SECONDS_MAX: i64 = 36 * 3_600;

/// The last second of the year 9999, when every window that ever closes is closed.
pub(super) const END: Timestamp = Timestamp::from_seconds(253_402_300_799);

/// Whether a condition key, in lower case, is the time of the request.
pub(crate) fn is_clock(key: &str) -> bool {
    CLOCK.contains(&key)
}

/// Whether what a condition key, in lower case, may hold depends on the time of the request.
pub(crate) fn is_time(key: &str) -> bool {
    is_clock(key) || is_begin(key)
}

/// Whether a condition key, in lower case, is when the session began.
pub(super) fn is_begin(key: &str) -> bool {
    key == BEGIN
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

    /// Whether some policy that counts for it may say something else at one time than at the other.
    pub(crate) fn turns_between(&self, one: Timestamp, other: Timestamp) -> bool {
        let mut texts = self.on_time();
        texts.any(|text| text.document().is_ok_and(|document| turns_between(document, one, other)))
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

/// A time that a policy names, and the first second that its window has on the other side of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Turn {
    pub(crate) at: Timestamp,
    pub(crate) beyond: Timestamp,
}

/// The times after `now` at which windows of a document open or close.
pub(crate) fn turns(document: &Document, now: Timestamp) -> impl Iterator<Item = Turn> {
    let conditions = document.statements.iter().flat_map(|statement| &statement.conditions);
    let of_time = conditions.filter(|condition| is_time(&condition.key.to_ascii_lowercase()));
    let turns = of_time.flat_map(|condition| {
        let operator = condition.parsed_operator().base;
        let is = |ends: [&str; 2]| ends.iter().any(|end| operator.ends_with(end));
        // "From" and "before" turn with the very second, "after" and "up to" in the next one; "at" does
        // both.
        let is_next = is(["greaterthan", "lessthanequals"]);
        let is_both = !is_next && !is(["greaterthanequals", "lessthan"]);
        let times = condition.values.iter().filter_map(|value| second_of(value));
        times.map(Timestamp::from_seconds).flat_map(move |at| {
            let same = (!is_next || is_both).then_some(Turn { at, beyond: at });
            let next = (is_next || is_both).then(|| Turn { at, beyond: at.plus(1) });
            same.into_iter().chain(next)
        })
    });
    turns.filter(move |turn| turn.beyond > now)
}

/// Whether a document may say something else at one time than at the other: with what a condition names,
/// or when no session is left that began before.
fn turns_between(document: &Document, one: Timestamp, other: Timestamp) -> bool {
    let (first, last) = (one.min(other).seconds(), one.max(other).seconds());
    let mut conditions = document.statements.iter().flat_map(|statement| &statement.conditions);
    conditions.any(|condition| {
        let key = condition.key.to_ascii_lowercase();
        let lasts = if is_begin(&key) { SESSION_SECONDS_MAX } else { 0 };
        let turns = |value: &String| match second_of(value) {
            Some(second) => [second, second.saturating_add(lasts)]
                .iter()
                .any(|second| (first..=last).contains(second)),
            None => true,
        };
        is_time(&key)
            && condition.parsed_operator().base != "null"
            && condition.values.iter().any(turns)
    })
}

/// When a session began that asks at that time, where it is a session.
pub(super) fn begun(now: Timestamp, may_be_absent: bool) -> Entry {
    let to = now.seconds();
    Entry::Between { from: to.saturating_sub(SESSION_SECONDS_MAX), to, may_be_absent }
}

/// The value of a key of the clock.
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
    let mut context = CLOCK.iter().fold(context, |context, key| match value(key, now) {
        Some(value) => context.with(key, &value),
        None => context,
    });
    context.insert(BEGIN, begun(now, true));
    context
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
fn holds_for_ever(condition: &Condition, has_variables: bool, context: &Context) -> bool {
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
