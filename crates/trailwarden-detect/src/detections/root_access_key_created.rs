//! The root user gets an access key.
//!
//! Only root itself, without `userName`, can make one; root making a key for a user is another case.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-access-key-created",
    title: "Access key created for the root user",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-PE-02"],
    select: Select {
        events: &["iam:CreateAccessKey"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.001"],
    risk: "The key can do everything in the account, no policy of the account limits it, and it needs no second factor.",
    false_positives: &["None that is good: AWS advises against root keys altogether. Delete it."],
    remedies: &["delete-root-access-key"],
    needs: Needs::Nothing,
    fires_on: &["root iam:CreateAccessKey issues=AKIAROOT", "root iam:CreateAccessKey denied"],
    quiet_on: &[
        "root iam:CreateAccessKey user/alice",
        "alice iam:CreateAccessKey",
        "root iam:CreateAccessKey user/alice denied",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.caller.kind != CallerKind::Root || event.request("userName").is_some() {
        return None;
    }
    let refused = event.denial.as_ref().and_then(|denial| denial.resource.as_ref());
    if refused.is_some_and(|resource| resource.kind == "user") {
        return None;
    }
    let created = event.done_or("created", "tried to create");
    let key = event.response("accessKey.accessKeyId");
    let key = key.map(|key| format!(" ({key})")).unwrap_or_default();
    let text = format!("{{actor}} {created} an access key for the root user{{times}}{key}.");
    Some(Match::on_caller(event, text))
}
