//! What the story made outside of IAM, and whether a later call of the same kind ended it.
//!
//! The account model holds IAM only. So a thing stands as far as the logs tell: made by a call whose
//! name says so, and ended by a call that speaks of the same thing by the same id.

use foldhash::{HashMap, HashSet};
use trailwarden_record::row::{Action, ActionId};
use trailwarden_record::{Event, Row};

use super::left;
use super::words::{Words, noun};

/// How many of things made alike are told one by one.
const EACH_MAX: u64 = 20;
/// How many endings are remembered.
const ENDS_MAX: usize = 50_000;

/// Verbs that make or place something.
const MAKES: [&str; 17] = [
    "Create",
    "Run",
    "Put",
    "Import",
    "Register",
    "Publish",
    "Allocate",
    "Copy",
    "Launch",
    "Add",
    "Authorize",
    "Upload",
    "Restore",
    "Share",
    "Associate",
    "Attach",
    "Modify",
];
/// Calls that write data, or logs, and leave no thing behind.
const DATA: [&str; 12] = [
    "PutObject",
    "PutItem",
    "PutMetricData",
    "PutLogEvents",
    "PutRecord",
    "PutRecords",
    "PutEvents",
    "CopyObject",
    "CreateLogStream",
    "UploadPart",
    "CreateMultipartUpload",
    "CreateGrant",
];

/// Things of one kind that somebody made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Made {
    pub(super) who: usize,
    pub(super) action: ActionId,
    pub(super) count: u64,
    /// Each with its time, the first few.
    pub(super) each: Vec<left::Event>,
}

/// A call that ended something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct End {
    service: String,
    noun: String,
    account: u64,
    ids: Vec<String>,
    pub(super) event: left::Event,
}

/// All things made.
#[derive(Default)]
pub(super) struct Things {
    pub(super) made: Vec<Made>,
    index: HashMap<(usize, ActionId), usize>,
    kinds: HashSet<(String, String)>,
    ends: Vec<End>,
    pub(super) is_truncated: bool,
}

/// Whether a call makes a thing that may be left behind.
pub(super) fn makes(action: &Action) -> bool {
    let is_code = super::extract::runs_code(&action.service, &action.name);
    let verb = MAKES.iter().any(|verb| action.name.starts_with(verb));
    let is_quiet = matches!(action.service.as_str(), "logs" | "iam" | "sts" | "signin" | "sso");
    (verb || is_code) && !is_quiet && !DATA.contains(&action.name.as_str())
}

impl Things {
    /// Notes that somebody of the story made a thing.
    pub(super) fn make(&mut self, who: usize, row: &Row, action: &Action) {
        let at = *self.index.entry((who, row.action)).or_insert_with(|| {
            self.made.push(Made { who, action: row.action, count: 0, each: Vec::new() });
            self.made.len() - 1
        });
        let Some(made) = self.made.get_mut(at) else { return };
        made.count += 1;
        if made.count <= EACH_MAX {
            made.each.push(left::Event {
                time: row.time(),
                place: row.place,
                event_id: String::new(),
                event_name: action.name.clone(),
                who: Some(who),
            });
        }
        self.kinds.insert((action.service.clone(), noun(&action.name).to_owned()));
    }

    /// Whether a call may end something that was made.
    pub(super) fn wants(&self, action: &Action) -> bool {
        !self.kinds.is_empty()
            && self.kinds.contains(&(action.service.clone(), noun(&action.name).to_owned()))
    }

    /// Notes that somebody ended something.
    pub(super) fn end(&mut self, row: &Row, event: &Event, who: Option<usize>) {
        if self.ends.len() >= ENDS_MAX {
            self.is_truncated = true;
            return;
        }
        let words = Words::of(event);
        self.ends.push(End {
            service: words.service,
            noun: noun(&words.event_name).to_owned(),
            account: row.account,
            ids: words.things,
            event: left::Event {
                time: row.time(),
                place: row.place,
                event_id: words.event_id,
                event_name: words.event_name,
                who,
            },
        });
    }

    /// The call that ended a thing, if the logs have one.
    pub(super) fn ended(&self, words: &Words, made: &left::Event) -> Option<&End> {
        let noun = noun(&words.event_name);
        let account = words.account.as_deref().unwrap_or_default();
        self.ends.iter().find(|end| {
            end.service == words.service
                && end.noun == noun
                && end.event.time >= made.time
                && account_text(end.account).is_none_or(|own| own == account)
                && end.ids.iter().any(|id| words.things.iter().any(|thing| same(thing, id)))
        })
    }
}

fn account_text(code: u64) -> Option<String> {
    code.checked_sub(1).map(|number| format!("{number:012}"))
}

/// Whether two texts name one thing: equal, or one the ARN of the other.
fn same(one: &str, other: &str) -> bool {
    let tail = |text: &str| text.rsplit([':', '/']).next().unwrap_or_default().to_owned();
    one == other
        || one.starts_with("arn:") && tail(one) == other
        || other.starts_with("arn:") && tail(other) == one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_goes_by_its_name_and_by_its_arn() {
        let arn = "arn:aws:lambda:eu-west-1:111122223333:function:back";
        assert!(same(arn, "back") && same("back", arn) && same("i-1", "i-1"));
        assert!(!same("back", "backup") && !same(arn, "other"));
    }

    #[test]
    fn data_and_logs_are_not_left_behind() {
        let action = |service: &str, name: &str| Action {
            service: service.to_owned(),
            name: name.to_owned(),
            ..Action::default()
        };
        assert!(makes(&action("lambda", "UpdateFunctionCode")));
        assert!(makes(&action("s3", "PutBucketPolicy")) && !makes(&action("s3", "PutObject")));
        assert!(!makes(&action("ec2", "DescribeInstances")));
    }
}
