//! Deletes an identity provider that somebody planted.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "delete-identity-provider",
    aliases: &[],
    title: "Delete an identity provider",
    effect: Effect::Restricts,
    order: Order::Trust,
    notes: &[
        "It cannot be taken back by a call: the provider must be made anew from what the plan captures.",
        "Nobody can enter a role with tokens of this provider any more; sessions that exist live on.",
        "Roles that trust it keep naming it: correct their trust policies too (remove-trust).",
    ],
    example: |subject| {
        subject.principal = None;
        let arn = "arn:aws:iam::111122223333:oidc-provider/login.example.net";
        subject.provider = Some(arn.to_owned());
    },
    example_of: "arn:aws:iam::111122223333:root",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let arn = subject.provider.as_deref().ok_or(NoPlan::Missing("an identity provider"))?;
    let (name, read, member, parameter) = if arn.contains(":oidc-provider/") {
        let parameter = "OpenIDConnectProviderArn";
        ("iam:DeleteOpenIDConnectProvider", "GetOpenIDConnectProvider", "Url", parameter)
    } else if arn.contains(":saml-provider/") {
        let parameter = "SAMLProviderArn";
        ("iam:DeleteSAMLProvider", "GetSAMLProvider", "SAMLMetadataDocument", parameter)
    } else {
        return Err(NoPlan::Missing("an OIDC or SAML provider"));
    };
    draft.about(arn);
    draft.call(
        format!("delete the provider {arn}"),
        name,
        [(parameter, arn.into())],
        &Before::Implied,
    )?;
    draft.require(Check {
        service: "iam".to_owned(),
        operation: read.to_owned(),
        input: [(parameter.to_owned(), arn.into())].into(),
        path: vec![Part::Member(member.to_owned())],
        expected: Expected::Present,
    });
    Ok(())
}
