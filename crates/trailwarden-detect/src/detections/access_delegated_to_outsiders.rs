//! The account hands out access through one of the newer doors of IAM.
//!
//! Delegation lets a partner act for a person for a while; outbound federation gives principals of the
//! account signed tokens for others; the token preference makes sessions of the global endpoint work in
//! regions that were off. All are rare, so each use is shown rather than the first by an actor only.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "access-delegated-to-outsiders",
    title: "Access delegated or federated to outsiders",
    severity: Severity::High,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-PE-25"],
    select: Select {
        events: &[
            "iam:AcceptDelegationRequest",
            "iam:AssociateDelegationRequest",
            "iam:SendDelegationToken",
            "iam:EnableOutboundWebIdentityFederation",
            "iam:SetSecurityTokenServicePreferences",
        ],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098", "T1484.002"],
    risk: "A partner that is no partner gets credentials of the account that no key or role shows; a token that was sent cannot be taken back.",
    false_positives: &[
        "A partner product that was set up on purpose: compare the request with what was agreed.",
    ],
    remedies: &["reject-delegation-request", "disable-outbound-federation"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:AcceptDelegationRequest {"request":{"delegationRequestId":"dr-1"}}"#,
        r#"role/app iam:SendDelegationToken {"request":{"delegationRequestId":"dr-1"}}"#,
        "mallory iam:EnableOutboundWebIdentityFederation",
        r#"mallory iam:SetSecurityTokenServicePreferences {"request":{"globalEndpointTokenVersion":"v2Token"}}"#,
        "mallory iam:SendDelegationToken denied",
    ],
    quiet_on: &[
        r#"admin iam:SetSecurityTokenServicePreferences {"request":{"globalEndpointTokenVersion":"v1Token"}}"#,
        "admin iam:EnableOutboundWebIdentityFederation failed=FeatureEnabledException",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let id = event.request("delegationRequestId").unwrap_or("unknown");
    let (severity, what, subject) = match &event.call {
        Call::AcceptDelegationRequest(_) => {
            (Severity::High, format!("accept the delegation request {id}"), id)
        }
        Call::SendDelegationToken(_) => {
            (Severity::High, format!("send the token of the delegation request {id}"), id)
        }
        Call::AssociateDelegationRequest(_) => {
            (Severity::Medium, format!("take over the delegation request {id}"), id)
        }
        Call::EnableOutboundWebIdentityFederation(_) => (
            Severity::Medium,
            "let principals of the account prove themselves to outsiders by signed tokens"
                .to_owned(),
            "outbound federation",
        ),
        Call::SetSecurityTokenServicePreferences(call)
            if call.global_endpoint_token_version.as_deref() != Some("v1Token") =>
        {
            (
                Severity::Low,
                "make tokens of the global STS endpoint work in every region".to_owned(),
                "token preference",
            )
        }
        _ => return None,
    };
    let did = event.done_or("made the call to", "was denied the call to");
    let text = format!("{{actor}} {did} {what}{{times}}.");
    let found = Match::on_target(event, text).subject(subject);
    Some(found.attempted_if_not(event.outcome, severity))
}
