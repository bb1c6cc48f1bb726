//! Runs the binary, and reads stories.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Identity, Left, Stands, Step, StepKind};
use trailwarden_testkit::trailwarden;
pub(crate) use trailwarden_testkit::{Ran, ran::put};

/// The story of a `json` run.
pub(crate) trait Story {
    fn story(&self) -> Investigation;
}

impl Story for Ran {
    fn story(&self) -> Investigation {
        self.parsed()
    }
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Ran {
    Ran::of(&mut trailwarden!(args))
}

/// Runs with something on standard input.
pub(crate) fn run_on(input: &[u8], args: &[&str]) -> Ran {
    Ran::of_with(&mut trailwarden!(args), input)
}

/// Investigates somebody in records.
pub(crate) fn investigate(records: &[Value], who: &str, flags: &[&str]) -> Ran {
    let input = json!({ "Records": records }).to_string();
    let args: Vec<&str> =
        ["investigate", "-", "--principal", who].iter().chain(flags).copied().collect();
    run_on(input.as_bytes(), &args)
}

/// The story of somebody in a trail.
pub(crate) fn story(trail: &str, who: &str) -> Investigation {
    story_of(&records(trail), who)
}

/// The story of somebody in records.
pub(crate) fn story_of(records: &[Value], who: &str) -> Investigation {
    let ran = investigate(records, who, &["--json"]);
    let story = ran.parsed();
    assert_eq!(ran.code, code_of(&story), "{}", ran.said);
    story
}

/// How the command ends that tells this story and could read everything.
pub(crate) fn code_of(story: &Investigation) -> i32 {
    let is_unknown = story.left_behind.iter().any(|left| left.stands == Stands::Unknown);
    if is_unknown { 3 } else { 0 }
}

/// The records of a trail.
pub(crate) fn records(trail: &str) -> Vec<Value> {
    trailwarden_detect::trail::records(trail).unwrap()
}

/// Names of those in the story with how they belong to it, but for those who are not followed.
pub(crate) fn people(story: &Investigation) -> Vec<String> {
    let followed = story.identities.iter().filter(|who| who.relation.as_str() != "origin");
    followed.map(|who| format!("{} {} {}", who.relation.as_str(), who.kind, who.name)).collect()
}

pub(crate) fn named<'s>(story: &'s Investigation, name: &str) -> &'s Identity {
    story.identities.iter().find(|who| who.name == name).unwrap()
}

/// Who did what, change by change: `alice CreateUser user eve`.
pub(crate) fn changes(story: &Investigation) -> Vec<String> {
    steps(story, StepKind::Changed).map(|step| said(story, step)).collect()
}

pub(crate) fn steps(story: &Investigation, kind: StepKind) -> impl Iterator<Item = &Step> {
    story.timeline.iter().filter(move |step| step.kind == kind)
}

pub(crate) fn said(story: &Investigation, step: &Step) -> String {
    let who = &story.identities[step.identity as usize].name;
    let times = if step.count > 1 { format!(" x{}", step.count) } else { String::new() };
    format!("{who} {}{times} {}", step.event_name, step.targets.join(", "))
}

/// What was left behind, and how it stands: `access key AKIA... of user/alice: stands`.
pub(crate) fn left(story: &Investigation) -> Vec<String> {
    let said = |left: &Left| {
        let of = left.of.as_deref().map(|of| format!(" of {of}")).unwrap_or_default();
        format!("{} {}{of}: {}", left.kind, left.name, left.stands.as_str())
    };
    story.left_behind.iter().map(said).collect()
}

/// A file of the repository.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    trailwarden_testkit::folder!()
}
