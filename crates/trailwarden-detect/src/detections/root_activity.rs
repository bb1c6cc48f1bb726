//! The root user calls something.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-activity",
    title: "Root user active",
    severity: Severity::High,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-RT-01"],
    select: Select { events: &["*"], outcomes: &[], flags: Flags::ROOT, reads: Reads::Row },
    attack: &["T1078.004"],
    risk: "The root user can do everything, no policy of the account limits it, and its use is hardly ever needed.",
    false_positives: &[
        "One of the few tasks that only root can do: check that it was planned. Suppress it for that day.",
    ],
    remedies: &["enable-mfa", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        "root ec2:DescribeInstances",
        "root iam:CreateUser user/eve",
        "root s3:ListBuckets denied",
    ],
    quiet_on: &[
        r#"root s3:ListBuckets via=trustedadvisor.amazonaws.com {"userIdentity":{"invokedBy":"trustedadvisor.amazonaws.com"}}"#,
        "root signin:ConsoleLogin failed",
        "alice ec2:DescribeInstances",
    ],
    logic: Logic::Watch(|| Box::new(Rows { group, tell })),
};

/// One finding for each account and day.
fn group(cx: &Cx<'_>) -> Option<u64> {
    // A sign-in that fails is not use; `root-login-failures` counts them.
    let failed_sign_in = cx.service() == "signin" && !cx.succeeded();
    if cx.has(Flags::INVOKED_BY_SERVICE) || failed_sign_in {
        return None;
    }
    Some(cx.within_account(&cx.row().time().day().to_string()))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let calls =
        if story.total == 1 { "1 call".to_owned() } else { format!("{} calls", story.total) };
    let text = format!("{{actor}} made {calls} from {}: {}.", event.address, story.names());
    Some(Match::on_caller(event, text))
}
