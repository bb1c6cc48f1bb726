//! A statement that says nothing that another does not say already.

use crate::lint::prelude::*;
use crate::lint::relation::{cover, shapes};

/// See the fields.
pub static CHECK: Check = Check {
    id: "redundant-statement",
    title: "Statement that another one contains",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Another statement with the same effect matches everything that this one matches, so nothing changes without it. It may be left over, or meant for something else.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "REDUNDANT_STATEMENT")],
    run: Run::Document(run),
    fires_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x/*"},{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}]}"#,
        )
        .at(r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x/*"}"#),
        Example::document(
            PolicyKind::Scp,
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Deny","Action":"iam:*","Resource":"*"},{"Sid":"Two","Effect":"Deny","Action":["iam:CreateUser"],"Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"}}}]}"#,
        ),
        // Of two that are the same, the later one.
        Example::document(
            PolicyKind::Resource,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*"}, {"Effect":"Allow","Principal":{"AWS":["111122223333"]},"Action":["S3:GetObject"],"Resource":"*"}]}"#,
        )
        .at(r#"{"Effect":"Allow","Principal":{"AWS":["111122223333"]},"Action":["S3:GetObject"],"Resource":"*"}"#),
    ],
    quiet_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x/*"},{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}"#,
        ),
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:Newer"],"Resource":"*"},{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}"#,
        ),
        Example::document(
            PolicyKind::Resource,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":"*"}]}"#,
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let shapes = shapes(input);
    let mut work = 0;
    for inner in &shapes {
        let Some(outer) = cover(&shapes, inner, &mut work, |one| one.effect == inner.effect) else {
            continue;
        };
        let number = outer.index + 1;
        let message = format!("statement {number} says all that this one says");
        let span = input.document.places.find(Some(inner.index), None, None);
        let fix = "remove it, or narrow the other statement";
        found.at(span, inner.index, message, fix);
    }
}
