//! From findings to plans.

use std::path::Path;

use expect_test::expect;
use serde_json::{Value, json};

use crate::account::{ACCOUNT, BASELINE, assess, finding, outcome, plan};
use crate::support::{check_schema, folder, run};

/// What is told of the plan, without what changes with the time.
fn told(said: &str) -> String {
    let lines = said.lines().filter(|line| !line.starts_with("Digest "));
    lines.map(|line| line.to_owned() + "\n").collect()
}

#[test]
fn an_assessment_becomes_a_plan_with_reasons_for_the_rest() {
    let folder = folder();
    assess(folder.path());
    let line = format!(
        "remediate plan --findings findings.json --all --min-severity medium {BASELINE} --output plan.json"
    );
    let ran = run(folder.path(), &line);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.said);
    expect![[r#"
        Plan for account 111122223333: 4 steps, by what was known at 2026-06-01T12:00:00Z.

        What it does to access:
          SWITCHES OFF the access key AKIABOBSOLDKEY of user/bob; last used 2025-03-01
          Takes from user/bob: do everything, but not all of CloudWatch Logs; change the content of any managed policy; write inline policies of any user; and 5 more (last used for anything 2026-05-30)
          NOT KNOWN: what of it was used, for no logs were given (--logs PATH)

        Let a user do nothing without MFA (enable-mfa)
          - Only the user can enable a device: hand over the enrolment script (`trailwarden remediate show PLAN --as enrolment --user NAME`), which the user runs with own credentials, or let the user sign in to the console and follow Security credentials > Assign MFA device.
          - The user must sign in anew after that; the policy stays and does no harm.
          - The plan says: The user has active access keys, which are never used with MFA: they keep working, and only sessions without MFA are denied. Move what uses them to a role.
          arn:aws:iam::111122223333:user/bob
            1. deny all without MFA to bob
            for tw-1e405b19147bfa0c high Administrator without a second factor: user/bob
            for tw-e799d4aa6d9338af high User signs in to the console without a second factor: user/bob; also offered: delete-login-profile

        Rotate an access key (rotate-access-key)
          - A role with temporary credentials needs no rotation: ask whether one would do.
          - The plan says: Stage 2 of 3: the new key AKIABOBSNEWKEY was used later than the old one, which nothing used for 3 days. 35 days after this step a plan for the inactive key (delete-credential), made with the logs, deletes it.
          arn:aws:iam::111122223333:user/bob
            2. switch the access key AKIABOBSOLDKEY of bob off
            for tw-53455775c26e91b0 medium Access key older than 90 days: access key 1 of user/bob; also offered: deactivate-access-key
            for tw-a047988c7f7aef91 medium Active access key unused for 45 days: access key 1 of user/bob
            for tw-7d0b2b011233734b medium Active access key unused for 90 days: access key 1 of user/bob

        Narrow a policy (narrow-policy)
          - A managed policy counts for everybody who holds it, and an inline policy of a group for all members.
          - What somebody used of the grant stops working: compare with what the logs show of its use.
          - The plan says: It counts for the members of the group: user/bob.
          arn:aws:iam::111122223333:group/ops
            3. narrow the inline policy too much; rm -rf $HOME of ops
            for tw-1ebd22d9b18c3622 high An inline policy gives full control: inline policy too much; rm -rf $HOME of group/ops
            for tw-6b20d6e9e80ac40a high Group makes administrators: group/ops
            for tw-b67dd53b8785f532 high User is an administrator: user/bob
            for tw-022a188337da6500 medium An inline policy grants all of CloudTrail: inline policy too much; rm -rf $HOME of group/ops
            for tw-ab881757e6938915 medium An inline policy grants all of KMS: inline policy too much; rm -rf $HOME of group/ops
            for tw-ae93a85a2b1bbfb8 medium An inline policy lets decrypt with every key: inline policy too much; rm -rf $HOME of group/ops
            for tw-b24a1a918921e7a3 medium An inline policy lets subscribe to anything on the Marketplace: inline policy too much; rm -rf $HOME of group/ops

        Strengthen the password policy (strengthen-password-policy)
          - The call sets every rule, so the present ones are merged into it: the stricter of each stays.
          - Passwords that exist stay valid until they are changed; the rule on reuse counts at the next change.
          the password policy of account 111122223333
            4. set the password policy: AllowUsersToChangePassword on, MinimumPasswordLength 14, PasswordReusePrevention 24, RequireLowercaseCharacters on, RequireNumbers on, RequireSymbols on, RequireUppercaseCharacters on
            for tw-620e36f5a0602092 medium Fewer than 24 old passwords are barred: account 111122223333
            for tw-b039e2213830a678 medium Passwords may be shorter than 14 characters: account 111122223333
            for tw-745f6e543b68a8b6 medium The password policy is weaker than AWS recommends: account 111122223333
            for tw-489c6b797dedccd1 medium Passwords need no small letter: account 111122223333
            for tw-7cb8a2bc70355572 medium Passwords need no symbol: account 111122223333
            for tw-5e7201bcb67f2a93 medium Passwords need no capital letter: account 111122223333

        Without a plan: 5 findings
          detach-policy: it is held by user/alice, and who of them needs all of it is not in AWS
            1. Who holds it: `aws iam list-entities-for-policy --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`. In the console: IAM > Policies > the policy > Entities attached. Of a group, all members count.
            2. Choose who keeps it: one role for administration and one way in for emergencies, each with a narrow trust policy or a hardware key, and an alarm on its use. At least two people must be able to get in.
            3. Of every other holder, look what it did: `trailwarden least-privilege NAME --logs PATH --baseline FILE` writes the policy of what it used, with a plan. Rare work, such as a yearly task or a restore, is not in it: ask the owner, and add that.
            4. One holder at a time, give the narrower policy first and take the wide one away after it: the findings about who is an administrator (user-is-administrator, group-gives-full-control, role-is-administrator) have plans for that, with an undo. By hand: `aws iam detach-user-policy --user-name NAME --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`, and `detach-group-policy` or `detach-role-policy` likewise; `attach-user-policy` takes it back.
            5. Wait some days before the next one, and look in the logs for calls that are refused now.
            6. Roles of IAM Identity Center get it by a permission set: assign another one there.
            7. Accept the finding for those who keep it, with the reason and a date on which somebody looks again.
            - tw-4c490da09353c293 high A policy of AWS's own that somebody holds gives full control: policy AdministratorAccess
          read-the-policy: Read a policy: only who knows what it is used for can say what should be left
            1. Keep the document as AWS holds it now: `aws iam get-group-policy --group-name ops --policy-name 'too much; rm -rf $HOME' --query PolicyDocument > present.json`. In the console: IAM > the user, group or role > Permissions > the policy.
            2. What is wrong with it: `trailwarden lint present.json`. What was used of it: `trailwarden least-privilege ops --logs PATH --baseline FILE`, which makes a plan with its undo; of a group, ask for each member.
            3. Write it narrower in a copy, and put that in its place: `aws iam put-group-policy --group-name ops --policy-name 'too much; rm -rf $HOME' --policy-document file://new.json`; the same with `file://present.json` takes it back.
            4. Look in the logs for calls that are refused now.
            - tw-801490eb49f14247 high Policy in force has a grave flaw: inline policy too much; rm -rf $HOME of group/ops
          detach-policy: it is the last administrator of the account; make sure of another one first
            1. Make sure of another way in before anything is taken away: another user with a password and a second factor, or a role for emergencies that such a user may enter: `aws iam create-role --role-name emergency --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}'` and `aws iam attach-role-policy --role-name emergency --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`.
            2. The role lets in whom a policy allows to enter it: `aws iam put-user-policy --user-name USER --policy-name enter-emergency --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/emergency"}]}'`; `aws iam delete-user-policy --user-name USER --policy-name enter-emergency` takes it back.
            3. Try it: sign in by it, and let it list the users (`aws iam list-users`). The root user and its second factor must be at hand, too.
            4. Make the plan again with a baseline from then (`trailwarden baseline --output FILE`).
            5. Where the account is under attack, do not wait for that: root can do all of this, and the management account can by central root access.
            - tw-427fabbfd579e9c2 high User is an administrator: user/alice
          strengthen-password-policy: it asks for passwords that expire, which no plan sets: those that are older expire at once, and NIST SP 800-63B advises against it. Where your standard asks for it: count the users with older passwords in the credential report, tell them, then IAM > Account settings > Password policy > Edit > Turn on password expiration
            1. Count who is hit: `aws iam generate-credential-report`, then `aws iam get-credential-report --query Content --output text | base64 --decode`, the column `password_last_changed`. Older ones expire at once.
            2. Tell these users, and let them change their passwords before.
            3. Keep the present rules: `aws iam get-account-password-policy`. `aws iam update-account-password-policy` sets all rules at once, and whatever is left out goes back to its default: give all of them again, with `--max-password-age 90`. In the console: IAM > Account settings > Password policy > Edit, which keeps the others.
            - tw-f116c7c106931cd7 medium The password policy is weaker than payment card rules ask: account 111122223333
          narrow-trust: the account's organization is not known, so nothing says who belongs to it: name the trusted roles in the trust policy one by one
            1. Keep what is there: `aws iam get-role --role-name partner --query Role.AssumeRolePolicyDocument > trust.json`.
            2. Who entered it: the records of `AssumeRole`, `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity` for the role in the logs. Ask the role's owner who else must.
            3. Write a trust policy that names those roles or accounts. For everybody of an organization add a condition on `aws:PrincipalOrgID`, for a partner on `sts:ExternalId`, for a service on `aws:SourceAccount` or `aws:SourceArn`, for a provider on its `sub` and `aud`.
            4. `aws iam update-assume-role-policy --role-name partner --policy-document file://new.json`; the kept file takes it back. In the console: IAM > Roles > the role > Trust relationships.
            5. Sessions that exist live on until they end: revoke-sessions ends them.
            - tw-0938e9d0b544a473 medium Role lets in another account without an external id: role/partner
    "#]].assert_eq(&told(&ran.said));
    let ran = run(folder.path(), &format!("{line} --json --quiet"));
    assert_eq!(ran.said, "");
    check_schema("remediation", &ran.json());
    check_schema("plan", &ran.json()["plan"]);
}

#[test]
fn the_last_administrator_is_a_hard_stop() {
    let folder = folder();
    let ops = json!({ "kind": "group", "arn": "arn:aws:iam::111122223333:group/ops", "name": "group/ops" });
    let alice = json!({ "kind": "user", "arn": "arn:aws:iam::111122223333:user/alice", "name": "user/alice" });
    let both = [
        finding("tw-1", "group-gives-full-control", ops, &["detach-policy"]),
        finding("tw-2", "user-is-administrator", alice, &["detach-policy"]),
    ];
    let ran = plan(folder.path(), &both, "--json");
    assert_eq!(ran.code, 3);
    assert_eq!(outcome(&ran, "tw-1")["outcome"], "planned", "alice is left");
    assert_eq!(outcome(&ran, "tw-2")["outcome"], "stopped", "nobody would be left");
    let alone = plan(folder.path(), &both[1..], "--json");
    assert_eq!((alone.code, outcome(&alone, "tw-2")["outcome"].clone()), (0, json!("planned")));
}

/// Which of two administrators is kept does not hang on the names of findings.
#[test]
fn of_two_administrators_the_one_who_was_seen_last_stays() {
    let folder = folder();
    let about = |id: &str, name: &str| {
        let arn = format!("arn:aws:iam::{ACCOUNT}:user/{name}");
        let user = json!({ "kind": "user", "arn": arn, "name": format!("user/{name}") });
        finding(id, "user-is-administrator", user, &["detach-policy"])
    };
    plan(folder.path(), &[about("tw-1", "alice"), about("tw-2", "bob")], "");
    let file = |name: &str| folder.path().join(name);
    let mut details: Value =
        serde_json::from_str(&std::fs::read_to_string(file("details.json")).unwrap()).unwrap();
    let administrator = details["UserDetailList"][0]["AttachedManagedPolicies"].clone();
    details["UserDetailList"][1]["AttachedManagedPolicies"] = administrator;
    details["UserDetailList"][1]["GroupList"] = json!([]);
    std::fs::write(file("details.json"), details.to_string()).unwrap();
    let report = std::fs::read_to_string(file("report.csv")).unwrap();
    let signed_in = "user/alice,2025-01-01T00:00:00+00:00,true,2026-05-30";
    assert!(report.contains(signed_in));
    for (day, expected) in
        [("2026-05-31", ["stopped", "planned"]), ("2026-01-31", ["planned", "stopped"])]
    {
        let told = signed_in.replace("2026-05-30", day);
        std::fs::write(file("report.csv"), report.replace(signed_in, &told)).unwrap();
        let line = format!("remediate plan --findings findings.ndjson --all {BASELINE} --json");
        let ran = run(folder.path(), &line);
        let became = ["tw-1", "tw-2"].map(|id| outcome(&ran, id)["outcome"].clone());
        assert_eq!(became, expected.map(|it| json!(it)), "alice signed in on {day}");
    }
}

#[test]
fn a_break_glass_user_is_a_hard_stop() {
    let folder = folder();
    std::fs::write(folder.path().join("trailwarden.toml"), "break_glass = [\"bob\"]\n").unwrap();
    let bob = json!({ "kind": "user", "name": "bob" });
    let ran = plan(folder.path(), &[finding("tw-1", "x", bob, &["revoke-sessions"])], "--json");
    assert_eq!((ran.code, outcome(&ran, "tw-1")["outcome"].clone()), (2, json!("stopped")));
    assert!(ran.json()["plan"].is_null());
}

#[test]
fn a_foreign_account_is_taken_out_of_a_trust_policy_and_others_stay() {
    let folder = folder();
    let role = json!({ "kind": "role", "name": "partner" });
    let remedies = ["remove-trust", "revoke-sessions"];
    let mut found = [finding("tw-1", "role-trusts-foreign-account", role, &remedies)];
    let entered = |who: &str| {
        json!({ "principals": [], "reach": { "principals": 1, "accounts": 1 }, "unknowns": [],
            "paths_opened": [{ "technique": "sts-001", "from": who,
                "to": "arn:aws:iam::111122223333:role/partner" }] })
    };
    found[0]["effect"] = entered("arn:aws:iam::444455556666:root");
    let other = plan(folder.path(), &found, "--json");
    assert_eq!(outcome(&other, "tw-1")["outcome"], "unknown", "whom it let in is out again");
    found[0]["effect"] = entered("arn:aws:iam::999988887777:root");
    let ran = plan(folder.path(), &found, "--json");
    let step = &ran.json()["plan"]["steps"][0];
    assert_eq!((ran.code, step["operation"].as_str()), (0, Some("UpdateAssumeRolePolicy")));
    let document = step["input"]["PolicyDocument"].as_str().unwrap();
    assert!(document.contains("user/alice") && !document.contains("999988887777"), "{document}");
    let before = step["inverse"]["input"]["PolicyDocument"].as_str().unwrap();
    assert!(before.contains("999988887777"), "{before}");
    let chosen = plan(folder.path(), &found, "--json --remediation revoke-sessions");
    assert_eq!(chosen.json()["plan"]["steps"][0]["operation"], "PutRolePolicy");
}

#[test]
fn the_key_that_was_made_then_is_the_one() {
    let folder = folder();
    let bob = json!({ "kind": "user", "name": "bob" });
    let mut found = finding("tw-1", "access-key-for-another-user", bob, &["deactivate-access-key"]);
    let made = |time: &str| {
        json!([{ "event_id": "e", "event_name": "CreateAccessKey", "event_source": "iam.amazonaws.com",
            "event_time": time, "account": null, "file": "f", "record": 0 }])
    };
    found["evidence"] = made("2026-05-01T00:00:01Z");
    let ran = plan(folder.path(), &[found.clone()], "--json");
    assert_eq!(ran.json()["plan"]["steps"][0]["input"]["AccessKeyId"], "AKIABOBSNEWKEY");
    found["evidence"] = made("2026-05-02T00:00:00Z");
    let ran = plan(folder.path(), &[found.clone()], "--json");
    assert_eq!((ran.code, outcome(&ran, "tw-1")["outcome"].clone()), (0, json!("already")));
    found["evidence"] = made("2026-06-02T00:00:00Z");
    found["last_time"] = json!("2026-06-02T00:00:00Z");
    let ran = plan(folder.path(), &[found], "--json");
    assert_eq!(outcome(&ran, "tw-1")["outcome"], "unknown", "the list of keys is older");
}

#[test]
fn a_baseline_from_before_the_finding_tells_nothing_of_after() {
    let folder = folder();
    let user = |name: &str| json!({ "kind": "user", "name": name });
    let mut found = [
        finding("tw-1", "x", user("eve"), &["revoke-sessions"]),
        finding("tw-2", "x", user("bob"), &["enable-mfa"]),
    ];
    let ran = plan(folder.path(), &found, "--json");
    assert_eq!(outcome(&ran, "tw-1")["outcome"], "already", "eve is gone");
    assert_eq!(outcome(&ran, "tw-2")["outcome"], "planned");
    found.iter_mut().for_each(|one| one["last_time"] = json!("2026-06-02T00:00:00Z"));
    let ran = plan(folder.path(), &found, "--json");
    assert!(ran.said.contains("2 findings are from after the baseline"), "{}", ran.said);
    assert_eq!(outcome(&ran, "tw-1")["outcome"], "unknown");
    assert_eq!(outcome(&ran, "tw-2")["outcome"], "unknown");
}

#[test]
fn two_ways_to_change_one_thing_clash() {
    let folder = folder();
    let bob = || json!({ "kind": "user", "name": "bob" });
    let found = [
        finding("tw-1", "a", bob(), &["reset-console-password"]),
        finding("tw-2", "b", bob(), &["delete-login-profile"]),
        finding("tw-3", "c", bob(), &["reset-password"]),
    ];
    let ran = plan(folder.path(), &found, "--json");
    assert_eq!(ran.code, 3);
    assert_eq!(outcome(&ran, "tw-1")["outcome"], "planned");
    assert_eq!(outcome(&ran, "tw-2")["outcome"], "clash");
    assert_eq!(outcome(&ran, "tw-3")["outcome"], "same", "the other id is an alias");
    assert_eq!(outcome(&ran, "tw-3")["steps"], outcome(&ran, "tw-1")["steps"]);
}

#[test]
fn what_lies_in_another_account_is_put_right_there() {
    let folder = folder();
    let there = json!({ "kind": "role", "name": "partner", "account": "999988887777" });
    let ran = plan(folder.path(), &[finding("tw-1", "x", there, &["revoke-sessions"])], "--json");
    assert_eq!((ran.code, outcome(&ran, "tw-1")["outcome"].clone()), (2, json!("person")));
}

#[test]
fn what_a_person_must_do_is_told_step_by_step() {
    let folder = folder();
    let bob = json!({ "kind": "user", "name": "bob" });
    let ran = plan(folder.path(), &[finding("tw-1", "x", bob, &["delete-user"])], "--json");
    let told = outcome(&ran, "tw-1");
    assert_eq!((ran.code, told["outcome"].as_str()), (2, Some("person")));
    assert!(!told["how"].as_array().unwrap().is_empty());
}

#[test]
fn usage_is_checked() {
    let folder = folder();
    let bob = || json!({ "kind": "user", "name": "bob" });
    let found = [finding("tw-1", "x", bob(), &["revoke-sessions"])];
    assert_eq!(plan(folder.path(), &found, "--quiet").code, 0);
    let on = "remediate plan --findings findings.ndjson";
    let ran = run(folder.path(), &format!("{on} --id tw-2 {BASELINE}"));
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("no finding has the id `tw-2`"), "{}", ran.said);
    let ran = run(folder.path(), &format!("{on} {BASELINE}"));
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("<--id <ID>|--all>"), "both ways are named: {}", ran.said);
    let ran = run(folder.path(), &format!("{on} --all --remediation none {BASELINE}"));
    assert!(ran.said.contains("there is no such remediation"), "{}", ran.said);
    let mut other = finding("tw-3", "x", bob(), &["revoke-sessions"]);
    other["account"] = json!("444455556666");
    let ran = plan(folder.path(), &[found[0].clone(), other], "");
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("name it with --account"), "{}", ran.said);
}

#[test]
fn a_stopped_trail_is_started_where_it_is_at_home() {
    let folder = folder();
    let arn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/main";
    let trail = json!({ "trailList": [{ "Name": "main", "TrailARN": arn, "S3BucketName": "logs",
        "HomeRegion": "eu-central-1", "IsMultiRegionTrail": true, "LogFileValidationEnabled": true,
        "IncludeGlobalServiceEvents": true, "IsOrganizationTrail": false }] });
    std::fs::write(folder.path().join("trails.json"), trail.to_string()).unwrap();
    let selectors = json!({ "TrailARN": arn,
        "EventSelectors": [{ "ReadWriteType": "All", "IncludeManagementEvents": true }] });
    std::fs::write(folder.path().join("selectors.json"), selectors.to_string()).unwrap();
    let target = json!({ "kind": "trail", "name": "main" });
    let found = [finding("tw-1", "trail-stopped-or-deleted", target, &["restore-trail"])];
    let with = |status: bool| {
        let status = json!({ "IsLogging": status }).to_string();
        std::fs::write(folder.path().join("status.json"), status).unwrap();
        plan(folder.path(), &found, "--json --baseline trails.json status.json selectors.json")
    };
    let ran = with(false);
    let step = &ran.json()["plan"]["steps"][0];
    let told = (step["operation"].as_str(), step["region"].as_str());
    assert_eq!(told, (Some("StartLogging"), Some("eu-central-1")), "{}", ran.said);
    assert_eq!(outcome(&with(true), "tw-1")["outcome"], "already");
    let ran = plan(folder.path(), &found, "--json");
    assert_eq!(outcome(&ran, "tw-1")["outcome"], "unknown", "no baseline tells of trails");
}

/// A record as CloudTrail writes it, and the finding that names it as evidence.
fn recorded(folder: &Path, id: &str, name: &str, request: Value) -> Value {
    let record = |id: &str, time: &str, name: &str, request: &Value| {
        json!({ "eventVersion": "1.11", "eventID": id, "eventTime": time, "eventName": name,
            "eventSource": "iam.amazonaws.com", "awsRegion": "us-east-1",
            "eventType": "AwsApiCall", "eventCategory": "Management", "readOnly": false,
            "recipientAccountId": ACCOUNT, "sourceIPAddress": "192.0.2.1", "userAgent": "x",
            "userIdentity": { "type": "IAMUser", "principalId": "AIDAALICE", "userName": "alice",
                "arn": "arn:aws:iam::111122223333:user/alice", "accountId": ACCOUNT },
            "requestParameters": request, "responseElements": null })
    };
    let before = json!({ "groupName": "ops", "policyName": "too much; rm -rf $HOME",
        "policyDocument": BEFORE });
    let records = [
        record("e0", "2026-04-01T00:00:00Z", "PutGroupPolicy", &before),
        record(id, "2026-05-01T00:00:00Z", name, &request),
    ];
    std::fs::write(folder.join("log.json"), json!({ "Records": records }).to_string()).unwrap();
    json!([{ "event_id": id, "event_name": name, "event_source": "iam.amazonaws.com",
        "event_time": "2026-05-01T00:00:00Z", "account": ACCOUNT, "file": "log.json", "record": 1 }])
}

const BEFORE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:Get*","Resource":"*"}]}"#;

#[test]
fn logs_tell_what_a_policy_said_before_and_plans_put_it_back() {
    let folder = folder();
    let ops = json!({ "kind": "group", "arn": "arn:aws:iam::111122223333:group/ops", "name": "group/ops" });
    let mut found =
        finding("tw-1", "permissions-widened", ops, &["detach-policy", "narrow-policy"]);
    let all =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let request = json!({ "groupName": "ops", "policyName": "too much; rm -rf $HOME",
        "policyDocument": all });
    found["evidence"] = recorded(folder.path(), "e1", "PutGroupPolicy", request);
    let without = plan(folder.path(), &[found.clone()], "--json");
    let told = outcome(&without, "tw-1");
    assert_eq!(told["outcome"], "unknown");
    assert!(told["reason"].as_str().unwrap().contains("--logs PATH"), "{told}");
    let ran = plan(folder.path(), &[found.clone()], "--json --logs log.json");
    let step = &ran.json()["plan"]["steps"][0];
    assert_eq!((ran.code, step["operation"].as_str()), (0, Some("PutGroupPolicy")), "{}", ran.said);
    assert_eq!(step["input"]["PolicyDocument"], BEFORE, "as it was");
    let back = step["inverse"]["input"]["PolicyDocument"].as_str().unwrap();
    assert!(back.contains("\"Sid\":\"All\""), "the baseline from after it tells what is: {back}");
    // Logs that do not hold the record tell nothing of it.
    found["evidence"][0]["event_id"] = json!("e9");
    let ran = plan(folder.path(), &[found], "--json --logs log.json");
    assert_eq!(outcome(&ran, "tw-1")["outcome"], "unknown");
}

#[test]
fn a_key_that_only_signed_a_record_is_left_alone() {
    let folder = folder();
    let bob = json!({ "kind": "user", "name": "bob" });
    let mut found = finding("tw-1", "access-key-for-another-user", bob, &["deactivate-access-key"]);
    let record = |id: &str, name: &str, request: Value, response: Value| {
        json!({ "eventID": id, "eventTime": "2026-05-01T00:00:00Z", "eventName": name,
            "eventSource": "iam.amazonaws.com", "awsRegion": "us-east-1",
            "recipientAccountId": ACCOUNT, "userIdentity": { "type": "IAMUser",
                "principalId": "AIDABOB", "userName": "bob", "accessKeyId": "AKIABOBSOLDKEY",
                "arn": "arn:aws:iam::111122223333:user/bob", "accountId": ACCOUNT },
            "requestParameters": request, "responseElements": response })
    };
    let key = json!({ "accessKey": { "userName": "bob", "accessKeyId": "AKIABOBSNEWKEY", "status": "Active" } });
    let made = record("e1", "CreateAccessKey", json!({ "userName": "bob" }), key);
    std::fs::write(folder.path().join("log.json"), made.to_string()).unwrap();
    found["evidence"] = json!([{ "event_id": "e1", "event_name": "CreateAccessKey",
        "event_source": "iam.amazonaws.com", "event_time": "2026-05-01T00:00:00Z",
        "account": ACCOUNT, "file": "log.json", "record": 0 }]);
    let ran = plan(folder.path(), &[found], "--json --logs log.json");
    let steps = ran.json()["plan"]["steps"].as_array().unwrap().clone();
    let keys: Vec<&Value> = steps.iter().map(|step| &step["input"]["AccessKeyId"]).collect();
    assert_eq!(keys, ["AKIABOBSNEWKEY"], "{}", ran.said);
}

/// What a role holds that nobody has seen may be full control, too.
#[test]
fn a_way_by_somebody_of_unseen_permissions_is_not_called_closed() {
    let folder = folder();
    let arn = |what: String| format!("arn:aws:iam::{ACCOUNT}:{what}");
    let made = "2025-01-01T00:00:00Z";
    let given = |action: &str, resource: &str| {
        json!([{ "PolicyName": "given", "PolicyDocument": { "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": action, "Resource": resource }] } }])
    };
    let user = |name: &str, role: &str| {
        json!({ "Path": "/", "UserName": name, "UserId": format!("AIDA{name}"), "CreateDate": made,
            "Arn": arn(format!("user/{name}")), "GroupList": [], "AttachedManagedPolicies": [],
            "UserPolicyList": given("sts:AssumeRole", &arn(format!("role/{role}"))), "Tags": [] })
    };
    let role = |name: &str, attached: &Value| {
        json!({ "Path": "/", "RoleName": name, "RoleId": format!("AROA{name}"), "CreateDate": made,
            "Arn": arn(format!("role/{name}")), "InstanceProfileList": [], "Tags": [],
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
                "Principal": { "AWS": arn("root".to_owned()) }, "Action": "sts:AssumeRole" }] },
            "RolePolicyList": given("*", "*"), "AttachedManagedPolicies": attached })
    };
    let unseen = json!([{ "PolicyName": "unseen", "PolicyArn": arn("policy/unseen".to_owned()) }]);
    let administrator = json!([{ "PolicyName": "AdministratorAccess",
        "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess" }]);
    let mut keeper = role("keeper", &administrator);
    keeper["RolePolicyList"] = json!([]);
    // Somebody from outside enters it, so that an administrator is left for certain.
    keeper["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] =
        json!({ "AWS": "arn:aws:iam::999988887777:root" });
    let mut bare = role("bare", &unseen);
    bare["RolePolicyList"] = json!([]);
    let details = json!({
        "UserDetailList": [user("ann", "whole"), user("bea", "partly"), user("cid", "bare")],
        "GroupDetailList": [],
        "RoleDetailList": [keeper, bare, role("whole", &json!([])), role("partly", &unseen)],
        "Policies": [],
    });
    std::fs::write(folder.path().join("seen.json"), details.to_string()).unwrap();
    let baseline = "--baseline seen.json --baseline-time 2026-06-01T12:00:00Z";
    let found = run(folder.path(), &format!("assess {baseline} --json"));
    let is_of_cid = |one: &&Value| {
        one["rule"] == "user-can-become-administrator" && one["target"]["name"] == "user/cid"
    };
    let assessed = found.json()["findings"].as_array().unwrap().clone();
    assert_eq!(assessed.iter().find(is_of_cid).unwrap()["verdict"], "unknown");
    std::fs::write(folder.path().join("findings.json"), found.out).unwrap();
    let line = format!("remediate plan --findings findings.json --all {baseline} --json");
    let told = run(folder.path(), &line).json();
    let became = |name: &str| {
        let all = told["findings"].as_array().unwrap();
        let of = |one: &&Value| {
            one["rule"] == "user-can-become-administrator"
                && one["target"] == format!("user/{name}")
        };
        all.iter().find(of).unwrap()["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!((became("ann"), became("bea")), ("same".to_owned(), "person".to_owned()));
}

#[test]
fn a_refused_call_left_nothing_to_put_right() {
    let folder = folder();
    let role = json!({ "kind": "role", "name": "partner" });
    let mut found = finding("tw-1", "role-trusts-anyone", role, &["remove-trust"]);
    found["outcome"] = json!("denied");
    let ran = plan(folder.path(), &[found], "--json");
    let told = outcome(&ran, "tw-1");
    assert_eq!(told["outcome"], "already");
    assert!(told["reason"].as_str().unwrap().contains("AWS refused the call"), "{told}");
}

#[test]
fn a_group_reads_the_trail_that_nobody_could_read() {
    let folder = folder();
    let arn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/main";
    let trail = json!({ "trailList": [{ "Name": "main", "TrailARN": arn, "S3BucketName": "logs",
        "S3KeyPrefix": "ours", "HomeRegion": "eu-central-1", "IsMultiRegionTrail": true,
        "LogFileValidationEnabled": true, "IncludeGlobalServiceEvents": true }] });
    std::fs::write(folder.path().join("trails.json"), trail.to_string()).unwrap();
    let bucket = json!({ "kind": "bucket", "name": "logs", "arn": "arn:aws:s3:::logs" });
    let found = [finding("tw-1", "trail-readable-by-nobody", bucket, &["grant-trail-reading"])];
    let unnamed = plan(folder.path(), &found, "--json --baseline trails.json");
    let reason = outcome(&unnamed, "tw-1")["reason"].clone();
    assert!(reason.as_str().unwrap().contains("--reader-group"), "{reason}");
    let ran = plan(folder.path(), &found, "--json --reader-group ops --baseline trails.json");
    let step = &ran.json()["plan"]["steps"][0];
    assert_eq!((ran.code, step["operation"].as_str()), (0, Some("PutGroupPolicy")), "{}", ran.said);
    let document = step["input"]["PolicyDocument"].as_str().unwrap();
    assert!(document.contains("arn:aws:s3:::logs/ours/AWSLogs/*"), "{document}");
    assert!(!document.contains("kms:"), "{document}");
}

#[test]
fn a_new_trail_has_a_bucket_of_its_own() {
    let folder = folder();
    let none = json!({ "trailList": [] });
    std::fs::write(folder.path().join("trails.json"), none.to_string()).unwrap();
    let account = json!({ "kind": "account", "id": ACCOUNT, "name": ACCOUNT });
    let found = [finding("tw-1", "no-trail", account, &["restore-trail", "create-trail"])];
    let bucket = |more: &str| {
        let ran = plan(folder.path(), &found, &format!("--json --baseline trails.json {more}"));
        let steps = ran.json()["plan"]["steps"].clone();
        assert_eq!(steps[0]["operation"], "CreateBucket", "{}", ran.said);
        let trail = steps.as_array().unwrap().iter().find(|it| it["operation"] == "CreateTrail");
        assert_eq!(trail.unwrap()["input"]["S3BucketName"], steps[0]["input"]["Bucket"]);
        steps[0]["input"]["Bucket"].as_str().unwrap().to_owned()
    };
    assert_eq!(bucket(""), "trailwarden-logs-111122223333-us-east-1");
    assert_eq!(bucket("--trail-bucket ours"), "ours");
}

/// What somebody may be using right now goes first, whatever is graver.
#[test]
fn containment_comes_before_grants() {
    let folder = folder();
    let ops = json!({ "kind": "group", "arn": "arn:aws:iam::111122223333:group/ops", "name": "group/ops" });
    let mut key = finding(
        "tw-2",
        "access-key-not-rotated",
        json!({ "kind": "access_key", "arn": "arn:aws:iam::111122223333:user/bob",
            "id": "AIDABOB/access key 1", "name": "access key 1 of user/bob" }),
        &["deactivate-access-key"],
    );
    key["severity"] = json!("low");
    let found = [finding("tw-1", "group-gives-full-control", ops, &["detach-policy"]), key];
    let ran = plan(folder.path(), &found, "--json");
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_eq!(ran.json()["plan"]["steps"][0]["operation"], "UpdateAccessKey");
    assert_eq!(outcome(&ran, "tw-2")["steps"], json!(["1"]));
    assert_eq!(outcome(&ran, "tw-1")["steps"], json!(["2"]));
}

/// "Update access keys" (IAM User Guide): bob's newer key was used later than the older one.
#[test]
fn a_key_whose_successor_is_in_use_is_switched_off() {
    let folder = folder();
    let key = json!({ "kind": "access_key", "arn": "arn:aws:iam::111122223333:user/bob",
        "id": "AIDABOB/access key 1", "name": "access key 1 of user/bob" });
    let found = [finding(
        "tw-1",
        "access-key-not-rotated",
        key,
        &["rotate-access-key", "deactivate-access-key"],
    )];
    let ran = plan(folder.path(), &found, "--json");
    let step = &ran.json()["plan"]["steps"][0];
    let told = (step["operation"].as_str(), step["input"]["AccessKeyId"].as_str());
    assert_eq!(told, (Some("UpdateAccessKey"), Some("AKIABOBSOLDKEY")), "{}", ran.said);
    assert!(ran.json()["plan"]["preview"]["remedies"][0]["notes"].to_string().contains("Stage 2"));
}

/// What is switched off needs no successor, and making one asks that it is on: the run would stop there.
#[test]
fn a_key_that_the_plan_switches_off_is_not_rotated() {
    let folder = folder();
    let key = |more: Value| {
        let mut key = json!({ "kind": "access_key", "arn": "arn:aws:iam::111122223333:user/bob",
            "id": "AIDABOB/access key 2", "name": "access key 2 of user/bob" });
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    };
    let mut old = finding("tw-1", "access-key-not-rotated", key(json!({})), &["rotate-access-key"]);
    old["severity"] = json!("low");
    let named = key(json!({ "access_key": "AKIABOBSNEWKEY" }));
    let found = [old, finding("tw-2", "x", named, &["deactivate-access-key"])];
    plan(folder.path(), &found, "");
    let only = json!({ "UserName": "bob", "AccessKeyId": "AKIABOBSNEWKEY", "Status": "Active",
        "CreateDate": "2026-05-01T00:00:00Z" });
    let keys = json!({ "AccessKeyMetadata": [only] });
    std::fs::write(folder.path().join("keys.json"), keys.to_string()).unwrap();
    let line = format!("remediate plan --findings findings.ndjson {BASELINE} --json");
    let alone = run(folder.path(), &format!("{line} --id tw-1"));
    assert_eq!(alone.json()["plan"]["steps"][0]["operation"], "CreateAccessKey", "{}", alone.said);
    let both = run(folder.path(), &format!("{line} --all"));
    assert_eq!(outcome(&both, "tw-2")["outcome"], "planned");
    assert_eq!(outcome(&both, "tw-1")["outcome"], "clash");
}
