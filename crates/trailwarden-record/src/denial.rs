//! What a denied call was about, read from its error message.
//!
//! IAM, STS, Organizations and CloudTrail leave `requestParameters` null when they refuse a call,
//! so the message is the only place that names the target:
//!
//! `User: ARN is not authorized to perform: iam:X on resource: user NAME because no identity-based
//! policy allows the iam:X action`, or `... with an explicit deny in a service control policy`.
//! Source: AWS IAM User Guide, "Troubleshoot access denied error messages".

use trailwarden_model::Arn;

/// A parsed refusal.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Denial {
    /// The principal's ARN as the message gives it.
    pub principal: Option<String>,
    /// The action that was refused, such as `iam:CreateUser`.
    pub action: Option<String>,
    /// The resource: an ARN, or IAM's `user NAME` form.
    pub resource: Option<Resource>,
    /// What refused it.
    pub reason: Reason,
}

/// The target of a refused call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resource {
    /// `user`, `group`, `role`, `policy`, `instance profile`...; empty for other ARNs.
    pub kind: String,
    /// The friendly name.
    pub name: String,
    /// The ARN, when the message gives one.
    pub arn: Option<String>,
}

/// The layer that refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Reason {
    /// No identity policy allows it.
    NotAllowed,
    /// An explicit deny in an identity policy.
    IdentityDeny,
    /// A service control policy.
    ServiceControlPolicy,
    /// A resource control policy.
    ResourceControlPolicy,
    /// A permissions boundary.
    PermissionsBoundary,
    /// A session policy.
    SessionPolicy,
    /// A resource policy, a role's trust policy included.
    ResourcePolicy,
    /// A VPC endpoint policy.
    EndpointPolicy,
    /// The message does not say.
    #[default]
    Unknown,
}

impl Reason {
    /// How a sentence names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAllowed => "no identity policy allows it",
            Self::IdentityDeny => "an identity policy denies it",
            Self::ServiceControlPolicy => "a service control policy denies it",
            Self::ResourceControlPolicy => "a resource control policy denies it",
            Self::PermissionsBoundary => "a permissions boundary stops it",
            Self::SessionPolicy => "a session policy stops it",
            Self::ResourcePolicy => "a resource policy stops it",
            Self::EndpointPolicy => "a VPC endpoint policy stops it",
            Self::Unknown => "the message does not say why",
        }
    }

    fn of(message: &str) -> Self {
        const LAYERS: [(&str, Reason); 8] = [
            ("service control policy", Reason::ServiceControlPolicy),
            ("resource control policy", Reason::ResourceControlPolicy),
            ("permissions boundary", Reason::PermissionsBoundary),
            ("session policy", Reason::SessionPolicy),
            ("VPC endpoint policy", Reason::EndpointPolicy),
            ("resource-based policy", Reason::ResourcePolicy),
            ("trust policy", Reason::ResourcePolicy),
            ("explicit deny", Reason::IdentityDeny),
        ];
        let layer = LAYERS.iter().find(|(words, _)| message.contains(words));
        match layer {
            Some((_, reason)) => *reason,
            None if message.contains("no identity-based policy allows") => Self::NotAllowed,
            None => Self::Unknown,
        }
    }
}

impl Denial {
    /// Reads a message; `None` when it is not a refusal that names an action.
    pub fn parse(message: &str) -> Option<Self> {
        let (before, after) = message.split_once("is not authorized to perform: ")?;
        let principal = before.split_whitespace().find(|word| word.starts_with("arn:"));
        // Everything after `because`, or after `with an explicit deny`, is the reason; names that a
        // stranger chose stand before it.
        let cut = [" because ", " with an explicit deny"]
            .iter()
            .filter_map(|mark| after.find(mark))
            .min();
        let (what, why) = after.split_at(cut.unwrap_or(after.len()));
        let (action, resource) = match what.split_once(" on resource: ") {
            Some((action, resource)) => (action, Some(resource)),
            None => (what, None),
        };
        Some(Self {
            principal: principal.map(str::to_owned),
            action: action.split_whitespace().next().map(str::to_owned),
            resource: resource.and_then(Resource::parse),
            reason: Reason::of(why),
        })
    }
}

impl Resource {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(arn) = Arn::parse(text) {
            let kind = if arn.service == "iam" { arn.kind() } else { "" };
            return Some(Self {
                kind: kind.into(),
                name: arn.name().into(),
                arn: Some(text.into()),
            });
        }
        const KINDS: [&str; 10] = [
            "instance profile",
            "user",
            "group",
            "role",
            "policy",
            "login profile",
            "mfa device",
            "saml provider",
            "oidc provider",
            "access key",
        ];
        let lower = text.to_ascii_lowercase();
        let kind = KINDS.iter().find(|kind| {
            lower.strip_prefix(**kind).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })?;
        let name = text.get(kind.len()..).unwrap_or_default().trim();
        let arn = Arn::parse(name);
        Some(Self {
            kind: (*kind).to_owned(),
            name: arn.map_or(name, |arn| arn.name()).to_owned(),
            arn: arn.map(|arn| arn.text.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iam_names_kind_and_name() {
        let denial = Denial::parse("User: arn:aws:iam::111122223333:user/mallory is not authorized to perform: iam:PutUserPolicy on resource: user mallory because no identity-based policy allows the iam:PutUserPolicy action").unwrap();
        assert_eq!(denial.action.as_deref(), Some("iam:PutUserPolicy"));
        assert_eq!(denial.principal.as_deref(), Some("arn:aws:iam::111122223333:user/mallory"));
        let resource = denial.resource.unwrap();
        assert_eq!((resource.kind.as_str(), resource.name.as_str()), ("user", "mallory"));
        assert_eq!(denial.reason, Reason::NotAllowed);
    }

    #[test]
    fn others_give_an_arn() {
        let denial = Denial::parse("User: arn:aws:sts::111122223333:assumed-role/app/s is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/admin with an explicit deny in a service control policy").unwrap();
        let resource = denial.resource.unwrap();
        assert_eq!(resource.arn.as_deref(), Some("arn:aws:iam::444455556666:role/admin"));
        assert_eq!((resource.kind.as_str(), resource.name.as_str()), ("role", "admin"));
        assert_eq!(denial.reason, Reason::ServiceControlPolicy);
    }

    #[test]
    fn a_message_without_a_resource_still_names_the_action() {
        let denial = Denial::parse("User: arn:aws:iam::111122223333:user/m is not authorized to perform: organizations:LeaveOrganization").unwrap();
        assert_eq!(denial.action.as_deref(), Some("organizations:LeaveOrganization"));
        assert_eq!((denial.resource, denial.reason), (None, Reason::Unknown));
        assert_eq!(Denial::parse("Failed authentication"), None);
    }
}
