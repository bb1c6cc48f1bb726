//! Ties the trust of a role to the organization, or to the account that services act for.

use super::remove_trust::set_trust;
use crate::prelude::*;
use crate::trusts::tied;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "narrow-trust",
    aliases: &[],
    title: "Narrow the trust of a role",
    effect: Effect::Restricts,
    order: Order::Trust,
    notes: &[
        "Whoever is outside of the organization, or of an account that is in none, cannot enter the role any more: check who entered it in the last 90 days.",
        "Some services do not send the account that they act for; test the role before you rely on it.",
        "Sessions that exist live on until they end.",
    ],
    example: |subject| {
        let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
            "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole" }] });
        subject.trust = Known::Is(trust.to_string());
        subject.statements = [0].into();
        subject.organization = Known::Is("o-exampleorg".to_owned());
    },
    example_of: "arn:aws:iam::111122223333:role/app",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let role = subject.role()?;
    let present = subject.trust()?;
    let parsed = documents::parse(present).ok_or_else(|| NoPlan::unknown("the trust policy"))?;
    let mut statements = documents::statements(&parsed);
    if subject.statements.is_empty() {
        return Err(NoPlan::Missing("a statement of the trust policy"));
    }
    for at in &subject.statements {
        let statement = statements.get_mut(*at);
        let statement = statement.ok_or(NoPlan::Missing("statements that the document has"))?;
        let account = subject.account.to_string();
        *statement = tied(statement, &subject.organization, &account)
            .map_err(|why| NoPlan::Person(why.to_owned()))?;
    }
    let document = documents::with_statements(&parsed, statements).to_string();
    set_trust(draft, role, present, document)
}
