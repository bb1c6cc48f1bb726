//! Runs the binary, and reads stories.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Identity, Left, Stands, Step, StepKind};

/// What a run ended with.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The story of a `json` run.
    pub(crate) fn story(&self) -> Investigation {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| unreachable!("{error}: {}", self.said))
    }
}

fn binary(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    command.args(args).current_dir(env!("CARGO_TARGET_TMPDIR"));
    for name in ["HOME", "XDG_CONFIG_HOME", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Ran {
    Ran::of(binary(args).output().unwrap())
}

/// Runs with something on standard input.
pub(crate) fn run_on(input: &[u8], args: &[&str]) -> Ran {
    let mut command = binary(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    Ran::of(output)
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
    let story = ran.story();
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
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Writes a file and returns its path as an argument.
pub(crate) fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}
