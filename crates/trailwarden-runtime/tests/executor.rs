//! Plans carried out by way of a real connection, against a server on loopback that keeps an account and
//! hinders as a test says: what the wire does, and what becomes of the run.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "../../trailwarden-aws/tests/asking/fake.rs"]
#[expect(dead_code, reason = "it serves the tests of the connection too")]
mod fake;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use fake::{Fake, Request, Response, result};
use trailwarden_model::Timestamp;
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::Foreseen;
use trailwarden_runtime::executor::{
    Approval, How, Journal, Live, Options, Progress, Refusal, Report, Secret, Status, StepState,
    Why, Witness, apply, resume, undo,
};

const NOW: Timestamp = Timestamp::from_seconds(1_769_947_200);
const KEY: &str = "AKIAEXAMPLEOFALICE01";

/// A key, and the inline policies of its user.
#[derive(Clone, PartialEq, Debug)]
struct Account {
    status: String,
    policies: BTreeMap<String, String>,
}

/// What happens to a request: nothing special, or this answer, before the deed or after it.
enum Hindrance {
    None,
    Instead(Response),
    After(Response),
}

struct Server {
    fake: Fake,
    account: Arc<Mutex<Account>>,
    folder: tempfile::TempDir,
    plan: Plan,
}

/// Quarantine of a user, in three calls: the key off, everything denied, sessions ended.
fn plan() -> Plan {
    let remedy = trailwarden_remedy::find("attach-quarantine-policy").unwrap();
    let subject = remedy.example().unwrap();
    let draft = remedy.draft(&subject).unwrap();
    let plan = Plan::from_drafts(subject.account, NOW, NOW, vec![draft]);
    let mut plan = plan.foreseen(Foreseen::default());
    // The connection has a clock of its own.
    plan.preview.apply_before = None;
    plan.digest = plan.computed_digest();
    plan
}

fn value(request: &Request, name: &str) -> String {
    let mut pairs = request.body.split('&').filter_map(|pair| pair.split_once('='));
    let text = pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value);
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
            }
            b'+' => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// IAM tells documents percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn answered(account: &mut Account, request: &Request) -> Response {
    let operation = request.operation();
    let policy = value(request, "PolicyName");
    match operation.as_str() {
        "GetCallerIdentity" => result(
            "GetCallerIdentity",
            "<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/op</Arn><UserId>AIDA</UserId>",
        ),
        "ListAccessKeys" => result(
            "ListAccessKeys",
            &format!(
                "<AccessKeyMetadata><member><UserName>alice</UserName><AccessKeyId>{KEY}</AccessKeyId><Status>{}</Status></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>",
                account.status
            ),
        ),
        "GetUserPolicy" => match account.policies.get(&policy) {
            None => Response::error(404, "NoSuchEntity"),
            Some(text) => result(
                "GetUserPolicy",
                &format!(
                    "<UserName>alice</UserName><PolicyName>{policy}</PolicyName><PolicyDocument>{}</PolicyDocument>",
                    encoded(text)
                ),
            ),
        },
        "UpdateAccessKey" => {
            account.status = value(request, "Status");
            Response::xml("<UpdateAccessKeyResponse/>")
        }
        "PutUserPolicy" => {
            account.policies.insert(policy, value(request, "PolicyDocument"));
            Response::xml("<PutUserPolicyResponse/>")
        }
        "DeleteUserPolicy" => match account.policies.remove(&policy) {
            None => Response::error(404, "NoSuchEntity"),
            Some(_) => Response::xml("<DeleteUserPolicyResponse/>"),
        },
        other => panic!("nobody asks {other}"),
    }
}

impl Server {
    /// `hinder` gets each request and how many of its operation came before it.
    fn new(hinder: impl Fn(&str, usize) -> Hindrance + Send + 'static) -> Self {
        let account = Account { status: "Active".to_owned(), policies: BTreeMap::new() };
        let account = Arc::new(Mutex::new(account));
        let kept = account.clone();
        let counts: Mutex<BTreeMap<String, usize>> = Mutex::default();
        let fake = Fake::new(move |request, _| {
            let before = {
                let mut counts = counts.lock().unwrap();
                let count = counts.entry(request.operation()).or_default();
                *count += 1;
                *count - 1
            };
            let mut account = kept.lock().unwrap();
            match hinder(&request.operation(), before) {
                Hindrance::None => answered(&mut account, request),
                Hindrance::Instead(response) => response,
                Hindrance::After(response) => {
                    answered(&mut account, request);
                    response
                }
            }
        });
        Self { fake, account, folder: tempfile::tempdir().unwrap(), plan: plan() }
    }

    fn approval(&self) -> Approval {
        Approval { digest: self.plan.digest.clone(), how: How::Digest, by: "a test".to_owned() }
    }

    fn apply(&self) -> Result<Report, Refusal> {
        let connection = self.fake.connection();
        let mut journal = Journal::open(self.folder.path(), NOW).unwrap();
        let approval = self.approval();
        let options = Options::default();
        apply(&Live(&connection), &mut journal, &mut Nobody, &self.plan, (&approval, None), options)
    }

    fn again(&self, is_undo: bool) -> Report {
        let connection = self.fake.connection();
        let mut journal = Journal::open(self.folder.path(), NOW).unwrap();
        let run = journal.runs()[0].id.clone();
        let (world, approval) = (Live(&connection), self.approval());
        match is_undo {
            true => undo(&world, &mut journal, &mut Nobody, &run, &approval).unwrap(),
            false => {
                let options = Options::default();
                resume(&world, &mut journal, &mut Nobody, &run, &approval, options).unwrap()
            }
        }
    }

    fn account(&self) -> Account {
        self.account.lock().unwrap().clone()
    }

    fn sent(&self, operation: &str) -> usize {
        self.fake.seen().iter().filter(|request| request.operation() == operation).count()
    }
}

struct Nobody;

impl Witness for Nobody {
    fn progress(&mut self, _progress: &Progress<'_>) {}

    fn hand_over(&mut self, _secret: &Secret<'_>) -> io::Result<()> {
        Err(io::Error::other("there are no secrets in this plan"))
    }
}

fn is_undone(server: &Server) {
    let report = server.again(true);
    assert_eq!((report.status, report.stop), (Status::Undone, None));
    assert_eq!(report.differs, Vec::<String>::new());
    let before = Account { status: "Active".to_owned(), policies: BTreeMap::new() };
    assert_eq!(server.account(), before);
}

#[test]
fn a_plan_is_carried_out_and_taken_back() {
    let server = Server::new(|_, _| Hindrance::None);
    let report = server.apply().unwrap();
    assert_eq!((report.status, report.stop), (Status::Applied, None));
    assert_eq!(
        (server.account().status.as_str(), server.account().policies.len()),
        ("Inactive", 2)
    );
    is_undone(&server);
}

#[test]
fn what_is_throttled_is_sent_again() {
    let server = Server::new(|operation, before| match (operation, before) {
        ("PutUserPolicy", 0 | 1) => Hindrance::Instead(Response::error(400, "Throttling")),
        _ => Hindrance::None,
    });
    assert_eq!(server.apply().unwrap().status, Status::Applied);
    assert_eq!(server.sent("PutUserPolicy"), 4);
    is_undone(&server);
}

#[test]
fn a_refusal_midway_stops_and_the_rest_is_taken_back() {
    for (status, code) in [(403, "AccessDenied"), (409, "LimitExceeded"), (404, "NoSuchEntity")] {
        let server = Server::new(move |operation, before| match (operation, before) {
            ("PutUserPolicy", 1) => Hindrance::Instead(Response::error(status, code)),
            _ => Hindrance::None,
        });
        let report = server.apply().unwrap();
        let stop = report.stop.clone().unwrap();
        assert_eq!((stop.why, stop.step.as_deref()), (Why::Refused, Some("3")));
        assert!(stop.cause.contains(code), "{stop}");
        let states: Vec<StepState> = report.steps.iter().map(|step| step.state).collect();
        assert_eq!(states, [StepState::Done, StepState::Done, StepState::New]);
        assert_eq!(server.sent("PutUserPolicy"), 2);
        is_undone(&server);
    }
}

/// A reply that breaks off, a fault of the server, a page of a proxy: the deed may be done or not.
#[test]
fn an_answer_that_does_not_come_is_found_out() {
    let answers: [fn() -> Response; 3] = [
        || Response::xml("<PutUserPolicyResponse/>").cut(),
        || Response::error(500, "ServiceFailure"),
        || Response::html(502),
    ];
    for answer in answers {
        let server = Server::new(move |operation, before| match (operation, before) {
            ("PutUserPolicy", 0) => Hindrance::After(answer()),
            _ => Hindrance::None,
        });
        assert_eq!(server.apply().unwrap().status, Status::Applied);
        assert_eq!(server.sent("PutUserPolicy"), 2);
        is_undone(&server);

        let server = Server::new(move |operation, before| match (operation, before) {
            ("PutUserPolicy", 0) => Hindrance::Instead(answer()),
            _ => Hindrance::None,
        });
        let report = server.apply().unwrap();
        assert_eq!(report.stop.as_ref().unwrap().why, Why::Unanswered);
        assert!(report.is_unknown());
        assert_eq!(server.sent("PutUserPolicy"), 1);
        assert_eq!(server.again(false).status, Status::Applied);
        is_undone(&server);
    }
}

/// The user went away after the plan was made.
#[test]
fn what_is_gone_is_found_before_the_first_call() {
    let server = Server::new(|operation, _| match operation {
        "ListAccessKeys" => Hindrance::Instead(Response::error(404, "NoSuchEntity")),
        _ => Hindrance::None,
    });
    let refusal = server.apply().unwrap_err();
    assert!(matches!(refusal, Refusal::Drift { .. }), "{refusal}");
    let nobody = Server::new(|operation, _| match operation {
        "ListAccessKeys" => Hindrance::Instead(Response::error(403, "AccessDenied")),
        _ => Hindrance::None,
    });
    let refusal = nobody.apply().unwrap_err();
    assert!(matches!(refusal, Refusal::Unasked { .. }), "{refusal}");
    assert_eq!(server.sent("UpdateAccessKey") + nobody.sent("UpdateAccessKey"), 0);
}
