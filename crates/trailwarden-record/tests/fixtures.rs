//! Every typed call against its fixture: one realistic record for each, in `fixtures/records/`.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use trailwarden_record::Event;
use trailwarden_record::call::{CallInfo, TargetKind};
use trailwarden_record::events::{ALL, Call};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// IAM's API operations that change state in botocore 1.44.5: 180 operations without the 72 that
/// begin with Get, List, Generate or Simulate.
const IAM_CALLS: usize = 108;

/// Fields that a fixture cannot fill, because AWS lets only one of several parameters be given or
/// leaves the field out of ordinary records.
const LEFT_OUT: &[(&str, &[&str])] = &[
    ("cloudtrail:PutEventConfiguration", &["trail_name"]),
    ("cloudtrail:PutEventSelectors", &["advanced_event_selectors"]),
    ("cloudtrail:PutInsightSelectors", &["event_data_store", "insights_destination"]),
    ("organizations:CreateAccount", &["account_id"]),
    ("rolesanywhere:CreateTrustAnchor", &["acm_pca_arn"]),
    ("rolesanywhere:UpdateTrustAnchor", &["acm_pca_arn"]),
    ("sso:PutPermissionsBoundaryToPermissionSet", &["managed_policy_arn"]),
    ("sts:AssumeRoleWithWebIdentity", &["provider_id"]),
];

fn records() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/records")
}

fn fixture(call: &CallInfo) -> Outcome<Value> {
    let path = records().join(call.service).join(format!("{}.json", call.name));
    let text = fs::read(&path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

fn decoded(record: &Value) -> Outcome<Event> {
    Ok(Event::decode(record.to_string().as_bytes())?)
}

fn action(call: &CallInfo) -> String {
    format!("{}:{}", call.service, call.name)
}

/// Names of the fields that hold nothing.
fn empty_fields(call: &Call) -> Vec<String> {
    format!("{call:#?}")
        .lines()
        .filter_map(|line| line.strip_suffix(": None,").or_else(|| line.strip_suffix(": [],")))
        .map(|field| field.trim().to_owned())
        .collect()
}

/// The record as CloudTrail writes it when IAM refuses the call.
fn denied(record: Value, message: &str) -> Value {
    let refused = json!({
        "requestParameters": null,
        "responseElements": null,
        "errorCode": "AccessDenied",
        "errorMessage": message,
    });
    overwritten(record, refused)
}

/// The record with the top-level fields of the changes.
fn overwritten(mut record: Value, changes: Value) -> Value {
    if let (Some(record), Value::Object(changes)) = (record.as_object_mut(), changes) {
        record.extend(changes);
    }
    record
}

fn refusal(action: &str, resource: &str) -> String {
    format!(
        "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: {action} on \
         resource: {resource} because no identity-based policy allows the {action} action"
    )
}

#[test]
fn every_call_decodes_from_its_fixture() -> Outcome {
    for call in ALL {
        let event = decoded(&fixture(call)?)?;
        let action = action(call);
        assert_eq!(event.action(), action, "the fixture is of another call");
        assert_eq!(event.call.info(), Some(call), "{action} decodes to another type");
        let target = event.target().ok_or("a typed call has a target")?;
        assert_eq!(target.kind, call.target, "{action}");
        assert!(target.name.is_some(), "{action} does not know its target: {:?}", event.call);
    }
    Ok(())
}

#[test]
fn every_field_is_read_from_its_fixture() -> Outcome {
    let mut empty = Vec::new();
    for call in ALL {
        let fields = empty_fields(&decoded(&fixture(call)?)?.call);
        if !fields.is_empty() {
            empty.push((action(call), fields));
        }
    }
    let allowed: Vec<(String, Vec<String>)> = LEFT_OUT
        .iter()
        .map(|(name, fields)| {
            ((*name).to_owned(), fields.iter().map(|field| (*field).to_owned()).collect())
        })
        .collect();
    assert_eq!(empty, allowed);
    Ok(())
}

#[test]
fn every_fixture_has_a_call() -> Outcome {
    let known: BTreeSet<String> = ALL.iter().map(action).collect();
    assert_eq!(known.len(), ALL.len(), "a call is listed twice");
    let mut found = BTreeSet::new();
    for service in fs::read_dir(records())? {
        let service = service?;
        for file in fs::read_dir(service.path())? {
            let file = file?.file_name().to_string_lossy().into_owned();
            let name = file.strip_suffix(".json").unwrap_or(&file);
            found.insert(format!("{}:{name}", service.file_name().to_string_lossy()));
        }
    }
    assert_eq!(found, known);
    Ok(())
}

#[test]
fn all_of_iam_that_changes_state_is_typed() {
    let iam: Vec<&CallInfo> = ALL.iter().filter(|call| call.service == "iam").collect();
    assert_eq!(iam.len(), IAM_CALLS);
    assert!(iam.iter().all(|call| !trailwarden_record::names::reads(call.name)));
}

#[test]
fn summaries_are_one_sentence() {
    for call in ALL {
        let summary = call.summary;
        assert!(
            summary.ends_with('.') && !summary.contains(['\n', '!']) && !summary.contains(". "),
            "{}: {summary}",
            action(call)
        );
    }
}

#[test]
fn fixtures_hold_no_secrets() -> Outcome {
    for call in ALL {
        let text = fixture(call)?.to_string();
        for word in ["sessionToken", "secretAccessKey", "\"password\"", "PRIVATE KEY"] {
            assert!(!text.contains(word), "{}: {word}", action(call));
        }
    }
    Ok(())
}

#[test]
fn a_refusal_names_the_target() -> Outcome {
    for call in ALL.iter().filter(|call| call.service == "iam") {
        // A password is always the caller's own, whatever the message says.
        let name = if call.name == "ChangePassword" { "alice" } else { "victim" };
        let resource = match call.target {
            TargetKind::User => format!("user {name}"),
            TargetKind::Group => format!("group {name}"),
            TargetKind::Role => format!("role {name}"),
            TargetKind::Policy => format!("policy arn:aws:iam::111122223333:policy/{name}"),
            _ => continue,
        };
        let action = action(call);
        let event = decoded(&denied(fixture(call)?, &refusal(&action, &resource)))?;
        let target = event.target().ok_or("a typed call has a target")?;
        assert_eq!(target.name.as_deref(), Some(name), "{action}");
        let party = event.target_party();
        assert_eq!(party.account.as_deref(), Some("111122223333"), "{action}");
        assert_eq!(party.arn.is_some(), call.target == TargetKind::Policy, "{action}");
    }
    Ok(())
}

#[test]
fn a_refused_session_names_the_role() -> Outcome {
    let call = ALL.iter().find(|call| call.name == "AssumeRole").ok_or("AssumeRole is typed")?;
    let role = "arn:aws:iam::444455556666:role/admin";
    let event = decoded(&denied(fixture(call)?, &refusal("sts:AssumeRole", role)))?;
    assert_eq!(event.target_party().arn.as_deref(), Some(role));
    Ok(())
}

/// Without parameters nobody knows whom the caller meant; it must not be the caller by default.
#[test]
fn a_refusal_without_a_resource_blames_nobody() -> Outcome {
    let call = ALL.iter().find(|call| call.name == "CreateAccessKey").ok_or("it is typed")?;
    let message = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: \
                   iam:CreateAccessKey";
    let alice = json!({
        "type": "IAMUser",
        "arn": "arn:aws:iam::111122223333:user/alice",
        "accountId": "111122223333",
        "userName": "alice",
    });
    let record = denied(fixture(call)?, message);
    let record = overwritten(record, json!({ "userIdentity": alice }));
    assert_eq!(decoded(&record)?.target().and_then(|target| target.name), None);
    // The same call without parameters that succeeded is about the caller.
    let record = overwritten(record, json!({ "errorCode": null, "errorMessage": null }));
    let own = decoded(&record)?.target().and_then(|target| target.name);
    assert_eq!(own.as_deref(), Some("alice"));
    Ok(())
}
