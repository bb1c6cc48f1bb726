//! Containers that took in what stands behind them.
//!
//! Brackets are counted without their kinds, for speed. One damaged byte can open a bracket where one
//! was closed; the container then ends only at a bracket of what is around it, and every record up
//! to there would count as its content. Most such ends are of the other kind. A list can end as the
//! list around the records does, but then it holds the key that each record begins with. Nothing
//! forbids that key in sound content, so there the grammar decides.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::de::IgnoredAny;

/// A key of every record. Text inside a string cannot look like it: its quotes would be escaped.
static OF_A_RECORD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"eventVersion\""));

/// Whether a container that was found by counting brackets ends with its own bracket.
#[inline]
pub(super) fn is_own(container: &[u8]) -> bool {
    match container {
        [b'{', .., b'}'] => true,
        [b'[', .., b']'] => is_own_list(container),
        _ => false,
    }
}

fn is_own_list(list: &[u8]) -> bool {
    OF_A_RECORD.find(list).is_none() || serde_json::from_slice::<IgnoredAny>(list).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_ends_with_its_own_bracket() {
        for (container, own) in [
            (r#"{"a":[{"b":1}]}"#, true),
            (r#"{"a":[{"b":1[]]"#, false),
            (r#"[{"b":1}{{"b":1}}}"#, false),
            (r#"[{"b":1[],"c":2},{"eventVersion":"1.08"}]"#, false),
            (r#"[{"b":1},{"eventVersion":"1.08"}]"#, true),
            (r#"[{"userAgent":"\ud83d","eventVersion":"1.08"}]"#, true),
            (r#"["{\"eventVersion\":\"1.08\"}", not looked at]"#, true),
        ] {
            assert_eq!(is_own(container.as_bytes()), own, "{container}");
        }
    }
}
