//! An Allow that a Deny of the same document takes back as a whole.

use crate::lint::prelude::*;
use crate::lint::relation::{cover, shapes};

/// See the fields.
pub static CHECK: Check = Check {
    id: "allow-undone-by-deny",
    title: "Allow that a Deny takes back",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A Deny wins over every Allow, and this one matches everything that the Allow matches: the Allow gives nothing, whatever it was written for.",
    source: "IAM User Guide, \"Policy evaluation logic\"",
    cross: &[(Tool::AccessAnalyzer, "REDUNDANT_STATEMENT")],
    run: Run::Document(run),
    fires_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}"#,
        )
        .at(r#"{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"}"#),
        Example::document(
            PolicyKind::Scp,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}"#,
        ),
        Example::document(
            PolicyKind::Resource,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}"#,
        ),
    ],
    quiet_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}]}"#,
        ),
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}]}"#,
        ),
        Example::document(
            PolicyKind::Resource,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}]}"#,
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let shapes = shapes(input);
    let mut work = 0;
    for inner in shapes.iter().filter(|shape| shape.effect == Effect::Allow) {
        let deny = cover(&shapes, inner, &mut work, |one| one.effect == Effect::Deny);
        let Some(deny) = deny else {
            continue;
        };
        let message = format!("statement {} denies all that this one allows", deny.index + 1);
        let span = input.document.places.find(Some(inner.index), None, None);
        let fix = "remove it, or narrow the Deny";
        found.at(span, inner.index, message, fix);
    }
}
