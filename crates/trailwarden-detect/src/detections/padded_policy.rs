//! A policy that is mostly white space.

use trailwarden_policy::minified_len;

use crate::prelude::*;

/// 4 KB of white space and a little more.
macro_rules! padding {
    () => {
        concat!(padding!(1), padding!(1), padding!(1), padding!(1), padding!(1))
    };
    (1) => {
        concat!(padding!(2), padding!(2), padding!(2), padding!(2))
    };
    (2) => {
        concat!(padding!(3), padding!(3), padding!(3), padding!(3))
    };
    (3) => {
        "                                                                "
    };
}

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "padded-policy",
    title: "Policy padded with white space",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-06"],
    select: Select {
        events: &[
            "iam:PutUserPolicy",
            "iam:PutGroupPolicy",
            "iam:PutRolePolicy",
            "iam:CreatePolicy",
            "iam:CreatePolicyVersion",
            "iam:CreateRole",
            "iam:UpdateAssumeRolePolicy",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1027"],
    risk: "Padding is how a policy is pushed over the size above which CloudTrail leaves it out; below that size it is a rehearsal, or hides a statement far to the right.",
    false_positives: &[
        "A generator that indents deeply: more than half of the text must be white space, which few do. Suppress it for its role.",
    ],
    remedies: &["read-the-policy"],
    needs: Needs::Nothing,
    fires_on: &[
        concat!(
            r#"mallory iam:PutUserPolicy user/alice {"request":{"policyName":"p","policyDocument":"{"#,
            padding!(),
            r#"\"Statement\":[]}"}}"#
        ),
        concat!(
            r#"role/app/s iam:UpdateAssumeRolePolicy role/x {"request":{"policyDocument":"{"#,
            padding!(),
            r#"\"Statement\":[]}"}}"#
        ),
    ],
    quiet_on: &[
        r#"alice iam:PutUserPolicy user/alice {"request":{"policyName":"p","policyDocument":"{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": []\n}"}}"#,
    ],
    logic: Logic::Each(detect),
};

/// Below this a policy may be laid out as it likes.
const RAW_MIN: usize = 4_096;

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let raw = event.identity_policy().or_else(|| event.trust_policy())?;
    // Text that is no JSON was refused by IAM; its length is no evidence.
    let dense = minified_len(raw)?;
    if raw.len() <= RAW_MIN || raw.len() <= 2 * dense {
        return None;
    }
    let done = event.done_or("wrote", "tried to write");
    let text = format!(
        "{{actor}} {done} a policy for {} of which {} of {} bytes are padding{{times}}.",
        event.target_phrase(),
        raw.len() - dense,
        raw.len()
    );
    Some(Match::on_target(event, text))
}
