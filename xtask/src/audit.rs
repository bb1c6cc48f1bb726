//! `audit`: licences, sources and duplicate versions of all dependencies, against `deny.toml`.
//!
//! `cargo deny` reads the same file; where it is installed, it judges. Without it, this file checks
//! the same three things offline.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use crate::workspace;

/// The parts of `deny.toml` that matter here.
#[derive(Debug, Default, Deserialize)]
struct Deny {
    #[serde(default)]
    graph: Graph,
    licenses: Licenses,
    #[serde(default)]
    bans: Bans,
}

#[derive(Debug, Default, Deserialize)]
struct Graph {
    #[serde(default)]
    targets: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Bans {
    #[serde(default)]
    skip: Vec<Skip>,
}

#[derive(Debug, Deserialize)]
struct Skip {
    /// `name@version`
    #[serde(rename = "crate")]
    package: String,
}

/// What `cargo metadata` says.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// How the source of a package from a registry begins, as `cargo metadata` writes it. Git and path
/// sources begin otherwise; no registry but the default one is configured here.
const REGISTRY: &str = "registry+";

/// The command.
pub(crate) fn run() -> Result<()> {
    if workspace::answers(workspace::cargo().args(["deny", "--version"])) {
        let checks = ["deny", "--locked", "check", "licenses", "bans", "sources"];
        return workspace::run(workspace::cargo().args(checks));
    }
    let text = workspace::read(&workspace::root().join("deny.toml"))?;
    let deny: Deny = toml::from_str(&text).context("cannot read `deny.toml`")?;
    let packages = packages(&deny)?;
    let faults = faults(&deny, &packages);
    for fault in &faults {
        eprintln!("audit: {fault}");
    }
    if !faults.is_empty() {
        bail!("{} faults in the dependencies; `audit` has listed them", faults.len());
    }
    eprintln!("audit: {} packages, all allowed by deny.toml", packages.len());
    Ok(())
}

/// Every package that is built for one of the supported targets.
fn packages(deny: &Deny) -> Result<Vec<Package>> {
    let mut command = workspace::cargo();
    command.args(["metadata", "--format-version", "1", "--locked"]);
    for target in &deny.graph.targets {
        command.args(["--filter-platform", target]);
    }
    let text = workspace::output(&mut command)?;
    let metadata: Metadata = serde_json::from_str(&text).context("cannot read cargo metadata")?;
    let used: BTreeSet<String> = metadata.resolve.nodes.into_iter().map(|node| node.id).collect();
    Ok(metadata.packages.into_iter().filter(|package| used.contains(&package.id)).collect())
}

fn faults(deny: &Deny, packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().insert(&package.version);
        let Package { name, version, license, source, .. } = package;
        // Crates of this repository have no source.
        let Some(source) = source else {
            continue;
        };
        if !source.starts_with(REGISTRY) {
            faults.push(format!("{name} {version} comes from `{source}`"));
        }
        if let Err(cause) = judge_license(&deny.licenses, name, license.as_deref()) {
            faults.push(format!("{name} {version}: {cause}"));
        }
    }
    let mut skipped: BTreeSet<&str> =
        deny.bans.skip.iter().map(|skip| skip.package.as_str()).collect();
    for (name, versions) in versions.into_iter().filter(|(_, versions)| versions.len() > 1) {
        let open: Vec<&str> = versions
            .iter()
            .filter(|version| !skipped.remove(format!("{name}@{version}").as_str()))
            .copied()
            .collect();
        if open.len() > 1 {
            let list = open.join(", ");
            faults.push(format!("{name} is there in several versions: {list}"));
        }
    }
    let unused = skipped.into_iter().map(|skip| format!("deny.toml skips `{skip}` for nothing"));
    faults.extend(unused);
    faults
}

fn judge_license(licenses: &Licenses, name: &str, license: Option<&str>) -> Result<(), String> {
    let license = license.ok_or("no licence is named")?;
    let expression = Expression::parse_mode(license, ParseMode::LAX)
        .map_err(|_| format!("cannot read the licence `{license}`"))?;
    let exceptions = licenses.exceptions.iter().filter(|exception| exception.name == name);
    let extra = exceptions.flat_map(|exception| &exception.allow);
    let allowed: Vec<&String> = licenses.allow.iter().chain(extra).collect();
    let is_allowed = expression.evaluate(|requirement| {
        let text = requirement.to_string();
        allowed.iter().any(|allowed| **allowed == text)
    });
    if is_allowed { Ok(()) } else { Err(format!("the licence `{license}` is not allowed")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deny() -> Deny {
        toml::from_str(
            "[licenses]\nallow = [\"MIT\", \"Apache-2.0\"]\n\
             [[licenses.exceptions]]\ncrate = \"odd\"\nallow = [\"MPL-2.0\"]\n\
             [bans]\nskip = [{ crate = \"twice@1.0.0\" }]\n",
        )
        .unwrap()
    }

    fn package(name: &str, version: &str, license: &str) -> Package {
        Package {
            id: format!("{name} {version}"),
            name: name.to_owned(),
            version: version.to_owned(),
            license: Some(license.to_owned()),
            source: Some(format!("{REGISTRY}index")),
        }
    }

    #[test]
    fn a_licence_must_be_satisfiable_from_the_list() {
        let judge = |name, license| judge_license(&deny().licenses, name, Some(license)).is_ok();
        assert!(judge("a", "MIT OR GPL-3.0-only"));
        assert!(judge("a", "MIT/Apache-2.0"));
        assert!(judge("a", "MIT AND Apache-2.0"));
        assert!(!judge("a", "MIT AND GPL-3.0-only"));
        assert!(!judge("a", "Apache-2.0 WITH LLVM-exception"));
        assert!(!judge("a", "MPL-2.0"));
        assert!(judge("odd", "MPL-2.0"));
        assert!(judge_license(&deny().licenses, "a", None).is_err());
    }

    #[test]
    fn sources_and_duplicates_are_faults() {
        let twice = [package("twice", "1.0.0", "MIT"), package("twice", "2.0.0", "MIT")];
        assert_eq!(faults(&deny(), &twice), Vec::<String>::new());
        let mut packages = twice.to_vec();
        packages.push(package("other", "1.0.0", "MIT"));
        packages.push(package("other", "1.1.0", "MIT"));
        packages.push(Package {
            source: Some("git+https://example.com/x".to_owned()),
            ..package("far", "1.0.0", "MIT")
        });
        let found = faults(&deny(), &packages).join("\n");
        assert!(found.contains("other is there in several versions: 1.0.0, 1.1.0"), "{found}");
        assert!(found.contains("far 1.0.0 comes from"), "{found}");
        assert_eq!(found.lines().count(), 2, "{found}");
    }

    #[test]
    fn a_skip_that_skips_nothing_is_a_fault() {
        let found = faults(&deny(), &[package("twice", "1.0.0", "MIT")]);
        assert_eq!(found, ["deny.toml skips `twice@1.0.0` for nothing"]);
    }
}
