//! A Roles Anywhere profile says which roles holders of certificates may have.
//!
//! Severity is by what the roles may do, medium where that is not known; a profile that drops roles, or one that only
//! changes its name, is quiet when it lists none.

use trailwarden_account::effect::{Width, of_gain};
use trailwarden_account::{PolicyText, World};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "roles-opened-to-certificates",
    title: "Roles opened to holders of certificates",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-18"],
    select: Select {
        events: &[
            "rolesanywhere:CreateProfile",
            "rolesanywhere:UpdateProfile",
            "rolesanywhere:ImportCrl",
            "rolesanywhere:DeleteCrl",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.003"],
    risk: "With a trusted authority, anybody who holds one of its certificates becomes one of these roles. Without its revocation list, a certificate that was withdrawn works again.",
    false_positives: &[
        "A team that gives its servers roles by certificate: suppress it for who sets up profiles.",
    ],
    remedies: &["disable-roles-anywhere-profile"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory rolesanywhere:CreateProfile {"request":{"name":"p","roleArns":["arn:aws:iam::111122223333:role/admin"]}}"#,
        r#"role/app rolesanywhere:UpdateProfile {"request":{"profileId":"0b1","roleArns":["arn:aws:iam::111122223333:role/admin"]}}"#,
        r#"mallory rolesanywhere:DeleteCrl {"request":{"crlId":"0b1"}}"#,
        r#"mallory rolesanywhere:CreateProfile denied {"request":{"name":"p","roleArns":["arn:aws:iam::111122223333:role/admin"]}}"#,
    ],
    quiet_on: &[
        r#"alice rolesanywhere:UpdateProfile {"request":{"profileId":"0b1","durationSeconds":900}}"#,
        r#"alice rolesanywhere:ImportCrl {"request":{"name":"c","enabled":true}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let party = event.target()?.party();
    let target = event.request("name").unwrap_or_else(|| party.label());
    let (roles, did) = match &event.call {
        Call::RolesanywhereCreateProfile(call) => (call.role_arns.as_slice(), "profile"),
        Call::RolesanywhereUpdateProfile(call) => (call.role_arns.as_slice(), "profile"),
        Call::RolesanywhereDeleteCrl(_) => (&[][..], "list"),
        // A list that is off, or takes the place of a fuller one, withdraws nothing.
        Call::RolesanywhereImportCrl(call) if call.enabled == Some(false) => (&[][..], "list"),
        _ => return None,
    };
    if did == "list" {
        let took = event.done_or("took", "tried to take");
        let text = format!("{{actor}} {took} the revocation list {target} out of force{{times}}.");
        return Some(Match::on_target(event, text));
    }
    if roles.is_empty() {
        return None;
    }
    let opened = event.done_or("opened", "tried to open");
    let text = format!(
        "{{actor}} {opened} {} to holders of certificates by the profile {target}{{times}}.",
        listed(roles)
    );
    let severity = roles.iter().filter_map(|role| behind(cx, event, role)).max();
    let severity = severity.unwrap_or(Severity::Medium).max(Severity::Medium);
    Some(Match::on_target(event, text).attempted_if_not(event.outcome, severity))
}

/// How grave it is that somebody may become a role; none where that is not known, or the role is known
/// not to let the service in.
fn behind(cx: &Cx<'_>, event: &Event, role: &str) -> Option<Severity> {
    let world = World::of(cx.models());
    let model = world.model(event.account?)?;
    let role = model.find_arn(role)?;
    // Whoever names everybody, or spells by numbers, may let it in.
    let may_let_in = |text: &&str| {
        ["rolesanywhere.amazonaws.com", "\"*\"", "\\u"].into_iter().any(|part| text.contains(part))
    };
    let is_shut = |trust: &PolicyText| Some(trust.as_str()).filter(may_let_in).is_none();
    if role.trust.value().is_some_and(is_shut) {
        return None;
    }
    let standing = world.standing(model.account(), &role.id)?;
    of_gain(standing.grading().grade, false, Width::Scoped)
}
