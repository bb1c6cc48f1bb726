//! What the model keeps of an event: the typed call, who made it, and the proof.

mod weight;

use std::sync::Arc;

use trailwarden_model::{AccountId, Arn, Outcome};
use trailwarden_record::Event;
use trailwarden_record::Skim;
use trailwarden_record::caller::{Caller, CallerKind};
use trailwarden_record::events::{ALL, Call};
use trailwarden_record::hash;
use trailwarden_record::row::{self, Order, Place};

use crate::fact::{Proof, RecordProof};
use crate::identity::Kind;

/// Services whose calls change the model.
const SERVICES: [&str; 6] =
    ["iam", "organizations", "sso", "sso-directory", "identitystore", "account"];

/// Typed calls of these services that change nothing that the model holds, each with the reason.
pub const NOT_FOLDED: &[(&str, &str)] = &[
    ("iam:AcceptDelegationRequest", "the permissions come with sessions, not with an identity"),
    ("iam:AssociateDelegationRequest", "moves a request, grants nothing yet"),
    ("iam:CreateDelegationRequest", "asks, grants nothing yet"),
    ("iam:RejectDelegationRequest", "grants nothing"),
    ("iam:SendDelegationToken", "the token is a session's"),
    ("iam:UpdateDelegationRequest", "alters notes"),
    ("iam:ResyncMFADevice", "the device stays what it was"),
    ("iam:UploadServerCertificate", "server certificates authorize nobody"),
    ("iam:DeleteServerCertificate", "server certificates authorize nobody"),
    ("iam:UpdateServerCertificate", "server certificates authorize nobody"),
    ("iam:TagServerCertificate", "server certificates authorize nobody"),
    ("iam:UntagServerCertificate", "server certificates authorize nobody"),
    ("account:AcceptPrimaryEmailUpdate", "addresses are no permissions"),
    ("account:StartPrimaryEmailUpdate", "addresses are no permissions"),
    ("account:DeleteAlternateContact", "addresses are no permissions"),
    ("account:PutAlternateContact", "addresses are no permissions"),
    ("account:PutContactInformation", "addresses are no permissions"),
    ("account:CloseAccount", "what is left lasts for 90 days and cannot be told from the trail"),
    ("organizations:CloseAccount", "the account's own trail ends by itself"),
    ("organizations:CreateAccount", "made later and elsewhere; the parent is not in the record"),
    ("organizations:EnableAllFeatures", "begins a handshake"),
    ("organizations:InviteAccountToOrganization", "begins a handshake"),
    ("organizations:AcceptHandshake", "the record does not say which parent follows"),
    ("sso:AssociateDirectory", "directories are not in the model"),
    ("sso:Authenticate", "a sign-in"),
    ("sso:CreateToken", "a session"),
    ("sso:DisassociateDirectory", "directories are not in the model"),
    ("sso:Federate", "a sign-in"),
    ("sso:PutMfaDeviceManagementForDirectory", "directories are not in the model"),
    ("identitystore:CreateGroup", "a group without members grants nothing"),
    ("identitystore:CreateUser", "a person without assignments has nothing"),
    ("identitystore:DeleteUser", "assignments stay in the directory until they are deleted"),
    ("identitystore:UpdateUser", "attributes are not in the model"),
    ("sso-directory:CompleteVirtualMfaDeviceRegistration", "directories are not in the model"),
    ("sso-directory:CreateBearerToken", "directories are not in the model"),
    (
        "sso-directory:CreateExternalIdPConfigurationForDirectory",
        "directories are not in the model",
    ),
    ("sso-directory:CreateUser", "a person without assignments has nothing"),
    ("sso-directory:DeleteExternalIdPCertificate", "directories are not in the model"),
    (
        "sso-directory:DeleteExternalIdPConfigurationForDirectory",
        "directories are not in the model",
    ),
    ("sso-directory:DeleteMfaDeviceForUser", "directories are not in the model"),
    (
        "sso-directory:DisableExternalIdPConfigurationForDirectory",
        "directories are not in the model",
    ),
    (
        "sso-directory:EnableExternalIdPConfigurationForDirectory",
        "directories are not in the model",
    ),
    ("sso-directory:ImportExternalIdPCertificate", "directories are not in the model"),
    ("sso-directory:StartVirtualMfaDeviceRegistration", "directories are not in the model"),
    (
        "sso-directory:UpdateExternalIdPConfigurationForDirectory",
        "directories are not in the model",
    ),
    ("sso-directory:UpdateMfaDeviceForUser", "directories are not in the model"),
    ("sso-directory:UpdatePassword", "directories are not in the model"),
];

/// An event as the model keeps it.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The account whose model it changes.
    pub account: AccountId,
    /// Its place in the total order.
    pub order: Order,
    /// The typed call.
    pub call: Call,
    /// The record.
    pub proof: Proof,
    /// Whether CloudTrail left out the parameters as too large.
    pub is_omitted: bool,
    /// Whether root called without naming a user, which means root itself.
    pub is_root_own: bool,
    /// The user or role that called: that it exists is knowledge too.
    pub caller: Option<Sighting>,
    /// `aws`, `aws-cn`...
    pub partition: Arc<str>,
}

/// An identity as the caller of some event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sighting {
    /// User or role.
    pub kind: Kind,
    /// Its unique id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its path, when the ARN gives it.
    pub path: Option<Arc<str>>,
    /// The long-term key that signed the call.
    pub key: Option<Arc<str>>,
}

impl Entry {
    /// Of an event; none when it changes no model: it failed or was denied, reads, or is about
    /// something else.
    #[must_use]
    pub fn of(event: &Event, order: Order, place: Place) -> Option<Self> {
        if event.outcome != Outcome::Succeeded {
            return None;
        }
        let info = event.call.info()?;
        if !SERVICES.contains(&info.service) || is_left_out(info.service, info.name) {
            return None;
        }
        let account = event.account?;
        let root_called = event.caller.kind == CallerKind::Root;
        Some(Self {
            account,
            order,
            proof: Proof::Record(Arc::new(RecordProof {
                event_id: event.id.clone(),
                event_name: event.event_name.clone(),
                order,
                place,
            })),
            is_omitted: event.parameters_omitted(),
            is_root_own: root_called && event.request("userName").is_none(),
            caller: Sighting::of(&event.caller, account),
            partition: partition(&event.caller, &event.region),
            call: event.call.clone(),
        })
    }

    /// How much memory it takes, at least as far as a stranger can add to it: every text of the call,
    /// of the caller and of the proof counts.
    #[must_use]
    pub fn weight(&self) -> usize {
        weight::of(self)
    }
}

/// Whether successful calls of that name change a model, so that others need not be decoded.
#[must_use]
pub fn is_folded(service: &str, name: &str) -> bool {
    SERVICES.contains(&service)
        && !is_left_out(service, name)
        && ALL.iter().any(|info| info.service == service && info.name == name)
}

/// The place of an event in the total order, for those who have no row of it.
#[must_use]
pub fn order_of(event: &Event) -> Order {
    let id = if event.id.is_empty() {
        hash::wide(&event.json.to_string())
    } else {
        Skim { event_id: event.id.as_str().into(), ..Skim::default() }.event_key().0
    };
    Order { time: event.time, rank: row::rank(event.service(), event.name()), id }
}

fn is_left_out(service: &str, name: &str) -> bool {
    NOT_FOLDED.iter().any(|(action, _)| {
        let rest = action.strip_prefix(service).and_then(|rest| rest.strip_prefix(':'));
        rest == Some(name)
    })
}

fn partition(caller: &Caller, region: &str) -> Arc<str> {
    if let Some(arn) = Arn::parse(&caller.arn)
        && !arn.partition.is_empty()
    {
        return arn.partition.into();
    }
    match region {
        _ if region.starts_with("cn-") => "aws-cn".into(),
        _ if region.starts_with("us-gov-") => "aws-us-gov".into(),
        _ => "aws".into(),
    }
}

impl Sighting {
    fn of(caller: &Caller, account: AccountId) -> Option<Self> {
        if caller.account != Some(account) {
            return None;
        }
        let (kind, id, name, arn) = match caller.kind {
            CallerKind::User => {
                (Kind::User, caller.principal_id.as_str(), &caller.user_name, &caller.arn)
            }
            CallerKind::Role => {
                let id = caller.principal_id.split(':').next().unwrap_or_default();
                (Kind::Role, id, &caller.issuer_name, &caller.issuer_arn)
            }
            _ => return None,
        };
        let prefix = if kind == Kind::User { "AIDA" } else { "AROA" };
        if !id.starts_with(prefix) || name.is_empty() {
            return None;
        }
        Some(Self {
            kind,
            id: id.into(),
            name: name.as_str().into(),
            path: path_of(arn).map(Into::into),
            key: caller.access_key.starts_with("AKIA").then(|| caller.access_key.as_str().into()),
        })
    }
}

/// The path in the ARN of a user, group, role or policy: `/` or `/team/`.
#[must_use]
pub fn path_of(arn: &str) -> Option<&str> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "iam")?;
    let from = arn.resource.find('/')?;
    let to = arn.resource.rfind('/')?;
    arn.resource.get(from..=to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_no_model_needs_no_decoding() {
        assert!(is_folded("iam", "PutGroupPolicy") && is_folded("sso", "CreateAccountAssignment"));
        for (service, name) in
            [("iam", "ListUsers"), ("s3", "PutGroupPolicy"), ("iam", "TagServerCertificate")]
        {
            assert!(!is_folded(service, name), "{service}:{name}");
        }
    }

    #[test]
    fn a_path_is_what_stands_between_kind_and_name() {
        let path = |resource: &str| {
            path_of(&format!("arn:aws:iam::111122223333:{resource}")).map(str::to_owned)
        };
        assert_eq!(path("user/bob").as_deref(), Some("/"));
        assert_eq!(path("role/aws-service-role/x/Y").as_deref(), Some("/aws-service-role/x/"));
        assert_eq!(path("root"), None);
    }
}
