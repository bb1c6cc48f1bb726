//! What is read of an emulator of AWS is what another client reads there, member by member.
//!
//! The emulators are not part of the repository. `cargo xtask test` installs them and names their Pythons
//! in variables; without one, its test says that it was skipped.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use trailwarden_account::snapshot::{Depth, Snapshot};
use trailwarden_account::{Kind, Model};
use trailwarden_aws::{Plan, collect};
use trailwarden_model::Timestamp;
use trailwarden_testkit::{Script, skip};

use crate::fake::connection;

/// Times in one spelling, but for those that the emulator makes up anew at each question.
fn same(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let told = members.iter().filter(|(name, _)| !name.starts_with("LatestDelivery"));
            Value::Object(told.map(|(name, value)| (name.clone(), same(value))).collect())
        }
        Value::Array(items) => items.iter().map(same).collect(),
        Value::String(text) => match Timestamp::parse(text) {
            Some(time) => time.to_string().into(),
            None => value.clone(),
        },
        // 1 and 1.0 are one number.
        Value::Number(number) => number.as_f64().map(Value::from).unwrap_or_default(),
        other => other.clone(),
    }
}

/// A baseline of what a script serves, which another client reads alike; None where the emulator is not
/// installed.
fn baseline_of(test: &str, variable: &str, script: &str) -> Option<Snapshot> {
    let python = skip::variable(&format!("asking::emulator::{test}"), variable)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asking").join(script);
    let mut server = Script::start(python, &script, &[]);
    let told: Value = serde_json::from_str(&server.line()).unwrap();
    let connection = connection(&format!("http://127.0.0.1:{}", told["port"]));
    let snapshot =
        collect(&connection, Plan { depth: Depth::Full, last_access: false }, &mut |_| {}).unwrap();
    drop(server);

    let mut differing = Vec::new();
    for said in told["said"].as_array().unwrap() {
        let api = said["api"].as_str().unwrap();
        let about: BTreeMap<String, String> =
            serde_json::from_value(said["about"].clone()).unwrap();
        let answer = snapshot.answers(api).find(|answer| answer.about == about);
        let ours = answer.and_then(|answer| answer.body()).map(same);
        if ours.as_ref() != Some(&same(&said["body"])) {
            differing
                .push(format!("{api} {about:?}\n  theirs {}\n  ours   {answer:?}", said["body"]));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    Some(snapshot)
}

#[test]
fn an_emulator_says_the_same_to_another_client() {
    let test = "an_emulator_says_the_same_to_another_client";
    let Some(snapshot) = baseline_of(test, "TRAILWARDEN_TEST_EMULATOR", "serve.py") else { return };
    let model = Model::from_baseline(&snapshot.baseline().unwrap());
    assert!(model.find(Kind::User, "b+b=x").is_some());
}

#[test]
fn a_second_emulator_says_the_same_to_another_client() {
    let test = "a_second_emulator_says_the_same_to_another_client";
    let script = "ministack/serve.py";
    let Some(snapshot) = baseline_of(test, "TRAILWARDEN_TEST_MINISTACK", script) else { return };
    let model = Model::from_baseline(&snapshot.baseline().unwrap());
    assert!(model.find(Kind::User, "bob").is_some());
    let report = snapshot.answers("iam:GetCredentialReport").find_map(|answer| answer.body());
    let content = STANDARD.decode(report.unwrap()["Content"].as_str().unwrap()).unwrap();
    assert!(String::from_utf8(content).unwrap().contains("<root_account>"));
}
