//! `trailwarden least-privilege`: policies without what nobody used.

mod account;
mod effect;
mod files;
mod holders;
mod plan;
mod proposal;
mod sight;
mod text;
mod wire;

use std::path::PathBuf;

use anyhow::{bail, ensure};
use clap::Args as ClapArgs;
use trailwarden_account::{Identity, Kind, Model, Snapshot};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_policy::facts::facts;
use trailwarden_record::limits::Limits;
use trailwarden_runtime::baselines;
use trailwarden_runtime::usage::{Period, Usage};

use self::account::{Account, Told};
use super::output::print_json;
use super::state::{self, State, find};
use super::{Colour, Exit, terminal, to_stdout};

pub(crate) use wire::Wire;

const EXAMPLES: &str = "\
Examples:
  trailwarden least-privilege role/app --baseline account.tw --logs logs/
  trailwarden least-privilege --all --baseline account.tw --logs logs/ --output policies
  trailwarden least-privilege alice --baseline account.tw --logs logs/ --plan plan.json
  trailwarden least-privilege role/app --baseline account.tw --logs logs/ --data-events s3 --json

Exit codes: 0 done; 2 usage, or the principal is not known; 3 done, but something stayed because its use cannot be told, or not all could be read.";

/// How long logs must be for what they do not show to be called unused, in days: what runs once in a
/// quarter shows once.
const DAYS_WANTED: i64 = 90;

/// Policies without what nobody used, by logs and baselines
///
/// Of each policy the actions that were used stay, on the same resources and under the same conditions; what
/// a policy denies stays too. A policy that several hold keeps what any of them used. Where use cannot be
/// told, everything stays and the reason is said: services whose data events the logs may not hold, events
/// that map to no known action, services without events. What AWS says of last access decides there, if the
/// baseline has it. Nothing is changed in AWS; --plan writes a plan for `trailwarden remediate`.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Whose: an ARN, or a name such as alice, user/alice, role/app
    #[arg(value_name = "PRINCIPAL", required_unless_present = "all")]
    principal: Option<String>,

    /// All users and roles
    #[arg(long, conflicts_with = "principal")]
    all: bool,

    /// Only what was used since then counts: RFC 3339, a day, or a span back from now such as 90d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// The logs hold all data events of this service, whatever the baseline says of trails; may be repeated
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    data_events: Vec<String>,

    /// Write the documents into this folder
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Write a plan that puts the documents in place
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,

    /// Configuration, for the plan; else trailwarden.toml here or in the user's configuration folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print JSON, with all documents
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    state: state::Args,
}

fn service(text: &str) -> Result<String, String> {
    match facts().service(text) {
        Some(service) => Ok(service.prefix().to_owned()),
        None => Err("there is no such service; give its prefix in policies, such as s3".to_owned()),
    }
}

/// What a run rests on.
struct Read {
    state: State,
    usage: Usage,
    snapshots: Vec<Snapshot>,
    since: Option<Timestamp>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    ensure!(
        !args.state.logs.is_empty(),
        "what was used is told by logs only; give them with --logs"
    );
    let mut read = args.read()?;
    let models = read.state.models(None)?;
    let targets = args.targets(&read, &models)?;
    let mut all: Vec<Told> = Vec::new();
    for model in read.state.asked(&models) {
        let own: Vec<&Identity> = targets
            .iter()
            .filter(|(account, _)| *account == model.account())
            .map(|(_, identity)| *identity)
            .collect();
        if own.is_empty() {
            continue;
        }
        let snapshot = snapshot_of(&read.snapshots, model);
        let mut account = Account::new(&models, model, snapshot, &read.usage, &args.data_events);
        all.push(account.tell(&own));
    }
    args.warn(&read, &all);
    if let Some(folder) = &args.output {
        files::write(folder, &all)?;
    }
    let mut refused = Vec::new();
    if let Some(path) = &args.plan {
        refused = plan::write(args, path, &read, &models, &mut all)?;
    }
    if args.json {
        print_json(&Wire::of(&all, &read, read.state.wire(&models, None)))?;
    } else {
        let sources = read.state.sources(&models, None);
        to_stdout(|out| text::write(&all, &read, &sources, out, colour))?;
    }
    for why in &refused {
        terminal::warn(why);
    }
    let is_open = read.state.is_partial() || read.usage.is_truncated() || !refused.is_empty();
    Ok(if is_open || all.iter().any(Told::is_open) { Exit::Partial } else { Exit::Done })
}

impl Args {
    fn read(&self) -> anyhow::Result<Read> {
        let since = self.since.as_deref().map(|text| self.state.time(text)).transpose()?;
        let limits = Limits::default();
        let snapshots = baselines::snapshots(self.state.baseline.files(), limits, None)?;
        let (state, usage) = self.state.read_by(None, |options, progress| {
            Usage::read_with_accounts(options, since, progress)
        })?;
        Ok(Read { state, usage, snapshots, since })
    }

    fn targets<'m>(
        &self,
        read: &Read,
        models: &'m trailwarden_account::Models,
    ) -> anyhow::Result<Vec<(AccountId, &'m Identity)>> {
        if let Some(principal) = &self.principal {
            let named = find(models, &self.state.account, principal)?;
            let identity = models.get(named.account).and_then(|model| model.identity(&named.id));
            let Some(identity) = identity else { bail!("no principal `{principal}` is known") };
            ensure!(
                identity.kind != Kind::Root,
                "policies do not bind the root user; there is nothing to take away from it"
            );
            return Ok(vec![(named.account, identity)]);
        }
        let of = |model: &'m Model| {
            let principals = model.of_kind(Kind::User).chain(model.of_kind(Kind::Role));
            principals
                .filter(|identity| !identity.is_service_linked())
                .map(|identity| (model.account(), identity))
        };
        let all: Vec<_> = read.state.asked(models).flat_map(of).collect();
        ensure!(!all.is_empty(), "no user and no role is known; give a baseline of the account");
        Ok(all)
    }

    fn warn(&self, read: &Read, all: &[Told]) {
        if self.state.quiet {
            return;
        }
        if read.usage.is_truncated() {
            terminal::warn(
                "there were more calls than are told apart, so nothing is called unused",
            );
        }
        for told in all {
            let account = told.account;
            match read.usage.period(account) {
                None => terminal::warn(&format!(
                    "the logs hold no record of account {account}, so nothing can be called unused"
                )),
                Some(period) if days(&period) < DAYS_WANTED => terminal::warn(&format!(
                    "account {account} was observed for {} days only; what is needed once in a while does not show \
                     in less than {DAYS_WANTED}",
                    days(&period)
                )),
                Some(period) if has_gaps(&period) => terminal::warn(&format!(
                    "the logs of account {account} hold records of {} days only, of {}; what was used on the \
                     others does not show, unless nothing happened then",
                    period.days,
                    days(&period)
                )),
                Some(_) => {}
            }
        }
    }
}

/// From the first day to the last.
fn days(period: &Period) -> i64 {
    period.last.day() - period.first.day() + 1
}

/// Whether so many days are without any record that files are likely missing.
fn has_gaps(period: &Period) -> bool {
    i64::try_from(period.days).is_ok_and(|seen| seen < days(period) / 2)
}

/// The latest that AWS said of an account.
fn snapshot_of<'s>(snapshots: &'s [Snapshot], model: &Model) -> Option<&'s Snapshot> {
    let own = snapshots.iter().filter(|one| one.account == model.account());
    own.max_by_key(|one| one.taken)
}
