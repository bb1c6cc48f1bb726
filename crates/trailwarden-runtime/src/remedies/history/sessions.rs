//! Sessions that calls gave out: of a role, by a password, or by a user's key.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::{AccountId, Arn, Finding, Outcome, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::caller::{Caller, CallerKind};

/// So many are kept of what findings name, and so many besides; a flood of them leaves unknown who came in.
const SESSIONS_MAX: usize = 50_000;

/// What is opened longer before the first finding is over by then: 36 hours of a user's token and 12 of a role's
/// session (STS API Reference, `GetSessionToken` and `AssumeRole`).
const BEFORE: i64 = 48 * 3_600;

/// A session that a call gave out.
#[derive(Clone, Debug)]
pub(in crate::remedies) struct Session {
    pub(in crate::remedies) time: Timestamp,
    /// The call, such as `AssumeRole`.
    pub(in crate::remedies) call: String,
    /// Where the role or user lies.
    pub(in crate::remedies) account: AccountId,
    /// The role that was entered, or the user who signed in or asked, without its path.
    pub(in crate::remedies) of: String,
    /// The ARN of the role that was entered.
    pub(in crate::remedies) role: Option<String>,
    /// The ARN of the session of a role.
    pub(in crate::remedies) arn: Option<String>,
    /// The identity provider that vouched for whoever entered.
    pub(in crate::remedies) provider: Option<String>,
    pub(in crate::remedies) caller: Caller,
    /// The id of the temporary key.
    pub(in crate::remedies) key: Option<String>,
}

/// Sessions that are kept.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    all: Vec<Session>,
    /// Where the session of a temporary key stands.
    by_key: BTreeMap<String, usize>,
    /// Where the sessions stand that were opened with a key.
    by_opener: BTreeMap<String, Vec<usize>>,
    /// From when on those are kept that no finding names: they may be links to one that is named.
    since: Timestamp,
    /// How many of those there are.
    links: usize,
    is_flooded: bool,
    are_links_missing: bool,
}

impl super::History {
    /// Sessions that the logs show to be given out, in order; and whether there were more than are kept.
    pub(in crate::remedies) fn sessions(&self) -> (&[Session], bool) {
        (&self.sessions.all, self.sessions.is_flooded)
    }

    /// The session of a temporary key.
    pub(in crate::remedies) fn session_of(&self, key: &str) -> Option<&Session> {
        self.sessions.all.get(*self.sessions.by_key.get(key)?)
    }

    /// The sessions that were opened with a key, in order.
    pub(in crate::remedies) fn opened_with(&self, key: &str) -> impl Iterator<Item = &Session> {
        let places = self.sessions.by_opener.get(key).into_iter().flatten();
        places.filter_map(|at| self.sessions.all.get(*at))
    }

    /// Whether there were more sessions than are kept, so that links may be missing.
    pub(in crate::remedies) fn are_links_missing(&self) -> bool {
        self.sessions.is_flooded || self.sessions.are_links_missing
    }
}

impl Sessions {
    /// None yet, for findings.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let deeds = findings.iter().filter(|finding| !finding.evidence.is_empty());
        let first = deeds.map(|finding| finding.first_time).min();
        Self { since: first.map_or(Timestamp::default(), |it| it.plus(-BEFORE)), ..Self::default() }
    }

    /// Notes a session. Those of roles that findings do not name, by users whom they do not name, are kept apart, and
    /// only such as somebody opened who may be followed: a flood of them hides nothing of the others.
    pub(super) fn note(&mut self, event: &Event, named: &BTreeSet<String>) {
        if event.outcome != Outcome::Succeeded {
            return;
        }
        let Some(session) = session(event) else { return };
        let is_of_role = session.call.starts_with("AssumeRole");
        let is_named =
            !is_of_role || named.contains(&session.caller.user_name) || named.contains(&session.of);
        let is_link = session.key.is_some()
            && session.time >= self.since
            && session.caller.kind != CallerKind::Service;
        match is_named {
            true if self.all.len() - self.links < SESSIONS_MAX => self.keep(session),
            true => self.is_flooded = true,
            false if !is_link => {}
            false if self.links < SESSIONS_MAX => {
                self.links += 1;
                self.keep(session);
            }
            false => self.are_links_missing = true,
        }
    }

    fn keep(&mut self, session: Session) {
        let at = self.all.len();
        let opener = session.caller.access_key.as_str();
        if !opener.is_empty() {
            self.by_opener.entry(opener.to_owned()).or_default().push(at);
        }
        if let Some(key) = &session.key {
            // Both accounts record a call from one into the other; that of the caller tells the key.
            let place = self.by_key.entry(key.clone()).or_insert(at);
            if !opener.is_empty() {
                *place = at;
            }
        }
        self.all.push(session);
    }
}

fn session(event: &Event) -> Option<Session> {
    let caller = event.caller.clone();
    let (account, of) = match (event.service(), event.name()) {
        ("sts", "AssumeRole" | "AssumeRoleWithSAML" | "AssumeRoleWithWebIdentity") => {
            let role = event.request("roleArn")?;
            (Arn::parse(role)?.account_id()?, super::last(role).to_owned())
        }
        ("sts", "GetFederationToken" | "GetSessionToken") | ("signin", "ConsoleLogin") => {
            (caller.account.or(event.account)?, caller.user_name.clone())
        }
        _ => return None,
    };
    let named = |path: &str| event.text(path).map(str::to_owned);
    Some(Session {
        role: event.request("roleArn").map(str::to_owned),
        arn: event.response("assumedRoleUser.arn").map(str::to_owned),
        provider: named("requestParameters.principalArn")
            .or_else(|| named("userIdentity.identityProvider")),
        time: event.time,
        call: event.name().to_owned(),
        account,
        of,
        caller,
        key: event.response("credentials.accessKeyId").map(str::to_owned),
    })
}
