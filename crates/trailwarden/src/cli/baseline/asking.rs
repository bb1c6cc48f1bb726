//! Whom to ask about the state of accounts: the arguments of every command that does, and the asking.
//!
//! # Invariants
//! - An account that cannot be asked costs only itself, and is named.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use clap::{Args as ClapArgs, ValueEnum};
use trailwarden_account::Snapshot;
use trailwarden_account::snapshot::Depth;
use trailwarden_aws::{Connection, Ledger, Plan, accounts};
use trailwarden_model::AccountId;
use trailwarden_runtime::collect::{self, Target};

use super::watch::Drawn;
use crate::cli::connect::ConnectionArgs;
use crate::cli::terminal;

/// Which accounts are asked, and how they are reached.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct AskArgs {
    #[command(flatten)]
    connection: ConnectionArgs,

    /// Ask these accounts, through --role in each
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        requires = "role",
        conflicts_with = "organization",
        help_heading = "AWS"
    )]
    accounts: Vec<String>,

    /// Ask all active accounts of the organization, through --role in each
    #[arg(long, requires = "role", help_heading = "AWS")]
    organization: bool,

    /// Name of the role to take in each account; path and name, such as `audit/ReadOnly`, if it has a path
    #[arg(long, value_name = "NAME", help_heading = "AWS")]
    role: Option<String>,
}

/// How much is asked.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum How {
    /// Identities, policies, credentials, password rules and trails
    Core,
    /// And organization policies, Identity Center, what watches each region, keys, the trails' buckets,
    /// filters and alarms, and use of services
    Full,
}

/// What came of asking.
pub(crate) struct Asked {
    /// The accounts that answered.
    pub(crate) snapshots: Vec<Snapshot>,
    /// Those that could not be asked.
    pub(crate) failed: Vec<Failed>,
    /// Accounts that were left out, and why.
    pub(crate) missing: Vec<String>,
    /// The calls that it took.
    pub(crate) ledger: Ledger,
    /// How long it took.
    pub(crate) seconds: f64,
}

/// An account that could not be asked.
pub(crate) struct Failed {
    pub(crate) account: AccountId,
    pub(crate) why: String,
}

impl How {
    fn depth(self) -> Depth {
        match self {
            Self::Core => Depth::Core,
            Self::Full => Depth::Full,
        }
    }
}

impl AskArgs {
    /// Asks. What could not be asked is told at once, as a warning. The error is only for no answer at all.
    pub(crate) fn ask(&self, how: How, last_access: bool, quiet: bool) -> anyhow::Result<Asked> {
        let begin = Instant::now();
        let connection = self.connection.open()?;
        let plan = Plan { depth: how.depth(), last_access };
        let (mut snapshots, mut failed, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        if self.organization || !self.accounts.is_empty() {
            let (targets, left_out) = self.targets(&connection)?;
            missing = left_out;
            let watch = Drawn::begin(targets.len(), quiet);
            let collected = collect::all(&connection, plan, &targets, &watch);
            watch.end();
            for one in collected {
                match one.result {
                    Ok(snapshot) => snapshots.push(snapshot),
                    Err(error) => {
                        failed.push(Failed { account: one.account, why: error.to_string() });
                    }
                }
            }
        } else {
            let watch = Drawn::begin(1, quiet);
            let collected = trailwarden_aws::collect(&connection, plan, &mut |one| watch.show(one));
            watch.end();
            snapshots.push(collected?);
        }
        for one in &failed {
            terminal::warn(&format!("account {}: {}", one.account, one.why));
        }
        ensure!(!snapshots.is_empty(), "no account could be asked; nothing was written");
        missing.iter().for_each(|text| terminal::warn(text));
        let ledger = connection.ledger().clone();
        Ok(Asked { snapshots, failed, missing, ledger, seconds: begin.elapsed().as_secs_f64() })
    }

    /// Which accounts to ask, and what is known to be left out.
    fn targets(&self, connection: &Connection) -> anyhow::Result<(Vec<Target>, Vec<String>)> {
        let (caller, _) = connection.identity()?;
        let mut missing = Vec::new();
        let ids: BTreeSet<AccountId> = if self.organization {
            let listed = accounts(connection);
            if listed.active.is_empty() {
                bail!(
                    "the accounts of the organization are not known: {}; ask with its management account or a delegated \
                     administrator, or name them with --accounts",
                    listed.why_not_all.unwrap_or_else(|| "it lists none".to_owned())
                );
            }
            missing
                .extend(listed.why_not_all.map(|why| format!("not all accounts are known: {why}")));
            if listed.others > 0 {
                missing
                    .push(format!("{} accounts are not active and were not asked", listed.others));
            }
            listed.active.into_iter().collect()
        } else {
            let parsed = self.accounts.iter().map(|text| {
                AccountId::parse(text)
                    .with_context(|| format!("`{text}` is no account; write its twelve digits"))
            });
            parsed.collect::<anyhow::Result<_>>()?
        };
        let name = self.role.as_deref().unwrap_or_default();
        let target = |account: AccountId| {
            let arn = format!("arn:{}:iam::{account}:role/{name}", caller.partition);
            // One's own account is asked as one is.
            let role = (account != caller.account).then(|| self.connection.role(&arn));
            Target { account, role }
        };
        Ok((ids.into_iter().map(target).collect(), missing))
    }
}
