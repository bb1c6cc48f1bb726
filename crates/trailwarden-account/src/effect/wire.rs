//! The effect as findings carry it.

use trailwarden_model::finding;
use trailwarden_policy::reach::Grade;

use super::{Effect, Moved, PathOpened};

/// How many principals a finding lists; `reach` counts them all.
const PRINCIPALS_MAX: usize = 50;

impl Effect {
    /// The effect field of a finding. Text of strangers is as they wrote it.
    #[must_use]
    pub fn to_finding(&self) -> finding::Effect {
        let (principals, accounts) = self.reach();
        finding::Effect {
            principals: self.moved.iter().take(PRINCIPALS_MAX).map(Moved::to_finding).collect(),
            paths_opened: self.opened.iter().map(PathOpened::to_finding).collect(),
            reach: finding::Reach {
                principals: u64::try_from(principals).unwrap_or(u64::MAX),
                accounts: u64::try_from(accounts).unwrap_or(u64::MAX),
            },
            unknowns: self.unknown_lines(),
        }
    }
}

impl Moved {
    fn to_finding(&self) -> finding::PrincipalEffect {
        let word = |grade: Option<Grade>| grade.map_or("unknown", Grade::name).to_owned();
        finding::PrincipalEffect {
            arn: self.arn.clone(),
            grade_before: word(self.grade_before),
            grade_after: word(self.grade_after),
            gained: self.gained.clone(),
            lost: self.lost.clone(),
        }
    }
}

impl PathOpened {
    fn to_finding(&self) -> finding::PathOpened {
        finding::PathOpened {
            technique: self.technique.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }
}
