//! Accounts that answer half: what did come is true and is there, what did not is unknown, and the command
//! ends with 3.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::account::SMALL;
use crate::fake::{Fake, Response};

/// What stands for a secret key. It must show up nowhere.
pub(crate) const SECRET: &str = "a-word-that-nobody-may-see";

/// What a run ended with.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.said)
    }

    /// The output on one line, however it is wrapped.
    pub(crate) fn words(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn json(&self) -> Value {
        assert!(!self.out.is_empty(), "{}", self.said);
        serde_json::from_str(&self.out).unwrap()
    }

    /// Verdicts of a check.
    pub(crate) fn verdicts(&self, check: &str) -> Vec<String> {
        let rows = self.json()["findings"].as_array().unwrap().clone();
        let of_check = rows.into_iter().filter(|row| row["check"] == check);
        of_check.map(|row| row["verdict"].as_str().unwrap().to_owned()).collect()
    }
}

pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Runs it against the fake; a line that begins with OFFLINE names no endpoint.
pub(crate) fn run(fake: &Fake, folder: &Path, line: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    match line.strip_prefix("OFFLINE ") {
        Some(line) => command.args(line.split_whitespace()),
        None => {
            let place = ["--region", "eu-west-1", "--endpoint-url", &fake.url];
            command.args(line.split_whitespace()).args(place)
        }
    };
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        // Patience is tested where time is none; here nobody waits for a second try.
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("AWS_ACCESS_KEY_ID", "dummy")
        .env("AWS_SECRET_ACCESS_KEY", SECRET);
    Run::of(command.output().unwrap())
}

#[test]
fn half_denied_the_other_half_is_judged() {
    let fake = Fake::new(|request, _| {
        Some(match request.operation.as_str() {
            "GetCredentialReport" | "DescribeTrails" | "ListTrails" => {
                Response::error(403, "AccessDenied")
            }
            _ => SMALL.answer(request),
        })
    });
    let folder = folder();
    let ran = run(&fake, folder.path(), "assess --depth core --json");
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(ran.verdicts("root-without-mfa"), ["fail"]);
    assert_eq!(ran.verdicts("user-is-administrator"), ["fail", "fail", "pass"]);
    assert_eq!(ran.verdicts("no-trail"), ["unknown"]);
    assert_eq!(ran.verdicts("console-user-without-mfa"), ["unknown"]);
    assert!(ran.out.contains("was denied"), "{}", ran.out);
}

#[test]
fn throttled_throughout_it_ends_and_says_so() {
    let fake = Fake::new(|request, _| {
        Some(match request.operation.as_str() {
            "GetAccountAuthorizationDetails" => Response::error(400, "Throttling"),
            _ => SMALL.answer(request),
        })
    });
    let folder = folder();
    let ran = run(&fake, folder.path(), "assess --depth core --json");
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(ran.verdicts("root-without-mfa"), ["fail"]);
    assert_eq!(ran.verdicts("user-is-administrator"), ["unknown"]);
    assert!(ran.said.contains("were throttled"), "{}", ran.said);
}

/// From the ninth call on nobody answers any more.
#[test]
fn a_connection_that_dies_midway_leaves_what_came() {
    let fake = Fake::new(|request, number| (number <= 8).then(|| SMALL.answer(request)));
    let folder = folder();
    let ran = run(&fake, folder.path(), "assess --depth core --json --save half.twb");
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(ran.verdicts("root-without-mfa"), ["fail"]);
    assert_eq!(ran.verdicts("user-is-administrator"), ["fail", "fail", "pass"]);
    assert_eq!(ran.verdicts("no-trail"), ["unknown"]);
    // Whoever reads the file later learns no more than was said.
    let later = run(&fake, folder.path(), "OFFLINE assess --baseline half.twb --json");
    assert_eq!((later.code, later.json()), (3, ran.json()));
}

#[test]
fn credentials_that_end_midway_leave_what_came() {
    let fake = Fake::new(|request, number| {
        Some(match number {
            ..=6 => SMALL.answer(request),
            _ => Response::error(403, "ExpiredToken"),
        })
    });
    let folder = folder();
    let told = run(&fake, folder.path(), "baseline --output half.twb --json");
    assert_eq!(told.code, 3, "{}", told.said);
    let why = told.json()["accounts"][0]["unanswered"].to_string();
    assert!(why.contains("ExpiredToken") && !told.all().contains(SECRET), "{why}");
    let ran = run(&fake, folder.path(), "OFFLINE assess --baseline half.twb --json");
    assert_eq!(ran.verdicts("root-without-mfa"), ["fail"]);
    assert_eq!(ran.verdicts("no-trail"), ["unknown"]);
}

/// Details that stop after the first page: who is seen is judged, and nobody says that these are all.
#[test]
fn pages_that_stop_coming_are_told() {
    let fake = Fake::new(|request, _| {
        if request.operation == "GetAccountAuthorizationDetails" {
            return Some(match request.body.contains("Marker=") {
                true => Response::error(403, "AccessDenied"),
                false => {
                    let whole = SMALL.answer(request);
                    whole.replaced(
                        "<IsTruncated>false</IsTruncated>",
                        "<IsTruncated>true</IsTruncated><Marker>m</Marker>",
                    )
                }
            });
        }
        Some(SMALL.answer(request))
    });
    let folder = folder();
    let ran = run(&fake, folder.path(), "assess --depth core --json");
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(ran.verdicts("user-is-administrator"), ["unknown"]);
    assert!(ran.out.contains("ended before its last page"), "{}", ran.out);
}

#[test]
fn nobody_there_and_no_credentials_are_errors_that_say_what_to_do() {
    let fake = Fake::new(|_, _| Some(Response::error(403, "InvalidClientTokenId")));
    let folder = folder();
    let ran = run(&fake, folder.path(), "assess");
    assert!(ran.code == 2 && ran.out.is_empty(), "{}", ran.all());
    let ran = run(&fake, folder.path(), "OFFLINE assess");
    assert!(ran.code == 2 && ran.said.contains("--region"), "{}", ran.said);
    assert!(!ran.all().contains(SECRET));
}
