//! The layers: which crate may know which, and what the pure core may not touch.
//!
//! This table is the picture in `ARCHITECTURE.md`. A new edge is a decision to be written down
//! under `docs/decisions/`, and then a change here.

use std::path::Path;

use anyhow::{Context, Result};
use toml::Table;

use super::place;
use crate::workspace;

const MODEL: &str = "trailwarden-model";
const POLICY: &str = "trailwarden-policy";
const RECORD: &str = "trailwarden-record";
const ACCOUNT: &str = "trailwarden-account";
const DETECT: &str = "trailwarden-detect";
const POSTURE: &str = "trailwarden-posture";
const REMEDY: &str = "trailwarden-remedy";
const AUTHORIZE: &str = "trailwarden-authorize";
const CATALOGUE: &str = "trailwarden-catalogue";
const AWS: &str = "trailwarden-aws";
const RUNTIME: &str = "trailwarden-runtime";
const TESTKIT: &str = "trailwarden-testkit";

/// Each crate, whether it is pure, and the crates of ours that it may depend on.
const LAYERS: &[(&str, bool, &[&str])] = &[
    (MODEL, true, &[]),
    (POLICY, true, &[MODEL]),
    (RECORD, true, &[MODEL]),
    (ACCOUNT, true, &[MODEL, POLICY, RECORD]),
    (DETECT, true, &[MODEL, POLICY, RECORD, ACCOUNT]),
    (POSTURE, true, &[MODEL, POLICY, ACCOUNT]),
    (REMEDY, true, &[MODEL, POLICY, ACCOUNT]),
    (AUTHORIZE, true, &[MODEL]),
    (CATALOGUE, true, &[MODEL, RECORD]),
    (AWS, false, &[MODEL, ACCOUNT]),
    (RUNTIME, false, &[AWS, MODEL, POLICY, RECORD, ACCOUNT, DETECT, REMEDY, AUTHORIZE]),
    (
        "trailwarden",
        false,
        &[
            AWS, CATALOGUE, MODEL, POLICY, RECORD, ACCOUNT, DETECT, POSTURE, REMEDY, AUTHORIZE,
            RUNTIME,
        ],
    ),
    (TESTKIT, false, &[MODEL]),
    ("xtask", false, &[]),
];

/// Dependencies that bring I/O, clocks, randomness or logging; a name that ends in `-` is a prefix.
const IMPURE: &[&str] = &[
    "aws-",
    "chrono",
    "getrandom",
    "hyper",
    "log",
    "rand",
    "reqwest",
    "rusqlite",
    "rustix",
    "nix",
    "sqlx",
    "tempfile",
    "tokio",
    "tracing",
    "ureq",
    "walkdir",
];

/// What pure code may not call.
const IMPURE_CALLS: &[&str] =
    &["std::fs", "std::env::", "TcpStream", "std::process", "SystemTime::now", "Instant::now"];

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for manifest in workspace::files(root, &["Cargo.toml"]) {
        let text = workspace::read(&manifest)?;
        let table: Table =
            text.parse().with_context(|| format!("cannot read `{}`", manifest.display()))?;
        if table.contains_key("package") && !place(root, &manifest).starts_with("fuzz/") {
            faults.extend(faults_of_manifest(&place(root, &manifest), &table));
        }
    }
    for (name, _, _) in LAYERS.iter().filter(|(_, is_pure, _)| *is_pure) {
        for path in workspace::files(&root.join("crates").join(name).join("src"), &[".rs"]) {
            let text = workspace::read(&path)?;
            faults.extend(faults_of_calls(&place(root, &path), &text));
        }
    }
    Ok(faults)
}

fn faults_of_manifest(place: &str, table: &Table) -> Vec<String> {
    let name = table.get("package").and_then(|package| package.get("name"));
    let name = name.and_then(toml::Value::as_str).unwrap_or("");
    let Some((_, is_pure, allowed)) = LAYERS.iter().find(|(layer, _, _)| *layer == name) else {
        return vec![format!(
            "{place}: crate `{name}` has no layer; give it one in xtask/src/tidy/layers.rs and in ARCHITECTURE.md"
        )];
    };
    let mut faults = Vec::new();
    for (kind, dependency) in dependencies(table) {
        let is_ours = LAYERS.iter().any(|(layer, _, _)| *layer == dependency);
        let is_for_tests = dependency == TESTKIT && kind == "dev-dependencies";
        if is_ours && !is_for_tests && !allowed.contains(&dependency.as_str()) && dependency != name
        {
            faults.push(format!(
                "{place}: `{name}` may not depend on `{dependency}`; arrows point down only"
            ));
        }
        let is_impure = IMPURE.iter().any(|impure| {
            dependency == *impure || (impure.ends_with('-') && dependency.starts_with(impure))
        });
        if *is_pure && is_impure && kind != "dev-dependencies" {
            faults.push(format!(
                "{place}: `{name}` is pure and may not depend on `{dependency}`; the runtime may"
            ));
        }
    }
    faults
}

/// All dependencies of a manifest with the table they stand in, those of single targets too.
fn dependencies(table: &Table) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (kind, value) in table {
        let Some(inner) = value.as_table() else {
            continue;
        };
        if kind.ends_with("dependencies") {
            for (name, specification) in inner {
                let renamed = specification.get("package").and_then(toml::Value::as_str);
                found.push((kind.clone(), renamed.unwrap_or(name).to_owned()));
            }
        } else if kind == "target" {
            found.extend(inner.values().filter_map(toml::Value::as_table).flat_map(dependencies));
        }
    }
    found
}

fn faults_of_calls(place: &str, text: &str) -> Vec<String> {
    if super::sources::is_test_file(place) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (index, line) in super::sources::product_lines(text).enumerate() {
        let code = line.trim_start();
        for call in IMPURE_CALLS.iter().filter(|call| code.contains(**call)) {
            if !code.starts_with("//") {
                faults.push(format!(
                    "{place}:{}: `{call}` in a pure crate; take the value as an argument",
                    index + 1
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(manifest: &str) -> String {
        faults_of_manifest("Cargo.toml", &manifest.parse().unwrap()).join("\n")
    }

    #[test]
    fn an_edge_that_points_up_is_a_fault() {
        let up = "[package]\nname = \"trailwarden-model\"\n[dependencies]\ntrailwarden-detect.workspace = true\n";
        assert!(faults(up).contains("may not depend on `trailwarden-detect`"));
        let down = "[package]\nname = \"trailwarden-detect\"\n[dependencies]\ntrailwarden-model.workspace = true\n";
        assert_eq!(faults(down), "");
    }

    #[test]
    fn neighbours_do_not_see_each_other() {
        let across = "[package]\nname = \"trailwarden-record\"\n[dev-dependencies]\ntrailwarden-policy.workspace = true\n";
        assert!(faults(across).contains("trailwarden-policy"));
        let hidden = "[package]\nname = \"trailwarden-detect\"\n[target.'cfg(unix)'.dependencies]\nremedy = { package = \"trailwarden-remedy\" }\n";
        assert!(faults(hidden).contains("trailwarden-remedy"));
    }

    #[test]
    fn only_tests_know_what_tests_share() {
        let of = |kind: &str| {
            format!(
                "[package]\nname = \"trailwarden-model\"\n[{kind}]\ntrailwarden-testkit.workspace = true\n"
            )
        };
        assert_eq!(faults(&of("dev-dependencies")), "");
        assert!(faults(&of("dependencies")).contains("trailwarden-testkit"));
    }

    #[test]
    fn the_core_stays_pure() {
        let impure = "[package]\nname = \"trailwarden-policy\"\n[dependencies]\naws-config = \"1\"\ntokio = \"1\"\n";
        assert_eq!(faults(impure).lines().count(), 2);
        assert_eq!(faults(&impure.replace("trailwarden-policy", "trailwarden-runtime")), "");
        let code = "//! x\nfn now() { let t = SystemTime::now(); }\n// std::fs is for others\n";
        assert_eq!(faults_of_calls("crates/a/src/b.rs", code).len(), 1);
        let test = "//! x\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert_eq!(faults_of_calls("crates/a/src/b.rs", test), Vec::<String>::new());
    }

    #[test]
    fn a_crate_without_a_layer_is_a_fault() {
        assert!(faults("[package]\nname = \"trailwarden-extra\"\n").contains("has no layer"));
    }
}
