//! `simulate`: one request with its explanation, and cases by the line.

use expect_test::expect;
use serde_json::Value;

use crate::support::{Ran, folder, policy, put, run, run_in, run_on};

const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const SHOP: &str = "arn:aws:lambda:eu-central-1:111122223333:function:shop-cart";
const REPORT: &str = "arn:aws:s3:::reports/q1.pdf";

fn simulate(action: &str, resource: &str, more: &[&str]) -> Ran {
    let args = ["simulate", "--principal", ALICE, "--action", action, "--resource", resource];
    run(&[&args[..], more].concat())
}

#[test]
fn an_allow_names_its_statement() {
    let more = ["--identity-policy", "deploy.json", "--resource-account", "111122223333"];
    let ran = simulate("s3:GetObject", "arn:aws:s3:::artifacts/a.zip", &more);
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    expect![[r#"
        ALLOWED: s3:GetObject on arn:aws:s3:::artifacts/a.zip by
            arn:aws:iam::111122223333:user/alice
          allowed by  deploy.json:4:5, statement 1 `ReadArtifacts` of an identity policy
              { "Sid": "ReadArtifacts", "Effect": "Allow", "Action": ["s3:GetObject",
              "s3:GetObjects"], "Resource": "arn:aws:s3:::artifacts/*" }
    "#]]
    .assert_eq(&ran.out);
}

#[test]
fn a_deny_names_its_statement_and_what_it_overrules() {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let more = ["--identity-policy", "deploy.json", "--identity-policy", admin];
    let ran = simulate("s3:DeleteObject", "arn:aws:s3:::audit-logs/1", &more);
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("DENIED by a statement: "), "{}", ran.out);
    assert!(
        ran.out.contains("denied by   deploy.json:17:5, statement 3 `KeepLogs`"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains(&format!("not enough  {admin}:1:")), "{}", ran.out);
    let json = simulate(
        "s3:DeleteObject",
        "arn:aws:s3:::audit-logs/1",
        &[&more[..], &["--json"]].concat(),
    );
    assert_eq!(json.code, 1);
    let json = json.json();
    assert_eq!(json["decision"], "explicit_deny");
    assert_eq!(json["blocked_by"], serde_json::json!(["identity"]));
    assert_eq!(json["statements"][0]["policy"], "deploy.json");
    assert_eq!(json["statements"][0]["statement"], 2);
    assert_eq!(json["overruled"][0]["policy"], admin);
    assert!(json["explanation"].as_array().unwrap().len() >= 3);
}

#[test]
fn what_is_missing_is_named() {
    let ran = simulate("lambda:CreateFunction", SHOP, &["--identity-policy", "deploy.json"]);
    assert_eq!(ran.code, 1);
    expect![[r#"
        DENIED, since nothing allows it: lambda:CreateFunction on
            arn:aws:lambda:eu-central-1:111122223333:function:shop-cart by
            arn:aws:iam::111122223333:user/alice
          missing          no statement of the identity policies allows it
          does not fit     deploy.json:10:5, about this action, but its condition Bool
                           on aws:MultiFactorAuthPresent does not hold, as the request
                           has no such key
              { "Sid": "Deploy", "Effect": "Allow", "Action": ["lambda:CreateFunction",
              "lambda:InvokeFunction", "lambda:UpdateFunctionCode"], "Resource":
              "arn:aws:lambda:eu-central-1:111122223333:function:shop-*", "Condition":
              {"Bool": {"aws:MultiFactorAuthPresent": "true"}} }
          taken as absent  aws:MultiFactorAuthPresent; with --context KEY=VALUE the
                           answer may differ
    "#]]
    .assert_eq(&ran.out);
    let more = ["--identity-policy", "deploy.json", "--context", "aws:MultiFactorAuthPresent=true"];
    assert_eq!(simulate("lambda:CreateFunction", SHOP, &more).code, 0);
    let other =
        simulate("s3:GetObject", "arn:aws:s3:::artifact/a", &["--identity-policy", "deploy.json"]);
    assert!(other.out.contains("deploy.json:4:5, about this action, but it names another\n"));
    let none = simulate("s3:GetObject", REPORT, &[]);
    assert!(none.out.contains("no identity policy is given"), "{}", none.out);
}

#[test]
fn an_incomplete_context_leaves_it_open() {
    let more = ["--identity-policy", "deploy.json", "--incomplete-context"];
    let ran = simulate("lambda:CreateFunction", SHOP, &more);
    assert_eq!(ran.code, 3);
    assert!(ran.out.starts_with("NOT KNOWN: "), "{}", ran.out);
    assert!(ran.out.contains("may be allowed by  deploy.json:10:5"), "{}", ran.out);
    assert!(ran.out.contains("depends on         aws:MultiFactorAuthPresent;"), "{}", ran.out);
}

/// A bucket's ARN does not tell whose it is, and in another account its policy must allow.
#[test]
fn an_owner_that_nobody_names_is_unknown_where_it_matters() {
    let ran = |more: &[&str]| {
        let policy = ["--identity-policy", "deploy.json"];
        let object = "arn:aws:s3:::artifacts/a.zip";
        simulate("s3:GetObject", object, &[&policy[..], more].concat())
    };
    let open = ran(&[]);
    assert_eq!(open.code, 3);
    expect![[r#"
        NOT KNOWN: s3:GetObject on arn:aws:s3:::artifacts/a.zip by
            arn:aws:iam::111122223333:user/alice
          may be allowed by  deploy.json:4:5, statement 1 `ReadArtifacts` of an identity
                             policy
              { "Sid": "ReadArtifacts", "Effect": "Allow", "Action": ["s3:GetObject",
              "s3:GetObjects"], "Resource": "arn:aws:s3:::artifacts/*" }
          depends on         who owns the resource, since its ARN names no account:
                             allowed in the caller's account, denied in another; give
                             --resource-account 111122223333 or that of the owner
    "#]]
    .assert_eq(&open.out);
    let json = ran(&["--json"]).json();
    assert_eq!((&json["decision"], &json["depends_on_owner"]), (&"unknown".into(), &true.into()));
    assert_eq!(ran(&["--resource-account", "111122223333"]).code, 0);
    assert_eq!(ran(&["--resource-account", "999999999999"]).code, 1);
    // What nothing allows is denied, whoever owns it.
    assert_eq!(simulate("s3:GetObject", REPORT, &["--identity-policy", "deploy.json"]).code, 1);
}

/// AWS says only that it "might" refuse a session of which a `NotPrincipal` names the role alone.
#[test]
fn an_unknown_says_what_it_depends_on_even_where_no_key_does() {
    let spared = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:role/app","arn:aws:iam::111122223333:root"]},"Action":"s3:*","Resource":"*"}]}"#;
    let folder = folder();
    put(folder.path(), "bucket.json", spared);
    let session = "arn:aws:sts::111122223333:assumed-role/app/s";
    let request =
        ["simulate", "--principal", session, "--action", "s3:GetObject", "--resource", REPORT];
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let policies = ["--resource-policy", "bucket.json", "--identity-policy", admin];
    let owner = ["--resource-account", "111122223333"];
    let ran = run_in(folder.path(), &[&request[..], &policies, &owner].concat());
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("depends on        whether AWS spares a caller"), "{}", ran.out);
}

/// A value of the wrong type compares with nothing, and a Deny on it would not hold.
#[test]
fn a_context_value_is_of_the_type_of_its_key() {
    let said = |context: &str| {
        let ran = simulate("s3:GetObject", REPORT, &["--context", context]);
        (ran.code, ran.said)
    };
    let (code, text) = said("aws:SourceIp=hello");
    assert_eq!(code, 2);
    assert!(text.contains("`hello` is no value of `aws:SourceIp`; it takes one address"), "{text}");
    assert!(said("aws:SecureTransport=yes").1.contains("`true` or `false`"));
    assert_eq!(said("aws:SourceIp=203.0.113.9"), (1, String::new()));
    let (code, text) = said("aws:MultiFactorAuthPresnt=true");
    assert_eq!(code, 1);
    assert!(text.contains("did you mean `aws:MultiFactorAuthPresent`?"), "{text}");
    let both = ["--context", "aws:SourceIp=203.0.113.9", "--absent-context", "aws:sourceip"];
    assert_eq!(simulate("s3:GetObject", REPORT, &both).code, 2);
}

/// What the session, the principal or the resource brings is not absent because nobody said it.
#[test]
fn keys_that_come_by_themselves_are_not_taken_as_absent() {
    let folder = folder();
    let deny = |condition: &str| {
        policy(&format!(
            r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{{{condition}}}"#
        ))
    };
    put(folder.path(), "all.json", policy(r#""Effect":"Allow","Action":"*","Resource":"*""#));
    let session = "arn:aws:sts::111122223333:assumed-role/app/x";
    let instance = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1";
    let code = |condition: &str, principal: &str, more: &[&str]| {
        put(folder.path(), "deny.json", deny(condition));
        let args = ["simulate", "--principal", principal, "--action", "ec2:StartInstances"];
        let policies = ["--identity-policy", "all.json", "--scp", "p-FullAWSAccess"];
        let on = ["--resource", instance, "--scp", "deny.json"];
        run_in(folder.path(), &[&args[..], &policies[..], &on[..], more].concat()).code
    };
    let revoked = r#""DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}"#;
    assert_eq!(code(revoked, session, &[]), 3);
    assert_eq!(code(revoked, session, &["--context", "aws:TokenIssueTime=2026-02-01"]), 0);
    assert_eq!(code(revoked, ALICE, &[]), 0, "a user's own keys have no such time");
    let foreign = r#""StringNotEquals":{"aws:PrincipalOrgID":"o-1"}"#;
    assert_eq!(code(foreign, ALICE, &[]), 3);
    assert_eq!(code(foreign, ALICE, &["--absent-context", "aws:PrincipalOrgID"]), 1);
    let network = r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#;
    assert_eq!(code(network, ALICE, &[]), 3);
    let perimeter = r#""StringNotEquals":{"aws:ResourceAccount":"111122223333"}"#;
    assert_eq!(code(perimeter, ALICE, &[]), 0, "the account stands in the ARN");
    // Whatever the path of the role, it is not this one; and root is known whole.
    let admins = r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/OrgAdmin"}"#;
    assert_eq!(code(admins, session, &[]), 1);
    let own = r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app"}"#;
    assert_eq!(code(own, session, &[]), 3);
    let root = r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}"#;
    assert_eq!(code(root, "arn:aws:iam::111122223333:root", &[]), 1);
    assert_eq!(code(root, session, &[]), 0);
}

#[test]
fn the_part_that_does_not_fit_is_named() {
    let folder = folder();
    let provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    let trust = |principal: &str| {
        policy(&format!(
            r#""Effect":"Allow","Principal":{{{principal}}},"Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"]"#
        ))
    };
    put(folder.path(), "github.json", trust(&format!(r#""Federated":"{provider}""#)));
    let role = "arn:aws:iam::111122223333:role/r";
    let out = |args: &[&str]| run_in(folder.path(), &[&["simulate"], args].concat()).out;
    let host = "token.actions.githubusercontent.com";
    let web = ["--action", "sts:AssumeRoleWithWebIdentity", "--resource", role];
    let github = ["--resource-policy", "github.json", "--principal", host];
    let text =
        out(&[&web[..], &github[..]].concat()).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("but it names another principal"), "{text}");
    assert!(text.contains("; give that as --principal)"), "{text}");

    let bucket = policy(
        r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*""#,
    );
    put(folder.path(), "bucket.json", bucket);
    let own = ["--resource-account", "111122223333", "--resource-policy", "bucket.json"];
    let read = ["--principal", ALICE, "--action", "s3:GetObject", "--resource", REPORT];
    let text =
        out(&[&read[..], &own[..]].concat()).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("names the account, which leaves it to identity policies"), "{text}");
    assert!(!text.contains("does not fit"), "{text}");

    // The SCP of level 2 allows; level 1 has none.
    let scp = policy(r#""Effect":"Allow","Action":"s3:*","Resource":"*""#);
    put(folder.path(), "scp.json", scp);
    let text =
        out(&[&read[..], &["--identity-policy", "scp.json", "--scp", "2=scp.json"]].concat());
    assert!(text.contains("no SCP of level 1 allows it"), "{text}");
    assert!(!text.contains("does not fit"), "{text}");
}

/// A statement may have thousands of conditions, of which few are told one by one.
#[test]
fn many_conditions_that_do_not_hold_are_counted() {
    let folder = folder();
    let keys: Vec<String> = (0..3_000).map(|at| format!(r#""aws:RequestTag/t{at}":"x""#)).collect();
    let statement = format!(
        r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{{"StringEquals":{{{}}}}}"#,
        keys.join(",")
    );
    put(folder.path(), "many.json", policy(&statement));
    let request = ["simulate", "--principal", ALICE, "--action", "s3:GetObject"];
    let more = ["--resource", REPORT, "--identity-policy", "many.json"];
    let ran = run_in(folder.path(), &[&request[..], &more].concat());
    assert_eq!(ran.code, 1, "{}", ran.said);
    let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("its condition StringEquals on aws:RequestTag/t0 does not"), "{text}");
    assert!(text.contains("and 2992 more of its conditions do not hold"), "{text}");
}

#[test]
fn of_many_statements_that_decide_some_are_shown() {
    let folder = folder();
    let one = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#;
    let all = vec![one; 23].join(",");
    put(folder.path(), "a.json", format!(r#"{{"Version":"2012-10-17","Statement":[{all}]}}"#));
    let request = ["simulate", "--principal", ALICE, "--action", "s3:GetObject"];
    let own = ["--resource", REPORT, "--resource-account", "111122223333"];
    let args = [&request[..], &own, &["--identity-policy", "a.json"]].concat();
    let ran = run_in(folder.path(), &args);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.out.matches("allowed by").count(), 20, "{}", ran.out);
    assert!(ran.out.contains("and         3 more such statements; --json names"), "{}", ran.out);
    let json = run_in(folder.path(), &[&args[..], &["--json"]].concat()).json();
    assert_eq!(json["statements"].as_array().unwrap().len(), 23);
}

#[test]
fn a_policy_of_another_kind_and_a_missing_resource_are_pointed_out() {
    let said = |args: &[&str]| {
        let all = ["simulate", "--principal", ALICE, "--action", "s3:GetObject"];
        run(&[&all[..], args].concat()).said
    };
    let text = said(&["--resource", REPORT, "--identity-policy", "bucket.json"]);
    assert!(text.contains("is it for --resource-policy?"), "{text}");
    let text = said(&["--resource", REPORT, "--resource-policy", "scp.json"]);
    assert!(text.contains("is it for --identity-policy?"), "{text}");
    assert!(said(&[]).contains("none is given"));
    assert!(said(&["--resource", "reports/q1.pdf"]).contains("is no ARN"));
    assert!(said(&["--resource", "arn:aws:s3:::reports"]).contains("works on"));
}

/// Every request comes over TLS or not; without being told, nobody knows.
#[test]
fn a_key_that_every_request_has_is_unknown_until_given() {
    let more = ["--resource-policy", "bucket.json", "--resource-account", "111122223333"];
    let ran = simulate("s3:GetObject", REPORT, &more);
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("depends on       "), "{}", ran.out);
    let tls = |value: &str| {
        let context = format!("aws:SecureTransport={value}");
        simulate("s3:GetObject", REPORT, &[&more[..], &["--context", &context]].concat()).code
    };
    assert_eq!((tls("true"), tls("false")), (0, 1));
}

#[test]
fn scps_have_levels() {
    let owner = ["--resource-account", "111122223333", "--context", "aws:SecureTransport=true"];
    let more = [&["--resource-policy", "bucket.json"], &owner[..]].concat();
    let code = |scps: &[&str]| {
        let region = ["--context", "aws:RequestedRegion=eu-west-1"];
        simulate("s3:GetObject", REPORT, &[&more[..], &region[..], scps].concat()).code
    };
    assert_eq!(code(&["--scp", "p-FullAWSAccess"]), 0);
    assert_eq!(code(&["--scp", "p-FullAWSAccess", "--scp", "1=scp.json"]), 0);
    assert_eq!(
        code(&["--scp", "1=p-FullAWSAccess", "--scp", "2=scp.json"]),
        1,
        "no Allow at level 2"
    );
    assert_eq!(code(&["--scp", "3=p-FullAWSAccess"]), 1, "levels without a policy");
    assert_eq!(code(&["--scp", "0=p-FullAWSAccess"]), 2);
    let root_to_account: Vec<String> = (1..=7).map(|at| format!("{at}=p-FullAWSAccess")).collect();
    let all = root_to_account.iter().flat_map(|scp| ["--scp", scp.as_str()]).collect::<Vec<_>>();
    assert_eq!(code(&all), 0, "root, five levels of units, account");
    assert_eq!(code(&[&all[..], &["--scp", "8=p-FullAWSAccess"]].concat()), 2);
    let ran = simulate(
        "s3:GetObject",
        REPORT,
        &[
            &more[..],
            &["--scp", "1=p-FullAWSAccess", "--scp", "1=scp.json"],
            &["--context", "aws:RequestedRegion=us-east-1"],
        ]
        .concat(),
    );
    assert!(
        ran.out.contains("denied by   scp.json:4:5, statement 1 `OnlyEurope` of an SCP, level 1"),
        "{}",
        ran.out
    );
}

/// Source: AWS Organizations User Guide, "Service control policies (SCPs)" and "Resource control
/// policies (RCPs)": neither reaches the management account.
#[test]
fn the_management_account_is_bound_by_no_scp_and_its_resources_by_no_rcp() {
    let folder = folder();
    put(folder.path(), "all.json", policy(r#""Effect":"Allow","Action":"*","Resource":"*""#));
    let deny = r#""Effect":"Deny","Action":"s3:*","Resource":"*""#;
    put(folder.path(), "scp.json", policy(deny));
    put(folder.path(), "rcp.json", policy(&format!(r#"{deny},"Principal":"*""#)));
    let open = r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#;
    put(folder.path(), "open.json", policy(open));
    let ran = |principal: &str, more: &[&str]| {
        let args = ["simulate", "--principal", principal, "--action", "s3:GetObject"];
        let policies = ["--identity-policy", "all.json", "--resource-policy", "open.json"];
        run_in(folder.path(), &[&args[..], &["--resource", REPORT], &policies, more].concat())
    };
    let own = ["--resource-account", "111122223333"];
    let other = ["--resource-account", "444455556666"];
    let scp = ["--scp", "p-FullAWSAccess", "--scp", "scp.json"];
    let rcp = ["--rcp", "rcp.json"];
    let managing = ["--management-account"];
    let code = |more: &[&[&str]]| ran(ALICE, &more.concat()).code;
    assert_eq!((code(&[&own, &scp]), code(&[&own, &scp, &managing])), (1, 0));
    assert_eq!((code(&[&own, &rcp]), code(&[&own, &rcp, &managing])), (1, 0));
    assert_eq!(code(&[&other, &rcp, &managing]), 1, "a member account has the resource");
    let open = ran(ALICE, &[&rcp[..], &managing].concat());
    assert_eq!(open.code, 3, "{}", open.out);
    assert!(open.out.contains("who owns the resource"), "{}", open.out);
    let nobody = ran("anonymous", &managing);
    assert_eq!(nobody.code, 2);
    assert!(nobody.said.contains("`anonymous` is in no account"), "{}", nobody.said);
    let many = run(&["simulate", "--cases", "cases.ndjson", "--management-account"]);
    assert_eq!(many.code, 2, "a case says it itself");
}

#[test]
fn boundaries_sessions_and_endpoints_limit() {
    let folder = folder();
    let all = policy(r#""Effect":"Allow","Action":"*","Resource":"*""#);
    put(folder.path(), "all.json", &all);
    put(folder.path(), "s3.json", policy(r#""Effect":"Allow","Action":"s3:*","Resource":"*""#));
    let open = r#""Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*""#;
    put(folder.path(), "endpoint.json", policy(open));
    for (flag, file, layer) in [
        ("--boundary", "s3.json", "boundary"),
        ("--session-policy", "s3.json", "session"),
        ("--endpoint-policy", "endpoint.json", "endpoint"),
    ] {
        let ran = |action: &str| {
            let args =
                ["simulate", "--principal", ALICE, "--identity-policy", "all.json", "--json"];
            run_in(folder.path(), &[&args[..], &["--action", action, flag, file]].concat())
        };
        assert_eq!(ran("s3:ListAllMyBuckets").code, 0, "{flag}");
        let denied = ran("iam:ListUsers");
        assert_eq!(denied.code, 1, "{flag}");
        assert_eq!(denied.json()["blocked_by"], serde_json::json!([layer]));
    }
}

#[test]
fn a_policy_of_a_plan_is_named() {
    let table = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders";
    let plan = "shop.tfplan.json#aws_iam_role_policy.shop: policy";
    let ran = simulate("dynamodb:GetItem", table, &["--identity-policy", plan]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(
        ran.out.contains("shop.tfplan.json:26:21 (aws_iam_role_policy.shop: policy)"),
        "{}",
        ran.out
    );
    let many = simulate("dynamodb:GetItem", table, &["--identity-policy", "shop.tfplan.json"]);
    assert_eq!(many.code, 2);
    assert!(
        many.said.contains("holds 3 policies; say which as `shop.tfplan.json#NAME`"),
        "{}",
        many.said
    );
    let near = simulate("dynamodb:GetItem", table, &["--identity-policy", &plan[..plan.len() - 1]]);
    assert!(
        near.said.contains("did you mean `aws_iam_role_policy.shop: policy`?"),
        "{}",
        near.said
    );
}

#[test]
fn what_cannot_be_decided_is_an_error_with_a_way_out() {
    let folder = folder();
    put(folder.path(), "bad.json", "{\n  \"Version\": ,\n}");
    put(folder.path(), "half.json", policy(r#""Effect":"Perhaps","Action":"*","Resource":"*""#));
    let said = |args: &[&str]| {
        let ran = run_in(folder.path(), &[&["simulate"], args].concat());
        assert_eq!(ran.code, 2, "{}", ran.said);
        ran.said
    };
    let with = |policy: &str| {
        said(&["--principal", ALICE, "--action", "s3:GetObject", "--identity-policy", policy])
    };
    assert!(with("bad.json").contains("bad.json:2:14: "));
    assert!(with("half.json").contains("half.json:1:"), "a statement that cannot be read");
    assert!(with("half.json").contains("write `Allow` or `Deny`"));
    assert!(with("absent.json").contains("check the path"));
    assert!(with("arn:aws:iam::aws:policy/NoSuchPolicy").contains("NoSuchPolicy"));
    assert!(said(&["--principal", "alice", "--action", "s3:GetObject"]).contains("`alice`"));
    assert!(said(&["--principal", ALICE, "--action", "GetObject"]).contains("service:Name"));
    assert!(said(&["--principal", ALICE]).contains("--action"));
    let context = ["--principal", ALICE, "--action", "s3:GetObject", "--context", "aws:SourceIp"];
    assert!(said(&context).contains("KEY=VALUE"));
    let twice = ["--identity-policy", "-", "--boundary", "-"];
    assert!(said(&[&context[..4], &twice[..]].concat()).contains("standard input"));
}

#[test]
fn a_misspelt_operator_leaves_it_open() {
    let folder = folder();
    let text = policy(
        r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqual":{"aws:username":"alice"}}"#,
    );
    put(folder.path(), "a.json", text);
    let args = ["simulate", "--principal", ALICE, "--action", "s3:GetObject", "--resource", REPORT];
    let own = ["--identity-policy", "a.json", "--resource-account", "111122223333"];
    let ran = run_in(folder.path(), &[&args[..], &own[..]].concat());
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.said.contains("`StringEqual` in statement 1 "), "{}", ran.said);
}

#[test]
fn a_misspelt_action_is_pointed_out() {
    let ran = simulate("s3:GetObjects", REPORT, &["--identity-policy", "deploy.json"]);
    assert!(ran.said.contains("did you mean `s3:GetObject`?"), "{}", ran.said);
}

#[test]
fn cases_come_out_in_order() {
    let ran = run(&["simulate", "--cases", "cases.ndjson"]);
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    let answers: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let decisions: Vec<&str> =
        answers.iter().map(|one| one["decision"].as_str().unwrap()).collect();
    assert_eq!(decisions, ["allow", "implicit_deny", "unknown"]);
    assert_eq!(answers[0]["id"], "alice reads");
    assert_eq!(answers[2]["missing_context"], serde_json::json!(["aws:multifactorauthpresent"]));
}

#[test]
fn a_bad_case_costs_only_itself() {
    let good = r#"{"id":7,"principal":"anonymous","action":"s3:GetObject","resource":"*"}"#;
    let ran = run_on(&format!("{good}\n{{\"id\":8}}\n{good}\n"), &["simulate", "--cases", "-"]);
    assert_eq!(ran.code, 3);
    assert!(ran.said.contains("1 of 3 cases"), "{}", ran.said);
    let answers: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&answers[1]["id"], &answers[1]["decision"]), (&8.into(), &"error".into()));
    assert_eq!(answers[2]["decision"], "implicit_deny");
    assert_eq!(run_on("\n", &["simulate", "--cases", "-"]).code, 2);
    assert_eq!(run(&["simulate", "--cases", "absent.ndjson"]).code, 2);
    assert_eq!(run(&["simulate", "--cases", "cases.ndjson", "--action", "s3:GetObject"]).code, 2);
}

/// What is wrong is told in the words of a case, with the line to look at.
#[test]
fn a_malformed_case_names_its_line_and_field() {
    let good = r#"{"principal":"anonymous","action":"s3:GetObject","resource":"*"}"#;
    for (line, id, wanted) in [
        (
            r#"{"id":8,"principal":"anonymous","resource":"*"}"#,
            Value::from(8),
            "line 2: `action` is missing; it takes a text: `service:Name`",
        ),
        (
            r#"{"id":8,"principal":["anonymous"],"action":"s3:GetObject","resource":"*"}"#,
            Value::from(8),
            "line 2: `principal` takes a text: an ARN or `anonymous`, and has a list",
        ),
        (
            r#"{"identityPolicy":[],"principal":"anonymous"}"#,
            Value::Null,
            "line 2: `identityPolicy` is no field of a case; did you mean `identityPolicies`?",
        ),
        (
            r#"{"principal":"anonymous",}"#,
            Value::Null,
            "line 2: not JSON at column 26; check commas, quotes and brackets there, and write one \
             object per line",
        ),
    ] {
        let ran = run_on(&format!("{good}\n{line}\n"), &["simulate", "--cases", "-"]);
        assert_eq!(ran.code, 3);
        let answer: Value = serde_json::from_str(ran.out.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&answer["id"], &answer["message"]), (&id, &wanted.into()));
    }
}
