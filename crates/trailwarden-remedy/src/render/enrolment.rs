//! What a user runs to set MFA up: makes a virtual device, shows its seed once, asks for two codes and
//! enables it. Nobody else can: the codes come from the user's own device ("Enabling MFA devices",
//! IAM User Guide).

use trailwarden_model::Arn;

use super::quote::{bash, line};
use crate::documents::REQUIRE_MFA;
use crate::plan::{Argument, Plan, Step};
use crate::remedy::NoPlan;
use crate::subject::Subject;

/// What is the same in every script.
const SCRIPT: &str = include_str!("enrolment.sh.txt");

/// A bash script for the user that a subject is about.
///
/// # Errors
/// It is about no user.
pub fn enrolment(subject: &Subject) -> Result<String, NoPlan> {
    let user = subject.user()?;
    Ok(script(user, &subject.account.to_string(), &subject.partition))
}

/// The users who can do nothing without MFA once a plan is carried out.
#[must_use]
pub fn enrolled(plan: &Plan) -> Vec<&str> {
    let mut all: Vec<&str> = plan.steps.iter().filter_map(bound).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The script of one of them.
#[must_use]
pub fn enrolment_of(plan: &Plan, user: &str) -> Option<String> {
    let step = plan.steps.iter().find(|step| bound(step) == Some(user))?;
    let mut arns = step.permissions.iter().filter_map(|one| Arn::parse(&one.resource));
    let partition = arns.next().map_or("aws", |arn| arn.partition);
    Some(script(user, &plan.account, partition))
}

/// The user whom a step lets do nothing without MFA.
fn bound(step: &Step) -> Option<&str> {
    let given = |name: &str| step.input.get(name).and_then(Argument::as_str);
    let is_one = step.operation == "PutUserPolicy" && given("PolicyName") == Some(REQUIRE_MFA);
    given("UserName").filter(|_| is_one)
}

fn script(user: &str, account: &str, partition: &str) -> String {
    let mut out = String::from("#!/usr/bin/env bash\n");
    out.push_str(&format!("# Sets MFA up for {}, who runs it with own credentials.\n", line(user)));
    out.push_str("set -euo pipefail\numask 077\nexport AWS_PAGER=''\n");
    out.push_str(&format!("user={}\naccount={}\n", bash(user), bash(account)));
    out.push_str(&format!("partition={}\n\n", bash(partition)));
    out.push_str(SCRIPT);
    out
}
