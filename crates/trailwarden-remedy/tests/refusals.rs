//! What makes no plan: hard stops, what is not known, and what is as it should be.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use serde_json::json;
use trailwarden_model::time::DAY;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_remedy::plan::{Check, Expected, Part};
use trailwarden_remedy::remedy::Effect;
use trailwarden_remedy::subject::{Key, Policy, Principal, Trail};
use trailwarden_remedy::{Known, NoPlan, Plan, Stop, Subject, remedies, remedy};

fn example(id: &str) -> Subject {
    remedy::find(id).unwrap().example().unwrap()
}

fn plan(id: &str, subject: &Subject) -> Plan {
    let draft = remedy::find(id).unwrap().draft(subject).unwrap();
    Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft])
}

fn refusal(id: &str, subject: &Subject) -> NoPlan {
    remedy::find(id).unwrap().draft(subject).expect_err(id)
}

#[test]
fn nobody_is_locked_out() {
    for remedy in remedies::ALL.iter().filter(|it| it.effect == Effect::Restricts) {
        let subject = remedy.example().unwrap();
        let Some(principal) = subject.principal.clone() else { continue };
        let mut own = subject.clone();
        own.safety.own.insert(principal.arn);
        assert_eq!(refusal(remedy.id, &own), NoPlan::Stopped(Stop::OwnIdentity), "{remedy:?}");
        let mut last = subject.clone();
        last.safety.is_last_administrator = true;
        assert_eq!(refusal(remedy.id, &last), NoPlan::Stopped(Stop::LastAdministrator));
        let mut kept = subject;
        kept.safety.is_break_glass = true;
        assert_eq!(refusal(remedy.id, &kept), NoPlan::Stopped(Stop::BreakGlass));
    }
}

#[test]
fn what_only_aws_changes_is_left_alone() {
    for (arn, stop) in [
        ("arn:aws:iam::111122223333:root", Stop::Root),
        (
            "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
            Stop::ServiceLinkedRole,
        ),
        (
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
            Stop::IdentityCenterRole,
        ),
    ] {
        for remedy in remedies::ALL {
            let mut subject = remedy.example().unwrap();
            subject.principal = Principal::of(arn);
            assert_eq!(refusal(remedy.id, &subject), NoPlan::Stopped(stop), "{remedy:?}");
        }
    }
    let mut subject = example("narrow-policy");
    subject.policy = example("detach-policy").policy;
    assert_eq!(refusal("narrow-policy", &subject), NoPlan::Stopped(Stop::AwsManagedPolicy));
}

#[test]
fn where_nothing_is_known_there_is_no_plan() {
    let account = AccountId::parse("111122223333").unwrap();
    let nothing = Subject::new(account, Timestamp::from_seconds(0));
    for remedy in remedies::ALL {
        let why = refusal(remedy.id, &nothing);
        assert!(matches!(why, NoPlan::Missing(_) | NoPlan::Unknown { .. }), "{remedy:?}: {why}");
    }
}

/// What an undo would have to restore is known, or there is no plan.
#[test]
fn without_the_state_before_there_is_no_plan() {
    let unknown = |id: &str, subject: &Subject| {
        let why = refusal(id, subject);
        assert!(matches!(why, NoPlan::Unknown { .. }), "{id}: {why}");
    };
    let mut subject = example("strengthen-password-policy");
    subject.password_policy = Known::Unknown;
    unknown("strengthen-password-policy", &subject);
    let mut subject = example("narrow-policy");
    subject.inline = None;
    unknown("narrow-policy", &subject);
    let mut subject = example("remove-trust");
    subject.trust = Known::Unknown;
    unknown("remove-trust", &subject);
    let mut subject = example("restore-permissions-boundary");
    subject.boundary = Known::Unknown;
    unknown("restore-permissions-boundary", &subject);
    let mut subject = example("restore-tags");
    subject.before = Known::Unknown;
    unknown("restore-tags", &subject);
    let mut subject = example("attach-quarantine-policy");
    subject.keys = None;
    unknown("attach-quarantine-policy", &subject);
    let mut subject = example("reset-console-password");
    subject.may_change_password = None;
    unknown("reset-console-password", &subject);
}

#[test]
fn a_key_is_deleted_only_after_its_grace() {
    let mut subject = example("delete-credential");
    subject.time = subject.time.plus(-10 * DAY);
    let why = refusal("delete-credential", &subject);
    let NoPlan::TooEarly { due, .. } = why else { panic!("{why}") };
    subject.time = due;
    remedy::find("delete-credential").unwrap().draft(&subject).unwrap();
    for key in subject.keys.as_mut().unwrap().values_mut() {
        key.is_active = true;
    }
    assert!(matches!(refusal("delete-credential", &subject), NoPlan::Person(_)));
}

/// Who must change a password and may not is locked out ("Permit IAM users to change their own
/// passwords", IAM User Guide).
#[test]
fn whoever_must_change_a_password_may() {
    let mut subject = example("reset-console-password");
    subject.may_change_password = Some(false);
    let plan = plan("reset-password", &subject);
    let calls: Vec<&str> = plan.steps.iter().map(|step| step.operation.as_str()).collect();
    assert_eq!(calls, ["AttachUserPolicy", "UpdateLoginProfile"]);
}

/// Taken back from the last step on, so that the permission goes when nobody must change a password any more.
#[test]
fn another_password_is_asked_for_without_setting_one() {
    let mut subject = example("require-new-password");
    let made = plan("require-new-password", &subject);
    assert!(!made.is_irreversible());
    assert!(!made.to_json().contains("$made"));
    subject.may_change_password = Some(false);
    let made = plan("require-new-password", &subject);
    let calls: Vec<&str> = made.steps.iter().map(|step| step.operation.as_str()).collect();
    assert_eq!(calls, ["AttachUserPolicy", "UpdateLoginProfile"]);
    assert!(!made.is_irreversible());
    subject.may_change_password = None;
    let why = refusal("require-new-password", &subject);
    assert!(matches!(why, NoPlan::Unknown { .. }), "{why}");
    subject.login_profile = Known::Is(true);
    assert!(matches!(refusal("require-new-password", &subject), NoPlan::Already(_)));
    subject.login_profile = Known::Absent;
    assert!(matches!(refusal("require-new-password", &subject), NoPlan::Already(_)));
}

/// "IAM and STS quotas" (IAM User Guide): 2,048 characters for all inline policies of a user.
#[test]
fn a_quarantine_fits_always() {
    let mut subject = example("attach-quarantine-policy");
    subject.inline = Some([("big".to_owned(), "x".repeat(2_000))].into());
    assert!(matches!(refusal("attach-quarantine-policy", &subject), NoPlan::Unknown { .. }));
    subject.boundary = Known::Absent;
    let plan = plan("quarantine-principal", &subject);
    let last = plan.steps.last().unwrap();
    assert_eq!(last.operation, "PutUserPermissionsBoundary");
    assert_eq!(last.input["PermissionsBoundary"], "arn:aws:iam::aws:policy/AWSDenyAll".into());
    assert_eq!(last.inverse.as_ref().unwrap().operation, "DeleteUserPermissionsBoundary");
}

#[test]
fn only_who_runs_a_provider_knows_its_tokens() {
    let mut subject = example("narrow-trust");
    let trust = r#"{"Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/x"},"Action":"sts:AssumeRoleWithWebIdentity"}]}"#;
    subject.trust = Known::Is(trust.to_owned());
    assert!(matches!(refusal("narrow-trust", &subject), NoPlan::Person(_)));
}

/// A sixth version takes the place of the oldest, which cannot be taken back, and is said.
#[test]
fn a_sixth_version_makes_room_first() {
    let mut subject = example("restore-policy-version");
    let document = r#"{"Statement":[{"Sid":"a"},{"Sid":"b"}]}"#;
    let versions = ["v1", "v2", "v3", "v4", "v5"];
    subject.policy = Some(Policy::Managed {
        arn: "arn:aws:iam::111122223333:policy/deploy".to_owned(),
        default: Some("v1".to_owned()),
        versions: versions.map(|id| (id.to_owned(), Some(document.to_owned()))).into(),
        version_before: None,
    });
    subject.statements = [0].into();
    let plan = plan("narrow-policy", &subject);
    assert_eq!(plan.steps[0].operation, "DeletePolicyVersion");
    assert_eq!(plan.steps[0].input["VersionId"], "v2".into());
    assert_eq!(plan.preview.irreversible, ["1"]);
    assert_eq!(plan.steps[2].inverse.as_ref().unwrap().input["VersionId"], "v1".into());
}

/// What is asked before anything is deleted or made: that the default version is the one narrowed.
#[test]
fn a_policy_that_changed_meanwhile_loses_no_version() {
    let mut subject = example("restore-policy-version");
    let document = r#"{"Statement":[{"Sid":"a"},{"Sid":"b"}]}"#;
    for count in [1, 5] {
        let versions = (1..=count).map(|at| (format!("v{at}"), Some(document.to_owned())));
        subject.policy = Some(Policy::Managed {
            arn: "arn:aws:iam::111122223333:policy/deploy".to_owned(),
            default: Some("v1".to_owned()),
            versions: versions.collect(),
            version_before: None,
        });
        subject.statements = [0].into();
        let first = &plan("narrow-policy", &subject).steps[0];
        let is_asked = first.preconditions.iter().any(|check| {
            check.operation == "GetPolicy" && check.expected == Expected::Equals("v1".into())
        });
        assert!(is_asked, "{first:?}");
    }
}

/// A finding about a document of other length than the present one does not say what to remove.
#[test]
fn statements_that_are_not_there_remove_nothing() {
    for id in ["narrow-policy", "remove-trust", "narrow-trust"] {
        let mut subject = example(id);
        subject.statements = [7, 8, 9].into();
        let missing = NoPlan::Missing("statements that the document has");
        assert_eq!(refusal(id, &subject), missing, "{id}");
    }
}

/// "IAM JSON policy evaluation logic" (IAM User Guide): a condition on a denial makes it deny less.
#[test]
fn a_denial_of_trust_is_not_narrowed() {
    let mut subject = example("narrow-trust");
    let trust =
        r#"{"Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#;
    subject.trust = Known::Is(trust.to_owned());
    assert!(matches!(refusal("narrow-trust", &subject), NoPlan::Person(_)));
}

#[test]
fn a_key_made_in_quarantine_is_switched_off_too() {
    let mut subject = example("attach-quarantine-policy");
    subject.inline = None;
    subject.boundary = Known::Is("arn:aws:iam::aws:policy/AWSDenyAll".to_owned());
    assert_eq!(plan("attach-quarantine-policy", &subject).steps[0].operation, "UpdateAccessKey");
    subject.keys = Some([].into());
    assert!(matches!(refusal("attach-quarantine-policy", &subject), NoPlan::Already(_)));
}

#[test]
fn what_is_not_known_is_not_called_in_order() {
    let unknown = |id: &str, subject: &Subject| {
        let why = refusal(id, subject);
        assert!(matches!(why, NoPlan::Unknown { .. }), "{id}: {why}");
    };
    let mut subject = example("release-quarantine");
    subject.inline = Some([].into());
    subject.boundary = Known::Unknown;
    unknown("release-quarantine", &subject);
    let mut subject = example("restore-bucket-policy");
    subject.before = Known::Unknown;
    subject.bucket.as_mut().unwrap().public_access_block =
        Known::Is(json!({ "BlockPublicAcls": true, "BlockPublicPolicy": true,
            "IgnorePublicAcls": true, "RestrictPublicBuckets": true }));
    unknown("restore-bucket-policy", &subject);
    let mut subject = example("restore-trail");
    let trail = trail(&mut subject);
    (trail.is_logging, trail.is_validated, trail.selectors) =
        (Some(true), Some(true), Known::Unknown);
    unknown("restore-trail", &subject);
}

/// A bucket that had no policy before has none after.
#[test]
fn a_policy_that_was_planted_on_a_bucket_is_deleted() {
    let mut subject = example("restore-bucket-policy");
    subject.before = Known::Absent;
    let step = &plan("restore-bucket-policy", &subject).steps[0];
    assert_eq!(step.operation, "DeleteBucketPolicy");
    assert_eq!(step.inverse.as_ref().unwrap().operation, "PutBucketPolicy");
}

/// "PutEventSelectors" (CloudTrail API Reference): a call replaces all selectors, and an event that
/// any of them takes in is recorded.
#[test]
fn a_trail_keeps_its_data_events() {
    let data = json!({ "ReadWriteType": "All", "IncludeManagementEvents": false,
        "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }] });
    let objects = json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Data"] },
        { "Field": "resources.type", "Equals": ["AWS::S3::Object"] }] });
    let writes = json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] },
        { "Field": "readOnly", "Equals": ["false"] }] });
    for (name, present, kept) in [
        ("EventSelectors", json!([data]), data),
        ("AdvancedEventSelectors", json!([objects, writes]), objects),
    ] {
        let mut subject = example("restore-trail");
        let other =
            if name == "EventSelectors" { "AdvancedEventSelectors" } else { "EventSelectors" };
        let both = [(name.to_owned(), present), (other.to_owned(), json!([]))];
        trail(&mut subject).selectors = Known::Is(both.into_iter().collect());
        let plan = plan("restore-trail", &subject);
        let step = plan.steps.iter().find(|it| it.operation == "PutEventSelectors").unwrap();
        let given = step.input[name].as_plain().unwrap();
        assert_eq!(given.as_array().unwrap().len(), 2, "{given}");
        assert_eq!(given[0], kept);
        // AWS takes one kind only, both ways.
        assert_eq!(step.input.len(), 2, "{step:?}");
        assert_eq!(step.inverse.as_ref().unwrap().input.len(), 2, "{step:?}");
        // With them, there is nothing left to do.
        trail(&mut subject).selectors =
            Known::Is([(name.to_owned(), given.clone())].into_iter().collect());
        let plan = self::plan("restore-trail", &subject);
        assert!(plan.steps.iter().all(|it| it.operation != "PutEventSelectors"));
    }
}

fn trail(subject: &mut Subject) -> &mut Trail {
    let Known::Is(trail) = &mut subject.trail else { panic!("the example has a trail") };
    trail
}

/// "An account password policy" (IAM User Guide): with hard expiry, an expired password cannot be
/// changed by its user.
#[test]
fn a_lockout_is_told() {
    let mut subject = example("restore-password-policy");
    let Known::Is(before) = &mut subject.password_policy_before else { panic!("known") };
    before.insert("HardExpiry".to_owned(), true.into());
    before.insert("MaxPasswordAge".to_owned(), 90.into());
    let notes = plan("restore-password-policy", &subject).preview.remedies[0].notes.join("\n");
    assert!(notes.contains("older than 90 days cannot sign in to the console"), "{notes}");
}

/// "UpdateUser" (IAM API Reference): renaming takes permissions on the old and on the new name.
#[test]
fn a_renamed_user_keeps_its_path() {
    let mut subject = example("rename-user");
    subject.principal = Principal::of("arn:aws:iam::111122223333:user/staff/alice-old");
    let permissions = &plan("rename-user", &subject).steps[0].permissions;
    let of_update = permissions.iter().filter(|it| it.action == "iam:UpdateUser");
    let resources: Vec<&str> = of_update.map(|it| it.resource.as_str()).collect();
    let both =
        ["alice", "alice-old"].map(|name| format!("arn:aws:iam::111122223333:user/staff/{name}"));
    assert_eq!(resources, both);
}

/// Two drafts in one plan: references and numbers move together.
#[test]
fn drafts_are_numbered_through() {
    let subject = example("deactivate-access-key");
    let first = remedy::find("deactivate-access-key").unwrap().draft(&subject).unwrap();
    let mut managed = example("restore-policy-version");
    let document = r#"{"Statement":[{"Sid":"a"},{"Sid":"b"}]}"#;
    managed.policy = Some(Policy::Managed {
        arn: "arn:aws:iam::111122223333:policy/deploy".to_owned(),
        default: Some("v1".to_owned()),
        versions: vec![("v1".to_owned(), Some(document.to_owned()))],
        version_before: None,
    });
    managed.statements = [0].into();
    let second = remedy::find("narrow-policy").unwrap().draft(&managed).unwrap();
    let plan = Plan::from_drafts(subject.account, subject.time, subject.time, vec![first, second]);
    plan.check().unwrap();
    let ids: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    let trailwarden_remedy::plan::Argument::Result { result } = &plan.steps[2].input["VersionId"]
    else {
        panic!("{:?}", plan.steps[2]);
    };
    assert_eq!(result.step, "2");
    assert_eq!(plan.preview.remedies[1].steps, ["2", "3"]);
}

/// "Update access keys" (IAM User Guide): a second key, its use, and only then the end of the first.
#[test]
fn a_key_is_rotated_in_stages() {
    let mut subject = example("rotate-access-key");
    let old = "AKIAEXAMPLEOFALICE01".to_owned();
    let day = |days: i64| Known::Is(subject.time.plus(days * DAY));
    let key = |created: i64, last_used: Known<Timestamp>| Key {
        is_active: true,
        created: Some(subject.time.plus(created * DAY)),
        last_used,
        inactive_since: None,
    };
    let with = |first: Key, second: Option<Key>| {
        let second = second.map(|key| ("AKIAEXAMPLEOFALICE02".to_owned(), key));
        Some([(old.clone(), first)].into_iter().chain(second).collect())
    };
    let in_use = || key(-100, day(-1));
    let used_later = key(-10, day(0));
    let stages = [
        (with(in_use(), None), "CreateAccessKey"),
        (with(key(-100, day(-4)), Some(used_later.clone())), "UpdateAccessKey"),
    ];
    let refused = [
        (with(key(-100, day(-46)), None), "a key that is in use"),
        (with(key(-100, Known::Absent), None), "a key that is in use"),
        (with(key(-100, day(-46)), Some(key(-10, Known::Absent))), "a key that is in use"),
        (with(key(-100, Known::Absent), Some(key(-10, Known::Absent))), "a key that is in use"),
        (with(in_use(), Some(key(-10, Known::Unknown))), "last used is not known"),
        (with(in_use(), Some(key(-200, day(0)))), "is the newer one"),
        (with(in_use(), Some(Key { is_active: false, ..key(-10, day(0)) })), "is inactive"),
        (with(Key { is_active: false, ..in_use() }, None), "since when"),
    ];
    let later = [
        (with(in_use(), Some(used_later)), 2, "within 3 days"),
        (with(in_use(), Some(key(-10, Known::Absent))), 3, "was never used"),
        (with(in_use(), Some(key(-10, day(-2)))), 3, "was used later"),
    ];
    for (keys, operation) in stages {
        subject.keys = keys;
        assert_eq!(plan("rotate-access-key", &subject).steps[0].operation, operation);
    }
    for (keys, why) in refused {
        subject.keys = keys;
        let refusal = self::refusal("rotate-access-key", &subject).to_string();
        assert!(refusal.contains(why), "{why}: {refusal}");
    }
    for (keys, days, why) in later {
        subject.keys = keys;
        let refusal = self::refusal("rotate-access-key", &subject);
        assert!(refusal.to_string().contains(why), "{why}: {refusal}");
        let NoPlan::TooEarly { due, meanwhile, .. } = refusal else { panic!("{refusal}") };
        assert_eq!(due, subject.time.plus(days * DAY));
        assert!(
            meanwhile.iter().any(|step| step.contains("AKIAEXAMPLEOFALICE02")),
            "{meanwhile:?}"
        );
    }
}

/// Deleting a key that is kept for emergencies takes nothing from anybody today.
#[test]
fn an_inactive_key_of_a_break_glass_user_stays() {
    let mut subject = example("delete-credential");
    subject.safety.is_break_glass = true;
    let refusal = self::refusal("delete-credential", &subject);
    assert_eq!(refusal, NoPlan::Stopped(Stop::BreakGlass));
    subject.safety.is_break_glass = false;
    subject.safety.is_last_administrator = true;
    assert_eq!(plan("delete-credential", &subject).steps.len(), 1);
}

/// "Require a user to create a new password" (IAM User Guide): who must change a password and may not is
/// locked out, so that the permission to change it is not taken back by an undo.
#[test]
fn an_undo_locks_nobody_out() {
    let mut subject = example("reset-console-password");
    subject.may_change_password = Some(false);
    let plan = plan("reset-console-password", &subject);
    assert_eq!(plan.steps[0].operation, "AttachUserPolicy");
    assert_eq!(plan.steps[0].inverse, None);
    assert_eq!(plan.preview.irreversible, ["1", "2"]);
    assert!(!plan.steps[0].permissions.iter().any(|it| it.action == "iam:DetachUserPolicy"));
}

/// A call about a trail that is not there would fail in the midst of the plan's others: each call of a plan is
/// preceded by a question that finds it, and all that can be asked is asked before the first call.
#[test]
fn a_trail_of_which_little_is_known_is_asked_for_before_each_call() {
    let mut subject = example("restore-trail");
    trail(&mut subject).bucket = Known::Unknown;
    for step in &plan("restore-trail", &subject).steps {
        assert!(step.preconditions.iter().any(|it| it.service == "cloudtrail"), "{step:?}");
    }
}

/// A trail that writes to a stranger is brought home before it is started.
#[test]
fn a_trail_writes_where_it_wrote_before() {
    let mut subject = example("restore-trail");
    let mut before = trail(&mut subject).clone();
    trail(&mut subject).bucket = Known::Is("elsewhere".to_owned());
    before.prefix = Known::Is("ours".to_owned());
    subject.trail_before = Known::Is(before);
    let plan = plan("restore-trail", &subject);
    let first = &plan.steps[0];
    assert_eq!(first.operation, "UpdateTrail");
    assert_eq!(first.input["S3BucketName"], "example-logs".into());
    assert_eq!(first.input["S3KeyPrefix"], "ours".into());
    let back = &first.inverse.as_ref().unwrap().input;
    assert_eq!((&back["S3BucketName"], &back["S3KeyPrefix"]), (&"elsewhere".into(), &"".into()));
    let asks_prefix = |it: &&Check| it.path.last() == Some(&Part::Member("S3KeyPrefix".to_owned()));
    let prefix = first.preconditions.iter().find(asks_prefix).unwrap();
    assert_eq!(prefix.expected, Expected::Absent, "AWS leaves a prefix out that is not set");
    // All that is asked before the first call holds before it, and what the others ask holds after it.
    let of_bucket = plan.steps[1..].iter().flat_map(|step| &step.preconditions);
    let asks = of_bucket.filter(|it| it.path.contains(&Part::Member("S3BucketName".to_owned())));
    assert_eq!(asks.count(), 0);
}

/// Source: IAM User Guide, "IAM and AWS STS quotas" (2,048 characters in all inline policies of a user, 5,120 of a
/// group, without white space).
#[test]
fn no_inline_policy_is_planned_that_aws_would_refuse_for_its_length() {
    let filled = |id: &str, characters: usize| {
        let mut subject = example(id);
        let resource = "x".repeat(characters);
        let text = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::{resource}") }] });
        subject.inline = Some([("own".to_owned(), text.to_string())].into());
        subject
    };
    for (id, fits, does_not) in [("enable-mfa", 900, 1_800), ("grant-trail-reading", 2_000, 4_950)]
    {
        assert!(!plan(id, &filled(id, fits)).steps.is_empty());
        let why = refusal(id, &filled(id, does_not));
        let NoPlan::Person(how) = &why else { panic!("{id}: {why:?}") };
        assert!(how.contains("managed policy"), "{how}");
    }
}

/// "AWS global condition context keys" (IAM User Guide): `aws:PrincipalAccount` is the account of whoever calls.
#[test]
fn of_an_account_in_no_organization_everybody_is_narrowed_to_the_account() {
    let mut subject = example("narrow-trust");
    let trust =
        |subject: &Subject| plan("narrow-trust", subject).steps[0].input["PolicyDocument"].clone();
    subject.organization = Known::Unknown;
    assert!(matches!(refusal("narrow-trust", &subject), NoPlan::Person(_)));
    subject.organization = Known::Absent;
    let written = serde_json::to_string(&trust(&subject)).unwrap();
    assert!(
        written.contains("aws:PrincipalAccount") && written.contains("111122223333"),
        "{written}"
    );
    for named in
        [json!("arn:aws:iam::999988887777:root"), json!(["*", "arn:aws:iam::999988887777:root"])]
    {
        let document = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
            "Principal": { "AWS": named }, "Action": "sts:AssumeRole" }] });
        subject.trust = Known::Is(document.to_string());
        let refusal = refusal("narrow-trust", &subject);
        assert!(matches!(refusal, NoPlan::Person(_)), "a partner would be shut out: {refusal}");
    }
}
