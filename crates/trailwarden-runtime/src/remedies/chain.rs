//! Who is thrown out is thrown out all along the way: whoever holds an earlier link opens the later ones again, and
//! who went on from a session is in by others.
//!
//! # Invariants
//! - The key or user at the beginning is stopped before the roles that were entered, these in the order in which they
//!   were.
//! - A session that changed its own role is ended before the change is taken back: it can do it again.
//! - Nobody is stopped by a link that only a name suggests (see `way`).

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::Kind;
use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_model::{Finding, Outcome as Of, Severity, Timestamp};
use trailwarden_remedy::Draft;
use trailwarden_remedy::subject::PrincipalKind;

use super::afterwards::QUARANTINE;
use super::answers::{Outcome, is_same};
use super::came_in::ENDS;
use super::history::Session;
use super::keys::OF_USERS;
use super::named::principal_of;
use super::way::{Link, entered};
use super::{Known, Planning};

/// The remediation that switches a key off.
const SWITCHES_OFF: &str = "deactivate-access-key";

/// Remediations that throw somebody out.
const THROWING_OUT: [&str; 3] = [QUARANTINE, SWITCHES_OFF, ENDS];

/// So many roles that were entered have their sessions ended for one finding.
const ROLES_MAX: usize = 5;

const OF_ITSELF: &str = "A session of it changed the role that it is of, and can do it again: such sessions are ended before the change is taken back.";

/// A user or role, by its name in small letters.
pub(super) type Who = (Kind, String);

/// What is thrown out for a finding.
struct Out {
    drafts: Vec<usize>,
    whom: BTreeSet<Who>,
    /// Those who lose all that they have.
    whole: BTreeSet<Who>,
}

impl Planning<'_> {
    /// Stops those behind whoever is thrown out for a finding, and ends what was entered from there. `first` is the
    /// finding's first answer, and `had` how many groups of steps there were before.
    pub(super) fn end_along_the_way(&mut self, finding: &Finding, first: usize, had: usize) {
        let Some(id) = self.answers.get(first).and_then(|answer| answer.remediation.clone()) else {
            return;
        };
        let actor = self.known.actor(finding).map(|actor| (actor.kind, actor.name.to_lowercase()));
        let mut out = self.thrown_out(first);
        let key = self.known.acting_key(finding);
        let is_self = self.known.is_change_of_own_role(finding);
        if out.drafts.is_empty() && !is_self {
            return;
        }
        let is_of_actor = is_self || actor.as_ref().is_some_and(|actor| out.whom.contains(actor));
        let known = self.known;
        let way = key.filter(|_| is_of_actor).map(|key| known.way_to(key)).unwrap_or_default();
        let mut links = known.links(&way);
        if is_self && links.is_empty() {
            links.extend(known.acting_role(finding));
        }
        let (mut rank, mut seeds) = (0, known.keys_thrown_out(finding, &self.drafts, &out));
        for link in links {
            rank += 1;
            seeds.extend(link.key.clone());
            self.stop(finding, &link, rank, &id, &mut out);
        }
        let since = way.first().map_or(finding.first_time, |one| one.time.min(finding.first_time));
        seeds.extend(way.iter().filter_map(|one| one.key.clone()));
        self.end_entered(finding, seeds, since, (rank, &id), &mut out);
        if let Some(told) = known.story(&way) {
            self.note_way(&out, had, &told, None);
        }
        if is_self {
            self.note_way(&out, had, OF_ITSELF, actor.as_ref());
        }
    }

    /// Whom the answers to a finding throw out.
    fn thrown_out(&self, first: usize) -> Out {
        let answers = self.answers.iter().skip(first).filter(|answer| {
            let id = answer.remediation.as_deref().unwrap_or_default();
            answer.outcome.is_settled() && THROWING_OUT.iter().any(|one| is_same(one, id))
        });
        let drafts: Vec<usize> = answers.flat_map(|answer| answer.drafts().to_vec()).collect();
        let of = |at: &usize| self.drafts.get(*at);
        let is_whole = |it: &&Draft| it.remedy() == QUARANTINE;
        let whole = drafts.iter().filter_map(of).filter(is_whole).filter_map(whom).collect();
        let whom = drafts.iter().filter_map(of).filter_map(whom).collect();
        Out { drafts, whom, whole }
    }

    /// Switches a link's key off, or ends its sessions.
    fn stop(&mut self, finding: &Finding, link: &Link, rank: usize, with: &str, out: &mut Out) {
        let who = (link.kind, link.name.to_lowercase());
        if !link.is_key() && out.whom.contains(&who) {
            let own = out.drafts.clone();
            let own = own.iter().filter(|at| {
                self.drafts.get(**at).is_some_and(|it| whom(it).as_ref() == Some(&who))
            });
            self.ranks.extend(own.map(|at| (*at, rank)));
            return;
        }
        let remedy = if link.is_key() { SWITCHES_OFF } else { ENDS };
        let mut answer = self.of(&link.finding(finding), remedy);
        self.ranks.extend(answer.drafts().iter().map(|at| (*at, rank)));
        out.drafts.extend(answer.drafts());
        if !link.is_key() {
            out.whom.insert(who);
        }
        if matches!(answer.outcome, Outcome::Already | Outcome::Same | Outcome::Misfit) {
            return;
        }
        answer.goes_with(with);
        if let Some(first) = self.answers.iter_mut().rev().find(|it| it.goes_with.is_none()) {
            first.others.retain(|other| !is_same(other, remedy));
        }
        self.answers.push(answer);
    }

    /// Ends the sessions of roles that were entered with keys.
    fn end_entered(
        &mut self,
        finding: &Finding,
        seeds: Vec<String>,
        since: Timestamp,
        (rank, with): (usize, &str),
        out: &mut Out,
    ) {
        let known = self.known;
        let mut roles: BTreeMap<(bool, String), &Session> = BTreeMap::new();
        let entered_from = known.entered_from(seeds, since);
        for session in &entered_from {
            let is_ours = session.account == known.account();
            let who = (Kind::Role, session.of.to_lowercase());
            if !is_ours || !out.whom.contains(&who) {
                roles.insert((!is_ours, session.of.clone()), session);
            }
        }
        let more = roles.len().saturating_sub(ROLES_MAX);
        let mut told = Vec::new();
        for ((is_outside, _), session) in roles.into_iter().take(ROLES_MAX) {
            match entered(session).filter(|_| !is_outside) {
                Some(link) => self.stop(finding, &link, rank + 1, with, out),
                None => told.push(format!(
                    "It entered {} at {}: that account must end such sessions, no step of this plan does.",
                    known.told_role(session),
                    session.time
                )),
            }
        }
        if more > 0 {
            told.push(format!(
                "{more} more roles were entered from there: `trailwarden investigate` names them, and their sessions must be ended, too."
            ));
        }
        if !entered_from.is_empty() && known.history.is_some_and(|it| it.are_links_missing()) {
            told.push("The logs hold more sessions than are looked at: other roles may have been entered.".to_owned());
        }
        if let Some(draft) = out.drafts.first().and_then(|at| self.drafts.get_mut(*at)) {
            told.into_iter().for_each(|note| draft.note(note));
        }
    }

    /// Says something on the groups of steps that are new, or on those about somebody.
    fn note_way(&mut self, out: &Out, had: usize, told: &str, about: Option<&Who>) {
        for at in out.drafts.iter().filter(|at| **at >= had) {
            let draft = self.drafts.get_mut(*at);
            if let Some(draft) = draft.filter(|it| about.is_none() || whom(it).as_ref() == about) {
                draft.note(told);
            }
        }
    }

    /// Puts the steps that stop those who did it first.
    pub(super) fn stop_actors_first(&mut self) {
        let (actors, ranks) = (&self.actors, &self.ranks);
        for (at, draft) in self.drafts.iter_mut().enumerate() {
            let is_actor = whom(draft).is_some_and(|who| actors.contains(&who));
            if THROWING_OUT.contains(&draft.remedy()) && (is_actor || ranks.contains_key(&at)) {
                draft.stop_actor();
            }
        }
    }
}

impl Known<'_> {
    /// Those who did what was found.
    pub(super) fn actors(&self, findings: &[Finding]) -> BTreeSet<Who> {
        let deeds = findings.iter().filter(|one| one.kind != FindingKind::Posture);
        let actors = deeds.filter_map(|finding| self.actor(finding));
        actors.map(|actor| (actor.kind, actor.name.to_lowercase())).collect()
    }

    /// Whether a session changed the role that it is of, and that is grave.
    fn is_change_of_own_role(&self, finding: &Finding) -> bool {
        let is_deed = finding.kind != FindingKind::Posture
            && finding.outcome == Some(Of::Succeeded)
            && finding.actor.session.is_some();
        let is_grave = finding.severity >= Severity::High
            || finding.remediation.iter().any(|id| is_same(id, ENDS));
        let both = self.actor(finding).zip(principal_of(&finding.target));
        is_deed
            && is_grave
            && both.is_some_and(|(actor, target)| {
                actor.kind == Kind::Role
                    && target.kind == Kind::Role
                    && actor.name.eq_ignore_ascii_case(&target.name)
            })
    }

    /// The role whose session a finding's calls were made with.
    fn acting_role(&self, finding: &Finding) -> Option<Link> {
        let actor = self.actor(finding).filter(|actor| actor.kind == Kind::Role)?;
        let session = finding.actor.session.clone();
        Some(Link::of_role(actor.name, session, finding.actor.access_key.clone()))
    }

    /// The keys that somebody may have entered roles with who is thrown out.
    fn keys_thrown_out(&self, finding: &Finding, drafts: &[Draft], out: &Out) -> Vec<String> {
        let steps = out.drafts.iter().filter_map(|at| drafts.get(*at)).flat_map(Draft::steps);
        let keys = steps.filter_map(|step| step.input.get("AccessKeyId")?.as_plain()?.as_str());
        let mut keys: Vec<String> = keys.map(str::to_owned).collect();
        let (sessions, _) = self.history.map(|it| it.sessions()).unwrap_or_default();
        for session in sessions.iter().filter(|one| one.time >= finding.first_time) {
            let caller = &session.caller;
            let who = (Kind::User, caller.user_name.to_lowercase());
            let is_his = caller.account == Some(self.account()) && out.whom.contains(&who);
            // Of a user whose key alone is switched off the other keys are none of it.
            let is_key = caller.access_key.starts_with(OF_USERS);
            if is_his && (!is_key || out.whole.contains(&who)) {
                keys.push(caller.access_key.clone());
            }
        }
        keys.extend(self.keys_let_in(finding));
        keys
    }
}

/// Whom a group of steps is about.
fn whom(draft: &Draft) -> Option<Who> {
    let principal = draft.principal()?;
    let kind = match principal.kind {
        PrincipalKind::User => Kind::User,
        PrincipalKind::Role => Kind::Role,
        PrincipalKind::Root | PrincipalKind::Group => return None,
    };
    Some((kind, principal.name.to_lowercase()))
}
