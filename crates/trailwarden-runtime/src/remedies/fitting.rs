//! The groups of steps for a finding, and how they fit to those that are planned already.

use std::collections::BTreeSet;

use trailwarden_model::Finding;
use trailwarden_remedy::remedy::Effect;
use trailwarden_remedy::{Draft, NoPlan, Remedy, Stop, Subject};

use super::changes::{Fit, MayStay};
use super::copies::note_copy;
use super::faults::may_stay;
use super::fits::note_low;
use super::{Planning, together};

/// Groups of steps for a finding.
pub(crate) struct Fitting {
    /// Those that are new.
    pub(super) drafts: Vec<Draft>,
    /// Earlier ones that do a part of it already.
    pub(super) had: Vec<usize>,
}

/// Why a remediation has no steps for a finding.
pub(crate) enum Refusal {
    /// The remedy, or what it must know, says so.
    NoPlan(NoPlan),
    /// An earlier group of steps changes the same thing.
    Clash(usize),
    /// Exactly these steps are planned already.
    Same(Vec<usize>),
}

impl From<NoPlan> for Refusal {
    fn from(no_plan: NoPlan) -> Self {
        Self::NoPlan(no_plan)
    }
}

impl Planning<'_> {
    /// The steps, one group for each thing that must be changed; all of them or none.
    pub(super) fn steps(&mut self, finding: &Finding, remedy: &Remedy) -> Result<Fitting, Refusal> {
        let mut subjects = match self.known.subjects(finding, remedy.id) {
            Err(NoPlan::Person(why)) => {
                let stop = self.stop_before(finding, remedy);
                return Err(stop.unwrap_or(NoPlan::Person(why)).into());
            }
            subjects => subjects?,
        };
        let copies = self.copies(finding, remedy, &subjects);
        subjects.extend(copies.iter().map(|(copy, _)| copy.clone()));
        if let Some(draft) = self.taken_out.by(&subjects) {
            return Err(Refusal::Same(vec![draft]));
        }
        let (known, may_stay) = (self.known, |document: &str| may_stay(&finding.rule, document));
        let fitting =
            self.drafts_of(subjects.clone(), remedy.effect, Some(&may_stay), |subject| {
                let mut draft = remedy.draft(subject)?;
                known.note_before(finding, subject, &mut draft);
                known.note_actor(finding, subject, &mut draft);
                known.note_writer(finding, subject, &mut draft);
                note_copy(&copies, subject, &mut draft);
                known.note_behind(finding, &mut draft);
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

    pub(super) fn drafts_of(
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
}
