//! Late records, duplicates, panics, and memory that runs out.

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use proptest::prelude::*;
use serde_json::Value;
use trailwarden_detect::conclude::{Records, Sources};
use trailwarden_detect::detection::{Logic, Needs, Reads, Select, Sequence, Step};
use trailwarden_detect::detections::ALL;
use trailwarden_detect::ledger::{Entry, Ledger, Taken};
use trailwarden_detect::matches::{Match, Story};
use trailwarden_detect::watch::{Fire, Watch};
use trailwarden_detect::{Detection, Engine, Settings, reference, trail};
use trailwarden_model::finding::Kind;
use trailwarden_model::{Confidence, Finding, Severity};
use trailwarden_record::row::{Actions, Flags, Place};
use trailwarden_record::{Event, Row, Skim};

/// A month in which much happens: record by record, in windows, in sequences, for the first time.
const MONTH: &str = r#"
    alice s3:ListBuckets ip=192.0.2.1
    +1d alice iam:ListUsers ip=192.0.2.1
    +9d alice s3:ListBuckets ip=192.0.2.1
    +6d mallory sts:GetCallerIdentity ip=203.0.113.9
    +1m mallory iam:ListUsers ip=203.0.113.9
    +0s mallory iam:ListRoles ip=203.0.113.9
    +0s mallory iam:ListGroups ip=203.0.113.9
    +1s mallory iam:ListPolicies ip=203.0.113.9
    +1s mallory iam:GetAccountSummary ip=203.0.113.9
    +1s mallory iam:GetAccountAuthorizationDetails ip=203.0.113.9
    +1s mallory iam:ListAccessKeys ip=203.0.113.9
    +1s mallory iam:ListAttachedUserPolicies ip=203.0.113.9
    +1s mallory iam:ListUserPolicies ip=203.0.113.9
    +1s mallory iam:ListMFADevices ip=203.0.113.9
    +1s mallory iam:ListSAMLProviders ip=203.0.113.9
    +1m mallory iam:AttachUserPolicy user/mallory denied ip=203.0.113.9
    +1s mallory iam:PutUserPolicy user/mallory denied ip=203.0.113.9
    +1s mallory iam:CreatePolicyVersion policy/app denied ip=203.0.113.9
    +1s mallory iam:UpdateAssumeRolePolicy role/app denied ip=203.0.113.9
    +1s mallory iam:CreateLoginProfile user/alice denied ip=203.0.113.9
    +5m mallory iam:CreateUser user/backdoor ip=203.0.113.9
    +0s mallory iam:CreateAccessKey user/backdoor issues=AKIABACKDOOR ip=203.0.113.9
    +0s mallory iam:AttachUserPolicy user/backdoor ip=203.0.113.9 {"request":{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}
    +1m mallory iam:CreateAccessKey user/alice ip=203.0.113.9
    +1m mallory iam:CreateAccessKey user/bob ip=203.0.113.9
    +1m mallory sts:AssumeRole role/app issues=ASIAAPP ip=203.0.113.9
    +1m role/app/x iam:PutRolePolicy role/app key=ASIAAPP ip=203.0.113.9
    +1m role/app/x cloudtrail:StopLogging trail/main key=ASIAAPP ip=203.0.113.9
    +1m backdoor s3:ListBuckets key=AKIABACKDOOR ip=198.51.100.7
    +1m instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
    +1m instance/web/i-0123456789abcdef0 s3:ListBuckets ip=203.0.113.9 key=ASIAWEB
    +1m nobody signin:ConsoleLogin failed ip=203.0.113.9
    +1m root signin:ConsoleLogin ip=203.0.113.9
    +1m alice iam:DeleteUser user/backdoor ip=192.0.2.1
    +3d alice iam:CreateUser user/carol ip=192.0.2.1
    +1d alice cloudtrail:DeleteTrail trail/main ip=198.51.100.99"#;

/// What the engine is fed with, and what findings need in the end.
struct Fed {
    entries: Vec<Entry>,
    records: Records,
    actions: Actions,
}

fn feed(records: &[Value]) -> Fed {
    let actions = Actions::default();
    let mut entries = Vec::new();
    let mut kept = Records::default();
    for (number, record) in records.iter().enumerate() {
        let text = record.to_string();
        let event = Event::decode(text.as_bytes()).unwrap();
        let place = Place { file: 0, record: number as u32 };
        let row = row(record, &text, &actions, place);
        kept.insert(place, event.clone());
        entries.push(Entry { row, action: actions.get(row.action), event: Some(event) });
    }
    Fed { entries, records: kept, actions }
}

fn row(record: &Value, text: &str, actions: &Actions, place: Place) -> Row {
    let skim = Skim::of_value(record);
    let call = actions.call(skim.event_source.as_str(), skim.event_name.as_str());
    Row::of(&skim, text.as_bytes(), call, place)
}

/// Finishes a copy of the engine, as a scan that ends here would.
fn conclude(engine: &Engine, fed: &Fed) -> Vec<Finding> {
    let mut engine = engine.clone();
    engine.finish(engine.now());
    engine.conclude(&Sources {
        records: &fed.records,
        files: &["trail".to_owned()],
        actions: &fed.actions,
        sigma: &[],
    })
}

fn engine(detections: &[&'static Detection]) -> Engine {
    Engine::new(detections, Settings::default())
}

#[test]
fn the_month_is_worth_testing_with() {
    let records = trail::records(MONTH).unwrap();
    let findings = reference::judge(&records, ALL, &Settings::default());
    let windows = findings.iter().filter(|finding| finding.evidence_total > 2).count();
    assert!(findings.len() >= 12 && windows >= 2, "{} findings, {windows} wide", findings.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the order of arrival, and however often each record comes: the total order's
    /// findings.
    #[test]
    fn any_arrival_gives_the_findings_of_the_total_order(
        order in Just((0..36_usize).collect::<Vec<_>>()).prop_shuffle(),
        again in prop::collection::vec((0..36_usize, 0..36_usize), 0..12),
        per_checkpoint in 1..9_usize,
    ) {
        let records = trail::records(MONTH).unwrap();
        prop_assert_eq!(records.len(), order.len(), "the month has as many records");
        let fed = feed(&records);
        let mut arrivals = order.clone();
        for (record, at) in &again {
            arrivals.insert(*at, *record);
        }
        let mut ledger = Ledger::new(engine(ALL), per_checkpoint, 1_000);
        let mut duplicates = 0;
        for index in arrivals {
            match ledger.take(fed.entries[index].clone()) {
                Taken::Duplicate => duplicates += 1,
                Taken::TooLate => prop_assert!(false, "nothing is beyond the horizon"),
                Taken::InOrder | Taken::Late(_) => {}
            }
        }
        prop_assert_eq!(duplicates, again.len());
        let expected = reference::judge(&records, ALL, &Settings::default());
        prop_assert_eq!(conclude(ledger.engine(), &fed), expected);
    }

    /// With few checkpoints some records come too late. They are named, and everything else is as if
    /// they had never come.
    #[test]
    fn what_comes_too_late_is_said_and_changes_nothing(
        order in Just((0..36_usize).collect::<Vec<_>>()).prop_shuffle(),
        per_checkpoint in 1..5_usize,
        checkpoints_max in 1..4_usize,
    ) {
        let records = trail::records(MONTH).unwrap();
        let fed = feed(&records);
        let mut ledger = Ledger::new(engine(ALL), per_checkpoint, checkpoints_max);
        let mut taken = Vec::new();
        for index in order {
            if ledger.take(fed.entries[index].clone()) != Taken::TooLate {
                taken.push(index);
            }
        }
        // Records keep their places, so the reference is fed with gaps.
        taken.sort_by_key(|index| (fed.entries[*index].row.order, fed.entries[*index].row.place));
        let mut straight = engine(ALL);
        for index in taken {
            let Entry { row, action, event } = &fed.entries[index];
            straight.push(row, action, event.as_ref());
        }
        prop_assert_eq!(conclude(ledger.engine(), &fed), conclude(&straight, &fed));
    }
}

#[test]
fn arrivals_are_called_what_they_are() {
    let records = trail::records(
        "alice iam:ListUsers\nalice iam:ListUsers\nalice iam:ListUsers\nalice iam:ListUsers",
    )
    .unwrap();
    let fed = feed(&records);
    let entry = |index: usize| fed.entries[index].clone();
    let mut ledger = Ledger::new(engine(ALL), 1, 1);
    assert_eq!(ledger.take(entry(1)), Taken::InOrder);
    assert_eq!(ledger.take(entry(0)), Taken::TooLate);
    let mut ledger = Ledger::new(engine(ALL), 10, 3);
    assert_eq!(ledger.take(entry(0)), Taken::InOrder);
    assert_eq!(ledger.take(entry(3)), Taken::InOrder);
    assert_eq!(ledger.take(entry(1)), Taken::Late(3));
    assert_eq!(ledger.take(entry(3)), Taken::Duplicate);
    assert_eq!(ledger.take(entry(2)), Taken::Late(4));
}

/// One event id in two accounts is two records, also when a checkpoint lies between them.
#[test]
fn a_checkpoint_between_two_accounts_loses_neither() {
    let records = trail::records(
        "mallory iam:CreateAccessKey user/zoe
         mallory iam:CreateAccessKey user/alice
         mallory iam:CreateAccessKey user/yann
         mallory iam:CreateAccessKey user/xena",
    )
    .unwrap();
    let other = records[1].to_string().replace(trail::ACCOUNT, "444455556666");
    let mut all = records;
    all.insert(2, serde_json::from_str(&other).unwrap());
    let fed = feed(&all);
    assert_eq!(fed.entries[1].row.order, fed.entries[2].row.order);
    let expected = reference::judge(&all, ALL, &Settings::default());
    for per_checkpoint in 1..5 {
        let mut ledger = Ledger::new(engine(ALL), per_checkpoint, 100);
        for index in [0, 1, 2, 4, 3] {
            ledger.take(fed.entries[index].clone());
        }
        assert_eq!(conclude(ledger.engine(), &fed), expected, "{per_checkpoint}");
    }
}

/// The parts that the detections of this file share.
const BLANK: Detection = Detection {
    id: "blank",
    title: "A detection for tests",
    severity: Severity::Medium,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &[],
    select: Select { events: &["*"], outcomes: &[], flags: Flags(0), reads: Reads::Record },
    attack: &[],
    risk: "None.",
    false_positives: &[],
    remedies: &[],
    needs: Needs::Nothing,
    fires_on: &[],
    quiet_on: &[],
    logic: Logic::Each(|_| None),
};

static PANICS_ON_A_RECORD: Detection = Detection {
    id: "panics-on-a-record",
    logic: Logic::Each(|cx| {
        assert!(!cx.is("iam", "CreateUser"), "the unit has a mistake");
        cx.event().map(|event| Match::on_target(event, "{actor} did something."))
    }),
    ..BLANK
};

static PANICS_AS_IT_TELLS: Detection = Detection {
    id: "panics-as-it-tells",
    logic: Logic::Watch(|| Box::new(Faulty { at_end: false })),
    ..BLANK
};

static PANICS_AT_THE_END: Detection = Detection {
    id: "panics-at-the-end",
    logic: Logic::Watch(|| Box::new(Faulty { at_end: true })),
    ..BLANK
};

const TELLS_ALL: Logic =
    Logic::Each(|cx| cx.event().map(|event| Match::on_target(event, "{actor} did something.")));

static SOUND: Detection = Detection { id: "sound", logic: TELLS_ALL, ..BLANK };

static SOUND_BEFORE: Detection = Detection { id: "sound-before", logic: TELLS_ALL, ..BLANK };

#[derive(Clone)]
struct Faulty {
    at_end: bool,
}

impl Watch for Faulty {
    fn push(&mut self, cx: &trailwarden_detect::context::Cx<'_>, fires: &mut Vec<Fire>) {
        fires.push(Fire { group: 1, rows: vec![*cx.row()], distinct: 1 });
    }

    fn advance(&mut self, _: trailwarden_model::Timestamp, _: &mut Vec<Fire>) {
        assert!(!self.at_end, "the end was not thought of");
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        assert!(self.at_end, "no words for it");
        Some(Match::on_caller(story.first()?, "{actor} did something."))
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

#[test]
fn a_panicking_detection_becomes_a_health_finding_and_silences_nobody() {
    let detections: [&Detection; 5] =
        [&SOUND_BEFORE, &PANICS_ON_A_RECORD, &PANICS_AS_IT_TELLS, &PANICS_AT_THE_END, &SOUND];
    let trail = "alice iam:TagUser user/ann
        alice iam:CreateUser user/ben
        alice iam:TagUser user/carl";
    let findings = reference::judge_trail(trail, &detections, &Settings::default()).unwrap();
    let rule = |id: &str| findings.iter().filter(|finding| finding.rule == id).count();
    assert_eq!(rule("sound"), 3, "it goes on behind the others' panics");
    assert_eq!(rule("sound-before"), 3);
    let sound = findings.iter().filter(|finding| finding.rule.starts_with("sound"));
    assert!(sound.into_iter().all(|finding| finding.evidence_total == 1), "none sees a row twice");
    assert_eq!(rule("panics-on-a-record"), 1, "what it said before stands");
    assert_eq!(rule("panics-at-the-end"), 1);
    let health: Vec<&Finding> =
        findings.iter().filter(|finding| finding.kind == Kind::Health).collect();
    assert_eq!(health.len(), 3, "{health:#?}");
    for (id, cause) in [
        ("panics-on-a-record", "the unit has a mistake"),
        ("panics-as-it-tells", "no words for it"),
        ("panics-at-the-end", "the end was not thought of"),
    ] {
        let told = health.iter().any(|finding| {
            finding.rule == "detection-panicked"
                && finding.target.name.as_deref() == Some(id)
                && finding.explanation.contains(cause)
        });
        assert!(told, "{id}");
    }
}

static COUNTS_SEQUENCES: Detection = Detection {
    id: "counts-sequences",
    select: Select { events: &["*"], outcomes: &[], flags: Flags(0), reads: Reads::Row },
    logic: Logic::Sequence(Sequence {
        steps: &[
            Step { joins: |cx| cx.is("iam", "CreateUser").then_some((1, 1)), at_least: 1 },
            Step {
                joins: |cx| cx.is("iam", "TagUser").then(|| (1, cx.record_value())),
                at_least: 1,
            },
            Step { joins: |cx| cx.is("iam", "DeleteUser").then_some((1, 1)), at_least: 1 },
        ],
        any_order: false,
        within_seconds: 86_400,
        tell: |story| Some(Match::on_caller(story.first()?, "{actor} made and deleted.")),
    }),
    ..BLANK
};

/// A flood of one step cannot wash another out of the window; that something was dropped is said.
#[test]
fn a_flood_does_not_hide_a_sequence_and_overflow_is_visible() {
    let mut trail = String::from("alice iam:CreateUser user/ann\n");
    trail.push_str(&"+1s alice iam:TagUser user/ann\n".repeat(1_000));
    trail.push_str("+1s alice iam:DeleteUser user/ann\n");
    let findings =
        reference::judge_trail(&trail, &[&COUNTS_SEQUENCES], &Settings::default()).unwrap();
    let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["counts-sequences", "memory-limit-reached"]);
}

static FIRES_ALWAYS: Detection = Detection {
    id: "fires-always",
    select: Select { events: &["*"], outcomes: &[], flags: Flags(0), reads: Reads::Row },
    logic: Logic::Watch(|| Box::new(Always)),
    ..BLANK
};

#[derive(Clone)]
struct Always;

impl Watch for Always {
    fn push(&mut self, cx: &trailwarden_detect::context::Cx<'_>, fires: &mut Vec<Fire>) {
        fires.push(Fire { group: cx.record_value(), rows: vec![*cx.row()], distinct: 1 });
    }

    fn tell(&self, _: &Story<'_>) -> Option<Match> {
        None
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

#[test]
fn findings_and_memories_are_bounded_and_say_so() {
    let fed = feed(&trail::records("alice iam:TagUser user/ann").unwrap());
    let base = fed.entries[0].row;
    let mut engine = engine(&[&FIRES_ALWAYS]);
    // More principals than are remembered, each with an event of its own.
    for number in 0..210_000_u64 {
        let mut row = base;
        row.order.id = u128::from(number);
        row.actor = number + 1;
        row.key = number + 1;
        engine.push(&row, &fed.entries[0].action, None);
    }
    let findings = conclude(&engine, &fed);
    let subjects: Vec<&str> =
        findings.iter().filter_map(|finding| finding.target.name.as_deref()).collect();
    assert!(subjects.contains(&"fires-always"), "{subjects:?}");
    assert!(subjects.contains(&"the memory of principals and keys"), "{subjects:?}");
    assert!(findings.iter().all(|finding| finding.kind == Kind::Health));
}

/// The sentence names whoever did what it says, also when somebody else did the lesser thing first.
#[test]
fn the_gravest_match_speaks_of_its_own_actor() {
    static GRADES: Detection = Detection {
        id: "grades",
        logic: Logic::Each(|cx| {
            let event = cx.event()?;
            let grave = cx.is("iam", "DeleteUser");
            let text = format!("{{actor}} called {}{{times}}.", event.name());
            let matched = Match::on_target(event, text).subject("ann");
            Some(matched.severity(if grave { Severity::High } else { Severity::Low }))
        }),
        ..BLANK
    };
    let trail = "alice iam:TagUser user/ann\nmallory iam:DeleteUser user/ann";
    let findings = reference::judge_trail(trail, &[&GRADES], &Settings::default()).unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(
        findings[0].explanation,
        "user mallory called DeleteUser (2 times: TagUser, DeleteUser, by more than one principal)."
    );
    assert_eq!(findings[0].actor.name.as_deref(), Some("mallory"));
}

/// A detection sees only what it asked for, whatever is at hand: else the fast path, which keeps
/// nothing more, would judge differently.
#[test]
fn a_detection_of_rows_never_sees_a_record() {
    static OF_ROWS: Detection = Detection {
        id: "of-rows",
        select: Select { events: &["*"], outcomes: &[], flags: Flags(0), reads: Reads::Row },
        logic: Logic::Each(|cx| {
            assert!(cx.event().is_none(), "a record");
            None
        }),
        ..BLANK
    };
    static OF_SOME: Detection = Detection {
        id: "of-some",
        select: Select {
            events: &["*"],
            outcomes: &[],
            flags: Flags(0),
            reads: Reads::RecordOf(&["iam:CreateUser"]),
        },
        logic: Logic::Each(|cx| {
            assert_eq!(cx.event().is_some(), cx.is("iam", "CreateUser"), "asked for");
            None
        }),
        ..BLANK
    };
    let trail = "alice iam:TagUser user/ann\nalice iam:CreateUser user/ann";
    let findings =
        reference::judge_trail(trail, &[&OF_ROWS, &OF_SOME], &Settings::default()).unwrap();
    assert!(findings.is_empty(), "{}", findings[0].explanation);
    assert!(std::panic::catch_unwind(|| panic!("the hook is as it was")).is_err());
}
