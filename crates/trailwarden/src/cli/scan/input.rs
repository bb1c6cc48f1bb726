//! What is read, and of what time: the arguments that a scan and its list of changes share.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use trailwarden_account::Baseline;
use trailwarden_authorize::Policies;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_runtime::authorization::Authorize;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::geo::GeoIp;
use trailwarden_runtime::scan::{self, Options, Progress, Scanned};

use super::limits::LimitArgs;
use super::stop_on_ctrl_c;
use crate::cli::baseline::BaselineArgs;
use crate::cli::output::OutputArgs;
use crate::cli::progress::Drawn;
use crate::cli::sources::{Asked, Resolved, SourceArgs};
use crate::cli::{Colour, Exit, change_policies, time};
use crate::formats::Style;

/// What to read.
#[derive(ClapArgs, Debug)]
pub(crate) struct InputArgs {
    /// Files, folders, globs, - for standard input, s3://BUCKET/PREFIX, or cloudtrail:REGION,...
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    #[command(flatten)]
    baseline: BaselineArgs,

    /// Only what reaches to this time or later: RFC 3339, a day, or a span such as 24h
    ///
    /// Earlier records are still read: they tell who had which permissions then.
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

    /// Folder of change policies: what they permit is authorized, what they forbid is a finding
    ///
    /// Else the folder that `change_policies` in the configuration names. `trailwarden authorize --help`
    /// tells how policies are written and tested.
    #[arg(long, value_name = "DIR")]
    change_policies: Option<PathBuf>,

    /// Configuration; else trailwarden.toml here or in the user's configuration folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The arguments, understood.
pub(crate) struct Input {
    /// The zone that times are typed and shown in.
    pub(crate) zone: TimeZone,
    /// When the command began.
    pub(crate) now: Timestamp,
    /// The configuration.
    pub(crate) config: Config,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    baselines: Vec<Baseline>,
    policies: Option<Arc<Policies>>,
}

impl InputArgs {
    /// Reads times, configuration and baselines.
    pub(crate) fn understand(&self, limits: &LimitArgs) -> anyhow::Result<Input> {
        let zone = time::zone(&self.timezone)?;
        let now = time::now();
        let read_time = |text: &Option<String>| {
            text.as_deref().map(|text| time::parse(text, &zone, now)).transpose()
        };
        let config = Config::find(self.config.as_deref(), user_folder().as_deref())?;
        let policies = self.change_policies.as_deref().or(config.change_policies.as_deref());
        Ok(Input {
            since: read_time(&self.since)?,
            until: read_time(&self.until)?,
            policies: policies.map(change_policies::load).transpose()?.map(Arc::new),
            config,
            baselines: self.baseline.read(limits.limits(), &zone)?,
            zone,
            now,
        })
    }

    /// Scans, unless it is only to be told what there is to fetch.
    pub(crate) fn scan(
        &self,
        input: &mut Input,
        limits: &LimitArgs,
        (rules, geoip): (RuleSet, Option<GeoIp>),
        changes: bool,
        quiet: bool,
    ) -> anyhow::Result<ControlFlow<Exit, Scanned>> {
        let progress = Arc::new(Progress::default());
        stop_on_ctrl_c(&progress)?;
        let drawn = Drawn::begin(Arc::clone(&progress), quiet);
        let asked = Asked {
            paths: &self.paths,
            since: input.since,
            until: input.until,
            accounts: &self.account,
            zone: &input.zone,
            spill_dir: limits.spill_dir.as_deref(),
            is_dry_run: self.dry_run,
            quiet,
        };
        let found = match self.sources.resolve(&asked, &progress)? {
            Resolved::Input(found) => found,
            Resolved::Told(exit) => return Ok(ControlFlow::Break(exit)),
        };
        let options = Options {
            input: found,
            detections: trailwarden_detect::detections::ALL.to_vec(),
            settings: input.config.settings(geoip.is_some())?,
            rules,
            geoip,
            since: input.since,
            until: input.until,
            accounts: self.account.clone(),
            limits: limits.limits(),
            memory_max: usize::try_from(limits.memory_max).unwrap_or(usize::MAX),
            spill_dir: limits.spill_dir.clone(),
            threads: limits.threads,
            no_skip: limits.no_skip,
            baselines: std::mem::take(&mut input.baselines),
            changes,
            authorize: Authorize { policies: input.policies.clone(), keeps_asked: false },
        };
        let scanned = scan::run_whole(&options, &progress);
        drop(drawn);
        let mut scanned = scanned?;
        input.config.suppress(&mut scanned.report.findings, input.now);
        Ok(ControlFlow::Continue(scanned))
    }

    /// How people see the answer.
    pub(crate) fn style(&self, input: &Input, colour: Colour, output: &OutputArgs) -> Style {
        output.style(colour, &input.zone, &self.timezone)
    }

    /// A time in the reader's zone, with its name.
    pub(crate) fn shown(&self, input: &Input, time: Timestamp) -> String {
        format!("{} {}", time.display_in(&input.zone), self.timezone)
    }
}

impl Input {
    /// Whether there are change policies.
    pub(crate) fn has_policies(&self) -> bool {
        self.policies.is_some()
    }
}

/// The user's configuration folder for trailwarden.
pub(crate) fn user_folder() -> Option<PathBuf> {
    let base = match std::env::var_os("XDG_CONFIG_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => PathBuf::from(std::env::var_os("HOME")?).join(".config"),
    };
    Some(base.join("trailwarden"))
}
