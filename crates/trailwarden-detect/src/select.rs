//! Which detections see which records, and which records must be kept whole.

use trailwarden_model::Outcome;
use trailwarden_record::names;
use trailwarden_record::row::Action;

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
            Reads::Record => true,
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
    succeeded: bool,
    denied: bool,
    failed: bool,
}

impl Wants {
    /// What the detections together want of a call.
    pub fn of(detections: &[&Detection], action: &Action) -> Self {
        let mut wants = Self::default();
        for detection in detections {
            let select = &detection.select;
            if select.reads_record_of(action) && select.covers(action) {
                wants.succeeded |= select.takes(Outcome::Succeeded);
                wants.denied |= select.takes(Outcome::Denied);
                wants.failed |= select.takes(Outcome::Failed);
            }
        }
        wants
    }

    /// Whether a record of that outcome must be kept.
    pub fn wants(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Succeeded => self.succeeded,
            Outcome::Denied => self.denied,
            Outcome::Failed => self.failed,
        }
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
        assert!(wants("CreateAccessKey").wants(Outcome::Denied));
        assert!(!wants("CreateUser").wants(Outcome::Succeeded));
        assert!(detection.select.covers(&action("iam", "CreateUser")));
    }
}
