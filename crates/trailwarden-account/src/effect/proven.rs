//! What the success of a call proves about the moment before it: what it took off was there. Of a call
//! that failed the same is only supposed, and not against better knowledge.
//!
//! A trail begins somewhere. Whoever detaches a policy that nobody saw attached took something off all
//! the same, so the account of before is completed by what the call itself shows. Of a managed policy
//! that is the document, if it is known; of an inline policy only that there was one.
//!
//! Sources: IAM API Reference, `DetachUserPolicy` and `DeleteUserPolicy` (`NoSuchEntity`); AWS
//! Organizations API Reference, `DetachPolicy` (`PolicyNotAttachedException`).

use std::borrow::Cow;
use std::sync::Arc;

use crate::change::{Change, Field, Subject, Touched};
use crate::fact::Fact;
use crate::identity::{Id, Identity};
use crate::listing::{Listing, Presence};
use crate::model::Model;
use crate::organization::OrganizationPolicy;

impl Change {
    /// The same with all that its success proves about the account of before; both sides of a
    /// comparison, also one of graphs, rest on the same knowledge then.
    #[must_use]
    pub fn proven(&self) -> Cow<'_, Self> {
        completed(self, true)
    }
}

/// The change, with all that it proves in the account of before.
pub(super) fn completed(change: &Change, has_succeeded: bool) -> Cow<'_, Change> {
    let mut all = Cow::Borrowed(change);
    for touched in &change.touched {
        match &touched.subject {
            Subject::Identity(_, id) => identity(&mut all, id, touched, has_succeeded),
            Subject::OrganizationPolicy(id) if touched.field == Field::Targets => {
                target(&mut all, id, touched, has_succeeded);
            }
            Subject::Organization if touched.field == Field::Parent => place(&mut all, touched),
            _ => {}
        }
    }
    all
}

fn identity(change: &mut Cow<'_, Change>, id: &Id, touched: &Touched, has_succeeded: bool) {
    let fields = [
        Field::Inline,
        Field::Attached,
        Field::Groups,
        Field::Members,
        Field::Boundary,
        Field::Name,
        Field::Path,
    ];
    if touched.field == Field::Mfa {
        device(change, id);
    }
    if !fields.contains(&touched.field) {
        return;
    }
    let Some(after) = change.after.identity(id) else { return };
    let known = change.informed.identity(id);
    // Made by this record: it had nothing.
    if known.is_none() && after.created.proof() == Some(&change.proof) {
        return;
    }
    let is_renamed = touched.field == Field::Name;
    let former = after.former_names.last().filter(|_| is_renamed);
    let (kind, name) = (after.kind, former.unwrap_or(&after.name));
    let seen = || {
        let is_moved = change.touched.iter().any(|touched| touched.field == Field::Path);
        let path = if is_moved { Fact::default() } else { after.path.clone() };
        Identity { path, ..Identity::seen(kind, id.clone(), name) }
    };
    let before = known.map_or_else(|| Cow::Owned(seen()), Cow::Borrowed);
    let item = touched.item.as_ref();
    let was_there = item.is_some_and(|item| {
        let (member, is) = (Id::unique(item), has_succeeded);
        match touched.field {
            Field::Inline => was_there(&before.inline, &after.inline, item, is),
            Field::Attached => was_there(&before.attached, &after.attached, item, is),
            Field::Groups => was_there(&before.groups, &after.groups, &member, is),
            Field::Members => was_there(&before.members, &after.members, &member, is),
            _ => false,
        }
    });
    if known.is_some() && !was_there {
        return;
    }
    let mut before = before.into_owned();
    if let Some(item) = item.filter(|_| was_there) {
        let here = Fact::known((), &change.proof);
        match touched.field {
            Field::Inline => {
                before.inline.put(item.clone(), Fact::default());
            }
            Field::Attached => {
                before.attached.put(item.clone(), here);
            }
            Field::Groups => {
                before.groups.put(Id::unique(item), here);
            }
            Field::Members => {
                before.members.put(Id::unique(item), here);
            }
            _ => {}
        }
    }
    informed(change).insert_identity(before);
}

/// A device that nobody saw is taken off, so there may have been others all along.
fn device(change: &mut Cow<'_, Change>, id: &Id) {
    let after = change.after.identity(id).filter(|after| !after.mfa.is_complete());
    let known = change.informed.identity(id).filter(|known| known.mfa.is_complete());
    let (Some(known), Some(after)) = (known, after) else { return };
    let before = Identity { mfa: after.mfa.clone(), ..known.clone() };
    informed(change).insert_identity(before);
}

/// Whether a thing must have been there: it is gone now, and nobody knew of it.
fn was_there<K: Ord + Clone, V: Clone>(
    before: &Listing<K, V>,
    after: &Listing<K, V>,
    item: &K,
    has_succeeded: bool,
) -> bool {
    let is_news = match before.get(item) {
        Presence::Present(_) => false,
        Presence::Absent => has_succeeded,
        Presence::Unknown(_) => true,
    };
    is_news && matches!(after.get(item), Presence::Absent)
}

fn target(change: &mut Cow<'_, Change>, id: &Arc<str>, touched: &Touched, has_succeeded: bool) {
    let Some(item) = &touched.item else { return };
    let Some(after) = change.after.organization().policies.get(id) else { return };
    let mut had = match change.informed.organization().policies.get(id) {
        Some(before) => OrganizationPolicy::clone(before),
        None => OrganizationPolicy { id: id.clone(), ..OrganizationPolicy::default() },
    };
    if was_there(&had.targets, &after.targets, item, has_succeeded) {
        had.targets.put(item.clone(), Fact::known((), &change.proof));
        let organization = Arc::make_mut(&mut informed(change).organization);
        organization.policies.insert_mut(id.clone(), Arc::new(had));
    }
}

/// An account that is moved was in the organization before, wherever.
fn place(change: &mut Cow<'_, Change>, touched: &Touched) {
    let Some(account) = &touched.item else { return };
    let [before, after] =
        [&change.informed, &change.after].map(|model| model.organization().parents.get(account));
    if before.is_none() && after.is_some() {
        let organization = Arc::make_mut(&mut informed(change).organization);
        organization.parents.insert_mut(account.clone(), Fact::default());
    }
}

fn informed<'c>(change: &'c mut Cow<'_, Change>) -> &'c mut Model {
    &mut change.to_mut().informed
}
