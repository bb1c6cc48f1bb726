//! A SAML provider is made, or the metadata of one is replaced, by somebody other than AWS.
//!
//! Identity Center makes and renews its own provider through its service. Whether the issuer or the
//! certificate changed waits for the earlier metadata.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "saml-provider-changed",
    title: "SAML identity provider made or replaced",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-14"],
    select: Select {
        events: &["iam:CreateSAMLProvider", "iam:UpdateSAMLProvider"],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1484.002"],
    risk: "Whoever holds the signing key in the metadata can sign in as any role that trusts the provider, under any name.",
    false_positives: &[
        "The yearly renewal of the signing certificate: compare it with the one of your identity provider.",
    ],
    remedies: &["remove-trust", "delete-identity-provider", "restore-saml-metadata"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateSAMLProvider {"request":{"name":"okta2","sAMLMetadataDocument":"<EntityDescriptor/>"}}"#,
        r#"role/app iam:UpdateSAMLProvider {"request":{"sAMLProviderArn":"arn:aws:iam::111122223333:saml-provider/idp","sAMLMetadataDocument":"<EntityDescriptor/>"}}"#,
        "mallory iam:UpdateSAMLProvider denied",
    ],
    quiet_on: &[
        r#"service/sso.amazonaws.com iam:CreateSAMLProvider {"request":{"name":"AWSSSO_0b1_DO_NOT_DELETE","sAMLMetadataDocument":"<EntityDescriptor/>"}}"#,
        r#"role/AWSServiceRoleForSSO/AWS-SSO iam:UpdateSAMLProvider via=sso.amazonaws.com {"request":{"sAMLProviderArn":"arn:aws:iam::111122223333:saml-provider/AWSSSO_0b1_DO_NOT_DELETE","sAMLMetadataDocument":"<EntityDescriptor/>"}}"#,
        r#"mallory iam:UpdateSAMLProvider {"request":{"sAMLProviderArn":"arn:aws:iam::111122223333:saml-provider/idp","assertionEncryptionMode":"Allowed"}}"#,
        r#"alice iam:CreateSAMLProvider failed=EntityAlreadyExistsException {"request":{"name":"okta","sAMLMetadataDocument":"<EntityDescriptor/>"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    // Only Identity Center can act as its service-linked role.
    let by_service = event.caller.is_aws()
        || event.caller.is_role("AWSServiceRoleForSSO")
            && event.caller.invoked_by == "sso.amazonaws.com";
    if by_service {
        return None;
    }
    let (done, tried) = match &event.call {
        Call::CreateSAMLProvider(_) => ("made", "tried to make"),
        Call::UpdateSAMLProvider(call)
            if call.saml_metadata_document.is_some() || event.outcome == Outcome::Denied =>
        {
            ("replaced the metadata of", "tried to replace the metadata of")
        }
        _ => return None,
    };
    let party = event.target_party();
    let name = party.name.as_deref().unwrap_or("unknown");
    let did = event.done_or(done, tried);
    let opened = cx.consequence();
    let text = format!("{{actor}} {did} the SAML provider {name}{{times}}{opened}.");
    Some(Match::on_target(event, text).weighed(Weight::Raises))
}
