//! Where the words of a preview say otherwise than what comes out anew, though nobody gains or loses more: use,
//! grades, who shares a policy.
//!
//! # Invariants
//! - Words claim what they say and no more. "Never used, as far as AWS keeps it" is held to what AWS keeps; "no
//!   use of it was seen" only to logs of the days that it names, and to what AWS says of those days where nothing
//!   of a service is left. What is not known claims nothing.
//! - Milder words are other words; graver ones hold nothing up.

mod buried;
mod used;

use super::words::{names, shortly};
use super::{Affected, Foreseen, LastUsed, NotForeseen, Shared};

/// Grades as they rise.
const GRADES: [&str; 6] = ["none", "read", "data", "write", "privesc", "admin"];

impl Foreseen {
    /// What `told` says and is not so, by this; a line for each.
    #[must_use]
    pub fn otherwise(&self, told: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for (one, told) in self.pairs(told) {
            grades(one, told, &mut lines);
            bearing(one, told, &mut lines);
        }
        self.shared.iter().for_each(|one| sharing(one, &told.shared, &mut lines));
        self.not_foreseen.iter().for_each(|one| unseen(one, &told.not_foreseen, &mut lines));
        used::against(self, told, &mut lines);
        buried::against(self, told, &mut lines);
        lines
    }

    /// Whose moves both tell.
    fn pairs<'a>(&'a self, told: &'a Self) -> impl Iterator<Item = (&'a Affected, &'a Affected)> {
        self.principals.iter().flat_map(|one| {
            let same = told.principals.iter().filter(|it| it.arn.eq_ignore_ascii_case(&one.arn));
            same.map(move |it| (one, it))
        })
    }
}

/// Nobody may go further than was said, before or after.
fn grades(one: &Affected, told: &Affected, lines: &mut Vec<String>) {
    let rank = |grade: &str| GRADES.iter().position(|it| *it == grade);
    // What is not known may be anything, so it tells of the worst.
    let is_milder = |said: &str, is: &str| match (rank(said), rank(is)) {
        (Some(said), Some(is)) => said < is,
        (Some(_), None) => true,
        (None, _) => said != "unknown",
    };
    for (when, said, is) in [
        ("before", &told.grade_before, &one.grade_before),
        ("then", &told.grade_after, &one.grade_after),
    ] {
        if is_milder(said, is) {
            lines.push(format!(
                "the plan says that {} goes as far as `{said}` {when}, and it is `{is}`",
                shortly(&one.arn)
            ));
        }
    }
}

fn bearing(one: &Affected, told: &Affected, lines: &mut Vec<String>) {
    let who = shortly(&one.arn);
    if !one.gained.is_empty() && one.is_certain && !told.is_certain {
        lines.push(format!("the plan says that {who} gains something perhaps, and it is certain"));
    }
    let untold: Vec<String> =
        one.carried_by.iter().filter(|by| !told.carried_by.contains(by)).cloned().collect();
    if !one.lost.is_empty() && !untold.is_empty() {
        lines.push(format!("the plan does not say that {} acts as {who}", names(untold)));
    }
}

/// Of whoever shares a policy none may be left out.
fn sharing(one: &Shared, told: &[Shared], lines: &mut Vec<String>) {
    let Some(said) = told.iter().find(|it| it.arn.eq_ignore_ascii_case(&one.arn)) else {
        if one.users.len() + one.roles.len() + one.bounds.len() > 1 {
            lines.push(format!("the plan does not say that {} is shared", shortly(&one.arn)));
        }
        return;
    };
    let kinds = [
        (&one.users, &said.users),
        (&one.groups, &said.groups),
        (&one.roles, &said.roles),
        (&one.bounds, &said.bounds),
    ];
    let untold = kinds.into_iter().flat_map(|(all, said)| {
        all.iter().filter(|arn| !said.iter().any(|it| it.eq_ignore_ascii_case(arn)))
    });
    let untold: Vec<String> = untold.map(|arn| shortly(arn)).collect();
    if !untold.is_empty() {
        let policy = shortly(&one.arn);
        lines.push(format!("the plan does not say that {policy} counts for {}", names(untold)));
    }
    if said.is_complete && !one.is_complete {
        lines.push(format!(
            "the plan says for whom {} counts, and it is not known for whom besides",
            shortly(&one.arn)
        ));
    }
}

/// Why a step is not foreseen is told as it is: whoever agrees is asked to look for himself.
fn unseen(one: &NotForeseen, told: &[NotForeseen], lines: &mut Vec<String>) {
    let of_step = told.iter().filter(|it| (&it.step, &it.call) == (&one.step, &one.call));
    lines.extend(of_step.filter(|it| it.why != one.why).map(|it| {
        let NotForeseen { step, call, why } = one;
        format!("the plan says of what step {step} ({call}) does: {}; it is so: {why}", it.why)
    }));
}

/// Something that was last used at a time, by two tellers.
struct Last<'a> {
    what: String,
    told: &'a LastUsed,
    is: &'a LastUsed,
}
