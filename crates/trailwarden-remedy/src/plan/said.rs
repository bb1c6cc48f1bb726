//! What is told of a plan's steps and remediations before somebody agrees: words that their calls bear out.
//!
//! A plan's file has words of its own for each step. Whoever writes a file writes any words beside any call, so they
//! are told only where the call with its parameters has just these words; else the call is told by words of ours, and
//! the file's are told as the file's. What a remediation is called and what is to be known of it stands in our own
//! table.
//!
//! # Invariants
//! - No word of a file is told unmarked that its calls do not bear out (`plan/said/tests.rs`).
//! - What a setting is set to is told with it: "set the policy" says nothing.

mod holds;
mod rows;
#[cfg(test)]
mod tests;

use trailwarden_model::escape::shorten;

use super::{Argument, Plan, Step, Summary};
use crate::calls::{self, Before, Undo, undone};
use crate::draft::fill;
use crate::remedy::find;
use crate::render::{lines, quote};
use rows::Row;

/// Why a user keeps the policy by which a password can be changed.
const KEPT: &str = "without the policy the user cannot change the password, and so cannot sign in: detach it once the password is changed";
/// Words of the file that no call bears out are told up to here.
const OWN_MAX: usize = 160;

impl Step {
    /// What it is for, in words that its call bears out.
    #[must_use]
    pub fn said(&self) -> String {
        let mut rows = rows::of(&self.operation).filter(|row| (row.holds)(self));
        let purpose = self.purpose.trim();
        if let Some(row) = rows.clone().find(|row| self.filled(row.words) == purpose) {
            return self.told(row);
        }
        let ours = rows.find(|row| row.is_plain).map_or_else(
            || format!("call {}:{}", self.service, self.operation),
            |row| self.told(row),
        );
        if purpose.is_empty() {
            return ours;
        }
        format!("{ours} (the plan calls it: {})", shorten(purpose, OWN_MAX))
    }

    /// Why it cannot be taken back, or what of it is not; as the plan's own words where no call of ours says it.
    #[must_use]
    pub fn said_reason(&self) -> Option<String> {
        let reason = self.inverse_reason.as_deref()?;
        let call = calls::find(&self.service, &self.operation);
        let is_ours = call.is_some_and(|call| {
            let of_table =
                matches!(call.undo, Undo::By { reason: Some(ours), .. } if ours == reason);
            let due = undone(call, &self.id, &self.input, &Before::Implied);
            of_table || due.reason.as_deref() == Some(reason)
        });
        let is_kept =
            reason == KEPT && self.operation == "AttachUserPolicy" && holds::may_change(self);
        Some(if is_ours || is_kept {
            reason.to_owned()
        } else {
            format!("by the plan's own words, {}", shorten(reason, OWN_MAX))
        })
    }

    fn told(&self, row: &Row) -> String {
        let words = self.filled(row.words);
        match self.settings(row) {
            settings if settings.is_empty() => words,
            settings => format!("{words}: {}", settings.join(", ")),
        }
    }

    fn filled(&self, words: &str) -> String {
        fill(words, |name| self.named(name))
    }

    /// A parameter's value; of a `{Holder}` its name, and of `{PolicyArn>}` what stands behind the last stroke.
    fn named(&self, name: &str) -> Option<String> {
        if name == "Holder" {
            return ["UserName", "GroupName", "RoleName"].iter().find_map(|it| self.named(it));
        }
        if let Some(name) = name.strip_suffix('>') {
            let whole = self.named(name)?;
            return Some(whole.rsplit('/').next().unwrap_or(&whole).to_owned());
        }
        Some(match calls::given(&self.input, name)? {
            Argument::Result { result } => format!("what step {} made", result.step),
            Argument::Plain(value) => match value.as_str() {
                Some(text) => text.to_owned(),
                None => quote::json(&value),
            },
            Argument::Made { .. } => "a new password".to_owned(),
        })
    }

    /// What is set besides what the words name.
    fn settings(&self, row: &Row) -> Vec<String> {
        if !row.tells_all {
            return Vec::new();
        }
        let is_holder = |name: &str| ["UserName", "GroupName", "RoleName"].contains(&name);
        let is_named = |name: &str| {
            row.words.contains(&format!("{{{name}}}"))
                || is_holder(name) && row.words.contains("{Holder}")
        };
        let untold = self.input.iter().filter(|(name, _)| !is_named(name));
        untold
            .map(|(name, argument)| {
                match argument.as_plain().and_then(serde_json::Value::as_bool) {
                    Some(is_on) => format!("{name} {}", if is_on { "on" } else { "off" }),
                    None => format!("{name} {}", lines::argument(argument)),
                }
            })
            .collect()
    }
}

impl Summary {
    /// What it does, in few words; those of our own table where it has it so.
    #[must_use]
    pub fn said_title(&self) -> String {
        match find(&self.remedy).is_some_and(|remedy| remedy.title == self.title) {
            true => self.title.clone(),
            false => format!("What the plan calls \"{}\"", shorten(&self.title, OWN_MAX)),
        }
    }

    /// What it does it to, where a call of it is about that.
    #[must_use]
    pub fn said_subject(&self, plan: &Plan) -> String {
        let of_account = format!("account {}", plan.account);
        let of_account = self.subject.strip_suffix(&of_account);
        let is_account = of_account.is_some_and(|it| ["", "the password policy of "].contains(&it));
        let trail = of_account.and_then(|it| it.strip_prefix("the trail ")?.strip_suffix(" of "));
        let name = trail.or_else(|| self.subject.strip_prefix("the bucket "));
        let name = name.unwrap_or(&self.subject);
        let steps = plan.steps.iter().filter(|step| self.steps.contains(&step.id));
        let is_named = steps.flat_map(|step| &step.input).any(|(parameter, argument)| {
            let told = argument.as_str().filter(|_| NAMES.contains(&parameter.as_str()));
            told.is_some_and(|told| is_name(name, told) || is_name(told, name))
        });
        match is_named || is_account {
            true => self.subject.clone(),
            false => format!("what the plan calls \"{}\"", shorten(&self.subject, OWN_MAX)),
        }
    }

    /// What is to be known of it: all that our table says of the remediation, and what the plan says besides, as
    /// such.
    #[must_use]
    pub fn said_notes(&self) -> Vec<String> {
        let ours = find(&self.remedy).map(|remedy| remedy.notes).unwrap_or_default();
        let own = self.notes.iter().filter(|note| !ours.contains(&note.as_str()));
        let own = own.map(|note| format!("{OWN}{note}"));
        ours.iter().map(|note| (*note).to_owned()).chain(own).collect()
    }
}

/// What stands before words that only the plan's file says.
const OWN: &str = "The plan says: ";

/// The parameters that say what a call is about.
const NAMES: &[&str] = &[
    "UserName",
    "NewUserName",
    "GroupName",
    "NewGroupName",
    "RoleName",
    "PolicyArn",
    "OpenIDConnectProviderArn",
    "SAMLProviderArn",
    "Name",
    "TrailName",
    "Bucket",
];

/// Whether one word is the name, or an ARN that ends with it.
fn is_name(text: &str, name: &str) -> bool {
    let before = text.strip_suffix(name).filter(|_| !name.is_empty());
    !text.contains(char::is_whitespace)
        && before
            .is_some_and(|it| it.is_empty() || it.starts_with("arn:") && it.ends_with(['/', ':']))
}
