//! A way to assume a role that its principals cannot take.

use crate::lint::assuming::granted;
use crate::lint::open::is_left_open;
use crate::lint::prelude::*;
use crate::trust::Who;

/// See the fields.
pub static CHECK: Check = Check {
    id: "action-does-not-fit-principal",
    title: "Action does not fit the principal",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "A SAML provider goes with `sts:AssumeRoleWithSAML`, an OIDC provider with `sts:AssumeRoleWithWebIdentity`, all others with `sts:AssumeRole`; otherwise nobody gets in.",
    source: "IAM User Guide, \"IAM policy validation check reference\"",
    cross: &[(Tool::AccessAnalyzer, "MISMATCHED_ACTION_FOR_PRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        )
        .at(r#""arn:aws:iam::111122223333:saml-provider/idp""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        )
        .at(r#""ec2.amazonaws.com""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333","Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":["sts:AssumeRole","sts:AssumeRoleWithSAML","sts:TagSession"]"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:*""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if is_left_open(input, view, Element::Action) {
        return;
    }
    for granted in granted(view) {
        let (action, what) = match &granted.grant.who {
            Who::Saml(_) => ("sts:AssumeRoleWithSAML", "a SAML provider"),
            Who::Oidc(_) => ("sts:AssumeRoleWithWebIdentity", "an OIDC provider"),
            Who::Account(_) | Who::Principal { .. } => ("sts:AssumeRole", "a principal of AWS"),
            Who::Service(_) => ("sts:AssumeRole", "a service"),
            // Everyone may come either way; the others are refused for what they are.
            Who::Anyone | Who::UniqueId(_) | Who::Canonical(_) | Who::Other(_) => continue,
        };
        if !granted.grant.actions.contains(&action) {
            let message = format!("{what} needs `{action}`, which the statement does not allow");
            let fix = format!("write `\"Action\": \"{action}\"`");
            found.at(granted.span, view.index, message, fix);
        }
    }
}
