//! The way of a session: from whom it was opened, link by link, and what was entered from it.
//!
//! # Invariants
//! - Only the ids of temporary keys in records link one session to another: a name never does.
//! - What lies in another account, or is a person at a provider, is named, never passed over.

use std::collections::BTreeSet;

use trailwarden_account::Kind;
use trailwarden_model::finding::Party;
use trailwarden_model::{Arn, Finding, Timestamp};
use trailwarden_record::caller::{Caller, CallerKind};
use trailwarden_remedy::people::word;

use super::Known;
use super::history::Session;
use super::keys::OF_USERS;

/// So many links are followed.
const LINKS_MAX: usize = 16;

/// For how many seconds the session of a role lasts at most (STS API Reference, `AssumeRole`).
const ROLE_SESSION_MAX: i64 = 12 * 3_600;

/// Whose credentials a link is.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Link {
    pub(super) kind: Kind,
    pub(super) name: String,
    arn: Option<String>,
    session: Option<String>,
    /// The access key: of a user one that stays, of a role a temporary one.
    pub(super) key: Option<String>,
}

impl Link {
    /// A role, by a session of it.
    pub(super) fn of_role(name: String, session: Option<String>, key: Option<String>) -> Self {
        Self { kind: Kind::Role, name, arn: None, session, key }
    }

    /// Whether it is a user's key that stays until it is switched off.
    pub(super) fn is_key(&self) -> bool {
        self.kind == Kind::User && self.key.as_deref().is_some_and(|key| key.starts_with(OF_USERS))
    }

    pub(super) fn is_about(&self, kind: Kind, name: &str) -> bool {
        self.kind == kind && self.name.eq_ignore_ascii_case(name)
    }

    /// A finding of the same records that is about the link.
    pub(super) fn finding(&self, finding: &Finding) -> Finding {
        let party = Party {
            kind: Some(self.kind.as_str().to_owned()),
            arn: self.arn.clone(),
            name: Some(self.name.clone()),
            account: None,
            session: self.session.clone(),
            access_key: self.key.clone(),
            ..Party::default()
        };
        let mut of_link = finding.clone();
        // Which keys its records made is another matter.
        of_link.evidence.retain(|one| !one.event_name.ends_with("AccessKey"));
        if of_link.evidence.is_empty() {
            of_link.evidence.clone_from(&finding.evidence);
        }
        (of_link.actor, of_link.target) = (party.clone(), party);
        of_link
    }
}

impl Known<'_> {
    /// The sessions by which somebody came to a temporary key, the first one first.
    pub(super) fn way_to(&self, key: &str) -> Vec<&Session> {
        let Some(history) = self.history else { return Vec::new() };
        let (mut way, mut key): (Vec<&Session>, &str) = (Vec::new(), key);
        while let Some(session) = history.session_of(key)
            && way.len() < LINKS_MAX
            && !way.iter().any(|one| one.key == session.key)
        {
            way.push(session);
            key = &session.caller.access_key;
        }
        way.reverse();
        way
    }

    /// The temporary key that a finding's calls were made with.
    pub(super) fn acting_key<'f>(&self, finding: &'f Finding) -> Option<&'f str> {
        let key = finding.actor.access_key.as_deref()?;
        (!key.starts_with(OF_USERS)).then_some(key)
    }

    /// The links of a way that lie in the account, the first one first: whoever opened the first session, and each
    /// role that was entered.
    pub(super) fn links(&self, way: &[&Session]) -> Vec<Link> {
        let mut links: Vec<Link> =
            way.first().and_then(|first| self.opener(&first.caller)).into_iter().collect();
        for session in way.iter().filter(|one| one.account == self.account()) {
            let link = entered(session);
            // Temporary credentials of a user are that user's.
            if let Some(link) = link.filter(|link| !links.iter().any(|it| it.is_same(link))) {
                links.push(link);
            }
        }
        links
    }

    /// Whoever opened a session, where that is a user or a session of a role of the account.
    fn opener(&self, caller: &Caller) -> Option<Link> {
        let is_ours = caller.account == Some(self.account());
        let (kind, name, arn, session) = match caller.kind {
            CallerKind::User => (Kind::User, caller.user_name.clone(), &caller.arn, None),
            CallerKind::Role => {
                let role = caller.role_name()?.to_owned();
                (Kind::Role, role, &caller.issuer_arn, Some(caller.arn.clone()))
            }
            _ => return None,
        };
        let arn = Some(arn.clone()).filter(|arn| !arn.is_empty());
        let key = Some(caller.access_key.clone()).filter(|key| !key.is_empty());
        (is_ours && !name.is_empty()).then_some(Link { kind, name, arn, session, key })
    }

    /// The sessions of roles that were opened with keys, and from those again, as far as they may last still.
    pub(super) fn entered_from(
        &self,
        keys: impl IntoIterator<Item = String>,
        since: Timestamp,
    ) -> Vec<&Session> {
        let Some(history) = self.history else { return Vec::new() };
        let mut open: Vec<String> = keys.into_iter().collect();
        let mut seen: BTreeSet<String> = open.iter().cloned().collect();
        let mut found = Vec::new();
        while let Some(key) = open.pop() {
            for session in history.opened_with(&key).filter(|one| one.time >= since) {
                if let Some(key) = session.key.clone().filter(|key| seen.insert(key.clone())) {
                    open.push(key);
                }
                let may_last = session.time.plus(ROLE_SESSION_MAX) >= self.state_time();
                if may_last && session.call.starts_with("AssumeRole") {
                    found.push(session);
                }
            }
        }
        found.sort_by_key(|session| session.time);
        found
    }

    /// How somebody came to a session, in words.
    pub(super) fn told_way(&self, way: &[&Session]) -> Option<String> {
        let first = way.first()?;
        let mut told = vec![self.told_opener(first)];
        for session in way.iter().filter(|one| one.call.starts_with("AssumeRole")) {
            let lead = if told.len() == 1 { "entered" } else { "and from there" };
            told.push(format!("{lead} {} at {}", self.told_role(session), session.time));
        }
        if told.len() == 1 {
            told.push(format!("made temporary credentials ({}) at {}", first.call, first.time));
        }
        Some(told.join(" "))
    }

    /// The role that a session is of, with its account where that is another one.
    pub(super) fn told_role(&self, session: &Session) -> String {
        let of = match session.account == self.account() {
            true => String::new(),
            false => format!(" of account {}", session.account),
        };
        format!("role/{}{of}", word(&session.of))
    }

    /// Whoever opened the first session of a way.
    pub(super) fn told_opener(&self, session: &Session) -> String {
        let caller = &session.caller;
        let outside = caller.account.filter(|it| *it != self.account());
        let of = outside.map(|account| format!(" of account {account}")).unwrap_or_default();
        let key = caller.access_key.as_str();
        match caller.kind {
            CallerKind::User if key.starts_with(OF_USERS) => {
                format!("the key {} of user/{}{of}", word(key), word(&caller.user_name))
            }
            CallerKind::User => format!("user/{}{of}", word(&caller.user_name)),
            CallerKind::Role => {
                let role = caller.role_name().unwrap_or_default();
                format!("a session of role/{}{of}", word(role))
            }
            CallerKind::Root => format!("the root user{of}"),
            CallerKind::Service => word(&caller.invoked_by),
            _ if session.provider.is_some() => {
                let who = [&caller.user_name, &caller.principal_id];
                let who = who.into_iter().find(|it| !it.is_empty()).map(|it| word(it));
                let at = session.provider.as_deref().map(word).unwrap_or_default();
                format!("{} at the provider {at}", who.unwrap_or_else(|| "somebody".to_owned()))
            }
            kind => match outside {
                Some(account) => format!("somebody of account {account}"),
                None => kind.as_str().to_owned(),
            },
        }
    }
}

impl Link {
    fn is_same(&self, other: &Self) -> bool {
        self.is_about(other.kind, &other.name)
    }
}

/// The role of a session, or the user whom temporary credentials are of.
pub(super) fn entered(session: &Session) -> Option<Link> {
    let is_role = session.call.starts_with("AssumeRole");
    let kind = if is_role { Kind::Role } else { Kind::User };
    let arn = match is_role {
        true => session.role.clone(),
        false => Some(session.caller.arn.clone()).filter(|arn| Arn::parse(arn).is_some()),
    };
    (!session.of.is_empty()).then(|| Link {
        kind,
        name: session.of.clone(),
        arn,
        session: session.arn.clone().filter(|_| is_role),
        key: session.key.clone(),
    })
}
