//! Whether a password is one that an account's policy takes.
//!
//! # Invariants
//! - Nothing of the password is in an answer, not even its length: only which rules it breaks.
//! - What cannot be told from the password alone, such as its reuse, is said to be so, never passed over.

use serde_json::{Map, Value};

/// The characters that count as symbols (IAM API Reference, "UpdateAccountPasswordPolicy").
pub const SYMBOLS: &str = "!@#$%^&*()_+-=[]{}|'";
/// The longest password that IAM takes (IAM API Reference, "CreateLoginProfile").
pub const LENGTH_MAX: u64 = 128;
/// The shortest where no policy is set (IAM User Guide, "Set an account password policy for IAM
/// users", on the default policy).
const LENGTH_DEFAULT: u64 = 8;
/// The shortest where a policy is set that says nothing of it (IAM API Reference,
/// "UpdateAccountPasswordPolicy").
const LENGTH_UNSAID: u64 = 6;
/// How many of the four kinds of characters the default policy asks for.
const KINDS_DEFAULT: usize = 3;

/// A rule that a password breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The member of the policy, as `GetAccountPasswordPolicy` calls it, or `default` for a rule that
    /// counts without one.
    pub rule: &'static str,
    /// What the rule asks for.
    pub asks: String,
}

/// The rules of a policy that a password breaks; none means that IAM takes it, as far as
/// [`beyond`] does not say otherwise.
///
/// `policy` has the members of `GetAccountPasswordPolicy`; `None` is an account that set none.
/// Sources: IAM User Guide, "Set an account password policy for IAM users"; IAM API Reference,
/// "UpdateAccountPasswordPolicy" and "CreateLoginProfile".
#[must_use]
pub fn broken(password: &str, policy: Option<&Map<String, Value>>) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut ask = |holds: bool, rule: &'static str, asks: String| {
        if !holds {
            broken.push(Broken { rule, asks });
        }
    };
    let length = password.chars().count() as u64;
    let least = length_min(policy);
    ask(length >= least, "MinimumPasswordLength", format!("at least {least} characters"));
    ask(length <= LENGTH_MAX, "default", format!("at most {LENGTH_MAX} characters"));
    ask(
        password.chars().all(is_taken),
        "default",
        "only characters of Latin-1, no control characters but tab and the ends of lines"
            .to_owned(),
    );
    match policy {
        Some(policy) => {
            for kind in Kind::ALL {
                let is_asked = policy.get(kind.rule()) == Some(&Value::Bool(true));
                ask(!is_asked || kind.is_in(password), kind.rule(), kind.asks());
            }
        }
        None => {
            let kinds = Kind::ALL.iter().filter(|kind| kind.is_in(password)).count();
            let asks = "three of upper case, lower case, digits and symbols".to_owned();
            ask(kinds >= KINDS_DEFAULT, "default", asks);
        }
    }
    broken
}

/// What a policy asks that a password alone does not tell, in sentences.
#[must_use]
pub fn beyond(policy: Option<&Map<String, Value>>) -> Vec<String> {
    let Some(policy) = policy else {
        return vec![
            "It must not be the account's name or the mail address of its owner.".to_owned(),
        ];
    };
    let number = |name: &str| policy.get(name).and_then(Value::as_u64).filter(|count| *count > 0);
    let reuse = number("PasswordReusePrevention")
        .map(|count| format!("It must be none of the user's last {count} passwords."));
    let may_change = policy.get("AllowUsersToChangePassword") == Some(&Value::Bool(true));
    let change = (!may_change).then(|| {
        "Users may change their passwords only where a policy of theirs allows iam:ChangePassword."
            .to_owned()
    });
    reuse.into_iter().chain(change).collect()
}

fn length_min(policy: Option<&Map<String, Value>>) -> u64 {
    match policy {
        None => LENGTH_DEFAULT,
        Some(policy) => {
            policy.get("MinimumPasswordLength").and_then(Value::as_u64).unwrap_or(LENGTH_UNSAID)
        }
    }
}

/// Whether IAM takes the character at all.
fn is_taken(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
}

/// A kind of characters that a policy may ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Symbol,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Upper, Self::Lower, Self::Digit, Self::Symbol];

    fn is_in(self, password: &str) -> bool {
        password.chars().any(|it| match self {
            Self::Upper => it.is_ascii_uppercase(),
            Self::Lower => it.is_ascii_lowercase(),
            Self::Digit => it.is_ascii_digit(),
            Self::Symbol => SYMBOLS.contains(it),
        })
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Upper => "RequireUppercaseCharacters",
            Self::Lower => "RequireLowercaseCharacters",
            Self::Digit => "RequireNumbers",
            Self::Symbol => "RequireSymbols",
        }
    }

    fn asks(self) -> String {
        match self {
            Self::Upper => "an upper case letter, A to Z".to_owned(),
            Self::Lower => "a lower case letter, a to z".to_owned(),
            Self::Digit => "a digit, 0 to 9".to_owned(),
            Self::Symbol => format!("one of the symbols {SYMBOLS}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(password: &str, policy: &Value) -> Vec<&'static str> {
        broken(password, policy.as_object()).into_iter().map(|one| one.rule).collect()
    }

    #[test]
    fn each_rule_is_broken_by_what_lacks_it() {
        let strict = json!({ "MinimumPasswordLength": 10, "RequireSymbols": true, "RequireNumbers": true,
            "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": true });
        assert_eq!(rules("Abcdefgh-1", &strict), [""; 0]);
        for (password, rule) in [
            ("Abcdefg-1", "MinimumPasswordLength"),
            ("abcdefgh-1", "RequireUppercaseCharacters"),
            ("ABCDEFGH-1", "RequireLowercaseCharacters"),
            ("Abcdefgh-x", "RequireNumbers"),
            ("Abcdefgh91", "RequireSymbols"),
            // A symbol that AWS does not count.
            ("Abcdefgh91?", "RequireSymbols"),
            ("Äbcdefgh-1", "RequireUppercaseCharacters"),
            ("Abcdefgh-1\u{20ac}", "default"),
            ("Abcdefgh-1\u{7}", "default"),
        ] {
            assert_eq!(rules(password, &strict), [rule], "{password}");
        }
        assert_eq!(rules(&format!("Ab-1{}", "x".repeat(125)), &strict), ["default"]);
        assert_eq!(rules(&format!("Ab-1{}", "x".repeat(124)), &strict), [""; 0]);
    }

    #[test]
    fn a_policy_that_says_nothing_asks_for_six_characters() {
        assert_eq!(rules("aaaaaa", &json!({})), [""; 0]);
        assert_eq!(rules("aaaaa", &json!({})), ["MinimumPasswordLength"]);
        assert_eq!(rules("aaaaaa", &json!({ "RequireNumbers": false })), [""; 0]);
    }

    /// IAM User Guide, "Set an account password policy for IAM users": the default policy.
    #[test]
    fn without_a_policy_three_kinds_and_eight_characters_are_asked_for() {
        assert_eq!(rules("Abcdefg1", &Value::Null), [""; 0]);
        assert_eq!(rules("Abcdef1", &Value::Null), ["MinimumPasswordLength"]);
        assert_eq!(rules("abcdefg1", &Value::Null), ["default"]);
        assert_eq!(rules("", &Value::Null), ["MinimumPasswordLength", "default"]);
    }

    #[test]
    fn what_the_password_does_not_tell_is_said() {
        assert!(beyond(None)[0].contains("mail address"));
        let policy = json!({ "PasswordReusePrevention": 24, "AllowUsersToChangePassword": true });
        assert_eq!(
            beyond(policy.as_object()),
            ["It must be none of the user's last 24 passwords."]
        );
        assert!(beyond(json!({}).as_object())[0].contains("iam:ChangePassword"));
    }
}
