//! IAM Roles Anywhere is told to trust a certificate authority from outside AWS.
//!
//! A bundle of certificates can come from anybody; a private CA of our own account is ours. Switching on,
//! renaming and the revocation lists of an anchor are not judged here.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "outside-certificate-authority-trusted",
    title: "Outside certificate authority trusted for sessions",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-18"],
    select: Select {
        events: &["rolesanywhere:CreateTrustAnchor", "rolesanywhere:UpdateTrustAnchor"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.003", "T1484.002"],
    risk: "Whoever holds the authority's key can mint sessions of the roles in any profile, for years and with no IAM credential.",
    false_positives: &[
        "A company PKI that is brought in on purpose: compare the certificate with it, and suppress it for who sets up anchors.",
    ],
    remedies: &["disable-trust-anchor"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory rolesanywhere:CreateTrustAnchor {"request":{"name":"malicious","source":{"sourceData":{"x509CertificateData":"-----BEGIN CERTIFICATE-----"}}}}"#,
        r#"role/app rolesanywhere:UpdateTrustAnchor {"request":{"trustAnchorId":"0b1","source":{"sourceType":"AWS_ACM_PCA","sourceData":{"acmPcaArn":"arn:aws:acm-pca:us-east-1:999988887777:certificate-authority/x"}}}}"#,
        r#"mallory rolesanywhere:CreateTrustAnchor denied {"request":{"name":"malicious","source":{"sourceData":{"x509CertificateData":"-----BEGIN CERTIFICATE-----"}}}}"#,
    ],
    quiet_on: &[
        r#"alice rolesanywhere:CreateTrustAnchor {"request":{"name":"pki","source":{"sourceType":"AWS_ACM_PCA","sourceData":{"acmPcaArn":"arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/x"}}}}"#,
        r#"alice rolesanywhere:UpdateTrustAnchor {"request":{"trustAnchorId":"0b1","name":"pki-2"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let (certificate, authority) = match &event.call {
        Call::RolesanywhereCreateTrustAnchor(call) => (&call.certificate, &call.acm_pca_arn),
        Call::RolesanywhereUpdateTrustAnchor(call) => (&call.certificate, &call.acm_pca_arn),
        _ => return None,
    };
    let owner = authority.as_deref().and_then(Arn::parse).and_then(|arn| arn.account_id());
    let what = match (certificate, owner) {
        (Some(_), _) => "a certificate bundle from outside AWS".to_owned(),
        (None, Some(owner)) if cx.is_foreign(owner) => format!("a private CA of account {owner}"),
        _ => return None,
    };
    let party = event.target()?.party();
    let anchor = event.request("name").unwrap_or_else(|| party.label());
    let made = event.done_or("made", "tried to make");
    let text = format!(
        "{{actor}} {made} the trust anchor {anchor} trust {what}{{times}}; its holder can mint role sessions."
    );
    Some(Match::on_target(event, text))
}
