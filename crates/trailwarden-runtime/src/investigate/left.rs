//! What the story left behind in IAM, and whether it still stands: the fields that its changes set,
//! watched through everything that came later.

mod stands;

use std::sync::Arc;

use foldhash::HashMap;
use trailwarden_account::{Change, Field, Id, Model, Subject};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::Row;
use trailwarden_record::row::Place;

use super::story::Stands;

/// How many things one story can leave behind.
const LEFT_MAX: usize = 20_000;

/// A record, as far as what is left behind needs it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Event {
    pub(super) time: Timestamp,
    pub(super) place: Place,
    pub(super) event_id: String,
    pub(super) event_name: String,
    /// The identity of the story that did it, if one did.
    pub(super) who: Option<usize>,
}

impl Event {
    pub(super) fn of(row: &Row, change: &Change, who: Option<usize>) -> Self {
        let name = match &change.proof {
            trailwarden_account::Proof::Record(record) => record.event_name.clone(),
            _ => String::new(),
        };
        Self {
            time: row.time(),
            place: row.place,
            event_id: change.proof.event_id().unwrap_or_default().to_owned(),
            event_name: name,
            who,
        }
    }
}

/// A field that the story set.
#[derive(Clone, Debug)]
pub(super) struct Leftover {
    pub(super) account: AccountId,
    pub(super) subject: Subject,
    pub(super) field: Field,
    pub(super) item: Option<Arc<str>>,
    /// The ARN of a policy, by which the model finds it.
    arn: Option<Arc<str>>,
    /// The name of the user, group or role.
    owner: String,
    /// What was set, where the field holds one value.
    value: Option<String>,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) of: Option<String>,
    pub(super) altered: bool,
    /// Whether it is a protection that was taken off.
    is_lack: bool,
    pub(super) made: Event,
    pub(super) ended: Option<Event>,
    /// Somebody set the same later.
    pub(super) touched: Option<Event>,
}

/// All that was left behind.
#[derive(Default)]
pub(super) struct Tracker {
    pub(super) items: Vec<Leftover>,
    of_subject: HashMap<(AccountId, Subject), Vec<usize>>,
    pub(super) is_truncated: bool,
}

impl Tracker {
    /// Takes in a change of anybody.
    pub(super) fn take(&mut self, change: &Change, event: &Event) {
        let account = change.after.account();
        self.rename(account, change);
        self.watch(account, change, event);
        if event.who.is_some() {
            for touched in &change.touched {
                self.add(change, &touched.subject, touched.field, touched.item.as_ref(), event);
            }
        }
    }

    /// A provisional id became a unique one: what was known under it is the same thing.
    fn rename(&mut self, account: AccountId, change: &Change) {
        for touched in change.touched.iter().filter(|touched| touched.field == Field::Id) {
            let Some(old) = &touched.item else { continue };
            let old = match &touched.subject {
                Subject::Identity(kind, _) => Subject::Identity(*kind, Id::unique(old)),
                Subject::Policy(_) => Subject::Policy(Id::unique(old)),
                _ => continue,
            };
            let Some(moved) = self.of_subject.remove(&(account, old)) else { continue };
            for at in &moved {
                if let Some(item) = self.items.get_mut(*at) {
                    item.subject = touched.subject.clone();
                }
            }
            self.of_subject.entry((account, touched.subject.clone())).or_default().extend(moved);
        }
    }

    /// Looks at what a change does to what was left behind before it.
    fn watch(&mut self, account: AccountId, change: &Change, event: &Event) {
        let mut seen = Vec::new();
        for touched in &change.touched {
            let key = (account, touched.subject.clone());
            for at in self.of_subject.get(&key).into_iter().flatten() {
                if seen.contains(at) {
                    continue;
                }
                let Some(item) = self.items.get_mut(*at) else { continue };
                let exact = item.field == touched.field && item.item == touched.item;
                if exact {
                    item.touched = Some(event.clone());
                }
                let (before, after) = (item.stands(&change.before), item.stands(&change.after));
                if before != after || exact {
                    seen.push(*at);
                    item.ended = (after == Stands::No).then(|| event.clone());
                }
            }
        }
    }

    fn add(
        &mut self,
        change: &Change,
        subject: &Subject,
        field: Field,
        item: Option<&Arc<str>>,
        event: &Event,
    ) {
        let Some(kind) = stands::kind(subject, field) else { return };
        // A new version that becomes the default is one thing left behind.
        let is_version = |field: Field| {
            change.touched.iter().any(|other| other.field == field && other.subject == *subject)
        };
        if field == Field::Default && is_version(Field::Version) {
            return;
        }
        let account = change.after.account();
        let key = (account, subject.clone());
        let same = |at: &&usize| {
            self.items
                .get(**at)
                .is_some_and(|known| known.field == field && known.item.as_ref() == item)
        };
        if self.of_subject.get(&key).into_iter().flatten().any(|at| same(&at)) {
            self.again(&key, field, item, change);
            return;
        }
        let mut leftover = Leftover::of(change, subject, field, item, kind, event);
        // A record shows who its caller is, and by which key: that is learned, not left behind.
        let is_learned = leftover.stands(&change.before) != Stands::Yes
            && leftover.stands(&change.informed) == Stands::Yes;
        if is_learned {
            return;
        }
        // What is not there after the change was taken off, not left behind; but a second factor is
        // missed by its owner.
        if leftover.stands(&change.after) == Stands::No {
            if field != Field::Mfa || !stands::is_there(&change.after, subject) {
                return;
            }
            leftover.is_lack = true;
            leftover.kind = "missing MFA device";
        } else {
            leftover.altered = leftover.was_there(&change.before);
        }
        if self.items.len() >= LEFT_MAX {
            self.is_truncated = true;
            return;
        }
        self.of_subject.entry(key).or_default().push(self.items.len());
        self.items.push(leftover);
    }

    /// The story set the same thing once more: what counts is what it set last.
    fn again(
        &mut self,
        key: &(AccountId, Subject),
        field: Field,
        item: Option<&Arc<str>>,
        change: &Change,
    ) {
        for at in self.of_subject.get(key).into_iter().flatten() {
            let Some(known) = self.items.get_mut(*at) else { continue };
            if known.field == field && known.item.as_ref() == item {
                known.value = known.value_in(&change.after);
                known.touched = None;
                if known.stands(&change.after) != Stands::No {
                    known.ended = None;
                }
            }
        }
    }
}

impl Leftover {
    fn of(
        change: &Change,
        subject: &Subject,
        field: Field,
        item: Option<&Arc<str>>,
        kind: &'static str,
        event: &Event,
    ) -> Self {
        let (name, of) = stands::name(&change.after, subject, field, item);
        let mut leftover = Self {
            account: change.after.account(),
            subject: subject.clone(),
            field,
            item: item.cloned(),
            arn: stands::policy_arn(&change.after, subject),
            owner: match subject {
                Subject::Identity(_, id) => change
                    .after
                    .identity(id)
                    .map_or(String::new(), |identity| identity.name.to_string()),
                _ => String::new(),
            },
            value: None,
            kind,
            name,
            of,
            altered: false,
            is_lack: false,
            made: event.clone(),
            ended: None,
            touched: None,
        };
        leftover.value = leftover.value_in(&change.after);
        leftover
    }

    /// Whether it stands, and how that is known.
    pub(super) fn verdict(&self, model: Option<&Model>) -> (Stands, String) {
        let Some(model) = model else {
            return (Stands::Unknown, "no model of the account".to_owned());
        };
        let stands = self.stands(model);
        let because = match stands {
            Stands::Yes if self.is_lack => "no other was bound in these logs".to_owned(),
            Stands::Yes => match (self.remark(model), &self.touched) {
                (Some(remark), _) => remark.to_owned(),
                (None, Some(later)) => {
                    format!("still there, altered since by {}", later.event_name)
                }
                (None, None) => "nothing in the logs took it away".to_owned(),
            },
            Stands::No => match &self.ended {
                Some(ended) => format!("ended by {}", ended.event_name),
                None => "no longer there".to_owned(),
            },
            Stands::Unknown => match &self.touched {
                Some(later) => format!("set again later by {}", later.event_name),
                None => "the logs do not say enough".to_owned(),
            },
        };
        (stands, because)
    }
}
