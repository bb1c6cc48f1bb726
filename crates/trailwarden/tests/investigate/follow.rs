//! Following identity: sessions, keys, names, passwords, roles and code.

use trailwarden_runtime::investigate::story::StepKind;

use crate::support::{changes, named, people, said, steps, story};

/// Temporary keys lead from role to role, and each role's calls are told as its own.
#[test]
fn a_chain_of_roles_is_followed_to_its_end() {
    let story = story(
        r#"alice sts:AssumeRole role/deploy issues=ASIAFIRST {"response":{"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/deploy/a","assumedRoleId":"AROADEPLOY:a"}}}
           role/deploy/a sts:AssumeRole role/admin key=ASIAFIRST issues=ASIASECOND {"response":{"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/admin/b","assumedRoleId":"AROAADMIN:b"}}}
           role/admin/b iam:CreateUser user/eve key=ASIASECOND
           role/admin/b iam:DeleteUser user/zoe key=ASIAOTHER
           role/deploy/z iam:CreateUser user/not-hers"#,
        "alice",
    );
    assert_eq!(
        people(&story)[..3],
        ["subject user alice", "session session deploy/a", "session session admin/b"]
    );
    assert_eq!(changes(&story), ["admin/b CreateUser user eve"]);
    let became: Vec<String> =
        steps(&story, StepKind::Became).map(|step| said(&story, step)).collect();
    assert_eq!(became.len(), 2, "{became:?}");
    assert_eq!(story.links.iter().filter(|link| link.how == "assumed").count(), 2);
}

/// Log times have one second: a key may be used in a record that stands before the one that gave it.
#[test]
fn a_key_used_within_its_own_second_is_followed() {
    let story = story(
        r#"alice sts:AssumeRole role/deploy issues=ASIAFIRST {"eventID":"ffffffff-0000-4000-8000-000000000000","response":{"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/deploy/a","assumedRoleId":"AROADEPLOY:a"}}}
           +0s role/deploy/a sts:AssumeRole role/admin key=ASIAFIRST issues=ASIASECOND {"eventID":"88888888-0000-4000-8000-000000000000","response":{"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/admin/b","assumedRoleId":"AROAADMIN:b"}}}
           +0s role/admin/b ec2:RunInstances key=ASIASECOND {"eventID":"00000000-0000-4000-8000-000000000000"}"#,
        "alice",
    );
    assert_eq!(changes(&story), ["admin/b RunInstances "]);
}

#[test]
fn a_session_of_a_token_is_still_the_same_user() {
    let story = story(
        "alice sts:GetSessionToken issues=ASIATOKEN
         alice iam:CreateUser user/eve key=ASIATOKEN",
        "alice",
    );
    assert_eq!(people(&story)[0], "subject user alice");
    assert_eq!(changes(&story), ["alice CreateUser user eve"]);
}

/// Whoever asks for one key gets what that key did, and what keys it made did.
#[test]
fn a_key_is_its_own_story_and_that_of_the_keys_it_made() {
    let trail = r#"alice iam:CreateUser user/hers key=AKIAOWN000000000OTHER
         alice iam:CreateAccessKey user/bob key=AKIASTOLEN0000000000 {"response":{"accessKey":{"accessKeyId":"AKIABOB0000000000000","userName":"bob"}}}
         bob iam:CreateUser user/eve key=AKIABOB0000000000000
         bob iam:CreateUser user/his-own key=AKIABOBSOWN000000000"#;
    let story = story(trail, "AKIASTOLEN0000000000");
    assert_eq!(people(&story)[..2], ["subject user alice", "key user bob"]);
    assert_eq!(
        changes(&story),
        ["alice CreateAccessKey user bob: AKIABOB0000000000000", "bob CreateUser user eve"]
    );
    let bob = named(&story, "bob");
    assert_eq!(bob.access_key.as_deref(), Some("AKIABOB0000000000000"));
    assert!(bob.sure);
}

/// A rename changes the name and not the id: calls before and after are of one user, by either name.
#[test]
fn a_renamed_user_is_one_user_by_each_of_its_names() {
    let identity = |name: &str| {
        format!(
            r#"{{"userIdentity":{{"principalId":"AIDASAME000000000000","userName":"{name}","arn":"arn:aws:iam::111122223333:user/{name}"}}}}"#
        )
    };
    let trail = format!(
        "old s3:CreateBucket bucket/one {}
         admin iam:UpdateUser user/old {{\"request\":{{\"newUserName\":\"new\"}}}}
         new s3:CreateBucket bucket/two {}",
        identity("old"),
        identity("new")
    );
    for name in ["old", "new", "AIDASAME000000000000", "arn:aws:iam::111122223333:user/old"] {
        let story = story(&trail, name);
        let subjects: Vec<_> = story.subjects().collect();
        assert_eq!(subjects.len(), 1, "{name}");
        assert_eq!(subjects[0].calls, 2, "{name}");
        let mut names = subjects[0].former_names.clone();
        names.push(subjects[0].name.clone());
        names.sort();
        assert_eq!(names, ["new", "old"], "{name}");
        let done: Vec<String> =
            steps(&story, StepKind::DoneTo).map(|step| said(&story, step)).collect();
        assert_eq!(done, ["admin UpdateUser user old: new"], "{name}");
    }
}

/// A password that was set opens the console: what the user does there may be its setter's.
#[test]
fn a_planted_password_is_followed_through_the_console() {
    let story = story(
        "carol s3:ListBuckets key=AKIACAROL00000000000
         mallory iam:UpdateLoginProfile user/carol
         carol s3:ListBuckets key=AKIACAROL00000000000
         carol signin:ConsoleLogin {\"userIdentity\":{\"accessKeyId\":\"\"}}
         carol iam:CreateUser user/eve key=ASIACONSOLE000000000",
        "mallory",
    );
    let carol = named(&story, "carol");
    assert_eq!((carol.relation.as_str(), carol.sure, carol.calls), ("password", false, 2));
    assert!(changes(&story).contains(&"carol CreateUser user eve".to_owned()));
}

/// A function's sessions carry its name: what it does after its code was replaced is the story's.
#[test]
fn code_that_was_replaced_is_followed_where_it_runs() {
    let story = story(
        r#"role/worker/thumbs s3:GetObject
           service/lambda.amazonaws.com sts:AssumeRole role/worker issues=ASIALAMBDA
           mallory lambda:UpdateFunctionCode20150331v2 {"request":{"functionName":"arn:aws:lambda:eu-west-1:111122223333:function:thumbs"},"response":{"functionName":"thumbs"}}
           role/worker/thumbs iam:CreateUser user/eve key=ASIALAMBDA
           role/worker/other iam:CreateUser user/not-hers key=ASIAOTHER"#,
        "mallory",
    );
    let function = named(&story, "thumbs");
    assert_eq!((function.relation.as_str(), function.kind.as_str()), ("carrier", "function"));
    assert_eq!((function.sure, function.calls), (false, 1));
    assert!(changes(&story).contains(&"thumbs CreateUser user eve".to_owned()));
    assert!(!changes(&story).iter().any(|change| change.contains("not-hers")));
}

/// A role that was opened lets in strangers; who was let in before is nobody's business here.
#[test]
fn strangers_in_an_opened_role_are_followed_and_regulars_are_not() {
    let assumed = |session: &str| {
        format!(
            r#"{{"response":{{"assumedRoleUser":{{"arn":"arn:aws:sts::111122223333:assumed-role/app/{session}","assumedRoleId":"AROAAPP:{session}"}}}}}}"#
        )
    };
    let trail = format!(
        "mallory iam:UpdateAssumeRolePolicy role/app trust=444455556666
         service/ec2.amazonaws.com sts:AssumeRole role/app issues=ASIASERVICE {}
         account/444455556666 sts:AssumeRole role/app issues=ASIASTRANGER {}
         role/app/i iam:CreateUser user/regular key=ASIASERVICE
         role/app/s iam:CreateUser user/eve key=ASIASTRANGER",
        assumed("i"),
        assumed("s")
    );
    let story = story(&trail, "mallory");
    assert_eq!(named(&story, "app/s").relation.as_str(), "backdoor");
    assert!(changes(&story).contains(&"app/s CreateUser user eve".to_owned()));
    assert!(!changes(&story).iter().any(|change| change.contains("regular")));
}

/// What became of a role's sessions is told, and who took them, but not what else those people do.
#[test]
fn a_role_is_told_with_those_who_took_it() {
    let story = story(
        "alice sts:AssumeRole role/deploy issues=ASIADEPLOY
         alice iam:CreateUser user/hers
         role/deploy/a iam:CreateUser user/its key=ASIADEPLOY",
        "role/deploy",
    );
    assert_eq!(changes(&story), ["deploy CreateUser user its"]);
    assert_eq!(named(&story, "alice").relation.as_str(), "origin");
    assert!(story.links.iter().any(|link| link.how == "assumed"));
}

/// Into a new role its trust may let anybody; what a service does as it is the service's.
#[test]
fn a_role_that_was_made_is_followed_but_for_services() {
    let role = r#"{"response":{"role":{"roleName":"helper","roleId":"AROAHELPER0000000000","arn":"arn:aws:iam::111122223333:role/helper"}}}"#;
    let caller = |session: &str| {
        format!(
            r#"{{"userIdentity":{{"principalId":"AROAHELPER0000000000:{session}","arn":"arn:aws:sts::111122223333:assumed-role/helper/{session}"}}}}"#
        )
    };
    let trail = format!(
        "mallory iam:CreateRole role/helper trust=444455556666 {role}
         service/ecs.amazonaws.com sts:AssumeRole role/helper issues=ASIATASK
         account/444455556666 sts:AssumeRole role/helper issues=ASIAOUT
         role/helper/task s3:PutBucketPolicy key=ASIATASK {}
         role/helper/out iam:CreateUser user/eve key=ASIAOUT {}",
        caller("task"),
        caller("out")
    );
    let story = story(&trail, "mallory");
    let helper = named(&story, "helper");
    assert_eq!((helper.relation.as_str(), helper.calls, helper.sure), ("made", 1, false));
    assert!(changes(&story).contains(&"helper CreateUser user eve".to_owned()));
    // Who took the session is told.
    assert!(story.identities.iter().any(|who| who.account.as_deref() == Some("444455556666")));
}

/// IAM User Guide, "Policies and permissions in AWS Identity and Access Management", "Session policies".
#[test]
fn a_session_is_told_with_what_its_session_policy_limits_it_to() {
    let begin = |policy: &str| {
        format!(
            r#"alice sts:AssumeRole role/deploy issues=ASIAFIRST {{"request":{{"roleArn":"arn:aws:iam::111122223333:role/deploy","roleSessionName":"a"{policy}}},"response":{{"assumedRoleUser":{{"arn":"arn:aws:sts::111122223333:assumed-role/deploy/a","assumedRoleId":"AROADEPLOY:a"}}}}}}
           role/deploy/a iam:CreateUser user/eve key=ASIAFIRST"#
        )
    };
    let policy = r#","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:CreateUser\",\"Resource\":\"*\"}]}""#;
    for asked in ["alice", "arn:aws:sts::111122223333:assumed-role/deploy/a"] {
        let limited = story(&begin(policy), asked);
        let session = limited.identities.iter().find(|one| one.kind == "session").unwrap();
        assert_eq!(session.limited_to, ["create any user"], "{asked}");
        let free = story(&begin(""), asked);
        let session = free.identities.iter().find(|one| one.kind == "session").unwrap();
        assert!(session.limited_to.is_empty(), "{asked}");
    }
}
