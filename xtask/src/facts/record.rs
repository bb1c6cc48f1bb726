//! `facts.toml`: which versions of which packages gave the packed files, and what is in them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::fetch::Packages;
use super::{actions, managed};

/// A package that facts were taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) name: String,
    /// The client that fetches it: `npm` or `pip`.
    pub(crate) client: String,
    pub(crate) version: String,
    /// When it was made, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<String>,
    pub(crate) licence: String,
    pub(crate) used_for: String,
}

/// What is known of one packed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// How old the newest fact is: the day the source was made, or its newest entry.
    pub(crate) date: String,
    pub(crate) packed_bytes: usize,
    pub(crate) text_bytes: usize,
    pub(crate) sha256: String,
    pub(crate) counts: BTreeMap<String, usize>,
}

/// The whole of `facts.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) sources: Vec<Source>,
    pub(crate) actions: Part,
    pub(crate) managed_policies: Part,
}

/// Versions to fetch, by package; the newest of a package that is not named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pinned(BTreeMap<String, String>);

impl Pinned {
    pub(crate) fn version(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

const HEADING: &str =
    "# Written by `cargo xtask facts`; the packed files beside it are its output.\n\n";

impl Record {
    pub(crate) fn new(
        packages: &Packages,
        actions: &actions::Table,
        managed: &managed::Table,
        packed_actions: &[u8],
        packed_managed: &[u8],
    ) -> Self {
        let part = |date: &str, text: String, packed: &[u8], counts| Part {
            date: date.to_owned(),
            packed_bytes: packed.len(),
            text_bytes: text.len(),
            sha256: sha256(packed),
            counts,
        };
        Self {
            sources: packages.sources.clone(),
            actions: part(&actions.date, actions.to_text(), packed_actions, actions.counts()),
            managed_policies: part(
                &managed.date,
                managed.to_text(),
                packed_managed,
                managed.counts(),
            ),
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context("cannot read `facts.toml`")
    }

    pub(crate) fn pinned(&self) -> Pinned {
        let versions = self.sources.iter().map(|s| (s.name.clone(), s.version.clone()));
        Pinned(versions.collect())
    }

    /// What `trailwarden --version` says; kept apart so that it need not unpack the tables.
    pub(crate) fn summary(&self) -> String {
        let count = |part: &Part, name: &str| part.counts.get(name).copied().unwrap_or_default();
        format!(
            "facts: {} actions of {} services ({}), {} AWS managed policies ({})\n",
            count(&self.actions, "actions"),
            count(&self.actions, "services"),
            self.actions.date,
            count(&self.managed_policies, "policies"),
            self.managed_policies.date,
        )
    }

    pub(crate) fn to_toml(&self) -> Result<String> {
        Ok(format!("{HEADING}{}", toml::to_string(self).context("cannot write `facts.toml`")?))
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
