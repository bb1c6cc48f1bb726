//! What `remediate plan` answers to the findings of every detection's own examples: a plan, or why there
//! is none. The lists are for reading: a reason that is not true, or helps nobody, is a fault.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "outcomes/told.rs"]
mod told;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect_file;
use serde_json::{Value, json};
use trailwarden_account::entry::order_of;
use trailwarden_account::snapshot::{Answer, Depth, Outcome as Asked, Snapshot};
use trailwarden_account::{Kind, Model, Models};
use trailwarden_detect::detection::Detection;
use trailwarden_detect::{detections, reference, trail};
use trailwarden_model::{AccountId, Finding, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::caller::CallerKind;
use trailwarden_record::row::Order;
use trailwarden_runtime::remedies::{History, Known, Made, Outcome as Became, plan};

use told::Told;

fn account() -> AccountId {
    AccountId::parse(trail::ACCOUNT).unwrap()
}

/// The trail's events in their order.
fn events(trail: &str) -> Vec<(Event, Order)> {
    let records = trail::records(trail).unwrap();
    let events = records.iter().map(|record| Event::decode(record.to_string().as_bytes()).unwrap());
    let mut events: Vec<(Event, Order)> =
        events.map(|event| (event.clone(), order_of(&event))).collect();
    events.sort_by_key(|(_, order)| *order);
    events
}

/// What AWS would have said right before the trail: an administrator who is out of it all, and those
/// whom the trail names and does not make, with nothing of their own.
fn before(events: &[(Event, Order)], findings: &[Finding]) -> Snapshot {
    let first = events.first().map_or(Timestamp::default(), |(event, _)| event.time);
    let mut snapshot = Snapshot::new(account(), "aws", first.plus(-60), Depth::Core);
    let history = History::of_events(events.iter().cloned(), &[], &[]);
    let empty = Model::new(account());
    let model = history.models().get(account()).unwrap_or(&empty);
    let mut named: BTreeMap<(&str, String), Option<String>> = BTreeMap::new();
    for one in model.identities().filter(|one| one.kind != Kind::Root) {
        let id = (!one.id.is_provisional()).then(|| one.id.to_string());
        let name = one.former_names.first().unwrap_or(&one.name);
        if !one.created.is_known() {
            named.insert((one.kind.as_str(), name.to_string()), id);
        }
    }
    let is_made = |kind: &str, name: &str| {
        let mut all = model.identities().filter(|one| one.kind.as_str() == kind);
        all.any(|one| one.name.eq_ignore_ascii_case(name))
    };
    for (event, _) in events {
        let caller = &event.caller;
        let (kind, name) = match caller.kind {
            CallerKind::User => ("user", &caller.user_name),
            CallerKind::Role => ("role", &caller.issuer_name),
            _ => continue,
        };
        let id = caller.principal_id.split(':').next().map(str::to_owned);
        if !is_made(kind, name) {
            named.insert((kind, name.clone()), id);
        }
    }
    for party in findings.iter().map(|finding| &finding.target) {
        let kind =
            ["user", "group", "role"].into_iter().find(|one| party.kind.as_deref() == Some(one));
        let is_root = party.arn.as_deref().is_some_and(|arn| arn.ends_with(":root"));
        if let (Some(kind), Some(name), false) = (kind, &party.name, is_root)
            && !is_made(kind, name)
        {
            named.entry((kind, name.clone())).or_default();
        }
    }
    let loses_boundary = events.iter().any(|(event, _)| event.name().contains("Boundary"));
    let of = |kind: &str| {
        let all = named.iter().filter(|((one, _), _)| *one == kind);
        let all = all.map(|((_, name), id)| described(kind, name, id.as_deref(), loses_boundary));
        all.collect::<Vec<Value>>()
    };
    let policies = model.policies().filter(|policy| !policy.arn.contains(":aws:policy/"));
    let is_old = |arn: &str| {
        let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
        !events.iter().any(|(event, _)| {
            event.name() == "CreatePolicy" && event.request("policyName") == Some(&name)
        })
    };
    let boundary = format!("arn:aws:iam::{}:policy/{BOUNDARY}", trail::ACCOUNT);
    let arns = policies.map(|policy| policy.arn.to_string()).filter(|arn| is_old(arn));
    let arns: BTreeSet<String> = arns.chain(loses_boundary.then_some(boundary)).collect();
    let policies: Vec<Value> = arns.iter().map(|arn| policy(arn)).collect();
    let mut users = of("user");
    let mut keeper = described("user", "keeper", None, false);
    keeper["AttachedManagedPolicies"] = json!([{ "PolicyName": "AdministratorAccess",
        "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess" }]);
    users.push(keeper);
    let rows = named.keys().filter(|(kind, _)| *kind == "user").map(|(_, name)| row(name, false));
    let report: String = rows.chain([row("keeper", true)]).collect();
    let report = STANDARD.encode(format!("{HEADER}\n{report}"));
    let body = json!({ "UserDetailList": users, "GroupDetailList": of("group"),
        "RoleDetailList": of("role"), "Policies": policies, "IsTruncated": false });
    let rules = json!({ "MinimumPasswordLength": 14, "RequireSymbols": true, "RequireNumbers": true,
        "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": true,
        "AllowUsersToChangePassword": true, "ExpirePasswords": false, "PasswordReusePrevention": 24 });
    for (api, body) in [
        ("iam:GetAccountAuthorizationDetails", body),
        ("iam:GetAccountPasswordPolicy", json!({ "PasswordPolicy": rules })),
        (
            "iam:GetCredentialReport",
            json!({ "Content": report, "ReportFormat": "text/csv",
            "GeneratedTime": snapshot.taken.to_string() }),
        ),
    ] {
        snapshot.push(Answer {
            api: api.to_owned(),
            region: None,
            about: BTreeMap::new(),
            time: snapshot.taken,
            outcome: Asked::Got { body },
        });
    }
    for (_, name) in named.keys().filter(|(kind, _)| *kind == "user") {
        snapshot.push(Answer {
            api: "iam:ListAccessKeys".to_owned(),
            region: None,
            about: [("UserName".to_owned(), name.clone())].into(),
            time: snapshot.taken,
            outcome: Asked::Got { body: json!({ "AccessKeyMetadata": [] }) },
        });
    }
    settings(events).into_iter().for_each(|(api, about, body)| {
        snapshot.push(Answer {
            api: api.to_owned(),
            region: None,
            about: about.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            time: snapshot.taken,
            outcome: Asked::Got { body },
        });
    });
    snapshot
}

type Said = (&'static str, Vec<(&'static str, String)>, Value);

/// What AWS would have said of the trails and buckets that events are about: sound ones.
fn settings(events: &[(Event, Order)]) -> Vec<Said> {
    let mut trails: BTreeMap<String, String> = BTreeMap::new();
    let mut buckets: BTreeSet<String> = BTreeSet::new();
    for (event, _) in events {
        let name = event.request("name").or_else(|| event.request("trailName"));
        match (event.service(), name) {
            ("cloudtrail", Some(name)) if event.name() != "CreateTrail" => {
                let name = name.rsplit('/').next().unwrap_or(name).to_owned();
                trails.entry(name).or_insert_with(|| event.region.clone());
            }
            ("s3", _) => buckets.extend(event.request("bucketName").map(str::to_owned)),
            _ => {}
        }
    }
    let arn = |name: &str, home: &str| {
        format!("arn:aws:cloudtrail:{home}:{}:trail/{name}", trail::ACCOUNT)
    };
    let list: Vec<Value> = trails
        .iter()
        .map(|(name, home)| {
            json!({ "Name": name, "S3BucketName": "logs", "HomeRegion": home,
                "TrailARN": arn(name, home), "IncludeGlobalServiceEvents": true,
                "IsMultiRegionTrail": true, "LogFileValidationEnabled": true })
        })
        .collect();
    let mut said = vec![("cloudtrail:DescribeTrails", vec![], json!({ "trailList": list }))];
    for (name, home) in &trails {
        let arn = arn(name, home);
        said.push((
            "cloudtrail:GetTrailStatus",
            vec![("Name", arn.clone())],
            json!({ "IsLogging": true }),
        ));
        let all = json!({ "EventSelectors": [{ "ReadWriteType": "All",
            "IncludeManagementEvents": true, "DataResources": [],
            "ExcludeManagementEventSources": [] }] });
        said.push(("cloudtrail:GetEventSelectors", vec![("TrailName", arn)], all));
    }
    let closed = json!({ "PublicAccessBlockConfiguration": { "BlockPublicAcls": true,
        "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true } });
    for bucket in &buckets {
        let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
            "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": "s3:GetBucketAcl",
            "Resource": format!("arn:aws:s3:::{bucket}") }] });
        let about = || vec![("Bucket", bucket.clone())];
        said.push(("s3:GetBucketPolicy", about(), json!({ "Policy": policy.to_string() })));
        said.push(("s3:GetPublicAccessBlock", about(), closed.clone()));
    }
    said
}

const BOUNDARY: &str = "limits";

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

fn row(name: &str, has_password: bool) -> String {
    let arn = format!("arn:aws:iam::{}:user/{name}", trail::ACCOUNT);
    format!(
        "{name},{arn},2025-01-01T00:00:00+00:00,{has_password},N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    )
}

/// A managed policy of which nobody would say a bad word.
fn policy(arn: &str) -> Value {
    let name = arn.rsplit('/').next().unwrap_or_default();
    let nothing = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "logs:Get*", "Resource": "*" } ] });
    json!({ "PolicyName": name, "PolicyId": format!("ANPA{name}"), "Arn": arn, "Path": "/",
        "DefaultVersionId": "v1", "AttachmentCount": 0, "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": true, "CreateDate": "2025-01-01T00:00:00Z",
        "UpdateDate": "2025-01-01T00:00:00Z",
        "PolicyVersionList": [{ "Document": nothing, "VersionId": "v1",
            "IsDefaultVersion": true, "CreateDate": "2025-01-01T00:00:00Z" }] })
}

/// A user, group or role as AWS describes it: with nothing of its own.
fn described(kind: &str, name: &str, id: Option<&str>, is_bounded: bool) -> Value {
    let (word, prefix) = match kind {
        "group" => ("Group", "AGPA"),
        "role" => ("Role", "AROA"),
        _ => ("User", "AIDA"),
    };
    let id = id.map_or_else(|| format!("{prefix}OLD{name}"), str::to_owned);
    let arn = format!("arn:aws:iam::{}:{kind}/{name}", trail::ACCOUNT);
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
        "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }] });
    let mut value = json!({ "Path": "/", "Arn": arn, "CreateDate": "2025-01-01T00:00:00Z",
        "AttachedManagedPolicies": [] });
    let parts = value.as_object_mut().unwrap();
    parts.insert(format!("{word}Name"), name.into());
    parts.insert(format!("{word}Id"), id.into());
    parts.insert(format!("{word}PolicyList"), json!([]));
    if is_bounded && kind != "group" {
        let arn = format!("arn:aws:iam::{}:policy/{BOUNDARY}", trail::ACCOUNT);
        let boundary =
            json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn });
        parts.insert("PermissionsBoundary".to_owned(), boundary);
    }
    match kind {
        "user" => drop(parts.insert("GroupList".to_owned(), json!([]))),
        "role" => {
            parts.insert("AssumeRolePolicyDocument".to_owned(), trust);
            parts.insert("InstanceProfileList".to_owned(), json!([]));
        }
        _ => {}
    }
    value
}

/// Plans for what a detection finds in a trail.
fn made(detection: &'static Detection, trail: &str) -> Made {
    planned(trail, &reference::judge_example(detection, trail).unwrap())
}

fn planned(trail: &str, findings: &[Finding]) -> Made {
    let events = events(trail);
    let snapshot = before(&events, findings);
    let baseline = snapshot.baseline().unwrap();
    let history = History::of_events(events.iter().cloned(), &[baseline], findings);
    let models: &Models = history.models();
    let now = history.until().unwrap_or_default().plus(3_600);
    let known = Known { history: Some(&history), ..Known::of(&snapshot, models, now) };
    plan(known, findings, &[])
}

/// Of a tag that mallory gave: what becomes of the finding, when what she did is planned for.
fn of_a_tag(trail: &str) -> (Made, usize) {
    let detection = detections::ALL.iter().find(|one| one.id == "permissions-widened");
    let mut findings = reference::judge_example(detection.unwrap(), trail).unwrap();
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    let is_tag = |one: &&Finding| one.evidence.iter().any(|it| it.event_name == "TagUser");
    let tag = findings.iter().find(is_tag).unwrap().id.clone();
    let made = planned(trail, &findings);
    let at = made.answers.iter().position(|answer| answer.finding == tag).unwrap();
    (made, at)
}

/// Something for bob, and everything once he has a tag.
fn for_tagged(actor: &str, name: &str) -> String {
    let all = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*" },
        { "Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": { "StringEquals": { "aws:PrincipalTag/team": "ops" } } }] });
    let request = json!({ "request": { "policyName": name, "policyDocument": all.to_string() } });
    format!("{actor} iam:PutUserPolicy user/bob {request}\n")
}

const TAGGED: &str =
    r#"mallory iam:TagUser user/bob {"request":{"tags":[{"key":"team","value":"ops"}]}}"#;

#[test]
fn what_another_step_closes_names_that_step() {
    let given = for_tagged("mallory", "given");
    let (made, at) = of_a_tag(&format!("admin iam:CreateUser user/bob\n{given}{TAGGED}"));
    let answer = &made.answers[at];
    assert_eq!(answer.outcome, Became::Same, "{answer:?}");
    let steps = &made.plan.as_ref().unwrap().steps;
    let named: Vec<&str> = steps
        .iter()
        .filter(|step| answer.steps.contains(&step.id))
        .map(|step| step.purpose.as_str())
        .collect();
    assert_eq!(named, ["delete the inline policy given of bob"]);
}

#[test]
fn what_is_open_by_another_way_is_not_called_closed() {
    let (given, other) = (for_tagged("mallory", "given"), for_tagged("admin", "other"));
    let (made, at) = of_a_tag(&format!("admin iam:CreateUser user/bob\n{other}{given}{TAGGED}"));
    let answer = &made.answers[at];
    assert_eq!(answer.outcome, Became::Person, "{answer:?}");
    assert!(answer.how[0].contains("untag-user --user-name bob --tag-keys team"), "{answer:?}");
}

/// A quarantine that AWS put on is never taken off because a key is to be switched off.
#[test]
fn only_what_is_to_be_undone_is_told_how_to_undo() {
    let detection = detections::ALL.iter().find(|one| one.id == "key-quarantined-by-aws").unwrap();
    for trail in detection.fires_on {
        for answer in made(detection, trail).answers {
            assert!(
                !answer.how.iter().any(|step| step.contains("delete-user-policy")),
                "{answer:?}"
            );
        }
    }
}

/// What stays unknown: which key AWS's quarantine is about (AWS alone says), and what records changed that
/// lack the document, which real ones have. Whatever has no plan says how a person does it, but where there is
/// nothing to do.
#[test]
fn every_finding_of_a_detection_has_a_plan_or_a_true_reason() {
    let mut told = Told::default();
    for detection in detections::ALL {
        told.rule(detection.id, detection.fires_on.iter().map(|trail| made(detection, trail)));
    }
    expect_file!["outcomes/detections.txt"].assert_eq(&told.finish());
}

fn detection(id: &str) -> &'static Detection {
    detections::ALL.iter().find(|one| one.id == id).unwrap()
}

/// What denies older sessions does nothing to a key.
#[test]
fn who_acts_by_a_key_loses_the_key_before_the_sessions() {
    for rule in ["iam-enumeration", "roles-probed"] {
        let detection = detection(rule);
        let operations = |trail: &str| {
            let made = made(detection, trail);
            let steps = made.plan.iter().flat_map(|plan| &plan.steps);
            steps.map(|step| step.operation.clone()).collect::<Vec<String>>()
        };
        assert_eq!(operations(detection.fires_on[0]), ["UpdateAccessKey"], "{rule}");
        assert_eq!(operations(detection.fires_on[1]), ["PutRolePolicy"], "{rule}: a session");
    }
}

/// A session outlives the key that it was made with.
#[test]
fn sessions_that_were_given_out_are_ended_first() {
    let made = made(
        detection("broad-federation-token-issued"),
        detection("broad-federation-token-issued").fires_on[0],
    );
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    let operations: Vec<&str> = steps.map(|step| step.operation.as_str()).collect();
    assert_eq!(operations, ["PutUserPolicy"]);
}

#[test]
fn of_a_refused_call_the_caller_is_to_be_looked_at() {
    for rule in ["trail-stopped-or-deleted", "detective-control-switched-off"] {
        let detection = detection(rule);
        let refused = detection.fires_on.iter().find(|trail| trail.contains("denied")).unwrap();
        let made = made(detection, refused);
        let answer = &made.answers[0];
        assert_eq!(answer.outcome, Became::Already, "{answer:?}");
        assert!(answer.how.iter().any(|step| step.contains("deactivate-access-key")), "{answer:?}");
    }
}

/// Also where no log shows what was before.
#[test]
fn a_trust_policy_that_was_set_back_needs_no_more() {
    let became = |rule: &str, trail: &str| {
        let findings = reference::judge_example(detection(rule), trail).unwrap();
        let history = History::of_events(events(trail), &[], &findings);
        let snapshot = Snapshot::new(account(), "aws", Timestamp::from_seconds(0), Depth::Packed);
        let now = history.until().unwrap().plus(3_600);
        let known =
            Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
        let answer = plan(known, &findings, &["remove-trust".to_owned()]).answers[0].clone();
        (answer.outcome, answer.reason.unwrap_or_default())
    };
    for (rule, who) in
        [("role-trusts-anyone", "*"), ("role-trusts-foreign-account", "999988887777")]
    {
        let opened = format!(
            "admin iam:CreateRole role/app\nmallory iam:UpdateAssumeRolePolicy role/app trust={who}"
        );
        let shut =
            format!("{opened}\nadmin iam:UpdateAssumeRolePolicy role/app trust=ec2.amazonaws.com");
        assert_eq!(became(rule, &shut).0, Became::Already, "{:?}", became(rule, &shut));
        assert_ne!(became(rule, &opened).0, Became::Already, "{rule}");
    }
}

/// Whoever was deleted after what was found is gone for each remediation alike, also where nobody asked
/// AWS for all users.
#[test]
fn who_was_deleted_is_gone_for_every_remediation() {
    let trail = "mallory iam:CreateUser user/eve\n\
                 mallory iam:CreateAccessKey user/eve\n\
                 mallory iam:DeleteUser user/eve";
    let detection = detections::ALL.iter().find(|one| one.id == "access-key-for-another-user");
    let events = events(trail);
    let mut findings = reference::judge_example(detection.unwrap(), trail).unwrap();
    findings.truncate(1);
    let offered = ["attach-quarantine-policy", "deactivate-access-key", "delete-login-profile"];
    findings[0].remediation = offered.map(str::to_owned).to_vec();
    let history = History::of_events(events, &[], &findings);
    let snapshot = Snapshot::new(account(), "aws", Timestamp::from_seconds(0), Depth::Packed);
    let now = history.until().unwrap().plus(3_600);
    let known = Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
    for chosen in offered {
        let made = plan(known, &findings, &[chosen.to_owned()]);
        assert_eq!(
            made.answers[0].reason.as_deref(),
            Some("`user/eve` is gone; there is nothing to do"),
            "{chosen}"
        );
    }
}
