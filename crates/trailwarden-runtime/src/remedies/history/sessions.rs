//! Sessions that calls gave out: of a role, by a password, or by a user's key.

use std::collections::BTreeSet;

use trailwarden_model::{AccountId, Arn, Outcome, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::caller::Caller;

/// So many are kept; a flood of them leaves unknown who came in.
const SESSIONS_MAX: usize = 50_000;

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
    pub(in crate::remedies) caller: Caller,
    /// The id of the temporary key.
    pub(in crate::remedies) key: Option<String>,
}

/// Sessions that are kept.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    all: Vec<Session>,
    is_flooded: bool,
}

impl super::History {
    /// Sessions that the logs show to be given out, in order; and whether there were more than are kept.
    pub(in crate::remedies) fn sessions(&self) -> (&[Session], bool) {
        (&self.sessions.all, self.sessions.is_flooded)
    }
}

impl Sessions {
    /// Notes a session; of a role only where its name or that of the user who entered is among those that
    /// findings name.
    pub(super) fn note(&mut self, event: &Event, named: &BTreeSet<String>) {
        if event.outcome != Outcome::Succeeded {
            return;
        }
        let Some(session) = session(event) else { return };
        let is_of_role = session.call.starts_with("AssumeRole");
        let is_by_user = named.contains(&session.caller.user_name);
        if is_of_role && !is_by_user && !named.contains(&session.of) {
            return;
        }
        match self.all.len() < SESSIONS_MAX {
            true => self.all.push(session),
            false => self.is_flooded = true,
        }
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
    Some(Session {
        time: event.time,
        call: event.name().to_owned(),
        account,
        of,
        caller,
        key: event.response("credentials.accessKeyId").map(str::to_owned),
    })
}
