//! `trailwarden lint`: what is wrong in policies, at its place, with a way to mend it.

mod about;
mod collect;
mod json;
mod sarif;
mod text;

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use trailwarden_model::Severity;
use trailwarden_policy::PolicyKind;

use self::collect::Linted;
use super::policy::{files, kind_parser};
use super::{Colour, Exit, terminal, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden lint policy.json                        one policy
  trailwarden lint policies/ --min-severity medium    every *.json below a folder
  trailwarden lint 'policies/**/*.json' --kind scp    what the files do not tell
  terraform show -json plan | trailwarden lint -      the policies of a plan
  aws iam get-role --role-name deploy | trailwarden lint -
  trailwarden lint . --fail-on high                   for CI
  trailwarden lint . --format sarif > lint.sarif      for code scanning
  trailwarden lint --list                             all checks
  trailwarden lint --explain unknown-action           one of them

Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage, or nothing could be read;
3 done, but a file or a policy could not be read.";

/// What is wrong, dangerous or useless in policies, offline
///
/// Finds policies in plain files, in Terraform plans (terraform show -json), in CloudFormation
/// templates written in JSON and in replies of the AWS CLI; what a file is shows in its content.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files, folders, globs, or - for standard input
    #[arg(required_unless_present_any = ["list", "explain"], value_name = "FILE")]
    files: Vec<String>,

    /// What kind of policies they are; else told by the place, else by their form
    #[arg(long, value_name = "KIND", value_parser = kind_parser())]
    kind: Option<PolicyKind>,

    /// How to print the findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Only findings of this severity or above; text without it leaves out those of info
    #[arg(long, value_name = "SEVERITY")]
    min_severity: Option<Severity>,

    /// Exit with 1 when there is a finding of this severity or above
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Severity>,

    /// Write here instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// List all checks, and stop
    #[arg(long, conflicts_with_all = ["files", "explain"])]
    list: bool,

    /// Say all about one check, by our name or another tool's, and stop
    #[arg(long, value_name = "CHECK", conflicts_with = "files")]
    explain: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For a person, as compilers write
    Text,
    /// A whole report as one JSON object
    Json,
    /// Findings only, one JSON object per line
    Ndjson,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let is_json = args.json || matches!(args.format, Format::Json | Format::Ndjson);
    if args.list {
        about::list(is_json)?;
        return Ok(Exit::Done);
    }
    if let Some(check) = &args.explain {
        about::explain(check, is_json, colour)?;
        return Ok(Exit::Done);
    }
    let mut linted = Linted::of(&args.files, args.kind);
    let exit = exit(args, &linted);
    let is_text = !args.json && args.format == Format::Text;
    if let Some(least) = args.min_severity {
        linted.rows.retain(|row| row.finding.severity >= least);
    } else if is_text {
        let before = linted.rows.len();
        linted.rows.retain(|row| row.finding.severity > Severity::Info);
        linted.hidden = before - linted.rows.len();
    }
    for reject in &linted.rejects {
        terminal::warn(&format!("{}: {}", files::shown(&reject.file), reject.cause));
    }
    print(args, &linted, colour)?;
    if linted.skipped > 0 {
        let count = linted.skipped;
        let (files, were) = if count == 1 { ("file", "was") } else { ("files", "were") };
        terminal::warn(&format!(
            "{count} {files} of YAML or Terraform source {were} not read; give plans (terraform show \
             -json PLAN) and templates in JSON",
        ));
    }
    if linted.policies == 0 && linted.rejects.is_empty() {
        terminal::warn(
            "no policy was found; give policy documents, Terraform plans in JSON, CloudFormation \
             templates in JSON or replies of the AWS CLI",
        );
    }
    Ok(exit)
}

fn exit(args: &Args, linted: &Linted) -> Exit {
    let fails = |least: Severity| linted.rows.iter().any(|row| row.finding.severity >= least);
    if linted.policies <= linted.broken {
        Exit::Useless
    } else if args.fail_on.is_some_and(fails) {
        Exit::Found
    } else if linted.broken + linted.unknown > 0 || !linted.rejects.is_empty() {
        Exit::Partial
    } else {
        Exit::Done
    }
}

fn print(args: &Args, linted: &Linted, colour: Colour) -> anyhow::Result<()> {
    let format = if args.json { Format::Json } else { args.format };
    let write = |out: &mut dyn std::io::Write, colour: Colour| match format {
        Format::Text => text::write(linted, colour, out),
        Format::Json => json::write(linted, out),
        Format::Ndjson => json::write_lines(linted, out),
        Format::Sarif => sarif::write(linted, out),
    };
    match &args.output {
        None => to_stdout(|out| write(out, colour))?,
        Some(path) => {
            use anyhow::Context as _;
            let mut text = Vec::new();
            let colour = if colour == Colour::Always { colour } else { Colour::Never };
            write(&mut text, colour)?;
            std::fs::write(path, text)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
        }
    }
    Ok(())
}
