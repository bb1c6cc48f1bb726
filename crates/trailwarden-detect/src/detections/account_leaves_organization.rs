//! An account is taken out of its organization.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "account-leaves-organization",
    title: "Account leaves its organization",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-OR-01"],
    select: Select {
        events: &["organizations:LeaveOrganization", "organizations:RemoveAccountFromOrganization"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1666"],
    risk: "Outside of the organization no service control policy holds, its trail stops, and its security services lose sight of the account.",
    false_positives: &[
        "An account that is sold or handed over: suppress it for the person who does it, for that time.",
    ],
    remedies: &["restrict-leaving-organization", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory organizations:LeaveOrganization",
        "role/app/s organizations:LeaveOrganization denied",
        r#"mallory organizations:RemoveAccountFromOrganization {"request":{"accountId":"444455556666"}}"#,
        "root organizations:LeaveOrganization failed=ConstraintViolationException",
    ],
    quiet_on: &[
        r#"service/account.amazonaws.com organizations:RemoveAccountFromOrganization {"request":{"accountId":"444455556666"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    // Closing an account ends with AWS itself taking it out.
    if event.caller.is_aws() {
        return None;
    }
    let done = event.done_or("took", "tried to take");
    let account = event.target().and_then(|target| target.name);
    let account = account.unwrap_or_else(|| "of unknown number".to_owned());
    let text = format!("{{actor}} {done} account {account} out of its organization{{times}}.");
    // Whoever tries this has no use for the limits of the organization: it weighs nearly as much.
    Some(Match::on_target(event, text).severity_if(!cx.succeeded(), Severity::High))
}
