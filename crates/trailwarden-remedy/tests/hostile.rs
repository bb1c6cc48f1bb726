//! A name that a stranger chose stays a name in every rendering.
//!
//! The scripts are read by bash, by Python and by a parser of Terraform's language, and the words that
//! reach the AWS CLI are compared with the plan. What is not on the machine is skipped, and said.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "support/programs.rs"]
mod programs;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use hcl::eval::{Context, Evaluate as _};
use programs::has;
use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::{Plan, Subject, remedies, remedy, render};

/// Names that would act if they were anything but data.
const NAMES: &[&str] = &[
    "$(touch acted)`touch acted`;touch acted",
    "it's \"quoted\" \\ and $HOME ${aws:username} %{if true}",
    "-x --profile=evil",
    "file:///etc/passwd",
    "line\nDOCUMENT\ntouch acted\n'''\n\"\"\"",
    "\u{202e}nimda \u{1b}[31m \u{7f} é 😀 {{}} {UserName}",
    "*/#~!?[x]`",
];

/// Plans about things of a hostile name: documents, keys, a secret, selectors and more.
fn plans(name: &str) -> Vec<Plan> {
    let mut plans = Vec::new();
    for remedy in remedies::ALL {
        let mut subject = remedy.example().unwrap();
        spoil(&mut subject, name);
        let draft = remedy.draft(&subject).unwrap_or_else(|why| panic!("{remedy:?}: {why}"));
        let time = Timestamp::from_seconds(0);
        let effect = Foreseen { unknowns: vec![name.to_owned()], ..Foreseen::default() };
        let plan = Plan::from_drafts(subject.account, time, time, vec![draft]);
        plans.push(plan.foreseen(effect));
    }
    plans
}

/// Puts a name wherever a stranger might.
fn spoil(subject: &mut Subject, name: &str) {
    if let Some(principal) = &mut subject.principal {
        principal.arn = principal.arn.replace(&principal.name, name);
        principal.name = name.to_owned();
    }
    // Denials: a quarantine that allowed something would not be lifted.
    let statement = json!({ "Sid": name, "Effect": "Deny", name: name });
    let document = json!({ "Statement": [{ "Sid": name, "Effect": "Deny" }, statement] });
    let document = document.to_string();
    if let Some(inline) = &mut subject.inline {
        for text in inline.values_mut() {
            text.clone_from(&document);
        }
    }
    subject.group = subject.group.as_ref().map(|_| name.to_owned());
    // The year 2999: the scripts are run whenever the test is.
    subject.cutoff = Timestamp::from_seconds(32_472_144_000);
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("remedy-hostile-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a program with a text on its standard input; its output, if it succeeds.
fn fed(program: &str, arguments: &[&str], text: &str) -> Result<Vec<u8>, String> {
    let mut process = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = process.wait_with_output().unwrap();
    let _ = writer.join();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(output.stdout) } else { Err(said) }
}

#[test]
fn nothing_hides_in_a_rendering() {
    for name in NAMES {
        for plan in plans(name) {
            let renderings = [
                render::console(&plan),
                render::cli(&plan),
                render::boto3(&plan),
                render::terraform(&plan),
            ];
            for text in renderings {
                let hidden =
                    text.lines().find(|line| trailwarden_model::escape::visible(line) != *line);
                assert_eq!(hidden, None, "{name:?}");
            }
        }
    }
}

#[test]
fn bash_reads_every_script() {
    if !has("bash", "hostile::bash_reads_every_script") {
        return;
    }
    for name in NAMES {
        for plan in plans(name) {
            let script = render::cli(&plan);
            fed("bash", &["-n"], &script).unwrap_or_else(|error| panic!("{error}\n{script}"));
        }
        let mut subject = remedy::find("enable-mfa").unwrap().example().unwrap();
        spoil(&mut subject, name);
        let script = render::enrolment(&subject).unwrap();
        fed("bash", &["-n"], &script).unwrap_or_else(|error| panic!("{error}\n{script}"));
    }
}

/// The words that reach the AWS CLI are those of the plan, whatever is in them; and nothing acts.
#[test]
fn the_words_of_a_call_are_those_of_the_plan() {
    if !has("bash", "hostile::the_words_of_a_call_are_those_of_the_plan") {
        return;
    }
    let folder = folder("words");
    // Answers that all is as it should be, and writes down how it was asked.
    let text = r#"#!/usr/bin/env bash
if [[ "$1" == sts && "$*" == *'[Account, Arn]'* ]]; then printf '111122223333\tarn:aws:iam::111122223333:user/operator\n'; exit 0; fi
printf '%s\0' "$@" END >>"$WORDS"
while [[ $# -gt 0 ]]; do
  if [[ "$1" == --cli-input-json && "$2" == file://* ]]; then printf '%s\0' "$(cat "${2#file://}")" END >>"$WORDS"; fi
  shift
done
echo true
"#;
    // What compares documents finds them all the same.
    for (program, text) in [("aws", text), ("python3", "#!/usr/bin/env bash\nexit 0\n")] {
        fs::write(folder.join(program), text).unwrap();
        let only_ours = fs::Permissions::from_mode(0o700);
        fs::set_permissions(folder.join(program), only_ours).unwrap();
    }
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    for (at, name) in NAMES.iter().enumerate() {
        for id in ["attach-quarantine-policy", "remove-from-group", "reset-console-password"] {
            let mut subject = remedy::find(id).unwrap().example().unwrap();
            spoil(&mut subject, name);
            let draft = remedy::find(id).unwrap().draft(&subject).unwrap();
            let time = Timestamp::from_seconds(0);
            let plan = Plan::from_drafts(subject.account, time, time, vec![draft]);
            let words = folder.join(format!("{id}-{at}.words"));
            let script = folder.join("plan.sh");
            fs::write(&script, render::cli(&plan)).unwrap();
            let mut process = Command::new("bash")
                .arg(&script)
                .current_dir(&folder)
                .env("PATH", &path)
                .env("WORDS", &words)
                .env("TRAILWARDEN_STATE", folder.join(format!("{id}-{at}")))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let _ = process.stdin.take().unwrap().write_all(b"a\"b\\c'd$(touch acted)\n");
            assert!(process.wait().unwrap().success(), "{id} {name:?}");
            let words = fs::read(&words).unwrap();
            let words: Vec<String> = words
                .split(|byte| *byte == 0)
                .map(|word| String::from_utf8(word.to_vec()).unwrap())
                .collect();
            check_words(&words, id, name);
            assert!(!folder.join("acted").exists(), "{id} {name:?}");
        }
    }
}

/// Each call names the user exactly: as a word, behind a flag, or as a member of JSON.
fn check_words(words: &[String], id: &str, name: &str) {
    let mut named = 0;
    for (at, word) in words.iter().enumerate() {
        let value = match word.as_str() {
            "--user-name" => Some(words[at + 1].clone()),
            text if text.starts_with("--user-name=") => {
                text.strip_prefix("--user-name=").map(str::to_owned)
            }
            text if text.starts_with('{') && text.contains("\"UserName\"") => {
                let value: Value = serde_json::from_str(text)
                    .unwrap_or_else(|error| panic!("{id}: {error}: {text}"));
                if let Some(password) = value["Password"].as_str() {
                    assert_eq!(password, "a\"b\\c'd$(touch acted)");
                }
                value["UserName"].as_str().map(str::to_owned)
            }
            _ => None,
        };
        if let Some(value) = value {
            assert_eq!(value, name, "{id}");
            named += 1;
        }
    }
    assert!(named >= 3, "{id}: {words:?}");
}

/// The plan inside a program is the plan.
#[test]
fn python_reads_every_program() {
    if !has("python3", "hostile::python_reads_every_program") {
        return;
    }
    for name in NAMES {
        let mut programs = Vec::new();
        let mut bodies = Vec::new();
        for plan in plans(name) {
            programs.push(render::boto3(&plan));
            bodies.push(render::boto3::body(&plan));
        }
        let text = serde_json::to_string(&json!([programs, bodies])).unwrap();
        let check = "import ast, json, sys\nprograms, bodies = json.load(sys.stdin)\n[compile(text, 'plan.py', 'exec') for text in programs]\nprint(json.dumps([ast.literal_eval(text.removeprefix('PLAN = ')) for text in bodies]))";
        let told = fed("python3", &["-c", check], &text)
            .unwrap_or_else(|error| panic!("{name:?}: {error}"));
        let told: Vec<Value> = serde_json::from_slice(&told).unwrap();
        for (plan, told) in plans(name).iter().zip(told) {
            for (step, told) in plan.steps.iter().zip(told["steps"].as_array().unwrap()) {
                assert_eq!(told["call"]["input"], json!(step.input), "{name:?}");
            }
        }
    }
}

/// Names in a configuration are texts, in which Terraform puts in nothing.
#[test]
fn terraform_reads_every_configuration() {
    for name in NAMES {
        let mut named = 0;
        for plan in plans(name) {
            let text = render::terraform(&plan);
            let body = hcl::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let resources = body.blocks().filter(|block| block.identifier() == "resource");
            let arguments = resources.flat_map(|block| block.body().attributes());
            for user in arguments.filter(|argument| argument.key() == "user") {
                let user = user.expr().evaluate(&Context::new()).unwrap();
                assert_eq!(user.as_str(), Some(*name), "{text}");
                named += 1;
            }
        }
        assert!(named >= 2, "{name:?}: {named}");
    }
}
