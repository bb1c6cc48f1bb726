//! What kind of policy a document is: the same text means different things in different places.

use std::fmt;
use std::str::FromStr;

use crate::document::{Document, Statement};

/// The kinds of policy that AWS IAM and AWS Organizations know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyKind {
    /// Attached to a user, group or role.
    Identity,
    /// Attached to a resource and naming principals.
    Resource,
    /// The resource policy of a role: who may assume it.
    Trust,
    /// A permissions boundary: the most that identity policies of a principal can give.
    Boundary,
    /// Passed along when a session begins: the most that it can do.
    Session,
    /// A service control policy: the most that principals of an organization's accounts can do.
    Scp,
    /// A resource control policy: the most that can be done to resources of an organization.
    Rcp,
    /// The policy of a VPC endpoint: what may pass through it.
    Endpoint,
}

/// A name that is no kind of policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a kind of policy; say one of identity, resource, trust, boundary, session, scp, rcp, endpoint"
)]
pub struct UnknownKind(String);

impl PolicyKind {
    /// Every kind.
    pub const ALL: [PolicyKind; 8] = [
        PolicyKind::Identity,
        PolicyKind::Resource,
        PolicyKind::Trust,
        PolicyKind::Boundary,
        PolicyKind::Session,
        PolicyKind::Scp,
        PolicyKind::Rcp,
        PolicyKind::Endpoint,
    ];

    /// The word for it, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            PolicyKind::Identity => "identity",
            PolicyKind::Resource => "resource",
            PolicyKind::Trust => "trust",
            PolicyKind::Boundary => "boundary",
            PolicyKind::Session => "session",
            PolicyKind::Scp => "scp",
            PolicyKind::Rcp => "rcp",
            PolicyKind::Endpoint => "endpoint",
        }
    }

    /// The likeliest kind, by structure alone.
    ///
    /// - A statement with `Principal` or `NotPrincipal` makes it a policy *on* something: a trust
    ///   policy when no statement has a resource and every action is of STS, else a resource policy.
    /// - Without any, it is an identity policy.
    ///
    /// A boundary, a session policy and an SCP look like identity policies, an RCP and an endpoint
    /// policy like resource policies; only the place where it was found can tell them apart.
    pub fn guess(document: &Document) -> Self {
        let names_principals = |statement: &Statement| {
            statement.not_principals.is_some()
                || statement.principals.is_everyone()
                || !statement.principals.listed().is_empty()
        };
        if !document.statements.iter().any(names_principals) {
            return PolicyKind::Identity;
        }
        let is_of_trust = |statement: &Statement| {
            let actions = statement.not_actions.as_ref().unwrap_or(&statement.actions);
            statement.resources.is_empty()
                && statement.not_resources.is_none()
                && actions.iter().all(|action| is_of_sts(action))
        };
        if document.statements.iter().all(is_of_trust) {
            PolicyKind::Trust
        } else {
            PolicyKind::Resource
        }
    }

    /// Whether its statements name principals. An SCP has none; an RCP has only `*`.
    pub fn names_principals(self) -> bool {
        match self {
            PolicyKind::Resource | PolicyKind::Trust | PolicyKind::Rcp | PolicyKind::Endpoint => {
                true
            }
            PolicyKind::Identity | PolicyKind::Boundary | PolicyKind::Session | PolicyKind::Scp => {
                false
            }
        }
    }
}

fn is_of_sts(action: &str) -> bool {
    action.split_once(':').is_some_and(|(service, _)| service.eq_ignore_ascii_case("sts"))
}

impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PolicyKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text));
        kind.ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_kinds() {
        for kind in PolicyKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert_eq!(kind.name().to_uppercase().parse(), Ok(kind));
        }
        let error = "sc".parse::<PolicyKind>().unwrap_err();
        assert!(error.to_string().contains("`sc`"), "{error}");
    }

    #[test]
    fn structure_tells_three_kinds_apart() {
        let guess = |statement: &str| {
            let text = format!(r#"{{"Statement":[{{"Effect":"Allow",{statement}}}]}}"#);
            PolicyKind::guess(&Document::parse(&text).unwrap())
        };
        let ecs = r#""Principal":{"Service":"ecs-tasks.amazonaws.com"}"#;
        assert_eq!(guess(r#""Action":"*","Resource":"*""#), PolicyKind::Identity);
        assert_eq!(guess(r#""Action":"sts:AssumeRole""#), PolicyKind::Identity);
        let trust = format!(r#"{ecs},"Action":["sts:AssumeRole","STS:TagSession"]"#);
        assert_eq!(guess(&trust), PolicyKind::Trust);
        assert_eq!(guess(r#""NotPrincipal":{"AWS":"1"},"Action":"sts:*""#), PolicyKind::Trust);
        let on_a_role = format!(r#"{ecs},"Action":"sts:AssumeRole","Resource":"*""#);
        assert_eq!(guess(&on_a_role), PolicyKind::Resource);
        assert_eq!(guess(r#""Principal":"*","Action":"sqs:SendMessage""#), PolicyKind::Resource);
        assert_eq!(PolicyKind::guess(&Document::default()), PolicyKind::Identity);
    }
}
