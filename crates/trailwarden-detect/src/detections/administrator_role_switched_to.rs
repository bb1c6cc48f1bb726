//! Somebody switches in the console to a role that is as good as administrator, for the first time.
//!
//! The record stands in the role's account and its caller is already the new session; who switched is
//! in `SwitchFrom`. The role's grade is that of the account model at that moment.

use trailwarden_account::World;
use trailwarden_account::identity::Kind;
use trailwarden_policy::reach::Grade;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "administrator-role-switched-to",
    title: "First switch to an administrator role",
    severity: Severity::Low,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-CL-05"],
    select: Select {
        events: &["signin:SwitchRole"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1078.004"],
    risk: "A stolen console session reaches for the strongest role that it may become.",
    false_positives: &["A person with a new task: ask, and see what the session did."],
    remedies: &["revoke-sessions"],
    needs: Needs::History,
    fires_on: &[r#"admin iam:CreateRole role/boss trust=111122223333
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           role/boss/carol signin:SwitchRole {"additionalEventData":{"SwitchFrom":"arn:aws:iam::111122223333:user/carol"}}
      +20d role/boss/alice signin:SwitchRole {"additionalEventData":{"SwitchFrom":"arn:aws:iam::111122223333:user/alice"}}"#],
    quiet_on: &[
        r#"admin iam:CreateRole role/boss trust=111122223333
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           role/boss/alice signin:SwitchRole {"additionalEventData":{"SwitchFrom":"arn:aws:iam::111122223333:user/alice"}}
      +20d role/boss/alice signin:SwitchRole {"additionalEventData":{"SwitchFrom":"arn:aws:iam::111122223333:user/alice"}}"#,
        r#"admin iam:CreateRole role/app trust=111122223333
           admin iam:PutRolePolicy role/app allow=s3:GetObject
           role/app/alice signin:SwitchRole {"additionalEventData":{"SwitchFrom":"arn:aws:iam::111122223333:user/alice"}}
      +20d role/app/bob signin:SwitchRole {"additionalEventData":{"SwitchFrom":"arn:aws:iam::111122223333:user/bob"}}"#,
    ],
    logic: Logic::First(First { of, learn_days: 14, memory_days: 90, tell }),
};

fn of(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    let Call::SigninSwitchRole(call) = &event.call else { return None };
    let (role, from) = (call.role_arn.as_deref()?, call.switch_from.as_deref()?);
    is_administrator(cx, event, role).then(|| (hash::of(role), hash::of(from)))
}

fn is_administrator(cx: &Cx<'_>, event: &Event, role: &str) -> bool {
    let world = World::of(cx.models());
    let graded = || {
        let model = world.model(event.account?)?;
        let role = model.find_arn(role).filter(|role| role.kind == Kind::Role)?;
        Some(world.standing(model.account(), &role.id)?.grading().unconditional)
    };
    graded() == Some(Grade::Admin)
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let Call::SigninSwitchRole(call) = &event.call else { return None };
    let (role, from) = (call.role_arn.as_deref()?, call.switch_from.as_deref()?);
    let text = format!(
        "{from} switched in the console to {role}, which is administrator, for the first time in 90 days."
    );
    Some(Match::on_target(event, text).subject(format!("{from} {role}")))
}
