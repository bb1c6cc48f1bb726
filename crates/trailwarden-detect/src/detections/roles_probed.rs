//! Many different roles refuse one caller within minutes.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "roles-probed",
    title: "Many roles probed",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-RE-07"],
    select: Select {
        events: &["sts:AssumeRole"],
        outcomes: &[Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1087.004"],
    risk: "Somebody tries role after role until one lets them in.",
    false_positives: &[
        "A tool that tries every account of an organization while one role is missing there: it names the same role in each account.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"+30s mallory sts:AssumeRole role/r0 denied
             +30s mallory sts:AssumeRole role/r1 denied
             +30s mallory sts:AssumeRole role/r2 denied
             +30s mallory sts:AssumeRole role/r3 denied
             +30s mallory sts:AssumeRole role/r4 denied"#,
        r#"+30s role/app/s sts:AssumeRole role/r0 denied
             +30s role/app/s sts:AssumeRole role/r1 denied
             +30s role/app/s sts:AssumeRole role/r2 denied
             +30s role/app/s sts:AssumeRole role/r3 denied
             +30s role/app/s sts:AssumeRole role/r4 denied"#,
    ],
    quiet_on: &[
        r#"+30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied
             +30s alice sts:AssumeRole role/r denied"#,
        r#"+5m alice sts:AssumeRole role/r0 denied
             +5m alice sts:AssumeRole role/r1 denied
             +5m alice sts:AssumeRole role/r2 denied
             +5m alice sts:AssumeRole role/r3 denied
             +5m alice sts:AssumeRole role/r4 denied"#,
        r#"+30s alice sts:AssumeRole role/r0
             +30s alice sts:AssumeRole role/r1
             +30s alice sts:AssumeRole role/r2
             +30s alice sts:AssumeRole role/r3
             +30s alice sts:AssumeRole role/r4
             +30s alice sts:AssumeRole role/r5"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 5, within_seconds: 10 * MINUTE, tell }),
};

/// The role as the refusal names it: parameters are not logged then.
fn role(event: &Event) -> Option<String> {
    let resource = event.denial.as_ref().and_then(|denial| denial.resource.as_ref());
    let role =
        resource.map(|resource| resource.arn.clone().unwrap_or_else(|| resource.name.clone()));
    role.or_else(|| event.request("roleArn").map(str::to_owned))
}

fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let origin = cx.origin();
    let role = role(cx.event()?)?;
    (origin != 0).then(|| (origin, hash::of(&role)))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let mut roles: Vec<String> = story.events.iter().filter_map(|event| role(event)).collect();
    roles.sort();
    roles.dedup();
    roles.truncate(8);
    let text = format!(
        "{{actor}} was refused {} different roles within 10 minutes, from {}, among them {}.",
        story.distinct,
        event.address,
        roles.join(", ")
    );
    Some(Match::on_caller(event, text))
}
