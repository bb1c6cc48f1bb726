//! `trailwarden permissions`: the policy that a command needs.

mod plans;

use std::path::PathBuf;

use anyhow::{bail, ensure};
use clap::{Args as ClapArgs, ValueEnum};
use trailwarden_aws::permissions::{self, Logs};
use trailwarden_aws::reads::{self, Part, Read};
use trailwarden_model::escape::visible;
use trailwarden_runtime::sources::bucket::Place;

use super::baseline::How;
use super::output::print_json;
use super::sources::History;
use super::{Exit, remediate, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden permissions assess > policy.json
  trailwarden permissions baseline --depth full --table
  trailwarden permissions baseline --organization --role SecurityAudit
  trailwarden permissions scan --source s3://corp-logs/AWSLogs/
  trailwarden permissions scan --source cloudtrail:all
  trailwarden permissions verify --source s3://corp-logs/ --key arn:aws:kms:eu-west-1:111122223333:key/k
  trailwarden permissions remediate --plan plan.json";

/// The policy that a command needs, ready to attach
///
/// It comes from the same table as the calls, so it names all of them and nothing else.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The command
    #[arg(value_enum)]
    command: Command,

    /// How much `baseline` or `assess` asks; else as much as the command itself does
    #[arg(long, value_enum, value_name = "DEPTH")]
    depth: Option<How>,

    /// For `baseline --last-access`
    #[arg(long)]
    last_access: bool,

    /// The plan that `remediate apply` and `remediate undo` are to carry out and take back; may be repeated
    #[arg(long, value_name = "FILE")]
    plan: Vec<PathBuf>,

    /// For asking all accounts of the organization
    #[arg(long, requires = "role")]
    organization: bool,

    /// For asking these accounts
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "role")]
    accounts: Vec<String>,

    /// Name of the role to take in each account
    #[arg(long, value_name = "NAME")]
    role: Option<String>,

    /// Logs that the command reads, `s3://BUCKET/PREFIX` or `cloudtrail:REGION,...`; may be repeated
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    source: Vec<Logs>,

    /// Key of KMS with which files in a bucket are encrypted; may be repeated
    #[arg(long, value_name = "ARN", requires = "source")]
    key: Vec<String>,

    /// The partition of the accounts
    #[arg(long, value_name = "NAME", default_value = "aws")]
    partition: String,

    /// A table that says what each call is for, instead of a policy
    #[arg(long)]
    table: bool,
}

/// Commands that ask AWS.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Command {
    /// `trailwarden baseline`
    Baseline,
    /// `trailwarden assess`
    Assess,
    /// `trailwarden scan`
    Scan,
    /// `trailwarden changes`
    Changes,
    /// `trailwarden investigate`
    Investigate,
    /// `trailwarden can`
    Can,
    /// `trailwarden who-can`
    WhoCan,
    /// `trailwarden paths`
    Paths,
    /// `trailwarden history`
    History,
    /// `trailwarden verify`
    Verify,
    /// `trailwarden remediate apply` and `undo`
    Remediate,
}

impl Command {
    /// How much it asks when nobody says otherwise; none for commands that read logs.
    fn depth(self) -> Option<How> {
        match self {
            Self::Baseline => Some(How::Core),
            Self::Assess => Some(How::Full),
            _ => None,
        }
    }
}

/// Where CloudTrail tells its public keys, which `verify` asks for.
const PUBLIC_KEYS: &str = "cloudtrail:ListPublicKeys";

fn source(text: &str) -> Result<Logs, String> {
    if text.starts_with(Place::SCHEME) {
        let Place { bucket, prefix } = Place::parse(text).map_err(|error| error.to_string())?;
        return Ok(Logs::Bucket { bucket, prefix });
    }
    match History::parse(text).map_err(|error| error.to_string())? {
        Some(regions) => Ok(Logs::History { everywhere: regions == History::All }),
        None => Err("it is neither `s3://BUCKET/PREFIX` nor `cloudtrail:`; files of this machine \
                     need no permission of AWS"
            .to_owned()),
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    if args.command == Command::Remediate {
        return args.of_plans();
    }
    ensure!(args.plan.is_empty(), "--plan is for `remediate`; leave it out");
    ensure!(
        !args.last_access || args.command == Command::Baseline,
        "--last-access is for `baseline`; leave it out"
    );
    let (reads, statements) = match (args.command.depth(), args.source.is_empty()) {
        (Some(depth), true) => args.of_accounts(args.depth.unwrap_or(depth)),
        (Some(_), false) => {
            bail!("--source is for commands that read logs, such as `scan`; leave it out")
        }
        (None, false) => args.of_logs()?,
        (None, true) => bail!(
            "by itself it asks AWS nothing; say what it reads, `--source s3://BUCKET/PREFIX` or \
             `--source cloudtrail:`"
        ),
    };
    if args.table {
        to_stdout(|out| {
            for read in reads {
                let action = read.action().unwrap_or("no permission");
                writeln!(out, "{:<54} {:<54} {}", read.api(), action, read.why())?;
            }
            Ok(())
        })?;
        return Ok(Exit::Done);
    }
    print_json(&permissions::policy(statements))?;
    Ok(Exit::Done)
}

impl Args {
    /// What plans need, which says itself what each call is for.
    fn of_plans(&self) -> anyhow::Result<Exit> {
        ensure!(
            !self.plan.is_empty(),
            "what it needs depends on the plan; name one with --plan FILE, as `remediate plan` wrote it"
        );
        ensure!(
            self.depth.is_none()
                && !self.last_access
                && self.source.is_empty()
                && !self.organization
                && self.accounts.is_empty(),
            "--depth, --last-access, --organization, --accounts and --source are for commands that ask or read logs; the plans say \
             which accounts they are for"
        );
        let plans: Vec<_> =
            self.plan.iter().map(|path| remediate::read_plan(path)).collect::<Result<_, _>>()?;
        if self.table {
            to_stdout(|out| {
                for needed in plans::needed(&plans) {
                    writeln!(out, "{:<54} {}", needed.action, visible(&needed.resource))?;
                }
                Ok(())
            })?;
            return Ok(Exit::Done);
        }
        let mut statements = plans::statements(&plans);
        if let Some(role) = &self.role {
            let accounts: Vec<String> = plans.iter().map(|plan| plan.account.clone()).collect();
            statements.push(permissions::assume(&self.partition, role, &accounts));
        }
        print_json(&permissions::policy(statements))?;
        Ok(Exit::Done)
    }

    fn of_accounts(&self, depth: How) -> (Vec<&'static Read>, Vec<serde_json::Value>) {
        let mut parts = vec![Part::Core];
        if let How::Full = depth {
            parts.push(Part::Full);
        }
        if self.organization {
            parts.push(Part::Accounts);
        }
        let mut statements = vec![permissions::reads(&parts)];
        let mut reads = reads_of(&parts);
        if self.last_access {
            let of_it = reads::ALL.iter().filter(|read| {
                read.api().ends_with("ServiceLastAccessedDetails") && !parts.contains(&read.part())
            });
            let of_it: Vec<&'static Read> = of_it.collect();
            let actions: Vec<&str> = of_it.iter().filter_map(|read| read.action()).collect();
            if !actions.is_empty() {
                statements.push(permissions::anywhere(&actions));
            }
            reads.extend(of_it);
        }
        if let Some(role) = &self.role {
            statements.push(permissions::assume(&self.partition, role, &self.accounts));
        }
        (reads, statements)
    }

    fn of_logs(&self) -> anyhow::Result<(Vec<&'static Read>, Vec<serde_json::Value>)> {
        ensure!(
            self.depth.is_none() && self.role.is_none(),
            "--depth, --role, --accounts and --organization are for `baseline` and `assess`"
        );
        let is_verify = self.command == Command::Verify;
        ensure!(
            !is_verify || self.source.iter().all(|one| matches!(one, Logs::Bucket { .. })),
            "`verify` reads files, which the event history has none of; name a bucket, such as \
             `--source s3://BUCKET/PREFIX`"
        );
        let mut reads = permissions::log_reads(&self.source);
        let keys = reads::find(PUBLIC_KEYS).filter(|_| is_verify);
        reads.extend(keys);
        let others: Vec<&'static str> = keys.and_then(Read::action).into_iter().collect();
        Ok((reads, permissions::logs(&self.partition, &self.source, &self.key, &others)))
    }
}

fn reads_of(parts: &[Part]) -> Vec<&'static Read> {
    reads::ALL.iter().filter(|read| parts.contains(&read.part())).collect()
}
