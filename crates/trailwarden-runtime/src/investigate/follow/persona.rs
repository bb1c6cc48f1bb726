//! One identity of the story, and what it is called.

use trailwarden_account::Identity;
use trailwarden_model::Timestamp;
use trailwarden_record::row::Place;

use super::super::extract::Subject;
use super::super::query::Matched;
use super::super::story::Relation;

/// Who somebody is, as far as a record has said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in super::super) struct Who {
    pub(in super::super) kind: String,
    pub(in super::super) name: String,
    pub(in super::super) arn: Option<String>,
    pub(in super::super) id: Option<String>,
    pub(in super::super) account: Option<String>,
    pub(in super::super) key: Option<String>,
}

/// How one identity came from another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Bond {
    pub(in super::super) from: usize,
    pub(in super::super) how: &'static str,
    pub(in super::super) place: Place,
    pub(in super::super) time: Timestamp,
    pub(in super::super) count: u64,
}

/// One identity of the story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Persona {
    pub(in super::super) relation: Relation,
    pub(in super::super) who: Who,
    pub(in super::super) is_sure: bool,
    pub(in super::super) why: String,
    /// Names that it had in the logs beside the one it is called by.
    pub(in super::super) names: Vec<String>,
    pub(in super::super) bonds: Vec<Bond>,
    pub(in super::super) first: Option<Timestamp>,
    pub(in super::super) last: Option<Timestamp>,
    pub(in super::super) calls: u64,
    pub(in super::super) denied: u64,
    /// Distinct addresses, each with a record that has it.
    pub(in super::super) addresses: Vec<(u64, Place)>,
    /// A record that says who it is, where nothing has said so yet.
    pub(in super::super) sample: Option<Place>,
}

impl Who {
    /// Whether it is that identity of a model: by id, or by any of its names where no record has told
    /// the id yet.
    pub(in super::super) fn is(&self, identity: &Identity, account: &str) -> bool {
        let named = |name: &str| self.name.eq_ignore_ascii_case(name);
        let names = identity.former_names.iter().chain([&identity.name]);
        let same = match identity.id.is_provisional() {
            true => {
                self.kind == identity.kind.as_str() && names.into_iter().any(|name| named(name))
            }
            false => self.id.as_deref() == Some(identity.id.as_str()),
        };
        same && self.account.as_deref() == Some(account)
    }
}

impl Subject {
    pub(super) fn who(&self) -> Who {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let is_session = self.arn.contains(":assumed-role/");
        let tail = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
        let by_session = is_session && self.matched != Matched::Principal;
        let kind = match self.kind.as_str() {
            "IAMUser" => "user",
            "Root" => "root",
            "AssumedRole" if by_session => "session",
            "AssumedRole" | "Role" => "role",
            "FederatedUser" => "federated_user",
            "AWSAccount" => "account",
            "AWSService" => "service",
            _ => "unknown",
        };
        let name = match kind {
            "session" => format!("{}/{}", self.role, tail(&self.arn)),
            "role" => self.role.clone(),
            "root" => "root".to_owned(),
            _ if !self.user.is_empty() => self.user.clone(),
            _ if !self.arn.is_empty() => tail(&self.arn),
            _ => self.id.clone(),
        };
        let id = self.id.split(':').next().unwrap_or_default();
        let is_arn_own = by_session || !is_session;
        Who {
            kind: kind.to_owned(),
            name,
            arn: some(&self.arn).filter(|_| is_arn_own),
            id: some(id),
            account: some(&self.account),
            key: None,
        }
    }
}
