//! What calls gave to somebody: a policy written into a user, group or role, attached to one, and a place in a group.

use std::sync::Arc;

use trailwarden_account::{Change, Field, Id, Identity, PolicyText, Presence, Subject, Touched};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::Event;

/// So many are kept.
const GIFTS_MAX: usize = 50_000;

/// What was given.
#[derive(Clone, Debug)]
pub(in crate::remedies) enum Given {
    /// An inline policy, with its document of before, if it had one.
    Inline { name: Arc<str>, wrote: PolicyText, before: Option<PolicyText> },
    /// A managed policy, by its ARN.
    Attached(Arc<str>),
    /// A place in a group.
    Group(Id),
}

/// Something that a call gave to somebody who did not have it.
#[derive(Clone, Debug)]
pub(in crate::remedies) struct Gift {
    account: AccountId,
    pub(in crate::remedies) event_id: String,
    pub(in crate::remedies) time: Timestamp,
    /// Who called, the same for each session of one.
    pub(in crate::remedies) by: String,
    /// The access key that signed the call.
    pub(in crate::remedies) key: String,
    pub(in crate::remedies) to: Id,
    pub(in crate::remedies) what: Given,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Gifts(Vec<Gift>);

impl super::History {
    /// What calls gave to somebody of an account.
    pub(in crate::remedies) fn gifts(
        &self,
        account: AccountId,
        to: &Id,
    ) -> impl Iterator<Item = &Gift> {
        self.gifts.0.iter().filter(move |one| one.account == account && one.to == *to)
    }
}

impl Gifts {
    pub(super) fn note(&mut self, event: &Event, change: &Change) {
        for touched in &change.touched {
            let Subject::Identity(_, id) = &touched.subject else { continue };
            let Some(what) = given(change, id, touched) else { continue };
            if self.0.len() < GIFTS_MAX {
                self.0.push(Gift {
                    account: change.after.account(),
                    event_id: event.id.clone(),
                    time: event.time,
                    by: event.caller.stable.clone(),
                    key: event.caller.access_key.clone(),
                    to: id.clone(),
                    what,
                });
            }
        }
    }
}

/// What somebody has by a change and did not have before; nothing where that is not known.
fn given(change: &Change, id: &Id, touched: &Touched) -> Option<Given> {
    let (is, was) = (change.after.identity(id)?, change.before.identity(id));
    // Whose id the record tells first is there under it only with what the record tells.
    let was = was.or_else(|| change.informed.identity(id))?;
    let item = touched.item.as_ref()?;
    match touched.field {
        Field::Inline => {
            let Presence::Present(wrote) = is.inline.get(item) else { return None };
            let before = match was.inline.get(item) {
                Presence::Present(fact) => Some(fact.value()?.clone()),
                Presence::Absent => None,
                Presence::Unknown(_) => return None,
            };
            Some(Given::Inline { name: item.clone(), wrote: wrote.value()?.clone(), before })
        }
        Field::Attached => {
            let has = |one: &Identity| matches!(one.attached.get(item), Presence::Present(_));
            let had_not = matches!(was.attached.get(item), Presence::Absent);
            (has(is) && had_not).then(|| Given::Attached(item.clone()))
        }
        Field::Groups => {
            let group = Id::unique(item);
            let is_in = |one: &Identity| matches!(one.groups.get(&group), Presence::Present(_));
            let was_out = matches!(was.groups.get(&group), Presence::Absent);
            (is_in(is) && was_out).then_some(Given::Group(group))
        }
        _ => None,
    }
}
