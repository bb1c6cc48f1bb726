//! A principal mints an access key that belongs to somebody else.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "access-key-for-another-user",
    title: "Access key created for another user",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-01"],
    select: Select {
        events: &["iam:CreateAccessKey"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.001"],
    risk: "Whoever holds the key acts as that user, from anywhere, until the key is deactivated.",
    false_positives: &["Joiner automation that hands out keys: suppress it for its role."],
    remedies: &["deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:CreateAccessKey user/alice",
        "role/app/i-0123456789abcdef0 iam:CreateAccessKey user/alice",
        "mallory iam:CreateAccessKey user/alice denied",
    ],
    quiet_on: &["alice iam:CreateAccessKey user/alice", "alice iam:CreateAccessKey"],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    // AWS lets `userName` be absent, meaning the caller; decoding has filled it in.
    let owner = event.target()?.name?;
    if event.caller.is_user(&owner) || event.caller.kind == CallerKind::Root && owner == "root" {
        return None;
    }
    let done = match cx.outcome() {
        Outcome::Succeeded => "created an access key for",
        Outcome::Denied | Outcome::Failed => "tried to create an access key for",
    };
    let text = format!("{{actor}} {done} user {owner}{{times}}.");
    // For somebody weaker it is only persistence.
    Some(Match::on_target(event, text).weighed(Weight::AtLeast(Severity::Low)))
}
