//! What is left to ask where a remediation has nothing to change: what was found was done all the same, and a door
//! that is shut again stood open for a while.
//!
//! # Invariants
//! - Of a call that succeeded somebody is asked, whether or not its work is undone.
//! - Sessions of roles outlive whoever opened them: those that may last are named.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::Kind;
use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_model::{Finding, Outcome};
use trailwarden_record::caller::CallerKind;
use trailwarden_remedy::Draft;
use trailwarden_remedy::documents::{REVOKE, deny_older_sessions};
use trailwarden_remedy::people::{option, word};
use trailwarden_remedy::subject::PrincipalKind;

use super::history::Session;
use super::how::How;
use super::keys::OF_USERS;
use super::named::{Named, principal_of};
use super::{APPROVAL, Known};

/// For how many seconds the session of a role lasts at most (STS API Reference, `AssumeRole`).
const ROLE_SESSION_MAX: i64 = 12 * 3_600;

/// Remediations that take credentials away.
const TAKING: [&str; 2] = [QUARANTINE, "deactivate-access-key"];

/// The one that takes all of somebody's away.
pub(super) const QUARANTINE: &str = "attach-quarantine-policy";

/// So many roles are named.
const ROLES_MAX: usize = 5;

impl Known<'_> {
    /// What a person asks and looks at where a remediation of a finding has nothing to change.
    pub(super) fn afterwards(&self, finding: &Finding, remedy: &str) -> How {
        let is_deed = finding.kind != FindingKind::Posture
            && finding.outcome == Some(Outcome::Succeeded)
            && !finding.evidence.is_empty();
        let gone = principal_of(&finding.target).filter(|it| is_deed && self.is_gone(it));
        let mut steps: Vec<&str> = Vec::new();
        match remedy {
            "remove-trust" if gone.is_none() => steps.extend(CAME_IN),
            "deactivate-access-key" if gone.is_none() => steps.extend(OF_KEY),
            "delete-login-profile" | "reset-console-password" if is_deed && gone.is_none() => {
                steps.extend(OF_PASSWORD);
            }
            _ => {}
        }
        if gone.is_some() {
            steps.push(OF_GONE);
        }
        let mut how = self.filled(finding, &steps);
        if let Some(user) = gone.filter(|it| it.kind == Kind::User) {
            let entered = self.entered_by(&user.name, &|_| true);
            how.own.extend(entered.iter().cloned());
            how.of_all.extend(entered);
        }
        if is_deed {
            let asked = self.filled(finding, &[ASKED]);
            how.own.extend(asked.own);
            how.of_all.extend(asked.of_all);
        }
        how
    }

    /// Whether a user or role is known to be gone.
    fn is_gone(&self, named: &Named) -> bool {
        let Ok(model) = self.model() else { return false };
        let is_listed = match named.kind {
            Kind::User => model.listed().users.is_known() || self.is_deleted(&named.name),
            Kind::Role => model.listed().roles.is_known(),
            Kind::Group | Kind::Root => false,
        };
        is_listed && model.find(named.kind, &named.name).is_none()
    }

    /// Says which roles were entered by what steps take away: such sessions outlive it.
    pub(super) fn note_entered(&self, finding: &Finding, draft: &mut Draft) {
        let principal = draft.principal().filter(|one| one.kind == PrincipalKind::User);
        let Some(user) = principal.map(|one| one.name.clone()) else { return };
        if !TAKING.contains(&draft.remedy()) {
            return;
        }
        let steps = draft.steps().iter().filter(|_| draft.remedy() != QUARANTINE);
        let keys = steps.filter_map(|step| step.input.get("AccessKeyId")?.as_str());
        let keys: BTreeSet<String> = keys.map(str::to_owned).collect();
        // Which key temporary credentials came from is not looked at.
        let may_be = |session: &Session| {
            let used = session.caller.access_key.as_str();
            keys.contains(used) || !used.starts_with(OF_USERS)
        };
        let is_it =
            |one: &Session| one.time >= finding.first_time && (keys.is_empty() || may_be(one));
        for step in self.entered_by(&user, &is_it) {
            draft.note(format!("Sessions of roles that it opened go on. {step}"));
        }
    }

    /// The steps that end the sessions of roles that a user entered, as far as they may last still.
    fn entered_by(&self, user: &str, is_it: &dyn Fn(&Session) -> bool) -> Vec<String> {
        let (sessions, _) = self.history.map(|it| it.sessions()).unwrap_or_default();
        let mut roles: BTreeMap<&str, &Session> = BTreeMap::new();
        for session in sessions {
            let is_his = session.caller.kind == CallerKind::User
                && session.caller.account == Some(self.account())
                && session.caller.user_name.eq_ignore_ascii_case(user);
            let may_last = session.time.plus(ROLE_SESSION_MAX) >= self.state_time();
            let is_ours = session.account == self.account();
            if is_his && may_last && is_ours && session.call == "AssumeRole" && is_it(session) {
                roles.insert(&session.of, session);
            }
        }
        let more = roles.len().saturating_sub(ROLES_MAX);
        let shown = roles.into_iter().take(ROLES_MAX);
        let mut steps: Vec<String> =
            shown.map(|(role, session)| self.ended(role, session)).collect();
        if more > 0 {
            steps.push(format!("{more} more roles were entered by it: the same for each."));
        }
        steps
    }

    fn ended(&self, role: &str, session: &Session) -> String {
        let named = format!("{} {}", option("--role-name", role), option("--policy-name", REVOKE));
        let key = session.key.as_deref().map(|key| format!(", {}", word(key))).unwrap_or_default();
        format!(
            "It entered role {} on {}{key}: such a session outlives it, up to 12 hours. End it, and all others of the role that began before, if the role has no such policy yet: `aws iam put-role-policy {named} --policy-document {}`; `aws iam delete-role-policy {named}` takes it back.",
            word(role),
            session.time,
            word(&deny_older_sessions(self.now.plus(APPROVAL)))
        )
    }
}

/// What a key that is off may leave behind.
const OF_KEY: &[&str] = &[
    "Sessions that the key opened live on until they end, up to 36 hours: `trailwarden remediate plan` with `--remediation revoke-sessions` ends them.",
];

/// What a role that is closed again may leave behind.
const CAME_IN: &[&str] = &[
    "Whoever came in meanwhile is in until the session ends: look in the logs for `AssumeRole`, `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity` of the role {name} from then. Such sessions are ended by `trailwarden remediate plan` with `--remediation revoke-sessions`. In the console: IAM > Roles > the role > Revoke sessions.",
];

/// What a password that is gone or another one may leave behind.
const OF_PASSWORD: &[&str] = &[
    "Whoever signed in with the password is in until the session ends, up to 12 hours: look in the logs for `ConsoleLogin` of {name} from then.",
];

/// What somebody who is gone may leave behind.
const OF_GONE: &str = "What it did as long as it was there stays, users, keys and roles that it made among it: `trailwarden investigate --principal {name} LOGS`.";

const ASKED: &str = "Ask whoever did it, {actor}, what for. Who does not know of it has lost credentials: switch the key off (deactivate-access-key), end the sessions (revoke-sessions), and look for what else was done: `trailwarden investigate --principal {actor} LOGS`.";
