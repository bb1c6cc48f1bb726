//! `authorize explain`: what was asked about one change, and what each policy said.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{bail, ensure};
use clap::Args as ClapArgs;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use trailwarden_authorize::{Asked, Decision};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::scan::Progress;

use super::facts::{print, print_decision};
use super::gather::{Gathered, Wanted};
use crate::cli::output::print_json;
use crate::cli::policy::page::Page;
use crate::cli::progress::Drawn;
use crate::cli::sources::{self, Resolved};
use crate::cli::{Colour, Exit, baseline, change_policies, state, time, to_stdout};
use crate::formats::answer_schema;

pub(super) const EXAMPLES: &str = "\
Examples:
  trailwarden authorize explain EVENT-ID --logs logs/ --change-policies policies/
  trailwarden authorize explain EVENT-ID --logs logs/ --change-policies policies/ --json

Event ids stand in findings and in `trailwarden changes`; the beginning of one is enough. All logs are read, because those before
the change tell what was there, and who is behind a session.

Exit codes: 0 done; 2 usage, a fault in the policies, or no such change; 3 done, but some input could not
be read.";
const SCHEMA: &str = "trailwarden.authorize-explain/1";
/// Changes that are listed when an id is the beginning of several.
const LISTED_MAX: usize = 5;

/// Which change, and by what.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// CloudTrail's `eventID` of the change, or its beginning
    #[arg(value_name = "EVENT-ID")]
    event: String,

    /// Folder of change policies
    #[arg(long, value_name = "DIR")]
    change_policies: PathBuf,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    state: state::Args,
}

/// What was asked, and the answer (`authorize explain --json`).
#[derive(Serialize, JsonSchema)]
pub(crate) struct Wire {
    /// Always `trailwarden.authorize-explain/1`.
    schema: &'static str,
    /// What was asked.
    asked: Asked,
    /// What the policies said, with those whose scope fits and whose conditions do not.
    decision: Decision,
}

impl Wire {
    /// The JSON Schema of it.
    pub(crate) fn schema() -> Value {
        answer_schema::<Self>(SCHEMA)
    }
}

/// Runs the command.
pub(super) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let policies = change_policies::load(&args.change_policies)?;
    let gathered = args.gather()?;
    state::tell_rejects(&gathered.report.rejects, gathered.report.summary.rejects);
    let asked = args.find(&gathered.asked)?;
    let decision = policies.explain(asked);
    if args.json {
        print_json(&Wire { schema: SCHEMA, asked: asked.clone(), decision })?;
    } else {
        to_stdout(|out| show(&mut Page::new(out, colour), asked, &decision))?;
    }
    let is_partial = gathered.report.summary.rejects > 0;
    Ok(if is_partial { Exit::Partial } else { Exit::Done })
}

fn show(page: &mut Page<'_>, asked: &Asked, decision: &Decision) -> io::Result<()> {
    print(page, 0, asked)?;
    page.blank()?;
    print_decision(page, 0, decision)
}

impl Args {
    fn gather(&self) -> anyhow::Result<Gathered> {
        let state = &self.state;
        ensure!(!state.logs.is_empty(), "give the logs that hold the change with --logs");
        let zone = time::zone(&state.timezone)?;
        let baselines = state.baseline.read(Limits::default(), &zone)?;
        let progress = Arc::new(Progress::default());
        let drawn = Drawn::begin(Arc::clone(&progress), state.quiet);
        let asked = sources::Asked {
            paths: &state.logs,
            since: None,
            until: None,
            accounts: &[],
            zone: &zone,
            spill_dir: None,
            is_dry_run: false,
            quiet: state.quiet,
        };
        let Resolved::Input(input) = state.sources.resolve(&asked, &progress)? else {
            bail!("nothing was to be read");
        };
        let config = Config::find(None, crate::cli::scan::user_folder().as_deref())?;
        let mut wanted = Wanted::of(input, baselines, &config);
        wanted.accounts.clone_from(&state.account);
        let gathered = wanted.gather(&progress);
        drop(drawn);
        let gathered = gathered?;
        if !state.quiet {
            let shown = |at: trailwarden_model::Timestamp| {
                format!("{} {}", at.display_in(&zone), state.timezone)
            };
            baseline::tell(&gathered.report.summary.baselines, shown);
        }
        Ok(gathered)
    }

    /// The change that is meant.
    fn find<'a>(&self, asked: &'a [Asked]) -> anyhow::Result<&'a Asked> {
        let id = &self.event;
        if let Some(found) = asked.iter().find(|one| one.event_id == *id) {
            return Ok(found);
        }
        let begun: Vec<&Asked> = asked.iter().filter(|one| one.event_id.starts_with(id)).collect();
        match begun.as_slice() {
            [one] => Ok(one),
            [] if asked.is_empty() => {
                bail!("the logs hold no change that policies are asked about")
            }
            [] => bail!(
                "none of {} changes has the event id `{id}`; `trailwarden changes` lists changes, and \
                 policies are asked about no other calls",
                asked.len()
            ),
            several => {
                let ids: Vec<&str> =
                    several.iter().take(LISTED_MAX).map(|one| one.event_id.as_str()).collect();
                bail!("`{id}` begins the ids of {} changes: {}", several.len(), ids.join(", "))
            }
        }
    }
}
