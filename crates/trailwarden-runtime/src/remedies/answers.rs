//! What became of a finding: steps, or why there are none and what to do instead.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_model::{Finding, Severity};
use trailwarden_remedy::people::ByHand;
use trailwarden_remedy::{Draft, NoPlan, Plan, find};

use super::how::How;
use super::records::Left;

/// What became of a finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct Answer {
    /// The finding's id.
    pub finding: String,
    /// Its rule.
    pub rule: String,
    /// What was found, in a few words.
    pub title: String,
    /// Harm if true.
    pub severity: Severity,
    /// What it is about, by its most readable name.
    pub target: String,
    /// The remediation; null when the finding offers none that was asked for.
    pub remediation: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// The steps of the plan that answer it.
    pub steps: Vec<String>,
    /// Why there are no steps of its own.
    pub reason: Option<String>,
    /// What a person does instead, step by step.
    pub how: Vec<String>,
    /// The remediation of the same finding that this one goes with; null for the first answer to a finding.
    pub goes_with: Option<String>,
    /// Who keeps what was gained when the steps are done, and by what.
    pub stays: Vec<String>,
    /// Calls of the finding that none of its steps deals with.
    pub left: Vec<Left>,
    /// Other remediations that the finding offers.
    pub others: Vec<String>,
    /// The same for any such finding: the parts that differ stand in capitals.
    #[serde(skip)]
    pub how_of_all: Vec<String>,
    #[serde(skip)]
    drafts: Vec<usize>,
}

/// What came of a remediation for a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There are steps.
    Planned,
    /// Steps for another finding do the same.
    Same,
    /// It is as it should be.
    Already,
    /// Something must be known first.
    Unknown,
    /// It may be done from some day on.
    TooEarly,
    /// It would lock somebody out, or AWS would refuse.
    Stopped,
    /// Steps for another finding change the same thing in another way.
    Clash,
    /// A person must do it.
    Person,
    /// The remediation is not about this kind of thing.
    Misfit,
    /// Nothing is known that helps.
    Nothing,
}

/// How the reason of what needs no change ends.
const NOTHING_TO_DO: &str = "; there is nothing to do";

const NAMES_NOTHING: &str =
    "it names nothing that its remediations can change: a person looks at its records";

/// What to do about steps that another plan must take.
const LATER: &[&str] = &[
    "Apply this plan: `trailwarden remediate apply PLAN`.",
    "Take a new baseline (`trailwarden baseline --output FILE`), and make another plan with the same findings: what is left of this one has its steps there.",
];

pub(super) const SAME: &str = "steps for another finding do it";

/// So many other findings are named beside a group of steps.
const OTHERS_MAX: usize = 5;

pub(super) const NOTHING_OFFERED: &str =
    "no remediation is known for it; what was found says what to do";

/// Says beside each group of steps which other findings it answers.
pub(super) fn note_others(answers: &[Answer], drafts: &mut [Draft]) {
    let mut others: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.outcome.is_settled()) {
        for draft in &answer.drafts {
            let is_own = |it: &Draft| it.finding() == Some(answer.finding.as_str());
            if drafts.get(*draft).is_some_and(|draft| !is_own(draft)) {
                let told = format!("{} ({})", answer.title, answer.finding);
                others.entry(*draft).or_default().push(told);
            }
        }
    }
    for (draft, mut told) in others {
        let more = told.len().saturating_sub(OTHERS_MAX);
        told.truncate(OTHERS_MAX);
        if more > 0 {
            told.push(format!("{more} more"));
        }
        if let Some(draft) = drafts.get_mut(draft) {
            draft.answers_also(told);
        }
    }
}

impl Outcome {
    /// Whether the finding is settled by the plan, or was before: but for the calls that the answer names as left.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Planned | Self::Same | Self::Already)
    }
}

impl Answer {
    fn new(finding: &Finding, remediation: Option<&str>, outcome: Outcome) -> Self {
        let is_other = |id: &&String| remediation.is_none_or(|taken| !is_same(taken, id));
        Self {
            finding: finding.id.clone(),
            rule: finding.rule.clone(),
            title: finding.title.clone(),
            severity: finding.severity,
            target: finding.target.label().to_owned(),
            remediation: remediation.map(str::to_owned),
            outcome,
            steps: Vec::new(),
            reason: None,
            how: Vec::new(),
            how_of_all: Vec::new(),
            goes_with: None,
            stays: Vec::new(),
            left: Vec::new(),
            others: finding.remediation.iter().filter(is_other).cloned().collect(),
            drafts: Vec::new(),
        }
    }

    pub(super) fn planned(finding: &Finding, remedy: &str, drafts: Vec<usize>) -> Self {
        Self { drafts, ..Self::new(finding, Some(remedy), Outcome::Planned) }
    }

    /// The groups of steps that answer it.
    pub(super) fn drafts(&self) -> &[usize] {
        &self.drafts
    }

    /// The same, as what comes with another remediation of the finding.
    pub(super) fn goes_with(&mut self, remedy: &str) {
        self.goes_with = Some(remedy.to_owned());
        self.others.clear();
    }

    pub(super) fn without(finding: &Finding, why: &str) -> Self {
        Self { reason: Some(why.to_owned()), ..Self::new(finding, None, Outcome::Nothing) }
    }

    /// Of what a person does, other than one of its remediations.
    pub(super) fn person(finding: &Finding, why: &str) -> Self {
        let answer = Self::new(finding, None, Outcome::Person);
        Self { reason: Some(why.to_owned()), others: Vec::new(), ..answer }
    }

    /// Whether nothing of the finding is left to do.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.outcome.is_settled() && self.left.is_empty()
    }

    /// The same where a person does what is left, and the rest is as it should be.
    pub(super) fn done_but(&mut self, left: &[Left]) {
        let said = self.reason.take().unwrap_or_default();
        let said = said.strip_suffix(NOTHING_TO_DO).map_or(said.clone(), str::to_owned);
        self.reason = Some(format!("{said}; a person does what is left"));
        self.outcome = Outcome::Person;
        self.how = left.iter().flat_map(Left::steps).collect();
        self.how_of_all.clone_from(&self.how);
    }

    pub(super) fn unheard(finding: &Finding, id: &str) -> Self {
        let reason = Some("this version does not know the remediation; update it".to_owned());
        Self { reason, ..Self::new(finding, Some(id), Outcome::Nothing) }
    }

    pub(super) fn by_hand(finding: &Finding, by_hand: &ByHand) -> Self {
        let reason = Some(format!("{}: {}", by_hand.title, by_hand.why));
        Self { reason, ..Self::new(finding, Some(by_hand.id), Outcome::Person) }
    }

    pub(super) fn refused(finding: &Finding, remedy: &str, no_plan: &NoPlan) -> Self {
        let outcome = match no_plan {
            NoPlan::Missing(_) => Outcome::Misfit,
            NoPlan::Unknown { .. } => Outcome::Unknown,
            NoPlan::Already(_) | NoPlan::Refused => Outcome::Already,
            NoPlan::TooEarly { .. } => Outcome::TooEarly,
            NoPlan::Stopped(_) => Outcome::Stopped,
            NoPlan::Person(_) => Outcome::Person,
            NoPlan::Call(_) => Outcome::Nothing,
        };
        Self { reason: Some(no_plan.to_string()), ..Self::new(finding, Some(remedy), outcome) }
    }

    /// The same with what a person does.
    pub(super) fn with(self, how: How) -> Self {
        let mut reason = self.reason;
        if self.outcome == Outcome::Already && !how.own.is_empty() {
            // Nothing is to be changed, which is not all that there is to do.
            reason =
                reason.map(|it| it.strip_suffix(NOTHING_TO_DO).map_or(it.clone(), str::to_owned));
        }
        Self { reason, how: how.own, how_of_all: how.of_all, ..self }
    }

    /// The answer where no remediation fits, so that there is none to choose instead.
    pub(super) fn of_none(self) -> Self {
        Self { reason: Some(NAMES_NOTHING.to_owned()), ..self }
    }

    pub(super) fn same(finding: &Finding, remedy: &str, drafts: Vec<usize>) -> Self {
        let reason = Some(SAME.to_owned());
        Self { reason, drafts, ..Self::new(finding, Some(remedy), Outcome::Same) }
    }

    /// The answer where steps of the plan do it, too.
    pub(super) fn done_by(&mut self, steps: Vec<String>, why: &str) {
        (self.outcome, self.reason) = (Outcome::Same, Some(why.to_owned()));
        (self.how, self.how_of_all) = (Vec::new(), Vec::new());
        self.steps = steps;
    }

    /// Says what may stay all the same, for nobody has seen it.
    pub(super) fn doubt(&mut self, unseen: &[String]) {
        let said = self.reason.as_deref().unwrap_or(SAME);
        self.reason = Some(format!(
            "{said}; whether that is all is not known, for nobody has seen {}",
            unseen.join(", ")
        ));
    }

    pub(super) fn clash(finding: &Finding, remedy: &str, draft: usize) -> Self {
        Self { drafts: vec![draft], ..Self::new(finding, Some(remedy), Outcome::Clash) }
    }

    /// Puts the groups of steps that are in the plan in the place of those that are a part of them.
    pub(super) fn replace(&mut self, replaced: &BTreeMap<usize, usize>) {
        let mut is_own = self.drafts.is_empty();
        for draft in &mut self.drafts {
            let made = *draft;
            // Later ones have higher numbers, so this ends.
            while let Some(whole) = replaced.get(draft) {
                *draft = *whole;
            }
            is_own |= *draft == made;
        }
        self.drafts.dedup();
        if self.outcome == Outcome::Planned && !is_own {
            self.outcome = Outcome::Same;
            self.reason = Some(SAME.to_owned());
        }
    }

    /// Numbers the steps, once the plan is made.
    ///
    /// `places` has for each group of steps in the plan the number that it had when it was made.
    pub(super) fn number(&mut self, places: &[usize], plan: Option<&Plan>) {
        let summaries = plan.iter().flat_map(|plan| &plan.preview.remedies);
        let own = places.iter().zip(summaries).filter(|(made, _)| self.drafts.contains(made));
        let steps: Vec<String> = own.flat_map(|(_, one)| one.steps.clone()).collect();
        if self.outcome == Outcome::Clash {
            let others = steps.join(", ");
            self.reason = Some(format!(
                "step {others} changes the same thing in another way; apply this plan, and make another one after it"
            ));
            self.how = LATER.iter().map(|step| (*step).to_owned()).collect();
            self.how_of_all.clone_from(&self.how);
            return;
        }
        self.steps = steps;
    }
}

/// Whether two ids name one remediation.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one == other || matches!((find(one), find(other)), (Some(a), Some(b)) if a.id == b.id)
}
