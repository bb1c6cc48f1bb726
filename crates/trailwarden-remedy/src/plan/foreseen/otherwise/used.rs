//! What a preview says of use, held to what AWS and the logs say now.

use trailwarden_model::Timestamp;

use super::Last;
use crate::plan::foreseen::uses::{called, used};
use crate::plan::foreseen::words::{day, shortly};
use crate::plan::foreseen::{
    Affected, CALLS_MAX, Foreseen, LastUsed, Observed, ServiceUsed, Used, services,
};

/// So much later than was said something may have been used: whoever agreed knew that it is in use, and the
/// reports of AWS are some hours late.
const DAYS_MAX: i64 = 7;

impl Foreseen {
    /// What is known of the use of what is lost and `told` neither says nor denies, for whoever agrees to it.
    #[must_use]
    pub fn use_untold(&self, told: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for (one, said) in self.pairs(told) {
            let who = shortly(&one.arn);
            let untold =
                one.services.iter().filter(|it| !says(it, said) && !denies(it, said, told));
            let untold: Vec<String> = untold.map(services::last).collect();
            if !untold.is_empty() {
                lines.push(format!("by what AWS keeps, {who} last called {}", untold.join(", ")));
            }
            for it in one.used.iter().flatten() {
                if !claims(told, said) || falsehood(it, said, told).is_none() && !names(it, said) {
                    lines.push(format!("by the logs given here, {who} used {}", called(it)));
                }
            }
        }
        for Last { what, told, is } in self.lasts(told) {
            let is_new =
                matches!((told, is), (LastUsed::Unknown, LastUsed::At { .. } | LastUsed::Never));
            if is_new {
                lines.push(format!("AWS says of {what}: {}", used(is)));
            }
        }
        lines
    }

    /// Whether `told` says when something was last used, of which nobody tells now.
    #[must_use]
    pub fn takes_use_on_trust(&self, told: &Self) -> bool {
        let is_said = |last: &Last<'_>| {
            !matches!(last.told, LastUsed::Unknown) && matches!(last.is, LastUsed::Unknown)
        };
        let of_logs = |one: &Affected| one.used.is_some() && !one.lost.is_empty();
        self.lasts(told).iter().any(is_said)
            || self.observed.is_none() && told.principals.iter().any(of_logs)
    }

    /// All of which both say when it was last used.
    fn lasts<'a>(&'a self, told: &'a Self) -> Vec<Last<'a>> {
        let mut all = Vec::new();
        for (one, said) in self.pairs(told).filter(|(one, _)| !one.lost.is_empty()) {
            let what = shortly(&one.arn);
            all.push(Last { what, told: &said.last_used, is: &one.last_used });
        }
        for one in &self.credentials {
            let same = told.credentials.iter().filter(|it| {
                it.owner.eq_ignore_ascii_case(&one.owner)
                    && (&it.kind, &it.id) == (&one.kind, &one.id)
            });
            all.extend(same.map(|it| Last {
                what: format!("the {} of {}", one.kind, shortly(&one.owner)),
                told: &it.last_used,
                is: &one.last_used,
            }));
        }
        for one in &self.sessions {
            let same = told.sessions.iter().filter(|it| it.arn.eq_ignore_ascii_case(&one.arn));
            let what = || shortly(&one.arn);
            all.extend(same.map(|it| Last {
                what: what(),
                told: &it.last_used,
                is: &one.last_used,
            }));
        }
        for one in &self.doors {
            let same = told
                .doors
                .iter()
                .filter(|it| it.role.eq_ignore_ascii_case(&one.role) && it.who == one.who);
            let what = || shortly(&one.role);
            all.extend(same.map(|it| Last {
                what: what(),
                told: &it.last_used,
                is: &one.last_used,
            }));
        }
        all
    }
}

/// What is said of use and is not so.
pub(super) fn against(anew: &Foreseen, told: &Foreseen, lines: &mut Vec<String>) {
    lines.extend(told.principals.iter().filter_map(|one| unfounded(one, told.observed)));
    for Last { what, told, is } in anew.lasts(told) {
        if is_later(told, is) {
            let line = format!("the plan says of {what}: {}; AWS says: {}", used(told), used(is));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    for (one, said) in anew.pairs(told) {
        let who = shortly(&one.arn);
        for it in one.used.iter().flatten() {
            if let Some(words) = falsehood(it, said, told) {
                lines.push(format!(
                    "the plan says that {who} {words}; by the logs it used {}",
                    called(it)
                ));
            }
        }
        for it in one.services.iter().filter(|it| denies(it, said, told) && !says(it, said)) {
            let period = told.observed.map(days).unwrap_or_default();
            lines.push(format!(
                "the plan says that no use of what {who} loses was seen {period}; AWS says that it last called {}: make the plan again with a baseline that has what AWS keeps of use (`trailwarden baseline --last-access`)",
                services::last(it)
            ));
        }
    }
}

/// Words about calls that no logs bear out, and that could so be held to nothing: no preview of ours has them.
fn unfounded(said: &Affected, observed: Option<Observed>) -> Option<String> {
    let used = said.used.as_ref()?;
    let who = shortly(&said.arn);
    match observed {
        None => Some(format!("the plan says what {who} used, and not by which logs")),
        Some(observed) if used.is_empty() && !observed.is_complete => Some(format!(
            "the plan says that no use of what {who} loses was seen, by logs of which not all was counted"
        )),
        Some(_) if said.more_used > 0 && used.len() < CALLS_MAX => {
            Some(format!("the plan counts more that {who} used, and lists only {}", used.len()))
        }
        Some(_) => None,
    }
}

/// Whether something was used much later than is said.
fn is_later(told: &LastUsed, is: &LastUsed) -> bool {
    match (told, is) {
        (LastUsed::Never, LastUsed::At { .. }) => true,
        (LastUsed::At { time: told, .. }, LastUsed::At { time: is, .. }) => {
            is.day() > told.day() + DAYS_MAX
        }
        _ => false,
    }
}

/// Whether anything is said of what somebody called.
fn claims(told: &Foreseen, said: &Affected) -> bool {
    told.observed.is_some() && said.used.is_some()
}

fn same<'a>(it: &Used, said: &'a Affected) -> impl Iterator<Item = &'a Used> {
    let key = (it.action.clone(), it.by.clone());
    let all = said.used.iter().flatten();
    all.filter(move |other| (&other.action, &other.by) == (&key.0, &key.1))
}

fn names(it: &Used, said: &Affected) -> bool {
    same(it, said).next().is_some()
}

/// What is said of a call, where it is not so: only of the days that the plan's own logs cover.
fn falsehood(it: &Used, said: &Affected, told: &Foreseen) -> Option<String> {
    let observed = told.observed.filter(|_| claims(told, said))?;
    let is_within = |time: Option<Timestamp>| time.is_some_and(|time| covers(&observed, time));
    if !is_within(it.first) && !is_within(it.last) {
        return None;
    }
    let Some(known) = same(it, said).max_by_key(|known| known.calls) else {
        // A list that ends early counts the rest.
        return (said.more_used == 0).then(|| format!("did not use it {}", days(observed)));
    };
    if it.is_certain && !known.is_certain {
        return Some("may lose what it used, and it is certain".to_owned());
    }
    let is_whole = is_within(it.first) && is_within(it.last);
    (is_whole && known.calls < it.calls).then(|| format!("used {}", called(known)))
}

/// Whether the plan says that a service was used, at that time or about then.
fn says(it: &ServiceUsed, said: &Affected) -> bool {
    said.services.iter().any(|one| {
        one.service == it.service
            && it.last.day() <= one.last.day() + DAYS_MAX
            && (it.is_whole <= one.is_whole)
    })
}

/// Whether the plan says that nothing of a service was used at a time at which AWS says that it was. Where a part
/// of the service stays the call may have been of that.
fn denies(it: &ServiceUsed, said: &Affected, told: &Foreseen) -> bool {
    let Some(observed) = told.observed.filter(|_| claims(told, said)) else { return false };
    let of_it = |action: &str| action.split(':').next() == Some(it.service.as_str());
    let is_told = said
        .used
        .iter()
        .flatten()
        .any(|one| of_it(&one.action) || one.by.as_deref().is_some_and(of_it));
    let is_open = said.unrecorded.contains(&it.service) || said.unmapped > 0 || said.more_used > 0;
    it.is_whole && observed.is_complete && covers(&observed, it.last) && !is_told && !is_open
}

fn covers(observed: &Observed, time: Timestamp) -> bool {
    (observed.first..=observed.last).contains(&time)
}

fn days(observed: Observed) -> String {
    format!("from {} to {}", day(observed.first), day(observed.last))
}

#[cfg(test)]
mod tests;
