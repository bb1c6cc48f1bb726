//! One entry folded into the model.
//!
//! Each family of calls has a file. A family answers whether the call was its own, so that a test
//! can tell that each typed call is somebody's.

mod account;
mod attachments;
mod bury;
mod credentials;
mod devices;
mod directory;
mod identities;
mod maps;
mod memberships;
mod organization;
mod permission_sets;
mod policies;
mod policy_ends;
mod profiles;
mod providers;
mod renames;
mod second;
mod sight;
mod tags;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use trailwarden_record::events::Call;

use crate::change::{Field, Subject, Touched};
use crate::entry::Entry;
use crate::fact::{Fact, Why};
use crate::gap::{Gap, GapKind};
use crate::identity::{Id, Identity, Kind};
use crate::model::{GAPS_MAX, Model, lower};

/// The fold of one entry.
pub(crate) struct Fold<'m> {
    model: &'m mut Model,
    entry: &'m Entry,
    touched: Vec<Touched>,
}

impl<'m> Fold<'m> {
    pub(crate) fn new(model: &'m mut Model, entry: &'m Entry) -> Self {
        Self { model, entry, touched: Vec::new() }
    }

    pub(crate) fn run(mut self, on_sight: impl FnOnce(&Model)) -> Vec<Touched> {
        self.sight();
        on_sight(self.model);
        let call = &self.entry.call;
        self.is_folded(call);
        self.touched
    }

    /// Folds the call; false when no family knows it.
    fn is_folded(&mut self, call: &Call) -> bool {
        self.identities(call)
            || self.attachments(call)
            || self.memberships(call)
            || self.policies(call)
            || self.credentials(call)
            || self.devices(call)
            || self.profiles(call)
            || self.providers(call)
            || self.tags(call)
            || self.account(call)
            || self.organization(call)
            || self.directory(call)
    }

    fn touch(&mut self, subject: Subject, field: Field, item: Option<&str>) {
        self.touched.push(Touched { subject, field, item: item.map(Into::into) });
    }

    fn touch_identity(&mut self, id: &Id, field: Field, item: Option<&str>) {
        let kind = self.model.identity(id).map_or(Kind::User, |identity| identity.kind);
        self.touch(Subject::Identity(kind, id.clone()), field, item);
    }

    /// A fact by this record.
    fn known<T>(&self, value: T) -> Fact<T> {
        Fact::known(value, &self.entry.proof)
    }

    /// Why a parameter is not there: CloudTrail left it out, or it was never given.
    fn why_absent(&self) -> Why {
        match self.entry.is_omitted {
            true => Why::Omitted(self.entry.proof.clone()),
            false => Why::NotSaid(self.entry.proof.clone()),
        }
    }

    fn missed(&self) -> Why {
        Why::Missed(self.entry.proof.clone())
    }

    /// A value that the call gives, or the reason why it is unknown.
    fn given<T>(&self, value: Option<T>) -> Fact<T> {
        match value {
            Some(value) => self.known(value),
            None => Fact::unknown(self.why_absent()),
        }
    }

    /// A value that is absent by meaning when the call does not give it, unless it was left out.
    fn given_or_none<T>(&self, value: Option<T>) -> Fact<Option<T>> {
        match value {
            None if self.entry.is_omitted => Fact::unknown(self.why_absent()),
            value => self.known(value),
        }
    }

    fn edit<R>(&mut self, id: &Id, edit: impl FnOnce(&mut Identity) -> R) -> Option<R> {
        self.model.identities.edit(id, edit)
    }

    fn gap(&mut self, kind: GapKind, subject: &str, detail: &str) {
        if self.model.gaps.len() >= GAPS_MAX {
            self.model.is_truncated = true;
            return;
        }
        Arc::make_mut(&mut self.model.gaps).push(Gap {
            kind,
            subject: subject.into(),
            detail: detail.into(),
            proof: self.entry.proof.clone(),
        });
    }

    /// Takes back a gap of this very second: the order within a second is not the true one.
    fn settle(&mut self, kind: GapKind, subject: &str, detail: Option<&str>) -> bool {
        let now = Some(self.entry.order.time);
        let is_it = |gap: &Gap| {
            gap.kind == kind
                && gap.proof.time() == now
                && *gap.subject == *subject
                && detail.is_none_or(|detail| *gap.detail == *detail)
        };
        let Some(at) = self.model.gaps.iter().rposition(is_it) else { return false };
        Arc::make_mut(&mut self.model.gaps).remove(at);
        true
    }

    /// The identity of a name, made up as far as needed when it was never seen.
    fn named(&mut self, kind: Kind, name: &str) -> Id {
        if kind == Kind::User && name == "root" && self.entry.is_root_own {
            return Id::root();
        }
        if let Some(found) = self.model.find(kind, name) {
            return found.id.clone();
        }
        if self.listed(kind).is_some_and(Fact::is_known) {
            self.gap(GapKind::MadeUnseen, &subject(kind, name), "");
        }
        let id = Id::provisional(kind.as_str(), &lower(name), &self.entry.proof);
        self.model.insert_identity(Identity::seen(kind, id.clone(), name));
        self.touch_identity(&id, Field::FirstSeen, None);
        id
    }

    fn target(&mut self, kind: Kind, name: &Option<String>) -> Option<Id> {
        name.as_ref().map(|name| self.named(kind, name))
    }

    /// How gaps name an identity.
    fn subject_of(&self, id: &Id) -> Arc<str> {
        let name = |identity: &Identity| subject(identity.kind, &identity.name);
        self.model.identity(id).map(name).unwrap_or_default()
    }

    fn listed(&self, kind: Kind) -> Option<&Fact<()>> {
        match kind {
            Kind::User => Some(&self.model.listed.users),
            Kind::Group => Some(&self.model.listed.groups),
            Kind::Role => Some(&self.model.listed.roles),
            Kind::Root => None,
        }
    }

    /// The record changes a field of some identity without saying which: all of the kind are in
    /// doubt.
    fn any(&mut self, kind: Kind, field: Field) -> bool {
        let why = self.why_absent();
        // A stranger may leave out much; each thing is doubted once.
        let sure = self.model.of_kind(kind).filter(|identity| !is_in_doubt(identity, field));
        let ids: Vec<Id> = sure.map(|identity| identity.id.clone()).collect();
        for id in ids {
            self.edit(&id, |identity| doubt(identity, field, &why));
        }
        if field == Field::Existence {
            let listed = Arc::make_mut(&mut self.model.listed);
            match kind {
                Kind::User => listed.users.doubt(&why),
                Kind::Group => listed.groups.doubt(&why),
                Kind::Role => listed.roles.doubt(&why),
                Kind::Root => {}
            }
        }
        self.was_put_somewhere(kind, field);
        self.touch(Subject::AnyIdentity(kind), field, None);
        true
    }
}

fn is_in_doubt(identity: &Identity, field: Field) -> bool {
    match field {
        Field::Inline => identity.inline.is_in_doubt(),
        Field::Attached => identity.attached.is_in_doubt(),
        Field::Boundary => !identity.boundary.is_known(),
        Field::Groups => identity.groups.is_in_doubt(),
        Field::Members => identity.members.is_in_doubt(),
        Field::Trust => !identity.trust.is_known(),
        Field::SessionLength => !identity.max_session.is_known(),
        Field::Keys => identity.keys.is_in_doubt(),
        Field::Login => !identity.login.is_known(),
        Field::Mfa => identity.mfa.is_in_doubt(),
        Field::Credentials => identity.credentials.is_in_doubt(),
        Field::Tags => identity.tags.is_in_doubt(),
        Field::Path | Field::Name => !identity.path.is_known(),
        _ => true,
    }
}

fn doubt(identity: &mut Identity, field: Field, why: &Why) {
    match field {
        Field::Inline => identity.inline.doubt_all(why),
        Field::Attached => identity.attached.doubt_all(why),
        Field::Boundary => identity.boundary.doubt(why),
        Field::Groups => identity.groups.doubt_all(why),
        Field::Members => identity.members.doubt_all(why),
        Field::Trust => identity.trust.doubt(why),
        Field::SessionLength => identity.max_session.doubt(why),
        Field::Keys => identity.keys.doubt_all(why),
        Field::Login => identity.login.doubt(why),
        Field::Mfa => identity.mfa.doubt_all(why),
        Field::Credentials => identity.credentials.doubt_all(why),
        Field::Tags => identity.tags.doubt_all(why),
        Field::Path | Field::Name => identity.path.doubt(why),
        _ => {}
    }
}

/// `user/bob`: how gaps and tombstones name an identity.
pub(crate) fn subject(kind: Kind, name: &str) -> Arc<str> {
    format!("{}/{}", kind.as_str(), name.to_ascii_lowercase()).into()
}
