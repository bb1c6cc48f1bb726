//! `trailwarden docs`: the documentation as pages for a browser.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args as ClapArgs, Command as ClapCommand, Subcommand};

use super::Exit;
use crate::site;

const EXAMPLES: &str = "\
Examples:
  trailwarden docs build --output site/    then open site/index.html; no server is needed

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
    /// The pages need no network and no server; the search runs in the browser. Nothing is deleted: pages of an earlier
    /// version that this one does not have stay until you remove them.
    Build {
        /// Folder to write to: new, empty, or with a site of ours, whose pages are replaced
        #[arg(long, short, value_name = "DIR")]
        output: PathBuf,
    },
}

/// Runs the command.
pub(crate) fn run(args: &Args, command: &ClapCommand) -> anyhow::Result<Exit> {
    let Command::Build { output } = &args.command;
    if output.exists() && !output.is_dir() {
        bail!("`{}` is a file; name a folder", output.display());
    }
    refuse_others(output)?;
    let files = site::files(command);
    let pages = files.iter().filter(|(name, _)| name.ends_with(".html")).count();
    for (name, text) in files {
        write(&output.join(name), &text)?;
    }
    let first = output.join("index.html");
    super::terminal::note(&format!("{pages} pages; open {}", first.display()));
    Ok(Exit::Done)
}

/// Refuses a folder that has files of something else, of which ours might replace one. What begins with a dot is no page
/// of anybody's: a checkout has such files.
fn refuse_others(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() || site::is_ours(folder) {
        return Ok(());
    }
    let cannot = || format!("cannot list the folder `{}`", folder.display());
    for entry in std::fs::read_dir(folder).with_context(cannot)? {
        let name = entry.with_context(cannot)?.file_name();
        if !name.to_string_lossy().starts_with('.') {
            bail!(
                "`{}` holds files of something else, such as `{}`; name a new or an empty folder",
                folder.display(),
                name.to_string_lossy()
            );
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
