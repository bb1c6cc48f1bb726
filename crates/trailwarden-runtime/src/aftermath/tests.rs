//! What counts as a call of somebody contained, what it says, and when nobody knows.

use serde_json::{Value, json};
use trailwarden_model::{Finding, Severity};
use trailwarden_remedy::{Plan, remedy};

use super::*;
use crate::executor::{Approval, Direction, Event, How, Journal};

/// 2026-02-01T12:00:00Z: when AWS showed the first step; the others follow by one second each.
const NOON: Timestamp = Timestamp::from_seconds(1_769_947_200);
const RUN: &str = "20260201-1";
const KEY: &str = "AKIAEXAMPLEOFALICE01";

/// How far each step of a run came.
#[derive(Clone, Copy)]
enum Came {
    Replied,
    Held,
    Undone,
}

fn containment(id: &str, came: Came) -> Result<Containment, NotContained> {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), NOON).unwrap();
    let subject = remedy::find(id).unwrap().example().unwrap();
    let draft = remedy::find(id).unwrap().draft(&subject).unwrap();
    let plan = Plan::from_drafts(subject.account, NOON, NOON, vec![draft]);
    let approval = Approval { digest: plan.digest.clone(), how: How::Yes, by: "a test".to_owned() };
    let steps: Vec<String> = plan.steps.iter().map(|step| step.id.clone()).collect();
    let caller = "arn:aws:iam::111122223333:user/operator".to_owned();
    let mut add = |at, event| journal.append(NOON.plus(at), Some(RUN), event).unwrap();
    add(-60, Event::Begun { plan: Box::new(plan), approval, caller });
    for (at, step) in (0..).zip(&steps) {
        let (input, call) = (json!({}), "iam:Call".to_owned());
        let calling = |direction| Event::Calling {
            direction,
            step: step.clone(),
            call: call.clone(),
            input: input.clone(),
            before: Vec::new(),
        };
        let held = |direction| Event::Held { direction, step: step.clone(), differs: Vec::new() };
        add(at - 30, calling(Direction::Apply));
        let reply = json!({});
        add(at - 20, Event::Replied { direction: Direction::Apply, step: step.clone(), reply });
        if !matches!(came, Came::Replied) {
            add(at, held(Direction::Apply));
        }
        if matches!(came, Came::Undone) {
            add(at + 10, calling(Direction::Undo));
            add(at + 20, held(Direction::Undo));
        }
    }
    contained(&journal, journal.run(RUN).unwrap())
}

fn held(id: &str) -> Containment {
    containment(id, Came::Held).unwrap()
}

fn user(key: &str) -> Value {
    json!({"type": "IAMUser", "principalId": "AIDAALICE", "userName": "alice", "accessKeyId": key,
        "arn": "arn:aws:iam::111122223333:user/staff/alice", "accountId": "111122223333"})
}

/// A session of a role, which began so many seconds after noon.
fn session(role: &str, begun: Option<i64>) -> Value {
    let begun = begun.map(|at| NOON.plus(at).to_string());
    json!({"type": "AssumedRole", "principalId": format!("AROA{role}:one"), "accountId": "111122223333",
        "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/one"), "accessKeyId": "ASIAEXAMPLEOFROLE001",
        "sessionContext": {"sessionIssuer": {"type": "Role", "userName": role,
            "arn": format!("arn:aws:iam::111122223333:role/service/{role}")},
            "attributes": {"creationDate": begun}}})
}

/// A record of so many seconds after noon, with other members than usual.
fn record(at: i64, identity: Value, call: &str, rest: Value) -> Value {
    let (service, name) = call.split_once(':').unwrap();
    let id = format!("00000000-0000-0000-0000-{:012}", at + 10_000);
    let mut record = json!({"eventVersion": "1.08", "userIdentity": identity, "eventID": id,
        "eventTime": NOON.plus(at).to_string(), "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name, "awsRegion": "us-east-1", "sourceIPAddress": "203.0.113.9",
        "userAgent": "aws-cli", "eventType": "AwsApiCall", "recipientAccountId": "111122223333"});
    for (name, value) in rest.as_object().into_iter().flatten() {
        record[name] = value.clone();
    }
    record
}

/// Somebody else's calls long before and after, so that the time is covered.
fn around() -> [Value; 2] {
    [-3_600, 7_200]
        .map(|at| record(at, session("other", Some(-4_000)), "s3:ListBuckets", json!({})))
}

fn watch_with(containment: Containment, records: &[Value], end: Option<Timestamp>) -> Aftermath {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ndjson");
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let input = Input::local(&[path.to_str().unwrap().to_owned()]);
    watch(input, containment, end, &Progress::default()).unwrap()
}

fn watched(id: &str, records: &[Value]) -> Aftermath {
    let all: Vec<Value> = records.iter().cloned().chain(around()).collect();
    let aftermath = watch_with(held(id), &all, None);
    assert_eq!(aftermath.report.rejects, []);
    assert!(aftermath.watched.iter().all(|one| one.unknown.is_none()), "{aftermath:?}");
    aftermath
}

/// Each finding by severity and number of calls.
fn told(aftermath: &Aftermath) -> Vec<(Severity, u64)> {
    aftermath.report.findings.iter().map(|one| (one.severity, one.evidence_total)).collect()
}

fn denied() -> Value {
    json!({"errorCode": "AccessDenied", "errorMessage": "no"})
}

fn only(aftermath: &Aftermath) -> &Finding {
    let [finding] = aftermath.report.findings.as_slice() else { panic!("{aftermath:?}") };
    finding
}

/// Covers TW-DE-13. IAM User Guide, "Troubleshoot IAM", "Changes that I make are not always immediately
/// visible".
#[test]
fn calls_with_a_key_that_was_switched_off_are_told_by_what_became_of_them() {
    let call = |at, rest| record(at, user(KEY), "s3:ListBuckets", rest);
    let records = [
        call(-5, json!({})),
        call(0, json!({})),
        call(120, json!({})),
        call(121, json!({})),
        call(500, json!({})),
        call(600, denied()),
        call(601, json!({"errorCode": "InvalidClientTokenId"})),
        call(602, json!({"errorCode": "NoSuchBucket"})),
        // The user's other key is none of the contained.
        record(700, user("AKIAEXAMPLEOFALICE02"), "s3:ListBuckets", json!({})),
    ];
    let aftermath = watched("deactivate-access-key", &records);
    let expected =
        [(Severity::Critical, 2), (Severity::Medium, 1), (Severity::Medium, 1), (Severity::Low, 2)];
    assert_eq!(told(&aftermath), expected);
    let first = aftermath.report.findings.first().unwrap();
    assert_eq!(
        (first.rule.as_str(), first.remediation.as_slice()),
        (RULE, ["attach-quarantine-policy".to_owned()].as_slice())
    );
    assert_eq!(
        (first.target.name.as_deref(), first.actor.access_key.as_deref()),
        (Some("alice"), Some(KEY))
    );
    let proof = first.evidence.first().unwrap();
    assert!(proof.file.ends_with("a.ndjson"), "{proof:?}");
    assert_eq!((proof.record, proof.event_time), (3, NOON.plus(121)));
    assert_eq!(proof.event_id, "00000000-0000-0000-0000-000000010121");
    assert_eq!(aftermath.watched.first().unwrap().calls, 6);
}

/// AWS STS API Reference, `GetSessionToken`: what came of a key outlives it.
#[test]
fn temporary_credentials_that_came_of_a_key_are_followed() {
    let issued = |key: &str| json!({"responseElements": {"credentials": {"accessKeyId": key}}});
    let get = "sts:GetSessionToken";
    let records = [
        record(-900, user(KEY), get, issued("ASIAEXAMPLEOFALICE09")),
        record(-800, user("AKIAEXAMPLEOFALICE02"), get, issued("ASIAEXAMPLEOFOTHER09")),
        record(900, user("ASIAEXAMPLEOFALICE09"), "s3:ListBuckets", json!({})),
        record(901, user("ASIAEXAMPLEOFOTHER09"), "s3:ListBuckets", json!({})),
    ];
    let aftermath = watched("deactivate-access-key", &records);
    assert_eq!(told(&aftermath), [(Severity::Critical, 1)]);
    assert!(only(&aftermath).explanation.contains("temporary credentials that came of a key"));
}

/// Logs that begin too late do not show how a session was given out: it may have come of the key.
#[test]
fn temporary_credentials_of_unseen_origin_may_have_come_of_the_key() {
    let with = |at, key: &str, begun: Option<i64>, console: bool, rest: Value| {
        let mut identity = user(key);
        let begun = begun.map(|at| NOON.plus(at).to_string());
        identity["sessionContext"] = json!({"attributes": {"creationDate": begun}});
        let mut record = record(at, identity, "s3:ListBuckets", rest);
        if console {
            record["sessionCredentialFromConsole"] = "true".into();
        }
        record
    };
    let old = "ASIAEXAMPLEOFOTHER09";
    let may = [
        with(900, old, Some(-50_000), false, json!({})),
        with(901, old, None, false, json!({})),
        with(902, old, Some(-50_000), false, denied()),
    ];
    let told_of = |records: &[Value]| told(&watched("deactivate-access-key", records));
    assert_eq!(told_of(&may), [(Severity::Medium, 2), (Severity::Low, 1)]);
    // "GetFederationToken" (AWS STS API Reference): only a key that lasts makes such a session.
    let federated = json!({"type": "FederatedUser", "accountId": "111122223333", "accessKeyId": old,
        "principalId": "111122223333:eve", "arn": "arn:aws:sts::111122223333:federated-user/eve",
        "sessionContext": {"attributes": {"creationDate": NOON.plus(-50_000).to_string()},
            "sessionIssuer": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333",
                "principalId": "AIDAALICE", "arn": "arn:aws:iam::111122223333:user/staff/alice"}}});
    let call = record(900, federated, "s3:ListBuckets", json!({}));
    assert_eq!(told_of(std::slice::from_ref(&call)), [(Severity::Medium, 1)]);
    // Of another key, as the logs show.
    let credentials = json!({"responseElements": {"credentials": {"accessKeyId": old}}});
    let issued = record(-900, user("AKIAEXAMPLEOFALICE02"), "sts:GetFederationToken", credentials);
    assert_eq!(told_of(&[issued, call]), []);
    // A key that is off gives nothing out, and the console has sessions of its own.
    let cannot =
        [with(900, old, Some(10), false, json!({})), with(901, old, Some(-600), true, json!({}))];
    assert_eq!(told_of(&cannot), []);
}

/// AWS STS API Reference, `GetCallerIdentity`: it needs no permission, even where a policy denies it.
#[test]
fn a_quarantine_is_about_all_that_the_principal_does() {
    let records = [
        record(300, user("AKIAEXAMPLEOFALICE03"), "s3:ListBuckets", json!({})),
        record(301, user("AKIAEXAMPLEOFALICE03"), "sts:GetCallerIdentity", json!({})),
        record(302, session("alice", Some(0)), "s3:ListBuckets", json!({})),
        record(
            303,
            json!({"type": "IAMUser", "principalId": "AIDAX", "userName": "alice",
            "accountId": "444455556666"}),
            "s3:ListBuckets",
            json!({}),
        ),
    ];
    let aftermath = watched("attach-quarantine-policy", &records);
    assert_eq!(told(&aftermath), [(Severity::Critical, 1), (Severity::Low, 1)]);
    assert_eq!(aftermath.watched.len(), 1);
    assert_eq!(aftermath.watched.first().unwrap().who, "user alice");
}

#[test]
fn a_user_who_is_renamed_stays_contained() {
    let mut renamed = user("AKIAEXAMPLEOFALICE03");
    renamed["userName"] = "mallory".into();
    renamed["arn"] = "arn:aws:iam::111122223333:user/mallory".into();
    let request = json!({"requestParameters": {"userName": "alice", "newUserName": "mallory"}});
    let records = [
        record(200, session("other", Some(0)), "iam:UpdateUser", request),
        record(300, renamed, "s3:ListBuckets", json!({})),
    ];
    assert_eq!(told(&watched("attach-quarantine-policy", &records)), [(Severity::Critical, 1)]);
}

/// IAM User Guide, "Revoke IAM role temporary security credentials": sessions that begin later work. The
/// plan's time lies a quarter of an hour ahead.
#[test]
fn only_sessions_that_were_ended_count() {
    let call = |at, begun| record(at, session("deploy", begun), "s3:ListBuckets", json!({}));
    let later = [call(3_000, Some(15 * 60)), call(3_001, Some(2_000))];
    assert_eq!(told(&watched("revoke-sessions", &later)), []);
    let records = [call(3_000, Some(-500)), call(3_001, Some(15 * 60 - 1)), call(3_002, None)];
    let aftermath = watched("revoke-sessions", &records);
    assert_eq!(told(&aftermath), [(Severity::Critical, 2), (Severity::Medium, 1)]);
}

#[test]
fn without_a_password_only_sign_ins_count() {
    let sign_in = |at, mut rest: Value| {
        rest["eventType"] = "AwsConsoleSignIn".into();
        record(at, user(""), "signin:ConsoleLogin", rest)
    };
    let records = [
        record(300, user("AKIAEXAMPLEOFALICE03"), "s3:ListBuckets", json!({})),
        sign_in(400, json!({})),
        sign_in(500, json!({"errorMessage": "Failed authentication"})),
    ];
    let aftermath = watched("delete-login-profile", &records);
    assert_eq!(told(&aftermath), [(Severity::Critical, 1), (Severity::Low, 1)]);
}

#[test]
fn nobody_is_quiet_for_a_time_that_the_logs_do_not_cover() {
    let other = |at| record(at, session("other", Some(-4_000)), "s3:ListBuckets", json!({}));
    let unknown = |records: &[Value], end: Option<i64>| {
        let end = end.map(|at| NOON.plus(at));
        let aftermath = watch_with(held("deactivate-access-key"), records, end);
        let [one] = aftermath.watched.as_slice() else { panic!("{aftermath:?}") };
        assert_eq!(aftermath.report.summary.off.len(), usize::from(one.unknown.is_some()));
        one.unknown.clone().unwrap_or_default()
    };
    assert!(unknown(&[], None).contains("no record of account 111122223333"));
    assert!(unknown(&[other(-600), other(-60)], None).contains("the logs end at"));
    assert!(unknown(&[other(-600), other(119)], None).contains("the logs end at"));
    assert!(unknown(&[other(1), other(900)], None).contains("the logs begin at"));
    assert_eq!(unknown(&[other(-600), other(120)], None), "");
    assert!(unknown(&[other(-600), other(800)], Some(900)).contains("the logs end at"));
    assert_eq!(unknown(&[other(-600), other(900)], Some(900)), "");
    // Records of another account cover nothing.
    let mut foreign = other(900);
    foreign["recipientAccountId"] = "444455556666".into();
    assert!(unknown(&[other(-600), foreign], None).contains("the logs end at"));
}

#[test]
fn what_is_after_the_end_does_not_count() {
    let call = |at| record(at, user(KEY), "s3:ListBuckets", json!({}));
    let all: Vec<Value> = [call(400), call(900)].into_iter().chain(around()).collect();
    let aftermath = watch_with(held("deactivate-access-key"), &all, Some(NOON.plus(600)));
    assert_eq!(told(&aftermath), [(Severity::Critical, 1)]);
    assert_eq!(aftermath.watched.first().unwrap().until, Some(NOON.plus(600)));
}

#[test]
fn only_steps_in_force_contain() {
    let undone = containment("deactivate-access-key", Came::Undone);
    assert!(matches!(undone, Err(NotContained::NotInForce(_))), "{undone:?}");
    let unseen = containment("deactivate-access-key", Came::Replied);
    assert!(matches!(unseen, Err(NotContained::NotInForce(_))), "{unseen:?}");
    let nobody = containment("strengthen-password-policy", Came::Held);
    assert!(matches!(nobody, Err(NotContained::Nobody(_))), "{nobody:?}");
    for id in ["delete-credential", "delete-login-profile", "revoke-sessions"] {
        assert_eq!(held(id).contained.len(), 1, "{id}");
    }
    let quarantined = held("attach-quarantine-policy");
    let [alice] = quarantined.contained.as_slice() else { panic!("{quarantined:?}") };
    assert_eq!(alice.span(), (NOON, NOON.plus(2)));
    assert_eq!(alice.sessions, Some((NOON.plus(2), NOON.plus(15 * 60))));
    assert_eq!(alice.keys, [(KEY.to_owned(), NOON)]);
}
