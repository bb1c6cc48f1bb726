//! Merging password policies: the stricter of each rule, since a call that changes one sets them all;
//! and whether a password is one that a policy takes.

mod candidate;
mod made;

use serde_json::{Map, Value, json};

pub use candidate::{Broken, LENGTH_MAX, SYMBOLS, beyond, broken};
pub use made::made;

/// What a policy should ask at least (CIS AWS Foundations Benchmark, controls on the password policy;
/// NIST SP 800-63B for leaving out an age).
pub(crate) fn target() -> Map<String, Value> {
    let target = json!({
        "MinimumPasswordLength": 14,
        "RequireSymbols": true,
        "RequireNumbers": true,
        "RequireUppercaseCharacters": true,
        "RequireLowercaseCharacters": true,
        "AllowUsersToChangePassword": true,
        "PasswordReusePrevention": 24,
    });
    target.as_object().cloned().unwrap_or_default()
}

/// The policy that a plan would set where this one is: as strict as it should be, and in nothing weaker.
#[must_use]
pub fn strengthened(present: Option<&Map<String, Value>>) -> Map<String, Value> {
    merge(present.unwrap_or(&Map::new()), &target())
}

/// The present policy made no weaker in any rule than the wanted one, and in none than it is.
///
/// An age of passwords that is 0 is none: AWS takes 1 to 1095 days, and leaves it out otherwise.
/// Whether an expired password locks its user out is kept as wanted, or as it is: neither is stricter.
pub(crate) fn merge(
    present: &Map<String, Value>,
    wanted: &Map<String, Value>,
) -> Map<String, Value> {
    let number = |from: &Map<String, Value>, name: &str| {
        from.get(name).and_then(Value::as_u64).filter(|number| *number > 0)
    };
    let mut merged = Map::new();
    for name in ["MinimumPasswordLength", "PasswordReusePrevention"] {
        if let Some(more) = [present, wanted].into_iter().filter_map(|it| number(it, name)).max() {
            merged.insert(name.to_owned(), more.into());
        }
    }
    let ages = [present, wanted].into_iter().filter_map(|it| number(it, "MaxPasswordAge"));
    if let Some(age) = ages.min() {
        merged.insert("MaxPasswordAge".to_owned(), age.into());
    }
    for name in [
        "AllowUsersToChangePassword",
        "RequireLowercaseCharacters",
        "RequireNumbers",
        "RequireSymbols",
        "RequireUppercaseCharacters",
    ] {
        let is_on = |from: &Map<String, Value>| from.get(name) == Some(&Value::Bool(true));
        merged.insert(name.to_owned(), (is_on(present) || is_on(wanted)).into());
    }
    let flag =
        |from: &Map<String, Value>| from.get("HardExpiry").filter(|it| it.is_boolean()).cloned();
    let hard = flag(wanted).or_else(|| flag(present));
    merged.extend(hard.map(|hard| ("HardExpiry".to_owned(), hard)));
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_merge_weakens_nothing() {
        let present = map(json!({ "MinimumPasswordLength": 20, "MaxPasswordAge": 30,
            "PasswordReusePrevention": 3, "HardExpiry": true, "AllowUsersToChangePassword": false }));
        let merged = merge(&present, &target());
        assert_eq!(merged["MinimumPasswordLength"], 20);
        assert_eq!(merged["MaxPasswordAge"], 30);
        assert_eq!(merged["PasswordReusePrevention"], 24);
        assert_eq!(merged["HardExpiry"], true);
        assert_eq!(merged["AllowUsersToChangePassword"], true);
    }

    #[test]
    fn an_age_of_zero_is_no_age() {
        let merged = merge(&map(json!({ "MaxPasswordAge": 0 })), &target());
        assert!(!merged.contains_key("MaxPasswordAge"));
        let merged =
            merge(&map(json!({ "MaxPasswordAge": 0 })), &map(json!({ "MaxPasswordAge": 90 })));
        assert_eq!(merged["MaxPasswordAge"], 90);
    }
}
