//! `--baseline` and `--baseline-time`: what AWS said of accounts, and when; and the command that asks.

mod asking;
mod command;
mod told;
mod watch;

use anyhow::{anyhow, bail, ensure};
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use trailwarden_account::Baseline;
use trailwarden_model::{AccountId, BaselineUse, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::baselines;

use super::{terminal, time};
pub(crate) use asking::{AskArgs, Asked, How};
pub(crate) use command::{Args, run};
pub(crate) use told::Told;

/// What AWS said of the accounts.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct BaselineArgs {
    /// What AWS said of an account: a file of `trailwarden baseline`, or what the AWS CLI printed
    ///
    /// Of the AWS CLI: get-account-authorization-details and the like.
    /// What it tells counts from the time at which it was taken; records from before are judged by what
    /// the logs show. ACCOUNT= is for files that do not say of which account they are, such as a
    /// password policy. Baselines of several accounts may be given, and plain or compressed files.
    /// Write the paths of the logs before it, since all that follows it is taken for a baseline.
    #[arg(long, value_name = "[ACCOUNT=]FILE", num_args = 1..)]
    baseline: Vec<String>,

    /// When the baseline was taken; else the newest date in it, though that is only the least it can be
    ///
    /// RFC 3339, a day, or a span back from now such as 24h. ACCOUNT= is for baselines of several
    /// accounts that were not taken together; then repeat it.
    #[arg(long, value_name = "[ACCOUNT=]TIME", requires = "baseline")]
    baseline_time: Vec<String>,
}

impl BaselineArgs {
    /// The files that were given, each with its account where one stands before it.
    pub(crate) fn files(&self) -> &[String] {
        &self.baseline
    }

    /// Reads the baselines. One that cannot be used ends the command: without it the answers would be
    /// others than those that were asked for.
    pub(crate) fn read(&self, limits: Limits, zone: &TimeZone) -> anyhow::Result<Vec<Baseline>> {
        let mut all = baselines::read(&self.baseline, limits)?;
        for text in &self.baseline_time {
            let (account, text) = match text.split_once('=') {
                Some((account, time)) => {
                    let parsed = AccountId::parse(account);
                    let told = || anyhow!("`{account}` is no account; write its twelve digits");
                    (Some(parsed.ok_or_else(told)?), time)
                }
                None => (None, text.as_str()),
            };
            let time = time::parse(text, zone, time::now())?;
            let is_meant = |one: &Baseline| account.is_none_or(|account| one.account() == account);
            ensure!(
                all.iter().any(is_meant),
                "--baseline-time is for an account without a baseline; correct what stands before the `=`"
            );
            all = all
                .into_iter()
                .map(|one| if is_meant(&one) { dated(one, time) } else { Ok(one) })
                .collect::<Result<_, _>>()?;
        }
        Ok(all)
    }
}

fn dated(baseline: Baseline, time: Timestamp) -> anyhow::Result<Baseline> {
    let newest = baseline.taken();
    if !baseline.is_dated() && time < newest {
        bail!(
            "the baseline of account {} was not taken at {time}: something in it is of {newest}",
            baseline.account()
        );
    }
    Ok(baseline.taken_at(time))
}

/// What whoever gave the baselines must know of their time, a sentence or two for each.
pub(crate) fn notes(uses: &[BaselineUse], shown: impl Fn(Timestamp) -> String) -> Vec<String> {
    uses.iter().filter_map(|one| note(one, &shown)).collect()
}

fn note(one: &BaselineUse, shown: &impl Fn(Timestamp) -> String) -> Option<String> {
    let (account, taken) = (&one.account, shown(one.taken));
    let earlier = one.first_earlier.zip(one.last_earlier).map(|(first, last)| {
        format!(
            "the records from {} to {} are from before it and are judged by what the logs show",
            shown(first),
            shown(last)
        )
    });
    let dated = format!("the baseline of account {account} was taken at {taken}");
    let undated = format!(
        "the baseline of account {account} does not say when it was taken; {taken}, the newest date in it, \
         is taken for that"
    );
    match (one.is_dated, earlier) {
        (true, None) => None,
        (false, None) if one.later_records == 0 => None,
        (true, Some(earlier)) => Some(format!("{dated}; {earlier}")),
        (false, Some(earlier)) => Some(format!(
            "{undated}; {earlier}. If it was taken later, give its time with --baseline-time"
        )),
        (false, None) => Some(format!(
            "{undated}. If it was taken later, give its time with --baseline-time, or what happened before it is \
             judged as if it came after"
        )),
    }
}

/// Says it.
pub(crate) fn tell(uses: &[BaselineUse], shown: impl Fn(Timestamp) -> String) {
    notes(uses, shown).iter().for_each(|note| terminal::warn(note));
}
