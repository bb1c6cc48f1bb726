//! A user is made, given permissions and given a credential, all within a quarter of an hour.
//!
//! Ordinary onboarding looks alike, so the severity rests on what was granted: high when that reads like
//! full access; what a group or another policy grants waits for the permission model. The order does not
//! matter; real logs hold all three in one second.

use trailwarden_policy::{Document, is_admin_like};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "new-user-armed",
    title: "User created with permissions and a credential at once",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-09"],
    select: Select {
        events: &[
            "iam:CreateUser",
            "iam:AttachUserPolicy",
            "iam:PutUserPolicy",
            "iam:AddUserToGroup",
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:CreateServiceSpecificCredential",
            "iam:UploadSigningCertificate",
        ],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1136.003"],
    risk: "A complete identity, ready for use from anywhere, that no one else knows of: the usual way to stay after a break-in.",
    false_positives: &[
        "Joiner automation, or a service user set up by hand: suppress it for the role that does it, with an expiry.",
    ],
    remedies: &["attach-quarantine-policy", "delete-user"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateAccessKey user/eve
+0s mallory iam:AttachUserPolicy user/eve {"request":{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}
+0s mallory iam:CreateUser user/eve"#,
        r#"role/app iam:CreateUser user/eve
+5m role/app iam:AddUserToGroup group/ops {"request":{"userName":"eve"}}
+5m role/app iam:CreateLoginProfile user/eve"#,
        r#"mallory iam:CreateUser user/eve
mallory iam:PutUserPolicy user/eve {"request":{"policyName":"p","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}
mallory iam:CreateAccessKey user/eve"#,
    ],
    quiet_on: &[
        "admin iam:CreateUser user/joiner
admin iam:CreateLoginProfile user/joiner",
        "admin iam:CreateUser user/a
admin iam:AttachUserPolicy user/b
admin iam:CreateAccessKey user/b",
        "admin iam:CreateUser user/a
admin iam:AttachUserPolicy user/a denied
admin iam:CreateAccessKey user/a",
        "admin iam:CreateUser user/a
+20m admin iam:AttachUserPolicy user/a
admin iam:CreateAccessKey user/a",
    ],
    logic: Logic::Sequence(Sequence {
        steps: &[
            Step { joins: made, at_least: 1 },
            Step { joins: granted, at_least: 1 },
            Step { joins: armed, at_least: 1 },
        ],
        any_order: true,
        within_seconds: 15 * MINUTE,
        tell,
    }),
};

fn made(cx: &Cx<'_>) -> Option<(u64, u64)> {
    is_any(cx, &["CreateUser"]).then(|| group(cx))?
}

fn granted(cx: &Cx<'_>) -> Option<(u64, u64)> {
    is_any(cx, &["AttachUserPolicy", "PutUserPolicy", "AddUserToGroup"]).then(|| group(cx))?
}

fn armed(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let grants = ["CreateUser", "AttachUserPolicy", "PutUserPolicy", "AddUserToGroup"];
    (!is_any(cx, &grants)).then(|| group(cx))?
}

fn is_any(cx: &Cx<'_>, names: &[&str]) -> bool {
    names.contains(&cx.name())
}

fn group(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    let user = match &event.call {
        Call::AddUserToGroup(call) => call.user_name.clone(),
        call => call.target()?.name,
    };
    Some((cx.within_account(&user?), cx.action_value()))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let created = story.named("CreateUser")?;
    let Call::CreateUser(call) = &created.call else { return None };
    let user = call.user_name.as_deref()?;
    let administrator = story.events.iter().find_map(|event| grants_all(event));
    let boundary = call.permissions_boundary.as_deref().filter(|boundary| {
        !Arn::parse(boundary).is_some_and(|arn| arn.is_aws_managed("AdministratorAccess"))
    });
    let capped = boundary.map(|boundary| format!(", capped by the boundary {boundary}"));
    let text = format!(
        "{{actor}} made user {user}, granted it {} and gave it a credential within {}{} ({}).",
        administrator.unwrap_or("permissions"),
        story.span(),
        capped.unwrap_or_default(),
        story.names()
    );
    // What the boundary leaves is for the permission model to say.
    let is_high = administrator.is_some() && boundary.is_none();
    Some(Match::on_target(created, text).severity_if(is_high, Severity::High))
}

fn grants_all(event: &Event) -> Option<&'static str> {
    let attached = match &event.call {
        Call::AttachUserPolicy(call) => call.policy_arn.as_deref().and_then(Arn::parse),
        _ => None,
    };
    if attached.is_some_and(|arn| arn.is_aws_managed("AdministratorAccess")) {
        return Some("AdministratorAccess");
    }
    let document = Document::parse(event.identity_policy()?).ok()?;
    is_admin_like(&document).then_some("everything by an inline policy")
}
