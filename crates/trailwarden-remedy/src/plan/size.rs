//! How much a plan does at once, and what is asked for before more than that is carried out.

use std::collections::BTreeSet;

use super::{Argument, Plan};

/// How many steps are carried out where nobody asks for more. Enough for one incident; a plan for all of an account
/// deserves a second look.
pub const STEPS_MAX: usize = 50;
/// How many users, groups and roles are touched where nobody asks for more.
pub const PRINCIPALS_MAX: usize = 20;

/// What of a plan is more than is carried out where nobody asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Excess {
    /// What is counted.
    pub what: &'static str,
    /// How many there are.
    pub count: usize,
    /// How many may be.
    pub most: usize,
    /// The option of `remediate apply` that asks for more.
    pub option: &'static str,
}

impl Plan {
    /// How many users, groups and roles the steps name.
    #[must_use]
    pub fn principals(&self) -> usize {
        let named = ["UserName", "GroupName", "RoleName"];
        let all: BTreeSet<(&str, &str)> = self
            .steps
            .iter()
            .flat_map(|step| {
                let value = |name: &str| step.input.get(name).and_then(Argument::as_str);
                named.iter().filter_map(move |name| Some((*name, value(name)?)))
            })
            .collect();
        all.len()
    }

    /// What is more than may be.
    #[must_use]
    pub fn excesses(&self, steps_max: usize, principals_max: usize) -> Vec<Excess> {
        let (steps, principals) = (self.steps.len(), self.principals());
        let all = [
            Excess { what: "steps", count: steps, most: steps_max, option: "--max-steps" },
            Excess {
                what: "users, groups and roles",
                count: principals,
                most: principals_max,
                option: "--max-principals",
            },
        ];
        all.into_iter().filter(|one| one.count > one.most).collect()
    }

    /// That `remediate apply` refuses it unless it is told to do so much; none where it is not too much.
    #[must_use]
    pub fn said_excess(&self) -> Option<String> {
        let all = self.excesses(STEPS_MAX, PRINCIPALS_MAX);
        let counts: Vec<String> = all
            .iter()
            .map(|Excess { what, count, most, .. }| format!("{count} {what}, more than {most}"))
            .collect();
        let options: Vec<String> =
            all.iter().map(|one| format!("{} {}", one.option, one.count)).collect();
        (!all.is_empty()).then(|| {
            format!(
                "It is large: {}. `trailwarden remediate apply` refuses that unless it is given {}.",
                counts.join(", and "),
                options.join(" ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedy::find;

    fn plan(users: usize) -> Plan {
        let drafts = (0..users).map(|at| {
            let remedy = find("delete-login-profile").unwrap();
            let mut subject = remedy.example().unwrap();
            let arn = format!("arn:aws:iam::111122223333:user/user-{at}");
            subject.principal = crate::Subject::of(&arn, subject.time).unwrap().principal;
            (subject.account, subject.time, remedy.draft(&subject).unwrap())
        });
        let drafts: Vec<_> = drafts.collect();
        let (account, time, _) = drafts[0].clone();
        Plan::from_drafts(account, time, time, drafts.into_iter().map(|(.., it)| it).collect())
    }

    #[test]
    fn a_large_plan_says_what_apply_must_be_given() {
        assert_eq!(plan(PRINCIPALS_MAX).said_excess(), None);
        let told = plan(PRINCIPALS_MAX + 1).said_excess().unwrap();
        assert!(told.contains("--max-principals 21") && !told.contains("--max-steps"), "{told}");
        let told = plan(STEPS_MAX + 1).said_excess().unwrap();
        assert!(told.contains("--max-steps 51 --max-principals 51"), "{told}");
    }
}
