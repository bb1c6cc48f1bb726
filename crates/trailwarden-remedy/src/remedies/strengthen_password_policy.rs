//! Makes the account's password policy as strict as it should be, and weakens nothing in it.

use crate::passwords::{merge, target};
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "strengthen-password-policy",
    aliases: &[],
    title: "Strengthen the password policy",
    effect: Effect::Keeps,
    order: Order::Settings,
    notes: &[
        "The call sets every rule, so the present ones are merged into it: the stricter of each stays.",
        "Passwords that exist stay valid until they are changed; the rule on reuse counts at the next change.",
    ],
    example: |subject| {
        subject.principal = None;
        let policy = json!({ "MinimumPasswordLength": 8, "RequireNumbers": true, "MaxPasswordAge": 180,
            "AllowUsersToChangePassword": false, "HardExpiry": false, "RequireSymbols": false,
            "RequireLowercaseCharacters": false, "RequireUppercaseCharacters": false });
        subject.password_policy = policy.as_object().cloned().map_or(Known::Absent, Known::Is);
    },
    example_of: "arn:aws:iam::111122223333:root",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    set(subject, draft, &target())
}

/// Sets the present policy merged with a wanted one.
pub(crate) fn set(
    subject: &Subject,
    draft: &mut Draft,
    wanted: &Map<String, Value>,
) -> Result<(), NoPlan> {
    let none = Map::new();
    let (present, before) = match &subject.password_policy {
        Known::Unknown => return Err(NoPlan::unknown("the password policy")),
        Known::Absent => (&none, Before::Absent),
        Known::Is(policy) => (policy, Before::Was(settable(policy))),
    };
    let merged = merge(present, wanted);
    // AWS leaves out a rule that was never set, which is off then.
    let on = |rules: Map<String, Value>| {
        rules.into_iter().filter(|(_, value)| *value != Value::Bool(false)).collect::<Map<_, _>>()
    };
    if on(settable(present)) == on(merged.clone()) {
        return Err(NoPlan::Already("the password policy is as strict as that".to_owned()));
    }
    let is_new = |name: &str| merged.get(name) != present.get(name);
    if merged.get("AllowUsersToChangePassword") == Some(&true.into())
        && is_new("AllowUsersToChangePassword")
    {
        draft.note("Users may change their own passwords from now on: who must change one and may not is locked out.");
    }
    if merged.get("HardExpiry") == Some(&true.into())
        && (is_new("HardExpiry") || is_new("MaxPasswordAge"))
        && let Some(age) = merged.get("MaxPasswordAge")
    {
        draft.note(format!("Users whose password is older than {age} days cannot sign in to the console until an administrator resets it: count them first (credential report)."));
    }
    draft.about(format!("the password policy of account {}", subject.account));
    let names = crate::calls::PASSWORD_POLICY.iter();
    let input = names.filter_map(|(name, _)| Some((*name, merged.get(*name)?.clone().into())));
    draft.call("set the password policy", "iam:UpdateAccountPasswordPolicy", input, &before)?;
    Ok(())
}

/// What of a policy a call may set: AWS refuses an age or a reuse of 0, which means none.
fn settable(policy: &Map<String, Value>) -> Map<String, Value> {
    let names = crate::calls::PASSWORD_POLICY.iter();
    let given = names.filter_map(|(name, _)| policy.get_key_value(*name));
    let given = given.filter(|(_, value)| !value.is_null() && value.as_u64() != Some(0));
    given.map(|(name, value)| (name.clone(), value.clone())).collect()
}
