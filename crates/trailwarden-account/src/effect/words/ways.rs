//! Ways in and ways on, in words.

use std::collections::BTreeSet;

use trailwarden_model::{Arn, Severity};
use trailwarden_policy::reach::Grade;

use super::names::{graded, graded_or_unknown, outside, people, plain};
use crate::effect::{Effect, Entrance, Means, Moved, PathOpened, entrance};
use crate::identity::Id;
use crate::techniques::{self, ADMINISTRATOR};
use crate::trust::is_by_the_door;

impl Effect {
    /// Whether a way leads further than what was gained by itself.
    pub(super) fn paths_are_graver(&self) -> bool {
        let worst: Option<Severity> = self.moved.iter().filter_map(Moved::severity).max();
        self.opened.iter().filter_map(PathOpened::severity).max() > worst
            && self.moved.iter().all(|moved| moved.severity() < Some(Severity::Critical))
    }

    pub(super) fn ways_in(&self) -> Vec<String> {
        let entered = self.vouched().or_else(|| entrance::opened(&self.entries, &self.shut));
        let entered = entered.map(|told| match self.gone() {
            Some(gone) => format!("{told}; {gone}"),
            None => told,
        });
        let mut parts: Vec<String> = entered.into_iter().collect();
        if let Some(given) = self.credentials.first() {
            let of = match given.is_way_in() {
                true => graded_or_unknown(given.grade),
                false => String::new(),
            };
            let (means, label) = (given.means.as_str(), plain(&given.label));
            parts.push(match given.means {
                Means::Password => format!("{label} has a new password{of}"),
                _ if given.is_perhaps_old => {
                    format!("{means} of {label}{of} is switched on; it may have been on already")
                }
                _ => format!("{label} has {means} more{of}"),
            });
        }
        if let Some(carrier) = self.carriers.first()
            && let Some(role) = carrier.after.as_deref().map(plain)
        {
            let of = graded(carrier.grade_after);
            parts.push(format!("machines with profile {} act as {role}{of}", carrier.profile));
        }
        parts
    }

    /// Whoever a provider vouches for by what is new of it.
    fn vouched(&self) -> Option<String> {
        let who = self.vouching.as_deref()?;
        let worst = self.entries.iter().max_by_key(|entry| (entry.severity(), entry.grade))?;
        let others = self.entries.iter().filter(|entry| entry.role != worst.role);
        let others: BTreeSet<&Id> = others.map(|entry| &entry.role).collect();
        let role = format!("{}{}", plain(&worst.label), graded_or_unknown(worst.grade));
        Some(match others.len() {
            0 => format!("{who} may now enter {role}"),
            1 => format!("{who} may now enter {role} and one more role"),
            more => format!("{who} may now enter {role} and {more} more roles"),
        })
    }

    /// Who may no longer enter a role at all. That a service may not is no news beside somebody who may.
    fn gone(&self) -> Option<String> {
        let is_left = |one: &&Entrance| {
            let is_here = |entry: &Entrance| entry.who == one.who && entry.role == one.role;
            !one.instead_of.is_empty() || !one.is_gain() || self.entries.iter().any(is_here)
        };
        let gone: Vec<&Entrance> = self.shut.iter().filter(|one| !is_left(one)).collect();
        entrance::shut(&gone, Vec::new())
    }

    /// Who may no longer enter a role, and who that is no gain for enters in their place.
    pub(super) fn ways_out(&self) -> Option<String> {
        let shut: Vec<&Entrance> = self.shut.iter().collect();
        let came = self.entries.iter().filter(|entry| !entry.is_gain());
        entrance::shut(&shut, came.map(Entrance::plain_name).collect())
    }

    /// Who else comes to what was gained, because he may act as whoever gained it already.
    pub(super) fn heirs(&self, gained: &[&Moved]) -> Option<String> {
        let (sure, perhaps): (Vec<&PathOpened>, _) =
            self.behind.iter().filter(|path| !is_guest(path)).partition(|path| path.is_certain);
        let of_them = if gained.len() == 1 { "it" } else { "one of them" };
        let named =
            |paths: &[&PathOpened]| some_of(paths.iter().map(|path| self.heir(path)).collect());
        match (sure.as_slice(), perhaps.as_slice()) {
            ([], []) => None,
            (sure, []) => Some(format!("{} may act as {of_them}", named(sure))),
            ([], perhaps) => Some(format!("perhaps {} may act as {of_them}", named(perhaps))),
            (sure, perhaps) => {
                let more = perhaps.len();
                Some(format!("{} may act as {of_them}, perhaps {more} more", named(sure)))
            }
        }
    }

    /// A name of somebody, with his account where it is another one.
    fn name_of(&self, label: &str, arn: Option<&str>) -> String {
        let account = arn.and_then(Arn::parse).and_then(|arn| arn.account_id());
        let is_ours = account.is_none_or(|account| account == self.account);
        let name = arn.filter(|_| !is_ours).and_then(outside);
        name.unwrap_or_else(|| plain(label))
    }

    /// Whoever may act as another, and that it is the one who did it where that is so.
    fn heir(&self, path: &PathOpened) -> String {
        let name = self.name_of(&path.from, path.from_arn.as_deref());
        match path.is_actor {
            true => format!("{name} (who did it)"),
            false => name,
        }
    }

    /// Machines that act as a role no longer.
    pub(super) fn machines_less(&self) -> Option<String> {
        let carrier = self.carriers.iter().find(|carrier| carrier.is_loss())?;
        let role = carrier.before.as_deref().map(plain)?;
        let of = graded(carrier.grade_before);
        Some(format!("machines with profile {} no longer act as {role}{of}", carrier.profile))
    }

    /// Who may go where now, by what.
    pub(super) fn paths(&self) -> Option<String> {
        // A way into a role is told by who may enter it, and to whoever became administrator no way
        // leads any further.
        let is_told = |path: &&PathOpened| {
            let is_top = |moved: &Moved| moved.gain == Some(Grade::Admin) && !moved.is_latent;
            let is_from = |moved: &Moved| moved.id == path.from_id && is_top(moved);
            let is_into = |entry: &Entrance| path.to_arn.as_ref() == Some(&entry.role_arn);
            is_by_the_door(&path.technique) && self.entries.iter().any(is_into)
                || self.moved.iter().any(is_from)
        };
        let ways: Vec<&PathOpened> = self.opened.iter().filter(|path| !is_told(path)).collect();
        let (is_certain, told) = self.ways_of(&ways)?;
        let perhaps = if is_certain { "" } else { "perhaps " };
        Some(format!("{perhaps}opens {told}{}", and_more(self.more_opened)))
    }

    /// Who may go where no longer.
    pub(super) fn closes(&self) -> Option<String> {
        let ways: Vec<&PathOpened> = self.closed.iter().collect();
        let (is_certain, told) = self.ways_of(&ways)?;
        let perhaps = if is_certain { "" } else { "perhaps " };
        Some(format!("{perhaps}closes {told}{}", and_more(self.more_closed)))
    }

    /// All who have the same way as the first, and a second place by the same; whether it is certain.
    fn ways_of(&self, ways: &[&PathOpened]) -> Option<(bool, String)> {
        let first = ways.first()?;
        let is_alike = |path: &&&PathOpened| {
            path.technique == first.technique && path.is_certain == first.is_certain
        };
        let alike: Vec<&PathOpened> = ways.iter().filter(is_alike).copied().collect();
        let to_first = alike.iter().filter(|path| path.to == first.to);
        let mut from: Vec<String> =
            to_first.map(|path| self.name_of(&path.from, path.from_arn.as_deref())).collect();
        from.sort();
        let own = self.account.to_string();
        let mut places: Vec<String> = Vec::new();
        for path in &alike {
            let place = match path.to.starts_with(ADMINISTRATOR) {
                true if path.to.ends_with(&own) => ADMINISTRATOR.to_owned(),
                true => plain(&path.to),
                false => {
                    let name = self.name_of(&path.to, path.to_arn.as_deref());
                    format!("{name}{}", graded_or_unknown(path.grade))
                }
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
}

/// How many more there are than are listed.
fn and_more(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", and one more way".to_owned(),
        many => format!(", and {many} more ways"),
    }
}

/// ` by iam:PassRole + lambda:CreateFunction`.
fn by(technique: &str) -> String {
    let actions = techniques::find(technique).map(|found| found.actions);
    match actions.filter(|actions| !actions.is_empty()) {
        Some(actions) => format!(" by {}", actions.join(" + ")),
        // A call that has no row of its own.
        None if technique.contains(':') => format!(" by {technique}"),
        None => String::new(),
    }
}

/// Whether whoever goes this way is no principal of any model: he is told as a guest.
fn is_guest(path: &PathOpened) -> bool {
    path.from_id.as_str() == path.from
}

/// The first names, and how many more there are.
fn some_of(mut names: Vec<String>) -> String {
    const NAMED_MAX: usize = 3;
    let more = names.len().saturating_sub(NAMED_MAX);
    names.truncate(NAMED_MAX);
    match (more, names.pop()) {
        (0, Some(last)) if names.is_empty() => last,
        (0, Some(last)) => format!("{} and {last}", names.join(", ")),
        (_, last) => {
            names.extend(last);
            format!("{} and {more} more", names.join(", "))
        }
    }
}
