//! `noise`: what ordinary work sets off, in tools that match event names and in trailwarden.
//!
//! It writes the trail of `corpus infrastructure`, in which nobody gains anything that matters,
//! counts the records that a list of sensitive event names would flag, and lets `trailwarden scan`
//! read the same files.
//!
//! The list, `noise/named.csv`, counts for each call of IAM and STS in how many of seven public
//! rule sets some rule names it, and in how many a rule of medium severity or above. It holds counts
//! and no rules. Rules that ask for more than a name flag less than that.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{corpus, workspace};

const NAMED: &str = include_str!("noise/named.csv");
/// Of the rule sets, at least so many.
const THRESHOLDS: std::ops::RangeInclusive<u32> = 1..=4;

/// Arguments of `noise`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many records.
    #[arg(long, default_value_t = 5_000)]
    events: usize,
    /// The same seed gives the same trail.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder of Sigma rules; by default the public ones of TRAILWARDEN_TEST_DATA, if it is set.
    #[arg(long)]
    rules: Option<PathBuf>,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let target = workspace::target_directory()?;
    let folder = target.join("corpus/infrastructure");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove `{}`", folder.display()))?;
    }
    let names = corpus::infrastructure(&folder, arguments.events, arguments.seed)?;
    workspace::run(workspace::cargo().args(["build", "--locked", "--package", "trailwarden"]))?;
    let program = target.join("debug/trailwarden");
    let ours = scan(&program, &folder, None)?;
    let mut rows = vec![
        total("records", names.values().map(|name| name.records).sum()),
        total("calls that change IAM", changes(&names).map(|name| name.records).sum()),
    ];
    for least in THRESHOLDS {
        let flagged = |column: fn(&Named) -> u32| flagged(&names, &|named| column(named) >= least);
        let (any, medium) = (flagged(|named| named.named)?, flagged(|named| named.medium)?);
        rows.push(format!("| calls that {least} or more of the rule sets name | {any} | |"));
        rows.push(format!("| calls that {least} or more name at medium or above | {medium} | |"));
    }
    rows.extend(found("trailwarden scan", &ours, "detection"));
    let rules = arguments.rules.clone().or_else(|| {
        let data = PathBuf::from(std::env::var_os("TRAILWARDEN_TEST_DATA")?);
        Some(data.join("sigma-cloudtrail")).filter(|rules| rules.is_dir())
    });
    if let Some(rules) = &rules {
        let theirs = scan(&program, &folder, Some(rules))?;
        rows.extend(found("Sigma rules", &theirs, "sigma"));
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    println!("Command: `cargo xtask {}`\n", words.join(" "));
    println!("| what | records | findings |\n|---|--:|--:|\n{}", rows.join("\n"));
    Ok(())
}

fn total(what: &str, records: usize) -> String {
    format!("| {what} | {records} | |")
}

fn changes(names: &BTreeMap<String, corpus::Name>) -> impl Iterator<Item = &corpus::Name> {
    names.values().filter(|name| name.is_change)
}

/// In how many rule sets a call is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    named: u32,
    medium: u32,
}

/// The list.
fn list() -> Result<BTreeMap<&'static str, Named>> {
    let row = |line: &'static str| {
        let (event, counts) = line.split_once(',')?;
        let (named, medium) = counts.split_once(',')?;
        Some((event, Named { named: named.parse().ok()?, medium: medium.parse().ok()? }))
    };
    let lines = NAMED.lines().skip(1);
    lines.map(|line| row(line).with_context(|| format!("`{line}` is no row"))).collect()
}

/// How many records have a name of the list that is wanted.
fn flagged(
    names: &BTreeMap<String, corpus::Name>,
    is_wanted: &dyn Fn(&Named) -> bool,
) -> Result<usize> {
    let list = list()?;
    let hit = |(name, count): (&String, &corpus::Name)| {
        list.get(name.as_str()).is_some_and(is_wanted).then_some(count.records)
    };
    Ok(names.iter().filter_map(hit).sum())
}

/// Findings of a scan, each with its kind, severity and number of records.
fn scan(program: &Path, folder: &Path, rules: Option<&PathBuf>) -> Result<Vec<Value>> {
    let mut command = Command::new(program);
    command.arg("scan").arg(folder.join("logs")).args(["--format", "ndjson"]);
    if let Some(rules) = rules {
        command.arg("--rules").arg(rules);
    }
    command.arg("--baseline").arg(folder.join("baseline.json"));
    let mut report = std::ffi::OsString::from(format!("{}=", corpus::INFRASTRUCTURE_ACCOUNT));
    report.push(folder.join("credential-report.csv"));
    command.arg("--baseline").arg(report);
    let shown = workspace::shown(&command);
    let output = command.output().with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` ended with {}", output.status);
    }
    let lines = String::from_utf8(output.stdout).context("the scan wrote no UTF-8")?;
    let lines = lines.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().context("the scan wrote a line that is no JSON")
}

/// A row for each severity, the mildest first.
fn found(who: &str, findings: &[Value], kind: &str) -> Vec<String> {
    let row = |severity: &str| {
        let of = |finding: &&Value| finding["severity"] == severity && finding["kind"] == kind;
        let count = findings.iter().filter(of).count();
        let records = findings.iter().filter(of).filter_map(|one| one["evidence_total"].as_u64());
        let records: u64 = records.sum();
        format!("| {who}: {severity} | {records} | {count} |")
    };
    ["info", "low", "medium", "high", "critical"].map(row).to_vec()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_list_is_whole_and_in_order() {
        let list = list().unwrap();
        assert_eq!(list.len() + 1, NAMED.lines().count());
        assert!(NAMED.lines().skip(1).is_sorted());
        for (event, named) in &list {
            assert!(event.starts_with("iam:") || event.starts_with("sts:"), "{event}");
            assert!((1..=7).contains(&named.named) && named.medium <= named.named, "{event}");
        }
        assert_eq!(list["iam:CreateAccessKey"], Named { named: 6, medium: 5 });
    }

    #[test]
    fn records_are_counted_by_name() {
        let name = |records, is_change| corpus::Name { records, is_change };
        let names = BTreeMap::from([
            ("iam:AttachRolePolicy".to_owned(), name(3, true)),
            ("iam:GetRole".to_owned(), name(20, false)),
            ("iam:TagRole".to_owned(), name(100, true)),
        ]);
        assert_eq!(flagged(&names, &|named| named.named >= 1).unwrap(), 23);
        assert_eq!(flagged(&names, &|named| named.medium >= 1).unwrap(), 3);
        assert_eq!(changes(&names).count(), 2);
    }

    #[test]
    fn findings_are_counted_by_severity() {
        let finding = |kind: &str, severity: &str, records: u64| json!({ "kind": kind, "severity": severity, "evidence_total": records });
        let all = [
            finding("detection", "low", 1),
            finding("detection", "low", 4),
            finding("sigma", "medium", 9),
        ];
        assert_eq!(found("scan", &all, "detection")[1], "| scan: low | 5 | 2 |");
        assert_eq!(found("scan", &all, "detection")[2], "| scan: medium | 0 | 0 |");
        assert_eq!(found("rules", &all, "sigma")[2], "| rules: medium | 9 | 1 |");
    }
}
