//! Temporary keys are turned into a browser session.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "console-session-from-keys",
    title: "Console session made from API credentials",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CA-03"],
    select: Select {
        events: &["signin:GetSigninToken", "signin:ConsoleLogin"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1550.001"],
    risk: "A thief of an application's keys gets the whole console without a password or a second factor.",
    false_positives: &[
        "A broker that opens the console for people through a role of its own: suppress it for that role.",
    ],
    remedies: &["revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        "role/app/s signin:GetSigninToken",
        "role/app/i-0123456789abcdef0 signin:ConsoleLogin",
        "federated/eve signin:GetSigninToken",
        r#"broker sts:GetFederationToken {"request":{"name":"eve"}}
federated/eve signin:GetSigninToken {"userIdentity":{"sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/broker","accountId":"111122223333","userName":"broker"}}}}"#,
    ],
    quiet_on: &[
        r#"role/AWSReservedSSO_Admin_0123456789abcdef/alice signin:ConsoleLogin {"userIdentity":{"sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"}}}}"#,
        r#"role/staff/alice signin:ConsoleLogin {"additionalEventData":{"SamlProviderArn":"arn:aws:iam::111122223333:saml-provider/corp"}}"#,
        "alice signin:ConsoleLogin",
    ],
    logic: Logic::Each(detect),
};

/// Where Identity Center keeps its roles; nobody else can put one there.
const RESERVED: &str = ":role/aws-reserved/sso.amazonaws.com/";

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let caller = &event.caller;
    let temporary = matches!(caller.kind, CallerKind::Role | CallerKind::FederatedUser);
    let by_directory = caller.issuer_arn.contains(RESERVED)
        || event.text("additionalEventData.SamlProviderArn").is_some();
    if !temporary || by_directory {
        return None;
    }
    let done = event.done_or("opened", "tried to open");
    let text = format!(
        "{{actor}} {done} the console with temporary keys from {}{{times}}.",
        event.address
    );
    Some(Match::on_caller(event, text))
}
