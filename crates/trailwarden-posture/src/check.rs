//! What a check is: metadata, logic and proof in one static value.

use std::fmt;

use trailwarden_model::{Confidence, Severity};

use crate::alarms::Alarm;
use crate::answers::Known;
use crate::families::passwords::Rule;
use crate::families::policies::Grants;
use crate::frameworks::Control;
use crate::state::State;
use crate::verdicts::Verdicts;

/// One thing that an assessment looks for.
pub struct Check {
    /// Kebab-case, stable for ever, equal to the file's name outside families; reads after "we
    /// found:".
    pub id: &'static str,
    /// The same in plain words.
    pub title: &'static str,
    /// What it is about.
    pub area: Area,
    /// Harm if true; a row may say otherwise for its case.
    pub severity: Severity,
    /// Likelihood that a fail is true.
    pub confidence: Confidence,
    /// Why it matters: what somebody can do with it, in a sentence or two.
    pub risk: &'static str,
    /// What to do, in the imperative, in a sentence or two.
    pub fix: &'static str,
    /// The calls whose answers it cannot do without.
    pub needs: &'static [&'static str],
    /// Controls of frameworks and checks of other tools that it answers.
    pub controls: &'static [Control],
    /// Ids of the remediations that fit.
    pub remedies: &'static [&'static str],
    /// Accounts in which something fails, and nothing is unknown.
    pub fails_on: &'static [&'static str],
    /// Accounts in which something passes and nothing fails.
    pub passes_on: &'static [&'static str],
    /// How it judges.
    pub logic: Logic,
}

/// What a check is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Area {
    /// The root user.
    Root,
    /// Passwords and their policy.
    Passwords,
    /// Second factors.
    Mfa,
    /// Access keys.
    Keys,
    /// Users, groups and how permissions are given.
    Identities,
    /// What permissions there are.
    Permissions,
    /// Who may enter roles.
    Trust,
    /// The organization and Identity Center.
    Organization,
    /// Access Analyzer and other watchers.
    Watchers,
    /// CloudTrail and where it writes.
    Trails,
    /// Metric filters and alarms.
    Alarms,
}

impl Area {
    /// Every area, in the order of reports.
    pub const ALL: [Self; 11] = [
        Self::Root,
        Self::Passwords,
        Self::Mfa,
        Self::Keys,
        Self::Identities,
        Self::Permissions,
        Self::Trust,
        Self::Organization,
        Self::Watchers,
        Self::Trails,
        Self::Alarms,
    ];

    /// A heading.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "Root user",
            Self::Passwords => "Passwords",
            Self::Mfa => "Second factors",
            Self::Keys => "Access keys",
            Self::Identities => "Users and groups",
            Self::Permissions => "Permissions",
            Self::Trust => "Trust in roles",
            Self::Organization => "Organization",
            Self::Watchers => "Watchers",
            Self::Trails => "CloudTrail",
            Self::Alarms => "Alarms",
        }
    }
}

/// How a check judges.
pub enum Logic {
    /// By itself. What it could not know and returns makes one unknown verdict on the account.
    Each(fn(&State<'_>, &mut Verdicts) -> Known<()>),
    /// By one rule of the password policy.
    Password(Rule),
    /// By what a policy grants on everything.
    Grants(Grants),
    /// By a metric filter with an alarm that somebody gets.
    Alarm(&'static Alarm),
    /// Not at all: a person must look, and this says where.
    Manual(&'static str),
}

impl Logic {
    /// Whether a person must look.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        matches!(self, Self::Manual(_))
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}
