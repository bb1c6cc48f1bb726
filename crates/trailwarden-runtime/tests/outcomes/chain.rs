//! Who is thrown out is thrown out all along the way: the key, each role that was entered, and who stands behind.

use trailwarden_runtime::remedies::{Made, Outcome as Became};

use super::{detection, made, planned};
use trailwarden_detect::reference;

/// Each call of the plan with whom it is about, in its order.
fn calls(made: &Made) -> Vec<&str> {
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    steps.map(|step| step.purpose.as_str()).collect()
}

fn notes(made: &Made) -> String {
    let remedies = made.plan.iter().flat_map(|plan| &plan.preview.remedies);
    remedies.flat_map(|it| it.notes.clone()).collect::<Vec<_>>().join("\n")
}

const DUMPED: &str = "account-authorizations-dumped";

fn of(rule: &str, trail: &str) -> Made {
    made(detection(rule), trail)
}

/// The plan of several rules' findings together.
fn of_all(rules: &[&str], trail: &str) -> Made {
    let findings = rules.iter().flat_map(|rule| {
        let found = reference::judge_example(detection(rule), trail).unwrap();
        assert!(!found.is_empty(), "{rule}");
        found
    });
    planned(trail, &findings.collect::<Vec<_>>())
}

const CHAIN: &str = "alice sts:AssumeRole role/deploy issues=ASIADEPLOY key=AKIAALICE\n\
     role/deploy/x sts:AssumeRole role/app issues=ASIAAPP key=ASIADEPLOY\n";

const ASKS: &str = "role/app/y iam:GetAccountAuthorizationDetails key=ASIAAPP";

#[test]
fn a_chain_of_roles_is_ended_from_its_key_on() {
    let made = of(DUMPED, &format!("{CHAIN}{ASKS}"));
    assert_eq!(
        calls(&made),
        [
            "switch the access key AKIAALICE of alice off",
            "end the sessions of deploy",
            "end the sessions of app",
        ],
        "{:?}",
        made.answers
    );
    let told = notes(&made);
    let way = "the key AKIAALICE of user/alice entered role/deploy at 2026-03-01T12:00:00Z and from there role/app at";
    assert!(told.contains(way), "{told}");
    let [own, key, role] = made.answers.as_slice() else { panic!("{:?}", made.answers) };
    assert!(own.goes_with.is_none(), "{own:?}");
    for (answer, target) in [(key, "alice"), (role, "deploy")] {
        assert_eq!((answer.outcome, answer.target.as_str()), (Became::Planned, target));
        assert_eq!(answer.goes_with.as_deref(), Some("revoke-sessions"));
    }
}

#[test]
fn a_key_that_is_off_already_leaves_the_sessions_of_its_chain() {
    let off = r#"+5m admin iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAALICE","status":"Inactive"}}"#;
    let made = of("session-outlives-its-key", &format!("{CHAIN}{off}\n{ASKS}"));
    assert_eq!(
        calls(&made),
        ["end the sessions of deploy", "end the sessions of app"],
        "{:?}",
        made.answers
    );
}

#[test]
fn a_session_of_somebody_else_ends_nobody_on_another_way() {
    let other = "bob sts:AssumeRole role/ops issues=ASIAOPS key=AKIABOB\n\
                 bob sts:AssumeRole role/app issues=ASIABOB key=AKIABOB\n";
    let made = of(DUMPED, &format!("{other}{CHAIN}{ASKS}"));
    assert_eq!(calls(&made).len(), 3, "{:?}", calls(&made));
    // Nor does a name that is the same link anything.
    let unlinked = CHAIN.replace("issues=ASIAAPP", "issues=ASIAOTHER");
    let made = of(DUMPED, &format!("{unlinked}{ASKS}"));
    assert_eq!(calls(&made), ["end the sessions of app"]);
}

#[test]
fn roles_that_were_entered_from_a_session_are_ended_with_it() {
    let asks = "role/deploy/x iam:GetAccountAuthorizationDetails key=ASIADEPLOY\n";
    let on = "role/app/y sts:AssumeRole role/data issues=ASIADATA key=ASIAAPP\n\
         role/data/z sts:GetCallerIdentity key=ASIADATA";
    let made = of(DUMPED, &format!("{CHAIN}{asks}{on}"));
    let expected = [
        "switch the access key AKIAALICE of alice off",
        "end the sessions of deploy",
        "end the sessions of app",
        "end the sessions of data",
    ];
    assert_eq!(calls(&made), expected, "{:?}", made.answers);
    // What is over is left alone.
    let over = format!("{CHAIN}{on}\n+13h {asks}");
    assert_eq!(calls(&of(DUMPED, &over)), &expected[..2]);
}

#[test]
fn another_account_on_the_way_is_named() {
    let trail = "account/999988887777 sts:AssumeRole role/cross issues=ASIACROSS\n\
         role/cross/carol iam:GetAccountAuthorizationDetails key=ASIACROSS\n\
         role/cross/carol sts:AssumeRole issues=ASIAFAR key=ASIACROSS {\"request\":{\"roleArn\":\"arn:aws:iam::444455556666:role/far\"}}";
    let made = of(DUMPED, trail);
    assert_eq!(calls(&made), ["end the sessions of cross"]);
    let told = notes(&made);
    assert!(told.contains("Account 999988887777 must stop that first"), "{told}");
    assert!(told.contains("entered role/far of account 444455556666"), "{told}");
}

#[test]
fn a_session_that_changed_its_own_role_is_ended_before_the_change_is_taken_back() {
    let trail = "role/ci/build iam:DeleteRolePermissionsBoundary role/ci\n\
         role/ci/build iam:UpdateAssumeRolePolicy role/ci trust=999988887777";
    let made = of_all(&["own-permissions-boundary-lifted", "role-trusts-foreign-account"], trail);
    let calls = calls(&made);
    assert_eq!(calls.first(), Some(&"end the sessions of ci"), "{calls:?} {:?}", made.answers);
    assert_eq!(calls.len(), 3, "{calls:?}");
    assert!(notes(&made).contains("can do it again"), "{}", notes(&made));
}

#[test]
fn a_key_that_made_the_session_is_off_before_the_session_is_ended() {
    let trail = "alice sts:GetSessionToken issues=ASIATOOK key=AKIAALICE\n\
         alice iam:GetAccountAuthorizationDetails key=ASIATOOK";
    let made = of(DUMPED, trail);
    let expected = ["switch the access key AKIAALICE of alice off", "end the sessions of alice"];
    assert_eq!(calls(&made), expected, "{:?}", made.answers);
    // Of what such a session did the key is named.
    let trail = format!(
        "{trail}\nalice iam:AttachUserPolicy user/bob aws-policy/AdministratorAccess key=ASIATOOK"
    );
    let told = notes(&of("permissions-widened", &trail));
    assert!(told.contains("by temporary credentials that the key AKIAALICE made"), "{told}");
    assert!(told.contains("--access-key-id AKIAALICE"), "{told}");
}

#[test]
fn who_did_it_is_stopped_before_what_was_made_is() {
    let trail = "account/999988887777 sts:AssumeRole role/cross issues=ASIACROSS\n\
         role/cross/carol iam:GetAccountAuthorizationDetails key=ASIACROSS\n\
         role/cross/carol iam:CreateUser user/bk key=ASIACROSS\n\
         role/cross/carol iam:CreateAccessKey user/bk issues=AKIABK key=ASIACROSS\n\
         role/cross/carol iam:AttachUserPolicy user/bk aws-policy/AdministratorAccess key=ASIACROSS";
    let made = of_all(&["new-user-armed", DUMPED], trail);
    let calls = calls(&made);
    assert_eq!(calls.first(), Some(&"end the sessions of cross"), "{calls:?}");
    assert!(calls.len() > 2, "{calls:?}");
}

#[test]
fn the_person_behind_a_session_is_named_with_the_provider() {
    let trail = r#"role/people/mal@example.com iam:GetAccountAuthorizationDetails key=ASIAMAL"#;
    let enters = r#"saml/mal@example.com sts:AssumeRoleWithSAML role/people issues=ASIAMAL {"request":{"principalArn":"arn:aws:iam::111122223333:saml-provider/okta"}}"#;
    let told = notes(&of(DUMPED, trail));
    assert!(!told.contains("at the provider"), "{told}");
    let told = notes(&of(DUMPED, &format!("{enters}\n{trail}")));
    assert!(told.contains("saml-provider/okta"), "{told}");
    assert!(told.contains("everybody with a session of this role"), "{told}");
}

#[test]
fn an_instance_behind_a_session_is_named() {
    let trail = "instance/web/i-0123456789abcdef0 iam:GetAccountAuthorizationDetails key=ASIAWEB";
    let told = notes(&of(DUMPED, trail));
    assert!(told.contains("aws ec2 stop-instances --instance-ids i-0123456789abcdef0"), "{told}");
    assert!(told.contains("takes the fresh ones, too"), "{told}");
    let other = notes(&of(DUMPED, "role/web/i-am-no-instance iam:GetAccountAuthorizationDetails"));
    assert!(!other.contains("stop-instances"), "{other}");
}
