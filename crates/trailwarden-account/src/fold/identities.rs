//! Users, groups and roles: made, renamed, changed, deleted.

use std::sync::Arc;

use trailwarden_model::Arn;
use trailwarden_record::call::Tag;
use trailwarden_record::events::Call;

use super::{Fold, subject};
use crate::change::Field;
use crate::entry::path_of;
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::{Id, Identity, Kind};
use crate::listing::{Before, Listing};
use crate::model::lower;
use crate::text::PolicyText;

/// What the calls that make an identity have in common.
#[derive(Default)]
struct Made<'c> {
    name: Option<&'c str>,
    path: Option<&'c str>,
    id: Option<&'c str>,
    arn: Option<&'c str>,
    boundary: Option<&'c str>,
    tags: &'c [Tag],
}

impl Fold<'_> {
    pub(super) fn identities(&mut self, call: &Call) -> bool {
        match call {
            Call::CreateUser(_)
            | Call::CreateGroup(_)
            | Call::CreateRole(_)
            | Call::CreateServiceLinkedRole(_)
            | Call::AcquireRole(_) => self.made_identity(call),
            Call::UpdateUser(c) => {
                self.renamed(Kind::User, &c.user_name, &c.new_user_name, &c.new_path)
            }
            Call::UpdateGroup(c) => {
                self.renamed(Kind::Group, &c.group_name, &c.new_group_name, &c.new_path)
            }
            Call::UpdateAssumeRolePolicy(c) => {
                let Some(id) = self.target(Kind::Role, &c.role_name) else {
                    return self.any(Kind::Role, Field::Trust);
                };
                let trust = self.given(c.policy_document.as_deref().map(PolicyText::new));
                self.edit(&id, |role| role.trust = trust);
                self.touch_identity(&id, Field::Trust, None);
                true
            }
            Call::UpdateRole(c) => self.session_length(&c.role_name, c.max_session_duration),
            // It exists, and nothing that the model holds of it changes.
            Call::UpdateRoleDescription(c) => {
                if let Some(id) = self.target(Kind::Role, &c.role_name) {
                    self.touch_identity(&id, Field::Existence, None);
                }
                true
            }
            Call::DeleteUser(c) => self.deleted(Kind::User, &c.user_name),
            Call::DeleteGroup(c) => self.deleted(Kind::Group, &c.group_name),
            Call::DeleteRole(c) => self.deleted(Kind::Role, &c.role_name),
            Call::DeleteServiceLinkedRole(c) => {
                let Some(id) = self.target(Kind::Role, &c.role_name) else {
                    return self.any(Kind::Role, Field::Existence);
                };
                // AWS deletes it later, or finds it in use and does not; no record tells.
                let proof = self.entry.proof.clone();
                self.edit(&id, |role| role.leaving = Some(proof));
                self.touch_identity(&id, Field::Existence, None);
                true
            }
            _ => false,
        }
    }

    fn made_identity(&mut self, call: &Call) -> bool {
        match call {
            Call::CreateUser(c) => {
                let made = Made {
                    name: c.user_name.as_deref(),
                    path: c.path.as_deref(),
                    id: c.user_id.as_deref(),
                    arn: c.user_arn.as_deref(),
                    boundary: c.permissions_boundary.as_deref(),
                    tags: &c.tags,
                };
                self.made(Kind::User, &made);
            }
            Call::CreateGroup(c) => {
                let made = Made {
                    name: c.group_name.as_deref(),
                    path: c.path.as_deref(),
                    id: c.group_id.as_deref(),
                    arn: c.group_arn.as_deref(),
                    ..Made::default()
                };
                self.made(Kind::Group, &made);
            }
            Call::CreateRole(c) => {
                let made = Made {
                    name: c.role_name.as_deref(),
                    path: c.path.as_deref(),
                    id: c.role_id.as_deref(),
                    arn: c.role_arn.as_deref(),
                    boundary: c.permissions_boundary.as_deref(),
                    tags: &c.tags,
                };
                let trust = c.assume_role_policy_document.as_deref();
                // Without the parameter, the API takes one hour.
                let length = c.max_session_duration.or((!self.entry.is_omitted).then_some(3600));
                self.made_role(&made, trust, length);
            }
            Call::CreateServiceLinkedRole(c) => {
                let made = Made {
                    name: c.role_name.as_deref(),
                    id: c.role_id.as_deref(),
                    arn: c.role_arn.as_deref(),
                    ..Made::default()
                };
                // AWS attaches the service's own policy without a record.
                let id = self.made_role(&made, c.assume_role_policy_document.as_deref(), None);
                self.unsaid_policies(id);
            }
            Call::AcquireRole(c) => {
                let made = Made {
                    name: c.role_name.as_deref(),
                    id: c.role_id.as_deref(),
                    arn: c.role_arn.as_deref(),
                    boundary: c.permissions_boundary.as_deref(),
                    ..Made::default()
                };
                let id = self.made_role(&made, c.assume_role_policy_document.as_deref(), None);
                self.unsaid_policies(id);
            }
            _ => return false,
        }
        true
    }

    fn unsaid_policies(&mut self, id: Option<Id>) {
        let Some(id) = id else { return };
        let why = crate::Why::NotSaid(self.entry.proof.clone());
        self.edit(&id, |role| {
            role.attached.doubt_others(&why);
            role.inline.doubt_others(&why);
        });
    }

    fn made_role(
        &mut self,
        made: &Made<'_>,
        trust: Option<&str>,
        length: Option<i64>,
    ) -> Option<Id> {
        let id = self.made(Kind::Role, made)?;
        let trust = self.given(trust.map(PolicyText::new));
        let length = self.given(length);
        self.edit(&id, |role| {
            role.trust = trust;
            role.max_session = length;
        });
        Some(id)
    }

    /// Makes an identity. None when the model has it already, or the record does not name it.
    fn made(&mut self, kind: Kind, made: &Made<'_>) -> Option<Id> {
        let from_arn = made.arn.and_then(Arn::parse).map(|arn| arn.name());
        let Some(name) = made.name.or(from_arn) else {
            self.any(kind, Field::Existence);
            return None;
        };
        if let Some(old) = self.model.find(kind, name).map(|old| old.id.clone()) {
            if made.id.is_some_and(|id| id == old.as_str()) {
                return None;
            }
            self.gap(GapKind::MadeTwice, &subject(kind, name), old.as_str());
            self.bury(&old);
        }
        let id = match made.id {
            Some(id) => Id::unique(id),
            None => Id::provisional(kind.as_str(), &lower(name), &self.entry.proof),
        };
        if self.model.identity(&id).is_some() {
            self.gap(GapKind::Replaced, &subject(kind, name), id.as_str());
            self.bury(&id);
        }
        let mut identity = Identity::made(kind, id.clone(), name, &self.entry.proof);
        let path = made.path.or(made.arn.and_then(path_of));
        identity.path =
            self.given(path.or((!self.entry.is_omitted).then_some("/")).map(Into::into));
        identity.boundary = match made.boundary {
            Some(arn) => {
                let arn = self.policy_arn(arn);
                self.known(Some(arn))
            }
            None => self.given_or_none(None),
        };
        identity.tags = self.tag_listing(made.tags);
        self.model.insert_identity(identity);
        if !self.listed(kind).is_some_and(Fact::is_known) {
            // Perhaps it takes the place of one that was never seen, and is deleted in this second.
            self.was_put(Some(Before::Unknown), &id, Field::Existence, "");
        }
        self.touch_identity(&id, Field::Existence, None);
        Some(id)
    }

    /// The tags of something new.
    pub(super) fn tag_listing(&self, tags: &[Tag]) -> Listing<Arc<str>, Arc<str>> {
        let pairs = tags.iter().map(|tag| (tag.key.as_str().into(), tag.value.as_str().into()));
        let mut listing = Listing::all(pairs, &self.entry.proof);
        if self.entry.is_omitted {
            listing.doubt_others(&self.why_absent());
        }
        listing
    }

    fn session_length(&mut self, name: &Option<String>, length: Option<i64>) -> bool {
        let Some(id) = self.target(Kind::Role, name) else {
            return self.any(Kind::Role, Field::SessionLength);
        };
        // Without the parameter, IAM API Reference, `UpdateRole`, says that one hour is applied; the
        // console's habit of changing only the description says that nothing is.
        match length {
            Some(length) => {
                let length = self.known(length);
                self.edit(&id, |role| role.max_session = length);
            }
            None => {
                let why = self.why_absent();
                self.edit(&id, |role| role.max_session.doubt(&why));
            }
        }
        self.touch_identity(&id, Field::SessionLength, None);
        true
    }
}
