//! What lists leave out: how many, and whom of them the plan hits.
//!
//! A plan is read by people, so its lists end. Whether it hits whoever runs it must be known all the
//! same, so those who lose something are kept by name.

use trailwarden_remedy::plan::Foreseen;

use super::Telling;

/// How many are kept by name: more than users and roles can be in an account by its usual quotas.
const LOSING_MAX: usize = 20_000;

impl Telling<'_> {
    /// Keeps who loses something and stands in no list.
    pub(super) fn note_losing<T: AsRef<str>>(&self, arns: impl IntoIterator<Item = T>) {
        let mut losing = self.losing.borrow_mut();
        losing.extend(arns.into_iter().map(|arn| arn.as_ref().to_ascii_lowercase()));
    }

    /// Writes down whom no list names, once all is told.
    pub(super) fn close(self, out: &mut Foreseen) {
        let (losing, rest) = listed(self.losing.into_inner().into_iter().collect(), LOSING_MAX);
        out.unlisted.losing = losing;
        out.unlisted.more_losing = counted(rest.len());
    }
}

/// The first of many, and the rest.
pub(super) fn listed<T>(mut all: Vec<T>, max: usize) -> (Vec<T>, Vec<T>) {
    let rest = all.split_off(max.min(all.len()));
    (all, rest)
}

pub(super) fn counted(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
