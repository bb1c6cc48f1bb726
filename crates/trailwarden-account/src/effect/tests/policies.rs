//! Policies: written, attached, versioned, capped.

use super::*;

#[test]
fn the_six_faces_of_one_call() {
    let mut trail = Trail::new();
    for user in ["ann", "bob", "mallory"] {
        trail.user(user);
    }
    trail.group("devs", &["ann", "bob", "mallory"]);
    let put = |trail: &mut Trail, document: &str| {
        trail.iam(
            "PutGroupPolicy",
            json!({"groupName": "devs", "policyName": "p", "policyDocument": document}),
        )
    };
    let read = put(&mut trail, &allow(&["s3:ListBucket", "s3:GetObject"], "*"));
    assert_eq!((read.severity(), read.verdict()), (None, Verdict::Reads));
    assert_eq!(who(&read), ["user/ann", "user/bob", "user/mallory"]);
    assert!(
        read.sentence().starts_with("inline policy p: ann and 2 others may now "),
        "{}",
        read.sentence()
    );

    let reworded = put(
        &mut trail,
        &policy_of(json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["*"]},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}])),
    );
    assert_eq!((reworded.severity(), reworded.verdict()), (None, Verdict::Nothing));
    assert_eq!(reworded.sentence(), "inline policy p: same permissions as before, in other words");

    let narrower = put(&mut trail, &allow(&["s3:GetObject"], "arn:aws:s3:::public/*"));
    assert!(narrower.is_narrowing() && narrower.severity().is_none(), "{}", narrower.sentence());
    assert!(
        narrower.sentence().starts_with("inline policy p: ann and 2 others may no longer "),
        "{}",
        narrower.sentence()
    );

    let scoped =
        put(&mut trail, &allow(&["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::public/*"));
    assert_eq!(scoped.severity(), Some(Severity::Low));

    let grave = put(
        &mut trail,
        &allow(&["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
    );
    assert_eq!((grave.severity(), grave.verdict()), (Some(Severity::High), Verdict::Escalates));
    assert_eq!(grave.moved[0].grade_after, Some(Grade::Privesc));
    assert!(!grave.is_self_serving());

    put(&mut trail, &allow(&["s3:GetObject"], "*"));
    let own = trail.by(
        "mallory",
        "PutGroupPolicy",
        json!({"groupName": "devs", "policyName": "p", "policyDocument": admin()}),
    );
    assert_eq!(own.severity(), Some(Severity::Critical));
    assert!(own.is_self_serving());
    assert_eq!(own.moved[0].label, "user/mallory");
    assert_eq!(
        own.sentence(),
        "inline policy p: mallory (who did it) and 2 others become administrators (data -> admin)"
    );
}

#[test]
fn whoever_grants_privesc_to_others_is_high_and_to_himself_critical() {
    let way = allow(&["iam:CreatePolicyVersion"], "*");
    let mut trail = Trail::new();
    trail.user("mallory");
    trail.user("bob");
    let request = |user: &str| json!({"userName": user, "policyName": "p", "policyDocument": way});
    assert_eq!(
        trail.by("mallory", "PutUserPolicy", request("bob")).severity(),
        Some(Severity::High)
    );
    let own = trail.by("mallory", "PutUserPolicy", request("mallory"));
    assert_eq!(own.severity(), Some(Severity::Critical));
    assert!(own.is_self_serving() && only(&own).through.is_none());
}

#[test]
fn a_managed_policy_of_aws_is_judged_by_content() {
    let mut trail = Trail::new();
    trail.user("bob");
    let attach = |trail: &mut Trail, name: &str| {
        trail.iam(
            "AttachUserPolicy",
            json!({"userName": "bob", "policyArn": format!("arn:aws:iam::aws:policy/{name}")}),
        )
    };
    assert_eq!(attach(&mut trail, "ReadOnlyAccess").severity(), None);
    let admin = attach(&mut trail, "AdministratorAccess");
    assert_eq!(admin.severity(), Some(Severity::Critical));
    let detached = trail.iam(
        "DetachUserPolicy",
        json!({"userName": "bob", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    );
    assert!(detached.is_narrowing(), "{}", detached.sentence());
    let unpublished = attach(&mut trail, "NoSuchPolicyOfToday");
    assert_eq!((unpublished.verdict(), unpublished.severity()), (Verdict::Unknown, None));
    assert!(unpublished.sentence().contains("NoSuchPolicyOfToday"), "{}", unpublished.sentence());
}

#[test]
fn versions_count_when_they_are_the_default() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.policy("p", &admin());
    trail.version("p", "v2", &allow(&["s3:GetObject"], "*"), true);
    let attached =
        trail.iam("AttachUserPolicy", json!({"userName": "bob", "policyArn": arn("policy/p")}));
    assert_eq!(attached.severity(), None);
    let narrower = trail.version("p", "v3", &allow(&["s3:GetObject"], "arn:aws:s3:::a/*"), true);
    assert!(narrower.is_narrowing());
    let aside = trail.version("p", "v4", &allow(&["s3:PutObject"], "*"), false);
    assert_eq!((aside.severity(), aside.verdict()), (None, Verdict::Nothing));
    let grave_aside = trail.version("p", "v5", &allow(&["iam:*"], "*"), false);
    assert_eq!(
        (grave_aside.severity(), grave_aside.verdict()),
        (Some(Severity::High), Verdict::Latent)
    );
    assert!(grave_aside.sentence().ends_with("; it is not in force"), "{}", grave_aside.sentence());
    let back = trail
        .iam("SetDefaultPolicyVersion", json!({"policyArn": arn("policy/p"), "versionId": "v1"}));
    assert_eq!(back.severity(), Some(Severity::Critical));
    assert_eq!(who(&back), ["user/bob"]);
    let gone =
        trail.iam("DeletePolicyVersion", json!({"policyArn": arn("policy/p"), "versionId": "v2"}));
    assert!(gone.is_nothing(), "{}", gone.sentence());
}

#[test]
fn what_nobody_holds_yet_is_one_lower() {
    let mut trail = Trail::new();
    let created = trail.policy("p", &admin());
    assert_eq!((created.severity(), created.verdict()), (Some(Severity::High), Verdict::Latent));
    assert_eq!(
        created.sentence(),
        "whoever gets policy p may do everything (admin); nobody holds it yet"
    );
    let harmless = trail.policy("q", &allow(&["s3:GetObject"], "*"));
    assert_eq!(harmless.severity(), None);
    trail.group("empty", &[]);
    let group =
        trail.iam("AttachGroupPolicy", json!({"groupName": "empty", "policyArn": arn("policy/p")}));
    assert_eq!(group.severity(), Some(Severity::High));
    assert!(only(&group).is_latent);
    trail.user("bob");
    let member = trail.iam("AddUserToGroup", json!({"userName": "bob", "groupName": "empty"}));
    assert_eq!(member.severity(), Some(Severity::Critical));
    assert_eq!(who(&member), ["user/bob"]);
    let left = trail.iam("RemoveUserFromGroup", json!({"userName": "bob", "groupName": "empty"}));
    assert!(left.is_narrowing(), "{}", left.sentence());
}

#[test]
fn who_joins_a_stronger_group_himself_is_critical() {
    let mut trail = Trail::new();
    trail.user("mallory");
    trail.group("admins", &[]);
    trail.iam(
        "PutGroupPolicy",
        json!({"groupName": "admins", "policyName": "p", "policyDocument": admin()}),
    );
    let joined = trail.by(
        "mallory",
        "AddUserToGroup",
        json!({"userName": "mallory", "groupName": "admins"}),
    );
    assert!(joined.is_self_serving());
    assert_eq!(joined.severity(), Some(Severity::Critical));
}

#[test]
fn a_boundary_caps_and_its_removal_releases() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.policy("cap", &allow(&["s3:GetObject", "s3:PutObject"], "*"));
    let bound = trail.iam(
        "PutUserPermissionsBoundary",
        json!({"userName": "bob", "permissionsBoundary": arn("policy/cap")}),
    );
    assert!(bound.is_nothing(), "{}", bound.sentence());
    let capped = trail.put("bob", &allow(&["iam:*"], "*"));
    assert_eq!((capped.severity(), capped.verdict()), (Some(Severity::Medium), Verdict::Capped));
    assert_eq!(
        capped.sentence(),
        "inline policy p: nothing for bob: boundary cap cuts it off; without it: admin"
    );
    let partly = trail.put("bob", &admin());
    assert_eq!(partly.moved[0].gain, Some(Grade::Write));
    // What he may not do with IAM is not of this change.
    assert_eq!(partly.moved[0].uncapped, Some(Grade::Privesc));
    assert_eq!(partly.severity(), Some(Severity::Medium));
    let wider = trail.version("cap", "v2", &allow(&["s3:*", "iam:*"], "*"), true);
    assert_eq!(wider.severity(), Some(Severity::Critical));
    let narrower = trail.version("cap", "v3", &allow(&["s3:GetObject"], "*"), true);
    assert!(narrower.is_narrowing());
    let released = trail.iam("DeleteUserPermissionsBoundary", json!({"userName": "bob"}));
    assert_eq!(released.severity(), Some(Severity::Critical));
    assert_eq!(only(&released).grade_before, Some(Grade::Data));
    let again = trail.iam(
        "PutUserPermissionsBoundary",
        json!({"userName": "bob", "permissionsBoundary": arn("policy/cap")}),
    );
    assert!(again.is_narrowing());
}

#[test]
fn a_boundary_nobody_saw_is_released_in_full() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &admin());
    trail.iam(
        "PutUserPermissionsBoundary",
        json!({"userName": "bob", "permissionsBoundary": arn("policy/unseen")}),
    );
    let released = trail.iam("DeleteUserPermissionsBoundary", json!({"userName": "bob"}));
    assert_eq!(released.severity(), Some(Severity::Critical));
    assert_eq!(only(&released).grade_before, None);
    assert_eq!(released.confidence(), trailwarden_model::Confidence::Medium);
}

#[test]
fn a_deny_or_condition_removed_is_graded_by_what_it_held_back() {
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let deny = |action: &str| json!({"Effect": "Deny", "Action": action, "Resource": "*"});
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &policy_of(json!([{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}, deny("s3:PutObject")])));
    let released = trail.put("bob", &super::allow(&["s3:GetObject", "s3:PutObject"], "*"));
    assert_eq!(released.severity(), Some(Severity::Medium));
    trail.put(
        "bob",
        &policy_of(json!([allow, deny("iam:*"), deny("sts:*"), deny("organizations:*")])),
    );
    let grave = trail.put("bob", &policy_of(json!([allow])));
    assert_eq!(grave.severity(), Some(Severity::Critical), "{}", grave.sentence());
    let mfa = json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]);
    trail.put("bob", &policy_of(mfa));
    let unlocked = trail.put("bob", &policy_of(json!([allow])));
    assert_eq!(unlocked.severity(), Some(Severity::Critical), "{}", unlocked.sentence());
}

#[test]
fn without_a_before_the_new_document_is_graded_alone() {
    let mut trail = Trail::new();
    let put = trail.put("bob", &admin());
    let bob = only(&put);
    assert_eq!((bob.grade_before, bob.grade_after), (None, Some(Grade::Admin)));
    assert_eq!(put.severity(), Some(Severity::Critical));
    assert_eq!(put.confidence(), trailwarden_model::Confidence::Medium);
    assert!(
        !put.unknowns.is_empty() && put.unknown_lines().len() <= super::super::UNKNOWNS_MAX + 1
    );
    assert_eq!(put.to_finding().principals[0].grade_before, "unknown");
}

#[test]
fn who_could_do_everything_gains_little() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &allow(&["iam:*"], "*"));
    let more = trail.iam(
        "AttachUserPolicy",
        json!({"userName": "bob", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    );
    assert_eq!(more.severity(), Some(Severity::Medium));
    assert_eq!(only(&more).grade_before, Some(Grade::Admin));
}

#[test]
fn writing_is_low_when_scoped_and_medium_else() {
    let severity = |actions: &[&str], resource: &str| {
        let mut trail = Trail::new();
        trail.user("bob");
        trail.put("bob", &allow(actions, resource)).severity()
    };
    assert_eq!(
        severity(&["dynamodb:PutItem"], "arn:aws:dynamodb:*:*:table/t"),
        Some(Severity::Low)
    );
    assert_eq!(severity(&["dynamodb:PutItem"], "*"), Some(Severity::Medium));
    // What every function may do is worth a row, and no finding.
    assert_eq!(severity(&["logs:CreateLogGroup", "logs:PutLogEvents"], "*"), None);
    let more = ["logs:PutLogEvents", "logs:DeleteLogGroup"];
    assert_eq!(severity(&more, "arn:aws:logs:*:*:log-group:g"), Some(Severity::Low));
    assert_eq!(severity(&["s3:PutBucketPolicy"], "arn:aws:s3:::b"), Some(Severity::Medium));
    // His own key is his own.
    assert_eq!(
        severity(&["iam:CreateAccessKey"], "arn:aws:iam::111122223333:user/bob"),
        Some(Severity::Low)
    );
    assert_eq!(
        severity(&["iam:CreateAccessKey"], "arn:aws:iam::111122223333:user/${aws:username}"),
        Some(Severity::Low)
    );
    assert_eq!(
        severity(&["iam:CreateAccessKey"], "arn:aws:iam::111122223333:user/ann"),
        Some(Severity::High)
    );
}

#[test]
fn parameters_left_out_are_unknown_and_take_nothing_away() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &admin());
    let omitted = trail.iam("PutUserPolicy", crate::trail::omitted());
    assert_eq!(omitted.verdict(), Verdict::Unknown);
    assert!(omitted.moved.is_empty() && omitted.is_open_ended, "{}", omitted.sentence());
}

/// The table of severities: writing by what is written to, and to enter a role by what it may do.
#[test]
fn to_enter_a_role_weighs_what_the_role_may_do() {
    let mut trail = Trail::new();
    trail.user("bob");
    for role in ["idle", "reader", "writer"] {
        trail.role(role, &trusting(json!({"AWS": arn("root")})));
    }
    let put = |trail: &mut Trail, kind: &str, name: &str, text: String| {
        let request =
            json!({format!("{kind}Name"): name, "policyName": "p", "policyDocument": text});
        let call = if kind == "role" { "PutRolePolicy" } else { "PutUserPolicy" };
        trail.iam(call, request)
    };
    put(&mut trail, "role", "reader", allow(&["s3:ListAllMyBuckets"], "*"));
    put(&mut trail, "role", "writer", allow(&["s3:DeleteBucket"], "*"));
    let mut enter = |role: &str| {
        let text = allow(&["sts:AssumeRole"], &arn(&format!("role/{role}")));
        let severity = put(&mut trail, "user", "bob", text).severity();
        put(&mut trail, "user", "bob", allow(&["s3:ListAllMyBuckets"], "*"));
        severity
    };
    assert_eq!(enter("idle"), Some(Severity::Low));
    assert_eq!(enter("reader"), Some(Severity::Low));
    assert_eq!(enter("writer"), Some(Severity::Medium));
    // Nobody knows what that one may do.
    assert_eq!(enter("unseen"), Some(Severity::Medium));
}

/// IAM User Guide, "AWS global condition context keys", `aws:RequestedRegion`: what is limited to other
/// regions says nothing of IAM.
#[test]
fn a_limit_to_other_regions_makes_no_administrator() {
    let mut trail = Trail::new();
    trail.user("bob");
    let mut put = |region: &str| {
        let condition = json!({"StringEquals": {"aws:RequestedRegion": region}});
        let text = policy_of(json!([
            {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": condition}]));
        trail.iam(
            "PutUserPolicy",
            json!({"userName": "bob", "policyName": "p", "policyDocument": text}),
        )
    };
    let abroad = put("eu-west-1");
    assert!(abroad.severity() < Some(Severity::High), "{}", abroad.sentence());
    assert!(abroad.opened.is_empty(), "{}", abroad.sentence());
    let at_home = put("us-east-1");
    assert_eq!(at_home.severity(), Some(Severity::Critical), "{}", at_home.sentence());
}
