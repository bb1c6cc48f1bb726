//! Which detections see which records, and which records must be kept whole.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use trailwarden_account::{entry, session};
use trailwarden_model::Outcome;
use trailwarden_record::names;
use trailwarden_record::row::Action;

use crate::changes;
use crate::detection::{Detection, Reads, Select};

/// Whether a pattern such as `iam:Put*` or `sts:<reads>` covers a call.
pub fn covers(pattern: &str, action: &Action) -> bool {
    let Some((service, event)) = pattern.split_once(':') else { return pattern == "*" };
    glob(service, &action.service)
        && match event {
            "<reads>" => names::reads(&action.name),
            "<writes>" => !names::reads(&action.name),
            event => glob(event, &action.name),
        }
}

/// One `*`, anywhere.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => {
            text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail)
        }
    }
}

impl Select {
    /// Whether it covers the call, whatever its outcome.
    pub fn covers(&self, action: &Action) -> bool {
        self.events.iter().any(|pattern| covers(pattern, action))
    }

    /// Whether the detection reads the records of that call.
    pub fn reads_record_of(&self, action: &Action) -> bool {
        match self.reads {
            Reads::Record | Reads::RecordNaming(_) => true,
            Reads::Row => false,
            Reads::RecordOf(events) => events.iter().any(|pattern| covers(pattern, action)),
        }
    }

    /// Whether it takes that outcome.
    pub fn takes(&self, outcome: Outcome) -> bool {
        self.outcomes.is_empty() || self.outcomes.contains(&outcome)
    }
}

/// Which outcomes of a call must be kept whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Wants {
    succeeded: Keep,
    denied: Keep,
    failed: Keep,
}

/// Whether a record must be kept whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Keep {
    /// No detection reads it.
    #[default]
    No,
    /// Where it may hold a word of [`Words`].
    IfNaming,
    /// In any case.
    Yes,
}

impl Wants {
    /// What the detections together want of a call.
    pub fn of(detections: &[&Detection], action: &Action) -> Self {
        let mut wants = Self::default();
        for detection in detections {
            let select = &detection.select;
            if !select.reads_record_of(action) || !select.covers(action) {
                continue;
            }
            let keep = match select.reads {
                Reads::RecordNaming(_) => Keep::IfNaming,
                Reads::Record | Reads::RecordOf(_) | Reads::Row => Keep::Yes,
            };
            for (slot, outcome) in [
                (&mut wants.succeeded, Outcome::Succeeded),
                (&mut wants.denied, Outcome::Denied),
                (&mut wants.failed, Outcome::Failed),
            ] {
                if select.takes(outcome) {
                    *slot = keep.max(*slot);
                }
            }
        }
        wants
    }

    /// With what the models fold, and with all changes where somebody asked for them.
    #[must_use]
    pub fn with_changes(mut self, action: &Action, all: bool) -> Self {
        if entry::is_folded(&action.service, &action.name) {
            self.succeeded = Keep::Yes;
        }
        if all && changes::is_change(action) {
            self = Self { succeeded: Keep::Yes, denied: Keep::Yes, failed: Keep::Yes };
        }
        self
    }

    /// With all that change policies speak of, whatever became of it.
    #[must_use]
    pub fn with_governed(self, action: &Action) -> Self {
        match changes::is_governed(action) {
            true => Self { succeeded: Keep::Yes, denied: Keep::Yes, failed: Keep::Yes },
            false => self,
        }
    }

    /// With the calls that begin sessions, where somebody asks about one.
    #[must_use]
    pub fn with_sessions(mut self, action: &Action) -> Self {
        if action.service == "sts" && session::BEGINNINGS.contains(&action.name.as_str()) {
            self.succeeded = Keep::Yes;
        }
        self
    }

    /// With the successful calls that some patterns cover.
    #[must_use]
    pub fn with_also(mut self, action: &Action, patterns: &[&str]) -> Self {
        if patterns.iter().any(|pattern| covers(pattern, action)) {
            self.succeeded = Keep::Yes;
        }
        self
    }

    /// Whether a record of that outcome must be kept.
    pub fn wants(self, outcome: Outcome) -> Keep {
        match outcome {
            Outcome::Succeeded => self.succeeded,
            Outcome::Denied => self.denied,
            Outcome::Failed => self.failed,
        }
    }
}

/// The words of all detections that read only records which hold one.
pub struct Words {
    /// None where they make no automaton: then any record may hold one.
    search: Option<AhoCorasick>,
}

impl Words {
    /// The words of these detections.
    pub fn of(detections: &[&Detection]) -> Self {
        let words = detections.iter().flat_map(|detection| match detection.select.reads {
            Reads::RecordNaming(words) => words,
            Reads::Record | Reads::Row | Reads::RecordOf(_) => &[],
        });
        // A letter in an escape may be any letter.
        let words = words.copied().chain([r"\u"]);
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
        Self { search: builder.build(words).ok() }
    }

    /// Whether a record's text may hold one of the words.
    pub fn may_stand_in(&self, record: &[u8]) -> bool {
        self.search.as_ref().is_none_or(|search| search.is_match(record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(service: &str, name: &str) -> Action {
        Action { service: service.into(), name: name.into(), ..Action::default() }
    }

    #[test]
    fn patterns_cover_what_they_say() {
        let put = action("iam", "PutGroupPolicy");
        for pattern in
            ["*", "iam:*", "iam:PutGroupPolicy", "iam:Put*Policy", "*:<writes>", "iam:<writes>"]
        {
            assert!(covers(pattern, &put), "{pattern}");
        }
        for pattern in ["sts:*", "iam:PutGroup", "iam:<reads>", "iam:Get*", "iam:PutGroupPolicyX*"]
        {
            assert!(!covers(pattern, &put), "{pattern}");
        }
        assert!(covers("iam:<reads>", &action("iam", "ListUsers")));
    }

    #[test]
    fn rows_of_all_records_and_the_whole_of_a_few() {
        let detection = &crate::detections::new_access_key_used_elsewhere::DETECTION;
        assert_eq!(detection.select.reads, Reads::RecordOf(&["iam:CreateAccessKey"]));
        let wants = |name| Wants::of(&[detection], &action("iam", name));
        assert_eq!(wants("CreateAccessKey").wants(Outcome::Denied), Keep::Yes);
        assert_eq!(wants("CreateUser").wants(Outcome::Succeeded), Keep::No);
        assert!(detection.select.covers(&action("iam", "CreateUser")));
    }

    #[test]
    fn what_the_models_fold_is_kept_and_refusals_only_when_asked_for() {
        let wants = |service: &str, name: &str, all| {
            let wants = Wants::default().with_changes(&action(service, name), all);
            [Outcome::Succeeded, Outcome::Denied, Outcome::Failed]
                .map(|outcome| wants.wants(outcome))
        };
        assert_eq!(wants("iam", "PutGroupPolicy", false), [Keep::Yes, Keep::No, Keep::No]);
        assert_eq!(wants("iam", "PutGroupPolicy", true), [Keep::Yes; 3]);
        assert_eq!(wants("iam", "UploadServerCertificate", false), [Keep::No; 3]);
        assert_eq!(wants("iam", "UploadServerCertificate", true), [Keep::Yes; 3]);
        assert_eq!(wants("iam", "ListUsers", true), [Keep::No; 3]);
        assert_eq!(wants("s3", "PutBucketPolicy", true), [Keep::No; 3]);
    }

    #[test]
    fn a_word_is_found_in_any_case_and_an_escape_may_hold_one() {
        let agent = &crate::detections::offensive_tool_agent::DETECTION;
        let words = Words::of(&[agent]);
        for record in [r#"{"userAgent":"PaCu/1"}"#, r#"{"userAgent":"\u0070acu"}"#] {
            assert!(words.may_stand_in(record.as_bytes()), "{record}");
        }
        assert!(!words.may_stand_in(br#"{"userAgent":"Boto3 \" 1.35"}"#));
        let wants = |detections: &[_]| {
            Wants::of(detections, &action("sts", "GetCallerIdentity")).wants(Outcome::Denied)
        };
        assert_eq!(wants(&[agent]), Keep::IfNaming);
    }

    #[test]
    fn words_are_such_that_only_an_escape_of_a_letter_hides_them() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ' || byte == b'-';
        for detection in crate::detections::ALL {
            if let Reads::RecordNaming(words) = detection.select.reads {
                assert!(!words.is_empty(), "{}", detection.id);
                for word in words {
                    assert!(!word.is_empty() && word.bytes().all(plain), "{word}");
                }
            }
        }
    }
}
