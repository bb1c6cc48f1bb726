//! Every remedy's example, carried out and taken back on an emulator of AWS: after the undo the account is
//! as it was.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use trailwarden_remedy::{Plan, remedies, remedy, render};
use trailwarden_runtime::executor::{self, Direction};

use crate::emulator::Emulator;
use crate::support::{Ran, check_schema, example, folder, plan, put, run};
use crate::world::made;

pub(crate) const MOTO: &str = "TRAILWARDEN_TEST_EMULATOR";
pub(crate) const SERVE: &str = "../trailwarden-remedy/tests/emulator/serve.py";

/// Remedies with a step that cannot be taken back, as `remediate apply` tells and the guide lists.
const IRREVERSIBLE: [&str; 4] =
    ["create-trail", "delete-credential", "delete-identity-provider", "reset-console-password"];

/// A plan in a folder, and an account of its subject.
pub(crate) struct Case<'a> {
    pub(crate) emulator: &'a mut Emulator,
    folder: tempfile::TempDir,
    name: &'a str,
    pub(crate) plan: Plan,
}

impl<'a> Case<'a> {
    /// The example of a remedy.
    pub(crate) fn of(emulator: &'a mut Emulator, id: &'a str) -> Self {
        let subject = remedy::find(id).unwrap().example().unwrap();
        let (plan, folder) = (plan(id, &subject), folder());
        put(folder.path(), "plan.json", &plan);
        emulator.ask(&made(&subject));
        Self { emulator, folder, name: id, plan }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A command of `remediate` with the plan's approval.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let (url, digest) = (&self.emulator.url, &self.plan.digest);
        // What these plans do is held to the account by the tests of `anew`.
        let trust = if line.starts_with("apply plan.json") { "--trust-preview" } else { "" };
        let line =
            format!("remediate {line} {trust} --endpoint-url {url} --approve {digest} --json");
        run(self.path(), &line)
    }

    pub(crate) fn apply(&self) -> Ran {
        let accept = if self.plan.is_irreversible() { "--accept-irreversible" } else { "" };
        self.run(&format!("apply plan.json {accept} --secrets-to applied.ndjson"))
    }

    pub(crate) fn undo(&self, run: &str) -> Ran {
        self.run(&format!("undo {run} --secrets-to undone.ndjson"))
    }

    /// Carries it out, and returns the run.
    pub(crate) fn applied(&self) -> String {
        let ran = self.apply();
        assert_eq!(ran.code, 0, "{}: {ran:?}", self.name);
        check_schema("carried", &ran.json());
        let told = ran.run();
        assert_eq!(told["status"], "applied", "{}", self.name);
        told["run"].as_str().unwrap().to_owned()
    }

    /// No secret that was handed over is in the journal or in what was said.
    fn keeps_no_secret(&self, said: &[&Ran]) {
        let journal = self.path().join(".local/share/trailwarden/journal.ndjson");
        let journal = std::fs::read_to_string(journal).unwrap();
        let files = [("applied.ndjson", Direction::Apply), ("undone.ndjson", Direction::Undo)];
        for (file, direction) in files {
            let path = self.path().join(file);
            let is_due = executor::makes_secrets(&self.plan, direction);
            assert_eq!(path.exists(), is_due, "{}: {file}", self.name);
            let text = if is_due { std::fs::read_to_string(path).unwrap() } else { continue };
            assert!(!text.is_empty(), "{}: {file} is empty", self.name);
            for line in text.lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                let secret = line["secret"].as_str().unwrap();
                assert!(secret.len() >= 14, "{}: {file}", self.name);
                assert!(!journal.contains(secret), "{}: the journal has a secret", self.name);
                for ran in said {
                    assert!(!ran.out.contains(secret) && !ran.said.contains(secret));
                }
            }
        }
    }

    /// Carries it out, and takes it back.
    fn there_and_back(&mut self) {
        let name = self.name;
        let before = self.emulator.state();
        let ran = run(
            self.path(),
            &format!(
                "remediate apply plan.json --dry-run --trust-preview --endpoint-url {}",
                self.emulator.url
            ),
        );
        let is_refused = self.plan.is_irreversible();
        assert_eq!(ran.code, if is_refused { 2 } else { 0 }, "{name}: {ran:?}");
        assert_eq!(self.emulator.state(), before, "{name}: a dry run changes nothing");
        let run = self.applied();
        let between = self.emulator.state();
        // A reset password does not show.
        let is_seen = self.plan.steps.iter().any(|step| step.operation != "UpdateLoginProfile");
        assert!(!is_seen || between != before, "{name}: nothing changed");
        let undone = self.undo(&run);
        check_schema("carried", &undone.json());
        let told = undone.run();
        self.keeps_no_secret(&[&undone]);
        if self.plan.is_irreversible() {
            assert_eq!(undone.code, 3, "{name}: {undone:?}");
            assert_eq!(told["status"], "partly-undone", "{name}");
            return;
        }
        assert_eq!(undone.code, 0, "{name}: {undone:?}");
        assert_eq!((&told["status"], &told["differs"]), (&json!("undone"), &json!([])), "{name}");
        assert_eq!(self.emulator.state(), before, "{name}: not as before");
    }
}

/// Who reads the guide knows what cannot be taken back.
#[test]
fn the_guide_lists_what_cannot_be_taken_back() {
    let is_irreversible = |id: &&str| example(id).is_irreversible();
    let of_plans: Vec<&str> =
        remedies::ALL.iter().map(|remedy| remedy.id).filter(is_irreversible).collect();
    assert_eq!(of_plans, IRREVERSIBLE);
    let guide = include_str!("../../../../docs/guides/remediation.md");
    let section = guide.split("\n## ").find(|part| part.starts_with("Taking it back")).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    assert_eq!(listed, IRREVERSIBLE);
}

#[test]
fn every_example_is_carried_out_and_taken_back() {
    let test = "every_example_is_carried_out_and_taken_back";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    for remedy in remedies::ALL {
        Case::of(&mut emulator, remedy.id).there_and_back();
    }
}

/// The program of a plan and the executor do the same: after either the account is in one state.
#[test]
fn the_program_of_a_plan_ends_where_the_executor_does() {
    let test = "the_program_of_a_plan_ends_where_the_executor_does";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    for remedy in remedies::ALL {
        let case = Case::of(&mut emulator, remedy.id);
        case.applied();
        let by_executor = settled(case.emulator.state());
        let case = Case::of(&mut emulator, remedy.id);
        std::fs::write(case.path().join("plan.py"), render::boto3(&case.plan)).unwrap();
        case.program();
        let by_program = settled(case.emulator.state());
        assert_eq!(by_program, by_executor, "{}: boto3 does something else", remedy.id);
    }
}

/// Under one name for keys that were made: their ids are AWS's choice.
fn settled(state: Value) -> Value {
    match state {
        Value::Object(members) => {
            let named = members.into_iter().map(|(name, value)| match value.as_str() {
                Some(id) if name == "AccessKeyId" && !id.starts_with("AKIAEXAMPLE") => {
                    (name, json!("made"))
                }
                _ => (name, settled(value)),
            });
            Value::Object(named.collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(settled).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        scalar => scalar,
    }
}

impl Case<'_> {
    /// Carries the plan out as a boto3 program; a password that it asks for is on its standard input.
    fn program(&self) {
        std::fs::write(self.path().join("password"), "Other-1-password-of-a-test\n").unwrap();
        let asked = std::fs::File::open(self.path().join("password")).unwrap();
        let reveals = self.plan.steps.iter().any(|step| step.operation == "CreateAccessKey");
        let output = Command::new(&self.emulator.python)
            .args(["plan.py", "--apply"])
            .args(reveals.then_some("--show-secrets"))
            .current_dir(self.path())
            .env("AWS_ENDPOINT_URL", &self.emulator.url)
            .env("AWS_ACCESS_KEY_ID", "dummy")
            .env("AWS_SECRET_ACCESS_KEY", "dummy")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(asked)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success(), "{}: {said}", self.name);
    }
}
