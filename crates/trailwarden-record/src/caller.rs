//! Who made a call, as the record's `userIdentity` tells it.
//!
//! This is the direct caller. The person or key behind a role session is found by following
//! temporary keys to the call that issued them (see the lineage in the detection engine).

use sonic_rs::{JsonValueTrait, Value};
use trailwarden_model::finding::Party;
use trailwarden_model::{AccountId, Arn};

use crate::json;
use crate::skim::Identity;

/// The kind of a caller: `userIdentity.type`, reduced to what differs in meaning.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum CallerKind {
    /// The account's root user.
    Root,
    /// An IAM user.
    User,
    /// A role session (`AssumedRole`), or the role itself.
    Role,
    /// A session of `GetFederationToken`.
    FederatedUser,
    /// A principal of another account, whose ARN AWS may hide.
    Account,
    /// An AWS service.
    Service,
    /// A person of IAM Identity Center.
    IdentityCenterUser,
    /// Somebody who signs in through SAML or a web identity, before there is a session.
    Federated,
    /// No type, or one this version does not know.
    #[default]
    Unknown,
}

impl CallerKind {
    fn of(kind: &str, invoked_by: bool) -> Self {
        match kind {
            "Root" => Self::Root,
            "IAMUser" => Self::User,
            "AssumedRole" | "Role" => Self::Role,
            "FederatedUser" => Self::FederatedUser,
            "AWSAccount" => Self::Account,
            "AWSService" => Self::Service,
            "IdentityCenterUser" => Self::IdentityCenterUser,
            "SAMLUser" | "WebIdentityUser" => Self::Federated,
            // Some records of AWS's own doing carry nothing but `invokedBy`.
            "" if invoked_by => Self::Service,
            _ => Self::Unknown,
        }
    }

    /// The word used as a party's kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user",
            Self::Role => "role",
            Self::FederatedUser => "federated_user",
            Self::Account => "account",
            Self::Service => "service",
            Self::IdentityCenterUser => "identity_center_user",
            Self::Federated => "federated",
            Self::Unknown => "unknown",
        }
    }
}

/// The direct caller. Empty text means that the record does not say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Caller {
    /// What kind of principal.
    pub kind: CallerKind,
    /// `arn`; of a session, the session's.
    pub arn: String,
    /// `principalId` as written.
    pub principal_id: String,
    /// `accountId`.
    pub account: Option<AccountId>,
    /// `userName`.
    pub user_name: String,
    /// `accessKeyId`.
    pub access_key: String,
    /// `invokedBy`: the service that made the call for the caller, or by itself.
    pub invoked_by: String,
    /// ARN of the role (or user) that issued the session.
    pub issuer_arn: String,
    /// Name of the issuer.
    pub issuer_name: String,
    /// Whether the session says that it was made with MFA. Does not survive role chaining.
    pub mfa: Option<bool>,
    /// `sourceIdentity`, which an administrator can require and a session cannot change.
    pub source_identity: String,
    /// Whether this session came from the console.
    pub from_console: bool,
    /// What stays the same for this principal: see [`Identity::stable`].
    pub stable: String,
}

impl Caller {
    /// Reads `userIdentity`; `from_console` is the record's `sessionCredentialFromConsole`.
    pub fn of(identity: Option<&Value>, from_console: bool) -> Self {
        let Some(identity) = identity else {
            return Self { from_console, ..Self::default() };
        };
        let owned = |value: Option<&Value>| {
            value.and_then(|value| value.as_str()).unwrap_or_default().to_owned()
        };
        let [kind, account, arn, principal_id, user_name, access_key, invoked_by, session] =
            json::each(
                Some(identity),
                [
                    "type",
                    "accountId",
                    "arn",
                    "principalId",
                    "userName",
                    "accessKeyId",
                    "invokedBy",
                    "sessionContext",
                ],
            );
        let [issuer, attributes, source_identity] =
            json::each(session, ["sessionIssuer", "attributes", "sourceIdentity"]);
        let [issuer_arn, issuer_name] = json::each(issuer, ["arn", "userName"]);
        let [mfa] = json::each(attributes, ["mfaAuthenticated"]);
        let (kind, account, invoked_by) = (owned(kind), owned(account), owned(invoked_by));
        let mut caller = Self {
            kind: CallerKind::of(&kind, !invoked_by.is_empty()),
            arn: owned(arn),
            principal_id: owned(principal_id),
            account: AccountId::parse(&account),
            user_name: owned(user_name),
            access_key: owned(access_key),
            invoked_by,
            issuer_arn: owned(issuer_arn),
            issuer_name: owned(issuer_name),
            mfa: mfa.and_then(json::truth),
            source_identity: owned(source_identity),
            from_console,
            stable: String::new(),
        };
        caller.stable = Identity {
            kind: kind.as_str().into(),
            principal_id: caller.principal_id.as_str().into(),
            arn: caller.arn.as_str().into(),
            account: account.as_str().into(),
            access_key: caller.access_key.as_str().into(),
            user_name: caller.user_name.as_str().into(),
            invoked_by: caller.invoked_by.as_str().into(),
            issuer_arn: caller.issuer_arn.as_str().into(),
        }
        .stable()
        .as_str()
        .to_owned();
        caller
    }

    /// The friendly name: the user's, the role's, the service's.
    pub fn name(&self) -> &str {
        match self.kind {
            CallerKind::Root => "root",
            CallerKind::Role => self.role_name().unwrap_or("unknown role"),
            CallerKind::Service => &self.invoked_by,
            _ if !self.user_name.is_empty() => &self.user_name,
            _ => Arn::parse(&self.arn).map_or(self.principal_id.as_str(), |arn| arn.name()),
        }
    }

    /// Name of the role behind a session.
    pub fn role_name(&self) -> Option<&str> {
        if self.kind != CallerKind::Role {
            return None;
        }
        if !self.issuer_name.is_empty() {
            return Some(&self.issuer_name);
        }
        let arn = Arn::parse(&self.arn)?;
        Some(arn.session_role().unwrap_or_else(|| arn.name()))
    }

    /// The part of a session's id behind the colon.
    pub fn session_name(&self) -> Option<&str> {
        self.principal_id
            .split_once(':')
            .map(|(_, session)| session)
            .filter(|name| !name.is_empty())
    }

    /// Whether this caller is the IAM user of that name (names ignore case within an account).
    pub fn is_user(&self, name: &str) -> bool {
        self.kind == CallerKind::User && self.user_name.eq_ignore_ascii_case(name)
    }

    /// Whether this caller is a session of the role of that name.
    pub fn is_role(&self, name: &str) -> bool {
        self.role_name().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// The caller's own user name, which IAM assumes where a call leaves `userName` out.
    pub fn own_user(&self) -> Option<String> {
        match self.kind {
            CallerKind::Root => Some("root".to_owned()),
            CallerKind::User if !self.user_name.is_empty() => Some(self.user_name.clone()),
            _ => None,
        }
    }

    /// Whether AWS itself made the call: a service with no principal of the customer behind it.
    pub fn is_aws(&self) -> bool {
        self.kind == CallerKind::Service
    }

    /// Whether the role is one that Identity Center provisions.
    pub fn is_identity_center_role(&self) -> bool {
        self.role_name().is_some_and(|name| name.starts_with("AWSReservedSSO_"))
    }

    /// The caller as a finding shows it. A session is shown under its role, with the session's ARN
    /// beside it.
    pub fn party(&self, address: &str) -> Party {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let is_session = self.kind == CallerKind::Role && self.arn.contains(":assumed-role/");
        let role_arn = if self.issuer_arn.is_empty() { &self.arn } else { &self.issuer_arn };
        Party {
            kind: Some(self.kind_behind().as_str().to_owned()),
            arn: some(if is_session { role_arn } else { &self.arn }),
            id: some(self.principal_id.split(':').next().unwrap_or_default()),
            name: some(self.name()),
            account: self.account.map(|account| account.to_string()),
            session: is_session.then(|| self.arn.clone()),
            access_key: some(&self.access_key),
            address: some(address),
        }
    }

    /// The kind, of another account's principal too: its unique id tells, where the record says no more
    /// than `AWSAccount`.
    ///
    /// Source: IAM User Guide, "IAM identifiers", unique id prefixes.
    fn kind_behind(&self) -> CallerKind {
        match self.kind {
            CallerKind::Account if self.principal_id.starts_with("AIDA") => CallerKind::User,
            CallerKind::Account if self.principal_id.starts_with("AROA") => CallerKind::Role,
            kind => kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(identity: &str) -> Caller {
        Caller::of(Some(&sonic_rs::from_str(identity).unwrap()), false)
    }

    #[test]
    fn a_session_is_its_role_with_a_name() {
        let caller = caller(
            r#"{"type":"AssumedRole","principalId":"AROAX:build-7","arn":"arn:aws:sts::111122223333:assumed-role/deploy/build-7","accountId":"111122223333","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/ci/deploy","userName":"deploy"},"attributes":{"mfaAuthenticated":"true"}}}"#,
        );
        assert!(caller.is_role("Deploy"));
        assert_eq!(caller.session_name(), Some("build-7"));
        assert_eq!(caller.mfa, Some(true));
        let party = caller.party("192.0.2.1");
        assert_eq!(party.arn.as_deref(), Some("arn:aws:iam::111122223333:role/ci/deploy"));
        assert_eq!(
            party.session.as_deref(),
            Some("arn:aws:sts::111122223333:assumed-role/deploy/build-7")
        );
        assert_eq!(party.id.as_deref(), Some("AROAX"));
    }

    #[test]
    fn a_record_with_only_invoked_by_is_a_service() {
        let caller = caller(r#"{"invokedBy":"sso.amazonaws.com"}"#);
        assert!(caller.is_aws());
        assert_eq!(caller.name(), "sso.amazonaws.com");
    }

    #[test]
    fn a_principal_of_another_account_is_no_account() {
        let kind = |id: &str| {
            let text = format!(
                r#"{{"type":"AWSAccount","principalId":"{id}","accountId":"444455556666"}}"#
            );
            caller(&text).party("").kind
        };
        assert_eq!(kind("AIDAFOREIGN").as_deref(), Some("user"));
        assert_eq!(kind("AROAFOREIGN:build").as_deref(), Some("role"));
        assert_eq!(kind("444455556666").as_deref(), Some("account"));
    }

    #[test]
    fn nobody_is_unknown_not_somebody() {
        let caller = caller("null");
        assert_eq!(caller.kind, CallerKind::Unknown);
        assert_eq!(caller.stable, "");
    }
}
