//! What carrying plans out, taking them back and looking at what was done have in common: who reaches AWS,
//! where the journal lies, who agrees, who takes secrets, and how it is told.

mod again;
pub(super) mod given;
pub(super) mod onlooker;
pub(super) mod told;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_aws::{Connection, Identity};
use trailwarden_remedy::Plan;
use trailwarden_remedy::render::quote;
use trailwarden_runtime::executor::{Journal, JournalError, Run};

use super::ask::ApprovalArgs;
use super::handover::HandoverArgs;
use crate::cli::connect::ConnectionArgs;
use crate::cli::{terminal, time};
use given::Given;

/// What `apply` and `undo` take alike.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(super) struct CarryArgs {
    #[command(flatten)]
    pub(super) approval: ApprovalArgs,

    #[command(flatten)]
    pub(super) handover: HandoverArgs,

    #[command(flatten)]
    pub(super) state: StateArgs,

    /// Print what became of it as JSON
    #[arg(long)]
    pub(super) json: bool,

    /// Say nothing on standard error but what must be asked or handed over
    #[arg(long, short)]
    pub(super) quiet: bool,

    /// Name of the role to take in the plan's account, where that is not your own; path and name, such as
    /// `ops/Repair`, if it has a path
    #[arg(long, value_name = "NAME", help_heading = "AWS")]
    role: Option<String>,

    #[command(flatten)]
    connection: ConnectionArgs,
}

/// A way to the accounts of plans.
pub(super) struct Reach<'a> {
    args: &'a CarryArgs,
    connection: Connection,
    caller: Identity,
}

impl CarryArgs {
    /// What was given, for the commands that are advised.
    pub(super) fn given(&self) -> Given {
        let role = self.role.iter().map(|role| format!("--role {}", quote::bash(role)));
        Given { state: self.state.given(), reach: role.chain(self.connection.given()).collect() }
    }

    /// Connects, and asks who the caller is.
    pub(super) fn reach(&self) -> anyhow::Result<Reach<'_>> {
        let connection = self.connection.open()?;
        let (caller, _) = connection.identity()?;
        Ok(Reach { args: self, connection, caller })
    }
}

impl Reach<'_> {
    /// The connection for an account: as one is for one's own, else through the role, where there is one.
    pub(super) fn account(&self, account: &str) -> anyhow::Result<Connection> {
        match &self.args.role {
            Some(name) if self.caller.account.to_string() != account => {
                let arn = format!("arn:{}:iam::{account}:role/{name}", self.caller.partition);
                Ok(self.connection.assuming(&self.args.connection.role(&arn))?)
            }
            _ => Ok(self.connection.clone()),
        }
    }
}

/// Where the journal of runs lies.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(super) struct StateArgs {
    /// Folder of the journal; else `trailwarden` in the user's data folder
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

impl StateArgs {
    /// The flag, where it was given, as words of a shell.
    pub(super) fn given(&self) -> Option<String> {
        let folder = self.state.as_ref()?;
        Some(format!("--state {}", quote::bash(&folder.to_string_lossy())))
    }

    /// The folder; it need not exist.
    pub(super) fn folder(&self) -> anyhow::Result<PathBuf> {
        let folder = self.state.clone().or_else(data_folder);
        folder.context("there is no folder for the journal of runs; name one with --state")
    }
}

/// Tells whose credentials they are, before somebody agrees.
pub(super) fn tell_caller(arn: &str) {
    terminal::note(&format!("It is carried out by {arn}"));
}

/// What to do about a folder that no journal can be kept in.
fn unkept(error: JournalError) -> anyhow::Error {
    let is_of_folder = matches!(error, JournalError::Io { .. });
    let error = anyhow::Error::from(error);
    if !is_of_folder {
        return error;
    }
    error.context(
        "nothing was changed, since no journal can be kept; name a folder that you can write to with --state",
    )
}

/// Reads the journal before a run, without keeping anybody else from it.
pub(super) fn read(folder: &Path) -> anyhow::Result<Journal> {
    Journal::read(folder).map_err(unkept)
}

/// Opens the journal for a run, and tells what a crash left in it.
pub(super) fn open(folder: &Path) -> anyhow::Result<Journal> {
    let journal = Journal::open(folder, time::now()).map_err(unkept)?;
    if let Some(bytes) = journal.torn() {
        terminal::warn(&format!(
            "the journal ended in {bytes} bytes of an entry that was not finished, which were cut off; nothing of what \
             it announced was done"
        ));
    }
    Ok(journal)
}

/// A run of a journal, which was looked for in a folder.
pub(super) fn found<'j>(journal: &'j Journal, folder: &Path, id: &str) -> anyhow::Result<&'j Run> {
    journal.run(id).with_context(|| {
        format!(
            "the journal in `{}` has no run `{id}`; `trailwarden remediate history` lists those that it has, and \
             --state names another folder",
            folder.display()
        )
    })
}

/// The user's data folder for trailwarden.
fn data_folder() -> Option<PathBuf> {
    let base = match std::env::var_os("XDG_DATA_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => PathBuf::from(std::env::var_os("HOME").filter(|home| !home.is_empty())?)
            .join(".local/share"),
    };
    Some(base.join("trailwarden"))
}

/// A plan in the list of runs.
#[derive(Serialize, JsonSchema)]
pub(super) struct PlanTold {
    /// The account that it changes, twelve digits.
    pub(super) account: String,
    /// When it was made.
    pub(super) created: String,
    /// The remediations that it is of, each once.
    remedies: Vec<String>,
    /// How many steps it has.
    pub(super) steps: usize,
}

impl PlanTold {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut remedies: Vec<String> = Vec::new();
        for summary in &plan.preview.remedies {
            if !remedies.contains(&summary.remedy) {
                remedies.push(summary.remedy.clone());
            }
        }
        Self {
            account: plan.account.clone(),
            created: plan.created.to_string(),
            remedies,
            steps: plan.steps.len(),
        }
    }

    /// It in a few words.
    pub(super) fn words(&self) -> String {
        format!("{} in account {}", self.remedies.join(", "), self.account)
    }
}
