//! `trailwarden remediate apply`: carries plans out, or goes on with a run that stopped.
//!
//! # Invariants
//! - All plans are read, held to their approval and asked for against their accounts before the first call.
//! - Plans are carried out one after the other; where one stops, those behind it are not begun. Each is held to the
//!   account as those before it leave it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args as ClapArgs;
use trailwarden_aws::Connection;
use trailwarden_remedy::Plan;
use trailwarden_runtime::executor::{self, Direction, Journal, Live, Options, Refusal};

use super::anew::AnewArgs;
use super::carry::onlooker::{Interrupt, Onlooker};
use super::carry::told::{Carried, sentence};
use super::carry::{self, CarryArgs, Reach};
use super::sight::{Looked, Sights};
use super::{show, told};
use crate::cli::Exit;

const EXAMPLES: &str = "\
Examples:
  trailwarden remediate apply plan.json --dry-run    asks all that must hold, and changes nothing
  trailwarden remediate apply plan.json              shows what it does, asks, and carries it out
  trailwarden remediate apply plan.json --approve \"$DIGEST\" --json    in CI: this plan, and no other
  trailwarden remediate apply plan.json --baseline account.tw    foresees it from this instead of from the account
  trailwarden remediate apply plans/ --role ops/Repair    a plan for each account, through a role there
  trailwarden remediate apply --resume 20260601-1    goes on with a run that stopped

What it needs: `trailwarden permissions remediate --plan plan.json`.

What the plan does to access is foreseen anew, from what the account says now or from --baseline; where more comes of it than its preview says, it is refused. What must hold is asked for all steps first, and for each step again right before its call. Each call is journaled before and after it is made, and AWS is asked until it shows what was done. At the first surprise it stops.

Exit codes: 0 done; 1 it stopped; 2 usage, or it was refused and nothing was done; 3 done, but of some step it is not known; 130 after Ctrl-C, between two calls.";

/// Carries plans out, with consent, and journals every call
///
/// Asks for consent on a terminal; elsewhere --approve names the digest of the plan that was agreed to.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Plans, or folders of them; `-` for standard input
    #[arg(value_name = "PLAN", required_unless_present = "resume", conflicts_with = "resume")]
    plans: Vec<PathBuf>,

    /// Go on with this run instead
    #[arg(long, value_name = "RUN", conflicts_with = "dry_run")]
    resume: Option<String>,

    /// Ask whether all that must hold does, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Carry out steps too that cannot be taken back; of a run that goes on this was asked when it began
    #[arg(long, conflicts_with = "resume")]
    accept_irreversible: bool,

    /// Carry out a plan too of which it is not known whether it takes access away from you, or what it does
    /// besides what its preview says
    #[arg(long)]
    accept_unknown: bool,

    /// Believe what the plan's preview says of access, and foresee nothing anew: for a plan that you know
    /// who made
    #[arg(long, conflicts_with_all = ["resume", "baseline", "config"])]
    trust_preview: bool,

    /// Refuse a plan of more steps; of a run that goes on this was asked when it began
    #[arg(long, value_name = "N", default_value_t = Options::default().steps_max, conflicts_with = "resume")]
    max_steps: usize,

    /// Refuse a plan that touches more users, groups and roles; as with --max-steps
    #[arg(long, value_name = "N", default_value_t = Options::default().principals_max, conflicts_with = "resume")]
    max_principals: usize,

    #[command(flatten)]
    anew: AnewArgs,

    #[command(flatten)]
    carry: CarryArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.resume {
        Some(run) => args.resume(run),
        None => args.apply(),
    }
}

impl Args {
    fn options(&self) -> Options {
        Options {
            accept_irreversible: self.accept_irreversible,
            accept_unknown: self.accept_unknown,
            steps_max: self.max_steps,
            principals_max: self.max_principals,
        }
    }

    fn apply(&self) -> anyhow::Result<Exit> {
        let plans = read_all(&self.plans)?;
        let all: Vec<&Plan> = plans.iter().collect();
        let (args, options) = (&self.carry, self.options());
        let makes_secrets =
            plans.iter().any(|plan| executor::makes_secrets(plan, Direction::Apply));
        if !self.dry_run {
            args.approval.foresee(&all)?;
            args.handover.foresee(makes_secrets)?;
        }
        let sights = Sights::of(&self.anew, self.accept_unknown, self.trust_preview)?;
        let reach = args.reach()?;
        let mut carried = Carried::new(args.given());
        let folder = args.state.folder()?;
        // Nobody else is kept waiting while a person decides.
        let read = carry::read(&folder)?;
        let checked = |(at, plan): (usize, &Plan)| {
            let before = plans.iter().take(at).filter(|other| other.account == plan.account);
            let before: Vec<&Plan> = before.collect();
            self.checked(&reach, &read, (plan, &before), &sights)
        };
        let checked: Vec<anyhow::Result<Checked>> = plans.iter().enumerate().map(checked).collect();
        if self.dry_run || checked.iter().any(Result::is_err) {
            for (plan, checked) in plans.iter().zip(&checked) {
                match checked {
                    Ok(checked) => {
                        if !args.quiet {
                            sights.tell(plan, checked.seen.as_ref());
                        }
                        carried.checked(plan);
                        carried.held_to(checked.seen.as_ref().map(|it| it.seen.by));
                    }
                    Err(error) => carried.refuse(plan, &sentence(error.as_ref())),
                }
            }
            return carried.tell(args.json);
        }
        let ready: Vec<_> = plans.iter().zip(checked.into_iter().flatten()).collect();
        if !args.quiet {
            for (plan, checked) in &ready {
                told::tell_plan(plan)?;
                sights.tell(plan, checked.seen.as_ref());
                carry::tell_caller(&checked.caller);
            }
        }
        let approvals = args.approval.ask(&all, "carry it out")?;
        let mut journal = carry::open(&folder)?;
        let mut handover = args.handover.open(makes_secrets)?;
        let interrupt = Interrupt::listen()?;
        let mut ready = ready.iter().zip(&approvals);
        for ((plan, checked), approval) in ready.by_ref() {
            let mut onlooker = Onlooker {
                account: &plan.account,
                handover: &mut handover,
                interrupt: &interrupt,
                quiet: args.quiet,
            };
            let world = Live(&checked.connection);
            let agreed = (approval, checked.seen.as_ref().map(|it| &it.seen));
            let result =
                executor::apply(&world, &mut journal, &mut onlooker, plan, agreed, options);
            let is_complete = carried.add(plan, result);
            carried.held_to(checked.seen.as_ref().map(|it| it.seen.by));
            if !is_complete {
                break;
            }
        }
        ready.for_each(|((plan, _), _)| carried.refuse(plan, BEHIND));
        carried.tell(args.json)
    }

    /// Asks whether a plan can be carried out now, behind those before it: by which connection, and whose
    /// credentials those are.
    fn checked(
        &self,
        reach: &Reach<'_>,
        journal: &Journal,
        (plan, before): (&Plan, &[&Plan]),
        sights: &Sights<'_>,
    ) -> anyhow::Result<Checked> {
        let connection = reach.account(&plan.account)?;
        let foresee = || sights.foresee((plan, before), &connection, journal);
        match executor::check(&Live(&connection), journal, plan, self.options()) {
            Ok(caller) => {
                let seen = foresee()?;
                Ok(Checked { caller: caller.arn, connection, seen })
            }
            // To accept a doubt is no help where the preview does not hold either.
            Err(doubt @ Refusal::OwnUnknown { .. }) => {
                foresee()?;
                Err(doubt.into())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    fn resume(&self, id: &str) -> anyhow::Result<Exit> {
        ensure!(
            !self.anew.is_given(),
            "--baseline and --config are for a plan that begins; of a run that goes on nothing is foreseen anew"
        );
        let options = self.options();
        self.carry.again(id, Direction::Apply, |world, journal, witness, run, approval| {
            executor::resume(world, journal, witness, run, approval, options)
        })
    }
}

/// Why a plan behind one that stopped is not begun.
const BEHIND: &str =
    "the plan before it did not come to its end; mend that, then apply this one by itself";

/// A plan that can be carried out now.
struct Checked {
    connection: Connection,
    /// Whose credentials those are.
    caller: String,
    seen: Option<Looked>,
}

/// The plans of files and folders, each once.
fn read_all(paths: &[PathBuf]) -> anyhow::Result<Vec<Plan>> {
    let mut plans: Vec<Plan> = Vec::new();
    for path in paths {
        let files = match path.is_dir() {
            true => files_of(path)?,
            false => vec![path.clone()],
        };
        for file in files {
            let plan = show::read(&file)?;
            let is_twice = plans.iter().any(|other| other.digest == plan.digest);
            ensure!(!is_twice, "`{}` is a plan that was named already", file.display());
            plans.push(plan);
        }
    }
    Ok(plans)
}

/// The JSON files of a folder, by name.
fn files_of(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let shown = folder.display();
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder);
    for entry in entries.with_context(|| format!("cannot read the folder `{shown}`"))? {
        let path = entry.with_context(|| format!("cannot read the folder `{shown}`"))?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    ensure!(!files.is_empty(), "the folder `{shown}` has no file that ends in .json");
    files.sort();
    Ok(files)
}
