//! Ways in and ways on, in words.

use trailwarden_model::Severity;

use super::names::{graded, graded_or_unknown, people, plain};
use crate::effect::{Effect, Entrance, Means, Moved, PathOpened};
use crate::techniques::{self, ADMINISTRATOR};

impl Effect {
    /// Whether a way leads further than what was gained by itself.
    pub(super) fn paths_are_graver(&self) -> bool {
        let worst: Option<Severity> = self.moved.iter().filter_map(Moved::severity).max();
        self.opened.iter().filter_map(PathOpened::severity).max() > worst
            && self.moved.iter().all(|moved| moved.severity() < Some(Severity::Critical))
    }

    pub(super) fn ways_in(&self) -> Vec<String> {
        let mut parts = Vec::new();
        let first = self.entries.iter().max_by_key(|one| (one.severity(), one.is_gain()));
        if let Some(entry) = first {
            let is_same =
                |other: &&Entrance| other.role == entry.role && other.is_gain() == entry.is_gain();
            let same = self.entries.iter().filter(is_same);
            let who = people(same.map(Entrance::plain_name).collect());
            let of = match entry.is_gain() {
                true => graded_or_unknown(entry.grade),
                false => graded(entry.grade),
            };
            parts.push(format!("{who} may now enter {}{of}", plain(&entry.label)));
        }
        if let Some(given) = self.credentials.first() {
            let of = match given.is_way_in() {
                true => graded_or_unknown(given.grade),
                false => String::new(),
            };
            let (means, label) = (given.means.as_str(), plain(&given.label));
            parts.push(match given.means {
                Means::Password => format!("{label} has a new password{of}"),
                _ => format!("{label} has {means} more{of}"),
            });
        }
        if let Some(carrier) = self.carriers.first() {
            let role = carrier.after.as_deref().map_or("no role".to_owned(), plain);
            let of = graded(carrier.grade_after);
            parts.push(format!("machines with profile {} act as {role}{of}", carrier.profile));
        }
        parts
    }

    /// Who may go where now, by what: all who have the same way, and a second place by the same.
    pub(super) fn paths(&self) -> Option<String> {
        // A way into a role is told by who may enter it.
        let is_told = |path: &&PathOpened| {
            self.entries.iter().any(|entry| path.to_arn.as_ref() == Some(&entry.role_arn))
        };
        let first = self.opened.iter().find(|path| !is_told(path))?;
        let is_alike = |path: &&PathOpened| {
            path.technique == first.technique
                && path.is_certain == first.is_certain
                && !is_told(path)
        };
        let alike: Vec<&PathOpened> = self.opened.iter().filter(is_alike).collect();
        let to_first = alike.iter().filter(|path| path.to == first.to);
        let mut from: Vec<String> = to_first.map(|path| plain(&path.from)).collect();
        from.sort();
        let mut places: Vec<String> = Vec::new();
        for path in &alike {
            let place = match path.to.starts_with(ADMINISTRATOR) {
                true => ADMINISTRATOR.to_owned(),
                false => format!("{}{}", plain(&path.to), graded(Some(path.grade))),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let to = match places.as_slice() {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [one, rest @ ..] => format!("{one} and {} others", rest.len()),
            [] => return None,
        };
        let opens = match (from.len() * places.len(), first.is_certain) {
            (1, true) => "opens a way",
            (_, true) => "opens ways",
            (1, false) => "perhaps opens a way",
            (_, false) => "perhaps opens ways",
        };
        Some(format!("{opens} for {} to {to}{}", people(from), by(&first.technique)))
    }
}

/// ` by iam:PassRole + lambda:CreateFunction`.
fn by(technique: &str) -> String {
    let actions = techniques::find(technique).map(|found| found.actions);
    match actions.filter(|actions| !actions.is_empty()) {
        Some(actions) => format!(" by {}", actions.join(" + ")),
        None => String::new(),
    }
}
