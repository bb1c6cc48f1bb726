//! `trailwarden docs`: the documentation as pages for a browser.

mod folder;

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args as ClapArgs, Command as ClapCommand, Subcommand};
use schemars::JsonSchema;
use serde::Serialize;

use super::output::print_json;
use super::{Exit, terminal};
use crate::formats::answer_schema;
use crate::site;

const EXAMPLES: &str = "\
Examples:
  trailwarden docs build --output site/           then open site/index.html; no server is needed
  trailwarden docs build --output site/ --json    what was written, for programs

Exit codes: 0 done; 2 the folder cannot be written to, or holds files of something else.";

/// The documentation as pages for a browser
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Write the site: guides, every name that `explain` knows, coverage and reference
    ///
    /// The pages need no network and no server; the search runs in the browser. Where an earlier site is, its pages are
    /// replaced, and those that the new one does not have are removed. Files of anybody else stay: the file site.sha256
    /// lists what is ours.
    Build {
        /// Folder to write to: new, empty, or with a site of ours
        #[arg(long, short, value_name = "DIR")]
        output: PathBuf,

        /// Print what was written as JSON
        #[arg(long)]
        json: bool,

        /// No notes
        #[arg(long, short)]
        quiet: bool,
    },
}

/// The name of the summary.
const SCHEMA: &str = "trailwarden.site/1";

/// What was written.
#[derive(Serialize, JsonSchema, Debug)]
#[schemars(title = "Site", inline)]
pub(crate) struct Told {
    /// Always `trailwarden.site/1`.
    schema: &'static str,
    /// The folder, as it was named.
    folder: String,
    /// The page to open.
    first: String,
    /// How many pages.
    pages: usize,
    /// How many files, pages included, but for the list of them.
    files: usize,
    /// The bytes of all files.
    bytes: u64,
    /// How many pages of an earlier site were removed.
    removed: usize,
    /// Files of an earlier site's list that stay because somebody has changed or written them, as paths below the folder.
    kept: Vec<String>,
}

impl Told {
    /// The schema of `docs build --json`.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }

    fn of(output: &Path, files: &[site::File], gone: folder::Gone) -> Self {
        Self {
            schema: SCHEMA,
            folder: output.display().to_string(),
            first: output.join("index.html").display().to_string(),
            pages: files.iter().filter(|(name, _)| name.ends_with(".html")).count(),
            files: files.len(),
            bytes: files.iter().map(|(_, text)| text.len() as u64).sum(),
            removed: gone.removed,
            kept: gone.kept,
        }
    }

    /// In a line for the person at the terminal.
    fn note(&self) -> String {
        let removed = match self.removed {
            0 => String::new(),
            removed => format!("; {removed} of an earlier site removed"),
        };
        format!("{} pages{removed}; open {}", self.pages, self.first)
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args, command: &ClapCommand) -> anyhow::Result<Exit> {
    let Command::Build { output, json, quiet } = &args.command;
    if output.exists() && !output.is_dir() {
        bail!("`{}` is a file; name a folder", output.display());
    }
    let files = site::files(command);
    let gone = folder::replace(output, &files)?;
    let told = Told::of(output, &files, gone);
    if !quiet {
        for name in &told.kept {
            terminal::warn(&format!(
                "`{name}` is no page any more; somebody has changed or written it, so it stays"
            ));
        }
    }
    if *json {
        print_json(&told)?;
    } else if !quiet {
        terminal::note(&told.note());
    }
    Ok(Exit::Done)
}
