//! From findings, and what AWS said of an account, to a plan.
//!
//! A finding names remediations; [`plan`] fills in what each must know of the finding's thing and lets
//! the remedies write the steps. All of it is mapping: what the finding and the baseline do not tell
//! stays unknown, and then there is no plan but a reason.
//!
//! # Invariants
//! - Every finding that was asked about has at least one answer, and each answer without steps says why.
//! - Of the remediations that a finding offers the first is taken (a user's key before its sessions), unless others were chosen: they are
//!   alternatives, and doing all of them would take away more than the finding is about. Sessions are ended besides, where
//!   somebody came in by what is shut; that never stands in for shutting it.
//! - No two groups of steps change the same thing: of two the one that does all that the other does stays, and
//!   where neither does, the later one is told as a clash.
//! - Which of two ways to change one thing stays is decided by severity; the steps then come in the order
//!   of [`trailwarden_remedy::remedy::Order`]: whoever did it is stopped before what was done is taken back.
//! - What a plan takes away from administrators adds up: the last one that would be left is a hard stop.
//! - A baseline from before the finding tells nothing of the state after it.

mod administrators;
mod afterwards;
mod answers;
mod behind;
mod besides;
mod called;
mod came_in;
mod cases;
mod chain;
mod changes;
mod closed;
mod copies;
mod evidence;
mod faults;
mod fits;
mod fitting;
mod given_back;
mod gone;
mod happened;
mod history;
mod holders;
mod how;
mod identities;
mod keys;
mod known;
mod meanwhile;
mod mended;
mod named;
mod namesakes;
mod offered;
mod over_time;
mod parts;
mod policies_gone;
mod providers;
mod records;
mod replacements;
mod settings;
mod shut_too;
mod statements;
mod stays;
mod subjects;
mod taken_out;
mod together;
mod trails;
mod undoing;
mod unused;
mod way;
mod who;
mod young;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::report::Report;
use trailwarden_model::Finding;
use trailwarden_remedy::{Draft, Plan, Subject, find, people};

use crate::previews::foreseen;
use crate::previews::stops::Guard;
use administrators::Administrators;
use changes::Changes;
use fitting::{Fitting, Refusal};
use offered::{chosen_of, not_chosen};
use taken_out::TakenOut;

pub(crate) use administrators::{Workers, Works, none_left};
pub use answers::{Answer, Outcome};
pub use history::History;
pub use known::Known;
pub use records::Left;
pub use replacements::{Replaced, Replacement, Replacing, replace};

/// A plan, and what became of each finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Made {
    /// The plan; none when no finding could be planned for.
    pub plan: Option<Plan>,
    /// What became of each finding, in the order of the findings.
    pub answers: Vec<Answer>,
}

/// How long approving takes, in seconds: sessions that begin up to then are ended too.
pub(crate) const APPROVAL: i64 = 15 * 60;

/// Plans for findings of one account. `chosen` are ids of remediations to take instead of the first that
/// each finding offers.
#[must_use]
pub fn plan(known: Known<'_>, findings: &[Finding], chosen: &[String]) -> Made {
    let report = Report::of_account(known.snapshot);
    let known = known.with_report(&report);
    let mut planning = Planning::new(known, findings);
    let mut ids = BTreeSet::new();
    // A finding of two runs is one.
    let mut sorted: Vec<&Finding> = findings.iter().filter(|one| ids.insert(&one.id)).collect();
    // The gravest first: where two clash, that one stays. Of administrators the one seen last comes last, and so
    // is the one who is left.
    sorted.sort_by_cached_key(|one| {
        (
            Reverse(one.severity),
            &one.rule,
            known.last_seen(one),
            &one.target.arn,
            // What was there before the first of several is what to go back to.
            one.first_time,
            &one.id,
        )
    });
    for finding in sorted {
        let first = planning.answers.len();
        planning.answer(finding, chosen);
        planning.see_to_the_rest(finding, first, chosen.is_empty());
        if chosen.is_empty() {
            planning.take_besides(finding, first);
        }
        for answer in planning.answers.iter_mut().skip(first) {
            answer.others.retain(|id| known.could_fit(finding, id));
            known.offer_lifting(finding, answer);
        }
    }
    let mut made = planning.finish();
    stays::settle_all(&mut made, findings, known);
    made
}

struct Planning<'a> {
    known: Known<'a>,
    administrators: Administrators<'a>,
    guard: Guard<'a>,
    changes: Changes,
    taken_out: TakenOut,
    drafts: Vec<Draft>,
    /// Groups of steps that are a part of later ones, which take their place.
    replaced: BTreeMap<usize, usize>,
    /// What is known of whom a group of steps asks for a second factor.
    asked_for_mfa: BTreeMap<usize, Subject>,
    /// Those who did what was found.
    actors: BTreeSet<chain::Who>,
    /// Which link of a way groups of steps stop.
    ranks: BTreeMap<usize, usize>,
    answers: Vec<Answer>,
}

impl<'a> Planning<'a> {
    fn new(known: Known<'a>, findings: &[Finding]) -> Self {
        Self {
            known,
            administrators: Administrators::new(known),
            guard: Guard::new(known),
            changes: Changes::new(known.snapshot.account),
            taken_out: TakenOut::default(),
            drafts: Vec::new(),
            replaced: BTreeMap::new(),
            asked_for_mfa: BTreeMap::new(),
            actors: known.actors(findings),
            ranks: BTreeMap::new(),
            answers: Vec::new(),
        }
    }

    fn answer(&mut self, finding: &Finding, chosen: &[String]) {
        let offered = &finding.remediation;
        if offered.is_empty() {
            self.answers.push(match (self.known.advice)(&finding.rule) {
                Some(advice) => self.known.advised(finding, advice),
                None => self.known.of_nothing(finding, answers::NOTHING_OFFERED),
            });
            return;
        }
        if chosen.is_empty() {
            return self.first_that_fits(finding);
        }
        let fits = chosen_of(finding, chosen);
        if fits.is_empty() {
            self.answers.push(self.known.of_nothing(finding, &not_chosen(finding)));
        }
        for id in fits {
            let answer = self.of(finding, id);
            for draft in answer.drafts() {
                let draft = self.drafts.get_mut(*draft);
                draft.into_iter().for_each(|draft| self.known.note_entered(finding, draft));
            }
            self.answers.push(answer);
        }
    }

    fn of(&mut self, finding: &Finding, id: &str) -> Answer {
        let Some(remedy) = find(id) else {
            return match people::find(id) {
                Some(by_hand) => self.known.by_hand(finding, by_hand),
                None => self.known.unheard(finding, id),
            };
        };
        match self.steps(finding, remedy) {
            Ok(Fitting { drafts, mut had }) => {
                let first = self.drafts.len();
                self.drafts.extend(drafts);
                had.extend(first..self.drafts.len());
                Answer::planned(finding, remedy.id, had)
            }
            Err(Refusal::NoPlan(no_plan)) => self.known.refused(finding, remedy.id, &no_plan),
            Err(Refusal::Same(drafts)) => Answer::same(finding, remedy.id, drafts),
            Err(Refusal::Clash(draft)) => Answer::clash(finding, remedy.id, draft),
        }
    }

    fn finish(mut self) -> Made {
        self.stop_actors_first();
        let Self { known, mut drafts, mut replaced, asked_for_mfa, ranks, mut answers, .. } = self;
        let account = known.snapshot.account;
        let is_planted = |user: &str| {
            known.history.is_some_and(|it| it.since().is_made_by_an_author(account, user))
        };
        together::settle(&mut drafts, &mut replaced, &asked_for_mfa, &is_planted);
        answers.iter_mut().for_each(|answer| answer.replace(&replaced));
        answers::note_others(&answers, &mut drafts);
        let mut ordered: Vec<(usize, Draft)> = drafts.into_iter().enumerate().collect();
        ordered.retain(|(number, _)| !replaced.contains_key(number));
        let rank = |number: &usize| ranks.get(number).copied().unwrap_or_default();
        ordered.sort_by_key(|(number, draft)| (draft.order(), rank(number)));
        let (places, drafts): (Vec<usize>, Vec<Draft>) = ordered.into_iter().unzip();
        let plan = (!drafts.is_empty())
            .then(|| Plan::from_drafts(account, known.now, known.state_time(), drafts))
            .map(|plan| {
                let effect = foreseen(&plan, known);
                plan.foreseen(effect)
            });
        for answer in &mut answers {
            answer.number(&places, plan.as_ref());
        }
        Made { plan, answers }
    }
}
