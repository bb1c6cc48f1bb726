//! Brings a password policy that was weakened back to what it was, and weakens nothing in it.

use super::strengthen_password_policy::set;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-password-policy",
    aliases: &[],
    title: "Restore the password policy",
    effect: Effect::Keeps,
    order: Order::Settings,
    notes: &[
        "The call sets every rule: each is the stricter of what it was before the change and of what it is now.",
        "Passwords that were set in between stay valid: make their users change them (reset-console-password).",
        "An age of passwords counts at once: users whose password is older must change it at their next sign-in.",
    ],
    example: |subject| {
        subject.principal = None;
        let map = |value: Value| value.as_object().cloned().map_or(Known::Absent, Known::Is);
        subject.password_policy = map(json!({ "MinimumPasswordLength": 6,
            "AllowUsersToChangePassword": true, "HardExpiry": false, "RequireNumbers": false,
            "RequireSymbols": false, "RequireLowercaseCharacters": false,
            "RequireUppercaseCharacters": false }));
        subject.password_policy_before = map(json!({ "MinimumPasswordLength": 16,
            "AllowUsersToChangePassword": true, "HardExpiry": false, "RequireNumbers": true,
            "RequireSymbols": true, "RequireLowercaseCharacters": true,
            "RequireUppercaseCharacters": true, "PasswordReusePrevention": 24 }));
    },
    example_of: "arn:aws:iam::111122223333:root",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    match &subject.password_policy_before {
        Known::Is(before) => set(subject, draft, before),
        Known::Absent => Err(NoPlan::Already("there was no password policy before".to_owned())),
        Known::Unknown => Err(NoPlan::unknown_before("the password policy before the change")),
    }
}
