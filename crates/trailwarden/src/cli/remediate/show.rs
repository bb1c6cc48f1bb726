//! `trailwarden remediate show`: one plan in the language of whoever carries it out.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::{Args as ClapArgs, ValueEnum};
use trailwarden_model::escape::visible;
use trailwarden_remedy::{Plan, render};
use trailwarden_runtime::previews;

use super::anew::{self, AnewArgs};
use super::sight::WITHOUT_CAUSE;
use super::wrapping::wrapped;
use crate::cli::{Colour, Exit, terminal, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden remediate show plan.json                    what to do in the console, step by step
  trailwarden remediate show plan.json --as cli > fix.sh  a script: `bash fix.sh`, and `bash fix.sh --undo`
  trailwarden remediate show plan.json --as boto3 > fix.py    a dry run unless it is given --apply
  trailwarden remediate show plan.json --as terraform > fix.tf
  trailwarden remediate show plan.json --as review > plan.md   what, why, for whom, the way back: to sign off and keep
  trailwarden remediate show plan.json --as enrolment --user alice > mfa.sh    what alice runs to set a second factor up
  trailwarden remediate show plan.json --baseline account.tw    only if no more comes of it than its preview says
  trailwarden remediate plan --findings f.json --all --baseline account.tw | trailwarden remediate show -

Exit codes: 0 done; 2 usage, or the file is no plan, or it was changed since it was made.";

/// A plan as console steps, a script, a program or Terraform
///
/// A plan whose digest does not fit its content, or that makes calls that no plan may make, is refused.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The plan's file, or `-` for standard input
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    /// In which language
    #[arg(long = "as", value_enum, value_name = "LANGUAGE", default_value = "console")]
    language: Language,

    /// Whose script, where the plan asks several users for a second factor
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    #[command(flatten)]
    anew: AnewArgs,

    /// Write here instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Language {
    /// Steps in the AWS console
    Console,
    /// A script of the AWS CLI for bash
    Cli,
    /// A Python program with boto3
    Boto3,
    /// Terraform
    Terraform,
    /// A document to review, sign off and keep, in Markdown
    Review,
    /// A script that a user runs to set a second factor up, where the plan asks for one
    Enrolment,
    /// The plan itself
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &Args, _: Colour) -> anyhow::Result<Exit> {
    let is_of_user = args.user.is_none() || args.language == Language::Enrolment;
    ensure!(is_of_user, "--user goes with `--as enrolment`; leave it out");
    let plan = read(&args.plan)?;
    ensure!(!previews::says_what_it_cannot(&plan), WITHOUT_CAUSE);
    match args.anew.read()? {
        Some(anew) => anew::tell(&args.anew.hold((&plan, &[]), &anew, true)?),
        None => ensure!(!args.anew.is_given(), "--config goes with --baseline; leave it out"),
    }
    let text = match args.language {
        Language::Console => for_reading(render::console(&plan), args.output.is_none()),
        Language::Cli => render::cli(&plan),
        Language::Boto3 => render::boto3(&plan),
        Language::Terraform => render::terraform(&plan),
        Language::Review => render::review(&plan),
        Language::Enrolment => enrolment(&plan, args.user.as_deref())?,
        Language::Json => plan.to_json(),
    };
    write(args.output.as_deref(), &text)?;
    Ok(Exit::Done)
}

/// The script of the only user whom the plan asks for a second factor, or of the one who is named.
fn enrolment(plan: &Plan, user: Option<&str>) -> anyhow::Result<String> {
    let users = render::enrolled(plan);
    let names = || visible(&users.join(", ")).into_owned();
    ensure!(
        !users.is_empty(),
        "the plan asks no user for a second factor, so nobody has to set one up"
    );
    let user = match (user, users.as_slice()) {
        (Some(user), _) => user,
        (None, [only]) => only,
        (None, _) => bail!("each user has a script of his own; name one with --user: {}", names()),
    };
    render::enrolment_of(plan, user).with_context(|| {
        format!("the plan asks `{}` for no second factor, but these: {}", visible(user), names())
    })
}

/// Steps in lines as wide as a terminal is, where one reads them there.
fn for_reading(text: String, is_on_stdout: bool) -> String {
    match is_on_stdout && io::stdout().is_terminal() {
        true => wrapped(&text, usize::from(terminal::stdout_width())),
        false => text,
    }
}

/// A plan, from its file or standard input; one that was changed is refused.
pub(crate) fn read(path: &Path) -> anyhow::Result<Plan> {
    let shown = path.display();
    let json = bytes(path)?;
    Plan::read(&json).with_context(|| format!("cannot use the plan `{shown}`"))
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes)
            .context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Writes a text to the file, or to standard output.
pub(super) fn write(path: Option<&Path>, text: &str) -> anyhow::Result<()> {
    match path {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
        }
        None => Ok(to_stdout(|out| out.write_all(text.as_bytes()))?),
    }
}
