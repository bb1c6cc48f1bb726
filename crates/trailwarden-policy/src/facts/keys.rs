//! Condition keys by name: the global ones, written by hand, and those of the services.
//!
//! Source of the table: IAM User Guide, "AWS global condition context keys" (the "Data type",
//! "Value type" and "Availability" of each key). Where a service's page disagrees about a global
//! key's type, this table wins.

use super::service::{ConditionKey, KeyType, ValueType};
use super::{Facts, facts};
use crate::pattern::action_matches;

/// What is known of a condition key that a policy names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KnownKey {
    /// The name as AWS spells it, with placeholders such as `aws:RequestTag/${TagKey}`.
    pub name: &'static str,
    /// The type of its values.
    pub key_type: KeyType,
    /// When a request has it.
    pub presence: Presence,
    /// Whether every service may know it, not only those that name it.
    pub is_global: bool,
}

/// When a key is in the request context.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Presence {
    /// In every request.
    Always,
    /// In every request that somebody signed; not in anonymous ones.
    Signed,
    /// In some requests only: an operator without `IfExists` meets its absence.
    Sometimes,
}

use Presence::{Always, Signed, Sometimes};

const TEXT: KeyType = KeyType::one(ValueType::String);
const TEXTS: KeyType = KeyType::many(ValueType::String);
const ARN: KeyType = KeyType::one(ValueType::Arn);
const BOOL: KeyType = KeyType::one(ValueType::Bool);
const NUMBER: KeyType = KeyType::one(ValueType::Numeric);
const DATE: KeyType = KeyType::one(ValueType::Date);
const ADDRESS: KeyType = KeyType::one(ValueType::IpAddress);

/// Global and cross-service keys. `aws:EpochTime` also takes numeric operators.
const GLOBAL: &[(&str, KeyType, Presence)] = &[
    // Properties of the principal.
    ("aws:PrincipalArn", ARN, Signed),
    ("aws:PrincipalAccount", TEXT, Always),
    ("aws:PrincipalOrgPaths", TEXTS, Sometimes),
    ("aws:PrincipalOrgID", TEXT, Sometimes),
    ("aws:PrincipalTag/${TagKey}", TEXT, Sometimes),
    ("aws:PrincipalIsAWSService", BOOL, Signed),
    ("aws:PrincipalServiceName", TEXT, Sometimes),
    ("aws:PrincipalServiceNamesList", TEXTS, Sometimes),
    ("aws:PrincipalType", TEXT, Always),
    ("aws:userid", TEXT, Always),
    ("aws:username", TEXT, Sometimes),
    // Properties of a role session.
    ("aws:AssumedRoot", BOOL, Sometimes),
    ("aws:FederatedProvider", TEXT, Sometimes),
    ("aws:TokenIssueTime", DATE, Sometimes),
    ("aws:MultiFactorAuthAge", NUMBER, Sometimes),
    ("aws:MultiFactorAuthPresent", BOOL, Sometimes),
    ("aws:ChatbotSourceArn", ARN, Sometimes),
    ("aws:Ec2InstanceSourceVpc", TEXT, Sometimes),
    ("aws:Ec2InstanceSourcePrivateIPv4", ADDRESS, Sometimes),
    ("aws:SourceIdentity", TEXT, Sometimes),
    ("ec2:RoleDelivery", NUMBER, Sometimes),
    ("ec2:SourceInstanceArn", ARN, Sometimes),
    ("glue:RoleAssumedBy", TEXT, Sometimes),
    ("glue:CredentialIssuingService", TEXT, Sometimes),
    ("lambda:SourceFunctionArn", ARN, Sometimes),
    ("ssm:SourceInstanceArn", ARN, Sometimes),
    ("identitystore:UserId", TEXT, Sometimes),
    // Properties of the network.
    ("aws:SourceIp", ADDRESS, Sometimes),
    ("aws:SourceVpc", TEXT, Sometimes),
    ("aws:SourceVpcArn", ARN, Sometimes),
    ("aws:SourceVpce", TEXT, Sometimes),
    ("aws:VpceAccount", TEXT, Sometimes),
    ("aws:VpceOrgID", TEXT, Sometimes),
    ("aws:VpceOrgPaths", TEXTS, Sometimes),
    ("aws:VpcSourceIp", ADDRESS, Sometimes),
    // Properties of the resource. The account is there for most actions, with exceptions.
    ("aws:ResourceAccount", TEXT, Sometimes),
    ("aws:ResourceOrgID", TEXT, Sometimes),
    ("aws:ResourceOrgPaths", TEXTS, Sometimes),
    ("aws:ResourceTag/${TagKey}", TEXT, Sometimes),
    // Properties of the request.
    ("aws:CalledVia", TEXTS, Sometimes),
    ("aws:CalledViaFirst", TEXT, Sometimes),
    ("aws:CalledViaLast", TEXT, Sometimes),
    ("aws:CalledViaAWSMCP", TEXT, Sometimes),
    ("aws:ViaAWSService", BOOL, Always),
    ("aws:ViaAWSMCPService", BOOL, Sometimes),
    ("aws:IsMcpServiceAction", BOOL, Sometimes),
    ("aws:CurrentTime", DATE, Always),
    ("aws:EpochTime", DATE, Always),
    ("aws:referer", TEXT, Sometimes),
    ("aws:RequestedRegion", TEXT, Always),
    ("aws:RequestTag/${TagKey}", TEXT, Sometimes),
    ("aws:TagKeys", TEXTS, Sometimes),
    ("aws:SecureTransport", BOOL, Always),
    ("aws:SourceArn", ARN, Sometimes),
    ("aws:SourceAccount", TEXT, Sometimes),
    ("aws:SourceOwner", TEXT, Sometimes),
    ("aws:SourceOrgPaths", TEXTS, Sometimes),
    ("aws:SourceOrgID", TEXT, Sometimes),
    ("aws:UserAgent", TEXT, Always),
];

/// The global condition keys, in the order of the page.
pub fn global_keys() -> impl Iterator<Item = KnownKey> {
    GLOBAL.iter().map(|(name, key_type, presence)| KnownKey {
        name,
        key_type: *key_type,
        presence: *presence,
        is_global: true,
    })
}

impl Facts {
    /// What is known of a condition key as a policy names it: case does not count, and a
    /// placeholder stands for any text (`aws:RequestTag/team`). None when no page names it, as with
    /// the keys of an OIDC provider of one's own.
    #[must_use]
    pub fn condition_key(&self, name: &str) -> Option<KnownKey> {
        global_keys().find(|key| is_named(key.name, name)).or_else(|| {
            let prefix = name.split(':').next().unwrap_or_default();
            let own = self.service(prefix).map(|service| service.condition_keys());
            // Some services use keys with another prefix, as `sts` does with `saml:aud`.
            let all = own.into_iter().flatten().chain(&facts().keys);
            all.into_iter().find(|key| key.is_named(name)).map(|key| KnownKey {
                name: key.name,
                key_type: key.kind,
                presence: Sometimes,
                is_global: false,
            })
        })
    }
}

impl ConditionKey {
    /// Whether a policy that says `name` means this key.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        is_named(self.name, name)
    }
}

/// Whether `name` is this key: without case, placeholders standing for at least one character.
fn is_named(key: &str, name: &str) -> bool {
    // Most keys are told apart by their first character, and an unknown one is asked of them all.
    let first = |text: &str| text.bytes().next().map(|byte| byte.to_ascii_lowercase());
    if first(key) != first(name) {
        return false;
    }
    if !key.contains(['$', '<']) {
        return key.eq_ignore_ascii_case(name);
    }
    let literal_end = key.find(['$', '<']).unwrap_or(key.len());
    let starts_alike = (key.get(..literal_end).zip(name.get(..literal_end)))
        .is_some_and(|(a, b)| a.eq_ignore_ascii_case(b));
    starts_alike && action_matches(&with_wildcards(key), name)
}

/// A key with `?*` for each placeholder: `${TagKey}`, or `<key>` as some pages have it.
fn with_wildcards(key: &str) -> String {
    let mut pattern = String::new();
    let mut rest = key;
    while let Some(start) = rest.find(['$', '<']) {
        let (before, placeholder) = rest.split_at(start);
        pattern.push_str(before);
        pattern.push_str("?*");
        let end = placeholder.find(['}', '>']).map_or(placeholder.len(), |at| at + 1);
        rest = placeholder.get(end..).unwrap_or_default();
    }
    pattern + rest
}
