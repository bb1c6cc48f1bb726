//! `trailwarden docs build`, with the real binary: the pages are read as a browser reads them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod browser;
mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;
use trailwarden_testkit::skip::skipped;

use crate::page::{Page, read};

/// The files of a site, by their paths below its folder.
type Files = BTreeMap<String, String>;

fn run(line: &[&str]) -> Vec<u8> {
    let done = Command::new(env!("CARGO_BIN_EXE_trailwarden")).args(line).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

fn build(folder: &Path) -> Files {
    let printed = run(&["docs", "build", "--quiet", "--output", folder.to_str().unwrap()]);
    assert_eq!(printed, b"");
    read_all(folder)
}

fn read_all(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    files
}

/// An answer for programs, which is what its schema says.
fn answer(schema: &str, line: &[&str]) -> Value {
    let answer: Value = serde_json::from_slice(&run(line)).unwrap();
    let schema = serde_json::from_slice(&run(&["generate", "schema", schema])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&answer)
        .map(|fault| format!("{fault} at {}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{line:?}: {faults:?}");
    answer
}

static SITE: LazyLock<(tempfile::TempDir, Files)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let files = build(folder.path());
    (folder, files)
});

/// One test, because each test is a process of its own, and would write the whole site again.
#[test]
fn the_site_is_whole_leads_nowhere_else_and_is_found() {
    no_two_files_have_one_name();
    every_page_is_well_formed();
    every_link_and_anchor_leads_somewhere();
    nothing_is_loaded_from_elsewhere();
    every_name_that_explain_knows_has_a_page();
    every_guide_has_a_page();
    an_event_shows_all_four_forms_and_a_remediation_whole_programs();
    the_search_finds_an_event_by_what_it_does();
    the_same_binary_writes_the_same_bytes_and_leaves_other_files();
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".gitignore"), "x").unwrap();
    let mine = folder.path().join("index.html");
    std::fs::write(&mine, "mine").unwrap();
    for output in [folder.path(), &mine] {
        let mut asked = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
        let done = asked.args(["docs", "build", "--output"]).arg(output).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{done:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("index.html"), "{done:?}");
    }
    assert_eq!(std::fs::read_to_string(&mine).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// Of each kind one, with and without ways to respond, and a name that several have.
#[test]
fn explanations_for_programs_are_what_their_schema_says() {
    let names = [
        "UpdateUser",
        "iam:PassRole",
        "trail-stopped-or-deleted",
        "console-user-without-mfa",
        "iam-001",
        "narrow-policy",
        "enable-mfa",
        "aws:PrincipalOrgID",
        "T1098.003",
        "log-file-changed",
    ];
    for name in names {
        let told = answer("explain", &["explain", name, "--json"]);
        assert_eq!(told["schema"], "trailwarden.explain/1");
        assert!(!told["pages"].as_array().unwrap().is_empty(), "{name}");
    }
    let told = answer("explain", &["explain", "UpdateUser", "--json"]);
    assert_eq!(told["pages"].as_array().unwrap().len(), 2);
    assert_eq!(told["pages"][0]["sample"]["eventName"], "UpdateUser");
}

const RULE: &str = r#"
title: <b>Sign-in</b> of [somebody](http://example.com/)
id: 6a4fa1c0-2b5e-4a3e-9a55-0c6d0d7e1f11
status: test
logsource:
    product: aws
    service: cloudtrail
detection:
    selection:
        eventName: ConsoleLogin
    condition: selection
level: high
"#;

#[test]
fn a_sigma_rule_is_explained_and_one_that_cannot_be_used_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.yml"), RULE).unwrap();
    let explain = |name: &str| {
        let mut asked = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
        asked.args(["explain", name, "--format", "markdown", "--rules"]).arg(folder.path());
        let done = asked.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    };
    let (code, page, told) = explain("6A4FA1C0-2b5e-4a3e-9a55-0c6d0d7e1f11");
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert!(page.contains("`ConsoleLogin`") && page.contains(r"\<b\>Sign\-in"), "{page}");
    assert!(!page.contains("<b>") && !page.contains("]("), "{page}");
    std::fs::write(folder.path().join("bad.yml"), RULE.replace("condition: selection", ""))
        .unwrap();
    let (code, again, told) = explain("6a4fa1c0-2b5e-4a3e-9a55-0c6d0d7e1f11");
    assert_eq!((code, again), (Some(3), page));
    assert!(told.contains("bad.yml"), "{told}");
}

static PAGES: LazyLock<BTreeMap<&str, Page>> = LazyLock::new(|| {
    let pages = SITE.1.iter().filter(|(name, _)| name.ends_with(".html"));
    pages.map(|(name, text)| (name.as_str(), read(text))).collect()
});

fn pages() -> &'static BTreeMap<&'static str, Page> {
    &PAGES
}

/// The file that a link on a page names.
fn target(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn every_page_is_well_formed() {
    for (name, page) in pages() {
        assert!(page.faults.is_empty(), "{name}: {:?}", page.faults);
    }
}

fn every_link_and_anchor_leads_somewhere() {
    let pages = pages();
    let mut dead = Vec::new();
    let mut count = 0;
    for (name, page) in pages {
        for (_, link) in page.references.iter().filter(|(_, link)| !link.starts_with("https://")) {
            let (path, anchor) =
                link.split_once('#').map_or((link.as_str(), None), |(p, a)| (p, Some(a)));
            let file = if path.is_empty() { Some((*name).to_owned()) } else { target(name, path) };
            let is_there = file.as_ref().is_some_and(|file| SITE.1.contains_key(file));
            let is_named = anchor.is_none_or(|anchor| {
                file.as_ref()
                    .and_then(|file| pages.get(file.as_str()))
                    .is_some_and(|page| page.ids.contains(anchor))
            });
            if !is_there || !is_named {
                dead.push(format!("{name}: {link}"));
            }
            count += 1;
        }
    }
    assert!(dead.is_empty(), "{} of {count}: {:#?}", dead.len(), &dead[..dead.len().min(30)]);
    assert!(count > 10_000, "{count} links");
}

fn nothing_is_loaded_from_elsewhere() {
    let assets: BTreeSet<&str> =
        SITE.1.keys().map(String::as_str).filter(|name| !name.ends_with(".html")).collect();
    for (name, page) in pages() {
        for (element, link) in &page.references {
            if element == "a" {
                continue;
            }
            let file = target(name, link);
            assert!(
                file.is_some_and(|file| assets.contains(file.as_str())),
                "{name}: {element} {link}"
            );
        }
        assert!(!SITE.1[*name].contains("<script>"), "{name}: a script of its own");
        assert!(
            !page
                .elements
                .iter()
                .any(|one| ["img", "iframe", "object", "style"].contains(&one.as_str())),
            "{name}"
        );
    }
}

fn every_name_that_explain_knows_has_a_page() {
    let listed = answer("names", &["explain", "--list", "--json"]);
    let pages = pages();
    let names: BTreeSet<(&str, &str)> =
        pages.values().map(|page| (page.kind.as_str(), page.heading.as_str())).collect();
    let listed = listed["names"].as_array().unwrap();
    assert!(listed.len() > 700);
    for one in listed {
        let (kind, name) = (one["kind"].as_str().unwrap(), one["name"].as_str().unwrap());
        assert!(names.contains(&(kind, name)), "no page of the {kind} `{name}`");
    }
}

fn every_guide_has_a_page() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for folder in ["", "guides", "concepts", "decisions"] {
        for entry in std::fs::read_dir(docs.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Some(name) = path.file_name().unwrap().to_str().unwrap().strip_suffix(".md") else {
                continue;
            };
            let page = if folder.is_empty() {
                format!("{name}.html")
            } else {
                format!("{folder}/{name}.html")
            };
            assert!(SITE.1.contains_key(&page), "no page for `{}`", path.display());
        }
    }
}

/// Into the folder of the first, where a stranger's file lies by now, and a page that an earlier version had.
fn the_same_binary_writes_the_same_bytes_and_leaves_other_files() {
    let folder = SITE.0.path();
    std::fs::write(folder.join("events/kept.txt"), "kept").unwrap();
    std::fs::write(folder.join("events/old.html"), &SITE.1["index.html"]).unwrap();
    let list = &SITE.1["site.sha256"];
    let first = list.lines().find_map(|line| line.strip_suffix("  index.html")).unwrap();
    std::fs::write(folder.join("site.sha256"), format!("{list}{first}  events/old.html\n"))
        .unwrap();
    let told = answer("site", &["docs", "build", "--output", folder.to_str().unwrap(), "--json"]);
    assert_eq!(told["removed"], 1);
    assert_eq!(told["kept"].as_array().unwrap().len(), 0);
    let mut again = read_all(folder);
    assert_eq!(again.remove("events/kept.txt").as_deref(), Some("kept"));
    assert!(again == SITE.1);
    let pages = SITE.1.keys().filter(|name| name.ends_with(".html")).count();
    assert_eq!(told["pages"], pages);
    let bytes =
        SITE.1.iter().filter(|(name, _)| *name != "site.sha256").map(|(_, text)| text.len());
    assert_eq!(told["bytes"], bytes.sum::<usize>());
}

/// Some file systems take two names for one that differ in case only.
fn no_two_files_have_one_name() {
    let names: BTreeSet<String> = SITE.1.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(names.len(), SITE.1.len());
}

fn an_event_shows_all_four_forms_and_a_remediation_whole_programs() {
    let event = &SITE.1["events/iam/PutGroupPolicy.html"];
    for form in ["AWS console", "AWS CLI", "Python with boto3", "Terraform"] {
        assert!(event.contains(&format!("<summary>{form} ")), "{form}");
    }
    assert!(event.contains("An example with invented names"));
    let remedy = &SITE.1["remediations/deactivate-access-key.html"];
    assert!(remedy.contains("#!/usr/bin/env bash") && remedy.contains("id=\"boto3\""));
}

fn the_search_finds_an_event_by_what_it_does() {
    let Some(browser) = browser::find() else {
        skipped("site::the_search_finds_an_event_by_what_it_does", "there is no Chromium");
        return;
    };
    let first = |query: &str| browser::hits(browser, SITE.0.path(), query);
    let found = first("rename%20user");
    assert!(found.iter().take(3).any(|hit| hit == "iam:UpdateUser"), "{found:?}");
    assert_eq!(first("PutGroupPolicy")[0], "iam:PutGroupPolicy");
    assert_eq!(first("T1098.003")[0], "T1098.003");
    assert!(first("zzzzqqq").is_empty());
    // Questions, other words for the same, and words that are written wrongly.
    for (query, name) in [
        ("mfa%20disable", "iam:DeactivateMFADevice"),
        ("who%20can%20assume", "sts:AssumeRole"),
        ("how%20do%20I%20revoke%20a%20session", "revoke-sessions"),
        ("atach%20user%20polcy", "iam:AttachUserPolicy"),
        ("privilege%20escalation%20lambda", "lambda-003"),
    ] {
        let found = first(query);
        assert!(found.iter().take(3).any(|hit| hit == name), "{query}: {found:?}");
    }
}
