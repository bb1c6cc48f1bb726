//! What a federated session may do, as far as the call that issues it tells.

use trailwarden_model::Arn;
use trailwarden_policy::{Document, is_admin_like};
use trailwarden_record::events::sts::GetFederationToken;

/// How far a session policy lets the caller's own permissions through.
///
/// Source: AWS STS API reference, `GetFederationToken`: the session has what both the caller and
/// the session policies allow; without a policy it has only what resource policies give to the
/// session by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Breadth {
    /// Everything that the caller may do.
    Full,
    /// Less than that.
    Narrow,
    /// No policy was passed.
    NoPolicy,
    /// A policy was passed that cannot be read in full.
    Unreadable,
}

impl Breadth {
    /// Of one call that succeeded.
    pub fn of(call: &GetFederationToken) -> Self {
        let administrator = |arn: &String| {
            Arn::parse(arn).is_some_and(|arn| arn.is_aws_managed("AdministratorAccess"))
        };
        if call.policy_arns.iter().any(administrator) {
            return Self::Full;
        }
        match call.policy.as_deref().map(Document::parse) {
            None if call.policy_arns.is_empty() => Self::NoPolicy,
            None => Self::Narrow,
            Some(Ok(document)) if is_admin_like(&document) => Self::Full,
            Some(Ok(document)) if document.is_complete() => Self::Narrow,
            Some(_) => Self::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breadth(policy: Option<&str>, arns: &[&str]) -> Breadth {
        Breadth::of(&GetFederationToken {
            policy: policy.map(str::to_owned),
            policy_arns: arns.iter().map(|arn| (*arn).to_owned()).collect(),
            ..GetFederationToken::default()
        })
    }

    #[test]
    fn the_widest_policy_counts() {
        let all = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let some = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
        let admin = "arn:aws-cn:iam::aws:policy/AdministratorAccess";
        let own = "arn:aws:iam::111122223333:policy/AdministratorAccess";
        assert_eq!(breadth(Some(all), &[]), Breadth::Full);
        assert_eq!(breadth(Some(some), &[admin]), Breadth::Full);
        assert_eq!(breadth(Some(some), &[own]), Breadth::Narrow);
        assert_eq!(breadth(None, &[own]), Breadth::Narrow);
        assert_eq!(breadth(None, &[]), Breadth::NoPolicy);
        assert_eq!(breadth(Some("{"), &[]), Breadth::Unreadable);
    }
}
