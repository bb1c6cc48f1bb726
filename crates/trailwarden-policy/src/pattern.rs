//! The wildcards of the policy language: `*` is any run of characters, `?` is exactly one.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" and "... Action" (wildcards).

mod walk;

pub(crate) use walk::{Token, bound_stars, matches_tokens};

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

/// Whether a `Resource` pattern covers a resource; case counts.
///
/// - A request that names no resource is made for `*`, and only `*` covers it.
/// - `*` crosses `/`. In the first five segments of an ARN it crosses colons only as the last
///   character of its segment; in the resource part it crosses everything.
/// - A wildcard in the service or in the resource type is taken as a wildcard. AWS advises against
///   both, and uses the second itself (`arn:aws:ec2:*:*:*/*`).
///
/// Policy variables are not filled in here.
///
/// Source: IAM User Guide, "IAM JSON policy elements: Resource", using wildcards in resource ARNs.
pub fn resource_matches(pattern: &str, resource: &str) -> bool {
    if resource == "*" {
        return pattern.contains('*') && pattern.bytes().all(|byte| byte == b'*');
    }
    let mut tokens: Vec<Token> = pattern
        .bytes()
        .map(|byte| match byte {
            b'*' => Token::Star,
            b'?' => Token::One,
            byte => Token::Byte(byte),
        })
        .collect();
    bound_stars(&mut tokens);
    matches_tokens(&tokens, resource)
}

/// Whether an `ArnLike` or `ArnEquals` pattern covers a value: each of the six components by
/// itself, so that `*` does not cross a colon but in the last. Either not being an ARN is no match.
///
/// Source: IAM User Guide, "IAM JSON policy elements: Condition operators", ARN operators.
pub fn arn_like(pattern: &str, value: &str) -> bool {
    let (Some(pattern), Some(value)) = (components(pattern), components(value)) else {
        return false;
    };
    pattern.iter().zip(value).all(|(pattern, value)| glob_matches(pattern, value))
}

/// The six components of an ARN; `None` for text that has fewer or begins otherwise.
pub(crate) fn components(arn: &str) -> Option<[&str; 6]> {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next();
    let six = [next()?, next()?, next()?, next()?, next()?, next()?];
    (six.first() == Some(&"arn")).then_some(six)
}

/// Whether a `StringLike` pattern covers a value; case counts, and `*` crosses everything.
///
/// Source: IAM User Guide, "IAM JSON policy elements: Condition operators", string operators.
pub fn glob_matches(pattern: &str, text: &str) -> bool {
    let byte = |at: usize| {
        pattern.as_bytes().get(at).map(|byte| match byte {
            b'*' => Token::Star,
            b'?' => Token::One,
            byte => Token::Byte(*byte),
        })
    };
    walk::walk(byte, text)
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

    // IAM User Guide, "IAM JSON policy elements: Resource", using wildcards in resource ARNs.
    #[test]
    fn resources_match_with_case() {
        let queue = "arn:aws:sqs:eu-west-1:111122223333:queue";
        for pattern in
            ["*", "arn:*", "arn:aws:sqs:*", "arn:aws:sqs:eu*:queue", "arn:aws:sqs:e*1:*:q?eue"]
        {
            assert!(resource_matches(pattern, queue), "{pattern}");
        }
        for pattern in ["", "arn:aws:sqs:e*3:queue", "arn:aws:SQS:*", "arn:aws:sqs:*:queu", "?"] {
            assert!(!resource_matches(pattern, queue), "{pattern}");
        }
        assert!(resource_matches("**", "*"));
        assert!(!resource_matches("arn:aws:sqs:*", "*"));
    }

    // IAM User Guide, "IAM JSON policy elements: Condition operators", ARN operators.
    #[test]
    fn arns_match_by_component() {
        let topic = "arn:aws:sns:eu-west-1:111122223333:topic:subscription";
        for pattern in ["arn:*:sns:*:*:*", "arn:aws:sns:*:1111*:t*n"] {
            assert!(arn_like(pattern, topic), "{pattern}");
        }
        for pattern in ["*", "arn:aws:sns:*", "arn:aws:sns:*:topic:*", "*:aws:sns:*:*:*"] {
            assert!(!arn_like(pattern, topic), "{pattern}");
        }
        assert!(!arn_like("arn:*:*:*:*:*", "topic"));
    }

    #[test]
    fn a_question_mark_is_one_character() {
        assert!(glob_matches("a?b", "a\u{20ac}b"));
        assert!(!glob_matches("*??bx", "\u{20ac}bx"));
        assert!(!glob_matches("a?b", "ab"));
    }

    #[test]
    fn a_question_mark_may_take_the_colon_that_a_star_cannot() {
        assert!(resource_matches("*?*a", "a:a"));
        assert!(resource_matches("*?*\u{e9}", "a:b\u{e9}"));
        assert!(!resource_matches("*?*a", "a:a:a"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(4_096))]

        /// Against the definition, which is slow.
        #[test]
        fn a_glob_is_what_it_says(pattern in "[ab:*?\u{e9}]{0,8}", text in "[ab:\u{e9}]{0,8}") {
            fn plain(pattern: &[char], text: &[char], colons: usize, bounded: bool) -> bool {
                let Some((first, rest)) = pattern.split_first() else { return text.is_empty() };
                let colons = colons + usize::from(*first == ':');
                match first {
                    '*' => {
                        let within = bounded && colons < 5 && !matches!(rest.first(), None | Some(':'));
                        let free = if within {
                            text.iter().position(|c| *c == ':').unwrap_or(text.len())
                        } else {
                            text.len()
                        };
                        (0..=free).any(|taken| plain(rest, &text[taken..], colons, bounded))
                    }
                    '?' => !text.is_empty() && plain(rest, &text[1..], colons, bounded),
                    _ => text.first() == Some(first) && plain(rest, &text[1..], colons, bounded),
                }
            }
            let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
            proptest::prop_assert_eq!(glob_matches(&pattern, &text), plain(&p, &t, 0, false));
            proptest::prop_assert_eq!(resource_matches(&pattern, &text), plain(&p, &t, 0, true));
        }
    }

    #[test]
    fn many_stars_stay_fast() {
        let stars = format!("{}:*:*:*:*:*:{}", "a*".repeat(500), "*b".repeat(500));
        assert!(!resource_matches(&stars, &format!("{}:", "a".repeat(2_000)).repeat(3)));

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
