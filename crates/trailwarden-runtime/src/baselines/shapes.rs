//! Which question an output of the AWS CLI answers, told by its members.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trailwarden_model::{AccountId, Arn};

use super::pack::owner;

/// An output that was recognised.
pub(super) struct Found {
    pub(super) api: &'static str,
    /// What it is, for a sentence.
    pub(super) what: &'static str,
    pub(super) body: Value,
    pub(super) about: BTreeMap<String, String>,
    /// The parameter for the trail, where the output names none.
    pub(super) of_trail: Option<&'static str>,
    pub(super) account: Option<AccountId>,
    pub(super) partition: Option<String>,
}

/// An operation, how its output is recognised, and where it says what it is about.
struct Shape {
    /// All of these members are there.
    members: &'static [&'static str],
    api: &'static str,
    what: &'static str,
    /// A parameter, and the path to its value: a member, or the first item's member.
    about: Option<(&'static str, &'static [&'static str])>,
}

const fn shape(members: &'static [&'static str], api: &'static str, what: &'static str) -> Shape {
    Shape { members, api, what, about: None }
}

impl Shape {
    const fn about(self, parameter: &'static str, path: &'static [&'static str]) -> Self {
        Self { about: Some((parameter, path)), ..self }
    }
}

const DETAILS: &str = "iam:GetAccountAuthorizationDetails";
const DESCRIBE: &str = "cloudtrail:DescribeTrails";

/// The first that fits counts.
const SHAPES: &[Shape] = &[
    shape(&["UserDetailList"], DETAILS, "authorization details"),
    shape(&["RoleDetailList"], DETAILS, "authorization details"),
    shape(&["GroupDetailList"], DETAILS, "authorization details"),
    shape(&["SummaryMap"], "iam:GetAccountSummary", "account summary"),
    shape(&["PasswordPolicy"], "iam:GetAccountPasswordPolicy", "password policy"),
    shape(&["Content", "ReportFormat"], "iam:GetCredentialReport", "credential report"),
    shape(&["AccountAliases"], "iam:ListAccountAliases", "list of account aliases"),
    shape(&["VirtualMFADevices"], "iam:ListVirtualMFADevices", "list of virtual MFA devices"),
    shape(&["SAMLProviderList"], "iam:ListSAMLProviders", "list of SAML providers"),
    shape(
        &["OpenIDConnectProviderList"],
        "iam:ListOpenIDConnectProviders",
        "list of OIDC providers",
    ),
    shape(
        &["ServerCertificateMetadataList"],
        "iam:ListServerCertificates",
        "list of server certificates",
    ),
    shape(&["AccessKeyMetadata"], "iam:ListAccessKeys", "list of access keys")
        .about("UserName", &["AccessKeyMetadata", "UserName"]),
    shape(&["MFADevices"], "iam:ListMFADevices", "list of MFA devices")
        .about("UserName", &["MFADevices", "UserName"]),
    shape(&["UserId", "Account", "Arn"], "sts:GetCallerIdentity", "caller's identity"),
    shape(&["trailList"], DESCRIBE, "description of trails"),
    shape(&["Trails"], "cloudtrail:ListTrails", "list of trails"),
    shape(&["IsLogging"], "cloudtrail:GetTrailStatus", "status of a trail").about("Name", &[]),
    shape(&["InsightSelectors"], "cloudtrail:GetInsightSelectors", "insight selectors of a trail")
        .about("TrailName", &["TrailARN"]),
    shape(&["TrailARN"], "cloudtrail:GetEventSelectors", "event selectors of a trail")
        .about("TrailName", &["TrailARN"]),
    shape(
        &["Organization"],
        "organizations:DescribeOrganization",
        "description of the organization",
    ),
    shape(&["analyzers"], "access-analyzer:ListAnalyzers", "list of analyzers"),
    shape(&["AlternateContact"], "account:GetAlternateContact", "alternate contact"),
    shape(&["metricFilters"], "logs:DescribeMetricFilters", "list of metric filters")
        .about("logGroupName", &["metricFilters", "logGroupName"]),
    shape(&["MetricAlarms"], "cloudwatch:DescribeAlarmsForMetric", "list of alarms")
        .about("MetricName", &["MetricAlarms", "MetricName"]),
    shape(&["Subscriptions"], "sns:ListSubscriptionsByTopic", "list of subscriptions")
        .about("TopicArn", &["Subscriptions", "TopicArn"]),
];

/// All outputs in a file: a report as CSV, or JSON documents, one after the other or in a list.
pub(super) fn found(text: &str) -> Vec<Found> {
    let text = text.trim_start();
    if text.starts_with("user,arn,") {
        let body = json!({"Content": STANDARD.encode(text), "ReportFormat": "text/csv"});
        return vec![of("iam:GetCredentialReport", "credential report", body, owner(text))];
    }
    let mut found = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match document {
            Ok(Value::Array(documents)) => found.extend(documents.into_iter().map(recognised)),
            Ok(document) => found.push(recognised(document)),
            // Half a file is none: what is missing would be taken for what is not there.
            Err(_) => return Vec::new(),
        }
    }
    found.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn recognised(body: Value) -> Option<Found> {
    let members = body.as_object()?;
    if let Some(summary) = body.get("Policy").and_then(|policy| policy.get("PolicySummary")) {
        let id = summary.get("Id")?.as_str()?.to_owned();
        let what = "policy of the organization";
        let mut found = of("organizations:DescribePolicy", what, body, None);
        found.about.insert("PolicyId".to_owned(), id);
        return Some(found);
    }
    let fits = |shape: &&Shape| shape.members.iter().all(|name| members.contains_key(*name));
    let shape = SHAPES.iter().find(fits);
    // A page that has only policies left.
    let is_rest = members.contains_key("Policies");
    let shape = shape.or_else(|| SHAPES.first().filter(|_| is_rest))?;
    let mut found = of(shape.api, shape.what, body, None);
    match shape.about {
        Some((parameter, [])) => found.of_trail = Some(parameter),
        Some((parameter, path)) => {
            let value = at(&found.body, path)?.to_owned();
            found.about.insert(parameter.to_owned(), value);
        }
        None => {}
    }
    let owner = owner_of(&found);
    (found.account, found.partition) = owner.unzip();
    Some(found)
}

fn of(
    api: &'static str,
    what: &'static str,
    body: Value,
    owner: Option<(AccountId, String)>,
) -> Found {
    let (account, partition) = owner.unzip();
    Found { api, what, body, about: BTreeMap::new(), of_trail: None, account, partition }
}

/// The account that an output is of. ARNs in policies name others, so only places that are its own count.
fn owner_of(found: &Found) -> Option<(AccountId, String)> {
    let lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];
    let arns: Vec<&Value> = match found.api {
        DETAILS => lists.iter().flat_map(|list| items(&found.body, list)).collect(),
        DESCRIBE => Vec::new(),
        "sts:GetCallerIdentity" | "cloudtrail:GetEventSelectors" => vec![&found.body],
        "cloudtrail:GetInsightSelectors" => vec![&found.body],
        "iam:ListSAMLProviders" => items(&found.body, "SAMLProviderList").collect(),
        "iam:ListOpenIDConnectProviders" => {
            items(&found.body, "OpenIDConnectProviderList").collect()
        }
        "iam:GetCredentialReport" => {
            let csv = STANDARD.decode(found.body.get("Content")?.as_str()?.trim()).ok()?;
            return owner(&String::from_utf8_lossy(&csv));
        }
        _ => Vec::new(),
    };
    arns.into_iter().find_map(|item| {
        let arn = item.get("Arn").or_else(|| item.get("TrailARN"))?.as_str()?;
        let arn = Arn::parse(arn)?;
        Some((arn.account_id()?, arn.partition.to_owned()))
    })
}

fn items<'v>(body: &'v Value, list: &str) -> impl Iterator<Item = &'v Value> {
    body.get(list).and_then(Value::as_array).into_iter().flatten()
}

/// The text at a path; of a list its first item's.
fn at<'v>(body: &'v Value, path: &[&str]) -> Option<&'v str> {
    let found = path.iter().try_fold(body, |value, name| {
        let value = value.get(0).unwrap_or(value);
        value.get(*name)
    });
    found?.as_str()
}
