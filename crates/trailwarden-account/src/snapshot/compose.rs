//! From the answers to a [`Baseline`], through the same readers as saved output of the AWS CLI.

use serde_json::{Map, Value, json};
use trailwarden_model::AccountId;

use super::{Answer, Error, Outcome, Snapshot};
use crate::Baseline;
use crate::baseline::{
    self, Credentials, account_summary, authorization_details_of, encoded_credential_report,
    organization_policies, password_policy,
};

const DETAILS: &str = "iam:GetAccountAuthorizationDetails";
const SUMMARY: &str = "iam:GetAccountSummary";
const REPORT: &str = "iam:GetCredentialReport";
const PASSWORDS: &str = "iam:GetAccountPasswordPolicy";
const KEYS: &str = "iam:ListAccessKeys";
const DEVICES: &str = "iam:ListMFADevices";
const POLICY: &str = "organizations:DescribePolicy";
const TARGETS: &str = "organizations:ListTargetsForPolicy";
const ORGANIZATION: &str = "organizations:DescribeOrganization";
const PARENTS: &str = "organizations:ListParents";

impl Snapshot {
    /// What the models are started from.
    ///
    /// # Errors
    /// There are no authorization details, or an answer is none of AWS's.
    pub fn baseline(&self) -> Result<Baseline, Error> {
        let Some((details, body)) = self.first(DETAILS) else {
            let why = match self.answer(DETAILS) {
                Some(answer) => answer.why_not().unwrap_or_default(),
                None => "nobody asked for them".to_owned(),
            };
            return Err(Error::NoDetails { account: self.account, why });
        };
        let bytes = match details.outcome {
            // As the AWS CLI marks what stopped early; the importer then knows that more is to come.
            Outcome::Partial { .. } => bytes_of(&marked(body)),
            _ => bytes_of(body),
        };
        // The first of the times: what happened while the rest was asked is in the records again.
        let read = authorization_details_of(self.account, &bytes);
        let mut baseline = self.wrong(DETAILS, read)?.taken_at(details.time);
        if let Some(body) = self.whole(SUMMARY) {
            baseline =
                baseline.with_summary(self.wrong(SUMMARY, account_summary(&bytes_of(body)))?);
        }
        if let Some(body) = self.whole(REPORT) {
            let report = encoded_credential_report(&bytes_of(body));
            baseline = baseline.with_report(self.wrong(REPORT, report)?);
        }
        match self.answer(PASSWORDS) {
            Some(answer) if answer.is_absent() => baseline = baseline.with_password_policy(None),
            Some(answer) => {
                if let Some(body) = answer.body() {
                    let policy = self.wrong(PASSWORDS, password_policy(&bytes_of(body)))?;
                    baseline = baseline.with_password_policy(Some(policy));
                }
            }
            None => {}
        }
        baseline = baseline.with_credentials(self.credentials()?);
        if let Some(packed) = self.organization() {
            let organization = self.wrong(POLICY, organization_policies(&bytes_of(&packed)))?;
            let organization = match self.manager() {
                Some(manager) => organization.managed_by(manager),
                None => organization,
            };
            baseline = baseline.with_organization(organization);
        }
        Ok(baseline)
    }

    fn first<'a>(&'a self, api: &'a str) -> Option<(&'a Answer, &'a Value)> {
        self.answers(api).find_map(|answer| Some((answer, answer.body_so_far()?)))
    }

    fn whole<'a>(&'a self, api: &'a str) -> Option<&'a Value> {
        self.answers(api).find_map(Answer::body)
    }

    fn wrong<T>(&self, api: &str, result: Result<T, baseline::Error>) -> Result<T, Error> {
        let account = self.account;
        result.map_err(|source| Error::Answer { account, api: api.to_owned(), source })
    }

    /// Keys and MFA devices of the users that were asked about.
    fn credentials(&self) -> Result<Credentials, Error> {
        let mut all = Credentials::default();
        for answer in &self.answers {
            let Some((user, body)) = answer.about.get("UserName").zip(answer.body()) else {
                continue;
            };
            match answer.api.as_str() {
                KEYS => self.wrong(KEYS, all.add_keys(user, &bytes_of(body)))?,
                DEVICES => self.wrong(DEVICES, all.add_devices(user, &bytes_of(body)))?,
                _ => {}
            }
        }
        Ok(all)
    }

    /// The account that manages the organization. A delegated administrator sees the policies too, and they bind
    /// it ("Delegated administrator for AWS Organizations", AWS Organizations User Guide).
    fn manager(&self) -> Option<AccountId> {
        let organization = self.answer(ORGANIZATION)?.body()?.get("Organization")?;
        organization.get("MasterAccountId")?.as_str().and_then(AccountId::parse)
    }

    /// The organization's policies with what they are attached to, as the importer takes them.
    fn organization(&self) -> Option<Value> {
        let mut policies = Vec::new();
        for answer in self.answers(POLICY) {
            let Some(Value::Object(policy)) = answer.body().and_then(|body| body.get("Policy"))
            else {
                continue;
            };
            let mut policy = policy.clone();
            let id = answer.about.get("PolicyId").map(String::as_str).unwrap_or_default();
            let targets = self.about(TARGETS, "PolicyId", id).and_then(Answer::body);
            if let Some(targets) = targets.and_then(|body| body.get("Targets")) {
                policy.insert("Targets".to_owned(), targets.clone());
            }
            policies.push(Value::Object(policy));
        }
        let parents: Vec<Value> = self
            .answers(PARENTS)
            .filter_map(|answer| {
                let child = answer.about.get("ChildId")?;
                let parent = answer.body()?.get("Parents")?.get(0)?.get("Id")?;
                Some(json!({"Id": child, "ParentId": parent}))
            })
            .collect();
        let is_empty = policies.is_empty() && parents.is_empty();
        (!is_empty).then(|| json!({"Policies": policies, "Parents": parents}))
    }
}

fn marked(body: &Value) -> Value {
    let mut members = match body {
        Value::Object(members) => members.clone(),
        _ => Map::new(),
    };
    members.entry("NextToken").or_insert_with(|| "more".into());
    members.remove("IsTruncated");
    Value::Object(members)
}

fn bytes_of(body: &Value) -> Vec<u8> {
    body.to_string().into_bytes()
}
