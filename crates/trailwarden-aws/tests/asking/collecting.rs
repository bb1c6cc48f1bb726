//! A baseline of an account of fifty users and fifty roles: what is asked, and what comes of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use trailwarden_account::snapshot::{Depth, Outcome};
use trailwarden_account::{Kind, Model, Snapshot};
use trailwarden_aws::{Connection, Plan, collect, permissions, reads};

use crate::fake::{Fake, Request, Response, SECRET, result};

const ACCOUNT: &str = "111122223333";
const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";

/// An account without surprises; users from 0 up to `keys` have a key and MFA.
fn account(request: &Request, keys: usize) -> Response {
    let operation = request.operation();
    let members = match operation.as_str() {
        "GetCallerIdentity" => {
            format!(
                "<Arn>arn:aws:iam::{ACCOUNT}:user/u0</Arn><UserId>x</UserId><Account>{ACCOUNT}</Account>"
            )
        }
        "GetAccountAuthorizationDetails" => details(),
        "GetAccountSummary" => counts(&[
            ("Users", 50),
            ("Groups", 0),
            ("Roles", 50),
            ("Policies", 0),
            ("Providers", 0),
            ("ServerCertificates", 0),
            ("AccountMFAEnabled", 1),
        ]),
        "GetAccountPasswordPolicy" => return Response::error(404, "NoSuchEntity"),
        "GenerateCredentialReport" => "<State>STARTED</State>".to_owned(),
        "GetCredentialReport" => format!(
            "<Content>{}</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>2026-03-01T10:00:00Z</GeneratedTime>",
            STANDARD.encode(report(keys))
        ),
        "ListAccessKeys" => {
            "<AccessKeyMetadata><member><AccessKeyId>k</AccessKeyId><Status>Active</Status></member></AccessKeyMetadata>"
                .to_owned()
        }
        "ListTrails" => {
            return Response::json(&format!(
                r#"{{"Trails":[{{"TrailARN":"{TRAIL}","Name":"main","HomeRegion":"eu-west-1"}}]}}"#
            ));
        }
        "DescribeTrails" => {
            return Response::json(&format!(
                r#"{{"trailList":[{{"TrailARN":"{TRAIL}","Name":"main","HomeRegion":"eu-west-1","S3BucketName":"logs",
                "KmsKeyId":"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k","HasInsightSelectors":false,
                "CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:trail:*"}}]}}"#
            ));
        }
        "GetTrailStatus" => {
            return Response::json(r#"{"IsLogging":true,"StartLoggingTime":1700000000.0}"#);
        }
        "GetEventSelectors" => return Response::json(r#"{"EventSelectors":[]}"#),
        _ => String::new(),
    };
    result(&operation, &members)
}

fn details() -> String {
    let user = |at| {
        format!(
            "<member><UserName>u{at}</UserName><UserId>AIDA{at}</UserId><Path>/</Path>\
             <Arn>arn:aws:iam::{ACCOUNT}:user/u{at}</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>\
             <GroupList/><UserPolicyList/><AttachedManagedPolicies/></member>"
        )
    };
    let role = |at| {
        format!(
            "<member><RoleName>r{at}</RoleName><RoleId>AROA{at}</RoleId><Path>/</Path>\
             <Arn>arn:aws:iam::{ACCOUNT}:role/r{at}</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>\
             <AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument><RolePolicyList/></member>"
        )
    };
    let users: String = (0..50).map(user).collect();
    let roles: String = (0..50).map(role).collect();
    format!(
        "<IsTruncated>false</IsTruncated><UserDetailList>{users}</UserDetailList><GroupDetailList/>\
         <RoleDetailList>{roles}</RoleDetailList><Policies/>"
    )
}

fn counts(counts: &[(&str, i64)]) -> String {
    let entry = |(key, value): &(&str, i64)| {
        format!("<entry><key>{key}</key><value>{value}</value></entry>")
    };
    format!("<SummaryMap>{}</SummaryMap>", counts.iter().map(entry).collect::<String>())
}

fn report(keys: usize) -> String {
    let mut csv = "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,\
        access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n"
        .to_owned();
    for at in 0..50 {
        let has = at < keys;
        let rotated = if has { "2025-02-01T00:00:00+00:00" } else { "N/A" };
        csv += &format!(
            "u{at},arn:aws:iam::{ACCOUNT}:user/u{at},2025-01-01T00:00:00+00:00,false,{has},{has},{rotated},false,N/A\n"
        );
    }
    csv
}

fn collected(connection: &Connection, depth: Depth) -> Snapshot {
    let mut noted = 0;
    let snapshot =
        collect(connection, Plan { depth, last_access: false }, &mut |_| noted += 1).unwrap();
    assert!(noted >= snapshot.answers.len());
    snapshot
}

#[test]
fn the_core_of_fifty_users_and_roles_takes_at_most_fifteen_calls() {
    let fake = Fake::new(|request, _| account(request, 0));
    let connection = fake.connection();
    let snapshot = collected(&connection, Depth::Core);
    assert_eq!(
        snapshot.unanswered().map(|answer| &answer.api).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    let seen = fake.seen().len() as u64;
    assert!(seen <= 15, "{seen} calls");
    assert_eq!(connection.ledger().total().sent, seen);
    let model = Model::from_baseline(&snapshot.baseline().unwrap());
    assert_eq!((model.of_kind(Kind::User).count(), model.of_kind(Kind::Role).count()), (50, 50));
    assert!(model.listed().users.is_known() && model.listed().groups.is_known());
    assert_eq!(model.settings().password_policy.value(), Some(&None));
    let implied = snapshot.answer("iam:ListSAMLProviders").unwrap();
    assert!(
        matches!(&implied.outcome, Outcome::Implied { by, .. } if by == "iam:GetAccountSummary")
    );
    let status = snapshot.about("cloudtrail:GetTrailStatus", "Name", TRAIL).unwrap();
    assert_eq!(status.body().unwrap()["StartLoggingTime"], "2023-11-14T22:13:20Z");
    assert!(
        snapshot.about("cloudtrail:GetInsightSelectors", "TrailName", TRAIL).unwrap().is_absent()
    );
    let text = snapshot.to_json().unwrap();
    assert!(!text.contains(SECRET));
    assert_eq!(Snapshot::read(text.as_bytes()).unwrap(), [snapshot]);
}

#[test]
fn only_users_with_keys_and_mfa_are_asked_about() {
    let fake = Fake::new(|request, _| account(request, 3));
    let connection = fake.connection();
    let snapshot = collected(&connection, Depth::Core);
    assert_eq!(snapshot.answers("iam:ListAccessKeys").count(), 3);
    assert_eq!(snapshot.answers("iam:ListMFADevices").count(), 3);
    let asked = snapshot.answers.iter().rev().take(6).rev();
    let order: Vec<_> =
        asked.map(|answer| (answer.api.as_str(), answer.about["UserName"].as_str())).collect();
    let expected = ["u0", "u1", "u2"]
        .into_iter()
        .flat_map(|name| [("iam:ListAccessKeys", name), ("iam:ListMFADevices", name)]);
    assert_eq!(order, expected.collect::<Vec<_>>());
    assert!(snapshot.about("iam:ListAccessKeys", "UserName", "u2").is_some());
    assert!(connection.ledger().total().sent <= 15 + 6);
}

#[test]
fn a_report_in_the_making_is_waited_for() {
    let looks = std::sync::atomic::AtomicUsize::new(0);
    let fake = Fake::new(move |request, _| {
        let is_look = request.has("Action=GetCredentialReport");
        let number = looks.fetch_add(usize::from(is_look), std::sync::atomic::Ordering::Relaxed);
        match is_look && number < 2 {
            true => Response::error(404, "ReportInProgress"),
            false => account(request, 0),
        }
    });
    let snapshot = collected(&fake.connection(), Depth::Core);
    assert_eq!(snapshot.answers("iam:GetCredentialReport").count(), 1);
    assert!(snapshot.answer("iam:GetCredentialReport").unwrap().is_known());
}

#[test]
fn a_half_denied_account_is_still_told() {
    let fake = Fake::new(|request, _| match request.operation().as_str() {
        "ListTrails" | "DescribeTrails" | "GetCredentialReport" => {
            Response::error(403, "AccessDenied")
        }
        _ => account(request, 0),
    });
    let snapshot = collected(&fake.connection(), Depth::Core);
    let denied = snapshot.unanswered().map(|answer| answer.api.as_str()).collect::<Vec<_>>();
    assert_eq!(
        denied,
        ["cloudtrail:ListTrails", "cloudtrail:DescribeTrails", "iam:GetCredentialReport"]
    );
    assert!(snapshot.baseline().is_ok());
}

#[test]
fn full_depth_asks_all_that_is_listed_and_survives_what_is_not_there() {
    let fake = Fake::new(|request, _| {
        let operation = request.operation();
        let is_core = reads::ALL.iter().any(|read| {
            read.part() == reads::Part::Core && read.api().ends_with(&format!(":{operation}"))
        });
        match operation.as_str() {
            _ if is_core => account(request, 0),
            "DescribeMetricFilters" => Response::json(
                r#"{"metricFilters":[{"metricTransformations":[{"metricName":"m","metricNamespace":"n"}]}]}"#,
            ),
            "DescribeAlarmsForMetric" => result(
                "DescribeAlarmsForMetric",
                "<MetricAlarms><member><AlarmActions><member>arn:aws:sns:eu-west-1:111122223333:t</member></AlarmActions>\
                 </member></MetricAlarms>",
            ),
            "ListInstances" => Response::json(r#"{"Instances":[{"InstanceArn":"i"}]}"#),
            "ListPermissionSets" => Response::json(r#"{"PermissionSets":["p"]}"#),
            "ListPolicies" => Response::json(r#"{"Policies":[{"Id":"p-1"}]}"#),
            "ListEventDataStores" => {
                Response::json(r#"{"EventDataStores":[{"EventDataStoreArn":"e"}]}"#)
            }
            "ListKeys" => Response::json(r#"{"Keys":[{"KeyArn":"k1"},{"KeyArn":"k2"}]}"#),
            "DescribeKey" if request.has("k1") => Response::json(
                r#"{"KeyMetadata":{"KeyManager":"CUSTOMER","KeySpec":"SYMMETRIC_DEFAULT","Origin":"AWS_KMS"}}"#,
            ),
            "DescribeKey" => Response::json(r#"{"KeyMetadata":{"KeyManager":"AWS"}}"#),
            _ => Response::html(404),
        }
    });
    let snapshot = collected(&fake.connection(), Depth::Full);
    let asked = |api: &str| snapshot.answer(api).is_some();
    let missed: Vec<&str> = reads::ALL
        .iter()
        .filter(|read| [reads::Part::Core, reads::Part::Full].contains(&read.part()))
        .map(|read| read.api())
        .filter(|api| !asked(api))
        .collect();
    // Without a provider there is none to ask about; without keys and MFA neither, nor use of what nobody may use.
    assert_eq!(
        missed,
        [
            "iam:GetOpenIDConnectProvider",
            "iam:ListAccessKeys",
            "iam:ListMFADevices",
            "iam:GenerateServiceLastAccessedDetails",
            "iam:GetServiceLastAccessedDetails",
        ]
    );
    let rotation = |key: &str| snapshot.about("kms:GetKeyRotationStatus", "KeyId", key).is_some();
    assert!(rotation("k1") && !rotation("k2"), "AWS's own keys rotate anyhow");
    assert!(
        snapshot
            .about(
                "sns:ListSubscriptionsByTopic",
                "TopicArn",
                "arn:aws:sns:eu-west-1:111122223333:t"
            )
            .is_some()
    );
    assert!(snapshot.about("s3:GetBucketPolicy", "Bucket", "logs").is_some());
    assert!(
        snapshot.unanswered().all(|answer| matches!(answer.outcome, Outcome::Unsupported { .. }))
    );
}

/// What foresees a plan asks nothing that tells only of trails, and no more than its policy allows.
#[test]
fn who_may_do_what_is_asked_without_the_rest() {
    let fake = Fake::new(|request, _| match request.operation().as_str() {
        "DescribeOrganization"
        | "DescribeResourcePolicy"
        | "ListDelegatedAdministrators"
        | "ListParents"
        | "ListPolicies"
        | "ListRoots" => Response::json("{}"),
        "ListMFADevices" => result("ListMFADevices", "<MFADevices/>"),
        _ => account(request, 1),
    });
    let snapshot = collect::access(&fake.connection()).unwrap();
    let allowed = permissions::access();
    for answer in snapshot.answers.iter().filter(|it| it.api != "sts:GetCallerIdentity") {
        let action = reads::find(&answer.api).unwrap().action().unwrap();
        assert!(allowed.contains(&action), "{action} is not in {allowed:?}");
        assert!(!action.starts_with("cloudtrail:"), "{action}");
    }
    for api in
        ["iam:GetCredentialReport", "iam:ListAccessKeys", "organizations:DescribeOrganization"]
    {
        assert!(snapshot.answer(api).is_some(), "{api}");
    }
    assert!(Model::from_baseline(&snapshot.baseline().unwrap()).listed().users.is_known());
}

/// With everybody asked about a least privilege needs nobody who may use this or that.
#[test]
fn last_access_is_asked_of_all_users_and_roles_where_it_is_asked_for() {
    let fake = Fake::new(|request, _| match request.operation().as_str() {
        "GenerateServiceLastAccessedDetails" => {
            result("GenerateServiceLastAccessedDetails", "<JobId>j-1</JobId>")
        }
        "GetServiceLastAccessedDetails" => result(
            "GetServiceLastAccessedDetails",
            "<JobStatus>COMPLETED</JobStatus><IsTruncated>false</IsTruncated><ServicesLastAccessed/>",
        ),
        _ => account(request, 0),
    });
    let asked = |last_access| {
        let plan = Plan { depth: Depth::Core, last_access };
        let snapshot = collect(&fake.connection(), plan, &mut |_| {}).unwrap();
        snapshot.answers("iam:GetServiceLastAccessedDetails").count()
    };
    assert_eq!((asked(true), asked(false)), (100, 0));
}

/// IAM API Reference, `GetServiceLastAccessedDetails`: the report is made in the background.
#[test]
fn use_of_services_is_asked_of_whoever_may_use_them() {
    let looks = std::sync::atomic::AtomicUsize::new(0);
    let fake = Fake::new(move |request, _| match request.operation().as_str() {
        "GetAccountAuthorizationDetails" => {
            let allowed = "<UserPolicyList><member><PolicyName>p</PolicyName><PolicyDocument>%7B%22Version%22%3A%222012-10-17%22\
                %2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22bedrock%3AInvokeModel%22%2C\
                %22Resource%22%3A%22%2A%22%7D%5D%7D</PolicyDocument></member></UserPolicyList>";
            result(
                "GetAccountAuthorizationDetails",
                &details().replacen("<UserPolicyList/>", allowed, 1),
            )
        }
        "GenerateServiceLastAccessedDetails" => {
            result("GenerateServiceLastAccessedDetails", "<JobId>j-1</JobId>")
        }
        "GetServiceLastAccessedDetails" => {
            let look = looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let members = match look {
                0 => "<JobStatus>IN_PROGRESS</JobStatus>",
                _ => {
                    "<JobStatus>COMPLETED</JobStatus><IsTruncated>false</IsTruncated><ServicesLastAccessed><member>\
                     <ServiceNamespace>bedrock</ServiceNamespace><TotalAuthenticatedEntities>0</TotalAuthenticatedEntities>\
                     </member></ServicesLastAccessed>"
                }
            };
            result("GetServiceLastAccessedDetails", members)
        }
        operation => {
            match reads::ALL.iter().find(|read| read.api().ends_with(&format!(":{operation}"))) {
                Some(read) if read.part() == reads::Part::Core => account(request, 0),
                _ => Response::html(404),
            }
        }
    });
    let snapshot = collected(&fake.connection(), Depth::Full);
    let told: Vec<_> = snapshot.answers("iam:GetServiceLastAccessedDetails").collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].is_about("Arn", "arn:aws:iam::111122223333:user/u0"), "{told:?}");
    assert_eq!(
        told[0].body().unwrap()["ServicesLastAccessed"],
        serde_json::json!([{"ServiceNamespace": "bedrock", "TotalAuthenticatedEntities": 0}])
    );
}
