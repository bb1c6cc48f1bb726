//! What the pages show is what the commands print. `UPDATE_EXPECT=1` writes it anew.

use std::collections::BTreeSet;
use std::path::Path;

use trailwarden_detect::detections::ALL;

use crate::support::run_in;

const PAGES: [&str; 8] = [
    "README.md",
    "docs/changes.md",
    "docs/lint.md",
    "docs/simulate.md",
    "docs/diff.md",
    "docs/questions.md",
    "docs/guides/detection-engineer.md",
    "docs/guides/incident-responder.md",
];
const COMMANDS: [&str; 10] =
    ["scan", "rules", "changes", "lint", "simulate", "diff", "can", "who-can", "paths", "history"];
/// Folders that a reader brings, and pages only tell of.
const TOLD: [&str; 1] = ["rules/"];

#[test]
fn the_pages_show_real_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut shown = 0;
    for page in PAGES {
        let path = root.join(page);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut fresh = String::new();
        let mut rest = text.as_str();
        while let Some((before, block)) = rest.split_once("```console\n") {
            let (block, after) = block.split_once("\n```").unwrap();
            let said = redone(&root, block);
            shown += usize::from(said.is_some());
            let block = said.unwrap_or_else(|| block.to_owned());
            fresh.push_str(&format!("{before}```console\n{block}\n```"));
            rest = after;
        }
        fresh.push_str(rest);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        } else {
            assert!(text == fresh, "{page} is stale; with UPDATE_EXPECT=1 it says:\n{fresh}");
        }
    }
    assert!(shown >= 20, "{shown} blocks were run");
}

/// Whoever reads the story beside the findings meets each of them, and no other.
#[test]
fn the_story_of_the_example_names_what_is_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let story = std::fs::read_to_string(root.join("examples/README.md")).unwrap();
    let ran = run_in(&root, &["scan", "examples/incident", "--format", "ndjson"]);
    let found: BTreeSet<String> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["rule"].clone())
        .map(|rule| rule.as_str().unwrap().to_owned())
        .collect();
    let is_named = |rule: &String| story.contains(&format!("`{rule}`"));
    let unnamed: Vec<&String> = found.iter().filter(|rule| !is_named(rule)).collect();
    assert!(unnamed.is_empty(), "the story leaves out {unnamed:?}");
    let told = story.lines().filter(|line| line.starts_with('|') && line.contains(':'));
    let rules = told.flat_map(|line| line.split('`').skip(1).step_by(2));
    let invented: Vec<&str> = rules
        .filter(|word| ALL.iter().any(|detection| detection.id == *word))
        .filter(|rule| !found.contains(*rule))
        .collect();
    assert!(invented.is_empty() && found.len() > 10, "nothing is found for {invented:?}");
}

/// A block with the output of today; `None` when it is not about these commands.
fn redone(root: &Path, block: &str) -> Option<String> {
    let mut lines = block.lines();
    let mut command = lines.next()?.strip_prefix("$ trailwarden ")?.to_owned();
    let mut head = vec![format!("$ trailwarden {command}")];
    while let Some(begun) = command.strip_suffix('\\') {
        let next = lines.next().unwrap();
        head.push(next.to_owned());
        command = format!("{begun}{}", next.trim_start());
    }
    let (command, shown_max) = match command.split_once(" | head -") {
        Some((command, lines)) => (command, lines.parse().unwrap()),
        None => (command.as_str(), usize::MAX),
    };
    let args: Vec<&str> = command.split_whitespace().collect();
    let is_told = args.contains(&"|") || args.iter().any(|arg| TOLD.contains(arg));
    if !COMMANDS.contains(args.first()?) || is_told {
        return None;
    }
    let ran = run_in(root, &args);
    assert_ne!(ran.code, 2, "{command}: {}", ran.said);
    assert!(ran.said.is_empty() || ran.code == 3, "{command}: {}", ran.said);
    let out = ran.out.trim_end().lines().take(shown_max).map(str::to_owned);
    Some(head.into_iter().chain(out).collect::<Vec<_>>().join("\n"))
}
