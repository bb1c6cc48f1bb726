//! Whom a finding names: its parties are words of records and of checks, and say more or less.

use trailwarden_account::Kind;
use trailwarden_account::fact::Proof;
use trailwarden_model::finding::{Kind as FindingKind, Party};
use trailwarden_model::{AccountId, Finding, Outcome, Timestamp};
use trailwarden_remedy::subject::{Principal, PrincipalKind};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;

/// A user, group, role or root as a finding names it.
pub(super) struct Named {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) arn: Option<String>,
    pub(super) id: Option<String>,
    pub(super) account: Option<AccountId>,
}

impl Named {
    /// Whether it may be the root user under the name that records give it.
    pub(super) fn is_called_root(&self) -> bool {
        self.kind == Kind::User && self.name == "root" && self.id.is_none()
    }
}

impl Known<'_> {
    /// Somebody of whom only a finding's own records tell: who acted was there, and whom a call changed. Calls need no
    /// more than the name, and whatever must hold is asked for before each.
    pub(super) fn by_name(
        &self,
        finding: &Finding,
        named: &Named,
        subject: &mut Subject,
    ) -> Result<(), NoPlan> {
        let (kind, name) = (named.kind.as_str(), &named.name);
        let acted = finding.actor.name.as_ref() == Some(name)
            || finding
                .actor
                .session
                .as_deref()
                .is_some_and(|arn| arn.contains(&format!("/{name}/")));
        let is_refused = matches!(finding.outcome, Some(Outcome::Denied | Outcome::Failed));
        if finding.evidence.is_empty() || is_refused && !acted {
            return Err(NoPlan::unknown(format!("whether there is a `{kind}/{name}`")));
        }
        let of_name =
            || format!("arn:{}:iam::{}:{kind}/{name}", subject.partition, subject.account);
        let arn = named.arn.clone().unwrap_or_else(of_name);
        subject.principal = Principal::of(&arn);
        Ok(())
    }

    /// From when on is known whether a user has a password.
    pub(super) fn login_told(&self, subject: &Subject) -> Option<Timestamp> {
        let arn = subject.principal.as_ref()?.arn.as_str();
        self.model().ok()?.find_arn(arn)?.login.proof().and_then(Proof::time)
    }
}

/// Whether a check found fault with a managed policy, whoever holds it.
pub(super) fn is_of_policy(finding: &Finding) -> bool {
    finding.kind == FindingKind::Posture && finding.target.kind.as_deref() == Some("policy")
}

/// The principal that a party is, or is a part of: a posture row about a key has its user's ARN.
pub(super) fn principal_of(party: &Party) -> Option<Named> {
    let kind = party.kind.as_deref()?;
    let principal = party.arn.as_deref().and_then(Principal::of);
    let id = party.id.as_deref().and_then(|id| id.split('/').next());
    let kind = match (kind, principal.as_ref().map(|one| one.kind)) {
        (
            "user" | "group" | "role" | "access_key" | "inline_policy" | "trust_policy",
            Some(kind),
        ) => match kind {
            PrincipalKind::User => Kind::User,
            PrincipalKind::Group => Kind::Group,
            PrincipalKind::Role => Kind::Role,
            PrincipalKind::Root => Kind::Root,
        },
        ("user", None) => Kind::User,
        ("group", None) => Kind::Group,
        ("role", None) => Kind::Role,
        ("root", _) => Kind::Root,
        _ => return None,
    };
    let name = match &principal {
        Some(principal) => principal.name.clone(),
        None => {
            let name = party.name.as_deref().unwrap_or_default();
            name.strip_prefix(&format!("{}/", kind.as_str())).unwrap_or(name).to_owned()
        }
    };
    let arn = principal.map(|principal| principal.arn);
    (kind == Kind::Root || !name.is_empty()).then(|| Named {
        kind,
        name,
        arn,
        id: id.map(str::to_owned),
        account: party.account.as_deref().and_then(AccountId::parse),
    })
}
