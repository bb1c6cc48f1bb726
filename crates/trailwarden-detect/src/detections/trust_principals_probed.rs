//! Somebody writes trust policies to learn which principals exist.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "trust-principals-probed",
    title: "Principals of other accounts probed by trust policies",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CA-06"],
    select: Select {
        events: &["iam:UpdateAssumeRolePolicy", "iam:CreateRole"],
        outcomes: &[Outcome::Failed],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1087.004"],
    risk: "IAM refuses a trust policy that names a principal which does not exist, so guesses can be checked without touching the other account.",
    false_positives: &["A template with a wrong name that is tried again: one name, not several."],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/admin\""}
             mallory iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/deploy\""}"#,
        r#"role/app/s iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/admin\""}
             role/app/s iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/ops\""}"#,
    ],
    quiet_on: &[
        r#"mallory iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/admin\""}
             mallory iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/admin\""}"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/admin\""}
             +1h mallory iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException {"errorMessage":"Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/ops\""}"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/x failed=MalformedPolicyDocumentException
             mallory iam:UpdateAssumeRolePolicy role/y failed=MalformedPolicyDocumentException"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 2, within_seconds: 10 * MINUTE, tell }),
};

/// The principal that IAM does not know, from its message.
fn probed(event: &Event) -> Option<&str> {
    let (_, after) = event.error_message.split_once("Invalid principal in policy")?;
    let named = event.error_code.contains("MalformedPolicyDocument");
    named.then(|| after.trim_matches(|letter: char| letter == ':' || letter.is_whitespace()))
}

fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let probed = probed(cx.event()?)?;
    let origin = cx.origin();
    (origin != 0).then(|| (origin, hash::of(probed)))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let mut probed: Vec<&str> = story.events.iter().filter_map(|event| probed(event)).collect();
    probed.sort_unstable();
    probed.dedup();
    let text = format!(
        "{{actor}} wrote trust policies with {} principals that do not exist, within {}: {}.",
        story.distinct,
        story.span(),
        probed.join("; ")
    );
    Some(Match::on_caller(event, text))
}
