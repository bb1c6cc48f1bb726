//! A role that principals of several accounts may assume.

use std::collections::BTreeMap;

use crate::lint::assuming::granted;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-trusts-several-accounts",
    title: "Role trusts several accounts",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "A role lies in one account, so at least one of these is another: whoever controls that one controls who comes in.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[(Tool::Cloudsplaining, "AssumableByCrossAccountPrincipal")],
    run: Run::Document(run),
    fires_on: &[Example::trust(
        r#""Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::444455556666:role/deploy"]},"Action":"sts:AssumeRole""#,
    )
    .at(r#""arn:aws:iam::444455556666:role/deploy""#)],
    quiet_on: &[Example::trust(
        r#""Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/deploy"],"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#,
    )],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let mut seen = BTreeMap::new();
    for view in input.statements() {
        for granted in granted(view) {
            // The provider of a federated principal lies in the role's own account, too.
            if let Some(account) = granted.grant.who.account() {
                seen.entry(account.number()).or_insert((account, granted.span, view.index));
            }
        }
    }
    if seen.len() < 2 {
        return;
    }
    for (account, span, index) in seen.into_values() {
        let message = format!("account {account} is one of several that are trusted");
        let fix = "see that each is one of yours, or of a company that you mean to let in";
        found.at(span, index, message, fix);
    }
}
