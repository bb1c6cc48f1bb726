//! The table of AWS managed policies: from the list that `moto` carries.
//!
//! The packed text is one line per policy, sorted by name without case, fields separated by
//! tabs:
//!
//! ```text
//! trailwarden-managed  1  DATE
//! NAME  PATH  VERSION  UPDATED  DOCUMENT
//! ```
//!
//! DATE is the day of the newest policy or version. DOCUMENT is JSON without white space.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use super::fetch::Packages;
use crate::workspace;

pub(crate) const HEADING: &str = "trailwarden-managed\t1";

/// All policies, sorted by name.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) date: String,
    policies: Vec<[String; 5]>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SourcePolicy {
    path: String,
    default_version_id: String,
    update_date: String,
    document: Value,
}

/// Builds the table from the package.
pub(crate) fn table(packages: &Packages) -> Result<Table> {
    let module = workspace::read(&packages.python.join("moto/iam/aws_managed_policies.py"))?;
    let source: BTreeMap<String, SourcePolicy> =
        serde_json::from_str(literal(&module)?).context("cannot read the list of `moto`")?;
    let mut table = Table::default();
    for (name, policy) in source {
        let day = policy.update_date.get(..10).context("a date is too short")?.to_owned();
        if table.date < day {
            table.date.clone_from(&day);
        }
        let document = serde_json::to_string(&policy.document)?;
        let row = [name, policy.path, policy.default_version_id, day, document];
        if row.iter().any(|field| field.chars().any(char::is_control)) {
            bail!("`{}` does not fit into a line", row[0]);
        }
        table.policies.push(row);
    }
    table.policies.sort_by_cached_key(|[name, ..]| name.to_ascii_lowercase());
    Ok(table)
}

/// The text between the triple quotes of the one assignment in the Python module.
fn literal(module: &str) -> Result<&str> {
    let start = module.find("\"\"\"").context("the list of `moto` has another form")? + 3;
    let end = module.rfind("\"\"\"").filter(|end| *end >= start);
    let text = module.get(start..end.context("the list of `moto` does not end")?);
    let text = text.unwrap_or_default();
    if text.contains('\\') {
        bail!("the list of `moto` holds escapes, which Python would read first");
    }
    Ok(text)
}

impl Table {
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        BTreeMap::from([("policies".to_owned(), self.policies.len())])
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{HEADING}\t{}\n", self.date);
        for row in &self.policies {
            text.push_str(&row.join("\t"));
            text.push('\n');
        }
        text
    }

    /// The inverse of [`Table::to_text`], for the proof that nothing is lost.
    #[cfg(test)]
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let heading = lines.next().unwrap_or_default();
        let date = heading.strip_prefix(HEADING).and_then(|rest| rest.strip_prefix('\t'));
        let date = date.context("not a table of managed policies")?.to_owned();
        let mut policies = Vec::new();
        for line in lines {
            let row: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let row = <[String; 5]>::try_from(row);
            let row = row.map_err(|row| anyhow::anyhow!("{} fields in `{line}`", row.len()))?;
            serde_json::from_str::<Value>(&row[4]).context("a document is no JSON")?;
            policies.push(row);
        }
        Ok(Self { date, policies })
    }
}
