//! A quarantined key is refused, and works again after the undo: on an emulator that asks who may do what.

use serde_json::{Value, json};
use trailwarden_remedy::remedy;
use trailwarden_remedy::subject::{Key, Principal};

use crate::emulator::Emulator;
use crate::support::{folder, plan, put, run_as};

const MINISTACK: &str = "TRAILWARDEN_TEST_MINISTACK";
const ACCOUNT: &str = "111122223333";

/// Applies a plan about the user's key and takes it back; what the key's holder was told in between.
fn while_applied(emulator: &mut Emulator, id: &str) -> Value {
    let key = emulator.ask(&json!({ "key": true }));
    let key = key.as_str().unwrap();
    let mut subject = remedy::find(id).unwrap().example().unwrap();
    subject.principal = Principal::of("arn:aws:iam::111122223333:user/staff/alice");
    subject.access_key = Some(key.to_owned());
    let active = Key { is_active: true, ..Key::default() };
    subject.keys = Some([(key.to_owned(), active)].into());
    let plan = plan(id, &subject);
    let folder = folder();
    put(folder.path(), "plan.json", &plan);
    let before = emulator.ask(&json!({ "tell": true }));
    assert_eq!(emulator.ask(&json!({ "may": true })), "yes", "{id}");

    let flags = format!("--yes --json --quiet --endpoint-url {}", emulator.url);
    let ran = run_as(
        folder.path(),
        &format!("remediate apply plan.json --trust-preview {flags}"),
        ACCOUNT,
    );
    assert_eq!(ran.code, 0, "{id}: {ran:?}");
    let run = ran.run()["run"].as_str().unwrap().to_owned();
    let told = emulator.ask(&json!({ "may": true }));

    let ran = run_as(folder.path(), &format!("remediate undo {run} {flags}"), ACCOUNT);
    assert_eq!(ran.code, 0, "{id}: {ran:?}");
    assert_eq!(emulator.ask(&json!({ "may": true })), "yes", "{id}: it works again");
    assert_eq!(emulator.ask(&json!({ "tell": true })), before, "{id}: not as before");
    told
}

#[test]
fn a_quarantined_key_is_refused_and_works_again_after_the_undo() {
    let test = "a_quarantined_key_is_refused_and_works_again_after_the_undo";
    let script = "tests/apply/ministack.py";
    let Some(mut emulator) = Emulator::start(MINISTACK, script, test) else { return };
    for id in ["deactivate-access-key", "attach-quarantine-policy"] {
        let told = while_applied(&mut emulator, id);
        assert_ne!(told, "yes", "{id}: the key is refused");
    }
}
