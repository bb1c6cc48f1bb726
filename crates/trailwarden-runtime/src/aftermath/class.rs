//! What a call after a measure says of it.

use trailwarden_model::{Outcome, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::caller::CallerKind;
use trailwarden_record::event::EventKind;

use super::SETTLES;

/// What a call says of the containment, the least grave first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Class {
    /// It needs no permission, so no policy denies it.
    Free,
    /// It was refused.
    Refused,
    /// Whether it was let in cannot be told.
    Unclear,
    /// It went through while the change may not have been everywhere.
    Early,
    /// It went through.
    Late,
}

/// Errors that say that the credentials themselves were refused.
const NO_CREDENTIALS: [&str; 6] = [
    "AuthFailure",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClient",
];

/// Of a call with credentials that were taken away.
pub(super) fn by_credential(since: Timestamp, event: &Event) -> Option<Class> {
    let seconds = event.time.since(since);
    if seconds <= 0 {
        return None;
    }
    let refuses = || NO_CREDENTIALS.iter().any(|code| event.error_code.contains(code));
    Some(match event.outcome {
        Outcome::Denied => Class::Refused,
        Outcome::Failed if refuses() => Class::Refused,
        // A service may look at the parameters before it asks who may do what.
        Outcome::Failed => Class::Unclear,
        Outcome::Succeeded if seconds <= SETTLES => Class::Early,
        Outcome::Succeeded => Class::Late,
    })
}

/// Of a call of somebody who is denied everything.
///
/// Whoever signs in shows who he is and asks for nothing yet. Two calls need no permission, so that no
/// policy can deny them (AWS STS API Reference, `GetCallerIdentity`, `GetSessionToken`).
pub(super) fn by_policy(since: Timestamp, event: &Event) -> Option<Class> {
    let class = by_credential(since, event)?;
    let is_free = matches!(event.kind, EventKind::SignIn)
        || event.service() == "signin"
        || ["sts:GetCallerIdentity", "sts:GetSessionToken"].contains(&event.action().as_str());
    Some(if is_free && event.outcome == Outcome::Succeeded { Class::Free } else { class })
}

/// Of a sign-in of somebody who has no password; access keys and sessions go on.
pub(super) fn by_password(since: Timestamp, event: &Event) -> Option<Class> {
    if event.kind != EventKind::SignIn || event.name() != "ConsoleLogin" {
        return None;
    }
    let class = by_credential(since, event)?;
    Some(if event.outcome == Outcome::Succeeded { class } else { Class::Refused })
}

/// Of a call of somebody whose sessions from before a time are denied everything.
///
/// Long-term keys have no such time and are not concerned (IAM User Guide, "Revoke IAM role temporary
/// security credentials").
pub(super) fn by_session(since: Timestamp, before: Timestamp, event: &Event) -> Option<Class> {
    let class = by_policy(since, event)?;
    let begun = event.text("userIdentity.sessionContext.attributes.creationDate");
    match begun.and_then(Timestamp::parse) {
        Some(begun) => (begun < before).then_some(class),
        None if event.caller.kind == CallerKind::User
            && !event.caller.access_key.starts_with("ASIA") =>
        {
            None
        }
        None => Some(class.min(Class::Unclear)),
    }
}
