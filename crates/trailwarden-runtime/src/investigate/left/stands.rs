//! What a field is called, what it holds, and whether it is there in a model.

use std::sync::Arc;

use trailwarden_account::identity::KeyStatus;
use trailwarden_account::listing::Before;
use trailwarden_account::{Fact, Field, Id, Identity, Kind, Listing, Model, Presence, Subject};

use super::super::story::Stands;
use super::Leftover;

/// What a field of a subject is called when it is left behind; none for what is not worth a line.
pub(super) fn kind(subject: &Subject, field: Field) -> Option<&'static str> {
    Some(match (subject, field) {
        (_, Field::FirstSeen | Field::Id | Field::Members | Field::Tags | Field::Path) => {
            return None;
        }
        (Subject::Identity(kind, _) | Subject::AnyIdentity(kind), Field::Existence) => {
            kind.as_str()
        }
        (Subject::Policy(_) | Subject::AnyPolicy, Field::Existence) => "policy",
        (Subject::InstanceProfile(_), Field::Existence) => "instance profile",
        (Subject::Provider(_), Field::Existence) => "identity provider",
        (Subject::MfaDevice(_), Field::Existence) => "MFA device",
        (Subject::OrganizationPolicy(_), _) => "policy of the organization",
        (Subject::PermissionSet(_), _) => "permission set",
        (Subject::IdentityCenter, _) => "assignment of Identity Center",
        (Subject::Organization, _) => "organization",
        (_, Field::Name) => "new name",
        (_, Field::Inline) => "inline policy",
        (_, Field::Attached) => "attached policy",
        (_, Field::Boundary) => "permissions boundary",
        (_, Field::Groups) => "group membership",
        (_, Field::Trust) => "role trust",
        (_, Field::SessionLength) => "session length",
        (_, Field::Keys) => "access key",
        (_, Field::Login) => "console password",
        (_, Field::Mfa) => "MFA device of a user",
        (_, Field::Credentials) => "credential",
        (_, Field::Version) => "policy version",
        (_, Field::Default) => "default version",
        (_, Field::Role) => "role of an instance profile",
        (_, Field::Clients) => "clients of a provider",
        (_, Field::Certificates) => "certificates of a provider",
        (_, Field::Setting) => "account setting",
        (_, _) => "setting",
    })
}

/// The name of what was left behind, and what it belongs to.
pub(super) fn name(
    model: &Model,
    subject: &Subject,
    field: Field,
    item: Option<&Arc<str>>,
) -> (String, Option<String>) {
    let owner = match subject {
        Subject::Identity(kind, id) => {
            let name = model.identity(id).map_or(id.as_str(), |identity| &identity.name);
            if *kind == Kind::Root {
                "root".to_owned()
            } else {
                format!("{}/{name}", kind.as_str())
            }
        }
        Subject::Policy(_) => policy_arn(model, subject).map_or("a policy".into(), |arn| {
            let tail = arn.rsplit(':').next().unwrap_or_default();
            tail.to_owned()
        }),
        Subject::InstanceProfile(name) => format!("instance-profile/{name}"),
        Subject::Provider(name)
        | Subject::MfaDevice(name)
        | Subject::OrganizationPolicy(name)
        | Subject::PermissionSet(name) => name.to_string(),
        Subject::Account => "the account".to_owned(),
        Subject::Organization => "the organization".to_owned(),
        Subject::IdentityCenter => "Identity Center".to_owned(),
        Subject::AnyIdentity(kind) => format!("some {}", kind.as_str()),
        Subject::AnyPolicy => "some policy".to_owned(),
    };
    match (field, item) {
        (Field::Existence, _) => (last(&owner), None),
        (Field::Groups, Some(group)) => {
            let found = model.identity(&Id::unique(group));
            let group = found.map_or(group.to_string(), |group| group.name.to_string());
            (group, Some(owner))
        }
        (Field::Boundary, _) => {
            let boundary = identity(model, subject).and_then(|identity| identity.boundary.value());
            let name = match boundary {
                Some(Some(arn)) => last(arn),
                Some(None) => "removed".to_owned(),
                None => "of unknown name".to_owned(),
            };
            (name, Some(owner))
        }
        (Field::Name, _) => {
            let former = identity(model, subject).and_then(|identity| identity.former_names.last());
            (last(&owner), former.map(|name| name.to_string()))
        }
        (_, Some(item)) => (last(item), Some(owner)),
        (_, None) => (last(&owner), Some(owner)),
    }
}

/// The name in an ARN or a path; anything else as it is.
fn last(text: &str) -> String {
    text.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The ARN of a managed policy, which never changes.
pub(super) fn policy_arn(model: &Model, subject: &Subject) -> Option<Arc<str>> {
    let Subject::Policy(id) = subject else { return None };
    model.policies().find(|policy| policy.id == *id).map(|policy| policy.arn.clone())
}

fn identity<'m>(model: &'m Model, subject: &Subject) -> Option<&'m Identity> {
    match subject {
        Subject::Identity(_, id) => model.identity(id),
        _ => None,
    }
}

/// Whether the model has the user, group or role.
pub(super) fn is_there(model: &Model, subject: &Subject) -> bool {
    identity(model, subject).is_some()
}

fn listed<V: Clone>(listing: &Listing<Arc<str>, V>, item: Option<&Arc<str>>) -> Stands {
    match item.map(|item| listing.before(item)) {
        Some(Before::Present) => Stands::Yes,
        Some(Before::Absent) => Stands::No,
        Some(Before::Unknown) | None => Stands::Unknown,
    }
}

fn there(is_there: bool) -> Stands {
    if is_there { Stands::Yes } else { Stands::No }
}

impl Leftover {
    /// Whether it is there in a model.
    pub(super) fn stands(&self, model: &Model) -> Stands {
        match &self.subject {
            Subject::Identity(kind, id) => match self.identity(model, *kind, id) {
                Some(identity) => self.in_identity(identity, model),
                // A baseline that has everybody, and has not this one.
                None if model.baseline_time().is_some() => Stands::No,
                None if model.tombstone(id).is_some() => Stands::No,
                None => Stands::Unknown,
            },
            Subject::Policy(_) => self.in_policy(model),
            Subject::InstanceProfile(name) => match self.field {
                Field::Existence => there(model.instance_profile(name).is_some()),
                _ => self.as_set(model),
            },
            Subject::Provider(arn) => match self.field {
                Field::Existence => there(model.providers().any(|provider| provider.arn == *arn)),
                _ => self.as_set(model),
            },
            Subject::MfaDevice(serial) => {
                there(model.mfa_devices().any(|device| device.serial == *serial))
            }
            Subject::AnyIdentity(_) | Subject::AnyPolicy => Stands::Unknown,
            Subject::Account
            | Subject::OrganizationPolicy(_)
            | Subject::Organization
            | Subject::PermissionSet(_)
            | Subject::IdentityCenter => match self.touched {
                Some(_) => Stands::Unknown,
                None => Stands::Yes,
            },
        }
    }

    /// The identity, by its id; one that was only known by name, by its name.
    fn identity<'m>(&self, model: &'m Model, kind: Kind, id: &Id) -> Option<&'m Identity> {
        let by_name = || model.find(kind, &self.owner).filter(|_| id.is_provisional());
        model.identity(id).or_else(by_name)
    }

    fn in_identity(&self, identity: &Identity, model: &Model) -> Stands {
        let item = self.item.as_ref();
        if self.is_lack {
            return there(identity.mfa.is_empty());
        }
        match self.field {
            Field::Existence => Stands::Yes,
            Field::Inline => listed(&identity.inline, item),
            Field::Attached => listed(&identity.attached, item),
            Field::Keys => listed(&identity.keys, item),
            Field::Mfa => listed(&identity.mfa, item),
            Field::Credentials => listed(&identity.credentials, item),
            Field::Groups => match item.map(|item| identity.groups.before(&Id::unique(item))) {
                Some(Before::Present) => Stands::Yes,
                Some(Before::Absent) => Stands::No,
                Some(Before::Unknown) | None => Stands::Unknown,
            },
            Field::Login => match &identity.login {
                Fact::Known { value, .. } => there(value.is_some()),
                Fact::Unknown { .. } => Stands::Unknown,
            },
            _ => self.as_set(model),
        }
    }

    fn in_policy(&self, model: &Model) -> Stands {
        let Some(policy) = self.arn.as_ref().and_then(|arn| model.policy(arn)) else {
            return there(self.arn.is_none());
        };
        match self.field {
            Field::Existence => Stands::Yes,
            Field::Version => listed(&policy.versions, self.item.as_ref()),
            _ => self.as_set(model),
        }
    }

    /// Whether a field of one value still holds what was set.
    fn as_set(&self, model: &Model) -> Stands {
        match (&self.value, self.value_in(model)) {
            (Some(set), Some(now)) => there(*set == now),
            // Nothing has been set yet, or nobody knows what is there now.
            (None, _) if self.touched.is_none() => Stands::Yes,
            _ => Stands::Unknown,
        }
    }

    /// What a field of one value holds.
    pub(super) fn value_in(&self, model: &Model) -> Option<String> {
        let text = |text: &Arc<str>| text.to_string();
        match (&self.subject, self.field) {
            (Subject::Identity(kind, id), field) => {
                let identity = self.identity(model, *kind, id)?;
                match field {
                    Field::Trust => identity.trust.value().map(|trust| trust.as_str().to_owned()),
                    Field::Boundary => Some(format!("{:?}", identity.boundary.value()?)),
                    Field::Name => Some(identity.name.to_string()),
                    Field::SessionLength => Some(identity.max_session.value()?.to_string()),
                    _ => None,
                }
            }
            (Subject::Policy(_), Field::Default) => {
                model.policy(self.arn.as_ref()?)?.default.value().map(text)
            }
            (Subject::InstanceProfile(name), Field::Role) => {
                Some(format!("{:?}", model.instance_profile(name)?.role.value()?))
            }
            (Subject::Provider(arn), field) => {
                let provider = model.providers().find(|provider| provider.arn == *arn)?;
                match field {
                    Field::Clients => Some(format!("{:?}", provider.clients)),
                    Field::Certificates => Some(format!(
                        "{:?} {:?}",
                        provider.thumbprints.value(),
                        provider.metadata.value()
                    )),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether it was there before the story set it, so that it was only altered.
    pub(super) fn was_there(&self, before: &Model) -> bool {
        match self.field {
            Field::Trust | Field::Boundary | Field::Name | Field::SessionLength => true,
            Field::Default | Field::Role | Field::Clients | Field::Certificates => true,
            Field::Setting | Field::Content | Field::Targets | Field::Parent => true,
            _ => match &self.subject {
                Subject::Identity(_, id) => before
                    .identity(id)
                    .is_some_and(|identity| self.in_identity(identity, before) == Stands::Yes),
                _ => self.stands(before) == Stands::Yes,
            },
        }
    }

    /// What else is to be said of something that stands.
    pub(super) fn remark(&self, model: &Model) -> Option<&'static str> {
        let Subject::Identity(kind, id) = &self.subject else { return None };
        let identity = self.identity(model, *kind, id)?;
        if self.field == Field::Keys
            && let Presence::Present(Fact::Known { value, .. }) =
                identity.keys.get(self.item.as_ref()?)
            && *value != KeyStatus::Active
        {
            return Some("there, but inactive: activating it is all it takes");
        }
        None
    }
}
