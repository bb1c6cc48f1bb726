//! Whoever came in by what a remediation shuts is inside still: then the sessions are ended, too.
//!
//! # Invariants
//! - To end sessions is no answer to a way in that stays open: where a finding offers to shut one, it never
//!   stands in for that.
//! - Sessions are ended only where the logs show somebody who came in that way, and may be in still: whoever
//!   uses the role or user rightly is thrown out as well.

use std::collections::BTreeSet;

use super::answers::{Answer, Outcome, is_same};
use super::evidence::fields_of;
use super::history::Session;
use super::named::principal_of;
use super::{Known, Planning};
use trailwarden_model::{AccountId, Finding, Outcome as Of, Timestamp};
use trailwarden_policy::trust::{Grant, Who};
use trailwarden_record::caller::CallerKind;

/// The remediation that ends sessions.
pub(super) const ENDS: &str = "revoke-sessions";

const HOUR: i64 = 3_600;

/// What a remediation shuts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Door {
    Trust,
    Key,
    Password,
}

impl Door {
    /// By the remediation's id.
    fn of(remedy: &str) -> Option<Self> {
        match trailwarden_remedy::find(remedy)?.id {
            "remove-trust" | "narrow-trust" => Some(Self::Trust),
            "deactivate-access-key" => Some(Self::Key),
            "delete-login-profile" | "reset-console-password" => Some(Self::Password),
            _ => None,
        }
    }

    /// Whether a call, by its name, lets in by it.
    fn opens_to(self, call: &str) -> bool {
        match self {
            Self::Trust => call.starts_with("AssumeRole"),
            Self::Key => ["GetFederationToken", "GetSessionToken"].contains(&call),
            Self::Password => call == "ConsoleLogin",
        }
    }

    /// For how many seconds a session lasts at most.
    ///
    /// Sources: STS API Reference, `AssumeRole`, `GetFederationToken` and `GetSessionToken`, `DurationSeconds`; IAM
    /// User Guide, "How IAM users sign in to AWS": the console's session ends after 12 hours.
    fn lasts(self) -> i64 {
        match self {
            Self::Trust | Self::Password => 12 * HOUR,
            Self::Key => 36 * HOUR,
        }
    }
}

/// Whether a remediation of a finding ends sessions and leaves open what another one of it shuts.
fn is_lesser(finding: &Finding, remedy: &str) -> bool {
    let shuts = |id: &String| {
        fields_of(id).is_some()
            || matches!(Door::of(id), Some(Door::Trust | Door::Password))
            || *id == "restore-trail"
    };
    is_same(remedy, ENDS) && finding.remediation.iter().any(shuts)
}

impl Planning<'_> {
    /// The first remediation that is about this kind of thing decides, whatever it answers: another one
    /// would do something else than whoever wrote the rule thought best.
    pub(super) fn first_that_fits(&mut self, finding: &Finding) {
        let (first, had) = (self.answers.len(), self.drafts.len());
        self.answer_by_first(finding);
        self.end_what_came_in(finding, first);
        self.end_along_the_way(finding, first, had);
    }

    fn answer_by_first(&mut self, finding: &Finding) {
        let mut misfit = None;
        for id in self.known.offered(finding) {
            if is_lesser(finding, id) {
                continue;
            }
            let answer = self.of(finding, id);
            if answer.outcome != Outcome::Misfit {
                self.answers.push(answer);
                return;
            }
            misfit = misfit.or(Some(answer));
        }
        self.answers.extend(misfit.map(|answer| self.known.of_none(finding, answer)));
    }

    /// Ends the sessions of whoever came in by what an answer shuts, or what a person is to shut.
    fn end_what_came_in(&mut self, finding: &Finding, shut: usize) {
        let Some(answer) = self.answers.get(shut) else { return };
        // Where a person does it, the finding says what is shut.
        let ids = match &answer.remediation {
            Some(taken) => std::slice::from_ref(taken),
            None => finding.remediation.as_slice(),
        };
        let found = ids.iter().find_map(|id| Door::of(id).map(|door| (id.clone(), door)));
        let Some((id, door)) = found else { return };
        let Some(told) = self.known.came_in(finding, door) else { return };
        let had = self.drafts.len();
        let mut ending = self.of(finding, ENDS);
        // What stops the one stops the other.
        let is_stopped = [answer_of(&self.answers, shut), Some(ending.outcome)]
            == [Some(Outcome::Stopped), Some(Outcome::Stopped)];
        if ending.outcome == Outcome::Already || is_stopped {
            return;
        }
        ending.goes_with(&id);
        let Some(answer) = self.answers.get_mut(shut) else { return };
        answer.others.retain(|other| !is_same(other, ENDS));
        let (is_shut, first) = (answer.outcome.is_settled(), answer.drafts().to_vec());
        for at in first {
            if let Some(draft) = self.drafts.get_mut(at) {
                draft.contain();
            }
        }
        for at in ending.drafts() {
            let Some(draft) = self.drafts.get_mut(*at) else { continue };
            if *at >= had {
                draft.note(told.clone());
            }
            if !is_shut {
                draft.note(format!(
                    "THE WAY IN STAYS OPEN: no step shuts it ({id}). A person does, as the answer to the finding says, and first: else whoever came in comes in again."
                ));
            }
        }
        self.answers.push(ending);
    }
}

impl Known<'_> {
    /// Who came in by what a finding is about, and may be in still, in a sentence.
    fn came_in(&self, finding: &Finding, door: Door) -> Option<String> {
        let Some(history) = self.history else {
            // The finding's own records are all that is known.
            return came_in_by_evidence(finding, door);
        };
        let (sessions, is_flooded) = history.sessions();
        let sought = self.sought(finding, door);
        let found = sessions.iter().filter(|one| sought.is_one(one));
        match found.max_by_key(|one| one.time) {
            Some(last) if last.time.plus(door.lasts()) >= self.state_time() => {
                Some(format!("The logs show {} at {}.", self.told(last), last.time))
            }
            _ if is_flooded => Some(
                "The logs show more sessions than are looked at: who came in is not known."
                    .to_owned(),
            ),
            Some(_) => None,
            None => came_in_by_evidence(finding, door),
        }
    }

    /// Whether somebody whom a finding is about came in after the sessions from before a time were ended.
    pub(super) fn came_in_after(&self, finding: &Finding, time: Timestamp) -> bool {
        let Some((sessions, _)) = self.history.map(|it| it.sessions()) else { return false };
        let doors: BTreeSet<Door> =
            finding.remediation.iter().filter_map(|id| Door::of(id)).collect();
        doors.into_iter().map(|door| self.sought(finding, door)).any(|sought| {
            let is_told = !sought.grants.is_empty() || !sought.keys.is_empty();
            is_told && sessions.iter().any(|one| one.time >= time && sought.is_one(one))
        })
    }

    /// The keys of the sessions of those whom a finding is about.
    pub(super) fn keys_let_in(&self, finding: &Finding) -> Vec<String> {
        let Some((sessions, _)) = self.history.map(|it| it.sessions()) else { return Vec::new() };
        let doors = finding.remediation.iter().filter_map(|id| Door::of(id));
        let sought: Vec<Sought<'_>> = doors.map(|door| self.sought(finding, door)).collect();
        let let_in = sessions.iter().filter(|one| sought.iter().any(|sought| sought.is_one(one)));
        let_in.filter_map(|one| one.key.clone()).collect()
    }

    /// Who came in, and how.
    fn told(&self, session: &Session) -> String {
        let who = self.told_opener(session);
        match session.call.as_str() {
            "ConsoleLogin" => format!("that {who} signed in to the console"),
            call @ ("GetFederationToken" | "GetSessionToken") => {
                format!("that {who} made temporary credentials ({call})")
            }
            call => format!("that {who} entered {} ({call})", self.told_role(session)),
        }
    }

    fn sought(&self, finding: &Finding, door: Door) -> Sought<'_> {
        let named = principal_of(&finding.target).or_else(|| principal_of(&finding.actor));
        let of = named.map(|named| named.name).unwrap_or_default();
        let (mut keys, mut grants) = (BTreeSet::new(), Vec::new());
        match door {
            Door::Key => {
                let shut = self.subjects(finding, "deactivate-access-key").unwrap_or_default();
                keys.extend(shut.into_iter().filter_map(|subject| subject.access_key));
                if keys.is_empty() {
                    keys.extend(finding.actor.access_key.clone());
                }
            }
            Door::Trust => grants = self.let_in(finding, &of),
            Door::Password => {}
        }
        Sought { known: self, door, of, keys, grants, since: finding.first_time }
    }

    /// The key of a user that made the temporary credentials which a finding's calls were made with.
    pub(super) fn issuing_key(&self, finding: &Finding, user: &str) -> Option<String> {
        let key = finding.actor.access_key.as_deref()?;
        let (sessions, _) = self.history?.sessions();
        let mut sessions = sessions.iter();
        let issued = sessions.find(|one| {
            one.key.as_deref() == Some(key) && one.of == user && one.account == self.account()
        })?;
        let by = &issued.caller.access_key;
        (!by.is_empty()).then(|| by.clone())
    }
}

/// Which sessions were given out by what is to be shut.
struct Sought<'a> {
    known: &'a Known<'a>,
    door: Door,
    /// The role or user.
    of: String,
    keys: BTreeSet<String>,
    /// Whom the finding's records let into the role; nobody where that is not known.
    grants: Vec<Grant>,
    since: Timestamp,
}

impl Sought<'_> {
    fn is_one(&self, session: &Session) -> bool {
        if !self.door.opens_to(&session.call) || session.account != self.known.account() {
            return false;
        }
        let is_since = session.of.eq_ignore_ascii_case(&self.of) && session.time >= self.since;
        match self.door {
            Door::Key => self.keys.contains(&session.caller.access_key),
            Door::Password => is_since,
            Door::Trust => is_since && self.is_let_in(session),
        }
    }

    /// Whether it is of one of those whom the finding's records let in, or of somebody from outside where nobody knows
    /// whom.
    fn is_let_in(&self, session: &Session) -> bool {
        if !self.grants.is_empty() {
            return self.grants.iter().any(|grant| is_meant(grant, session));
        }
        let is_ours =
            |it: AccountId| it == self.known.account() || self.known.accounts.contains(&it);
        session.call != "AssumeRole" || session.caller.account.is_some_and(|it| !is_ours(it))
    }
}

fn answer_of(answers: &[Answer], at: usize) -> Option<Outcome> {
    answers.get(at).map(|answer| answer.outcome)
}

/// Whether a session may be of whom a grant names.
fn is_meant(grant: &Grant, session: &Session) -> bool {
    let caller = &session.caller;
    match &grant.who {
        Who::Account(account) => caller.account == Some(*account),
        Who::Principal { account, arn } => {
            // Of somebody in another account AWS may hide the ARN.
            let is_hidden = caller.kind == CallerKind::Account && caller.account == *account;
            is_hidden || caller.arn == *arn || caller.issuer_arn == *arn
        }
        Who::Service(name) => caller.invoked_by == *name,
        Who::Saml(_) => session.call == "AssumeRoleWithSAML",
        Who::Oidc(_) => session.call == "AssumeRoleWithWebIdentity",
        Who::UniqueId(id) => caller.principal_id.split(':').next() == Some(id.as_str()),
        Who::Anyone | Who::Canonical(_) | Who::Other(_) => true,
    }
}

/// The same by the records of the finding alone.
fn came_in_by_evidence(finding: &Finding, door: Door) -> Option<String> {
    if finding.outcome != Some(Of::Succeeded) {
        return None;
    }
    let mut entries = finding.evidence.iter().rev();
    let last = entries.find(|one| door.opens_to(&one.event_name))?;
    Some(format!(
        "The finding itself shows that somebody came in ({}, {}).",
        last.event_name, last.event_time
    ))
}
