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
//!   of [`trailwarden_remedy::remedy::Order`].
//! - What a plan takes away from administrators adds up: the last one that would be left is a hard stop.
//! - A baseline from before the finding tells nothing of the state after it.

mod administrators;
mod afterwards;
mod answers;
mod came_in;
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
mod mended;
mod named;
mod namesakes;
mod offered;
mod over_time;
mod policies_gone;
mod replacements;
mod settings;
mod statements;
mod stays;
mod subjects;
mod taken_out;
mod together;
mod trails;
mod undoing;
mod who;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::report::Report;
use trailwarden_model::Finding;
use trailwarden_remedy::remedy::Effect;
use trailwarden_remedy::{Draft, NoPlan, Plan, Remedy, Stop, Subject, find, people};

use crate::previews::foreseen;
use crate::previews::stops::Guard;
use administrators::Administrators;
use answers::is_same;
use changes::{Changes, Fit, MayStay};
use faults::may_stay;
use fits::note_low;
use fitting::{Fitting, Refusal};
use taken_out::TakenOut;

pub(crate) use administrators::{Workers, Works, none_left};
pub use answers::{Answer, Outcome};
pub use history::History;
pub use known::Known;
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
    let mut planning = Planning::new(known);
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    // The gravest first: where two clash, that one stays. Of administrators the one seen last comes last, and so
    // is the one who is left.
    sorted.sort_by_cached_key(|one| {
        (Reverse(one.severity), &one.rule, known.last_seen(one), &one.target.arn, &one.id)
    });
    for finding in sorted {
        let first = planning.answers.len();
        planning.answer(finding, chosen);
        for answer in planning.answers.iter_mut().skip(first) {
            answer.others.retain(|id| known.could_fit(finding, id));
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
    answers: Vec<Answer>,
}

impl<'a> Planning<'a> {
    fn new(known: Known<'a>) -> Self {
        Self {
            known,
            administrators: Administrators::new(known),
            guard: Guard::new(known),
            changes: Changes::new(known.snapshot.account),
            taken_out: TakenOut::default(),
            drafts: Vec::new(),
            replaced: BTreeMap::new(),
            asked_for_mfa: BTreeMap::new(),
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
        let is_chosen = |id: &&String| chosen.iter().any(|one| is_same(one, id));
        let mut fits: Vec<&String> = offered.iter().filter(is_chosen).collect();
        fits.dedup_by(|a, b| is_same(a, b));
        if fits.is_empty() {
            self.answers.push(self.known.of_nothing(finding, answers::NOT_CHOSEN));
        }
        for id in fits {
            let answer = self.of(finding, id);
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
            Err(Refusal::NoPlan(no_plan)) => Answer::refused(finding, remedy.id, &no_plan)
                .with(self.known.how_instead(finding, remedy.id, &no_plan)),
            Err(Refusal::Same(drafts)) => Answer::same(finding, remedy.id, drafts),
            Err(Refusal::Clash(draft)) => Answer::clash(finding, remedy.id, draft),
        }
    }

    /// The steps, one group for each thing that must be changed; all of them or none.
    fn steps(&mut self, finding: &Finding, remedy: &Remedy) -> Result<Fitting, Refusal> {
        let mut subjects = self.known.subjects(finding, remedy.id)?;
        subjects.extend(self.copies(finding, remedy, &subjects));
        if let Some(draft) = self.taken_out.by(&subjects) {
            return Err(Refusal::Same(vec![draft]));
        }
        let (known, may_stay) = (self.known, |document: &str| may_stay(&finding.rule, document));
        let fitting =
            self.drafts_of(subjects.clone(), remedy.effect, Some(&may_stay), |subject| {
                let mut draft = remedy.draft(subject)?;
                known.note_before(finding, subject, &mut draft);
                known.note_actor(finding, subject, &mut draft);
                known.note_entered(finding, subject, &mut draft);
                draft.because(format!(
                    "{} ({}): {}",
                    finding.title,
                    finding.severity.as_str(),
                    finding.explanation
                ));
                note_low(finding, &mut draft);
                Ok(draft)
            })?;
        // What needs no change has no group of steps, and then nothing tells whose each is.
        if fitting.drafts.len() == subjects.len() {
            self.taken_out.add(self.drafts.len(), &subjects);
            let of_each = subjects.into_iter().enumerate();
            let asked = of_each.filter(|_| remedy.id == together::ENABLE_MFA);
            self.asked_for_mfa.extend(asked.map(|(at, it)| (self.drafts.len() + at, it)));
        }
        Ok(fitting)
    }

    fn drafts_of(
        &mut self,
        subjects: Vec<Subject>,
        effect: Effect,
        may_stay: MayStay<'_>,
        draft: impl Fn(&Subject) -> Result<Draft, NoPlan>,
    ) -> Result<Fitting, Refusal> {
        let (mut drafts, mut already, mut touched) = (Vec::new(), None, BTreeSet::new());
        for mut subject in subjects {
            let touches = self.known.touched(&subject);
            self.administrators.guard(&mut subject, &touches, effect)?;
            match draft(&subject) {
                Ok(mut draft) => {
                    self.known.note_holders(&subject, &mut draft);
                    self.known.note_inactive(&subject, &mut draft);
                    drafts.push(draft);
                    touched.extend(touches);
                }
                Err(NoPlan::Already(what)) => already = Some(NoPlan::Already(what)),
                Err(NoPlan::Stopped(Stop::LastAdministrator)) => {
                    return Err(self.administrators.none_left(&touches).into());
                }
                Err(no_plan) => return Err(no_plan.into()),
            }
        }
        if drafts.is_empty() {
            let nothing = || NoPlan::Already("it is as it should be".to_owned());
            return Err(already.unwrap_or_else(nothing).into());
        }
        let admitted = self.guard.admit(&drafts)?;
        let Fit { had, parts } = self.changes.add(self.drafts.len(), &drafts, may_stay)?;
        let mut needed = had.iter().map(Option::is_none);
        drafts.retain(|_| needed.next().unwrap_or(true));
        let had: Vec<usize> = had.into_iter().flatten().collect();
        if drafts.is_empty() {
            return Err(Refusal::Same(had));
        }
        self.replaced.extend(parts);
        self.guard.commit(admitted);
        if effect == Effect::Restricts {
            self.administrators.restrict(touched);
        }
        Ok(Fitting { drafts, had })
    }

    fn finish(self) -> Made {
        let Self { known, mut drafts, mut replaced, asked_for_mfa, mut answers, .. } = self;
        let account = known.snapshot.account;
        together::settle(&mut drafts, &mut replaced, &asked_for_mfa);
        answers.iter_mut().for_each(|answer| answer.replace(&replaced));
        answers::note_others(&answers, &mut drafts);
        let mut ordered: Vec<(usize, Draft)> = drafts.into_iter().enumerate().collect();
        ordered.retain(|(number, _)| !replaced.contains_key(number));
        ordered.sort_by_key(|(_, draft)| draft.order());
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
