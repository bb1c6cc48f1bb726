//! What a pair of policies gives and takes.
//!
//! A policy that only limits is compared by what it lets through; where there is none, nothing is
//! limited. An SCP or RCP without any Allow stands beside one of AWS's that allows everything, so
//! that is added. And a Deny reaches beyond its own document: what it no longer withholds is shown
//! even where this document allows nothing.

use trailwarden_policy::PolicyKind;
use trailwarden_policy::document::{Document, Effect, Statement};
use trailwarden_policy::reach::{
    Escalation, Grade, Grading, Grant, Precision, Reach, compare, grade,
};

use super::pairs::Pair;
use super::subject::Subject;

/// A pair that was compared.
pub(super) struct Judged {
    pub(super) name: String,
    /// `None` when it is not known.
    pub(super) kind: Option<PolicyKind>,
    pub(super) status: Status,
    /// By principal; one without a name where policies name none.
    pub(super) parts: Vec<Part>,
}

/// What became of a policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    Unchanged,
    Changed,
    Added,
    Removed,
    /// It could not be read on one side at least.
    NotKnown,
}

/// What one principal gains and loses.
pub(super) struct Part {
    pub(super) principal: Option<String>,
    /// Whether it is whoever is not named; a policy may name somebody `everyone` too.
    is_everyone: bool,
    /// Whether policies of this kind have grades.
    pub(super) is_graded: bool,
    /// `None` where it is too complex to work out.
    pub(super) before: Option<Grading>,
    pub(super) after: Option<Grading>,
    pub(super) gained: Vec<Grant>,
    pub(super) lost: Vec<Grant>,
    /// Gained once AWS adds actions that a pattern covers.
    pub(super) gained_in_future: Vec<Grant>,
    pub(super) lost_in_future: Vec<Grant>,
    /// No longer denied, and allowed wherever another policy allows it.
    pub(super) released: Reach,
    /// Denied from now on, whatever another policy allows.
    pub(super) withheld: Reach,
    pub(super) precision: Precision,
}

impl Judged {
    /// Compares a pair.
    pub(super) fn of(pair: Pair, asked: Option<PolicyKind>) -> Self {
        let kind = pair.kind(asked);
        let name = pair.label();
        let status = match (&pair.old, &pair.new) {
            (Some(_), None) => Status::Removed,
            (None, _) => Status::Added,
            (Some(_), Some(_)) => Status::Changed,
        };
        let old = pair.old.map(|policy| policy.document);
        let new = pair.new.map(|policy| policy.document);
        let documents: Vec<&Document> = old.iter().chain(&new).collect();
        let subjects = match kind.names_principals() {
            true => Subject::all(&documents),
            false => vec![Subject::Holder],
        };
        let mut parts: Vec<Part> = Vec::new();
        for subject in &subjects {
            // What everyone gains or loses need not be said of each who is named.
            let said = parts.iter().find(|other| other.is_everyone);
            let part = Part::of(subject, kind, (old.as_ref(), new.as_ref()), said);
            let is_doubtful = part.precision == Precision::Unknown;
            let is_news = (is_doubtful || !part.is_empty())
                && !said.is_some_and(|said| said.says_same(&part));
            if is_news || subjects.len() == 1 {
                parts.push(part);
            }
        }
        let is_same = status == Status::Changed
            && parts.iter().all(|part| part.is_empty() && part.precision != Precision::Unknown);
        let status = if is_same { Status::Unchanged } else { status };
        Self { name, kind: Some(kind), status, parts }
    }

    /// A policy of which nothing can be said.
    pub(super) fn not_known(name: String) -> Self {
        Self { name, kind: None, status: Status::NotKnown, parts: Vec::new() }
    }

    /// Whether it may give or take more than is said.
    pub(super) fn is_doubtful(&self) -> bool {
        self.parts.iter().any(|part| part.precision == Precision::Unknown)
    }

    /// Whether anything is gained, today or with actions to come.
    pub(super) fn gains(&self) -> bool {
        self.parts.iter().any(|part| {
            !part.gained.is_empty()
                || !part.gained_in_future.is_empty()
                || !part.released.is_nothing()
        })
    }
}

impl Part {
    fn of(
        subject: &Subject,
        kind: PolicyKind,
        (old, new): (Option<&Document>, Option<&Document>),
        said: Option<&Part>,
    ) -> Self {
        let (before, after) = (Side::of(subject, kind, old), Side::of(subject, kind, new));
        let change = compare(&before.reach, &after.reach);
        let mut precision = change.gained_precision.max(change.lost_precision);
        if is_the_same(old, new) {
            precision = Precision::Exact;
        }
        let (mut released, mut withheld) = (Reach::nothing(), Reach::nothing());
        if before.undenied != after.undenied {
            released = after.undenied.subtract(&before.undenied).subtract(&after.reach);
            withheld = before.undenied.subtract(&after.undenied).subtract(&before.reach);
            if let Some(said) = said {
                released = released.subtract(&said.released);
                withheld = withheld.subtract(&said.withheld);
            }
            precision = precision.max(released.precision()).max(withheld.precision());
        }
        // Whom a role lets in says nothing of what the role may do.
        let is_graded = kind != PolicyKind::Trust;
        let graded = |side: &Side| {
            let is_known = is_graded && !side.reach.is_too_complex();
            is_known.then(|| grade(side.reach.grants()))
        };
        Self {
            principal: subject.name(),
            is_everyone: matches!(subject, Subject::Everyone),
            is_graded,
            before: graded(&before),
            after: graded(&after),
            gained: change.gained,
            lost: change.lost,
            gained_in_future: change.gained_in_future,
            lost_in_future: change.lost_in_future,
            released,
            withheld,
            precision,
        }
    }

    fn lists(&self) -> [&[Grant]; 6] {
        [
            &self.gained,
            &self.lost,
            &self.gained_in_future,
            &self.lost_in_future,
            self.released.grants(),
            self.withheld.grants(),
        ]
    }

    /// Whether nothing is gained and nothing lost.
    pub(super) fn is_empty(&self) -> bool {
        self.lists().iter().all(|list| list.is_empty())
    }

    fn says_same(&self, other: &Self) -> bool {
        self.lists() == other.lists()
    }

    /// Ways to more permissions that were not there before.
    pub(super) fn opened(&self) -> Vec<&'static Escalation> {
        let (Some(before), Some(after)) = (&self.before, &self.after) else {
            return Vec::new();
        };
        // An administrator needs no way.
        if before.grade == Grade::Admin {
            return Vec::new();
        }
        let known = |way: &&Escalation| before.escalations.iter().any(|old| old.id == way.id);
        after.escalations.iter().copied().filter(|way| !known(way)).collect()
    }
}

/// Whether two documents say the same, however complex it is.
fn is_the_same(old: Option<&Document>, new: Option<&Document>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return false };
    let is_whole = old.problems.is_empty() && new.problems.is_empty();
    is_whole && old.version == new.version && old.statements == new.statements
}

/// What a policy allows, and all that it does not deny.
struct Side {
    reach: Reach,
    undenied: Reach,
}

impl Side {
    fn of(subject: &Subject, kind: PolicyKind, document: Option<&Document>) -> Self {
        let empty = Document::default();
        let mut own = Document {
            version: document.and_then(|document| document.version.clone()),
            statements: document.map_or_else(Vec::new, |document| subject.part_of(document)),
            problems: document.unwrap_or(&empty).problems.clone(),
            ..Document::default()
        };
        let undenied = {
            let denies = own.statements.iter().filter(|one| one.effect == Effect::Deny);
            let statements = denies.cloned().chain([Statement::allowing_everything()]).collect();
            Reach::of([&Document { statements, ..own.clone() }])
        };
        let allows = own.statements.iter().any(|one| one.effect == Effect::Allow);
        let is_completed = match kind {
            // The only Allow that AWS takes in an RCP of a customer is none.
            PolicyKind::Rcp => true,
            PolicyKind::Scp => !allows,
            PolicyKind::Boundary | PolicyKind::Session | PolicyKind::Endpoint => document.is_none(),
            PolicyKind::Identity | PolicyKind::Resource | PolicyKind::Trust => false,
        };
        if is_completed {
            own.statements.push(Statement::allowing_everything());
        }
        Self { reach: Reach::of([&own]), undenied }
    }
}
