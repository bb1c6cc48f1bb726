//! `trailwarden investigate`: the story of a user, role, session, key, address or event.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args as ClapArgs;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::investigate::story::Stands;
use trailwarden_runtime::investigate::{self, Investigation, Options};
use trailwarden_runtime::scan::Progress;

use super::authorize::judge_story;
use super::baseline::BaselineArgs;
use super::output::{FormatArgs, OutputArgs};
use super::progress::Drawn;
use super::scan::{size, stop_on_ctrl_c};
use super::sources::{Asked, Resolved, SourceArgs};
use super::{Colour, Exit, baseline, change_policies, terminal, time};
use crate::formats::{StoryFormat, write_story};

const EXAMPLES: &str = "\
Examples:
  trailwarden investigate logs/ --principal mallory
  trailwarden investigate logs/ --principal AKIAIOSFODNN7EXAMPLE
  trailwarden investigate logs/ --principal arn:aws:iam::111122223333:role/deploy
  trailwarden investigate logs/ --principal deploy/build-7     one session of a role
  trailwarden investigate logs/ --principal 203.0.113.9 --since 2026-03-01
  trailwarden investigate logs/ --principal 083dc4ad-e264-46bc-a407-d0dd31b58bdc
  trailwarden investigate logs/ --principal mallory --baseline account.json
  trailwarden investigate logs/ --principal mallory --change-policies policies/
  trailwarden investigate s3://BUCKET/AWSLogs/ --principal mallory --since 7d --cache copy/
  trailwarden investigate logs/ --principal mallory --format html > story.html

Exit codes: 0 found; 2 usage, nothing could be read, or nobody of that name is in the logs;
3 found, but some input could not be read, or of something left behind nobody knows whether it still
stands; 130 interrupted, after printing what was found.";

/// The story of a user, role, session, access key, address or event
///
/// Follows identity through assumed roles, renames, keys, users and roles that it made, passwords that
/// it set and functions that run its code: what they read, changed, tried in vain and gained, and what
/// of all that they left behind still stands.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files, folders, globs, - for standard input, s3://BUCKET/PREFIX, or cloudtrail:REGION,...
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    /// A name, ARN, unique id, access key id, ROLE/SESSION, address or event id
    #[arg(long, value_name = "WHO")]
    principal: String,

    #[command(flatten)]
    baseline: BaselineArgs,

    /// Folder of change policies: the story then says of each change whether it was permitted
    #[arg(long, value_name = "DIR")]
    change_policies: Option<PathBuf>,

    #[command(flatten)]
    format: FormatArgs<StoryFormat>,

    /// Only what happened from this time on; what was before still tells who became whom
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Only records up to this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Time zone for --since, --until and for reading: UTC, local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    /// Only records of this account; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    account: Vec<AccountId>,

    #[command(flatten)]
    sources: SourceArgs,

    /// Only say what fetching takes: objects or events, requests, cost and time
    #[arg(long, help_heading = "AWS")]
    dry_run: bool,

    #[command(flatten)]
    output: OutputArgs,

    /// Memory for rows and kept records before they spill to disk, such as 64MB
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16MB", help_heading = "Limits")]
    memory_max: u64,

    /// Where to spill; else the system's folder for temporary files
    #[arg(long, value_name = "DIR", help_heading = "Limits")]
    spill_dir: Option<PathBuf>,

    /// Workers; else one per core
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Limits"
    )]
    threads: usize,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    anyhow::ensure!(
        !args.principal.trim().is_empty(),
        "--principal is empty; give a name, an ARN, an id, an access key id, an address or an event id"
    );
    anyhow::ensure!(
        args.change_policies.is_none() || args.paths.iter().all(|path| path != "-"),
        "--change-policies reads the records once more, and standard input is read only once; write it into a file"
    );
    let policies = args.change_policies.as_deref().map(change_policies::load).transpose()?;
    let zone = time::zone(&args.timezone)?;
    let now = time::now();
    let read_time = |text: &Option<String>| {
        text.as_deref().map(|text| time::parse(text, &zone, now)).transpose()
    };
    let progress = Arc::new(Progress::default());
    stop_on_ctrl_c(&progress)?;
    let drawn = Drawn::begin(Arc::clone(&progress), args.output.quiet);
    let (since, until) = (read_time(&args.since)?, read_time(&args.until)?);
    let asked = Asked {
        paths: &args.paths,
        since,
        until,
        accounts: &args.account,
        zone: &zone,
        spill_dir: args.spill_dir.as_deref(),
        is_dry_run: args.dry_run,
        quiet: args.output.quiet,
    };
    let input = match args.sources.resolve(&asked, &progress)? {
        Resolved::Input(input) => input,
        Resolved::Told(exit) => return Ok(exit),
    };
    let options = Options {
        input,
        principal: args.principal.clone(),
        baselines: args.baseline.read(Limits::default(), &zone)?,
        since,
        until,
        accounts: args.account.clone(),
        limits: Limits::default(),
        memory_max: usize::try_from(args.memory_max).unwrap_or(usize::MAX),
        spill_dir: args.spill_dir.clone(),
        threads: args.threads,
    };
    let mut story = investigate::run(&options, &progress);
    if let (Ok(story), Some(policies)) = (&mut story, &policies)
        && !story.summary.interrupted
    {
        judge_story(story, policies, options, &Arc::new(Progress::default()))?;
    }
    drop(drawn);
    let story = story?;
    let format = args.format.chosen();
    let style = args.output.style(colour, &zone, &args.timezone);
    args.output.write(|out| write_story(&story, format, &style, out))?;
    if !args.output.quiet {
        let shown = |at: Timestamp| format!("{} {}", at.display_in(&zone), args.timezone);
        baseline::tell(&story.summary.baselines, shown);
    }
    args.output.tell_rejects(story.summary.rejects, format == StoryFormat::Table);
    Ok(exit(args, &story))
}

fn exit(args: &Args, story: &Investigation) -> Exit {
    if story.summary.interrupted {
        return Exit::Interrupted;
    }
    if !story.found {
        if !args.output.quiet {
            terminal::warn(&nobody(story));
        }
        return Exit::Useless;
    }
    let is_unknown = story.left_behind.iter().any(|left| left.stands == Stands::Unknown);
    if story.summary.rejects > 0 || is_unknown { Exit::Partial } else { Exit::Done }
}

/// Why there is no story.
fn nobody(story: &Investigation) -> String {
    if story.summary.records == 0 {
        return "no record could be read; check the paths".to_owned();
    }
    let mut text = format!("no {} `{}` is in these logs", story.taken_for, story.asked_for);
    if !story.near.is_empty() {
        text.push_str(&format!("; near it are {}", story.near.join(", ")));
    }
    text
}
