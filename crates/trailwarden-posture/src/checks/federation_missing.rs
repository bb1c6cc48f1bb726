//! No identity provider federates people into the account.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "federation-missing",
    title: "No identity provider, so people are IAM users",
    area: Area::Identities,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Whoever leaves the company keeps the IAM user until somebody thinks of it.",
    fix: "Let people sign in by IAM Identity Center or a SAML provider.",
    needs: &["iam:ListSAMLProviders"],
    controls: &[
        Control::Cis(["1.21", "1.21", "1.20", "2.20", "2.19"]),
        Control::Prowler("iam_check_saml_providers_sts"),
    ],
    remedies: &[],
    fails_on: &[r#"iam:ListSAMLProviders {"SAMLProviderList":[]}"#],
    passes_on: &[
        r#"iam:ListSAMLProviders {"SAMLProviderList":[{"Arn":"arn:aws:iam::111122223333:saml-provider/okta"}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let providers = state.items("iam:ListSAMLProviders", "SAMLProviderList")?;
    let flawed = || format!("In {}, no SAML provider lets people in.", account.label);
    let sound = || format!("In {}, people come in by a SAML provider.", account.label);
    verdicts.judge(&account, providers.is_empty(), flawed, sound);
    Ok(())
}
