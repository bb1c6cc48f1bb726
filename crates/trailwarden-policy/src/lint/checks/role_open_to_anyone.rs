//! A role that everyone in the world may assume.

use crate::lint::assuming::granted;
use crate::lint::prelude::*;
use crate::trust::{Narrowing, Who, narrowing};

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-open-to-anyone",
    title: "Role open to anyone",
    severity: Severity::Critical,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "A trust policy decides by itself about callers of other accounts, and anyone can have an account. Only a condition that tells who is meant closes such a role.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[
        (Tool::AccessAnalyzer, "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"),
        (Tool::Cloudsplaining, "AssumableByAnyPrincipal"),
        (Tool::Cloudsplaining, "AssumableByAnyPrincipalWithConditions"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole""#)
            .at(r#""*""#),
        Example::trust(r#""Effect":"Allow","Principal":"*","Action":"sts:AssumeRole""#)
            .at(r#""*""#),
        // Anybody can have a second factor.
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        )
        .at(r#""*""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
        )
        .at(r#""*""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        ),
        Example::trust(r#""Effect":"Deny","Principal":"*","Action":"sts:AssumeRole""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for granted in granted(view).into_iter().filter(|granted| granted.grant.who == Who::Anyone) {
        let (severity, message, fix) = match narrowing(&granted.grant) {
            Narrowing::None => (
                Severity::Critical,
                "anyone in the world may assume the role",
                "name the principals that are meant",
            ),
            Narrowing::Weak => (
                Severity::High,
                "anyone in the world may assume the role who meets a condition that anyone can meet",
                "name the principals that are meant, or add a condition on `aws:PrincipalOrgID`",
            ),
            Narrowing::Effective => (
                Severity::Medium,
                "anyone may assume the role whom its conditions let through",
                "name the principals that are meant besides, so that the condition is not the only lock",
            ),
        };
        found.graded(severity, granted.span, view.index, message, fix);
    }
}
