//! What a remedy is, and why it may make no plan.

use std::fmt;

use trailwarden_model::Timestamp;

use crate::draft::Draft;
use crate::plan::{Check, Expected, Input, Part};
use crate::remedies;
use crate::stops::{self, Stop};
use crate::subject::{PrincipalKind, Subject};

/// How a class of finding is fixed.
pub struct Remedy {
    /// Kebab-case, stable for ever, equal to the file's name; reads after "to fix this,".
    pub id: &'static str,
    /// Other ids that findings use for it.
    pub aliases: &'static [&'static str],
    /// What it does, in the imperative, in a few words.
    pub title: &'static str,
    /// What it does to access.
    pub effect: Effect,
    /// When its steps come, in a plan with others.
    pub order: Order,
    /// What it breaks, what it leaves, and what a person must do, in sentences.
    pub notes: &'static [&'static str],
    /// A subject that it makes a plan for.
    pub example: fn(&mut Subject),
    /// The ARN of the example's principal.
    pub example_of: &'static str,
    /// From a subject to calls.
    pub plan: fn(&Subject, &mut Draft) -> Result<(), NoPlan>,
}

/// What a remedy does to access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// It takes access away from a principal, who may be needed to give it back.
    Restricts,
    /// It takes away credentials that nobody uses any more, or puts others in their place.
    Renews,
    /// It takes nothing away.
    Keeps,
}

/// When steps come in a plan of several remedies: trails first, which then record all that follows, and of the rest
/// what somebody may be using right now, whoever did what was found before what was done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Order {
    /// Trails and their buckets.
    Trails,
    /// The keys of whoever did what was found are off: while they work, all that follows is done again.
    ActorsKeys,
    /// The sessions of whoever did it are ended.
    ActorsSessions,
    /// Whoever may be somebody else is stopped.
    Containment,
    /// Whoever came in by what is shut then is thrown out.
    Sessions,
    /// Keys, passwords and second factors.
    Credentials,
    /// Who may enter.
    Trust,
    /// Who may do what.
    Grants,
    /// Settings of the account.
    Settings,
}

/// Why there is no plan.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPlan {
    /// It is not about this kind of thing.
    #[error("this remediation needs {0}, which the finding does not name; choose another one")]
    Missing(&'static str),
    /// What it must know to be taken back is not known.
    #[error("{what} is not known; {ask}")]
    Unknown {
        /// What.
        what: String,
        /// How to get to know it.
        ask: &'static str,
    },
    /// There is nothing to do.
    #[error("{0}; there is nothing to do")]
    Already(String),
    /// AWS refused the call that it would take back.
    #[error("AWS refused the call, so there is nothing to take back; look at who made it")]
    Refused,
    /// It is too early.
    #[error("{what} from {due} on; make the plan again then")]
    TooEarly {
        /// What may be done, as the beginning of a sentence.
        what: String,
        /// From when on.
        due: Timestamp,
        /// What a person does until then, step by step.
        meanwhile: Vec<String>,
    },
    /// Somebody would be locked out, or AWS would refuse.
    #[error("{0}")]
    Stopped(Stop),
    /// A person must do it.
    #[error("{0}")]
    Person(String),
    /// A call that the table does not have, which is a mistake of ours.
    #[error("the call `{0}` is not in the table of calls; report this")]
    Call(String),
}

/// How to get to know what IAM says of an identity.
pub const ASK_BASELINE: &str =
    "give a baseline made just now (`trailwarden baseline --output FILE`, then `--baseline FILE`)";

/// How to get to know what was before a change.
pub const ASK_OLDER: &str = "give logs from before the change, from as early on as there are (`--logs PATH`), or an older baseline beside the new one (`--baseline OLD NEW`)";

impl NoPlan {
    /// Something that only what is from before a change tells.
    #[must_use]
    pub fn unknown_before(what: impl Into<String>) -> Self {
        Self::Unknown { what: what.into(), ask: ASK_OLDER }
    }

    /// Something that only a baseline tells.
    #[must_use]
    pub fn unknown(what: impl Into<String>) -> Self {
        Self::Unknown { what: what.into(), ask: ASK_BASELINE }
    }
}

impl Remedy {
    /// The calls that fix what the subject is about.
    ///
    /// # Errors
    /// There is no plan, and why.
    pub fn draft(&self, subject: &Subject) -> Result<Draft, NoPlan> {
        if let Some(stop) = stops::first(subject, self.effect) {
            return Err(NoPlan::Stopped(stop));
        }
        let mut draft = Draft::new(self, subject);
        (self.plan)(subject, &mut draft)?;
        if self.effect == Effect::Keeps
            && let Some(step) = draft.taking()
        {
            return Err(NoPlan::Person(format!(
                "what is there is not as it should be: to {} would take access away besides; read what is there, and decide by hand",
                step.purpose
            )));
        }
        if self.effect == Effect::Restricts
            && let Some(principal) = &subject.principal
            && principal.kind == PrincipalKind::User
        {
            draft.require_first(Check {
                service: "sts".to_owned(),
                operation: "GetCallerIdentity".to_owned(),
                input: Input::new(),
                path: vec![Part::Member("Arn".to_owned())],
                expected: Expected::Differs(principal.arn.as_str().into()),
            });
        }
        Ok(draft)
    }

    /// The subject of the example.
    #[must_use]
    pub fn example(&self) -> Option<Subject> {
        // 2026-02-01T12:00:00Z, and a quarter of an hour to approve.
        let time = Timestamp::from_seconds(1_769_947_200);
        let mut subject = Subject::of(self.example_of, time)?;
        subject.cutoff = time.plus(15 * 60);
        (self.example)(&mut subject);
        Some(subject)
    }
}

impl fmt::Debug for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// The remedy of that id or alias.
#[must_use]
pub fn find(id: &str) -> Option<&'static Remedy> {
    remedies::ALL.iter().copied().find(|remedy| remedy.id == id || remedy.aliases.contains(&id))
}
