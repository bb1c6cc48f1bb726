//! An account as AWS would tell it: users with keys, some administrators, one trail, nothing around it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fake::{Request, Response, result};

pub(crate) const ACCOUNT: &str = "111122223333";
const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";
const ADMIN: &str = "<member><PolicyName>AdministratorAccess</PolicyName>\
                     <PolicyArn>arn:aws:iam::aws:policy/AdministratorAccess</PolicyArn></member>";

/// How large it is.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    pub(crate) id: &'static str,
    pub(crate) users: usize,
    pub(crate) roles: usize,
}

/// One of a team.
pub(crate) const SMALL: Account = Account { id: ACCOUNT, users: 3, roles: 2 };
/// One in which nobody made anything yet.
pub(crate) const NOTHING: Account = Account { id: ACCOUNT, users: 0, roles: 0 };

impl Account {
    /// What AWS says; what is not set up, or not asked in these tests, is not there.
    pub(crate) fn answer(&self, request: &Request) -> Response {
        let Self { id, users, roles } = *self;
        let operation = request.operation.as_str();
        let members = match operation {
            "GetCallerIdentity" => format!(
                "<Arn>arn:aws:iam::{id}:user/u0</Arn><UserId>x</UserId><Account>{id}</Account>"
            ),
            "GetAccountAuthorizationDetails" => self.details(),
            "GetAccountSummary" => {
                let counts = [
                    ("Users", users),
                    ("Groups", 0),
                    ("Roles", roles),
                    ("Policies", 0),
                    ("Providers", 0),
                    ("ServerCertificates", 0),
                    ("AccountMFAEnabled", 0),
                    ("AccountAccessKeysPresent", 0),
                    ("AccountPasswordPresent", 1),
                ];
                let entry = |(key, value)| {
                    format!("<entry><key>{key}</key><value>{value}</value></entry>")
                };
                let entries: String = counts.into_iter().map(entry).collect();
                format!("<SummaryMap>{entries}</SummaryMap>")
            }
            "GetAccountPasswordPolicy" => return Response::error(404, "NoSuchEntity"),
            "GenerateCredentialReport" => "<State>COMPLETE</State>".to_owned(),
            "GetCredentialReport" => format!(
                "<Content>{}</Content><ReportFormat>text/csv</ReportFormat>\
                 <GeneratedTime>2026-03-01T10:00:00Z</GeneratedTime>",
                STANDARD.encode(self.report())
            ),
            "ListAccountAliases" | "ListVirtualMFADevices" => String::new(),
            "ListAccessKeys" => {
                "<AccessKeyMetadata><member><AccessKeyId>k</AccessKeyId><Status>Active</Status></member>\
                 </AccessKeyMetadata>"
                    .to_owned()
            }
            "ListTrails" => {
                return Response::json(&format!(
                    r#"{{"Trails":[{{"TrailARN":"{TRAIL}","Name":"main","HomeRegion":"eu-west-1"}}]}}"#
                ));
            }
            "DescribeTrails" => {
                return Response::json(&format!(
                    r#"{{"trailList":[{{"TrailARN":"{TRAIL}","Name":"main","HomeRegion":"eu-west-1",
                    "S3BucketName":"logs","IsMultiRegionTrail":true,"HasInsightSelectors":false}}]}}"#
                ));
            }
            "GetTrailStatus" => return Response::json(r#"{"IsLogging":true}"#),
            "GetEventSelectors" => return Response::json(r#"{"EventSelectors":[]}"#),
            _ => return Response::nothing(),
        };
        result(operation, &members)
    }

    /// Every other user is an administrator.
    fn details(&self) -> String {
        let id = self.id;
        let user = |at: usize| {
            let held = if at.is_multiple_of(2) { ADMIN } else { "" };
            format!(
                "<member><UserName>u{at}</UserName><UserId>AIDA{at}</UserId><Path>/</Path>\
                 <Arn>arn:aws:iam::{id}:user/u{at}</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>\
                 <GroupList/><UserPolicyList/><AttachedManagedPolicies>{held}</AttachedManagedPolicies></member>"
            )
        };
        let trust = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C\
                     %22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A\
                     %22sts%3AAssumeRole%22%7D%5D%7D";
        let role = |at: usize| {
            format!(
                "<member><RoleName>r{at}</RoleName><RoleId>AROA{at}</RoleId><Path>/</Path>\
                 <Arn>arn:aws:iam::{id}:role/r{at}</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>\
                 <AssumeRolePolicyDocument>{trust}</AssumeRolePolicyDocument><RolePolicyList/>\
                 <AttachedManagedPolicies/></member>"
            )
        };
        let users: String = (0..self.users).map(user).collect();
        let roles: String = (0..self.roles).map(role).collect();
        format!(
            "<IsTruncated>false</IsTruncated><UserDetailList>{users}</UserDetailList><GroupDetailList/>\
             <RoleDetailList>{roles}</RoleDetailList><Policies/>"
        )
    }

    /// Everybody has a key of last year.
    fn report(&self) -> String {
        let mut csv = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,\
            access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n"
            .to_owned();
        let (id, made) = (self.id, "2025-01-01T00:00:00+00:00");
        csv += &format!(
            "<root_account>,arn:aws:iam::{id}:root,{made},not_supported,no_information,false,false,N/A,false,N/A\n"
        );
        for at in 0..self.users {
            csv += &format!(
                "u{at},arn:aws:iam::{id}:user/u{at},{made},false,N/A,false,true,{made},false,N/A\n"
            );
        }
        csv
    }
}
