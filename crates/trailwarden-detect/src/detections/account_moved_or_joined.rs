//! An account moves within the organization, or one from outside joins.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "account-moved-or-joined",
    title: "Account moved in the organization, or invited into it",
    severity: Severity::High,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-OR-03"],
    select: Select {
        events: &[
            "organizations:MoveAccount",
            "organizations:InviteAccountToOrganization",
            "organizations:AcceptHandshake",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1666"],
    risk: "An account under another unit answers to other service control policies; one from outside brings its own users.",
    false_positives: &[
        "Ordinary administration of accounts: suppress it for the role that does it.",
    ],
    remedies: &["move-account-back"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory organizations:MoveAccount {"request":{"accountId":"444455556666","sourceParentId":"ou-ab12-11111111","destinationParentId":"r-ab12"}}"#,
        r#"mallory organizations:MoveAccount {"request":{"accountId":"444455556666","sourceParentId":"ou-ab12-11111111","destinationParentId":"ou-ab12-22222222"}}"#,
        r#"role/app/s organizations:InviteAccountToOrganization {"request":{"target":{"id":"999988887777","type":"ACCOUNT"}}}"#,
        "mallory organizations:MoveAccount denied",
    ],
    quiet_on: &[
        r#"alice organizations:MoveAccount {"request":{"accountId":"444455556666","sourceParentId":"r-ab12","destinationParentId":"ou-ab12-11111111"}}"#,
        r#"service/controltower.amazonaws.com organizations:MoveAccount {"request":{"accountId":"444455556666","sourceParentId":"ou-ab12-11111111","destinationParentId":"ou-ab12-22222222"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.caller.is_aws() {
        return None;
    }
    let account = event.target_name();
    let (text, severity) = match event.name() {
        "MoveAccount" => {
            let done = event.done_or("moved", "tried to move");
            let from = event.request("sourceParentId").unwrap_or("an unknown place");
            let to = event.request("destinationParentId").unwrap_or("an unknown place");
            // From the root into a unit an account can only come under more policies.
            if from.starts_with("r-") && to.starts_with("ou-") {
                return None;
            }
            let to_root = to.starts_with("r-");
            let why = if to_root {
                "where only the policies of the root hold"
            } else {
                "whose policies are not in the record"
            };
            let severity = if to_root { Severity::High } else { Severity::Medium };
            (
                format!("{{actor}} {done} account {account} from {from} to {to}, {why}{{times}}."),
                severity,
            )
        }
        "InviteAccountToOrganization" => {
            let invited = event.request("target.id").unwrap_or(&account);
            let done = event.done_or("invited", "tried to invite");
            (
                format!("{{actor}} {done} {invited} into the organization{{times}}."),
                Severity::Medium,
            )
        }
        _ => {
            let done = event.done_or("accepted", "tried to accept");
            (
                format!("{{actor}} {done} the handshake {account} of an organization{{times}}."),
                Severity::Medium,
            )
        }
    };
    Some(Match::on_target(event, text).attempted_if_not(event.outcome, severity))
}
