//! Trails with names that want to be more than names, and the binary.

use serde_json::Value;
use trailwarden_testkit::trailwarden;

/// A committed trail, renamed.
pub(crate) struct Trail {
    pub(crate) path: String,
    /// Whose story there is to tell.
    pub(crate) who: &'static str,
    _folder: tempfile::TempDir,
}

/// Who and what is renamed in either trail.
const EFFECT: [&str; 4] = ["deniz", "builders", "nightly-maintenance", "ShipFunctions"];
const LEAK: [&str; 4] = ["pavel", "svc-metrics", "backup-operator", "breakglass"];

impl Trail {
    /// Both trails. In the first the names stand behind what was there, in the second alone.
    pub(crate) fn all(names: [&str; 4]) -> [Self; 2] {
        let mut effect = Vec::new();
        for file in ["setup.json", "put-group-policy.json", "update-user.json"] {
            let text = read(&format!("examples/effect/{file}"));
            let whole: Value = serde_json::from_str(&text).unwrap();
            effect.extend(whole["Records"].as_array().unwrap().iter().cloned());
        }
        let lines = read("fixtures/trails/leaked-intern-key.ndjson");
        let leak = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let behind = EFFECT.into_iter().zip(names);
        let behind: Vec<_> = behind.map(|(word, name)| (word, format!("{word}{name}"))).collect();
        let alone: Vec<_> = LEAK.into_iter().zip(names.map(str::to_owned)).collect();
        [Self::of(effect, &behind, "192.0.2.18"), Self::of(leak, &alone, "AKIALJFKI44ODEXAMPLE")]
    }

    fn of(mut records: Vec<Value>, names: &[(&str, String)], who: &'static str) -> Self {
        for (record, (_, name)) in records.iter_mut().zip(names.iter().cycle()) {
            rename(record, names);
            record["userAgent"] = name.as_str().into();
            for (part, text) in [("userIdentity", "invokedBy"), ("errorCode", "")] {
                let place =
                    if text.is_empty() { &mut record[part] } else { &mut record[part][text] };
                if place.is_string() {
                    *place = name.as_str().into();
                }
            }
        }
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let path = folder.path().join("log.json");
        std::fs::write(&path, serde_json::json!({ "Records": records }).to_string()).unwrap();
        Self { path: path.to_str().unwrap().to_owned(), who, _folder: folder }
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Gives each of these words its name, in policies within strings too.
fn rename(value: &mut Value, names: &[(&str, String)]) {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(mut inner @ Value::Object(_)) => {
                rename(&mut inner, names);
                *text = inner.to_string();
            }
            _ => {
                for (word, name) in names {
                    *text = text.replace(word, name);
                }
            }
        },
        Value::Array(parts) => parts.iter_mut().for_each(|part| rename(part, names)),
        Value::Object(parts) => parts.values_mut().for_each(|part| rename(part, names)),
        _ => {}
    }
}

/// Runs the binary and returns what it wrote.
pub(crate) fn run(args: &[&str]) -> String {
    let output = trailwarden!(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 3)), "{args:?}: {said}");
    assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
