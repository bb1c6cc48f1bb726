//! Whoever signs people in to every account is exchanged.

use trailwarden_record::names;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "identity-provider-switched",
    title: "Identity Center directory or identity provider switched",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-IC-03"],
    select: Select {
        events: &[
            "sso-directory:*ExternalIdPConfigurationForDirectory",
            "sso-directory:ImportExternalIdPCertificate",
            "sso-directory:CreateBearerToken",
            "sso:AssociateDirectory",
            "sso:DisassociateDirectory",
        ],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1484.002", "T1556"],
    risk: "Whoever controls the identity provider, or a certificate it signs with, signs in as anybody with all their assignments.",
    false_positives: &[
        "The yearly renewal of the provider's certificate, and migrations: check with whoever runs the directory, and suppress it for that role until the change is done.",
    ],
    remedies: &["remove-identity-provider-certificate"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory sso-directory:EnableExternalIdPConfigurationForDirectory {"request":{"identityStoreId":"d-1234567890"}}"#,
        r#"role/admin/s sso-directory:ImportExternalIdPCertificate {"request":{"identityStoreId":"d-1234567890"}}"#,
        r#"mallory sso:AssociateDirectory {"request":{"directoryId":"d-1234567890"}}"#,
        "mallory sso:DisassociateDirectory denied",
    ],
    quiet_on: &[
        "alice sso-directory:ListExternalIdPConfigurationForDirectory",
        r#"alice sso:AssociateDirectory failed=ConflictException {"request":{"directoryId":"d-1234567890"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if names::reads(event.name()) {
        return None;
    }
    let (done, tried, severity) = match event.name() {
        "EnableExternalIdPConfigurationForDirectory" => (
            "let an outside identity provider sign people in to the directory",
            "tried to let an outside identity provider sign people in to the directory",
            Severity::Critical,
        ),
        "ImportExternalIdPCertificate" => (
            "added a signing certificate of the identity provider of the directory",
            "tried to add a signing certificate of the identity provider of the directory",
            Severity::Critical,
        ),
        "CreateBearerToken" => (
            "made a token that can write people and groups into the directory",
            "tried to make a token that can write people and groups into the directory",
            Severity::High,
        ),
        "AssociateDirectory" => {
            ("connected the directory", "tried to connect the directory", Severity::Critical)
        }
        "DisassociateDirectory" => {
            ("disconnected the directory", "tried to disconnect the directory", Severity::Critical)
        }
        _ => (
            "changed the identity provider of the directory",
            "tried to change the identity provider of the directory",
            Severity::Critical,
        ),
    };
    let text =
        format!("{{actor}} {} {}{{times}}.", event.done_or(done, tried), event.target_name());
    Some(Match::on_target(event, text).attempted_if_not(event.outcome, severity))
}
