//! A trust in a SAML provider that does not check where the assertion was presented.

use crate::lint::assuming::granted;
use crate::lint::conditions::demanded_keys;
use crate::lint::prelude::*;
use crate::trust::Who;

/// See the fields.
pub static CHECK: Check = Check {
    id: "saml-audience-missing",
    title: "SAML audience not checked",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "`SAML:aud` is the sign-in address that an assertion was made for. Without a condition on it, an assertion of the provider for any other address is taken as well.",
    source: "IAM User Guide, \"Create a role for SAML 2.0 federation (console)\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/okta"},"Action":"sts:AssumeRoleWithSAML""#,
        )
        .at(r#""arn:aws:iam::111122223333:saml-provider/okta""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/okta"},"Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Condition":{"StringEqualsIfExists":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}"#,
        ),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/okta"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}"#,
        ),
        // Tags alone let nobody in.
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/okta"},"Action":"sts:TagSession""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if demanded_keys(view).contains("saml:aud") {
        return;
    }
    for granted in granted(view) {
        let is_by_assertion = granted.grant.actions.contains(&"sts:AssumeRoleWithSAML");
        let Who::Saml(provider) = &granted.grant.who else {
            continue;
        };
        if is_by_assertion {
            let message = format!("assertions of {} for any address are taken", quoted(provider));
            let fix =
                "add `\"StringEquals\": {\"SAML:aud\": \"https://signin.aws.amazon.com/saml\"}`";
            found.at(granted.span, view.index, message, fix);
        }
    }
}
