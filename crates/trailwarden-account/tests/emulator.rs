//! The model after a replay equals a baseline taken at that time: against an emulator of IAM.
//!
//! A driver (`emulator/drive.py`) makes random calls to the emulator, writes the record of each as
//! CloudTrail would, and saves what the emulator says of itself at several moments. Here the records
//! are folded, once from nothing and once from the first of these baselines, and compared with each
//! later one: no contradiction, no gap, nothing unknown that the baseline knows.
//!
//! The emulator is not part of the repository. `cargo xtask test` installs it and names its Python
//! in `TRAILWARDEN_TEST_EMULATOR`; without it the test says that it was skipped.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use trailwarden_account::baseline::{
    account_summary, authorization_details, credential_report, password_policy,
};
use trailwarden_account::entry::order_of;
use trailwarden_account::state::State;
use trailwarden_account::timeline::Limits;
use trailwarden_account::{Baseline, Model, Timelines};
use trailwarden_model::{AccountId, Outcome, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::row::{Order, Place};

const EMULATOR: &str = "TRAILWARDEN_TEST_EMULATOR";
const SEEDS: [u64; 3] = [1, 2, 3];
const CALLS: usize = 200;

/// A moment at which the emulator was asked.
#[derive(Deserialize)]
struct Cut {
    folder: String,
    records: usize,
    taken: String,
}

/// What the emulator said at a moment.
struct Told {
    taken: Timestamp,
    records: usize,
    baseline: Baseline,
    state: State,
    /// What no baseline brings.
    others: State,
}

/// One run of the driver.
struct Run {
    seed: u64,
    account: AccountId,
    events: Vec<(Order, Event)>,
    /// The same, but that CloudTrail left out the parameters of some calls that carry a document.
    short_events: Vec<(Order, Event)>,
    told: Vec<Told>,
}

/// What a history must know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knows {
    /// All that the emulator tells.
    All,
    /// All that a baseline tells.
    Baselines,
    /// Nothing, but what it says must be so.
    Whatever,
}

/// The emulator's Python; says so where there is none.
fn emulator(test: &str) -> Option<OsString> {
    trailwarden_testkit::skip::variable(&format!("emulator::{test}"), EMULATOR)
}

impl Run {
    fn new(python: &OsString, seed: u64, more: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("emulator-{seed}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emulator/drive.py");
        let output = Command::new(python)
            // Leaves no byte code beside the scripts.
            .arg("-B")
            .arg(script)
            .args(["--cuts", "5", "--seed", &seed.to_string(), "--calls", &CALLS.to_string()])
            .args(more)
            .arg("--output")
            .arg(&folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the driver failed with seed {seed}:\n{said}");
        Self::read(seed, &folder)
    }

    fn read(seed: u64, folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("records.ndjson")).unwrap();
        let decode = |line: &str| {
            let event = Event::decode(line.as_bytes()).unwrap();
            (order_of(&event), event)
        };
        let events = text.lines().map(decode).collect();
        let short_events = text.lines().enumerate();
        let short_events = short_events.map(|(at, line)| decode(&shortened(at, line))).collect();
        let cuts: Vec<Cut> =
            serde_json::from_slice(&fs::read(folder.join("cuts.json")).unwrap()).unwrap();
        let told: Vec<Told> =
            cuts.iter().map(|cut| Told::read(cut, &folder.join(&cut.folder))).collect();
        Self { seed, account: told[0].baseline.account(), events, short_events, told }
    }

    /// Folds records in the order in which they are handed over.
    fn replay(
        &self,
        baselines: &[Baseline],
        events: &[(Order, Event)],
        order: &[usize],
    ) -> Timelines {
        let mut timelines =
            Timelines::new(baselines, Limits { checkpoint_every: 16, ..Limits::default() });
        for &at in order {
            let (order, event) = &events[at];
            timelines.push(event, *order, Place { file: 0, record: at as u32 });
        }
        timelines
    }

    /// Where a history and the emulator disagree, from one of the moments on.
    fn faults(&self, timelines: &mut Timelines, from: usize, knows: Knows) -> Vec<String> {
        let mut faults = Vec::new();
        for told in self.told.iter().skip(from) {
            let models = timelines.at(told.taken);
            let model = models.get(self.account).unwrap();
            let here = model.state();
            let mut fault = |what: String| {
                faults.push(format!("seed {}, after {} records: {what}", self.seed, told.records));
            };
            for there in [&told.state, &told.others] {
                here.differences(there).iter().for_each(|found| fault(format!("{found:?}")));
            }
            model.gaps().iter().for_each(|gap| fault(format!("{gap:?}")));
            let state = told.state.values.iter().filter(|_| knows != Knows::Whatever);
            let others = told.others.values.iter().filter(|_| knows == Knows::All);
            let unknown = state.chain(others).filter(|(key, value)| {
                // An alias or password policy that was never set is in no record.
                let is_unset = key.0 == "account" && ["", "None"].contains(&value.as_str());
                !here.values.contains_key(*key) && !is_unset
            });
            unknown.for_each(|(key, value)| fault(format!("not known: {key:?} = {value}")));
        }
        faults
    }
}

impl Told {
    fn read(cut: &Cut, folder: &Path) -> Self {
        let read = |name: &str| fs::read(folder.join(name)).ok();
        let taken = Timestamp::parse(&cut.taken).unwrap();
        let details = authorization_details(&read("details.json").unwrap()).unwrap();
        let rules = read("password.json").map(|json| password_policy(&json).unwrap());
        let baseline = details
            .with_summary(account_summary(&read("summary.json").unwrap()).unwrap())
            .with_password_policy(rules)
            .with_report(credential_report(&read("report.csv").unwrap()).unwrap())
            .taken_at(taken);
        let state = Model::from_baseline(&baseline).state();
        let others = others(&read("others.json").unwrap());
        Self { taken, records: cut.records, baseline, state, others }
    }
}

/// Rows of subject, field, item and value, which are all that there is of their kinds.
fn others(json: &[u8]) -> State {
    let rows: Vec<(String, String, String, String)> = serde_json::from_slice(json).unwrap();
    let fields = [
        "exists",
        "key",
        "mfa",
        "session",
        "role",
        "client",
        "thumbprints",
        "metadata",
        "tag",
        "alias",
    ];
    let mut state = State {
        listed: BTreeSet::from(["user", "role", "policy", "instance-profile", "provider"]),
        ..State::default()
    };
    for (subject, field, item, value) in rows {
        let field = *fields.iter().find(|known| **known == field).unwrap();
        state.values.insert((subject.clone(), "exists", String::new()), String::new());
        state.values.insert((subject.clone(), field, item), value);
        for field in ["key", "mfa"].iter().filter(|_| subject.starts_with("user/")) {
            state.complete.insert((subject.clone(), field));
        }
        let is_tagged = subject.contains(":oidc-provider/") || subject.starts_with("policy/");
        for field in ["client", "tag"].iter().filter(|_| is_tagged) {
            state.complete.insert((subject.clone(), field));
        }
    }
    state
}

#[test]
fn the_model_after_a_replay_equals_a_baseline_taken_at_that_time() {
    let test = "the_model_after_a_replay_equals_a_baseline_taken_at_that_time";
    let Some(python) = emulator(test) else { return };
    for seed in SEEDS {
        let run = Run::new(&python, seed, &[]);
        let changes: usize =
            run.events.iter().filter(|(_, event)| event.call.info().is_some()).count();
        assert!(changes > CALLS / 2, "{changes} of {CALLS} calls change something");
        let all: Vec<usize> = (0..run.events.len()).collect();

        let mut from_nothing = run.replay(&[], &run.events, &all);
        assert_eq!(run.faults(&mut from_nothing, 0, Knows::All), Vec::<String>::new());
        let first = [run.told[0].baseline.clone()];
        let mut from_baseline = run.replay(&first, &run.events, &all);
        assert_eq!(run.faults(&mut from_baseline, 1, Knows::Baselines), Vec::<String>::new());

        // The same records late, and some of them twice.
        let late: Vec<usize> = all.iter().rev().chain(all.iter().step_by(3)).copied().collect();
        let mut arrived_late = run.replay(&[], &run.events, &late);
        for told in &run.told {
            assert_eq!(arrived_late.at(told.taken), from_nothing.at(told.taken), "seed {seed}");
        }
        what_is_not_seen_is_not_claimed(&run, &all);
        the_comparison_notices_what_is_missing(&run);
    }
}

/// Where the records of a second fit two stories, neither is told for certain.
#[test]
fn what_one_second_hides_is_not_claimed() {
    let Some(python) = emulator("what_one_second_hides_is_not_claimed") else { return };
    let run = Run::new(&python, SEEDS.len() as u64 + 1, &["--swaps"]);
    let all: Vec<usize> = (0..run.events.len()).collect();
    for baselines in [&[][..], &[run.told[0].baseline.clone()]] {
        let mut timelines = run.replay(baselines, &run.events, &all);
        assert_eq!(run.faults(&mut timelines, 1, Knows::Whatever), Vec::<String>::new());
    }
    what_is_not_seen_is_not_claimed(&run, &all);
}

/// A trail that began late, or that lacks parameters, makes the model know less and nothing wrong.
fn what_is_not_seen_is_not_claimed(run: &Run, all: &[usize]) {
    for (at, told) in run.told.iter().enumerate() {
        let mut began_late = run.replay(&[], &run.events, &all[told.records..]);
        let faults = run.faults(&mut began_late, at + 1, Knows::Whatever);
        assert_eq!(faults, Vec::<String>::new(), "from record {}", told.records);
    }
    for baselines in [&[][..], &[run.told[0].baseline.clone()]] {
        let mut lacks_parameters = run.replay(baselines, &run.short_events, all);
        let faults = run.faults(&mut lacks_parameters, 1, Knows::Whatever);
        assert_eq!(faults, Vec::<String>::new(), "{} baselines", baselines.len());
    }
}

/// What CloudTrail writes when the parameters are too large, for some calls that carry a document.
fn shortened(at: usize, line: &str) -> String {
    let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
    let request = &record["requestParameters"];
    let documents = ["policyDocument", "assumeRolePolicyDocument", "sAMLMetadataDocument"];
    if at.is_multiple_of(3) && documents.iter().any(|name| request.get(name).is_some()) {
        record["requestParameters"] = serde_json::json!(
            {"omitted": true, "originalSize": 131_000, "reason": "requestParameters too large"}
        );
    }
    record.to_string()
}

/// A record that is left out shows, unless a later call does the same again.
fn the_comparison_notices_what_is_missing(run: &Run) {
    let (mut tried, mut missed) = (0, Vec::new());
    for without in (0..run.events.len()).step_by(7) {
        let event = &run.events[without].1;
        let is_change = event.call.info().is_some() && event.outcome == Outcome::Succeeded;
        if !is_change {
            continue;
        }
        let order: Vec<usize> = (0..run.events.len()).filter(|at| *at != without).collect();
        tried += 1;
        if run.faults(&mut run.replay(&[], &run.events, &order), 0, Knows::All).is_empty() {
            missed.push(event.event_name.clone());
        }
    }
    assert!(missed.len() * 3 < tried, "{} of {tried} do not show: {missed:?}", missed.len());
}
