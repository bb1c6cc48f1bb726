//! What `remediate plan` answers to the findings of every detection's own examples: a plan, or why there
//! is none. The lists are for reading: a reason that is not true, or helps nobody, is a fault.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "outcomes/after.rs"]
mod after;
#[path = "outcomes/besides.rs"]
mod besides;
#[path = "outcomes/callers.rs"]
mod callers;
#[path = "outcomes/chain.rs"]
mod chain;
#[path = "outcomes/records.rs"]
mod records;
#[path = "outcomes/since.rs"]
mod since;
#[path = "outcomes/together.rs"]
mod together;
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

/// Of a tag that mallory gave: what becomes of the finding, when what she did is planned for, and nobody asks for
/// the tag's own remediation.
fn of_a_tag(trail: &str) -> (Made, usize) {
    let detection = detections::ALL.iter().find(|one| one.id == "permissions-widened");
    let mut findings = reference::judge_example(detection.unwrap(), trail).unwrap();
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    let is_tag = |one: &&Finding| one.evidence.iter().any(|it| it.event_name == "TagUser");
    let tag = findings.iter().find(is_tag).unwrap().id.clone();
    findings.iter_mut().for_each(|one| one.remediation.retain(|id| id != "restore-tags"));
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

/// No log is given, and nobody knows what was before.
#[test]
fn an_open_trust_policy_is_narrowed_by_the_baseline_alone() {
    let open = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" },
        { "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole" }] });
    let request = json!({ "request": { "policyDocument": open.to_string() } });
    let trail = format!(
        "admin iam:CreateRole role/app trust=ec2.amazonaws.com\n\
         mallory iam:UpdateAssumeRolePolicy role/app {request}"
    );
    let findings = reference::judge_example(detection("role-trusts-anyone"), &trail).unwrap();
    let events = events(&trail);
    let snapshot = before(&events, &findings);
    let later = events.last().unwrap().0.time.plus(86_400);
    let whole = History::of_events(events, &[snapshot.baseline().unwrap()], &findings);
    let told = after::said(whole.models().get(account()).unwrap(), &snapshot, later);
    let models = Models::from_baselines(&[told.baseline().unwrap()]);
    let known = Known::of(&told, &models, later.plus(3_600));
    let made = plan(known, &findings, &["remove-trust".to_owned()]);
    assert_eq!(made.answers[0].outcome, Became::Planned, "{:?}", made.answers[0]);
    let document = made.plan.unwrap().steps[0].input["PolicyDocument"].clone();
    let document = document.as_str().unwrap();
    assert!(document.contains("ec2.amazonaws.com") && !document.contains('*'), "{document}");
}

/// An engineer in a hurry tries what is offered besides.
#[test]
fn what_cannot_fit_a_finding_is_not_offered_besides() {
    let attached = r"admin iam:CreateUser user/bob
mallory iam:AttachUserPolicy user/bob aws-policy/AdministratorAccess";
    let made = made(detection("permissions-widened"), attached);
    let answer = made.answers.iter().find(|it| it.outcome == Became::Planned).unwrap();
    assert_eq!(answer.remediation.as_deref(), Some("detach-policy"));
    assert_eq!(answer.others, Vec::<String>::new());
}

/// Records tell a user's name and path by the way; nothing is said of them where another thing was changed.
#[test]
fn a_rename_answers_for_nothing_but_a_rename() {
    let widened = |trail: &str| {
        let findings = reference::judge_example(detection("own-permissions-widened"), trail);
        let findings = findings.unwrap();
        let history = History::of_events(events(trail), &[], &findings);
        let snapshot = Snapshot::new(account(), "aws", Timestamp::from_seconds(0), Depth::Packed);
        let now = history.until().unwrap().plus(3_600);
        let known =
            Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
        plan(known, &findings, &[]).answers
    };
    let trail = "admin iam:PutUserPolicy user/mallory allow=*
mallory iam:DeleteUserPolicy user/mallory named=held";
    for answer in widened(trail) {
        assert_ne!(answer.remediation.as_deref(), Some("rename-user"), "{answer:?}");
        assert_ne!(answer.outcome, Became::Already, "{answer:?}");
    }
}

/// A tag whose value nobody saw before, and a membership that somebody gave back.
#[test]
fn what_was_before_is_put_back_only_where_it_is_known_and_gone() {
    let mine = |findings: &[Finding], made: &Made| {
        let mine = findings.iter().rfind(|one| one.actor.name.as_deref() == Some("mallory"));
        let mine = mine.unwrap().id.as_str();
        let answer = made.answers.iter().find(|answer| answer.finding == mine).unwrap();
        (answer.outcome, answer.remediation.clone().unwrap_or_default())
    };
    let tagged = format!("{}{TAGGED}", for_tagged("admin", "given"));
    let findings = reference::judge_example(detection("permissions-widened"), &tagged).unwrap();
    let history = History::of_events(events(&tagged), &[], &findings);
    let snapshot = Snapshot::new(account(), "aws", Timestamp::from_seconds(0), Depth::Packed);
    let now = history.until().unwrap().plus(3_600);
    let known = Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
    let (outcome, _) = mine(&findings, &plan(known, &findings, &["restore-tags".to_owned()]));
    assert_eq!(outcome, Became::Unknown, "nobody saw the tag before");
    let became = |trail: &str| {
        let findings = reference::judge_example(detection("deny-or-condition-dropped"), trail);
        let findings = findings.unwrap();
        mine(&findings, &planned(trail, &findings))
    };
    let out = "admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=*
admin iam:CreateGroup group/held
admin iam:PutGroupPolicy group/held deny=iam:*
admin iam:AddUserToGroup user/bob group/held
mallory iam:RemoveUserFromGroup user/bob group/held";
    let of = |outcome: Became| (outcome, "add-to-group".to_owned());
    assert_eq!(became(out), of(Became::Planned));
    let again = format!("{out}\nadmin iam:AddUserToGroup user/bob group/held");
    assert_eq!(became(&again), of(Became::Already));
    let gone = "admin iam:DeleteGroupPolicy group/held\nadmin iam:DeleteGroup group/held";
    assert_eq!(became(&format!("{out}\n{gone}")), of(Became::Person));
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

/// The steps of the plans for a detection's examples that are planned anew after a person made them, and findings
/// that are not answered then: by what the logs show, or by a baseline from after it.
fn planned_anew(detection: &'static Detection, is_logged: bool) -> Vec<String> {
    let mut anew = Vec::new();
    for trail in detection.fires_on {
        let findings = reference::judge_example(detection, trail).unwrap();
        let events = events(trail);
        let snapshot = before(&events, &findings);
        let made = planned(trail, &findings);
        let Some(plan_made) = made.plan else { continue };
        let last = events.last().unwrap().0.time;
        let mut all = events.clone();
        all.extend(after::calls(&plan_made, last));
        let whole = History::of_events(all, &[snapshot.baseline().unwrap()], &findings);
        let later = last.plus(86_400);
        let told = after::said(whole.models().get(account()).unwrap(), &snapshot, later);
        let baselines = [snapshot.baseline().unwrap(), told.baseline().unwrap()];
        let of_baseline = History::of_events(events.clone(), &baselines, &findings);
        let (history, snapshot) =
            if is_logged { (&whole, &snapshot) } else { (&of_baseline, &told) };
        let older = [before(&events, &findings)];
        let known = Known {
            history: Some(history),
            older: &older,
            ..Known::of(snapshot, history.models(), later.plus(3_600))
        };
        let again = plan(known, &findings, &[]);
        let done = made.answers.iter().filter(|answer| !answer.steps.is_empty());
        for answer in done {
            let of_it = || again.answers.iter().filter(|it| it.finding == answer.finding);
            let same = of_it().find(|it| it.remediation == answer.remediation);
            // What goes with another step is not told again where it is done.
            if same.is_none() && answer.goes_with.is_some() {
                continue;
            }
            let now = same.or_else(|| of_it().find(|it| it.outcome == Became::Already));
            assert!(now.is_some(), "{}: {answer:?}", detection.id);
            let now = now.unwrap();
            let steps = again.plan.iter().flat_map(|plan| &plan.steps);
            let steps: Vec<&str> = steps.map(|step| step.purpose.as_str()).collect();
            let had: Vec<&str> = plan_made.steps.iter().map(|it| it.purpose.as_str()).collect();
            // Once nobody can come in any more, those who are in are left.
            let is_rest = detection.id == "trust-opened-to-self-and-used"
                && now.remediation.as_deref() == Some("revoke-sessions")
                && steps.iter().all(|step| !had.contains(step));
            // AWS says when a password was changed last, and not by whom.
            let is_untold =
                !is_logged && answer.remediation.as_deref() == Some("reset-console-password");
            if now.outcome != Became::Already && !is_rest && !is_untold {
                anew.push(format!(
                    "{}: {} after {had:?}: {:?} {} {steps:?}",
                    detection.id,
                    answer.remediation.as_deref().unwrap_or_default(),
                    now.outcome,
                    now.reason.as_deref().unwrap_or_default(),
                ));
            }
        }
    }
    anew
}

/// Whoever did what a plan says, by the console or a command of his own, is not asked to do it again.
#[test]
fn what_a_person_put_right_is_not_planned_anew() {
    let anew: Vec<String> =
        detections::ALL.iter().flat_map(|detection| planned_anew(detection, true)).collect();
    assert!(anew.is_empty(), "{}", anew.join("\n"));
}

/// Also where no log shows it, but AWS says so later.
#[test]
fn what_a_newer_baseline_shows_put_right_is_not_planned_anew() {
    let anew: Vec<String> =
        detections::ALL.iter().flat_map(|detection| planned_anew(detection, false)).collect();
    assert!(anew.is_empty(), "{}", anew.join("\n"));
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

/// A session outlives the key that it was made with, and the key makes the next one.
#[test]
fn sessions_that_were_given_out_are_ended_with_the_key() {
    let made = made(
        detection("broad-federation-token-issued"),
        detection("broad-federation-token-issued").fires_on[0],
    );
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    let operations: Vec<&str> = steps.map(|step| step.operation.as_str()).collect();
    assert_eq!(operations, ["UpdateAccessKey", "PutUserPolicy"]);
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

/// Of a role with a policy that nobody has seen, alone and beside the finding of who gave it.
#[test]
fn a_policy_that_nobody_has_seen_is_told_beside_what_is_taken_away() {
    let trail = "admin iam:CreateUser user/keeper\n\
                 admin iam:AttachUserPolicy user/keeper aws-policy/AdministratorAccess\n\
                 admin iam:CreateLoginProfile user/keeper\n\
                 admin iam:CreateRole role/app trust=ec2.amazonaws.com\n\
                 admin iam:AttachRolePolicy role/app policy/hidden\n\
                 mallory iam:AttachRolePolicy role/app aws-policy/AdministratorAccess";
    let rule = "permissions-widened";
    let mut findings = reference::judge_example(detection(rule), trail).unwrap();
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    let mut flaw = findings[0].clone();
    flaw.id = "tw-flaw".to_owned();
    flaw.rule = "role-is-administrator".to_owned();
    flaw.kind = trailwarden_model::finding::Kind::Posture;
    flaw.evidence.clear();
    flaw.target.arn = Some("arn:aws:iam::111122223333:role/app".to_owned());
    flaw.remediation = vec!["detach-policy".to_owned()];
    for all in [vec![flaw.clone()], vec![findings[0].clone(), flaw.clone()]] {
        let events = events(trail);
        let history = History::of_events(events, &[], &all);
        let snapshot = Snapshot::new(account(), "aws", Timestamp::from_seconds(0), Depth::Packed);
        let now = history.until().unwrap().plus(3_600);
        let known =
            Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
        let made = plan(known, &all, &[]);
        let preview = made.plan.as_ref().unwrap().preview.effect.as_ref().unwrap();
        let is_hidden = |one: &&String| one.contains("policy/hidden of role/app");
        assert!(preview.unknowns.iter().any(|one| is_hidden(&one)), "{:?}", preview.unknowns);
        let answer = made.answers.iter().find(|one| one.finding == "tw-flaw").unwrap();
        let is_same = all.len() > 1;
        assert_eq!(answer.outcome, if is_same { Became::Same } else { Became::Planned });
        let reason = answer.reason.as_deref().unwrap_or_default();
        assert_eq!(reason.contains("policy/hidden"), is_same, "{reason}");
    }
}

/// A document for bob's inline policy, by somebody.
fn put(actor: &str, actions: &[&str]) -> String {
    let statements = actions
        .iter()
        .map(|action| json!({ "Effect": "Allow", "Action": action, "Resource": "*" }))
        .collect::<Vec<_>>();
    let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let request = json!({ "request": { "policyName": "work", "policyDocument": document } });
    format!("{actor} iam:PutUserPolicy user/bob {request}\n")
}

/// What becomes of mallory's finding after these calls, and the documents that the plan writes.
fn of_mallory(rule: &str, trail: &str) -> (Became, Vec<String>) {
    let mut findings = reference::judge_example(detection(rule), trail).unwrap();
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    findings.truncate(1);
    let made = planned(trail, &findings);
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    let written = steps.map(|step| {
        let document = step.input.get("PolicyDocument").and_then(|it| it.as_str());
        document.unwrap_or(&step.operation).to_owned()
    });
    (made.answers[0].outcome, written.collect())
}

/// Whatever somebody else wrote since stays; of the record's own only what it gave is taken out.
#[test]
fn what_a_colleague_wrote_since_is_never_taken_back() {
    let start = format!("admin iam:CreateUser user/bob\n{}", put("admin", &["s3:GetObject"]));
    let of =
        |calls: &[String]| of_mallory("permissions-widened", &format!("{start}{}", calls.concat()));
    let wide = put("mallory", &["*"]);
    let (became, written) = of(std::slice::from_ref(&wide));
    assert_eq!(became, Became::Planned);
    assert!(written[0].contains("s3:GetObject") && written.len() == 1, "{written:?}");
    let mended = [wide.clone(), put("anna", &["s3:GetObject", "sqs:*"])];
    assert_eq!(of(&mended), (Became::Already, Vec::new()));
    let back = [wide.clone(), put("anna", &["s3:GetObject"])];
    assert_eq!(of(&back), (Became::Already, Vec::new()));
    let (became, written) = of(&[wide.clone(), put("anna", &["*", "sqs:*"])]);
    assert_eq!(became, Became::Planned, "all is still there");
    let left = &written[0];
    assert!(left.contains("sqs:*") && left.contains("s3:GetObject"), "{left}");
    assert!(!left.contains("\"*\",\"Effect"), "{left}");
    let start = format!("{start}{}", put("admin", &["s3:GetObject", "sqs:*"]));
    let both = put("mallory", &["s3:GetObject", "sqs:*", "*"]);
    let trail = format!("{start}{both}{}", put("anna", &["s3:GetObject", "*"]));
    let (became, written) = of_mallory("permissions-widened", &trail);
    assert_eq!(became, Became::Planned);
    assert!(!written[0].contains("sqs:*"), "anna took it out: {written:?}");
    assert!(written[0].contains("s3:GetObject"), "{written:?}");
    let (became, written) = of(&[wide, put("mallory", &["s3:GetObject", "sqs:*"])]);
    assert_eq!(became, Became::Planned, "by the same hand");
    assert!(!written[0].contains("sqs:*"), "{written:?}");
}

/// Also of a managed policy, whose versions stay.
#[test]
fn a_later_version_of_a_colleague_stays_in_force() {
    let version = |actor: &str, allow: &str, id: &str| {
        let more = json!({ "request": { "setAsDefault": true },
            "response": { "policyVersion": { "versionId": id } } });
        format!("{actor} iam:CreatePolicyVersion policy/team allow={allow} {more}\n")
    };
    let start = format!(
        "admin iam:CreatePolicy policy/team allow=s3:Get*\nadmin iam:CreateUser user/bob\n\
         admin iam:AttachUserPolicy user/bob policy/team\n{}",
        version("mallory", "s3:Get*,iam:*", "v2")
    );
    let of = |trail: &str| of_mallory("policy-version-widened", trail);
    let (became, written) = of(&start);
    assert_eq!((became, written), (Became::Planned, vec!["SetDefaultPolicyVersion".to_owned()]));
    let mended = format!("{start}{}", version("anna", "s3:Get*,sqs:SendMessage", "v3"));
    assert_eq!(of(&mended), (Became::Already, Vec::new()));
    let same = format!("{start}{}", version("anna", "s3:Get*", "v3"));
    assert_eq!(of(&same), (Became::Already, Vec::new()));
}

/// A call that gives what is there already succeeds, and is not taken back.
#[test]
fn what_a_call_did_not_change_is_not_taken_back() {
    let attach = "iam:AttachUserPolicy user/bob aws-policy/AdministratorAccess";
    let of = |trail: &str| {
        let mut findings =
            reference::judge_example(detection("permissions-widened"), trail).unwrap();
        findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
        (!findings.is_empty()).then(|| planned(trail, &findings).answers[0].outcome)
    };
    let start = "admin iam:CreateUser user/bob\n";
    assert_eq!(of(&format!("{start}mallory {attach}")), Some(Became::Planned));
    let again = of(&format!("{start}admin {attach}\nmallory {attach}"));
    assert!(again.is_none_or(|became| became == Became::Already), "{again:?}");
    // A scan that did not see the first call finds the second.
    let findings =
        reference::judge_example(detection("permissions-widened"), &format!("mallory {attach}"));
    let mut finding = findings.unwrap().remove(0);
    let all = events(&format!("{start}admin {attach}\nmallory {attach}"));
    finding.evidence[0].event_id = all.last().unwrap().0.id.clone();
    finding.last_time = all.last().unwrap().0.time;
    let snapshot = before(&all, std::slice::from_ref(&finding));
    let findings = [finding];
    let history = History::of_events(all, &[snapshot.baseline().unwrap()], &findings);
    let known = Known {
        history: Some(&history),
        ..Known::of(&snapshot, history.models(), history.until().unwrap().plus(3_600))
    };
    let answer = plan(known, &findings, &[]).answers.remove(0);
    assert_eq!(answer.outcome, Became::Already, "{answer:?}");
}

/// What logs alone tell of findings.
fn of_logs(rule: &str, trail: &str, chosen: &[String]) -> Made {
    let findings = reference::judge_example(detection(rule), trail).unwrap();
    let history = History::of_events(events(trail), &[], &findings);
    let snapshot = Snapshot::new(account(), "aws", Timestamp::from_seconds(0), Depth::Packed);
    let now = history.until().unwrap().plus(3_600);
    let known = Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
    plan(known, &findings, chosen)
}

/// Whoever came in meanwhile is in still.
#[test]
fn a_role_that_was_closed_again_leaves_its_sessions() {
    let rule = "trust-opened-to-self-and-used";
    let opened = detection(rule).fires_on[0];
    let shut = format!(
        "{opened}\n+1m admin iam:UpdateAssumeRolePolicy role/admin trust=ec2.amazonaws.com"
    );
    let of_trust = of_logs(rule, &shut, &["remove-trust".to_owned()]).answers.remove(0);
    assert_eq!(of_trust.outcome, Became::Already, "{of_trust:?}");
    assert!(of_trust.how[0].contains("revoke-sessions"), "{of_trust:?}");
    let made = of_logs(rule, &shut, &[]);
    let steps: Vec<&str> =
        made.plan.iter().flat_map(|plan| &plan.steps).map(|step| step.purpose.as_str()).collect();
    assert_eq!(steps, ["end the sessions of admin"]);
    let ours = "+1m admin iam:UpdateAssumeRolePolicy role/admin trust=111122223333";
    let open = of_logs(rule, &format!("{opened}\n{ours}"), &["remove-trust".to_owned()]);
    assert_ne!(open.answers[0].outcome, Became::Already, "mallory is one of the account");
}

/// Also where it is another trust policy than before the change.
#[test]
fn a_trust_policy_that_somebody_meant_stays() {
    let rule = "role-trusts-foreign-account";
    let of = |now: &str| {
        let trail = format!(
            "admin iam:CreateRole role/app trust=ec2.amazonaws.com\n\
             mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777\n\
             admin iam:UpdateAssumeRolePolicy role/app trust={now}"
        );
        of_logs(rule, &trail, &[]).answers.remove(0).outcome
    };
    let document = |accounts: &[&str]| {
        let of = |it: &&str| {
            json!({ "Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": { "AWS": format!("arn:aws:iam::{it}:root") } })
        };
        let all: Vec<Value> = accounts.iter().map(of).collect();
        json!({ "Version": "2012-10-17", "Statement": all }).to_string()
    };
    let (ours, partner, theirs) = ("111122223333", "444455556666", "999988887777");
    let set = |who: &str, accounts: &[&str]| {
        let request = json!({ "request": { "policyDocument": document(accounts) } });
        format!("{who} iam:UpdateAssumeRolePolicy role/app {request}\n")
    };
    let trail = [
        "admin iam:CreateRole role/app trust=ec2.amazonaws.com\n".to_owned(),
        set("admin", &[ours, partner]),
        set("mallory", &[ours, partner, theirs]),
        set("admin", &[ours, theirs]),
    ]
    .concat();
    let mut findings = reference::judge_example(detection(rule), &trail).unwrap();
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    let text = format!("{:?}", planned(&trail, &findings).plan.unwrap().steps[0].input);
    assert!(text.contains(ours) && !text.contains(theirs), "{text}");
    assert!(!text.contains(partner), "admin took it out: {text}");
    assert_eq!(of("lambda.amazonaws.com"), Became::Already);
    assert_eq!(of("ec2.amazonaws.com"), Became::Already);
    assert_eq!(of("999988887777"), Became::Planned);
}

/// The record names the trail and its region; what must hold is asked for before the call.
#[test]
fn a_trail_that_was_stopped_is_started_by_what_the_record_says() {
    let rule = "trail-stopped-or-deleted";
    let made = of_logs(rule, "mallory cloudtrail:StopLogging trail/main", &[]);
    let plan = made.plan.unwrap_or_else(|| panic!("{:?}", made.answers));
    let steps: Vec<(&str, Option<&str>)> =
        plan.steps.iter().map(|it| (it.operation.as_str(), it.region.as_deref())).collect();
    assert_eq!(steps, [("StartLogging", Some("us-east-1"))]);
    let notes = format!("{:?}", plan.preview);
    assert!(notes.contains("where it writes"), "{notes}");
    let again =
        "mallory cloudtrail:StopLogging trail/main\nadmin cloudtrail:StartLogging trail/main";
    assert!(of_logs(rule, again, &[]).plan.is_none());
}

/// What findings of logs alone still ask for: each line must be something that no record tells.
#[test]
fn what_logs_alone_do_not_tell_is_asked_for() {
    let mut lines: BTreeSet<String> = BTreeSet::new();
    for detection in detections::ALL {
        for trail in detection.fires_on {
            for answer in of_logs(detection.id, trail, &[]).answers {
                let reason = answer.reason.as_deref().unwrap_or_default();
                if answer.outcome == Became::Unknown {
                    let remedy = answer.remediation.as_deref().unwrap_or_default();
                    lines.insert(format!("{}: {remedy}: {reason}", detection.id));
                }
            }
        }
    }
    let lines: Vec<String> = lines.into_iter().collect();
    expect_file!["outcomes/logs.txt"].assert_eq(&format!("{}\n", lines.join("\n")));
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
        assert_eq!(made.answers[0].reason.as_deref(), Some("`user/eve` is gone"), "{chosen}");
    }
}
