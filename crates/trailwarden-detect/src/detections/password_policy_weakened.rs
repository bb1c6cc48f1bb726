//! The rules for console passwords get weaker.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "password-policy-weakened",
    title: "Account password policy weakened",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-07"],
    select: Select {
        events: &["iam:UpdateAccountPasswordPolicy", "iam:DeleteAccountPasswordPolicy"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1556"],
    risk: "Weaker rules make guessed and reused passwords work, for every user with console access.",
    false_positives: &[
        "Accounts whose people sign in through a federation and that have no console passwords: suppress it, with that reason.",
    ],
    remedies: &["restore-password-policy"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:UpdateAccountPasswordPolicy {"request":{"minimumPasswordLength":6}}"#,
        "mallory iam:DeleteAccountPasswordPolicy",
        "mallory iam:UpdateAccountPasswordPolicy denied",
        r#"alice iam:UpdateAccountPasswordPolicy {"request":{"minimumPasswordLength":16,"passwordReusePrevention":24,"requireSymbols":true}}
             +3d role/app/s iam:UpdateAccountPasswordPolicy {"request":{"minimumPasswordLength":16,"passwordReusePrevention":24}}"#,
    ],
    quiet_on: &[
        r#"alice iam:UpdateAccountPasswordPolicy {"request":{"minimumPasswordLength":14,"passwordReusePrevention":24}}
             +3d alice iam:UpdateAccountPasswordPolicy {"request":{"minimumPasswordLength":16,"passwordReusePrevention":24,"requireSymbols":true}}"#,
    ],
    logic: Logic::Watch(Judging::<Policies>::start),
};

/// How long a policy that was seen is compared with.
const REMEMBER_SECONDS: i64 = 400 * DAY;

/// A password policy as IAM stores it: a parameter that is left out is reset to its default.
#[derive(Clone, Copy)]
struct Rules {
    length: i64,
    reuse: i64,
    /// Symbols, numbers, capital and small letters.
    characters: [bool; 4],
    /// Days; 0 for never.
    age: i64,
}

/// What IAM asks for where there is no policy. Source: IAM User Guide, "Set an account password
/// policy".
const NONE: Rules = Rules { length: 8, reuse: 0, characters: [false; 4], age: 0 };

/// The least that CIS AWS Foundations Benchmark 3.0 asks for (1.8 and 1.9).
const CIS: Rules = Rules { length: 14, reuse: 24, characters: [false; 4], age: 0 };

const CHARACTERS: [&str; 4] = ["symbols", "numbers", "capital letters", "small letters"];

#[derive(Clone)]
struct Policies {
    known: Recall<Rules>,
}

impl Default for Policies {
    fn default() -> Self {
        Self { known: Recall::new(REMEMBER_SECONDS) }
    }
}

impl Judge for Policies {
    fn judge(&mut self, cx: &Cx<'_>) -> Option<Match> {
        let event = cx.event()?;
        let after = match &event.call {
            Call::UpdateAccountPasswordPolicy(call) => Rules {
                length: call.minimum_password_length.unwrap_or(6),
                reuse: call.password_reuse_prevention.unwrap_or_default(),
                characters: [
                    call.require_symbols,
                    call.require_numbers,
                    call.require_uppercase_characters,
                    call.require_lowercase_characters,
                ]
                .map(Option::unwrap_or_default),
                age: call.max_password_age.unwrap_or_default(),
            },
            _ => NONE,
        };
        let account = event.account.map(|account| account.to_string()).unwrap_or_default();
        let on = |text: String| Match::on_target(event, text).subject(account.clone());
        let done = match event.name() {
            "DeleteAccountPasswordPolicy" => event.done_or("deleted", "tried to delete"),
            _ => event.done_or("changed", "tried to change"),
        };
        if event.outcome == Outcome::Denied {
            let text = format!(
                "{{actor}} {done} the password policy of account {account} and was refused{{times}}."
            );
            return Some(on(text).severity(Severity::Low));
        }
        let place = cx.within_account("password policy");
        let before = self.known.get(place, event.time).copied();
        if cx.succeeded() {
            self.known.note(place, event.time, after);
        }
        let weaker = weaker(before.unwrap_or(CIS), after);
        if weaker.is_empty() {
            return None;
        }
        let than = if before.is_some() {
            "than before"
        } else {
            "than CIS asks for; what it was before is unknown"
        };
        let text = format!(
            "{{actor}} {done} the password policy of account {account}{{times}}: {}, which is weaker {than}.",
            weaker.join(", ")
        );
        let confidence = if before.is_some() { Confidence::High } else { Confidence::Medium };
        Some(on(text).confidence(confidence).attempted_if_not(event.outcome, Severity::Medium))
    }
}

fn weaker(before: Rules, after: Rules) -> Vec<String> {
    let mut weaker = Vec::new();
    if after.length < before.length {
        weaker.push(format!("{} characters instead of {}", after.length, before.length));
    }
    if after.reuse < before.reuse {
        weaker.push(format!("{} old passwords barred instead of {}", after.reuse, before.reuse));
    }
    for (kind, (before, after)) in
        CHARACTERS.iter().zip(before.characters.iter().zip(after.characters))
    {
        if *before && !after {
            weaker.push(format!("no {kind} required"));
        }
    }
    if before.age > 0 && (after.age == 0 || after.age > before.age) {
        weaker.push("passwords expire later or never".to_owned());
    }
    weaker
}
