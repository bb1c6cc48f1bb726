//! Another account or service gets power over the whole organization.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "organization-trust-widened",
    title: "Organization-wide trust widened",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-OR-04"],
    select: Select {
        events: &[
            "organizations:RegisterDelegatedAdministrator",
            "organizations:PutResourcePolicy",
            "organizations:EnableAWSServiceAccess",
            "iam:EnableOrganizationsRootSessions",
            "iam:EnableOrganizationsRootCredentialsManagement",
        ],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098"],
    risk: "A delegated administrator, a trusted service or root sessions reach into every account of the organization.",
    false_positives: &[
        "A new security or governance service being introduced: suppress it for the person who does it, until the introduction is over.",
    ],
    remedies: &["deregister-delegated-administrator"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory organizations:RegisterDelegatedAdministrator {"request":{"accountId":"444455556666","servicePrincipal":"guardduty.amazonaws.com"}}"#,
        r#"role/app/s organizations:EnableAWSServiceAccess {"request":{"servicePrincipal":"sso.amazonaws.com"}}"#,
        "root iam:EnableOrganizationsRootSessions",
        "mallory organizations:PutResourcePolicy denied",
    ],
    quiet_on: &[
        r#"alice organizations:RegisterDelegatedAdministrator failed=AccountAlreadyRegisteredException {"request":{"accountId":"444455556666","servicePrincipal":"guardduty.amazonaws.com"}}"#,
        r#"service/controltower.amazonaws.com organizations:EnableAWSServiceAccess {"request":{"servicePrincipal":"sso.amazonaws.com"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.caller.is_aws() {
        return None;
    }
    let target =
        event.request("accountId").map(str::to_owned).unwrap_or_else(|| event.target_name());
    let service =
        event.request("servicePrincipal").unwrap_or("a service that the record does not name");
    let what = match event.name() {
        "RegisterDelegatedAdministrator" => {
            let done = event.done_or("made", "tried to make");
            format!("{done} account {target} administrator of {service} for the organization")
        }
        "PutResourcePolicy" => {
            let done = event.done_or("shared", "tried to share");
            format!("{done} the administration of the organization by a resource policy")
        }
        "EnableAWSServiceAccess" => {
            let done = event.done_or("let", "tried to let");
            format!("{done} {service} act in every account of the organization")
        }
        "EnableOrganizationsRootSessions" => {
            let done = event.done_or("switched on", "tried to switch on");
            format!("{done} root sessions in the accounts of the organization")
        }
        _ => {
            let done = event.done_or("switched on", "tried to switch on");
            format!("{done} the central management of root credentials")
        }
    };
    Some(Match::on_target(event, format!("{{actor}} {what}{{times}}.")))
}
