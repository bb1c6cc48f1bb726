//! An account is closed, or the whole organization is dissolved.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "account-closed",
    title: "Account closed or organization dissolved",
    severity: Severity::High,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-OR-05"],
    select: Select {
        events: &[
            "organizations:CloseAccount",
            "organizations:DeleteOrganization",
            "account:CloseAccount",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1485", "T1531"],
    risk: "All that runs in the account stops, and after 90 days nobody can bring it back. Without the organization none of its policies holds anybody any more.",
    false_positives: &[
        "An account that is given up as planned: suppress it for the person who does it, for that time.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory organizations:CloseAccount {"request":{"accountId":"444455556666"}}"#,
        r#"role/app/s organizations:CloseAccount denied"#,
        "mallory organizations:DeleteOrganization",
        "root account:CloseAccount",
        "root organizations:DeleteOrganization failed=OrganizationNotEmptyException",
    ],
    quiet_on: &[
        r#"service/organizations.amazonaws.com organizations:CloseAccount {"request":{"accountId":"444455556666"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    // What AWS itself does follows from a call that is told.
    if event.caller.is_aws() {
        return None;
    }
    let text = match event.name() {
        "DeleteOrganization" => {
            let done = event.done_or("dissolved", "tried to dissolve");
            format!("{{actor}} {done} the organization{{times}}.")
        }
        _ => {
            let done = event.done_or("closed", "tried to close");
            let account = event.target().and_then(|target| target.name);
            let account = account.unwrap_or_else(|| "of unknown number".to_owned());
            format!("{{actor}} {done} account {account}{{times}}.")
        }
    };
    // Whoever tries it and may not yet is as set on harm; what failed did none.
    Some(Match::on_target(event, text).severity_if(!cx.succeeded(), Severity::Medium))
}
