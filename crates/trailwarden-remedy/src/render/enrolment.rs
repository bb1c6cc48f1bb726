//! What a user runs to set MFA up: makes a virtual device, shows its seed once, asks for two codes and
//! enables it. Nobody else can: the codes come from the user's own device ("Enabling MFA devices",
//! IAM User Guide).

use super::quote::{bash, line};
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
    let mut out = String::from("#!/usr/bin/env bash\n");
    out.push_str(&format!("# Sets MFA up for {}, who runs it with own credentials.\n", line(user)));
    out.push_str("set -euo pipefail\numask 077\nexport AWS_PAGER=''\n");
    out.push_str(&format!("user={}\naccount={}\n", bash(user), bash(&subject.account.to_string())));
    out.push_str(&format!("partition={}\n\n", bash(&subject.partition)));
    out.push_str(SCRIPT);
    Ok(out)
}
