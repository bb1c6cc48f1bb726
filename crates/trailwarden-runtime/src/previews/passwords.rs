//! Rules for passwords: whose password is too old by them, and who may no longer change the own one.
//!
//! Sources: IAM User Guide, "Set an account password policy for IAM users" ("Enable password expiration"
//! counts from the last change; "Password expiration requires administrator reset"; "Allow users to change
//! their own password"); IAM API Reference, `UpdateAccountPasswordPolicy` (a rule that is left out is reset).

use trailwarden_account::change::Subject;
use trailwarden_account::settings::PasswordPolicy;
use trailwarden_account::{Field, Identity, Kind, Model};
use trailwarden_model::time::DAY;
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::{Becomes, Credential};

use super::activity::password_last_used;
use super::{LISTED_MAX, Telling, arn_of};

impl Telling<'_> {
    /// What new rules for passwords come to for passwords that exist.
    pub(super) fn tell_passwords(&self, out: &mut Foreseen) {
        let is_set =
            self.change.touched.iter().any(|touched| {
                touched.subject == Subject::Account && touched.field == Field::Setting
            });
        if !is_set {
            return;
        }
        let rules = |model: &Model| model.settings().password_policy.value().cloned();
        let (before, after) = (rules(&self.change.before), rules(&self.change.after));
        let Some(after) = after else { return };
        let after = after.unwrap_or_default();
        // An account without a policy has the rules of AWS, which let nobody's password expire.
        let before = before.map(Option::unwrap_or_default);
        if before.as_ref().is_none_or(|before| before.users_may_change) && !after.users_may_change {
            out.notes.push(
                "users may no longer change their own passwords, unless a policy lets them"
                    .to_owned(),
            );
        }
        self.tell_expiry(before.as_ref(), &after, out);
    }

    fn tell_expiry(
        &self,
        before: Option<&PasswordPolicy>,
        after: &PasswordPolicy,
        out: &mut Foreseen,
    ) {
        let Some(days) = after.max_age_days.filter(|days| *days > 0) else { return };
        let is_same = |before: &PasswordPolicy| {
            before.max_age_days == Some(days) && before.hard_expiry == after.hard_expiry
        };
        if before.is_some_and(is_same) {
            return;
        }
        let oldest = self.known.now.plus(-days.saturating_mul(DAY));
        let becomes = if after.hard_expiry { Becomes::Expired } else { Becomes::MustChange };
        let mut unknown = 0_usize;
        for user in self.change.after.of_kind(Kind::User).filter(|user| may_have_password(user)) {
            let row = self.known.credentials(&user.name);
            match row.and_then(|row| row.password_changed) {
                Some(changed) if changed >= oldest => {}
                Some(_) if out.credentials.len() >= LISTED_MAX => {
                    out.unlisted.credentials += 1;
                    self.note_losing([arn_of(&self.change.after, user)]);
                }
                Some(_) => out.credentials.push(Credential {
                    owner: arn_of(&self.change.after, user),
                    kind: "console password".to_owned(),
                    id: None,
                    becomes,
                    last_used: password_last_used(self.known, user),
                }),
                None => unknown += 1,
            }
        }
        if unknown > 0 {
            out.unknowns.push(format!(
                "whether passwords of {unknown} users are older than {days} days, and so expire at once"
            ));
        }
    }
}

/// Whether a user has a password, for all that is known.
fn may_have_password(user: &Identity) -> bool {
    match user.login.value() {
        Some(login) => login.is_some(),
        None => user.reported.value().is_none_or(|row| row.password_enabled != Some(false)),
    }
}
