//! What a grant of nearly everything leaves out.

use super::{Held, NAMES_MAX, title};
use crate::facts::{ActionSet, Service, facts};

/// Such as `do everything but IAM, and not all of S3`.
pub(super) fn nearly_everything(full: &[Held], actions: &ActionSet) -> String {
    let is_missing = |service: &&Service| {
        let mut own = service.actions().iter();
        !full.iter().any(|held| std::ptr::eq(held.service, *service))
            && own.any(|action| !actions.contains(action.id()))
    };
    let is_whole = |service: &&Service| {
        let mut own = service.actions().iter();
        !own.any(|action| actions.contains(action.id()))
    };
    let missing = facts().services().iter().filter(is_missing);
    let (whole, partly): (Vec<&Service>, Vec<&Service>) = missing.partition(is_whole);
    let named = |services: &[&Service], shown: usize| -> String {
        let names: Vec<String> = services.iter().take(shown).map(|one| title(one)).collect();
        names.join(", ")
    };
    let count = whole.len() + partly.len();
    let how = if count > NAMES_MAX { "do nearly everything" } else { "do everything" };
    let rest = NAMES_MAX.saturating_sub(whole.len());
    let mut text = how.to_owned();
    if !whole.is_empty() {
        text.push_str(&format!(" but {}", named(&whole, NAMES_MAX)));
    }
    if !partly.is_empty() && rest > 0 {
        let joint = if whole.is_empty() { ", but" } else { ", and" };
        text.push_str(&format!("{joint} not all of {}", named(&partly, rest)));
    }
    match count.checked_sub(NAMES_MAX) {
        Some(more @ 1..) => format!("{text} and {more} more"),
        _ if count == 0 => "do nearly everything".to_owned(),
        _ => text,
    }
}
