//! What a person does about a check that offers no remediation, step by step.
//!
//! Braces stand for parts of the finding; see [`super::filled`]. What stands in capitals is for the person to choose.

mod accounts;
mod cases;
mod identities;
mod records;
mod refused;
mod root;

use super::{ByHand, row};

/// What a person does about a check, by the check's id.
#[must_use]
pub fn for_check(id: &str) -> Option<&'static ByHand> {
    of_checks().find(|one| one.id == id)
}

/// What a person does where a remediation leaves it to one, by the remediation's id.
#[must_use]
pub fn for_remedy(id: &str) -> Option<&'static ByHand> {
    refused::ALL.iter().find(|one| one.id == id)
}

/// What a person does in a case that a plan cannot settle, by the case.
#[must_use]
pub fn for_case(id: &str) -> Option<&'static ByHand> {
    cases::ALL.iter().find(|one| one.id == id)
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static ByHand> {
    of_checks().chain(refused::ALL).chain(cases::ALL)
}

fn of_checks() -> impl Iterator<Item = &'static ByHand> {
    let all = accounts::ALL.iter().chain(identities::ALL);
    all.chain(records::ALL).chain(root::ALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_how_in_steps_with_a_command_or_a_place() {
        for one in all() {
            assert!(one.how.len() > 1, "{}", one.id);
            let is_told = |step: &&str| step.contains("`aws ") || step.contains("In the console");
            assert!(one.how.iter().any(is_told), "{}", one.id);
        }
        let ids: Vec<&str> = all().map(|one| one.id).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len());
    }
}
