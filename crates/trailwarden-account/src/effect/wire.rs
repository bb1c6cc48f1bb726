//! The effect as findings carry it.

use std::collections::BTreeSet;

use trailwarden_model::{AccountId, finding};
use trailwarden_policy::reach::Grade;

use super::{Cap, CredentialGiven, Effect, Entrance, Entrant, Means, Moved, PathOpened};
use crate::trust::technique_of;

/// How many principals a finding lists; `reach` counts them all.
const PRINCIPALS_MAX: usize = 50;

impl Effect {
    /// The effect field of a finding. Text of strangers is as they wrote it.
    #[must_use]
    pub fn to_finding(&self) -> finding::Effect {
        let (principals, accounts) = self.reach();
        finding::Effect {
            principals: self.moved.iter().take(PRINCIPALS_MAX).map(Moved::to_finding).collect(),
            paths_opened: self.paths_opened(),
            reach: finding::Reach {
                principals: u64::try_from(principals).unwrap_or(u64::MAX),
                accounts: u64::try_from(accounts).unwrap_or(u64::MAX),
            },
            unknowns: self.unknown_lines(),
        }
    }

    /// Ways of the graph, into roles and by credentials; each from one to another once.
    fn paths_opened(&self) -> Vec<finding::PathOpened> {
        let ways = self.ways().map(PathOpened::to_finding);
        let entries = self.entries.iter().filter(|entry| entry.is_gain());
        let given = self.credentials.iter().filter(|given| given.is_way_in());
        let all = ways
            .chain(entries.map(Entrance::to_finding))
            .chain(given.filter_map(CredentialGiven::to_finding));
        let mut seen = BTreeSet::new();
        let mut paths: Vec<finding::PathOpened> = all.collect();
        // Two techniques of the graph are two ways; what it draws is not told again.
        let drawn = self.ways().count();
        let mut at = 0;
        paths.retain(|path| {
            at += 1;
            seen.insert((path.from.clone(), path.to.clone())) || at <= drawn
        });
        paths
    }
}

impl Moved {
    fn to_finding(&self) -> finding::PrincipalEffect {
        let word = |grade: Option<Grade>| grade.map_or("unknown", Grade::name).to_owned();
        finding::PrincipalEffect {
            arn: self.arn.clone(),
            grade_before: word(self.grade_before),
            grade_after: word(self.grade_after),
            // What nothing known forbids any more is not therefore allowed.
            gained: self.gain.map(|_| self.gained.to_vec()).unwrap_or_default(),
            lost: self.lost.to_vec(),
            capped_by: self.capped.iter().map(Cap::in_words).collect(),
        }
    }
}

impl PathOpened {
    fn to_finding(&self) -> finding::PathOpened {
        finding::PathOpened {
            technique: self.technique.clone(),
            from: self.from_arn.as_ref().unwrap_or(&self.from).clone(),
            to: self.to_arn.as_ref().unwrap_or(&self.to).clone(),
            conditions: self.conditions.clone(),
        }
    }
}

impl Entrance {
    fn to_finding(&self) -> finding::PathOpened {
        let from = match &self.who {
            Entrant::Principal { arn, .. } => arn.clone(),
            Entrant::Account(account) => self.root_of(*account),
            who => who.name().to_owned(),
        };
        let technique = technique_of(&self.grant.who).to_owned();
        let conditions = self.conditions();
        finding::PathOpened { technique, from, to: self.role_arn.clone(), conditions }
    }

    fn root_of(&self, account: AccountId) -> String {
        let partition = self.role_arn.split(':').nth(1).unwrap_or("aws");
        format!("arn:{partition}:iam::{account}:root")
    }
}

impl CredentialGiven {
    /// None when nobody is known who got it, or had it before.
    fn to_finding(&self) -> Option<finding::PathOpened> {
        if self.is_perhaps_old {
            return None;
        }
        let technique = self.means.technique().to_owned();
        let (from, to) = (self.by.clone()?, self.owner_arn.clone());
        Some(finding::PathOpened { technique, from, to, conditions: Vec::new() })
    }
}

impl Means {
    /// The technique that uses it, or the call where none is known.
    fn technique(self) -> &'static str {
        match self {
            Self::AccessKey => "iam-002",
            Self::Password => "iam-004",
            Self::Certificate => "x-iam-31",
            Self::ServiceCredential => "x-iam-05",
            Self::SshKey => "iam:UploadSSHPublicKey",
            Self::MfaDevice => "iam:EnableMFADevice",
        }
    }
}
