//! Plans about policies that are to say something else, whoever found out what: the same hard stops, the
//! same sum over the administrators and the same conflicts as of findings.

use trailwarden_account::report::Report;
use trailwarden_remedy::remedies::{detach_policy, narrow_policy, replace_policy};
use trailwarden_remedy::remedy::Effect;
use trailwarden_remedy::subject::Policy;
use trailwarden_remedy::{Draft, NoPlan, Plan, Subject};

use super::{Fitting, Known, Planning, Refusal};

/// A policy that is to say something else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replacement {
    /// ARN of the user, group or role whose policy it is; none for a managed policy that is changed for
    /// all who hold it.
    pub holder: Option<String>,
    /// Which policy.
    pub policy: Replacing,
    /// What it is to say; none takes it away from its holder.
    pub document: Option<String>,
}

/// A policy of somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Replacing {
    /// An inline policy of the holder, by name.
    Inline(String),
    /// A managed policy, by ARN. With a holder, that one gets a new policy in its place, and the others keep it.
    Managed(String),
}

/// A plan, and what became of each replacement, in their order.
#[derive(Clone, PartialEq, Debug)]
pub struct Replaced {
    /// The plan; none where nothing could be planned.
    pub plan: Option<Plan>,
    /// Nothing where there are steps; else why there are none, in a sentence.
    pub refused: Vec<Option<String>>,
}

/// Plans for policies of one account.
#[must_use]
pub fn replace(known: Known<'_>, replacements: &[Replacement]) -> Replaced {
    let report = Report::of_account(known.snapshot);
    let mut planning = Planning::new(known.with_report(&report), &[]);
    let mut refused = Vec::new();
    for replacement in replacements {
        refused.push(match planning.replacing(replacement) {
            Ok(Fitting { drafts, .. }) => {
                planning.drafts.extend(drafts);
                None
            }
            Err(Refusal::NoPlan(why)) => Some(why.to_string()),
            Err(Refusal::Same(_)) => Some("the same is planned already".to_owned()),
            Err(Refusal::Clash(_)) => Some(
                "another replacement changes the same policy; make a plan of its own".to_owned(),
            ),
        });
    }
    Replaced { plan: planning.finish().plan, refused }
}

impl Planning<'_> {
    fn replacing(&mut self, replacement: &Replacement) -> Result<Fitting, Refusal> {
        let subject = self.known.subject_of(replacement)?;
        self.drafts_of(vec![subject], Effect::Restricts, None, |subject| {
            draft(subject, replacement)
        })
    }
}

fn draft(subject: &Subject, replacement: &Replacement) -> Result<Draft, NoPlan> {
    let document = replacement.document.as_deref();
    match (&replacement.policy, &replacement.holder, document) {
        (Replacing::Managed(_), Some(_), Some(document)) => {
            replace_policy::replace(subject, document)
        }
        (Replacing::Managed(_), Some(_), None) => detach_policy::REMEDY.draft(subject),
        _ => narrow_policy::replace(subject, document),
    }
}

impl Known<'_> {
    fn subject_of(&self, replacement: &Replacement) -> Result<Subject, NoPlan> {
        let mut subject = self.blank(None);
        if let Some(holder) = &replacement.holder {
            let found = self.model()?.find_arn(holder);
            let gone = || NoPlan::unknown(format!("whether there is `{holder}`"));
            self.fill_identity(found.ok_or_else(gone)?, &mut subject)?;
        }
        subject.policy = Some(match &replacement.policy {
            Replacing::Inline(name) => Policy::Inline(name.clone()),
            Replacing::Managed(arn) => self.managed_now(arn),
        });
        Ok(subject)
    }
}

#[cfg(test)]
mod tests;
