//! `authorize suggest`: a first set of permits, from what automation was seen to do.

mod told;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{bail, ensure};
use clap::Args as ClapArgs;
use trailwarden_authorize::suggest::{Options, Suggestion, suggest};
use trailwarden_model::AccountId;
use trailwarden_record::limits::Limits;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::scan::Progress;

use super::gather::{Gathered, Wanted};
use super::propose;
use crate::cli::baseline::{self, BaselineArgs};
use crate::cli::output::print_json;
use crate::cli::policy::page::Page;
use crate::cli::progress::Drawn;
use crate::cli::sources::{self, Resolved, SourceArgs};
use crate::cli::{Colour, Exit, state, terminal, time, to_stdout};
pub(crate) use told::Wire;

pub(super) const EXAMPLES: &str = "\
Examples:
  trailwarden authorize suggest logs/                       the policies, as Cedar
  trailwarden authorize suggest logs/ --output policies/    into a folder, with cases
  trailwarden authorize suggest logs/ --baseline account.json --since 90d --output policies/
  trailwarden authorize suggest logs/ --min-events 10       only what is seen more often
  trailwarden changes logs/ --change-policies policies/ --unauthorized    what is left

Read every permit before you use it: it says what was done, not what should be.

Exit codes: 0 done; 2 usage, or nothing could be read; 3 done, but some input could not be read.";

/// What to read, and what to propose.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Files, folders, globs, - for standard input, s3://BUCKET/PREFIX, or cloudtrail:REGION,...
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    #[command(flatten)]
    baseline: BaselineArgs,

    /// Propose only what was seen this often: calls, and the tokens that pipelines show
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    min_events: u32,

    /// Also for people and IAM users, never for root
    #[arg(long)]
    people: bool,

    /// Also for roles of which no change shows who entered them: that permits whoever can enter them
    #[arg(long)]
    any_entrance: bool,

    /// Write the policies, their cases and an empty entities.toml into this folder
    ///
    /// Without it, the policies go to standard output.
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Only changes from this time on: RFC 3339, a day, or a span such as 90d
    ///
    /// Earlier records are still read: they tell what was there.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Only records up to this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Time zone for --since and --until: UTC, local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    /// Only records of this account; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    account: Vec<AccountId>,

    #[command(flatten)]
    sources: SourceArgs,

    /// Configuration; else trailwarden.toml here or in the user's configuration folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// No progress bar and no notes
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
pub(super) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let Gathered { asked, report } = args.gather()?;
    state::tell_rejects(&report.rejects, report.summary.rejects);
    if report.summary.records == 0 {
        bail!("no record could be read; name files or folders of CloudTrail logs");
    }
    let min_events = usize::try_from(args.min_events).unwrap_or(usize::MAX);
    let Args { people, any_entrance, .. } = *args;
    let suggestion = suggest(&asked, &Options { min_events, people, any_entrance });
    propose::check(&suggestion, &asked)?;
    // A folder without any policy is of no use to any command.
    let folder = args.output.as_deref().filter(|_| !suggestion.permits.is_empty());
    if let Some(folder) = folder {
        propose::write(folder, &suggestion, &asked)?;
    }
    args.tell(&suggestion, folder, colour)?;
    let is_partial = report.summary.rejects > 0;
    Ok(if is_partial { Exit::Partial } else { Exit::Done })
}

impl Args {
    fn gather(&self) -> anyhow::Result<Gathered> {
        let zone = time::zone(&self.timezone)?;
        let now = time::now();
        let read_time = |text: &Option<String>| {
            text.as_deref().map(|text| time::parse(text, &zone, now)).transpose()
        };
        let (since, until) = (read_time(&self.since)?, read_time(&self.until)?);
        let baselines = self.baseline.read(Limits::default(), &zone)?;
        let config =
            Config::find(self.config.as_deref(), crate::cli::scan::user_folder().as_deref())?;
        let progress = Arc::new(Progress::default());
        let drawn = Drawn::begin(Arc::clone(&progress), self.quiet);
        let asked = sources::Asked {
            paths: &self.paths,
            since,
            until,
            accounts: &self.account,
            zone: &zone,
            spill_dir: None,
            is_dry_run: false,
            quiet: self.quiet,
        };
        let Resolved::Input(input) = self.sources.resolve(&asked, &progress)? else {
            bail!("nothing was to be read");
        };
        let mut wanted = Wanted::of(input, baselines, &config);
        (wanted.since, wanted.until) = (since, until);
        wanted.accounts.clone_from(&self.account);
        let gathered = wanted.gather(&progress);
        drop(drawn);
        let gathered = gathered?;
        if !self.quiet {
            let shown = |at: trailwarden_model::Timestamp| {
                format!("{} {}", at.display_in(&zone), self.timezone)
            };
            baseline::tell(&gathered.report.summary.baselines, shown);
        }
        Ok(gathered)
    }

    fn tell(
        &self,
        suggestion: &Suggestion,
        folder: Option<&Path>,
        colour: Colour,
    ) -> anyhow::Result<()> {
        if self.json {
            print_json(&Wire::of(suggestion, folder))?;
            return Ok(());
        }
        if self.output.is_none() {
            let files = propose::files(suggestion);
            let text = files.iter().find(|file| file.name == propose::POLICIES);
            ensure!(text.is_some(), "there is no policy to print");
            to_stdout(|out| text.map_or(Ok(()), |file| write!(out, "{}", file.text)))?;
            if !self.quiet {
                terminal::note(&told::sentence(suggestion));
            }
            return Ok(());
        }
        let told = told::Told { suggestion, folder, paths: &self.paths, args: self };
        Ok(to_stdout(|out| told.print(&mut Page::new(out, colour)))?)
    }
}
