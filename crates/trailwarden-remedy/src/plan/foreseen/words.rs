//! Few words for many things: lists that end, names without their account, days.

use trailwarden_model::Timestamp;

/// How many lines of one kind are told; of the others the number.
const LINES_MAX: usize = 5;
/// How many things one line names.
pub(super) const NAMES_MAX: usize = 3;

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Room {
    /// A glance: lists end, and say how many more there are.
    Short,
    /// Whatever it takes: who signs something off reads all of it.
    Whole,
}

impl Room {
    /// How many of a list are told.
    pub(super) fn of(self, max: usize) -> usize {
        match self {
            Self::Short => max,
            Self::Whole => usize::MAX,
        }
    }

    pub(super) fn names(self, mut all: Vec<String>) -> String {
        let more = all.len().saturating_sub(self.of(NAMES_MAX));
        all.truncate(self.of(NAMES_MAX));
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", all.join(", "))
    }

    /// The first lines of a kind, and how many more there are.
    pub(super) fn limited(self, lines: impl Iterator<Item = String>) -> Vec<String> {
        self.limited_of(lines, 0)
    }

    /// The same of a list that ended before all were in it.
    pub(super) fn limited_of(
        self,
        lines: impl Iterator<Item = String>,
        unlisted: u64,
    ) -> Vec<String> {
        let mut all: Vec<String> = lines.collect();
        let hidden = all.len().saturating_sub(self.of(LINES_MAX)) as u64;
        all.truncate(self.of(LINES_MAX));
        if let more @ 1.. = hidden.saturating_add(unlisted) {
            all.push(format!("and {more} more of this kind"));
        }
        all
    }
}

/// A few names.
pub(super) fn names(all: Vec<String>) -> String {
    Room::Short.names(all)
}

/// What an ARN names within its account: `user/staff/alice`.
pub(super) fn shortly(arn: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", _, account, "root"] => format!("account {account}"),
        ["arn", _, "iam", _, _, name] => (*name).to_owned(),
        _ => arn.to_owned(),
    }
}

/// The day of a time, which is enough to judge whether something is in use.
pub(super) fn day(time: Timestamp) -> String {
    let text = time.to_string();
    text.split_once('T').map(|(day, _)| day.to_owned()).unwrap_or(text)
}
