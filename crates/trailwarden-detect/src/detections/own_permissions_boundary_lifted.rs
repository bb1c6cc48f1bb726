//! A user or a session lifts the permissions boundary that caps it, or puts another in its place.
//!
//! Setting a boundary where there was none narrows; the record does not tell that case apart, so a
//! replacement has lower confidence unless the new boundary caps nothing.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "own-permissions-boundary-lifted",
    title: "Own permissions boundary removed or replaced",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-SE-08"],
    select: Select {
        events: &[
            "iam:DeleteUserPermissionsBoundary",
            "iam:PutUserPermissionsBoundary",
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
        ],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098", "T1548.005"],
    risk: "Without its boundary the principal may do everything that its policies allow; boundaries are what delegated administrators are held by.",
    false_positives: &[
        "An administrator who sets a boundary on himself to test it: the boundary in the record shows it.",
    ],
    remedies: &["restore-permissions-boundary", "detach-policy"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:DeleteUserPermissionsBoundary user/mallory",
        "role/developer/mallory iam:DeleteRolePermissionsBoundary role/developer",
        r#"role/ci iam:PutRolePermissionsBoundary role/ci {"request":{"permissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess"}}"#,
        r#"mallory iam:PutUserPermissionsBoundary user/mallory {"request":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/wide"}}"#,
    ],
    quiet_on: &[
        "admin iam:DeleteUserPermissionsBoundary user/mallory",
        r#"mallory iam:PutUserPermissionsBoundary user/mallory {"request":{"permissionsBoundary":"arn:aws:iam::aws:policy/AWSDenyAll"}}"#,
        "mallory iam:DeleteUserPermissionsBoundary user/mallory denied",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if !event.is_on_caller() {
        return None;
    }
    let target = event.target()?;
    let (kind, name) = (target.kind.as_str(), target.name?);
    let Some(boundary) = event.request("permissionsBoundary") else {
        let text =
            format!("{{actor}} removed its own permissions boundary (of {kind} {name}){{times}}.");
        return Some(Match::on_target(event, text).weighed(Weight::Effect));
    };
    let arn = Arn::parse(boundary);
    if arn.is_some_and(|arn| arn.is_aws_managed("AWSDenyAll")) {
        return None;
    }
    let caps_nothing = arn.is_some_and(|arn| arn.is_aws_managed("AdministratorAccess"));
    let text = format!(
        "{{actor}} set {boundary} as its own permissions boundary (of {kind} {name}){{times}}{}.",
        if caps_nothing { ", which caps nothing" } else { "" }
    );
    let confidence = if caps_nothing { Confidence::High } else { Confidence::Medium };
    Some(Match::on_target(event, text).confidence(confidence).weighed(Weight::Effect))
}
