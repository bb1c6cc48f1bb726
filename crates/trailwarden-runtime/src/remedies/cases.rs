//! Answers that a person carries out, where what is to be done hangs on what the account says: why, and how.
//!
//! # Invariants
//! - A hard stop is asked for before words that say how to take an administrator's access away.

use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_model::{Finding, Outcome};
use trailwarden_remedy::people::{self, ByHand};
use trailwarden_remedy::remedy::Remedy;
use trailwarden_remedy::subject::Known as State;
use trailwarden_remedy::{NoPlan, Stop, Subject, stops};

use super::answers::Answer;
use super::called::row;
use super::faults::is_of_full_control;
use super::holders::listed;
use super::how::How;
use super::keys::OF_USERS;
use super::named::is_of_policy;
use super::together::ENABLE_MFA;
use super::unused::service_of;
use super::{Known, Planning};

/// The check of administrators without a second factor.
const ADMINISTRATOR: &str = "administrator-without-mfa";

/// How the names of roles of Identity Center begin.
const OF_IDENTITY_CENTER: &str = "AWSReservedSSO_";

/// What is done instead of a plan, and why.
struct Case {
    id: &'static str,
    why: String,
}

impl Known<'_> {
    /// The answer where a remediation has no steps of a plan.
    pub(super) fn refused(&self, finding: &Finding, remedy: &str, no_plan: &NoPlan) -> Answer {
        let case = match no_plan {
            NoPlan::Person(_) => self.case(finding, remedy),
            _ => None,
        };
        let Some(case) = case else {
            return Answer::refused(finding, remedy, no_plan)
                .with(self.how_instead(finding, remedy, no_plan));
        };
        let how = people::for_case(case.id).map_or(&[] as &[&str], |row| row.how);
        Answer::refused(finding, remedy, &NoPlan::Person(case.why)).with(self.filled(finding, how))
    }

    fn case(&self, finding: &Finding, remedy: &str) -> Option<Case> {
        match remedy {
            ENABLE_MFA => {
                let subject = self.about(finding, remedy).ok()?;
                let why = idle(&subject).filter(|_| finding.kind == FindingKind::Posture)?;
                let id = match finding.rule == ADMINISTRATOR {
                    true => "mfa-of-idle-administrator",
                    false => "mfa-of-idle-user",
                };
                Some(Case { id, why })
            }
            "detach-policy" if is_of_full_control(&finding.rule) => {
                let model = self.model().ok()?;
                let user = model.find_arn(finding.target.arn.as_deref()?)?;
                let groups = self.giving_groups(model, user);
                let why = format!(
                    "no single policy of its own gives full control; it is a member of {}: take it out there, or take the policy away from the group",
                    listed(groups.iter().map(|name| format!("group/{name}")).collect())
                );
                (!groups.is_empty()).then_some(Case { id: "full-control-by-group", why })
            }
            "narrow-policy" if let Some(service) = service_of(&finding.rule) => {
                let why = self.why_unused(finding, service)?;
                Some(Case { id: "access-that-nobody-uses", why })
            }
            "narrow-policy" if is_of_policy(finding) && self.is_after(finding) => {
                let held = self.model().ok()?.attached_to(finding.target.arn.as_deref()?);
                let is_held_by_nobody = held.ids.is_empty() && held.unknowns.is_empty();
                let why = "nobody holds the policy, so nothing is lost today, and nothing would be left of it: whether anything is to attach it again is not in AWS".to_owned();
                is_held_by_nobody.then_some(Case { id: "policy-that-nobody-holds", why })
            }
            _ => None,
        }
    }

    /// Refuses to ask for a second factor of a user whom nobody can be.
    pub(super) fn is_somebody(&self, finding: &Finding, subject: &Subject) -> Result<(), NoPlan> {
        match idle(subject).filter(|_| finding.kind == FindingKind::Posture) {
            Some(why) => Err(NoPlan::Person(why)),
            None => Ok(()),
        }
    }

    /// What a person does where a hard stop holds a plan back.
    pub(super) fn how_stopped(&self, finding: &Finding, stop: Stop) -> How {
        let how = self.filled(finding, people::for_stop(stop));
        let session = finding.actor.session.as_deref().unwrap_or_default();
        let is_its_own = stop == Stop::IdentityCenterRole
            && finding.kind == FindingKind::Detection
            && session.contains(OF_IDENTITY_CENTER);
        if !is_its_own {
            return how;
        }
        let mut asked = self.filled(finding, people::stops::OF_A_PERSON);
        asked.own.extend(how.own);
        asked.of_all.extend(how.of_all);
        asked
    }

    /// What a person does about who made a call that AWS refused.
    pub(super) fn how_refused(&self, finding: &Finding) -> How {
        let actor = &finding.actor;
        let user = actor
            .name
            .as_deref()
            .filter(|_| actor.kind.as_deref() == Some("user") && actor.session.is_none());
        let key = actor.access_key.as_deref().filter(|key| key.starts_with(OF_USERS));
        let contain = match (user, key) {
            (Some(user), _) if self.is_deleted(user) => REFUSED_GONE,
            (Some(_), Some(key)) if self.is_off_since(finding, key) => REFUSED_OFF,
            (Some(_), Some(_)) => REFUSED_BY_KEY,
            _ => REFUSED_BY_SESSION,
        };
        self.filled(finding, &[REFUSED_ASK, contain, REFUSED_ELSE])
    }

    /// What a person does about a call that AWS refused, where others would be told what takes it back.
    pub(super) fn of_refused_call(&self, finding: &Finding, by_hand: &ByHand) -> Option<How> {
        let is_refused = matches!(finding.outcome, Some(Outcome::Denied | Outcome::Failed));
        if !is_refused || !finding.evidence.iter().any(|one| row(one).is_some()) {
            return None;
        }
        let rest = by_hand.how.iter().copied().filter(|step| !step.contains("{actor}"));
        let rest = self.filled(finding, &rest.collect::<Vec<_>>());
        let How { mut own, mut of_all } = self.how_refused(finding);
        own.extend(rest.own);
        of_all.extend(rest.of_all);
        Some(How { own, of_all })
    }

    /// Steps, and what to do about who made the calls where they do not say it.
    pub(super) fn and_the_caller(&self, finding: &Finding, rows: &[&str], how: How) -> How {
        if rows.iter().any(|step| step.contains("{actor}")) {
            return how;
        }
        let key = finding.actor.access_key.as_deref();
        let step = match key.is_some_and(|key| key.starts_with(OF_USERS)) {
            true => people::calls::LOOK_AT_THE_CALLER_BY_KEY,
            false => people::calls::LOOK_AT_THE_CALLER,
        };
        let caller = self.filled(finding, &[step]);
        let How { mut own, mut of_all } = how;
        own.extend(caller.own);
        of_all.extend(caller.of_all);
        How { own, of_all }
    }
}

impl Planning<'_> {
    /// The hard stop that holds back what a person would be told to do.
    pub(super) fn stop_before(&self, finding: &Finding, remedy: &Remedy) -> Option<NoPlan> {
        if !is_of_full_control(&finding.rule) {
            return None;
        }
        let mut subject = self.known.about(finding, remedy.id).ok()?;
        let touched = self.known.touched(&subject);
        if let Err(no_plan) = self.administrators.guard(&mut subject, &touched, remedy.effect) {
            return Some(no_plan);
        }
        match stops::first(&subject, remedy.effect)? {
            Stop::LastAdministrator => Some(self.administrators.none_left(&touched)),
            stop => Some(NoPlan::Stopped(stop)),
        }
    }
}

/// Why nobody can be a user, where that is known.
fn idle(subject: &Subject) -> Option<String> {
    subject.user().ok()?;
    let has_active = subject.keys.as_ref()?.values().any(|key| key.is_active);
    (!has_active && subject.login_profile == State::Absent).then(|| IDLE.to_owned())
}

/// The same words for each, so that users of one kind are told together.
const IDLE: &str = "the user has no password and no active key: nobody can sign in or call as it, so there is nothing that a second factor would guard";

/// How a person goes on about a call that AWS refused.
const REFUSED_ASK: &str = "Ask whoever called it, {actor}, what for: who is refused once may try another way. It was meant: no more is to be done.";
const REFUSED_BY_KEY: &str = "Nobody knows of it: switch the key off that it was made with (deactivate-access-key), by hand with `aws iam update-access-key --user-name {user} --access-key-id {actor_key} --status Inactive`; `--status Active` takes it back. End the sessions that it opened (revoke-sessions).";
const REFUSED_BY_SESSION: &str = "Nobody knows of it: end the sessions (revoke-sessions), and of a user switch off the key that they were made with (deactivate-access-key).";
const REFUSED_OFF: &str = "Nobody knows of it: the key {actor_key} of {user} is switched off already. End the sessions that it opened (revoke-sessions).";
const REFUSED_GONE: &str = "Nobody knows of it: {user} was deleted since, and its keys with it. Look who deleted it, and end the sessions of the roles that it entered (revoke-sessions).";
const REFUSED_ELSE: &str =
    "What else was done, refused or not: `trailwarden investigate --principal {actor} LOGS`.";
