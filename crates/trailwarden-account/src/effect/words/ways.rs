//! Ways in and ways on, in words.

use trailwarden_model::Severity;

use super::names::{graded, graded_or_unknown, people, plain};
use crate::effect::{Effect, Means, Moved, PathOpened, entrance};
use crate::techniques::{self, ADMINISTRATOR};

impl Effect {
    /// Whether a way leads further than what was gained by itself.
    pub(super) fn paths_are_graver(&self) -> bool {
        let worst: Option<Severity> = self.moved.iter().filter_map(Moved::severity).max();
        self.opened.iter().filter_map(PathOpened::severity).max() > worst
            && self.moved.iter().all(|moved| moved.severity() < Some(Severity::Critical))
    }

    pub(super) fn ways_in(&self) -> Vec<String> {
        let mut parts: Vec<String> =
            entrance::opened(&self.entries, &self.shut).into_iter().collect();
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

    /// Who may go where now, by what.
    pub(super) fn paths(&self) -> Option<String> {
        // A way into a role is told by who may enter it.
        let is_told = |path: &&PathOpened| {
            self.entries.iter().any(|entry| path.to_arn.as_ref() == Some(&entry.role_arn))
        };
        let ways: Vec<&PathOpened> = self.opened.iter().filter(|path| !is_told(path)).collect();
        let (is_certain, told) = ways_of(&ways)?;
        Some(if is_certain { format!("opens {told}") } else { format!("perhaps opens {told}") })
    }

    /// Who may go where no longer.
    pub(super) fn closes(&self) -> Option<String> {
        let ways: Vec<&PathOpened> = self.closed.iter().collect();
        let (is_certain, told) = ways_of(&ways)?;
        Some(if is_certain { format!("closes {told}") } else { format!("perhaps closes {told}") })
    }
}

/// All who have the same way as the first, and a second place by the same; whether it is certain.
fn ways_of(ways: &[&PathOpened]) -> Option<(bool, String)> {
    let first = ways.first()?;
    let is_alike = |path: &&&PathOpened| {
        path.technique == first.technique && path.is_certain == first.is_certain
    };
    let alike: Vec<&PathOpened> = ways.iter().filter(is_alike).copied().collect();
    let to_first = alike.iter().filter(|path| path.to == first.to);
    let mut from: Vec<String> = to_first.map(|path| plain(&path.from)).collect();
    from.sort();
    let mut places: Vec<String> = Vec::new();
    for path in &alike {
        let place = match path.to.starts_with(ADMINISTRATOR) {
            true => ADMINISTRATOR.to_owned(),
            false => format!("{}{}", plain(&path.to), graded_or_unknown(path.grade)),
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
    let ways = if from.len() * places.len() == 1 { "a way" } else { "ways" };
    let told = format!("{ways} for {} to {to}{}", people(from), by(&first.technique));
    Some((first.is_certain, told))
}

/// ` by iam:PassRole + lambda:CreateFunction`.
fn by(technique: &str) -> String {
    let actions = techniques::find(technique).map(|found| found.actions);
    match actions.filter(|actions| !actions.is_empty()) {
        Some(actions) => format!(" by {}", actions.join(" + ")),
        None => String::new(),
    }
}
