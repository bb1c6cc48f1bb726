//! A Roles Anywhere profile says which roles holders of certificates may have.
//!
//! What the roles may do is for the permission model to say; a profile that drops roles, or one that only
//! changes its name, is quiet when it lists none.

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
    Some(Match::on_target(event, text))
}
