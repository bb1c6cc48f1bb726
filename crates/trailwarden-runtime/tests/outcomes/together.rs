//! Findings that need more than one remediation: the way in is shut, and whoever came in is thrown out.

use trailwarden_runtime::remedies::{Made, Outcome as Became};

use super::{made, planned};
use trailwarden_detect::{detections, reference};

/// Each call of the plan with whom it is about, in its order.
fn calls(made: &Made) -> Vec<String> {
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    steps.map(|step| format!("{}: {}", step.operation, step.purpose)).collect()
}

fn of(rule: &str, trail: &str) -> Made {
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    made(detection, trail)
}

/// What became of the findings, in their order: the remediation and whether it is planned.
fn became(made: &Made) -> Vec<(&str, Became, Option<&str>)> {
    made.answers
        .iter()
        .map(|it| {
            (it.remediation.as_deref().unwrap_or_default(), it.outcome, it.goes_with.as_deref())
        })
        .collect()
}

const OUTSIDER: &str = "mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777";

const OUTSIDERS_NEW: &str = "mallory iam:CreateRole role/app trust=999988887777";

const ENTERS: &str = "account/999988887777 sts:AssumeRole role/app issues=ASIAOUT";

#[test]
fn a_new_role_that_an_outsider_may_enter_is_shut_and_not_only_emptied() {
    let made = of("role-trusts-foreign-account", OUTSIDERS_NEW);
    assert_eq!(became(&made), [("remove-trust", Became::Planned, None)], "{made:?}");
    assert_eq!(calls(&made), ["UpdateAssumeRolePolicy: change the trust policy of app"]);
    let text = format!("{:?}", made.plan.unwrap().steps);
    assert!(text.contains(r#"\"Effect\":\"Deny\""#) || text.contains("Deny"), "{text}");
}

#[test]
fn who_entered_by_a_trust_is_thrown_out_after_it_is_shut() {
    for opens in [OUTSIDER, OUTSIDERS_NEW] {
        let made = of("role-trusts-foreign-account", &format!("{opens}\n{ENTERS}"));
        assert_eq!(
            became(&made),
            [
                ("remove-trust", Became::Planned, None),
                ("revoke-sessions", Became::Planned, Some("remove-trust")),
            ],
        );
        assert_eq!(
            calls(&made),
            [
                "UpdateAssumeRolePolicy: change the trust policy of app",
                "PutRolePolicy: end the sessions of app",
            ]
        );
        let told = format!("{:?}", made.plan.unwrap().preview.remedies);
        assert!(told.contains("account 999988887777 entered role/app"), "{told}");
    }
    // Nobody entered: the sessions that there are, are of those who are right.
    let made = of("role-trusts-foreign-account", OUTSIDER);
    assert_eq!(calls(&made), ["UpdateAssumeRolePolicy: change the trust policy of app"]);
}

#[test]
fn who_entered_again_after_sessions_were_ended_is_thrown_out_again() {
    let ended = |of: &str| {
        let document = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{{"DateLessThan":{{"aws:TokenIssueTime":"{of}"}}}}}}]}}"#
        );
        let request = serde_json::json!({ "request": {
            "policyName": "AWSRevokeOlderSessions", "policyDocument": document } });
        format!("admin iam:PutRolePolicy role/app {request}")
    };
    let of = |time: &str| {
        let trail = format!("{OUTSIDER}\n{ENTERS}\n{}\n{ENTERS}", ended(time));
        of("role-trusts-foreign-account", &trail)
    };
    // The trust was open still.
    let again = of("2026-03-01T12:02:30Z");
    let ends = ("revoke-sessions", Became::Planned, Some("remove-trust"));
    assert_eq!(became(&again).last(), Some(&ends), "{:?}", again.answers);
    let over = of("2026-03-01T12:05:00Z");
    assert_eq!(became(&over), [("remove-trust", Became::Planned, None)], "{:?}", over.answers);
}

#[test]
fn who_entered_before_the_trust_was_opened_is_left_alone() {
    let made = of("role-trusts-foreign-account", &format!("{ENTERS}\n{OUTSIDER}"));
    assert_eq!(calls(&made), ["UpdateAssumeRolePolicy: change the trust policy of app"]);
}

#[test]
fn sessions_that_are_over_are_not_ended() {
    let later = "+13h admin iam:ListUsers";
    let made = of("role-trusts-foreign-account", &format!("{OUTSIDER}\n{ENTERS}\n{later}"));
    assert_eq!(calls(&made), ["UpdateAssumeRolePolicy: change the trust policy of app"]);
}

#[test]
fn to_end_sessions_is_no_answer_to_a_way_in_that_stays_open() {
    // Whose record is missing: nobody knows whom the change let in.
    let trail = format!("{OUTSIDER}\n{ENTERS}");
    let detection = detections::ALL.iter().find(|one| one.id == "role-trusts-foreign-account");
    let mut findings = reference::judge_example(detection.unwrap(), &trail).unwrap();
    findings[0].evidence[0].event_id = "unknown".to_owned();
    let made = planned(&trail, &findings);
    let [shut, ends] = made.answers.as_slice() else { panic!("{:?}", made.answers) };
    assert_eq!(shut.outcome, Became::Unknown, "{shut:?}");
    assert!(!shut.how.is_empty(), "{shut:?}");
    assert_eq!(ends.goes_with.as_deref(), Some("remove-trust"), "{ends:?}");
    let told = format!("{:?}", made.plan.map(|plan| plan.preview.remedies));
    assert!(told.contains("THE WAY IN STAYS OPEN"), "{told}");
}

#[test]
fn a_key_that_issued_a_token_is_off_before_the_token_is_denied() {
    let issued = r#"mallory sts:GetFederationToken issues=ASIAFED {"request":{"name":"backdoor","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}"#;
    let used = format!("{issued}\n+1s federated/backdoor sts:GetCallerIdentity key=ASIAFED");
    for (rule, trail) in
        [("broad-federation-token-issued", issued), ("broad-federation-token-used", used.as_str())]
    {
        let made = of(rule, trail);
        let calls = calls(&made);
        let calls: Vec<&str> = calls.iter().filter_map(|it| it.split(':').next()).collect();
        assert_eq!(calls, ["UpdateAccessKey", "PutUserPolicy"], "{rule}: {:?}", made.answers);
    }
}

#[test]
fn what_runs_with_a_stronger_role_is_stopped_by_a_person_and_no_session_ends_before() {
    for (rule, named) in [
        ("stronger-role-passed", "put-function-concurrency --function-name f "),
        ("code-changed-on-stronger-role", "put-function-concurrency --function-name f "),
    ] {
        let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
        let made = made(detection, detection.fires_on[0]);
        let [answer] = made.answers.as_slice() else { panic!("{:?}", made.answers) };
        assert_eq!(answer.outcome, Became::Person, "{answer:?}");
        assert!(answer.how[0].contains(named), "{answer:?}");
        assert!(answer.how.last().unwrap().contains("It is an outage"), "{answer:?}");
        assert!(made.plan.is_none(), "{rule}");
    }
}

#[test]
fn who_signed_in_with_a_strangers_password_is_thrown_out() {
    for rule in
        ["login-after-failures", "login-after-mfa-failures", "sign-in-with-planted-password"]
    {
        let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
        for trail in detection.fires_on {
            let made = made(detection, trail);
            let ends = made.answers.iter().any(|it| {
                it.remediation.as_deref() == Some("revoke-sessions")
                    && it.outcome == Became::Planned
            });
            assert!(ends, "{rule}: {trail}: {:?}", made.answers);
        }
    }
}

#[test]
fn a_password_that_was_not_there_before_is_taken_away() {
    let trail = "mallory iam:CreateLoginProfile user/bob\n+5m bob signin:ConsoleLogin";
    let made = of("sign-in-with-planted-password", trail);
    assert_eq!(
        became(&made),
        [
            ("delete-login-profile", Became::Planned, None),
            ("revoke-sessions", Became::Planned, Some("delete-login-profile")),
        ],
        "{:?}",
        made.answers
    );
}

#[test]
fn what_a_key_made_outlives_it_and_is_ended() {
    let trail = "mallory iam:CreateAccessKey user/alice issues=AKIANEW ip=192.0.2.10\n\
                 +5m alice sts:GetCallerIdentity key=AKIANEW ip=203.0.113.9";
    let rule = "new-access-key-used-elsewhere";
    let alone = of(rule, trail);
    assert!(alone.answers.iter().all(|it| it.goes_with.is_none()), "{alone:?}");
    let took = "\nalice sts:GetSessionToken key=AKIANEW issues=ASIATOOK ip=203.0.113.9";
    let made = of(rule, &format!("{trail}{took}"));
    let last = made.answers.iter().find(|it| it.goes_with.is_some());
    let last = last.unwrap_or_else(|| panic!("{:?}", made.answers));
    assert_eq!(last.remediation.as_deref(), Some("revoke-sessions"));
    assert_eq!(last.outcome, Became::Planned);
    // A role's session is none of the user's: it is that role's that are ended.
    let ended = |made: Made| {
        let ends = made.answers.into_iter().filter(|it| it.goes_with.is_some());
        ends.map(|it| it.target).collect::<Vec<_>>()
    };
    let entered = "\nalice sts:AssumeRole role/operations key=AKIANEW issues=ASIAOPS";
    assert_eq!(ended(of(rule, &format!("{trail}{entered}"))), ["operations"]);
    assert_eq!(ended(alone), [""; 0]);
    let other = entered.replacen("AKIANEW", "AKIAOLD", 1);
    assert_eq!(ended(of(rule, &format!("{trail}{other}"))), [""; 0]);
}

/// An inactive key signs nothing.
#[test]
fn a_key_that_signs_after_it_was_switched_off_is_on_again() {
    let of = |after: &str| {
        let trail = format!(
            "mallory iam:CreateAccessKey user/alice issues=AKIANEW ip=192.0.2.10\n\
             +5m alice sts:GetCallerIdentity key=AKIANEW ip=203.0.113.9\n\
             admin iam:UpdateAccessKey user/alice {}{after}",
            r#"{"request":{"accessKeyId":"AKIANEW","status":"Inactive"}}"#
        );
        let made = of("new-access-key-used-elsewhere", &trail);
        made.answers[0].outcome
    };
    assert_eq!(of(""), Became::Already);
    // It takes some time until it counts everywhere.
    assert_eq!(of("\n+10s alice iam:ListUsers key=AKIANEW"), Became::Already);
    assert_eq!(of("\n+2h alice iam:ListUsers key=AKIANEW"), Became::Planned);
}

#[test]
fn who_keeps_what_was_gained_is_told_or_loses_it_too() {
    let document = r#"{"request":{"policyName":"Evil","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"},"response":{"policy":{"arn":"arn:aws:iam::111122223333:policy/Evil","policyName":"Evil","policyId":"ANPAEVIL","defaultVersionId":"v1"}}}"#;
    let of_attachment = |actor: &str| {
        let trail = format!(
            "admin iam:CreateUser user/bob\nadmin iam:CreateGroup group/devs\n\
             admin iam:AddUserToGroup user/bob group/devs\n\
             mallory iam:CreatePolicy policy/Evil {document}\n\
             mallory iam:AttachGroupPolicy group/devs policy/Evil\n\
             {actor} iam:AttachUserPolicy user/bob policy/Evil"
        );
        let detection = detections::ALL.iter().find(|one| one.id == "permissions-widened");
        let mut findings = reference::judge_example(detection.unwrap(), &trail).unwrap();
        findings.retain(|one| one.evidence[0].event_name == "AttachGroupPolicy");
        planned(&trail, &findings)
    };
    // The same one did it: the copy goes, too.
    let made = of_attachment("mallory");
    let detached = calls(&made);
    assert!(detached.iter().any(|it| it.starts_with("DetachUserPolicy")), "{detached:?}");
    assert!(made.answers.iter().all(|it| it.stays.is_empty()), "{:?}", made.answers);
    // Whoever had it before was given nothing.
    let trail = format!(
        "admin iam:CreateUser user/bob\nadmin iam:CreateUser user/otto\n\
         admin iam:CreatePolicy policy/Evil {document}\nadmin iam:AttachUserPolicy user/otto policy/Evil\n\
         mallory iam:AttachUserPolicy user/bob policy/Evil\n\
         mallory iam:AttachUserPolicy user/otto policy/Evil"
    );
    let detection = detections::ALL.iter().find(|one| one.id == "permissions-widened").unwrap();
    let mut findings = reference::judge_example(detection, &trail).unwrap();
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    let detached = calls(&planned(&trail, &findings));
    assert_eq!(detached.len(), 1, "{detached:?}");
    assert!(detached[0].ends_with("from bob"), "{detached:?}");
    // Somebody else meant it so: it stays, and that is told.
    let made = of_attachment("admin");
    let stays: Vec<&String> = made.answers.iter().flat_map(|it| &it.stays).collect();
    assert!(
        stays.iter().any(|it| it.starts_with("user/bob may still do nearly everything")
            && it.contains("Evil, which is attached to user/bob")),
        "{:?}",
        made.answers
    );
    let told = format!("{:?}", made.plan.unwrap().preview.remedies);
    assert!(told.contains("IT STAYS: user/bob"), "{told}");
}

#[test]
fn a_plan_says_who_did_it_and_how_to_stop_that_one() {
    let made =
        of("access-key-for-another-user", "mallory iam:CreateAccessKey user/alice issues=AKIANEW");
    let told = format!("{:?}", made.plan.unwrap().preview.remedies);
    assert!(told.contains("user/mallory did it, by the key AKIA"), "{told}");
    assert!(told.contains("--user-name mallory --access-key-id AKIA"), "{told}");
}
