//! Consent to a plan: of a person who was shown it, or by its digest.
//!
//! # Invariants
//! - Nothing is carried out that nobody agreed to: without a terminal and without a flag it is refused.
//! - A digest that was given must be that of a plan that is to be carried out, or nothing is.

use std::io::{self, IsTerminal as _};

use anyhow::{Context as _, bail, ensure};
use clap::Args as ClapArgs;
use console::Term;
use trailwarden_remedy::Plan;
use trailwarden_runtime::executor::{Approval, How};

/// How a plan is approved.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(super) struct ApprovalArgs {
    /// Approve the plan with this digest, as in CI, and no other; may be repeated
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    approve: Vec<String>,

    /// Approve whatever is shown, without being asked
    #[arg(long, short, conflicts_with = "approve")]
    yes: bool,

    /// Who approves, for the journal; else the user of this machine
    #[arg(long, value_name = "NAME")]
    approved_by: Option<String>,
}

fn digest(text: &str) -> Result<String, String> {
    let is_digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match is_digest {
        true => Ok(text.to_ascii_lowercase()),
        false => {
            Err("a digest is sixty-four hexadecimal digits, as `remediate plan` tells it"
                .to_owned())
        }
    }
}

/// The word that a person types.
const YES: &str = "yes";

impl ApprovalArgs {
    /// Holds plans to what was approved beforehand, before anybody is asked anything.
    pub(super) fn foresee(&self, plans: &[&Plan]) -> anyhow::Result<()> {
        if self.yes {
            return Ok(());
        }
        if self.approve.is_empty() {
            let flags = plans.iter().map(|plan| format!("--approve {}", plan.digest));
            let flags: Vec<String> = flags.collect();
            ensure!(
                io::stdin().is_terminal() && Term::stderr().is_term(),
                "there is no terminal to ask on; approve by digest, `{}`, or whatever is shown with --yes",
                flags.join(" ")
            );
            return Ok(());
        }
        for plan in plans {
            ensure!(
                self.approve.contains(&plan.digest),
                "the digest of the plan for account {} is `{}`, which --approve does not name; nothing was changed",
                plan.account,
                plan.digest
            );
        }
        let is_of_none = |digest: &&String| plans.iter().all(|plan| plan.digest != **digest);
        if let Some(digest) = self.approve.iter().find(is_of_none) {
            bail!("no plan here has the approved digest `{digest}`; nothing was changed");
        }
        Ok(())
    }

    /// Asks, unless it was approved beforehand. What is to be approved has been shown.
    pub(super) fn ask(&self, plans: &[&Plan], what: &str) -> anyhow::Result<Vec<Approval>> {
        let how = match (self.yes, self.approve.is_empty()) {
            (true, _) => How::Yes,
            (false, false) => How::Digest,
            (false, true) => {
                consent(what)?;
                How::Interactive
            }
        };
        let by = self.approved_by.clone().unwrap_or_else(user);
        let approval = |plan: &&Plan| Approval { digest: plan.digest.clone(), how, by: by.clone() };
        Ok(plans.iter().map(approval).collect())
    }
}

/// Asks the person at the terminal.
fn consent(what: &str) -> anyhow::Result<()> {
    let term = Term::stderr();
    term.write_str(&format!("\nType {YES} to {what}: "))?;
    let answer = term.read_line().context("cannot read the answer")?;
    ensure!(answer.trim() == YES, "it was not approved; nothing was changed");
    Ok(())
}

/// Who is at this machine, as it says itself.
fn user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"].iter().find_map(std::env::var_os);
    let named = named.and_then(|name| name.into_string().ok()).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| "somebody".to_owned())
}
