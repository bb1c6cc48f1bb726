//! Roles that a new identity provider lets in: they are shut first, which can be taken back.

use serde_json::Value;
use trailwarden_account::Kind;
use trailwarden_model::Finding;
use trailwarden_remedy::documents::{parse, statements, trust_nobody, with_statements};
use trailwarden_remedy::subject::Known as State;
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;

/// Calls that make a provider. Of one that was there before its roles may be needed.
const MADE: [&str; 2] = ["CreateOpenIDConnectProvider", "CreateSAMLProvider"];

/// Whether a finding is about an identity provider.
pub(super) fn is_of_provider(finding: &Finding) -> bool {
    finding.target.kind.as_deref() == Some("identity_provider")
}

/// Whether a finding's records made a provider.
pub(super) fn is_made(finding: &Finding) -> bool {
    finding.evidence.iter().any(|one| MADE.contains(&one.event_name.as_str()))
}

impl Known<'_> {
    /// The roles that a provider lets in, each with its trust policy without it.
    pub(super) fn let_in_by_provider(&self, finding: &Finding) -> Result<Vec<Subject>, NoPlan> {
        if !is_made(finding) {
            return Err(NoPlan::Missing("a provider that was made"));
        }
        let arn = match finding.target.arn.clone() {
            Some(arn) => arn,
            None => {
                let made = self.provider_of_record(finding)?.and_then(|made| made.provider);
                made.ok_or_else(|| NoPlan::unknown("the ARN of the provider"))?
            }
        };
        self.is_provider_left(finding, &arn)?;
        let model = self.model()?;
        let (mut subjects, mut unread) = (Vec::new(), None);
        for role in model.of_kind(Kind::Role) {
            let Some(text) = role.trust.value() else {
                unread = unread.or(Some(role.name.to_string()));
                continue;
            };
            let Some(left) = without_provider(text.as_str(), &arn) else { continue };
            let mut subject = self.blank(Some(finding));
            self.fill_identity(role, &mut subject)?;
            subject.before = State::Is(left);
            subjects.push(subject);
        }
        match (subjects.is_empty(), unread, model.listed().roles.is_known()) {
            (false, _, _) => Ok(subjects),
            (true, Some(role), _) => {
                Err(NoPlan::unknown(format!("the trust policy of `role/{role}`")))
            }
            (true, None, false) => Err(NoPlan::unknown(format!("which roles trust `{arn}`"))),
            (true, None, true) => Err(NoPlan::Person(format!(
                "no role trusts `{arn}`, so nobody comes in by it as things are: whether it is wanted, who made it says"
            ))),
        }
    }
}

/// A trust policy without a provider; none where it does not let that in.
fn without_provider(text: &str, arn: &str) -> Option<String> {
    let document = parse(text)?;
    let (mut left, mut is_found) = (Vec::new(), false);
    for statement in statements(&document) {
        let is_allow = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
        match taken_out(&statement, arn).filter(|_| is_allow) {
            Some(rest) => {
                is_found = true;
                left.extend(rest);
            }
            None => left.push(statement),
        }
    }
    let rest = match left.is_empty() {
        // A trust policy needs a statement: one that lets nobody in.
        true => trust_nobody(),
        false => with_statements(&document, left),
    };
    is_found.then(|| rest.to_string())
}

/// What is left of a statement without a provider that it names, which may be nothing.
fn taken_out(statement: &Value, arn: &str) -> Option<Option<Value>> {
    let principals = statement.get("Principal")?.as_object()?;
    let is_it = |it: &Value| it.as_str() == Some(arn);
    let federated = principals.get("Federated")?;
    let others: Vec<Value> = match federated {
        Value::Array(all) if all.iter().any(is_it) => {
            all.iter().filter(|one| !is_it(one)).cloned().collect()
        }
        one if is_it(one) => Vec::new(),
        _ => return None,
    };
    let mut principals = principals.clone();
    match others.is_empty() {
        true => principals.remove("Federated"),
        false => principals.insert("Federated".to_owned(), others.into()),
    };
    if principals.is_empty() {
        return Some(None);
    }
    let mut statement = statement.as_object()?.clone();
    statement.insert("Principal".to_owned(), principals.into());
    Some(Some(statement.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:iam::111122223333:oidc-provider/login.example.net";

    fn left(principals: &[Value]) -> Option<Value> {
        let statements: Vec<Value> = principals
            .iter()
            .map(|principal| json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRoleWithWebIdentity" }))
            .collect();
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        let left = without_provider(&document.to_string(), ARN)?;
        let left: Value = serde_json::from_str(&left).unwrap();
        Some(
            left["Statement"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["Principal"].clone())
                .collect(),
        )
    }

    #[test]
    fn only_the_provider_is_taken_out() {
        let other = json!({ "Service": "ec2.amazonaws.com" });
        let only = json!({ "Federated": ARN });
        assert_eq!(left(&[only.clone(), other.clone()]), Some(json!([other.clone()])));
        let both = json!({ "Federated": [ARN, "accounts.google.com"] });
        assert_eq!(left(&[both]), Some(json!([{ "Federated": ["accounts.google.com"] }])));
        let mixed = json!({ "Federated": ARN, "AWS": "111122223333" });
        assert_eq!(left(&[mixed]), Some(json!([{ "AWS": "111122223333" }])));
        assert_eq!(left(&[other]), None, "nothing is to be taken out");
    }

    #[test]
    fn a_trust_policy_that_names_the_provider_alone_lets_nobody_in() {
        let document = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": { "Federated": ARN }, "Action": "sts:AssumeRoleWithWebIdentity" } });
        let left = without_provider(&document.to_string(), ARN).unwrap();
        assert_eq!(left, trust_nobody().to_string());
    }
}
