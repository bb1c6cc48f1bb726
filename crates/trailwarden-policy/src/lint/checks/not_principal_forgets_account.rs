//! A Deny to all but some whose account or role is not among them.

use std::collections::HashSet;

use trailwarden_model::Arn;

use crate::lint::open::is_left_open;
use crate::lint::prelude::*;
use crate::trust::Who;

/// See the fields.
pub static CHECK: Check = Check {
    id: "not-principal-forgets-account",
    title: "NotPrincipal without the account or role",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource],
    about: "A Deny with `NotPrincipal` spares only what is listed, and a request is made by a session, its role and its account together: unless all are listed, the one that is meant is denied too.",
    source: "IAM User Guide, \"AWS JSON policy elements: NotPrincipal\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/bob"},"Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        )
        .at(r#""arn:aws:iam::111122223333:user/bob""#),
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"AWS":["111122223333","arn:aws:sts::111122223333:assumed-role/app/session"]},"Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        )
        .at(r#""arn:aws:sts::111122223333:assumed-role/app/session""#),
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:role/app"]},"Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        )
        .at(r#""arn:aws:iam::111122223333:role/app""#),
    ],
    quiet_on: &[
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:role/path/app","arn:aws:sts::111122223333:assumed-role/app/session"]},"Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        ),
        Example::file(TEMPLATE),
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"Service":"logs.amazonaws.com"},"Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        ),
    ],
};

/// The account comes from a parameter.
const TEMPLATE: &str = r#"{"Resources":{"P":{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":"b",
    "PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":[
    "arn:aws:iam::111122223333:user/bob",{"Fn::Sub":"arn:aws:iam::${Account}:root"}]},
    "Action":"s3:*","Resource":"arn:aws:s3:::b"}]}}}}}"#;

/// Names of sessions cannot have wildcards there.
const INSTEAD: &str = "deny `\"*\"` with a condition `ArnNotLike` on `aws:PrincipalArn`";

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let excluded = || view.principals().filter(|part| part.element == Element::NotPrincipal);
    let is_judged =
        view.has(Element::NotPrincipal) && !is_left_open(input, view, Element::NotPrincipal);
    if !view.denies() || !is_judged {
        return;
    }
    let mut accounts = HashSet::new();
    let mut roles = HashSet::new();
    let mut roles_of_sessions = HashSet::new();
    for part in excluded() {
        if let Who::Account(account) = Who::of(part.principal) {
            accounts.insert(account);
        }
        let arn = Arn::parse(&part.principal.value);
        if let Some((arn, role)) = arn.and_then(|arn| Some((arn, arn.session_role()?))) {
            roles_of_sessions.insert((arn.account, role));
        }
        if let Some(role) = arn.filter(|arn| arn.service == "iam" && arn.kind() == "role") {
            // A session's ARN has the role's name without its path.
            roles.insert((role.account, role.name()));
        }
    }
    for part in excluded() {
        let Some(arn) = Arn::parse(&part.principal.value) else {
            continue;
        };
        let session_role = arn.session_role().map(|role| (arn.account, role));
        let forgets_role = session_role.is_some_and(|role| !roles.contains(&role));
        let forgets_account = arn.account_id().is_some_and(|account| !accounts.contains(&account));
        let forgotten = match (forgets_account, forgets_role) {
            (true, true) => "its account and its role",
            (true, false) => "its account",
            (false, true) => "its role",
            (false, false) => {
                let is_role = arn.service == "iam" && arn.kind() == "role";
                if is_role && !roles_of_sessions.contains(&(arn.account, arn.name())) {
                    let message = format!(
                        "{} is listed without a session, and its sessions may be denied",
                        quoted(arn.text)
                    );
                    found.graded(Severity::Info, part.span, view.index, message, INSTEAD);
                }
                continue;
            }
        };
        let message = format!("{} is listed without {forgotten}", quoted(arn.text));
        let fix = format!("list {forgotten} too, or {INSTEAD}");
        found.at(part.span, view.index, message, fix);
    }
}
