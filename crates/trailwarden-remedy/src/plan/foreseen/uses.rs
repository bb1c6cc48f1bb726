//! What is told of use: how often, when last, and what the logs cover.

use super::words::day;
use super::{LastUsed, Observed, Used};

pub(super) fn period(observed: &Observed) -> String {
    let Observed { first, last, days, is_complete } = observed;
    let days = if *days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let part = if *is_complete { "" } else { "; there were more calls than were counted" };
    format!(
        "Use is what the logs show from {} to {}, of {days}: rare work and calls that the trail does not record are not in it{part}",
        day(*first),
        day(*last)
    )
}

pub(super) fn called(one: &Used) -> String {
    let times = if one.calls == 1 { "once".to_owned() } else { format!("{} times", one.calls) };
    let by = one.by.as_ref().map(|by| format!(" (by {by})")).unwrap_or_default();
    let last = one.last.map(|last| format!(", last {}", day(last))).unwrap_or_default();
    format!("{}{by} {times}{last}", one.action)
}

pub(super) fn used(last: &LastUsed) -> String {
    match last {
        LastUsed::Unknown => "when it was last used is not known".to_owned(),
        LastUsed::Never => "never used, as far as AWS keeps it".to_owned(),
        LastUsed::At { time, service: None } => format!("last used {}", day(*time)),
        LastUsed::At { time, service: Some(service) } => {
            format!("last used {} for {service}", day(*time))
        }
    }
}

/// The same of a user or role, whose last use tells nothing of single permissions.
pub(super) fn used_at_all(last: &LastUsed) -> String {
    match last {
        LastUsed::Never => "never used for anything, by what AWS keeps".to_owned(),
        LastUsed::At { time, service: None } => format!("last used for anything {}", day(*time)),
        LastUsed::Unknown | LastUsed::At { .. } => used(last),
    }
}
