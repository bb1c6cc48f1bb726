//! Plans as scripts, run against an emulator of AWS: what they change, and that it can be taken back.
//!
//! The programs are run as a user would run them, the one by the real AWS CLI and the other with the
//! real boto3. Both end in the same state, and taking either back ends in the state before.
//!
//! The emulator is not part of the repository. `cargo xtask test` installs it and names its Python in
//! `TRAILWARDEN_TEST_EMULATOR`; without it, or without the AWS CLI, the tests say that they were skipped.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use serde_json::{Map, Value, json};
use trailwarden_model::Timestamp;
use trailwarden_remedy::subject::Policy;
use trailwarden_remedy::{Known, Plan, Subject, remedies, remedy, render};

const EMULATOR: &str = "TRAILWARDEN_TEST_EMULATOR";
/// What is run by the AWS CLI too, which takes its time for each call: a plan that asks for a secret,
/// one that uses a reply, and one whose documents AWS tells as text.
const BY_CLI: &[&str] = &["delete-login-profile", "narrow-managed-policy", "restore-bucket-policy"];
/// The emulator's process.
struct Emulator {
    process: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
    url: String,
    python: OsString,
}

impl Emulator {
    /// Starts it; says so where there is none.
    fn start(test: &str) -> Option<Self> {
        let python = std::env::var_os(EMULATOR);
        let Some(python) = python else {
            skipped(&format!("{EMULATOR} is not set"), test);
            return None;
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emulator/serve.py");
        let mut process = Command::new(&python)
            // Leaves no byte code beside the script.
            .args(["-B", script, "111122223333"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = process.stdin.take().unwrap();
        let mut told = BufReader::new(process.stdout.take().unwrap());
        let mut port = String::new();
        told.read_line(&mut port).unwrap();
        let url = format!("http://127.0.0.1:{}", port.trim());
        Some(Self { process, asked, told, url, python })
    }

    fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.asked, "{command}").unwrap();
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the emulator ended on {command}"))
    }

    fn state(&mut self) -> Value {
        self.ask(&json!({ "tell": true }))
    }

    /// Runs a program for this account; a password that it asks for is on its standard input.
    fn run(&self, program: &Path, folder: &Path, argument: Option<&str>) -> Output {
        self.run_with(program, folder, argument, "Other-\"1\"-\\pass'word$(id)\n")
    }

    /// The same with other lines on its standard input.
    fn run_with(
        &self,
        program: &Path,
        folder: &Path,
        argument: Option<&str>,
        lines: &str,
    ) -> Output {
        let is_python = program.extension().is_some_and(|ending| ending == "py");
        let runner = if is_python { self.python.clone() } else { "bash".into() };
        let mut process = Command::new(runner)
            .arg(program)
            .args(argument)
            .current_dir(folder)
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_ACCESS_KEY_ID", "dummy")
            .env("AWS_SECRET_ACCESS_KEY", "dummy")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that asks for nothing does not read it.
        let _ = process.stdin.take().unwrap().write_all(lines.as_bytes());
        process.wait_with_output().unwrap()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn skipped(why: &str, test: &str) {
    let line = format!("skipped: emulator::{test}: {why}");
    println!("{line}");
    if let Some(log) = std::env::var_os("TRAILWARDEN_SKIP_LOG") {
        let mut log = fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        writeln!(log, "{line}").unwrap();
    }
}

fn has_cli() -> bool {
    Command::new("aws").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The plan of a subject, not too old to be run for a while.
fn plan(id: &str, subject: &Subject) -> Plan {
    let mut subject = subject.clone();
    // The year 2999: this plan is run whenever the test is.
    subject.cutoff = Timestamp::from_seconds(32_472_144_000);
    let draft = remedy::find(id).unwrap().draft(&subject).unwrap();
    Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft])
}

/// What the emulator should make for a subject.
fn world(subject: &Subject) -> Value {
    let mut wanted = Map::new();
    if let Some(principal) = &subject.principal {
        let resource = principal.arn.splitn(6, ':').nth(5).unwrap();
        let path = resource.strip_suffix(&principal.name).unwrap();
        let path = path.trim_start_matches(|c| c != '/');
        wanted.insert("kind".to_owned(), principal.kind.word().into());
        wanted.insert("name".to_owned(), principal.name.as_str().into());
        wanted.insert("path".to_owned(), path.into());
    }
    let mut keys: Map<String, Value> = Map::new();
    for (id, key) in subject.keys.iter().flatten() {
        keys.insert(id.clone(), key.is_active.into());
    }
    if keys.is_empty() {
        keys.extend(subject.access_key.iter().map(|id| (id.clone(), true.into())));
    }
    wanted.insert("keys".to_owned(), keys.into());
    wanted.insert("inline".to_owned(), json!(subject.inline.clone().unwrap_or_default()));
    wanted.insert("group".to_owned(), json!(subject.group));
    wanted.insert("trust".to_owned(), json!(subject.trust.is()));
    wanted.insert("boundary".to_owned(), json!(subject.boundary.is()));
    wanted.insert("passwords".to_owned(), json!(subject.password_policy.is()));
    wanted.insert("provider".to_owned(), json!(subject.provider));
    let mut policies = Map::new();
    let document = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }] });
    if let Known::Is(before) = &subject.before
        && before.starts_with("arn:")
    {
        policies.insert(before.clone(), json!([document.to_string()]));
    }
    match &subject.policy {
        Some(Policy::Managed { arn, .. }) if arn.contains(":iam::aws:") => {
            wanted.insert("attached".to_owned(), json!([arn]));
        }
        Some(Policy::Managed { arn, versions, default, .. }) => {
            // The emulator counts versions from one.
            let count = default.as_ref().unwrap()[1..].parse::<usize>().unwrap();
            let mut documents = vec![document.to_string(); count];
            for (at, (_, text)) in versions.iter().rev().enumerate() {
                if let Some(text) = text {
                    documents[count - 1 - at].clone_from(text);
                }
            }
            policies.insert(arn.clone(), json!(documents));
        }
        Some(Policy::Inline(_)) | None => {}
    }
    wanted.insert("policies".to_owned(), policies.into());
    if let Known::Is(trail) = &subject.trail {
        let trail = json!({ "name": trail.name, "bucket": trail.bucket, "validated": trail.is_validated,
            "multi": trail.is_multi_region, "global": trail.has_global_events,
            "selectors": trail.selectors.is() });
        wanted.insert("trail".to_owned(), trail);
    }
    if let Some(bucket) = &subject.bucket
        && let Known::Is(policy) = &bucket.policy
    {
        wanted.insert("bucket".to_owned(), json!(bucket.name));
        wanted.insert("bucket_policy".to_owned(), json!(policy));
    }
    Value::Object(wanted)
}

/// A folder of this test for one plan.
fn folder(id: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("remedy-{id}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Applies and takes back by one program; returns the state in between.
fn there_and_back(emulator: &mut Emulator, plan: &Plan, world: &Value, program: &Path) -> Value {
    emulator.ask(&json!({ "make": world }));
    let folder = program.parent().unwrap();
    let before = emulator.state();
    let is_python = program.extension().is_some_and(|ending| ending == "py");
    let place = program.display();
    if is_python {
        let output = emulator.run(program, folder, None);
        assert!(output.status.success(), "{place}: {}", said(&output));
        assert_eq!(emulator.state(), before, "{place}: a dry run changes nothing");
    }
    let apply = is_python.then_some("--apply");
    let output = emulator.run(program, folder, apply);
    assert!(output.status.success(), "{place}: {}", said(&output));
    let between = emulator.state();
    // A reset password does not show.
    let is_seen = plan.steps.iter().any(|step| step.operation != "UpdateLoginProfile");
    assert!(!is_seen || between != before, "{place}: nothing changed");
    let output = emulator.run(program, folder, apply);
    assert!(output.status.success(), "{place} again: {}", said(&output));
    assert_eq!(emulator.state(), between, "{place}: a second run changes nothing");
    let output = emulator.run(program, folder, Some("--undo"));
    assert_eq!(output.status.success(), !plan.is_irreversible(), "{place}: {}", said(&output));
    if !plan.is_irreversible() {
        assert_eq!(emulator.state(), before, "{place}: not as before");
    }
    between
}

#[test]
fn programs_change_the_same_and_take_it_back() {
    let Some(mut emulator) = Emulator::start("programs_change_the_same_and_take_it_back") else {
        return;
    };
    let has_cli = has_cli();
    if !has_cli {
        skipped("there is no `aws`", "programs_change_the_same_and_take_it_back");
    }
    let examples =
        remedies::ALL.iter().map(|remedy| (remedy.id, remedy.id, remedy.example().unwrap()));
    for (name, id, subject) in examples.chain(more()) {
        let (plan, world, folder) = (plan(id, &subject), world(&subject), folder(name));
        let program = folder.join("plan.py");
        fs::write(&program, render::boto3(&plan)).unwrap();
        let between = there_and_back(&mut emulator, &plan, &world, &program);
        if has_cli && BY_CLI.contains(&name) {
            let program = folder.join("plan.sh");
            fs::write(&program, render::cli(&plan)).unwrap();
            let by_cli = there_and_back(&mut emulator, &plan, &world, &program);
            assert_eq!(by_cli, between, "{name}: the AWS CLI does something else than boto3");
        }
    }
}

/// Plans that no example makes: a name for the case, the remedy, and the subject.
fn more() -> Vec<(&'static str, &'static str, Subject)> {
    let statement =
        |sid: &str| json!({ "Sid": sid, "Effect": "Allow", "Action": "s3:*", "Resource": "*" });
    let wide = json!({ "Version": "2012-10-17", "Statement": [statement("a"), statement("b")] });
    let mut managed = remedy::find("restore-policy-version").unwrap().example().unwrap();
    managed.policy = Some(Policy::Managed {
        arn: "arn:aws:iam::111122223333:policy/team/deploy".to_owned(),
        default: Some("v2".to_owned()),
        versions: vec![("v1".to_owned(), None), ("v2".to_owned(), Some(wide.to_string()))],
        version_before: None,
    });
    managed.statements = [1].into();
    let mut full = remedy::find("attach-quarantine-policy").unwrap().example().unwrap();
    full.principal =
        trailwarden_remedy::subject::Principal::of("arn:aws:iam::111122223333:role/app");
    full.inline = None;
    full.boundary = Known::Absent;
    full.trust = remedy::find("remove-trust").unwrap().example().unwrap().trust;
    vec![
        ("narrow-managed-policy", "narrow-policy", managed),
        ("quarantine-by-boundary", "attach-quarantine-policy", full),
    ]
}

#[test]
fn a_user_sets_mfa_up() {
    let Some(mut emulator) = Emulator::start("a_user_sets_mfa_up") else { return };
    if !has_cli() {
        skipped("there is no `aws`", "a_user_sets_mfa_up");
        return;
    }
    let subject = remedy::find("enable-mfa").unwrap().example().unwrap();
    emulator.ask(&json!({ "make": world(&subject) }));
    let folder = folder("enrolment");
    let program = folder.join("enrol.sh");
    fs::write(&program, render::enrolment(&subject).unwrap()).unwrap();
    // What is no code at all is asked for again, for the same device.
    let output = emulator.run_with(&program, &folder, None, "1\n2\n123456\n654321\n");
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("MFA is set up"), "{}", said(&output));
    let devices = &emulator.state()["devices"]["alice"];
    assert_eq!(devices.as_array().unwrap().len(), 1);
    let serial = devices[0]["SerialNumber"].as_str().unwrap();
    assert!(serial.starts_with("arn:aws:iam::111122223333:mfa/alice-"), "{serial}");
}

#[test]
fn a_program_stops_where_the_account_is_not_as_planned() {
    let Some(mut emulator) = Emulator::start("a_program_stops_where_the_account_is_not_as_planned")
    else {
        return;
    };
    let subject = remedy::find("deactivate-access-key").unwrap().example().unwrap();
    let plan = plan("deactivate-access-key", &subject);
    let folder = folder("drift");
    let mut changed = world(&subject);
    changed["keys"] = json!({ "AKIAEXAMPLEOFALICE02": true });
    emulator.ask(&json!({ "make": changed }));
    let before = emulator.state();
    for (name, text, argument) in
        [("plan.py", render::boto3(&plan), Some("--apply")), ("plan.sh", render::cli(&plan), None)]
    {
        fs::write(folder.join(name), text).unwrap();
        let output = emulator.run(&folder.join(name), &folder, argument);
        assert!(!output.status.success(), "{name}");
        assert!(said(&output).contains("not so: iam ListAccessKeys"), "{name}: {}", said(&output));
        assert_eq!(emulator.state(), before, "{name}");
    }
}
