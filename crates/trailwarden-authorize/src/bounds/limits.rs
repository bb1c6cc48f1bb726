//! What one alternative of a permit lets through.

use std::collections::BTreeSet;

use trailwarden_model::Severity;

use crate::asked::Grade;

/// The values of an ordered vocabulary that are let through, a bit for each rank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ranks {
    /// Which may be.
    may: u8,
    /// Those among them that the policy does not name.
    open: u8,
}

/// Both vocabularies have six ranks.
pub(super) const ALL: u8 = 0b11_1111;
/// Grade `admin`.
const ADMIN: u8 = 0b10_0000;
/// Severities `high` and `critical`: who is given a way to `admin`, or will be an administrator once a
/// cap is lifted, is no more than `high`.
const GRAVE: u8 = 0b11_0000;

impl Ranks {
    pub(super) const ANY: Self = Self { may: ALL, open: ALL };

    pub(super) fn unnamed(may: u8) -> Self {
        Self { may, open: may }
    }

    pub(super) fn named(may: u8) -> Self {
        Self { may, open: 0 }
    }

    fn and(self, other: Self) -> Self {
        Self { may: self.may & other.may, open: self.open & other.open }
    }

    fn shuts_out(self, ranks: u8) -> bool {
        self.open & ranks == 0
    }
}

/// What one alternative lets through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Limits {
    pub(super) grades: Ranks,
    pub(super) severities: Ranks,
    pub(super) gained: Option<BTreeSet<String>>,
    pub(super) may_move: bool,
}

pub(super) type Alternatives = Vec<Limits>;

impl Limits {
    pub(super) const NONE: Self =
        Self { grades: Ranks::ANY, severities: Ranks::ANY, gained: None, may_move: true };

    pub(super) fn and(&self, other: &Self) -> Self {
        let gained = match (&self.gained, &other.gained) {
            (Some(left), Some(right)) => Some(left.intersection(right).cloned().collect()),
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        Self {
            grades: self.grades.and(other.grades),
            severities: self.severities.and(other.severities),
            gained,
            may_move: self.may_move && other.may_move,
        }
    }

    pub(super) fn is_bounded(&self) -> bool {
        self.grades.shuts_out(ADMIN)
            || self.severities.shuts_out(GRAVE)
            || self.gained.is_some()
            || !self.may_move
    }

    /// Whether nothing can lie within it.
    pub(super) fn is_impossible(&self) -> bool {
        self.grades.may == 0 || self.severities.may == 0
    }

    /// Whether it lets a change through that moves something and gains what no policy lists.
    fn lets_through(&self, grade: u8, severity: u8) -> bool {
        let has = |ranks: Ranks, rank: u8| ranks.may & 1 << rank != 0;
        self.gained.is_none()
            && self.may_move
            && has(self.grades, grade)
            && has(self.severities, severity)
    }

    pub(super) fn words(&self) -> String {
        let mut words = Vec::new();
        if !self.may_move {
            words.push("nothing moves".to_owned());
        }
        if self.grades.may != ALL {
            let grades = Grade::ALL.map(Grade::as_str);
            words.push(format!("grade after {}", listed(self.grades.may, &grades)));
        }
        if self.severities.may != ALL {
            let mut severities = vec!["none"];
            severities.extend(Severity::ALL.map(Severity::as_str));
            words.push(format!("severity {}", listed(self.severities.may, &severities)));
        }
        match &self.gained {
            Some(gained) if gained.is_empty() => words.push("gains nothing".to_owned()),
            Some(gained) => {
                let gained: Vec<&str> = gained.iter().map(String::as_str).collect();
                words.push(format!("gains only {}", gained.join(", ")));
            }
            None => {}
        }
        words.join("; ")
    }
}

/// Whether some change is let through by none of them.
pub(super) fn can_be_broken(alternatives: &Alternatives) -> bool {
    let mut all = (0..6).flat_map(|grade| (0..6).map(move |severity| (grade, severity)));
    all.any(|(grade, severity)| !alternatives.iter().any(|one| one.lets_through(grade, severity)))
}

fn listed(ranks: u8, words: &[&str]) -> String {
    let words: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(rank, _)| ranks & 1 << rank != 0)
        .map(|it| *it.1)
        .collect();
    match words.as_slice() {
        [] => "impossible".to_owned(),
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        words => words.concat(),
    }
}
