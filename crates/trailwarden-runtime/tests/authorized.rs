//! Change policies from logs to findings, on the policy that the documentation writes: a deploy role
//! manages application roles under `/app/`, within their boundary, from its pipeline only.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use trailwarden_authorize::{Asked, EffectFacts, File, Policies};
use trailwarden_detect::Settings;
use trailwarden_detect::changes::{ChangeRow, governed};
use trailwarden_detect::detections::ALL;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::finding::{Kind, Status, Verdict};
use trailwarden_model::{Finding, Outcome, Severity, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::authorization::Authorize;
use trailwarden_runtime::scan::{self, MEMORY_MAX, Options, Progress, Scanned};
use trailwarden_runtime::sources::Input;

const ACCOUNT: &str = "111122223333";
const DEPLOY: &str = "arn:aws:iam::111122223333:role/ci/deploy";
const SUBJECT: &str = "repo:acme/infra:ref:refs/heads/main";

const PERMIT: &str = r#"
@id("deploy-app-roles")
permit (
    principal == Role::"arn:aws:iam::111122223333:role/ci/deploy",
    action in [Action::"iam:CreateRole", Action::"iam:PutRolePolicy"],
    resource
) when {
    resource has path && resource.path like "/app/*"
    && context has behind && context.behind has subject
    && context.behind.subject == "repo:acme/infra:ref:refs/heads/main"
    && context has effect
    && context.effect has within_boundary && context.effect.within_boundary
    && context.effect.grade_after_rank <= 3
};
"#;

const FORBID: &str = r#"
@id("nobody-stops-logging")
forbid (principal, action == Action::"cloudtrail:StopLogging", resource);
"#;

/// Records of one account, one second apart.
#[derive(Default)]
struct Story {
    records: Vec<Value>,
}

fn user(name: &str) -> Value {
    json!({"type": "IAMUser", "principalId": format!("AIDA{}", name.to_uppercase()), "accountId": ACCOUNT,
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"), "userName": name,
        "accessKeyId": format!("AKIA{}", name.to_uppercase())})
}

/// A session of a role, by the role's ARN and the session's key.
fn session(role: &str, key: &str) -> Value {
    let name = role.rsplit('/').next().unwrap();
    let account = role.split(':').nth(4).unwrap();
    json!({"type": "AssumedRole", "principalId": format!("AROA{}:run-7", name.to_uppercase()),
        "accountId": account, "accessKeyId": key,
        "arn": format!("arn:aws:sts::{account}:assumed-role/{name}/run-7"),
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": role, "accountId": account,
            "principalId": format!("AROA{}", name.to_uppercase()), "userName": name}}})
}

fn allow(action: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
        .to_string()
}

impl Story {
    /// A boundary, and the key of a session that the pipeline began.
    fn new() -> Self {
        let mut story = Self::default();
        let cap = format!("arn:aws:iam::{ACCOUNT}:policy/cap");
        story.call("iam", "CreatePolicy", user("root-of-trust"), json!({"policyName": "cap", "policyDocument": allow("s3:*")}),
            json!({"policy": {"policyName": "cap", "policyId": "ANPACAP", "arn": cap, "defaultVersionId": "v1"}}));
        let provider =
            format!("arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com");
        let pipeline = json!({"type": "WebIdentityUser", "userName": SUBJECT, "identityProvider": provider,
            "principalId": format!("{provider}:sts.amazonaws.com:{SUBJECT}")});
        story.call("sts", "AssumeRoleWithWebIdentity", pipeline, json!({"roleArn": DEPLOY, "roleSessionName": "run-7"}),
            json!({"credentials": {"accessKeyId": "ASIAPIPELINE"}, "subjectFromWebIdentityToken": SUBJECT,
                "provider": provider, "audience": "sts.amazonaws.com"}));
        story
    }

    fn call(
        &mut self,
        service: &str,
        name: &str,
        who: Value,
        request: Value,
        reply: Value,
    ) -> &mut Value {
        let number = self.records.len();
        let time = Timestamp::from_seconds(1_772_366_400 + number as i64);
        let account = who["accountId"].as_str().unwrap_or(ACCOUNT).to_owned();
        self.records.push(json!({"eventVersion": "1.11", "userIdentity": who, "eventTime": time.to_string(),
            "eventSource": format!("{service}.amazonaws.com"), "eventName": name, "awsRegion": "us-east-1",
            "sourceIPAddress": "203.0.113.9", "userAgent": "aws-cli/2.15", "requestParameters": request,
            "responseElements": reply, "eventID": format!("00000000-0000-4000-8000-{number:012}"),
            "eventType": "AwsApiCall", "recipientAccountId": account}));
        self.records.last_mut().unwrap()
    }

    /// A role under a path, with the boundary where it is asked for.
    fn role(&mut self, who: Value, path: &str, name: &str, is_capped: bool) {
        let account = who["accountId"].as_str().unwrap().to_owned();
        let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]});
        let mut request =
            json!({"roleName": name, "path": path, "assumeRolePolicyDocument": trust.to_string()});
        if is_capped {
            request["permissionsBoundary"] = json!(format!("arn:aws:iam::{account}:policy/cap"));
        }
        let reply = json!({"role": {"roleName": name, "roleId": format!("AROA{}", name.to_uppercase()), "path": path,
            "arn": format!("arn:aws:iam::{account}:role{path}{name}")}});
        self.call("iam", "CreateRole", who, request, reply);
    }

    fn put(&mut self, who: Value, role: &str, action: &str) -> &mut Value {
        let request = json!({"roleName": role, "policyName": "p", "policyDocument": allow(action)});
        self.call("iam", "PutRolePolicy", who, request, Value::Null)
    }

    fn pipeline(&mut self) -> Value {
        session(DEPLOY, "ASIAPIPELINE")
    }

    /// A user enters a role; the key that he gets.
    fn assume(&mut self, name: &str, role: &str) -> String {
        let key = format!("ASIA{}", name.to_uppercase());
        let reply = json!({"credentials": {"accessKeyId": key}});
        self.call(
            "sts",
            "AssumeRole",
            user(name),
            json!({"roleArn": role, "roleSessionName": "run-7"}),
            reply,
        );
        key
    }
}

fn policies(text: &str) -> Arc<Policies> {
    let file = File { name: "all.cedar".to_owned(), text: text.to_owned() };
    match Policies::load(&[file]) {
        Ok(policies) => Arc::new(policies),
        Err(errors) => panic!("{errors:?}"),
    }
}

fn scan_files(files: &[Vec<Value>], policies: Option<Arc<Policies>>, threads: usize) -> Scanned {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (number, records) in files.iter().enumerate() {
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, json!({"Records": records}).to_string()).unwrap();
        paths.push(path.to_str().unwrap().to_owned());
    }
    let options = Options {
        input: Input::local(&paths),
        detections: ALL.to_vec(),
        settings: Settings::default(),
        rules: RuleSet::load(&[]).0,
        geoip: None,
        since: None,
        until: None,
        accounts: Vec::new(),
        limits: Limits::default(),
        memory_max: MEMORY_MAX,
        spill_dir: None,
        threads,
        no_skip: false,
        baselines: Vec::new(),
        changes: true,
        authorize: Authorize { policies, keeps_asked: true },
    };
    scan::run_whole(&options, &Progress::default()).unwrap()
}

fn judged(story: &Story, text: &str) -> Scanned {
    scan_files(std::slice::from_ref(&story.records), Some(policies(text)), 1)
}

/// What is said of the last change.
fn last(scanned: &Scanned) -> &ChangeRow {
    scanned.changes.last().unwrap()
}

fn effect(asked: &Asked) -> &trailwarden_authorize::KnownEffect {
    match &asked.effect {
        EffectFacts::Known(effect) => effect,
        EffectFacts::Unknown { why } => panic!("{}: {why:?}", asked.action),
    }
}

/// The pipeline makes an application role and gives it something.
fn ordinary() -> Story {
    let mut story = Story::new();
    let pipeline = story.pipeline();
    story.role(pipeline.clone(), "/app/", "web", true);
    story.put(pipeline, "web", "s3:PutObject");
    story
}

#[test]
fn what_the_pipeline_does_within_its_bound_is_permitted() {
    let scanned = judged(&ordinary(), PERMIT);
    let made = scanned.changes.iter().filter(|row| row.actor.kind.as_deref() == Some("federated"));
    let verdicts: Vec<_> = made
        .map(|row| (row.event.as_str(), row.authorized.verdict, row.authorized.by.join(",")))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("iam:CreateRole", Verdict::Permitted, "deploy-app-roles".to_owned()),
            ("iam:PutRolePolicy", Verdict::Permitted, "deploy-app-roles".to_owned()),
        ]
    );
    let put = scanned.asked.last().unwrap();
    assert_eq!(put.actor.arn.as_deref(), Some(DEPLOY));
    assert_eq!(put.actor.path.as_deref(), Some("/ci/"));
    assert_eq!(put.actor.behind.as_ref().unwrap().subject.as_deref(), Some(SUBJECT));
    assert_eq!(put.target.arn.as_deref(), Some("arn:aws:iam::111122223333:role/app/web"));
    assert_eq!(effect(put).gained, ["s3:PutObject"]);
    let used = scanned.report.summary.change_policies.unwrap();
    assert_eq!((used.policies, used.permitted, used.forbidden), (1, 2, 0));
    // The findings that rest on them alone are authorized, and keep their severity.
    for finding in scanned.report.findings.iter().filter(|one| one.kind != Kind::Health) {
        let is_made = |name: &str| ["CreateRole", "PutRolePolicy"].contains(&name);
        let of_pipeline = finding.evidence.iter().all(|one| is_made(&one.event_name));
        assert_eq!(finding.status == Status::Authorized, of_pipeline, "{}", finding.explanation);
    }
}

#[test]
fn a_spoofed_user_agent_changes_nothing() {
    let honest = ordinary();
    let mut spoofed = ordinary();
    spoofed.put(user("mallory"), "web", "iam:*");
    let mut honest = Story { records: honest.records };
    honest.put(user("mallory"), "web", "iam:*");
    for record in &mut spoofed.records {
        record["userAgent"] = json!("HashiCorp Terraform/1.9 (+https://www.terraform.io)");
    }
    let told = |story: &Story| {
        let scanned = judged(story, &format!("{PERMIT}{FORBID}"));
        let rows: Vec<_> = scanned.changes.iter().map(|row| row.authorized.clone()).collect();
        (serde_json::to_string(&rows).unwrap(), serde_json::to_string(&scanned.asked).unwrap())
    };
    assert_eq!(told(&honest), told(&spoofed));
}

#[test]
fn a_role_of_the_same_name_elsewhere_is_another() {
    for role in
        ["arn:aws:iam::111122223333:role/x/deploy", "arn:aws:iam::444455556666:role/ci/deploy"]
    {
        let mut story = ordinary();
        let who = session(role, "ASIAPIPELINE");
        story.role(who, "/app/", "other", true);
        let scanned = judged(&story, PERMIT);
        assert_eq!(last(&scanned).authorized.verdict, Verdict::Unknown, "{role}");
    }
}

#[test]
fn the_deploy_role_from_elsewhere_than_the_pipeline_is_not_permitted() {
    let mut story = ordinary();
    let key = story.assume("alice", DEPLOY);
    story.put(session(DEPLOY, &key), "web", "s3:GetObject");
    let scanned = judged(&story, PERMIT);
    assert_eq!(last(&scanned).authorized.verdict, Verdict::Unknown);
    assert_eq!(scanned.asked.last().unwrap().actor.behind.as_ref().unwrap().kind, "user");
    // Nobody knows how this session began.
    let mut story = ordinary();
    story.put(session(DEPLOY, "ASIAUNKNOWN"), "web", "s3:GetObject");
    let scanned = judged(&story, PERMIT);
    assert_eq!(last(&scanned).authorized.verdict, Verdict::Unknown);
    assert_eq!(scanned.asked.last().unwrap().actor.behind, None);
}

#[test]
fn a_permit_never_hides_an_escalation_beyond_its_bound() {
    // Without a boundary, and to an administrator.
    let mut story = ordinary();
    let pipeline = story.pipeline();
    story.role(pipeline.clone(), "/app/", "open", false);
    story.put(pipeline, "open", "*");
    let loose = PERMIT
        .replace("&& context.effect has within_boundary && context.effect.within_boundary", "");
    for text in [PERMIT, &loose] {
        let scanned = judged(&story, text);
        assert_eq!(last(&scanned).authorized.verdict, Verdict::Unknown);
        let grave = scanned.report.findings.iter().filter(|one| one.severity >= Severity::High);
        let of_last: Vec<&Finding> = grave
            .filter(|one| one.evidence.iter().any(|e| e.event_id == last(&scanned).event_id))
            .collect();
        assert!(!of_last.is_empty());
        assert!(of_last.iter().all(|finding| finding.status == Status::Open));
    }
}

#[test]
fn what_is_not_known_of_the_effect_is_never_permitted() {
    let mut story = Story::new();
    let pipeline = story.pipeline();
    // Nobody saw this role being made, so its path and what it may do are not known.
    story.put(pipeline, "old", "s3:GetObject");
    let path = "resource has path && resource.path like \"/app/*\"\n    && ";
    assert!(PERMIT.contains(path));
    let scanned = judged(&story, &PERMIT.replace(path, ""));
    assert!(matches!(scanned.asked.last().unwrap().effect, EffectFacts::Unknown { .. }));
    assert_eq!(last(&scanned).authorized.verdict, Verdict::Unknown);
}

#[test]
fn a_forbidden_call_is_a_finding_also_when_it_was_refused() {
    for (error, outcome, least) in [
        (None, Outcome::Succeeded, Severity::Medium),
        (Some("AccessDenied"), Outcome::Denied, Severity::Low),
    ] {
        let mut story = ordinary();
        let record = story.call(
            "cloudtrail",
            "StopLogging",
            user("mallory"),
            json!({"name": "main"}),
            Value::Null,
        );
        if let Some(error) = error {
            record["errorCode"] = json!(error);
        }
        let scanned = judged(&story, &format!("{PERMIT}{FORBID}"));
        let mut found =
            scanned.report.findings.iter().filter(|one| one.rule == "unauthorized-change");
        let finding = found.next().unwrap();
        assert!(found.next().is_none());
        assert_eq!(finding.outcome, Some(outcome));
        assert!(finding.severity >= least);
        assert_eq!(finding.authorized.by, ["nobody-stops-logging"]);
        for part in
            ["user mallory", "cloudtrail:StopLogging", "trail main", "`nobody-stops-logging`"]
        {
            assert!(finding.explanation.contains(part), "{}", finding.explanation);
        }
        let row = last(&scanned);
        assert_eq!(
            (row.event.as_str(), row.authorized.verdict),
            ("cloudtrail:StopLogging", Verdict::Forbidden)
        );
        assert!(row.findings.contains(&finding.id));
    }
}

#[test]
fn calls_of_one_actor_on_one_target_are_one_finding() {
    let mut story = Story::new();
    for who in ["mallory", "mallory", "eve"] {
        story.call("cloudtrail", "StopLogging", user(who), json!({"name": "main"}), Value::Null);
    }
    let scanned = judged(&story, FORBID);
    let totals: BTreeMap<_, _> = scanned
        .report
        .findings
        .iter()
        .filter(|one| one.rule == "unauthorized-change")
        .map(|one| (one.actor.name.clone().unwrap(), one.evidence_total))
        .collect();
    assert_eq!(totals, BTreeMap::from([("eve".to_owned(), 1), ("mallory".to_owned(), 2)]));
}

#[test]
fn logging_is_not_permitted_by_a_bound_on_permissions() {
    let mut story = ordinary();
    let pipeline = story.pipeline();
    story.call("cloudtrail", "StopLogging", pipeline, json!({"name": "main"}), Value::Null);
    let text = r#"@id("quiet") permit (principal, action, resource)
        when { context has effect && !context.effect.moved };"#;
    let scanned = judged(&story, text);
    let stopped = scanned
        .report
        .findings
        .iter()
        .find(|one| one.evidence.iter().any(|evidence| evidence.event_name == "StopLogging"));
    assert_eq!(stopped.unwrap().status, Status::Open);
    // Who means it says so, with a reason.
    let meant =
        r#"@id("meant") @unbounded("we rotate trails") permit (principal, action, resource);"#;
    let scanned = judged(&story, meant);
    assert_eq!(last(&scanned).event, "cloudtrail:StopLogging");
    assert_eq!(last(&scanned).authorized.verdict, Verdict::Permitted);
}

#[test]
fn a_policy_that_fails_leaves_it_unknown_and_says_so() {
    let broken = r#"@id("overflows") forbid (principal, action == Action::"iam:PutRolePolicy", resource)
        when { context.hour * 9223372036854775807 > 0 };"#;
    let scanned = judged(&ordinary(), &format!("{PERMIT}{broken}"));
    assert_eq!(last(&scanned).authorized.verdict, Verdict::Unknown);
    let health: Vec<&Finding> =
        scanned.report.findings.iter().filter(|one| one.rule == "change-policy-failed").collect();
    assert_eq!(health.len(), 1);
    assert_eq!(health[0].kind, Kind::Health);
    assert!(health[0].explanation.contains("`overflows`"), "{}", health[0].explanation);
}

#[test]
fn a_finding_is_authorized_only_when_all_that_it_rests_on_is() {
    let mut story = ordinary();
    // The same subject twice, once by somebody else.
    story.put(user("mallory"), "web", "s3:GetObject");
    story.put(user("mallory"), "web", "s3:DeleteObject");
    let scanned = judged(&story, PERMIT);
    for finding in &scanned.report.findings {
        let has_other = finding.evidence.iter().any(|evidence| {
            let row = scanned.changes.iter().find(|row| row.event_id == evidence.event_id);
            row.is_none_or(|row| row.authorized.verdict != Verdict::Permitted)
        });
        assert_eq!(
            finding.status == Status::Authorized,
            !has_other && !finding.evidence.is_empty()
        );
    }
}

#[test]
fn workers_order_and_copies_change_nothing() {
    let mut story = ordinary();
    let key = story.assume("alice", DEPLOY);
    story.put(session(DEPLOY, &key), "web", "s3:GetObject");
    story.call("cloudtrail", "StopLogging", user("mallory"), json!({"name": "main"}), Value::Null);
    let text = format!("{PERMIT}{FORBID}");
    let told = |files: &[Vec<Value>], threads| {
        let scanned = scan_files(files, Some(policies(&text)), threads);
        let rows: Vec<_> = scanned
            .changes
            .iter()
            .map(|row| (row.event_id.clone(), row.authorized.clone()))
            .collect();
        let findings: Vec<_> = scanned
            .report
            .findings
            .iter()
            .map(|one| {
                (
                    one.id.clone(),
                    one.status,
                    one.severity,
                    one.authorized.clone(),
                    one.evidence_total,
                )
            })
            .collect();
        (rows, findings, scanned.asked, scanned.report.summary.change_policies)
    };
    let straight = told(std::slice::from_ref(&story.records), 1);
    // Late, in three files, in reverse, every record twice.
    let mut files = vec![Vec::new(); 3];
    for (number, record) in story.records.iter().enumerate() {
        files[number % 3].push(record.clone());
        files[(number + 1) % 3].push(record.clone());
    }
    files.iter_mut().for_each(|file| file.reverse());
    assert_eq!(straight, told(&files, 1));
    assert_eq!(straight, told(&files, 3));
}

#[test]
fn without_policies_nothing_is_said() {
    let scanned = scan_files(&[ordinary().records], None, 1);
    assert_eq!(scanned.report.summary.change_policies, None);
    assert!(scanned.changes.iter().all(|row| row.authorized.verdict == Verdict::Unknown));
    assert!(scanned.report.findings.iter().all(|one| one.status == Status::Open));
    assert_eq!(scanned.asked.len(), 3);
}

#[test]
fn every_governed_call_is_one_that_policies_know() {
    let calls: Vec<String> = governed().collect();
    assert!(calls.len() > 200);
    for call in calls {
        let text =
            format!("@id(\"one\") forbid (principal, action == Action::\"{call}\", resource);");
        let file = File { name: "one.cedar".to_owned(), text };
        assert!(Policies::load(&[file]).is_ok(), "{call}");
    }
}

/// The type of a target decides which policies can speak of it, so it must be the one that the schema has
/// for the call, whatever a record says.
#[test]
fn the_kind_of_a_target_is_always_the_type_that_the_schema_has_for_the_call() {
    use trailwarden_authorize::schema::{resource_type, type_of_kind};
    use trailwarden_record::{Event, events};
    let mut calls = 0;
    for info in events::ALL {
        let call = format!("{}:{}", info.service, info.name);
        let Some(expected) = resource_type(&call) else { continue };
        let path = format!("../../fixtures/records/{}/{}.json", info.service, info.name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let whole: Value = serde_json::from_str(&text).unwrap();
        let mut bare = whole.clone();
        (bare["requestParameters"], bare["responseElements"]) = (Value::Null, Value::Null);
        let mut refused = bare.clone();
        refused["errorCode"] = json!("AccessDenied");
        refused["errorMessage"] = json!(
            "User: arn:aws:iam::111122223333:user/a is not authorized to perform: iam:X on resource: arn:aws:iam::111122223333:group/g"
        );
        for record in [&whole, &bare, &refused] {
            let event = Event::decode(record.to_string().as_bytes()).unwrap();
            // Without any, the call itself tells the type.
            let Some(kind) = event.target_party().kind else { continue };
            assert_eq!(type_of_kind(&kind), Some(expected), "{call}: {kind}");
        }
        calls += 1;
    }
    assert!(calls > 250, "{calls}");
}

/// Deleted and made again it is another role with the same ARN: a policy that means only one of them asks
/// for the unique id.
#[test]
fn a_role_that_is_made_again_is_the_same_by_its_arn_and_not_by_its_id() {
    let mut story = Story::new();
    let who = user("ann");
    story.role(who.clone(), "/app/", "web", false);
    story.call("iam", "DeleteRole", who.clone(), json!({"roleName": "web"}), Value::Null);
    story.role(who.clone(), "/app/", "web", false);
    let made = story.records.last_mut().unwrap();
    made["responseElements"]["role"]["roleId"] = json!("AROAAGAIN");
    story.put(who, "web", "s3:GetObject");
    let of = |condition: &str| {
        let text =
            format!("@id(\"f\") forbid(principal, action, resource) when {{ {condition} }};");
        last(&judged(&story, &text)).authorized.verdict
    };
    assert_eq!(
        of("resource == Role::\"arn:aws:iam::111122223333:role/app/web\""),
        Verdict::Forbidden
    );
    assert_eq!(of("resource has id && resource.id == \"AROAAGAIN\""), Verdict::Forbidden);
    assert_eq!(of("resource has id && resource.id == \"AROAWEB\""), Verdict::Unknown);
}

/// What a call makes has no tags before it, so a policy asks for those that the call gives.
#[test]
fn a_role_that_is_made_with_a_guarded_tag_is_stopped_by_the_tags_of_the_call() {
    let mut story = Story::new();
    story.role(user("ann"), "/app/", "web", false);
    let made = story.records.last_mut().unwrap();
    made["requestParameters"]["tags"] =
        json!([{"key": "stage", "value": ""}, {"key": "guarded", "value": "yes"}]);
    let of = |story: &Story, condition: &str| {
        let text = format!(
            "@id(\"f\") forbid(principal, action in Action::\"write\", resource) when {{ {condition} }};\
             @id(\"p\") @unbounded(\"test\") permit(principal, action, resource);"
        );
        last(&judged(story, &text)).authorized.verdict
    };
    let given = "context has request_tags && context.request_tags.hasTag(\"guarded\") \
        && context.request_tags.getTag(\"guarded\") == \"yes\"";
    let before = "resource has tags && resource.tags.hasTag(\"guarded\")";
    assert_eq!((of(&story, given), of(&story, before)), (Verdict::Forbidden, Verdict::Permitted));
    // Of a refused call nobody knows which tags it was to give.
    let made = story.records.last_mut().unwrap();
    made["errorCode"] = json!("AccessDenied");
    made["requestParameters"] = Value::Null;
    assert_eq!(of(&story, given), Verdict::Unknown);
    // Another call gives none, and is judged by what was there.
    let mut story = Story::new();
    story.role(user("ann"), "/app/", "web", false);
    story.put(user("ann"), "web", "s3:GetObject");
    assert_eq!(of(&story, given), Verdict::Permitted);
}
