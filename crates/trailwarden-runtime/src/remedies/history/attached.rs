//! Which managed policies calls attached, and to whom.

use std::sync::Arc;

use trailwarden_account::{Change, Field, Id, Identity, Presence, Subject};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::Event;

/// So many are kept.
const ATTACHED_MAX: usize = 50_000;

/// A managed policy that a call attached.
#[derive(Clone, Debug)]
pub(in crate::remedies) struct Attached {
    account: AccountId,
    pub(in crate::remedies) event_id: String,
    pub(in crate::remedies) time: Timestamp,
    /// Who called, the same for each session of one.
    pub(in crate::remedies) by: String,
    /// The policy's ARN.
    pub(in crate::remedies) policy: Arc<str>,
    pub(in crate::remedies) to: Id,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Attachments(Vec<Attached>);

impl super::History {
    /// The managed policies that calls attached in an account.
    pub(in crate::remedies) fn attached(&self, account: AccountId) -> Vec<&Attached> {
        self.attached.0.iter().filter(|one| one.account == account).collect()
    }
}

impl Attachments {
    pub(super) fn note(&mut self, event: &Event, change: &Change) {
        for touched in change.touched.iter().filter(|one| one.field == Field::Attached) {
            let (Subject::Identity(_, id), Some(policy)) = (&touched.subject, &touched.item) else {
                continue;
            };
            let is_there = |holder: Option<&Identity>| {
                holder.is_some_and(|one| matches!(one.attached.get(policy), Presence::Present(_)))
            };
            // Whoever had it already was given nothing, and is to lose nothing.
            let was = change.before.identity(id).or_else(|| change.informed.identity(id));
            if is_there(change.after.identity(id)) && !is_there(was) && self.0.len() < ATTACHED_MAX
            {
                self.0.push(Attached {
                    account: change.after.account(),
                    event_id: event.id.clone(),
                    time: event.time,
                    by: event.caller.stable.clone(),
                    policy: policy.clone(),
                    to: id.clone(),
                });
            }
        }
    }
}
