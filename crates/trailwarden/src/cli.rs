//! The command line: flags, exit codes, and who is told what on which stream.
//!
//! # Invariants
//! - Data goes to standard output, everything else to standard error.
//! - Exit codes are a contract: 2 usage, or nothing could be done; else 1 findings at or above
//!   `--fail-on`; else 3 done, but some input could not be read or some state not known; else 0; 130
//!   after Ctrl-C.

mod assess;
mod authorize;
mod baseline;
mod can;
mod change_policies;
mod changes;
mod connect;
mod diff;
mod docs;
pub(crate) mod explain;
pub(crate) mod generate;
mod history;
mod investigate;
mod least_privilege;
mod lint;
mod output;
mod password;
mod paths;
mod permissions;
mod policy;
mod progress;
mod remediate;
mod rules;
mod scan;
mod simulate;
mod sources;
mod state;
mod terminal;
mod time;
mod verify;
mod who_can;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

/// Watches AWS IAM through CloudTrail and says what each change does.
#[derive(Parser, Debug)]
#[command(name = "trailwarden", version = VERSION, long_version = long_version(), about, max_term_width = 100, after_help = TOP_EXAMPLES)]
pub(crate) struct Cli {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,

    #[command(subcommand)]
    command: Command,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version, and how old the facts are that answers rest on.
fn long_version() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let facts = trailwarden_policy::facts::SUMMARY;
        format!("{VERSION}\n{}", facts.trim_end())
    });
    &TEXT
}

const TOP_EXAMPLES: &str = "\
Examples:
  trailwarden scan logs/                    findings in a folder of CloudTrail logs
  trailwarden scan logs/ --format html > report.html
  trailwarden scan logs/ --rules sigma/     with Sigma rules beside the built-in detections
  trailwarden changes logs/                 every IAM change and what it does
  trailwarden can alice iam:PassRole --logs logs/    whether somebody may do it, and why
  trailwarden paths --logs logs/            who can become administrator
  trailwarden assess --baseline account.tw  what is weak in an account
  trailwarden remediate plan --help         how findings are put right
  trailwarden authorize --help              what is allowed to change, and what nobody allowed
  trailwarden least-privilege --help        policies without what nobody used
  trailwarden lint policies/                what is wrong in IAM policies
  trailwarden diff old.json new.json        what a change of a policy gives and takes
  trailwarden simulate --help               whether AWS would allow a request, and why
  trailwarden verify logs/ --public-keys keys.json   whether logs are as they were delivered
  trailwarden rules list                    what trailwarden looks for
  trailwarden explain PutGroupPolicy        what an event means, and what can go wrong";

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Findings from CloudTrail logs; needs no AWS account
    Scan(Box<scan::Args>),
    /// Every IAM change and what it does: who may now do more, who less
    Changes(Box<changes::Args>),
    /// The story of a user, role, session, access key, address or event
    Investigate(Box<investigate::Args>),
    /// What is wrong, dangerous or useless in policies, offline
    Lint(lint::Args),
    /// What is weak in accounts: posture checks, mapped to frameworks
    Assess(Box<assess::Args>),
    /// Whether a principal may do something, by logs and baselines
    Can(Box<can::Args>),
    /// All who may do something, by logs and baselines
    WhoCan(Box<who_can::Args>),
    /// Ways to more permissions: who can become administrator, or anybody else
    Paths(Box<paths::Args>),
    /// What changed over time, in effect
    History(history::Args),
    /// Whether AWS would allow a request, and which statement decides
    Simulate(Box<simulate::Args>),
    /// What a change of policies gives and takes, in words
    Diff(diff::Args),
    // Without a line here the longer text of its arguments is shown; so of `baseline` and `remediate`.
    LeastPrivilege(Box<least_privilege::Args>),
    /// Whether log files are as CloudTrail delivered them, by its chain of signed digests
    Verify(Box<verify::Args>),
    Baseline(Box<baseline::Args>),
    Remediate(Box<remediate::Args>),
    /// Change policies: what is allowed to change, written in Cedar and bounded by effect
    Authorize(authorize::Args),
    /// Whether a password is one that the account's policy takes
    Password(password::Args),
    /// What an event, detection, check, technique, remediation, condition key or rule means
    Explain(explain::Args),
    /// The documentation as pages for a browser
    Docs(docs::Args),
    /// The policy that a command needs, ready to attach
    Permissions(permissions::Args),
    /// The detections and Sigma rules: what they are, whether they work, what they cover
    Rules(rules::Args),
    /// What the binary knows about itself: schemas, documentation, completions, man pages
    Generate(generate::Args),
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// All is well.
    Done,
    /// Findings at or above `--fail-on`.
    Found,
    /// Nothing could be done.
    Useless,
    /// Done, but some input could not be read, or something that was asked is not known.
    Partial,
    /// Ctrl-C, after printing what was done.
    Interrupted,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::Useless => 2,
            Self::Partial => 3,
            Self::Interrupted => 130,
        }
    }
}

/// Runs the command line.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Command::Scan(args) => scan::run(args, cli.color),
        Command::Changes(args) => changes::run(args, cli.color),
        Command::Investigate(args) => investigate::run(args, cli.color),
        Command::Lint(args) => lint::run(args, cli.color),
        Command::Assess(args) => assess::run(args, cli.color),
        Command::Can(args) => can::run(args, cli.color),
        Command::WhoCan(args) => who_can::run(args, cli.color),
        Command::Paths(args) => paths::run(args, cli.color),
        Command::History(args) => history::run(args, cli.color),
        Command::Simulate(args) => simulate::run(args, cli.color),
        Command::Diff(args) => diff::run(args, cli.color),
        Command::LeastPrivilege(args) => least_privilege::run(args, cli.color),
        Command::Verify(args) => verify::run(args, cli.color),
        Command::Baseline(args) => baseline::run(args),
        Command::Remediate(args) => remediate::run(args, cli.color),
        Command::Authorize(args) => authorize::run(args, cli.color),
        Command::Password(args) => password::run(args),
        Command::Explain(args) => explain::run(args, cli.color),
        Command::Permissions(args) => permissions::run(args),
        Command::Rules(args) => rules::run(args, cli.color),
        Command::Docs(args) => docs::run(args, &Cli::command()),
        Command::Generate(args) => generate::run(args, Cli::command()),
    };
    match outcome {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::error(&error);
            ExitCode::from(Exit::Useless.code())
        }
    }
}

/// Whether the reader of our output went away, as `| head` does: no error of ours.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Writes to standard output, buffered.
pub(crate) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    /// Every command with arguments shows how it is used.
    #[test]
    fn every_command_has_examples() {
        for command in Cli::command().get_subcommands() {
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains("Examples:"), "{} has no examples", command.get_name());
        }
    }
}
