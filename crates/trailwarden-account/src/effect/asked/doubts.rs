//! Why nobody can say how far an effect goes at most.

use std::collections::BTreeSet;

use trailwarden_policy::reach::Precision;

use crate::effect::{BEHIND_MAX, Effect, Moved, Verdict};

impl Effect {
    /// Why it does not tell enough for anybody to say how far it goes at most.
    pub(super) fn doubts(&self) -> Vec<String> {
        let mut doubts = self.unknown_lines();
        if self.is_open_ended {
            doubts.push("the record does not say all that it changed".to_owned());
        }
        if !self.unordered.is_empty() {
            doubts.push(crate::fact::UNORDERED.to_owned());
        }
        if let Some(later) = &self.later {
            doubts.push(format!("it gives more from {} on", later.at));
        }
        doubts.extend(self.moved.iter().filter(|moved| moved.is_open()).map(Moved::doubt));
        for entry in self.gaining_entries().filter(|entry| entry.grade.is_none()) {
            doubts.push(format!("what {} may do", entry.label));
        }
        let given = self.credentials.iter().filter(|given| given.is_way_in());
        doubts.extend(
            given
                .filter(|given| given.grade.is_none())
                .map(|given| format!("what {} may do", given.label)),
        );
        for path in self.ways().filter(|path| path.grade.is_none()) {
            doubts.push(format!("how far {} may go", path.to));
        }
        if self.more_opened > 0 || self.behind.len() >= BEHIND_MAX {
            doubts.push("it opened more ways than are told".to_owned());
        }
        if doubts.is_empty() && matches!(self.verdict(), Verdict::Unknown | Verdict::Released) {
            doubts.push("what it comes to".to_owned());
        }
        let mut seen = BTreeSet::new();
        doubts.retain(|line| seen.insert(line.clone()));
        doubts
    }
}

impl Moved {
    /// Whether it may have gained more than is told.
    fn is_open(&self) -> bool {
        self.grade_before.is_none()
            || self.grade_after.is_none()
            || self.change.is_too_complex
            || self.change.gained_precision == Precision::Unknown
    }

    fn doubt(&self) -> String {
        format!("what else {} may do", self.label)
    }
}
