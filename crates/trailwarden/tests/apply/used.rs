//! What a preview says of use, held to what AWS keeps of it: forged words, honest ones, and where AWS does not tell.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use trailwarden_remedy::Plan;

use crate::anew::Case;
use crate::emulator::{Emulator, forwarded};
use crate::examples::{MOTO, SERVE};
use crate::fake::{Fake, Response, result};

/// An emulator that also keeps when everybody last used S3, which it does not do by itself.
struct Keeps {
    emulator: Emulator,
    is_denied: Arc<AtomicBool>,
    accounts_asked: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// Moto has neither an organization nor what AWS keeps of use.
const OF_IAM: &str = "Action=";

impl Keeps {
    fn start(test: &str) -> Option<Self> {
        let mut emulator = Emulator::start(MOTO, SERVE, test)?;
        let address = emulator.url.trim_start_matches("http://").to_owned();
        let (is_denied, accounts_asked) =
            (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (denied, counted, noted) = (is_denied.clone(), accounts_asked.clone(), asked.clone());
        let fake = Fake::new(move |request, _| match request.operation.as_str() {
            "GenerateServiceLastAccessedDetails" if denied.load(Ordering::SeqCst) => {
                Some(Response::error(403, "AccessDenied"))
            }
            operation @ "GenerateServiceLastAccessedDetails" => {
                noted.lock().unwrap().push(request.body.clone());
                Some(result(operation, "<JobId>j-1</JobId>"))
            }
            operation @ "GetServiceLastAccessedDetails" => Some(result(
                operation,
                "<JobStatus>COMPLETED</JobStatus><IsTruncated>false</IsTruncated><ServicesLastAccessed><member>\
                 <ServiceNamespace>s3</ServiceNamespace><LastAuthenticated>2026-05-20T10:00:00Z</LastAuthenticated>\
                 </member></ServicesLastAccessed>",
            )),
            "ListTrails" | "DescribeTrails" => {
                Some(Response::json(r#"{"Trails": [], "trailList": []}"#))
            }
            _ if !request.body.contains(OF_IAM) => {
                Some(Response::error(400, "AWSOrganizationsNotInUseException"))
            }
            operation => {
                if operation == "GetAccountAuthorizationDetails" {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
                Some(forwarded(&address, request))
            }
        });
        emulator.url.clone_from(&fake.url);
        Some(Self { emulator, is_denied, accounts_asked, asked })
    }
}

/// The plan with logs of May in which nobody used anything.
fn unused_in_may(plan: &Plan) -> Plan {
    let mut effect = serde_json::to_value(plan.preview.effect.as_ref().unwrap()).unwrap();
    effect["observed"] = json!({"first": "2026-05-01T00:00:00Z", "last": "2026-05-31T00:00:00Z",
        "days": 31, "is_complete": true});
    for one in effect["principals"].as_array_mut().unwrap() {
        one["used"] = json!([]);
        one.as_object_mut().unwrap().remove("unrecorded");
    }
    plan.clone().foreseen(serde_json::from_value(effect).unwrap())
}

#[test]
fn a_forged_unused_is_refused_by_what_aws_keeps() {
    let Some(mut keeps) = Keeps::start("a_forged_unused_is_refused_by_what_aws_keeps") else {
        return;
    };
    let case = Case::of(&mut keeps.emulator);
    let forged = unused_in_may(&case.plan());
    let ran = case.apply(&forged, "--dry-run");
    assert_eq!(ran.code, 2, "{ran:?}");
    let why = ran.run()["refused"].as_str().unwrap().to_owned();
    for part in ["no use of what user/alice loses was seen", "s3 on 2026-05-20", "--last-access"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    // Only who says that he trusts the file gets what it says.
    assert_eq!(case.apply(&forged, "--dry-run --trust-preview").code, 0);
}

/// A plan whose logs were shorter than AWS's memory is not refused: whoever agrees is told what AWS knows.
#[test]
fn an_honest_plan_without_logs_goes_through_and_what_aws_knows_is_told() {
    let test = "an_honest_plan_without_logs_goes_through_and_what_aws_knows_is_told";
    let Some(mut keeps) = Keeps::start(test) else { return };
    let asked = keeps.asked.clone();
    let case = Case::of(&mut keeps.emulator);
    let plan = case.plan();
    asked.lock().unwrap().clear();
    let ran = case.apply(&plan, "");
    assert_eq!((ran.code, &ran.run()["held_to"]), (0, &json!("account")), "{ran:?}");
    assert!(ran.said.contains("user/alice last called s3 on 2026-05-20"), "{}", ran.said);
    let asked = asked.lock().unwrap().join(" ");
    assert!(asked.contains("alice") && asked.contains("bob"), "{asked}");
    assert!(!asked.contains("keeper"), "who loses nothing is nobody's business: {asked}");
}

#[test]
fn where_aws_does_not_tell_of_use_that_is_said() {
    let Some(mut keeps) = Keeps::start("where_aws_does_not_tell_of_use_that_is_said") else {
        return;
    };
    keeps.is_denied.store(true, Ordering::SeqCst);
    let case = Case::of(&mut keeps.emulator);
    let ran = case.apply(&unused_in_may(&case.plan()), "--dry-run");
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in [
        "only the word of the plan's file",
        "last used which service is not known of all",
        "AccessDenied",
    ] {
        assert!(ran.said.contains(part), "{part}: {}", ran.said);
    }
}

/// An account is asked once, however many plans there are for it.
#[test]
fn of_several_plans_the_account_is_asked_once() {
    let Some(mut keeps) = Keeps::start("of_several_plans_the_account_is_asked_once") else {
        return;
    };
    let counted = keeps.accounts_asked.clone();
    let case = Case::of(&mut keeps.emulator);
    let mut other = case.plan();
    other.model_time = other.model_time.plus(1);
    other.digest = other.computed_digest();
    crate::support::put(case.path(), "other.json", &other);
    let before = counted.load(Ordering::SeqCst);
    let ran = case.run("remediate apply plan.json other.json --yes --dry-run --json");
    let runs: Value = ran.json()["runs"].clone();
    assert_eq!(runs.as_array().unwrap().len(), 2, "{ran:?}");
    assert_eq!(counted.load(Ordering::SeqCst) - before, 1);
}
