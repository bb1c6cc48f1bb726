//! The password policy, rule by rule.
//!
//! Source: IAM User Guide, "Set an account password policy for IAM users": an account that never set
//! one has a default of eight characters of three kinds, which expires nothing and remembers nothing.

use serde_json::Value;

use crate::prelude::*;

/// What the policy must say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// At least so much of a member, such as `MinimumPasswordLength`.
    AtLeast(&'static str, i64),
    /// At most so much, and something at all.
    AtMost(&'static str, i64),
    /// That a member is true.
    Demands(&'static str),
    /// All of these.
    Every(&'static [Rule]),
}

impl Rule {
    /// Judges it.
    pub fn judge(self, state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
        let account = Resource { kind: "password_policy", ..Resource::account(state) };
        let body = state.answer(PASSWORDS)?;
        if body.is_null() {
            let sentence = format!("The {} has no password policy of its own.", account.label);
            verdicts.fail(&account, sentence);
            return Ok(());
        }
        let policy =
            body.get("PasswordPolicy").ok_or_else(|| Missing::not_understood(PASSWORDS))?;
        let mut flaws = Vec::new();
        self.flaws(policy, &mut flaws);
        let label = &account.label;
        match flaws.is_empty() {
            true => verdicts.pass(&account, format!("The password policy of {label} demands it.")),
            false => {
                let sentence = format!("The password policy of {label} {}.", flaws.join(", "));
                verdicts.fail(&account, sentence);
            }
        }
        Ok(())
    }

    fn flaws(self, policy: &Value, flaws: &mut Vec<String>) {
        let number = |member: &str| policy.get(member).and_then(Value::as_i64).unwrap_or_default();
        match self {
            Self::AtLeast(member, least) if number(member) < least => {
                flaws.push(format!("has {member} {}, less than {least}", number(member)));
            }
            Self::AtMost(member, most) if number(member) == 0 => {
                flaws.push(format!("sets no {member}, where {most} is the most"));
            }
            Self::AtMost(member, most) if number(member) > most => {
                flaws.push(format!("has {member} {}, more than {most}", number(member)));
            }
            Self::Demands(member) if !flag(policy, member) => {
                flaws.push(format!("does not set {member}"));
            }
            Self::Every(rules) => rules.iter().for_each(|rule| rule.flaws(policy, flaws)),
            _ => {}
        }
    }
}

const LENGTH: &str = "MinimumPasswordLength";
const REUSE: &str = "PasswordReusePrevention";
const AGE: &str = "MaxPasswordAge";
const UPPER: &str = "RequireUppercaseCharacters";
const LOWER: &str = "RequireLowercaseCharacters";
const DIGIT: &str = "RequireNumbers";
const SYMBOL: &str = "RequireSymbols";

const GUESSED: &str =
    "Short or simple passwords are guessed, by trying or from a stolen list of others.";

const fn rule(
    id: &'static str,
    title: &'static str,
    rule: Rule,
    fails_on: &'static [&'static str],
    controls: &'static [Control],
) -> Check {
    Check {
        id,
        title,
        area: Area::Passwords,
        severity: Severity::Medium,
        confidence: Confidence::High,
        risk: GUESSED,
        fix: "Set the account's password policy: at least 14 characters, all four kinds of them, 24 remembered.",
        needs: &[PASSWORDS],
        controls,
        remedies: &["strengthen-password-policy"],
        fails_on,
        passes_on: &["summary Users=0"],
        logic: Logic::Password(rule),
    }
}

/// Every rule.
pub static ALL: &[Check] = &[
    rule(
        "password-policy-short",
        "Passwords may be shorter than 14 characters",
        Rule::AtLeast(LENGTH, 14),
        &["passwords MinimumPasswordLength=8", "passwords none"],
        &[
            Control::Cis(["1.8", "1.8", "1.7", "2.7", "2.8"]),
            Control::SecurityHub("IAM.15"),
            Control::Config("iam-password-policy"),
            Control::Prowler("iam_password_policy_minimum_length_14"),
        ],
    ),
    Check {
        risk: "A password that somebody learned once comes back with its owner's next change.",
        ..rule(
            "password-policy-allows-reuse",
            "Fewer than 24 old passwords are barred",
            Rule::AtLeast(REUSE, 24),
            &["passwords PasswordReusePrevention=5", "passwords PasswordReusePrevention=null"],
            &[
                Control::Cis(["1.9", "1.9", "1.8", "2.8", "2.9"]),
                Control::SecurityHub("IAM.16"),
                Control::Config("iam-password-policy"),
                Control::Prowler("iam_password_policy_reuse_24"),
            ],
        )
    },
    Check {
        severity: Severity::Low,
        risk: "A stolen password works until somebody notices, since none ends by itself.",
        ..rule(
            "password-policy-without-expiry",
            "Passwords do not expire within 90 days",
            Rule::AtMost(AGE, 90),
            &["passwords MaxPasswordAge=180", "passwords MaxPasswordAge=null", "passwords none"],
            &[
                Control::SecurityHub("IAM.17"),
                Control::Config("iam-password-policy"),
                Control::Prowler("iam_password_policy_expires_passwords_within_90_days_or_less"),
            ],
        )
    },
    rule(
        "password-policy-without-uppercase",
        "Passwords need no capital letter",
        Rule::Demands(UPPER),
        &["passwords RequireUppercaseCharacters=false"],
        &[
            Control::SecurityHub("IAM.11"),
            Control::Config("iam-password-policy"),
            Control::Prowler("iam_password_policy_uppercase"),
        ],
    ),
    rule(
        "password-policy-without-lowercase",
        "Passwords need no small letter",
        Rule::Demands(LOWER),
        &["passwords RequireLowercaseCharacters=false"],
        &[
            Control::SecurityHub("IAM.12"),
            Control::Config("iam-password-policy"),
            Control::Prowler("iam_password_policy_lowercase"),
        ],
    ),
    rule(
        "password-policy-without-symbol",
        "Passwords need no symbol",
        Rule::Demands(SYMBOL),
        &["passwords RequireSymbols=false"],
        &[
            Control::SecurityHub("IAM.13"),
            Control::Config("iam-password-policy"),
            Control::Prowler("iam_password_policy_symbol"),
        ],
    ),
    rule(
        "password-policy-without-number",
        "Passwords need no digit",
        Rule::Demands(DIGIT),
        &["passwords RequireNumbers=false"],
        &[
            Control::SecurityHub("IAM.14"),
            Control::Config("iam-password-policy"),
            Control::Prowler("iam_password_policy_number"),
        ],
    ),
    rule(
        "password-policy-weak",
        "The password policy is weaker than AWS recommends",
        Rule::Every(&[
            Rule::AtLeast(LENGTH, 8),
            Rule::Demands(UPPER),
            Rule::Demands(LOWER),
            Rule::Demands(DIGIT),
            Rule::Demands(SYMBOL),
        ]),
        &["passwords MinimumPasswordLength=6 RequireSymbols=false"],
        &[Control::SecurityHub("IAM.7"), Control::Config("iam-password-policy")],
    ),
    rule(
        "password-policy-below-payment-standard",
        "The password policy is weaker than payment card rules ask",
        Rule::Every(&[
            Rule::AtLeast(LENGTH, 7),
            Rule::Demands(UPPER),
            Rule::Demands(LOWER),
            Rule::Demands(DIGIT),
            Rule::AtLeast(REUSE, 4),
            Rule::AtMost(AGE, 90),
        ]),
        &["passwords MaxPasswordAge=120"],
        &[Control::SecurityHub("IAM.10"), Control::Config("iam-password-policy")],
    ),
    Check {
        severity: Severity::Low,
        risk: "Who cannot change his own password keeps the one that an administrator knows.",
        fix: "Let users change their own password in the account's password policy.",
        ..rule(
            "password-change-not-allowed",
            "Users cannot change their own password",
            Rule::Demands("AllowUsersToChangePassword"),
            &["passwords AllowUsersToChangePassword=false"],
            &[],
        )
    },
];
