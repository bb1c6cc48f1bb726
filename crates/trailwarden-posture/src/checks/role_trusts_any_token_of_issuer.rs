//! A role lets in tokens of an issuer without saying whose.

use trailwarden_policy::trust::{OidcWeakness, known_issuer, oidc_weakness};

use crate::prelude::*;
use crate::readers::trusts;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-trusts-any-token-of-issuer",
    title: "Role lets in tokens of strangers",
    area: Area::Trust,
    severity: Severity::Critical,
    confidence: Confidence::High,
    risk: "The issuer signs tokens for all its customers: any of them enters the role with a token of his own.",
    fix: "Name the subject in the trust policy: the repository, the project, the identity pool.",
    needs: &[DETAILS],
    controls: &[],
    remedies: &["narrow-trust"],
    fails_on: &[
        r#"role ci trusts arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com if={"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#,
    ],
    passes_on: &[
        r#"role ci trusts arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com if={"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:acme/app:ref:refs/heads/main"}}"#,
        "role app trusts ec2.amazonaws.com",
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (role, grants) in trusts(state, verdicts)? {
        let label = &role.label;
        let weak = grants.iter().find_map(|grant| {
            let issuer = grant.who.issuer()?;
            let is_shared = known_issuer(issuer).is_some_and(|known| known.is_shared);
            let weakness = oidc_weakness(grant, issuer)?;
            let is_open = match weakness {
                OidcWeakness::NoSubject | OidcWeakness::WildcardSubject { .. } => true,
                OidcWeakness::NoAudience | OidcWeakness::WideSubject { .. } => false,
            };
            (is_open && is_shared).then(|| issuer.to_owned())
        });
        match weak {
            Some(issuer) => {
                verdicts.fail(
                    &role,
                    format!("{label} lets in tokens of {issuer} without saying whose."),
                );
            }
            None => verdicts.pass(&role, format!("{label} lets in no tokens of strangers.")),
        }
    }
    Ok(())
}
