//! Passwords that plans set: for one sign-in, after which the user must choose another one.

use serde_json::{Map, Value};

use super::{LENGTH_MAX, strengthened};

/// The characters of each kind, without those that are taken for one another when they are read out.
const KINDS: [&str; 4] =
    ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!@#$%^&*()_+-=[]{}"];

/// More than 120 bits, whatever the policy asks for.
const LENGTH: u64 = 24;

/// A password that the account's policy takes, and still takes once a plan has made that stricter.
///
/// `below` tells a number below the one that it is given, each as likely as any other, from a source of
/// randomness that is fit for secrets.
#[must_use]
pub fn made(present: Option<&Map<String, Value>>, mut below: impl FnMut(usize) -> usize) -> String {
    let least = strengthened(present).get("MinimumPasswordLength").and_then(Value::as_u64);
    let length = least.unwrap_or_default().clamp(LENGTH, LENGTH_MAX);
    let length = usize::try_from(length).unwrap_or_default();
    // One of each kind, at places that nobody can tell, and the rest of all of them.
    let all = KINDS.concat();
    let kinds = KINDS.into_iter().chain(std::iter::repeat(all.as_str())).take(length);
    let mut rest: Vec<char> =
        kinds.filter_map(|kind| kind.chars().nth(below(kind.len()))).collect();
    let mut password = String::new();
    while !rest.is_empty() {
        password.push(rest.swap_remove(below(rest.len()).min(rest.len().saturating_sub(1))));
    }
    password
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::passwords::{broken, target};

    /// Numbers that are all different, and the same in each run.
    fn numbers(mut state: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % below
        }
    }

    #[test]
    fn the_present_and_the_target_policy_take_every_password() {
        let policies = [
            None,
            Some(json!({})),
            Some(json!({ "MinimumPasswordLength": 6, "RequireSymbols": true })),
            Some(json!({ "MinimumPasswordLength": 128, "RequireNumbers": true })),
        ];
        for policy in &policies {
            let present = policy.as_ref().and_then(Value::as_object);
            for seed in 0..200 {
                let password = made(present, numbers(seed));
                assert_eq!(broken(&password, present), []);
                assert_eq!(broken(&password, Some(&strengthened(present))), []);
                assert_eq!(broken(&password, Some(&target())), []);
                assert!(password.chars().count() >= 24);
            }
        }
    }

    #[test]
    fn no_two_are_alike_and_no_place_has_one_kind() {
        let all: Vec<String> = (0..200).map(|seed| made(None, numbers(seed))).collect();
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        let is_digit = |password: &String| password.starts_with(|it: char| it.is_ascii_digit());
        assert!(all.iter().any(is_digit) && !all.iter().all(is_digit));
    }
}
