//! A role trusts an OpenID Connect issuer without saying whose tokens.
//!
//! A shared issuer signs tokens for all its customers; only a claim in the trust policy tells them
//! apart. A policy that names one tenant but all of it is often meant, and low.

use trailwarden_policy::trust::{OidcWeakness, known_issuer, oidc_weakness};

use crate::prelude::*;
use crate::trusting::Trusting;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "role-trusts-strangers-tokens",
    title: "Role trusts tokens of strangers",
    severity: Severity::High,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-PE-12"],
    select: Select {
        events: &["iam:CreateRole", "iam:UpdateAssumeRolePolicy"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1484.002"],
    risk: "Any customer of the issuer can get a token that this role accepts, from a repository or pipeline of his own.",
    false_positives: &[
        "An issuer of your own whose every token may have the role: say so with a condition on the subject all the same.",
    ],
    remedies: &["remove-trust", "narrow-trust", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateRole role/deploy {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"token.actions.githubusercontent.com:aud\":\"sts.amazonaws.com\"}}}]}"}}"#,
        r#"role/ci iam:UpdateAssumeRolePolicy role/deploy {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringLike\":{\"token.actions.githubusercontent.com:sub\":\"repo:*\",\"token.actions.githubusercontent.com:aud\":\"sts.amazonaws.com\"}}}]}"}}"#,
        r#"alice iam:UpdateAssumeRolePolicy role/deploy {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringLike\":{\"token.actions.githubusercontent.com:sub\":\"repo:example/*\",\"token.actions.githubusercontent.com:aud\":\"sts.amazonaws.com\"}}}]}"}}"#,
    ],
    quiet_on: &[
        r#"alice iam:CreateRole role/deploy {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"token.actions.githubusercontent.com:sub\":\"repo:example/app:ref:refs/heads/main\",\"token.actions.githubusercontent.com:aud\":\"sts.amazonaws.com\"}}}]}"}}"#,
        r#"alice iam:UpdateAssumeRolePolicy role/sso {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:saml-provider/idp\"},\"Action\":\"sts:AssumeRoleWithSAML\",\"Condition\":{\"StringEquals\":{\"SAML:aud\":\"https://signin.aws.amazon.com/saml\"}}}]}"}}"#,
        "mallory iam:UpdateAssumeRolePolicy role/deploy denied",
        r#"alice iam:UpdateAssumeRolePolicy role/pod {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABCDEF\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"oidc.eks.us-east-1.amazonaws.com/id/ABCDEF:sub\":\"system:serviceaccount:prod:web\"}}}]}"}}"#,
        r#"alice iam:UpdateAssumeRolePolicy role/deploy {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"token.actions.githubusercontent.com:sub\":\"repo:example/*\"}}}]}"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let trusting = Trusting::of(cx)?;
    let weak = trusting.grants.iter().filter_map(|grant| {
        let issuer = grant.who.issuer()?;
        let weakness = oidc_weakness(grant, issuer)?;
        // Whose tokens count is said, and the provider's own list names the audience.
        let is_of_strangers = weakness != OidcWeakness::NoAudience || has_audience_only(issuer);
        is_of_strangers.then(|| (weight(issuer, &weakness), issuer))
    });
    let ((severity, how), issuer) = weak.max_by_key(|((severity, _), _)| *severity)?;
    let (who, how) = (format!("tokens of {issuer}"), format!(": {how}"));
    Some(trusting.matched(&who, &how, severity, DETECTION.confidence))
}

fn weight(issuer: &str, weakness: &OidcWeakness) -> (Severity, &'static str) {
    let shared = known_issuer(issuer).is_some_and(|known| known.is_shared);
    match weakness {
        OidcWeakness::NoSubject if shared => (
            Severity::High,
            "no condition names whose tokens count, and the issuer serves everybody",
        ),
        OidcWeakness::NoSubject => {
            (Severity::Medium, "no condition names the subject, so any token of the issuer counts")
        }
        OidcWeakness::WildcardSubject { .. } if shared => {
            (Severity::High, "the condition on the subject is a pattern that fits strangers")
        }
        OidcWeakness::WildcardSubject { .. } => {
            (Severity::Medium, "the condition on the subject is a pattern that fits any")
        }
        OidcWeakness::NoAudience => (
            Severity::High,
            "no condition names the audience, the only thing that tells this issuer's customers apart",
        ),
        OidcWeakness::WideSubject { .. } => {
            (Severity::Low, "the condition on the subject fits everything of one tenant")
        }
    }
}

/// Whether the audience is what names the tenant at this issuer.
fn has_audience_only(issuer: &str) -> bool {
    known_issuer(issuer)
        .is_some_and(|known| known.is_shared && known.tenant_claims.contains(&known.audience_claim))
}
