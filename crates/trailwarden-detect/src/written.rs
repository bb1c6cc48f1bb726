//! The policy document that an event writes, as its kind, with what stood in its place before.

use trailwarden_account::identity::Kind;
use trailwarden_account::{Model, PolicyText};
use trailwarden_policy::PolicyKind;
use trailwarden_record::Event;
use trailwarden_record::events::Call;

/// A policy document in an event.
#[derive(Clone, PartialEq, Debug)]
pub struct Written<'a> {
    /// What kind of policy it is.
    pub kind: PolicyKind,
    /// Its place, the same for each document that is written there.
    pub place: String,
    /// Its place in words: ``the inline policy `x` of group devs``.
    pub words: String,
    /// The document as JSON text.
    pub text: &'a str,
    /// The document that it replaces, where the model knows one.
    pub previous: Option<PolicyText>,
}

impl<'a> Written<'a> {
    /// The document in an event, with the account as it was before; `None` when it writes none.
    #[must_use]
    pub fn of(event: &'a Event, before: Option<&Model>) -> Option<Self> {
        match &event.call {
            Call::PutUserPolicy(call) => Self::put(
                (Kind::User, call.user_name.as_deref()),
                call.policy_name.as_deref(),
                call.policy_document.as_deref(),
                before,
            ),
            Call::PutGroupPolicy(call) => Self::put(
                (Kind::Group, call.group_name.as_deref()),
                call.policy_name.as_deref(),
                call.policy_document.as_deref(),
                before,
            ),
            Call::PutRolePolicy(call) => Self::put(
                (Kind::Role, call.role_name.as_deref()),
                call.policy_name.as_deref(),
                call.policy_document.as_deref(),
                before,
            ),
            Call::CreateRole(call) => {
                let role = call.role_name.as_deref()?;
                Some(Self::trust(role, call.assume_role_policy_document.as_deref()?))
            }
            Call::UpdateAssumeRolePolicy(call) => {
                let role = call.role_name.as_deref()?;
                let known = before.and_then(|model| model.find(Kind::Role, role));
                let previous = known.and_then(|role| role.trust.value().cloned());
                let trust = Self::trust(role, call.policy_document.as_deref()?);
                Some(Self { previous, ..trust })
            }
            Call::CreatePolicy(call) => {
                let name = call.policy_arn.as_deref().or(call.policy_name.as_deref())?;
                Some(Self::managed(name, call.policy_document.as_deref()?))
            }
            Call::CreatePolicyVersion(call) => {
                let arn = call.policy_arn.as_deref()?;
                let previous = before.and_then(|model| model.document_of(arn).value().cloned());
                let managed = Self::managed(arn, call.policy_document.as_deref()?);
                Some(Self { previous, ..managed })
            }
            Call::SsoPutInlinePolicyToPermissionSet(call) => {
                let arn = call.permission_set_arn.as_deref()?;
                let set = before.and_then(|model| model.identity_center().permission_sets.get(arn));
                Some(Self {
                    kind: PolicyKind::Identity,
                    place: arn.to_owned(),
                    words: format!("the inline policy of permission set {arn}"),
                    text: call.inline_policy.as_deref()?,
                    previous: set.and_then(|set| set.inline.value().cloned().flatten()),
                })
            }
            _ => Self::of_organization(event, before),
        }
    }

    fn put(
        (kind, name): (Kind, Option<&str>),
        policy: Option<&str>,
        text: Option<&'a str>,
        before: Option<&Model>,
    ) -> Option<Self> {
        let (name, policy) = (name?, policy?);
        let holder = before.and_then(|model| model.find(kind, name));
        let known = holder.and_then(|holder| {
            holder.inline.iter().find(|(known, _)| known.as_ref() == policy).map(|(_, text)| text)
        });
        let previous = known.and_then(|fact| fact.value().cloned());
        Some(Self { previous, ..Self::inline(kind, name, policy, text?) })
    }

    /// An inline policy of a user, group or role.
    pub(crate) fn inline(kind: Kind, name: &str, policy: &str, text: &'a str) -> Self {
        let kind = kind.as_str();
        Self {
            kind: PolicyKind::Identity,
            place: format!("{kind}/{}/{policy}", name.to_ascii_lowercase()),
            words: format!("the inline policy `{policy}` of {kind} {name}"),
            text,
            previous: None,
        }
    }

    /// Who may assume a role.
    pub(crate) fn trust(role: &str, text: &'a str) -> Self {
        Self {
            kind: PolicyKind::Trust,
            place: format!("trust of role/{}", role.to_ascii_lowercase()),
            words: format!("the trust policy of role {role}"),
            text,
            previous: None,
        }
    }

    /// A managed policy.
    pub(crate) fn managed(arn: &str, text: &'a str) -> Self {
        Self {
            kind: PolicyKind::Identity,
            place: arn.to_owned(),
            words: format!("the managed policy {arn}"),
            text,
            previous: None,
        }
    }

    fn of_organization(event: &'a Event, before: Option<&Model>) -> Option<Self> {
        let (id, name, text, kind) = match &event.call {
            Call::OrganizationsCreatePolicy(call) => {
                (&call.policy_id, &call.name, &call.content, &call.policy_type)
            }
            Call::OrganizationsUpdatePolicy(call) => {
                (&call.policy_id, &call.name, &call.content, &call.policy_type)
            }
            _ => return None,
        };
        let known = id
            .as_deref()
            .and_then(|id| before.and_then(|model| model.organization().policies.get(id)));
        let told = known.and_then(|policy| policy.kind.value().map(AsRef::as_ref));
        let label = id.as_deref().or(name.as_deref())?;
        let written =
            Self::of_organization_policy(label, kind.as_deref().or(told)?, text.as_deref()?)?;
        let previous = known.and_then(|policy| policy.content.value().cloned());
        Some(Self { previous, ..written })
    }

    /// A policy of the organization, if it is of a kind that is written in the policy language.
    pub(crate) fn of_organization_policy(label: &str, kind: &str, text: &'a str) -> Option<Self> {
        let kind = match kind {
            "SERVICE_CONTROL_POLICY" => PolicyKind::Scp,
            "RESOURCE_CONTROL_POLICY" => PolicyKind::Rcp,
            _ => return None,
        };
        Some(Self {
            kind,
            place: label.to_owned(),
            words: format!("the organization's policy {label}"),
            text,
            previous: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_account::{Models, entry};
    use trailwarden_record::row::Place;

    /// The document in the last record of a trail.
    fn written(trail: &str) -> Option<(PolicyKind, String, Option<String>)> {
        let mut models = Models::default();
        let records = crate::trail::records(trail).unwrap();
        let mut last = None;
        for record in &records {
            let event = Event::decode(record.to_string().as_bytes()).unwrap();
            let before = models.get(event.account.unwrap()).cloned();
            models.apply(&event, entry::order_of(&event), Place::default());
            last = Written::of(&event, before.as_ref()).map(|written| {
                let previous = written.previous.map(|text| text.as_str().to_owned());
                (written.kind, written.words, previous)
            });
        }
        last
    }

    #[test]
    fn a_document_is_known_with_its_kind_place_and_previous_text() {
        for (trail, kind, words) in [
            (
                "a iam:PutGroupPolicy group/devs allow=s3:Get*",
                PolicyKind::Identity,
                "the inline policy `inline` of group devs",
            ),
            (
                "a iam:UpdateAssumeRolePolicy role/app trust=ec2.amazonaws.com",
                PolicyKind::Trust,
                "the trust policy of role app",
            ),
            (
                "a iam:CreatePolicyVersion policy/p allow=s3:Get* {\"request\":{\"setAsDefault\":true},\"response\":{\"policyVersion\":{\"versionId\":\"v2\"}}}",
                PolicyKind::Identity,
                "the managed policy arn:aws:iam::111122223333:policy/p",
            ),
        ] {
            let (found, said, previous) = written(trail).unwrap();
            assert_eq!((found, said.as_str(), previous), (kind, words, None), "{trail}");
            let first = match trail.contains("Version") {
                true => "a iam:CreatePolicy policy/p allow=s3:*",
                false => trail,
            };
            let (_, _, previous) = written(&format!("{first}\n{trail}")).unwrap();
            assert!(previous.is_some_and(|text| text.contains("Statement")), "{trail}");
        }
        assert_eq!(written("a iam:CreateUser user/bob"), None);
    }
}
