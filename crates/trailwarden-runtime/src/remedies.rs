//! From findings, and what AWS said of an account, to a plan.
//!
//! A finding names remediations; [`plan`] fills in what each must know of the finding's thing and lets
//! the remedies write the steps. All of it is mapping: what the finding and the baseline do not tell
//! stays unknown, and then there is no plan but a reason.
//!
//! # Invariants
//! - Every finding that was asked about has at least one answer, and each answer without steps says why.
//! - Of the remediations that a finding offers the first is taken, unless others were chosen: they are
//!   alternatives, and doing all of them would take away more than the finding is about.
//! - No two groups of steps change the same thing: the later one is told as a clash.
//! - What a plan takes away from administrators adds up: the last one that would be left is a hard stop.
//! - A baseline from before the finding tells nothing of the state after it.

mod administrators;
mod answers;
mod changes;
mod evidence;
mod faults;
mod history;
mod holders;
mod keys;
mod named;
mod over_time;
mod settings;
mod statements;
mod subjects;

use std::collections::BTreeSet;

use trailwarden_account::{Model, Models, Snapshot};
use trailwarden_model::{AccountId, Finding, Timestamp};
use trailwarden_remedy::remedy::Effect;
use trailwarden_remedy::{Draft, NoPlan, Plan, Remedy, find, people};

use administrators::Administrators;
use changes::Changes;

pub use answers::{Answer, Outcome};
pub use history::History;

/// What is known of one account.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What AWS said.
    pub snapshot: &'a Snapshot,
    /// The models of the account, and of its neighbours where there are baselines of them.
    pub models: &'a Models,
    /// What the findings' records changed; none where no logs were given.
    pub history: Option<&'a History>,
    /// ARNs or names of principals that are kept for emergencies.
    pub break_glass: &'a BTreeSet<String>,
    /// The organization's id.
    pub organization: Option<&'a str>,
    /// Accounts that are ours besides.
    pub accounts: &'a BTreeSet<AccountId>,
    /// The time at which the plan is made.
    pub now: Timestamp,
}

/// A plan, and what became of each finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Made {
    /// The plan; none when no finding could be planned for.
    pub plan: Option<Plan>,
    /// What became of each finding, in the order of the findings.
    pub answers: Vec<Answer>,
}

/// How long approving takes, in seconds: sessions that begin up to then are ended too.
const APPROVAL: i64 = 15 * 60;

/// Plans for findings of one account. `chosen` are ids of remediations to take instead of the first that
/// each finding offers.
#[must_use]
pub fn plan(known: Known<'_>, findings: &[Finding], chosen: &[String]) -> Made {
    let mut planning = Planning {
        known,
        administrators: Administrators::new(known),
        changes: Changes::new(known.snapshot.account),
        drafts: Vec::new(),
        answers: Vec::new(),
    };
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    // The gravest first: where two clash, that one stays.
    sorted.sort_by(|a, b| {
        b.severity.cmp(&a.severity).then_with(|| (&a.rule, &a.id).cmp(&(&b.rule, &b.id)))
    });
    for finding in sorted {
        planning.answer(finding, chosen);
    }
    planning.finish()
}

struct Planning<'a> {
    known: Known<'a>,
    administrators: Administrators<'a>,
    changes: Changes,
    drafts: Vec<Draft>,
    answers: Vec<Answer>,
}

/// Why a remediation has no steps for a finding.
pub(crate) enum Refusal {
    /// The remedy, or what it must know, says so.
    NoPlan(NoPlan),
    /// An earlier group of steps changes the same thing.
    Clash(usize),
    /// Exactly these steps are planned already.
    Same(usize),
}

impl From<NoPlan> for Refusal {
    fn from(no_plan: NoPlan) -> Self {
        Self::NoPlan(no_plan)
    }
}

impl Planning<'_> {
    fn answer(&mut self, finding: &Finding, chosen: &[String]) {
        let offered = &finding.remediation;
        if offered.is_empty() {
            self.answers.push(Answer::without(finding, answers::NOTHING_OFFERED));
            return;
        }
        if chosen.is_empty() {
            return self.first_that_fits(finding);
        }
        let is_chosen = |id: &&String| chosen.iter().any(|one| is_same(one, id));
        let mut fits: Vec<&String> = offered.iter().filter(is_chosen).collect();
        fits.dedup_by(|a, b| is_same(a, b));
        if fits.is_empty() {
            self.answers.push(Answer::without(finding, answers::NOT_CHOSEN));
        }
        for id in fits {
            let answer = self.of(finding, id);
            self.answers.push(answer);
        }
    }

    /// The first remediation that is about this kind of thing decides, whatever it answers: another one
    /// would do something else than whoever wrote the rule thought best.
    fn first_that_fits(&mut self, finding: &Finding) {
        let mut misfit = None;
        for id in self.known.offered(finding) {
            let answer = self.of(finding, id);
            if answer.outcome != Outcome::Misfit {
                self.answers.push(answer);
                return;
            }
            misfit = misfit.or(Some(answer));
        }
        self.answers.extend(misfit);
    }

    fn of(&mut self, finding: &Finding, id: &str) -> Answer {
        let Some(remedy) = find(id) else {
            return match people::find(id) {
                Some(by_hand) => Answer::by_hand(finding, by_hand),
                None => Answer::unheard(finding, id),
            };
        };
        match self.steps(finding, remedy) {
            Ok(drafts) => {
                let first = self.drafts.len();
                self.drafts.extend(drafts);
                Answer::planned(finding, remedy.id, first..self.drafts.len())
            }
            Err(Refusal::NoPlan(no_plan)) => Answer::refused(finding, remedy.id, &no_plan),
            Err(Refusal::Same(draft)) => Answer::same(finding, remedy.id, draft),
            Err(Refusal::Clash(draft)) => Answer::clash(finding, remedy.id, draft),
        }
    }

    /// The steps, one group for each thing that must be changed; all of them or none.
    fn steps(&mut self, finding: &Finding, remedy: &Remedy) -> Result<Vec<Draft>, Refusal> {
        let subjects = self.known.subjects(finding, remedy.id)?;
        let (mut drafts, mut already, mut touched) = (Vec::new(), None, BTreeSet::new());
        for mut subject in subjects {
            let touches = self.known.touched(&subject);
            self.administrators.guard(&mut subject, &touches, remedy.effect)?;
            match remedy.draft(&subject) {
                Ok(mut draft) => {
                    self.known.note_holders(&subject, &mut draft);
                    drafts.push(draft);
                    touched.extend(touches);
                }
                Err(NoPlan::Already(what)) => already = Some(NoPlan::Already(what)),
                Err(no_plan) => return Err(no_plan.into()),
            }
        }
        if drafts.is_empty() {
            let nothing = || NoPlan::Already("it is as it should be".to_owned());
            return Err(already.unwrap_or_else(nothing).into());
        }
        self.changes.add(self.drafts.len(), &drafts)?;
        if remedy.effect == Effect::Restricts {
            self.administrators.restrict(touched);
        }
        Ok(drafts)
    }

    fn finish(self) -> Made {
        let Self { known, drafts, mut answers, .. } = self;
        let account = known.snapshot.account;
        let plan = (!drafts.is_empty())
            .then(|| Plan::from_drafts(account, known.now, known.state_time(), drafts));
        for answer in &mut answers {
            answer.number(plan.as_ref());
        }
        Made { plan, answers }
    }
}

/// Whether two ids name one remediation.
fn is_same(one: &str, other: &str) -> bool {
    one == other || matches!((find(one), find(other)), (Some(a), Some(b)) if a.id == b.id)
}

impl<'a> Known<'a> {
    /// The account's model.
    fn model(&self) -> Result<&'a Model, NoPlan> {
        let model = self.models.get(self.snapshot.account);
        model.ok_or_else(|| NoPlan::unknown("who and what is in the account"))
    }

    fn account(&self) -> AccountId {
        self.snapshot.account
    }

    /// The time that the model is of: that of the baseline, or of the last record behind it.
    fn state_time(&self) -> Timestamp {
        let until = self.history.and_then(History::until);
        until.map_or(self.snapshot.taken, |until| until.max(self.snapshot.taken))
    }

    /// Whether the model is of a time after what was found.
    fn is_after(&self, finding: &Finding) -> bool {
        self.state_time() >= finding.last_time
    }
}
