//! Tags of targets and callers, whose the target is, and the time, as conditions ask for them.

use trailwarden_policy::evaluate::{Context, Request};

use super::{On, Source};
use crate::access::{is_time, request_key};

impl Source {
    /// The context with what is known of one more key of a request.
    pub(super) fn tell(
        &self,
        key: &str,
        on: On<'_>,
        request: &Request<'_>,
        context: Context,
    ) -> Context {
        let key = key.to_ascii_lowercase();
        if key.starts_with("aws:principaltag/") || is_time(&key) {
            let principal = &self.standing.principal;
            return principal.tell_at(&key, context, on.now.or(principal.now));
        }
        match request_key(&key, request).map(Some).or_else(|| target_tag(&key, on)) {
            Some(Some(value)) => context.with(&key, &value),
            Some(None) => context.without(&key),
            None => context,
        }
    }
}

/// The value of a tag of the target: absent, or not known.
fn target_tag(key: &str, on: On<'_>) -> Option<Option<String>> {
    let tag =
        key.strip_prefix("aws:resourcetag/").or_else(|| key.strip_prefix("iam:resourcetag/"))?;
    let tags = on.tags?;
    match tags.iter().find(|(name, _)| name.eq_ignore_ascii_case(tag)) {
        Some((_, value)) => value.value().map(|value| Some(value.to_string())),
        None => tags.is_complete().then_some(None),
    }
}
