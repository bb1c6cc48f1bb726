//! A policy too large for CloudTrail to show.

use trailwarden_record::json;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "policy-parameters-omitted",
    title: "Policy written with its parameters left out of the log",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-DE-05"],
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
    attack: &["T1562.008"],
    risk: "IAM does not count white space, CloudTrail does: padding a policy beyond 100 KB hides from the log what it grants and to whom.",
    false_positives: &[
        "None known: no tool pads a policy to 100 KB. Read the policy with the matching Get call and judge what it grants.",
    ],
    remedies: &["read-the-policy", "detach-policy"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:PutUserPolicy {"requestParameters":{"reason":"requestParameters too large","omitted":true,"originalSize":102871}}"#,
        r#"role/app/s iam:CreatePolicyVersion {"requestParameters":{"reason":"requestParameters too large","omitted":"true","originalSize":131088}}"#,
        r#"mallory iam:UpdateAssumeRolePolicy failed=MalformedPolicyDocumentException {"requestParameters":{"reason":"requestParameters too large","omitted":true}}"#,
    ],
    quiet_on: &[
        r#"alice iam:PutUserPolicy user/alice {"request":{"policyName":"p","policyDocument":"{}"}}"#,
        "mallory iam:PutUserPolicy user/alice denied",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if !event.parameters_omitted() {
        return None;
    }
    let size = json::number(&event.json, "requestParameters.originalSize");
    let size = size.map(|bytes| format!(" ({bytes} bytes)")).unwrap_or_default();
    let done = event.done_or("called", "tried");
    let name = event.name();
    let text = format!(
        "{{actor}} {done} {name}{{times}} with parameters so large{size} that CloudTrail left them out: what the policy grants, and \
         to whom, is not in the log."
    );
    // Without parameters there may be no target; then every such call of the caller is one finding.
    let target = event.target().and_then(|target| target.name);
    let matched = if target.is_some() {
        Match::on_target(event, text)
    } else {
        Match::on_caller(event, text)
    };
    Some(matched)
}
