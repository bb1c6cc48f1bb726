//! How grave an effect is.
//!
//! | change | severity |
//! |---|---|
//! | the actor gains privesc or admin himself | critical |
//! | others gain admin, privesc | critical, high |
//! | a grant wholly capped | at most medium |
//! | writing gained: output of one's own, scoped, on everything | none, low, medium |
//! | credentials, trust or data of others | at least medium |
//! | any of these, and nobody holds it yet, or from a later time on | one lower |
//! | reading gained, or only narrowed | none |
//! | a Deny, boundary or condition removed | by what was released |
//! | the same, and nobody knows what it held back | at most medium |
//! | a way to an administrator opened: certain, conditional | as admin, privesc |
//! | strangers let into a role of unknown permissions | at least medium |
//! | a credential of another administrator, or of whom nobody knows | at least medium |
//! | the same attempted in vain | two lower, at least low |

mod width;

use trailwarden_model::{Confidence, Severity};
use trailwarden_policy::reach::Grade;

use super::{Bearer, Effect, Moved, Verdict, Width};

pub(super) use width::{width, width_but};

impl Effect {
    /// Harm, by what was gained; none when that is no finding.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        let worst = self
            .moved
            .iter()
            .filter_map(Moved::severity)
            .chain(self.entries.iter().filter_map(super::Entrance::severity))
            .chain(self.credentials.iter().filter_map(super::CredentialGiven::severity))
            .chain(self.carriers.iter().filter_map(super::Carrier::severity))
            .chain(self.ways().filter_map(super::PathOpened::severity))
            .chain(self.later.iter().filter_map(|later| one_lower(later.severity?)))
            .max()?;
        Some(if self.is_attempt { worst.attempted() } else { worst })
    }

    /// How likely it is that this is so. What is unknown makes it less, never what was seen.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        let grave = self.severity();
        let mut moved = self.moved.iter().filter(|moved| moved.severity() == grave);
        let is_certain = !self.is_open_ended
            && moved.all(|moved| moved.is_certain && moved.through.is_none())
            && self.entries.iter().all(|entry| entry.is_certain)
            && self.credentials.iter().all(super::CredentialGiven::is_certain)
            && !self.hangs_on_doubtful_paths(grave);
        if is_certain { Confidence::High } else { Confidence::Medium }
    }

    /// Whether nothing but ways that may not be there makes it as grave.
    fn hangs_on_doubtful_paths(&self, grave: Option<Severity>) -> bool {
        let is_as_grave = |path: &&super::PathOpened| path.severity() == grave;
        let paths: Vec<_> = self.ways().filter(is_as_grave).collect();
        let has_other = self.moved.iter().any(|moved| moved.severity() == grave);
        !has_other && !paths.is_empty() && !paths.iter().any(|path| path.is_certain)
    }

    /// What it comes to, in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let moved = self.moved.iter().map(Moved::verdict);
        let mut all: Vec<Verdict> = moved.collect();
        // A service that comes in as others go out is told by those who go.
        let (perhaps, gains): (Vec<&super::Entrance>, Vec<_>) =
            self.entries.iter().filter(|entry| entry.is_gain()).partition(|one| one.is_perhaps_old);
        if !perhaps.is_empty() {
            all.push(Verdict::Unknown);
        }
        let is_way = !gains.is_empty()
            || (self.shut.is_empty() && self.entries.iter().any(|entry| !entry.has_already))
            || self.credentials.iter().any(super::CredentialGiven::is_way_in)
            || self.carriers.iter().any(super::Carrier::is_gain);
        if is_way {
            all.push(Verdict::Entry);
        }
        if self.opened.iter().any(|path| path.grade >= Some(Grade::Privesc)) {
            all.push(Verdict::Escalates);
        } else if !self.opened.is_empty() {
            all.push(Verdict::Entry);
        }
        let is_less = !self.shut.is_empty()
            || !self.closed.is_empty()
            || !self.taken.is_empty()
            || self.carriers.iter().any(super::Carrier::is_loss);
        if is_less {
            all.push(Verdict::Narrower);
        }
        if self.later.is_some() {
            all.push(Verdict::Latent);
        }
        if self.is_open_ended {
            all.push(Verdict::Unknown);
        }
        let is_quiet = self.unknowns.is_empty() || self.is_quiet_as_far_as_known;
        all.into_iter().max().unwrap_or(match is_quiet {
            true => Verdict::Nothing,
            false => Verdict::Unknown,
        })
    }
}

impl Moved {
    pub(super) fn verdict(&self) -> Verdict {
        match self.gain {
            Some(Grade::Write | Grade::Privesc | Grade::Admin) if self.is_latent => Verdict::Latent,
            Some(Grade::Privesc | Grade::Admin) => Verdict::Escalates,
            Some(Grade::Write) => Verdict::Writes,
            Some(Grade::Read | Grade::Data | Grade::None) => Verdict::Reads,
            None if !self.capped.is_empty() => Verdict::Capped,
            None if !self.gained.is_empty() => Verdict::Released,
            None if !self.lost.is_empty() || self.is_deleted => Verdict::Narrower,
            None => Verdict::Unknown,
        }
    }
}

impl super::PathOpened {
    /// The severity: administrator by a certain way is administrator; by one that depends on something,
    /// it is a way to get there.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        of_way(self.grade, self.is_certain, self.is_actor)
    }
}

/// The severity of a way that leads so far.
pub(super) fn of_way(far: Option<Grade>, is_certain: bool, is_actor: bool) -> Option<Severity> {
    let far = far?;
    let grade = if is_certain { far } else { far.min(Grade::Privesc) };
    of_gain(grade, is_actor, Width::Wide).filter(|_| grade >= Grade::Privesc)
}

pub(super) fn of_moved(moved: &Moved) -> Option<Severity> {
    let Some(gain) = moved.gain else {
        // Nothing is left of it; yet whoever lifts the cap releases it. Or it is released, and
        // whether anything allows it was not seen.
        let is_grave = moved.uncapped.is_some_and(|grade| grade >= Grade::Privesc);
        let severity = if moved.is_latent { Severity::Low } else { Severity::Medium };
        return is_grave.then_some(severity);
    };
    let severity = of_gain(gain, moved.is_actor, moved.width)?;
    if moved.is_latent { one_lower(severity) } else { Some(severity) }
}

/// The severity of a gain.
#[must_use]
pub fn of_gain(gain: Grade, is_self: bool, width: Width) -> Option<Severity> {
    match gain {
        Grade::None | Grade::Read | Grade::Data => None,
        Grade::Write if width == Width::Own => None,
        Grade::Write if width == Width::Scoped => Some(Severity::Low),
        Grade::Write => Some(Severity::Medium),
        Grade::Privesc if !is_self => Some(Severity::High),
        Grade::Privesc | Grade::Admin => Some(Severity::Critical),
    }
}

/// The severity of a credential of somebody else that gives whoever made it nothing for certain: the
/// least of what the credentials of others have.
pub(super) fn of_another(grade: Option<Grade>) -> Option<Severity> {
    grade.is_none_or(|grade| grade == Grade::Admin).then_some(Severity::Medium)
}

fn one_lower(severity: Severity) -> Option<Severity> {
    match severity {
        Severity::Critical => Some(Severity::High),
        Severity::High => Some(Severity::Medium),
        Severity::Medium => Some(Severity::Low),
        Severity::Low | Severity::Info => None,
    }
}

impl Bearer {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Role => "role",
            Self::Root => "root",
            Self::Group => "group",
            Self::Policy => "policy",
            Self::PermissionSet => "permission set",
            Self::Person => "person of Identity Center",
            Self::Resources => "resources",
        }
    }
}

impl Verdict {
    /// The word used in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Narrower => "narrower",
            Self::Reads => "reads",
            Self::Unknown => "unknown",
            Self::Released => "released",
            Self::Capped => "capped",
            Self::Writes => "writes",
            Self::Latent => "latent",
            Self::Entry => "entry",
            Self::Escalates => "escalates",
        }
    }
}
