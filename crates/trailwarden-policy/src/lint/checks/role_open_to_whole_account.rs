//! A role that a whole account may assume.

use crate::lint::assuming::granted;
use crate::lint::prelude::*;
use crate::trust::{Narrowing, Who, narrowing};

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-open-to-whole-account",
    title: "Role open to a whole account",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "Everyone in the account whom its administrators give `sts:AssumeRole` may assume the role: its own policies decide who, now and later. Of another account, those are strangers.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[(Tool::Cloudsplaining, "AssumableByCrossAccountPrincipal")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""arn:aws:iam::111122223333:root""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":["111122223333"]},"Action":"sts:AssumeRole""#,
        )
        .at(r#""111122223333""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"f81d4fae-7dec"}}"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/deploy"},"Action":"sts:AssumeRole""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for granted in granted(view) {
        let Who::Account(account) = granted.grant.who else {
            continue;
        };
        if narrowing(&granted.grant) == Narrowing::Effective {
            continue;
        }
        let message =
            format!("whoever account {account} gives `sts:AssumeRole` may assume the role");
        let fix = "name the roles that are meant, or demand `sts:ExternalId` of another company";
        found.at(granted.span, view.index, message, fix);
    }
}
