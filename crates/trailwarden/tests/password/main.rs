//! `trailwarden password check`, with the real binary: by files, and by what AWS says.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "../live/fake.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod fake;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::fake::{Fake, Response, result};

const ACCOUNT: &str = "111122223333";
/// A password that no part of an output may show.
const WORD: &str = "unspoken-word";

struct Ran {
    code: i32,
    out: String,
    said: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }

    fn rules(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let broken = self.json()["broken"].as_array().unwrap().clone();
        broken.iter().map(|one| (text(&one["policy"]), text(&one["rule"]))).collect()
    }
}

/// Runs it with a password on standard input.
fn run(folder: &Path, line: &str, password: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    command
        .args(["password", "check"])
        .args(line.split_whitespace())
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("AWS_ACCESS_KEY_ID", "dummy")
        .env("AWS_SECRET_ACCESS_KEY", "dummy")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    // It does not read on when the policy is not known.
    let _ = process.stdin.take().unwrap().write_all(password.as_bytes());
    let output = process.wait_with_output().unwrap();
    let ran = Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        said: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!ran.out.contains(WORD) && !ran.said.contains(WORD), "{}{}", ran.out, ran.said);
    ran
}

/// A folder with a password policy in it, as the AWS CLI printed it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let policy = json!({ "PasswordPolicy": { "MinimumPasswordLength": 12, "RequireSymbols": true,
        "RequireNumbers": true, "RequireUppercaseCharacters": false, "RequireLowercaseCharacters": true,
        "AllowUsersToChangePassword": true, "ExpirePasswords": false, "PasswordReusePrevention": 5 } });
    std::fs::write(folder.path().join("policy.json"), policy.to_string()).unwrap();
    // No baseline is without these.
    let details = json!({ "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [],
        "Policies": [] });
    std::fs::write(folder.path().join("details.json"), details.to_string()).unwrap();
    folder
}

const POLICY: &str = "--baseline 111122223333=policy.json 111122223333=details.json";

#[test]
fn rules_that_a_password_breaks_are_named_and_the_password_is_not() {
    let folder = folder();
    let ran = run(folder.path(), POLICY, &format!("{WORD}\n"));
    assert_eq!(ran.code, 1, "{}", ran.said);
    expect_test::expect![[r#"
        The policy of account 111122223333 does not take it:
          - it must have a digit, 0 to 9 (RequireNumbers)
        Not checked: It must be none of the user's last 5 passwords.
    "#]]
    .assert_eq(&ran.out);
    let ran = run(folder.path(), POLICY, &format!("{WORD}-7\r\n"));
    assert_eq!(ran.code, 0, "{}", ran.said);
    expect_test::expect![[r#"
        The policy of account 111122223333 takes it.
        Not checked: It must be none of the user's last 5 passwords.
    "#]]
    .assert_eq(&ran.out);
}

/// The stricter of each rule is what the plan would set.
#[test]
fn the_target_asks_for_more() {
    let folder = folder();
    let line = format!("{POLICY} --json");
    let ran = run(folder.path(), &line, "abc-1xyzabcd");
    assert_eq!((ran.code, ran.rules()), (0, vec![]), "{}", ran.said);
    let ran = run(folder.path(), &format!("{line} --target"), "abc-1xyzabcd");
    let named = |rule: &str| ("target".to_owned(), rule.to_owned());
    let both = vec![named("MinimumPasswordLength"), named("RequireUppercaseCharacters")];
    assert_eq!((ran.code, ran.rules()), (1, both), "{}", ran.said);
    let words = run(folder.path(), &format!("{POLICY} --target"), "abc-1xyzabcd").out;
    assert!(words.starts_with("The policy of account 111122223333 takes it, but:\n"), "{words}");
    let schema = Command::new(env!("CARGO_BIN_EXE_trailwarden"))
        .args(["generate", "schema", "password"])
        .output()
        .unwrap();
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&ran.json()), "{}", ran.out);
    assert!(!validator.is_valid(&json!({ "schema": "trailwarden.password/1" })), "it can fail");
}

#[test]
fn a_policy_that_is_not_known_is_no_pass() {
    let folder = folder();
    let line = "--baseline 111122223333=details.json";
    let ran = run(folder.path(), line, WORD);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.said.contains("does not tell the password policy"), "{}", ran.said);
    let ran = run(folder.path(), POLICY, "\n");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.said.contains("no password on standard input"), "{}", ran.said);
}

/// A password in an argument is a mistake that is not read as one.
#[test]
fn a_password_is_no_argument() {
    let folder = folder();
    let output = Command::new(env!("CARGO_BIN_EXE_trailwarden"))
        .args(["password", "check", "some-word", "--baseline", "111122223333=policy.json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// What AWS says of its password policy.
fn asked(policy: fn() -> Response, password: &str) -> Ran {
    let fake = Fake::new(move |request, _| {
        Some(match request.operation.as_str() {
            "GetCallerIdentity" => result(
                "GetCallerIdentity",
                &format!(
                    "<Arn>arn:aws:iam::{ACCOUNT}:user/u</Arn><UserId>x</UserId><Account>{ACCOUNT}</Account>"
                ),
            ),
            "GetAccountPasswordPolicy" => policy(),
            _ => Response::nothing(),
        })
    });
    let folder = folder();
    let place = format!("--region eu-west-1 --endpoint-url {} --json", fake.url);
    run(folder.path(), &place, password)
}

#[test]
fn aws_is_asked_where_no_baseline_is_given() {
    let policy = || {
        result(
            "GetAccountPasswordPolicy",
            "<PasswordPolicy><MinimumPasswordLength>9</MinimumPasswordLength>\
             <RequireSymbols>true</RequireSymbols></PasswordPolicy>",
        )
    };
    let ran = asked(policy, "abcdefgh");
    let named = |rule: &str| ("present".to_owned(), rule.to_owned());
    let both = vec![named("MinimumPasswordLength"), named("RequireSymbols")];
    assert_eq!((ran.code, ran.rules()), (1, both), "{}", ran.said);
    assert_eq!(ran.json()["account"], ACCOUNT);
    // No policy is one too (IAM User Guide, "Set an account password policy for IAM users").
    let none = || Response::error(404, "NoSuchEntity");
    assert_eq!(asked(none, "Abcdefg1").code, 0);
    assert_eq!(asked(none, "abcdefgh").rules(), [named("default")]);
    let denied = || Response::error(403, "AccessDenied");
    let ran = asked(denied, "Abcdefg1");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.said.contains("the password policy is not known"), "{}", ran.said);
}
