//! A session listed beside the role that it is of.

use std::collections::HashSet;

use trailwarden_model::Arn;

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "session-beside-its-role",
    title: "Session listed beside its role",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "Whoever trusts a role trusts all its sessions, so the session adds nothing.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[(Tool::AccessAnalyzer, "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY")],
    run: Run::Statement(run),
    fires_on: &[Example::trust(
        r#""Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/path/app","arn:aws:sts::111122223333:assumed-role/app/one"]},"Action":"sts:AssumeRole""#,
    )
    .at(r#""arn:aws:sts::111122223333:assumed-role/app/one""#)],
    quiet_on: &[Example::trust(
        r#""Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/app","arn:aws:sts::111122223333:assumed-role/application/one","arn:aws:sts::444455556666:assumed-role/app/one"]},"Action":"sts:AssumeRole""#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let arns = || {
        let parts = view.principals().filter(|part| part.element == Element::Principal);
        parts.filter_map(|part| Some((Arn::parse(&part.principal.value)?, part.span)))
    };
    let roles: HashSet<(&str, &str)> = arns()
        .filter(|(arn, _)| arn.service == "iam" && arn.kind() == "role")
        .map(|(arn, _)| (arn.account, arn.name()))
        .collect();
    for (arn, span) in arns() {
        let Some(role) = arn.session_role().filter(|_| arn.service == "sts") else {
            continue;
        };
        if roles.contains(&(arn.account, role)) {
            let message = format!("{} is a session of a role that is listed", quoted(arn.text));
            found.at(span, view.index, message, "remove the session");
        }
    }
}
