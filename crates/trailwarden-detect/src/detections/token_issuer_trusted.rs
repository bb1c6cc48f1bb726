//! The account begins to trust an OpenID Connect issuer, or one more audience or certificate of it.
//!
//! The provider alone grants nothing; a role that trusts it does, and who may make a provider for a
//! cluster or a build service is known. An unknown issuer weighs most.

use trailwarden_policy::trust;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "token-issuer-trusted",
    title: "OpenID Connect issuer trusted",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-15"],
    select: Select {
        events: &[
            "iam:CreateOpenIDConnectProvider",
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
        ],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1484.002"],
    risk: "Whoever runs the issuer can sign tokens for every role that trusts it.",
    false_positives: &[
        "A new cluster, or a build service that is set up for the first time: suppress it for the role that does it.",
    ],
    remedies: &["remove-trust", "delete-identity-provider"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateOpenIDConnectProvider {"request":{"url":"https://idp.example.net","clientIDList":["sts.amazonaws.com"]}}"#,
        r#"role/ci iam:CreateOpenIDConnectProvider {"request":{"url":"https://token.actions.githubusercontent.com"}}"#,
        r#"mallory iam:AddClientIDToOpenIDConnectProvider {"request":{"openIDConnectProviderArn":"arn:aws:iam::111122223333:oidc-provider/idp.example.com","clientID":"other"}}"#,
        "mallory iam:CreateOpenIDConnectProvider denied",
    ],
    quiet_on: &[
        r#"role/ci iam:CreateOpenIDConnectProvider failed=EntityAlreadyExistsException {"request":{"url":"https://token.actions.githubusercontent.com"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let party = event.target()?.party();
    let issuer = event.request("url").or(party.arn.as_deref()).or(party.name.as_deref());
    let issuer = issuer.unwrap_or("unknown");
    let short = issuer.rsplit_once("oidc-provider/").map_or(issuer, |(_, short)| short);
    let (did, severity) = match &event.call {
        Call::CreateOpenIDConnectProvider(_) => {
            let severity = match trust::known_issuer(issuer) {
                // One for each cluster, made whenever a cluster is.
                Some(known) if known.name.starts_with("oidc.eks.") => Severity::Low,
                Some(_) => Severity::Medium,
                None => Severity::High,
            };
            (event.done_or("made the account trust", "tried to make the account trust"), severity)
        }
        Call::AddClientIDToOpenIDConnectProvider(_) => {
            (event.done_or("added an audience to", "tried to add an audience to"), Severity::Medium)
        }
        _ => {
            let done = "replaced the certificate fingerprints of";
            let tried = "tried to replace the certificate fingerprints of";
            (event.done_or(done, tried), Severity::Medium)
        }
    };
    let audience = event.request("clientID").map(|id| format!(": {id}")).unwrap_or_default();
    let opened = cx.consequence();
    let text = format!("{{actor}} {did} the issuer {short}{{times}}{audience}{opened}.");
    let found = Match::on_target(event, text).attempted_if_not(event.outcome, severity);
    Some(found.weighed(Weight::Raises))
}
