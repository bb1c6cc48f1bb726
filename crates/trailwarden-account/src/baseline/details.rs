//! The JSON of `aws iam get-account-authorization-details`.
//!
//! Source: IAM API Reference, `GetAccountAuthorizationDetails`. Documents come as objects from the
//! AWS CLI and as percent-encoded text from the API itself; both are read.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use trailwarden_model::{AccountId, Arn, Timestamp};

use super::answers::Answers;
use super::{Baseline, Error};
use crate::text::PolicyText;

/// One answer, or several put together.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Details {
    #[serde(deserialize_with = "or_default")]
    pub(super) user_detail_list: Vec<User>,
    #[serde(deserialize_with = "or_default")]
    pub(super) group_detail_list: Vec<Group>,
    #[serde(deserialize_with = "or_default")]
    pub(super) role_detail_list: Vec<Role>,
    #[serde(deserialize_with = "or_default")]
    pub(super) policies: Vec<Policy>,
    /// Of a page: whether others follow.
    pub(super) is_truncated: Option<bool>,
    /// Of what the AWS CLI printed: that it stopped before the end.
    pub(super) next_token: Option<Value>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct User {
    #[serde(deserialize_with = "or_default")]
    pub(super) path: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) user_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) user_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) arn: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) create_date: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) user_policy_list: Vec<Inline>,
    #[serde(deserialize_with = "or_default")]
    pub(super) group_list: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) attached_managed_policies: Vec<Attached>,
    pub(super) permissions_boundary: Option<Bounded>,
    #[serde(deserialize_with = "or_default")]
    pub(super) tags: Vec<Tag>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Group {
    #[serde(deserialize_with = "or_default")]
    pub(super) path: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) group_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) group_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) arn: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) create_date: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) group_policy_list: Vec<Inline>,
    #[serde(deserialize_with = "or_default")]
    pub(super) attached_managed_policies: Vec<Attached>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Role {
    #[serde(deserialize_with = "or_default")]
    pub(super) path: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) role_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) role_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) arn: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) create_date: String,
    pub(super) assume_role_policy_document: Option<Text>,
    #[serde(deserialize_with = "or_default")]
    pub(super) role_policy_list: Vec<Inline>,
    #[serde(deserialize_with = "or_default")]
    pub(super) attached_managed_policies: Vec<Attached>,
    pub(super) permissions_boundary: Option<Bounded>,
    #[serde(deserialize_with = "or_default")]
    pub(super) instance_profile_list: Vec<Profile>,
    #[serde(deserialize_with = "or_default")]
    pub(super) tags: Vec<Tag>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Policy {
    #[serde(deserialize_with = "or_default")]
    pub(super) policy_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) arn: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) create_date: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) default_version_id: String,
    pub(super) attachment_count: Option<u64>,
    pub(super) permissions_boundary_usage_count: Option<u64>,
    #[serde(deserialize_with = "or_default")]
    pub(super) policy_version_list: Vec<Version>,
    /// The API leaves them out here; only who adds `ListPolicyTags` has them.
    pub(super) tags: Option<Vec<Tag>>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Version {
    #[serde(deserialize_with = "or_default")]
    pub(super) version_id: String,
    pub(super) document: Option<Text>,
    #[serde(deserialize_with = "or_default")]
    pub(super) is_default_version: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) create_date: String,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Inline {
    #[serde(deserialize_with = "or_default")]
    pub(super) policy_name: String,
    pub(super) policy_document: Option<Text>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Attached {
    #[serde(deserialize_with = "or_default")]
    pub(super) policy_arn: String,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Bounded {
    #[serde(deserialize_with = "or_default")]
    pub(super) permissions_boundary_arn: String,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Profile {
    #[serde(deserialize_with = "or_default")]
    pub(super) instance_profile_name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) instance_profile_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) arn: String,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Tag {
    #[serde(deserialize_with = "or_default")]
    pub(super) key: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) value: String,
}

/// A document, as an object or as text.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Text(pub(super) PolicyText);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = match serde_json::from_str::<String>(raw.get()) {
            Ok(text) => PolicyText::new(&text),
            Err(_) => PolicyText::new(raw.get()),
        };
        Ok(Self(text))
    }
}

/// What is `null` is as good as absent: not every program that saves these answers leaves it out.
fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

impl Details {
    fn arns(&self) -> impl Iterator<Item = &str> {
        let users = self.user_detail_list.iter().map(|user| user.arn.as_str());
        let groups = self.group_detail_list.iter().map(|group| group.arn.as_str());
        let roles = self.role_detail_list.iter().map(|role| role.arn.as_str());
        users.chain(groups).chain(roles).chain(self.policies.iter().map(|p| p.arn.as_str()))
    }

    fn dates(&self) -> impl Iterator<Item = &str> {
        let users = self.user_detail_list.iter().map(|user| user.create_date.as_str());
        let groups = self.group_detail_list.iter().map(|group| group.create_date.as_str());
        let roles = self.role_detail_list.iter().map(|role| role.create_date.as_str());
        let policies = self.policies.iter().filter(|policy| !policy.arn.contains("::aws:"));
        let policies = policies.flat_map(|policy| {
            let versions = policy.policy_version_list.iter().map(|v| v.create_date.as_str());
            versions.chain([policy.create_date.as_str()])
        });
        users.chain(groups).chain(roles).chain(policies)
    }
}

/// Reads one answer, or a list of answers (pages) of one account, which an ARN in it names.
pub fn authorization_details(json: &[u8]) -> Result<Baseline, Error> {
    read(json, None)
}

/// The same, of an account that is told: there may be nothing in it that names it.
pub fn authorization_details_of(account: AccountId, json: &[u8]) -> Result<Baseline, Error> {
    read(json, Some(account))
}

fn read(json: &[u8], told: Option<AccountId>) -> Result<Baseline, Error> {
    let wrong = |source| Error::Json { what: "authorization details", source };
    let is_list = json.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let pages: Vec<Details> = match is_list {
        true => serde_json::from_slice(json).map_err(wrong)?,
        false => vec![serde_json::from_slice(json).map_err(wrong)?],
    };
    let (mut answers, mut details) = (Answers::default(), Details::default());
    for page in pages {
        answers = answers.merged(Answers::of(&page));
        details.extend(page);
    }
    // First, for two accounts have users of one id only by mistake.
    let account = match (told, account(&details)) {
        (Some(told), Err(Error::NoAccount)) => told,
        (Some(expected), Ok(found)) if expected != found => {
            return Err(Error::OtherAccount { expected, found });
        }
        (_, found) => found?,
    };
    details.settle()?;
    let newest = details.dates().filter_map(Timestamp::parse).max().unwrap_or_default();
    Ok(Baseline {
        account,
        taken: None,
        newest,
        details,
        answers,
        report: Default::default(),
        credentials: Default::default(),
        summary: None,
        password_policy: None,
        organization: None,
    })
}

fn account(details: &Details) -> Result<AccountId, Error> {
    let mut accounts = details.arns().filter_map(|arn| Arn::parse(arn)?.account_id());
    let first = accounts.next().ok_or(Error::NoAccount)?;
    match accounts.find(|other| *other != first) {
        Some(second) => Err(Error::SeveralAccounts { first, second }),
        None => Ok(first),
    }
}
