//! `trailwarden generate`: what the binary knows about itself.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args as ClapArgs, Command as ClapCommand, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::{Exit, to_stdout};
use crate::formats;

mod coverage;
pub(crate) mod docs;
mod lint_checks;
mod posture;

const EXAMPLES: &str = "\
Examples:
  trailwarden generate schema > report.schema.json
  trailwarden generate schema config
  trailwarden generate completions bash > /etc/bash_completion.d/trailwarden
  trailwarden generate man --output man/
  trailwarden generate docs --output docs/reference
  trailwarden generate permissions assess";

/// What the binary knows about itself: schemas, documentation, completions, man pages
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// JSON Schema of what trailwarden writes and reads
    Schema {
        /// Which schema
        #[arg(value_enum, default_value_t = Schema::Report)]
        of: Schema,
    },
    /// Reference pages in Markdown
    Docs {
        /// Folder to write to
        #[arg(long, value_name = "DIR")]
        output: PathBuf,
    },
    /// Completions for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// The policy that a command needs: the same as `trailwarden permissions`
    Permissions(super::permissions::Args),
    /// Man pages
    Man {
        /// Folder to write to; else the main page goes to standard output
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Schema {
    /// A whole report (`--format json`)
    Report,
    /// One finding (a line of `--format ndjson`)
    Finding,
    /// All changes (`changes --format json`)
    Changes,
    /// One change (a line of `changes --format ndjson`)
    Change,
    /// The answer of `can --json`
    Can,
    /// The answer of `who-can --json`
    WhoCan,
    /// The answer of `paths --json`
    Paths,
    /// The answer of `history diff --json`
    HistoryDiff,
    /// An assessment (`assess --format json`); `PostureRow` is a line of its ndjson
    Assess,
    /// What `baseline --json` prints of the file that it wrote
    Baseline,
    /// A story (`investigate --format json`)
    Investigation,
    /// The answer of `least-privilege --json`
    LeastPrivilege,
    /// A plan (`remediate plan`, `remediate show --as json`)
    Plan,
    /// What became of findings (`remediate plan --json`)
    Remediation,
    /// What `remediate apply --json` and `remediate undo --json` print
    Carried,
    /// What `remediate history --json` prints
    Runs,
    /// What `remediate history RUN --json` prints
    Run,
    /// What `password check --json` prints
    Password,
    /// What `authorize check --json` prints
    AuthorizeCheck,
    /// What `authorize test --json` prints
    AuthorizeTest,
    /// What `authorize explain --json` prints
    AuthorizeExplain,
    /// What `authorize suggest --json` prints
    AuthorizeSuggest,
    /// What `explain --json` prints
    Explain,
    /// What `explain --list --json` prints
    Names,
    /// What `docs build --json` prints
    Site,
    /// `trailwarden.toml`
    Config,
}

/// Runs the command.
pub(crate) fn run(args: &Args, mut command: ClapCommand) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Schema { of } => {
            let schema = match of {
                Schema::Report => formats::schema(),
                Schema::Finding => formats::finding_schema(),
                Schema::Changes => formats::changes_schema(),
                Schema::Change => formats::change_schema(),
                Schema::Can => super::can::Wire::schema(),
                Schema::WhoCan => super::who_can::Wire::schema(),
                Schema::Paths => super::paths::Wire::schema(),
                Schema::HistoryDiff => super::history::Wire::schema(),
                Schema::Assess => formats::posture::schema(),
                Schema::Baseline => super::baseline::Told::schema(),
                Schema::Investigation => formats::story_schema(),
                Schema::LeastPrivilege => super::least_privilege::Wire::schema(),
                Schema::Plan => super::remediate::plan_schema(),
                Schema::Remediation => super::remediate::Told::schema(),
                Schema::Carried => super::remediate::Carried::schema(),
                Schema::Runs => super::remediate::Listed::schema(),
                Schema::Run => super::remediate::Shown::schema(),
                Schema::Password => super::password::Wire::schema(),
                Schema::AuthorizeCheck => super::authorize::Checked::schema(),
                Schema::AuthorizeTest => super::authorize::Tested::schema(),
                Schema::AuthorizeExplain => super::authorize::Explained::schema(),
                Schema::AuthorizeSuggest => super::authorize::Suggested::schema(),
                Schema::Explain => super::explain::Told::schema(),
                Schema::Names => super::explain::Named::schema(),
                Schema::Site => super::docs::Told::schema(),
                Schema::Config => {
                    schemars::schema_for!(trailwarden_runtime::config::Config).to_value()
                }
            };
            let text = serde_json::to_string_pretty(&schema)?;
            to_stdout(|out| writeln!(out, "{text}"))?;
        }
        Command::Permissions(args) => return super::permissions::run(args),
        Command::Docs { output } => write_all(output, docs::pages(&command))?,
        Command::Completions { shell } => {
            // Rendered first: the generator panics when its writer fails, as `| head` makes it.
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut command, "trailwarden", &mut text);
            to_stdout(|out| out.write_all(&text))?;
        }
        Command::Man { output: None } => {
            let mut text = Vec::new();
            clap_mangen::Man::new(command).render(&mut text)?;
            to_stdout(|out| out.write_all(&text))?;
        }
        Command::Man { output: Some(folder) } => {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
            clap_mangen::generate_to(command, folder)
                .with_context(|| format!("cannot write man pages to `{}`", folder.display()))?;
        }
    }
    Ok(Exit::Done)
}

fn write_all(folder: &Path, pages: Vec<(String, String)>) -> anyhow::Result<()> {
    for (name, text) in pages {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
        }
        std::fs::write(&path, text)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}
