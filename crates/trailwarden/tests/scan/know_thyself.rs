//! What the binary says about itself.

use trailwarden_detect::detections::ALL;

use crate::support::{folder, run, text};

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(&["generate", "completions", shell]);
        assert_eq!(ran.code, 0, "{shell}");
        for word in ["scan", "min-severity", "rules"] {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn the_man_pages_are_there() {
    let page = run(&["generate", "man"]).out;
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{}", &page[..40]);
    assert!(page.contains("trailwarden"));
    let folder = folder();
    assert_eq!(run(&["generate", "man", "--output", text(folder.path())]).code, 0);
    let scan = std::fs::read_to_string(folder.path().join("trailwarden-scan.1")).unwrap();
    assert!(scan.contains("fail\\-on") || scan.contains("fail-on"), "{scan}");
}

#[test]
fn the_reference_names_every_detection() {
    let folder = folder();
    assert_eq!(run(&["generate", "docs", "--output", text(folder.path())]).code, 0);
    let mut pages = String::new();
    for entry in walk(folder.path()) {
        pages.push_str(&std::fs::read_to_string(entry).unwrap());
    }
    let list = run(&["rules", "list"]);
    assert_eq!(list.code, 0);
    for detection in ALL {
        assert!(pages.contains(detection.id), "{} is in no page", detection.id);
        assert!(list.out.contains(detection.id), "{} is not listed", detection.id);
    }
    for rule in trailwarden_runtime::verify::RULES {
        assert!(list.out.contains(rule.id), "{} is not listed", rule.id);
    }
}

#[test]
fn help_shows_examples_and_version_is_short() {
    assert!(run(&["scan", "--help"]).out.contains("Examples:"));
    let version = run(&["--version"]);
    assert_eq!(version.code, 0);
    assert!(version.out.starts_with("trailwarden "));
    let config: serde_json::Value =
        serde_json::from_str(&run(&["generate", "schema", "config"]).out).unwrap();
    assert!(config["properties"]["suppressions"].is_object());
}

/// A reader that goes away early, as `| head` does, is no error.
#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = crate::support::trailwarden(&["generate", "schema"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files
}
