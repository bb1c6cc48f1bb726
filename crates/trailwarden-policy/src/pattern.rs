//! The wildcards of the policy language: `*` is any run of characters, `?` is exactly one.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" and "... Action" (wildcards).

/// Whether an action pattern covers an action; case does not count in actions.
pub fn action_matches(pattern: &str, action: &str) -> bool {
    // Text outside ASCII cannot match an action name, so bytes are enough.
    let (pattern, text) = (pattern.as_bytes(), action.as_bytes());
    let (mut at_pattern, mut at_text) = (0, 0);
    // Where to resume when the part after the last `*` does not fit here.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(at_text) {
        match pattern.get(at_pattern) {
            Some(b'*') => {
                retry = Some((at_pattern + 1, at_text));
                at_pattern += 1;
            }
            Some(p) if *p == b'?' || p.eq_ignore_ascii_case(byte) => {
                at_pattern += 1;
                at_text += 1;
            }
            _ => match retry {
                Some((after_star, from)) => {
                    retry = Some((after_star, from + 1));
                    at_pattern = after_star;
                    at_text = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at_pattern).all(|p| *p == b'*')
}

/// Whether a pattern is nothing but `*` and `?` with at least one `*`: it fits any real value.
pub fn is_match_all(pattern: &str) -> bool {
    pattern.contains('*') && pattern.bytes().all(|b| matches!(b, b'*' | b'?'))
}

/// Whether an action pattern covers every action of every service: `*`, `*:*`, `**`, `?*:*`.
pub fn is_every_action(pattern: &str) -> bool {
    match pattern.split_once(':') {
        // Two `?` could miss nothing real today, but `???*` would; the longer ones are odd enough
        // to be left to the permission model.
        Some((service, name)) => fits_any_name(service) && fits_any_name(name),
        None => fits_any_name(pattern),
    }
}

fn fits_any_name(pattern: &str) -> bool {
    is_match_all(pattern) && pattern.bytes().filter(|b| *b == b'?').count() <= 1
}

/// The text before the first wildcard or policy variable, and whether there was one.
pub(crate) fn literal_prefix(value: &str) -> (&str, bool) {
    let end = value
        .char_indices()
        .find(|(at, c)| {
            matches!(c, '*' | '?') || value.get(*at..).is_some_and(|rest| rest.starts_with("${"))
        })
        .map(|(at, _)| at);
    match end {
        Some(at) => (value.get(..at).unwrap_or_default(), true),
        None => (value, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_match_without_case() {
        for pattern in
            ["sts:AssumeRole", "STS:assumerole", "sts:*", "*", "s?s:Assume*Role", "*:*Role"]
        {
            assert!(action_matches(pattern, "sts:AssumeRole"), "{pattern}");
        }
        for pattern in
            ["sts:AssumeRol", "sts:AssumeRole?", "", "iam:*", "sts:AssumeRoleWith*", " sts:*"]
        {
            assert!(!action_matches(pattern, "sts:AssumeRole"), "{pattern}");
        }
    }

    #[test]
    fn many_stars_stay_fast() {
        let pattern = "*a".repeat(200);
        assert!(!action_matches(&pattern, &"b".repeat(2_000)));
    }

    #[test]
    fn every_action_has_several_spellings() {
        for pattern in ["*", "**", "*:*", "?*:*", "**:**"] {
            assert!(is_every_action(pattern), "{pattern}");
        }
        for pattern in ["iam:*", "?", "", ":", "*:", "*:Get*", "????*"] {
            assert!(!is_every_action(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_prefix_ends_at_a_wildcard_or_variable() {
        assert_eq!(literal_prefix("repo:org/*"), ("repo:org/", true));
        assert_eq!(literal_prefix("a${aws:username}"), ("a", true));
        assert_eq!(literal_prefix("$5"), ("$5", false));
    }
}
