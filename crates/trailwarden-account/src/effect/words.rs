//! An effect in one short sentence: what was done, where the record's target does not say it, and
//! what came of it.

mod lines;
mod names;
mod ways;

use trailwarden_policy::reach::Grade;

use super::cause::WITHOUT;
use super::{Bearer, Cap, Effect, Moved, Verdict};
use lines::{instead, is_everything, lost, only_where, some};
pub(super) use names::{graded, graded_or_unknown, outside, people, plain};

/// How many parts a sentence has.
const PARTS_MAX: usize = 2;

impl Effect {
    /// One short sentence for a table's cell, with what was done where the target does not say it.
    /// Names are as strangers wrote them.
    #[must_use]
    pub fn sentence(&self) -> String {
        let said = self.consequence();
        let Some(cause) = self.cause.as_deref().filter(|_| !self.tells_the_cause()) else {
            return said;
        };
        if self.is_attempt {
            return said;
        }
        let between = match said.as_str() {
            WITHOUT => ", ",
            _ if self.is_said_quietly() || said.starts_with("unknown: ") => "; ",
            _ => ": ",
        };
        format!("{cause}{between}{said}")
    }

    /// The same without what was done: what came of it.
    #[must_use]
    pub fn consequence(&self) -> String {
        if let Some(why) = self.futile {
            return format!("it failed, and could not have worked: {why}");
        }
        let mut parts: Vec<String> = Vec::new();
        let paths = self.paths();
        let (ahead, behind) = if self.paths_are_graver() { (paths, None) } else { (None, paths) };
        parts.extend(ahead);
        parts.extend(self.gains());
        parts.extend(self.ways_in());
        parts.extend(behind);
        parts.extend(self.capped());
        parts.extend(
            self.later.iter().map(|later| format!("from {}: {}", later.at, later.sentence)),
        );
        parts.extend(self.released());
        let is_unknown = self.verdict() == Verdict::Unknown;
        if parts.is_empty() {
            parts.extend(self.losses());
        } else {
            parts.extend(self.losses_of_others());
        }
        if parts.is_empty() && !is_unknown {
            parts.extend(self.closes());
        }
        let has_doubt = self.is_open_ended || !self.unknowns.is_empty();
        if parts.is_empty() || is_unknown && has_doubt {
            parts.push(self.nothing());
        }
        parts.truncate(PARTS_MAX);
        let sentence = parts.join("; ");
        match self.is_attempt {
            true => format!("it failed; had it not: {sentence}"),
            false => sentence,
        }
    }

    /// Whether the sentence is about the bearer that the cause would name again.
    fn tells_the_cause(&self) -> bool {
        self.moved.iter().any(|moved| moved.is_deleted || moved.label.starts_with("version "))
    }

    fn is_said_quietly(&self) -> bool {
        self.is_renaming && self.verdict() == Verdict::Nothing
    }

    fn gains(&self) -> Option<String> {
        let first = self.moved.iter().find(|moved| moved.gain.is_some())?;
        let is_same = |other: &&Moved| {
            other.gain.is_some()
                && other.gained == first.gained
                && other.lost == first.lost
                && other.is_latent == first.is_latent
        };
        let same: Vec<&Moved> = self.moved.iter().filter(is_same).collect();
        let others = self.moved.iter().filter(|moved| moved.gain.is_some()).count() - same.len();
        let mut text = match first.is_latent {
            true => first.latent(),
            false => first.held(&same),
        };
        text.extend(self.guests_of(first));
        if others > 0 {
            let gain = if others == 1 { "gains" } else { "gain" };
            text.push_str(&format!("; {others} more {gain} something"));
        }
        text.extend(self.heirs(&same).map(|heirs| format!("; {heirs}")));
        if !self.behind.iter().any(|path| path.is_actor) {
            text.extend(first.through.iter().map(|how| format!("; {how}")));
        }
        Some(text)
    }

    /// Who else comes to what a role gained.
    fn guests_of(&self, role: &Moved) -> Option<String> {
        let guests = self.guests.iter().filter(|(id, _)| *id == role.id);
        let who: Vec<String> = guests.map(|(_, who)| who.clone()).collect();
        (!who.is_empty()).then(|| format!("; {} may enter it", people(who)))
    }

    fn capped(&self) -> Option<String> {
        let first =
            self.moved.iter().find(|moved| moved.gain.is_none() && !moved.capped.is_empty())?;
        let same = self.moved.iter().filter(|other| other.capped == first.capped);
        let name = |moved: &Moved| match (moved.bearer, moved.is_latent) {
            (Bearer::Policy, true) => format!("whoever gets {}", moved.plain_name()),
            _ => moved.plain_name(),
        };
        let who = people(same.map(name).collect());
        let caps: Vec<String> = first.capped.iter().map(Cap::in_words).collect();
        let (cuts, them) = if caps.len() == 1 { ("cuts", "it") } else { ("cut", "them") };
        let without = first.uncapped.map(|grade| format!("; without {them}: {grade}"));
        let without = without.unwrap_or_default();
        Some(format!("nothing for {who}: {} {cuts} it off{without}", caps.join(" and ")))
    }

    /// What is denied no more to somebody of whom nobody knows what else he is allowed.
    fn released(&self) -> Option<String> {
        let is_it = |moved: &&Moved| moved.verdict() == Verdict::Released;
        let first = self.moved.iter().find(is_it)?;
        let same = self.moved.iter().filter(is_it).filter(|other| other.gained == first.gained);
        let who = people(same.map(Moved::plain_name).collect());
        let what = some(&first.gained, "do more");
        Some(format!("{who} may now {what}, if a policy that was not seen allows it"))
    }

    /// Who else loses by what gives somebody more.
    fn losses_of_others(&self) -> Option<String> {
        let loses = |moved: &&Moved| moved.verdict() == Verdict::Narrower && !moved.is_deleted;
        self.moved.iter().any(|moved| moved.gain.is_some()).then_some(())?;
        Some(self.loss_like(self.moved.iter().find(loses)?))
    }

    fn losses(&self) -> Option<String> {
        if let Some(first) = self.moved.iter().find(|moved| moved.is_deleted) {
            return Some(format!("{} is gone", first.plain_name()));
        }
        if let Some(first) = self.moved.iter().find(|moved| !moved.lost.is_empty()) {
            return Some(self.loss_like(first));
        }
        if let Some(taken) = self.taken.first() {
            let (who, means) = (plain(&taken.label), taken.means.as_str());
            return Some(match taken.is_perhaps_off {
                true => format!("{who} has {means} less; it may have been off already"),
                false => format!("{who} has {means} less"),
            });
        }
        self.ways_out().or_else(|| self.machines_less())
    }

    fn loss_like(&self, first: &Moved) -> String {
        let is_same = |other: &&Moved| other.lost == first.lost && other.gain == first.gain;
        let who = people(self.moved.iter().filter(is_same).map(Moved::loser).collect());
        // What was not seen may give the same.
        let is_open = first.grade_after.is_none() && !first.is_certain;
        let doubt = if is_open { ", as far as is known" } else { "" };
        let mut text = match only_where(&first.lost, first.exceptions) {
            Some(left) => format!("{who} may now {left}{doubt}"),
            None => format!("{who} may no longer {}{doubt}", lost(&first.lost)),
        };
        let loses = |moved: &&Moved| {
            moved.gain.is_none() && !moved.lost.is_empty() && !moved.is_deleted && !is_same(moved)
        };
        match self.moved.iter().filter(loses).count() {
            0 => {}
            1 => text.push_str("; one more loses something"),
            more => text.push_str(&format!("; {more} more lose something")),
        }
        text
    }

    fn nothing(&self) -> String {
        match (self.verdict(), self.unknowns.first(), self.notes.first()) {
            (Verdict::Unknown, Some(unknown), _) => format!("unknown: {unknown}"),
            (Verdict::Unknown, None, _) => "unknown: the record does not say enough".to_owned(),
            (_, _, Some(note)) => note.clone(),
            _ => "nobody's permissions change".to_owned(),
        }
    }
}

impl Moved {
    /// The name without what nearly all have.
    fn plain_name(&self) -> String {
        match self.bearer {
            Bearer::PermissionSet if !self.is_latent => format!("whoever has {}", self.label),
            Bearer::PermissionSet | Bearer::Person => self.label.clone(),
            Bearer::Resources => format!("all callers, on {},", self.label),
            Bearer::Policy if !self.is_latent => format!("whoever holds {}", plain(&self.label)),
            _ => plain(&self.label),
        }
    }

    /// Whoever lost.
    fn loser(&self) -> String {
        let name = self.plain_name();
        match self.bearer {
            Bearer::Policy if self.is_latent => format!("whoever gets {name}"),
            Bearer::Group if self.is_latent => format!("whoever joins {name}"),
            Bearer::PermissionSet if self.is_unprovisioned => {
                format!("once {name} is provisioned again, whoever has it")
            }
            Bearer::PermissionSet if self.is_latent => format!("whoever is assigned {name}"),
            _ => name,
        }
    }

    /// Whoever gained, and that it is the one who did it where that is so.
    fn who(&self) -> String {
        match self.is_actor && self.through.is_none() {
            true => format!("{} (who did it)", self.plain_name()),
            false => self.plain_name(),
        }
    }

    /// What some gained who hold it.
    fn held(&self, same: &[&Self]) -> String {
        let who = people(same.iter().map(|moved| moved.who()).collect());
        let grades = self.grades();
        if self.is_administrator() {
            return match same.len() {
                1 => format!("{who} becomes administrator {grades}"),
                _ => format!("{who} become administrators {grades}"),
            };
        }
        let what = instead((&self.gained, &self.lost), self.exceptions);
        format!("{who} may now {what} {grades}")
    }

    /// What whoever comes to it will have.
    fn latent(&self) -> String {
        let name = self.plain_name();
        let (whoever, yet) = match self.bearer {
            Bearer::Group => (format!("whoever joins {name}"), "nobody is in it yet"),
            Bearer::PermissionSet if self.is_unprovisioned => {
                (format!("whoever has {name}"), "it is not provisioned yet")
            }
            Bearer::PermissionSet => (format!("whoever is assigned {name}"), "nobody is yet"),
            _ => match self.label.split_once(" of policy/") {
                Some((version, policy)) => {
                    let whoever = format!("with {version} in force, holders of policy {policy}");
                    (whoever, "it is not in force")
                }
                None => (format!("whoever gets {name}"), "nobody holds it yet"),
            },
        };
        let what = some(&self.gained, "do more");
        let grade = graded(self.gain.or(self.grade_after));
        format!("{whoever} may {what}{grade}; {yet}")
    }

    /// Whether it became administrator by what it gained, and not by way of something.
    fn is_administrator(&self) -> bool {
        self.gain == Some(Grade::Admin)
            && self.grade_after == Some(Grade::Admin)
            && !self.is_conditional
            && self.gained.first().is_some_and(|line| is_everything(line))
    }

    fn grades(&self) -> String {
        let word = |grade: Option<Grade>| grade.map_or("unknown", Grade::name);
        let (before, after) = (word(self.grade_before), word(self.grade_after));
        match before == after {
            true => format!("({after})"),
            false => format!("({before} -> {after})"),
        }
    }
}

impl Cap {
    /// In words, by name.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Boundary(name) => format!("boundary {name}"),
            Self::Scp(names) if names.is_empty() => "a service control policy".to_owned(),
            Self::Scp(names) => format!("service control policy {names}"),
        }
    }
}
