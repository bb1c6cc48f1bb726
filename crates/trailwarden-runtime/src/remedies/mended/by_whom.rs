//! By whom a document was written that is there now.
//!
//! # Invariants
//! - Whoever wrote it last in the logs is taken for its author only where the logs reach up to what is known of now, or
//!   where it says what that one wrote: a baseline may show what somebody wrote after the logs end.

use trailwarden_model::Finding;
use trailwarden_remedy::{Draft, Subject};

use super::{is_same, present, thing_of};
use crate::remedies::Known;
use crate::remedies::mended::of_trust;

impl Known<'_> {
    /// Whether a document that is there now was written by whoever a finding is about; none where nobody knows.
    pub(in crate::remedies) fn is_last_by(
        &self,
        finding: &Finding,
        thing: &str,
        now: &str,
    ) -> Option<bool> {
        let history = self.history?;
        let (is_author, wrote) = history.since().last_by(self.account(), thing, finding)?;
        let is_its = || wrote.is_some_and(|wrote| is_same(wrote.as_str(), now));
        (self.do_logs_reach() || is_its()).then_some(is_author)
    }

    /// Whether the logs go on up to the baseline, or beyond.
    fn do_logs_reach(&self) -> bool {
        let until = self.history.and_then(|it| it.until());
        until.is_some_and(|until| until >= self.snapshot.taken)
    }

    /// Says where nobody knows by whom a document was written that is there now.
    pub(in crate::remedies) fn note_writer(
        &self,
        finding: &Finding,
        subject: &Subject,
        draft: &mut Draft,
    ) {
        let of_role = || {
            let role = subject.principal.as_ref()?;
            Some((of_trust(&role.name), subject.trust.is()?.clone()))
        };
        let of_policy = || thing_of(subject).zip(present(subject));
        let found = if subject.policy.is_some() { of_policy() } else { of_role() };
        let (Some((thing, now)), Some(history)) = (found, self.history) else { return };
        let is_told = history.since().last_by(self.account(), &thing, finding).is_some();
        if is_told && self.is_last_by(finding, &thing, &now).is_none() {
            let until = history.until().map(|it| it.to_string()).unwrap_or_default();
            draft.note(format!(
                "By whom the document was written that is there now is not known: the logs end at {until}, before the baseline of {}. It is compared by what it says.",
                self.snapshot.taken
            ));
        }
    }
}
