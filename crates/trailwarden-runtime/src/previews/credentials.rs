//! Credentials that end, change or are given out.

use trailwarden_account::effect::{CredentialGiven, CredentialTaken, Means};
use trailwarden_account::{Id, Presence};
use trailwarden_remedy::plan::foreseen::{Becomes, Credential, LastUsed};
use trailwarden_remedy::plan::{Argument, Foreseen};

use super::activity::{key_last_used, password_last_used};
use super::{Telling, arn_of};

impl Telling<'_> {
    pub(super) fn tell_credentials(
        &self,
        given: Vec<CredentialGiven>,
        taken: Vec<CredentialTaken>,
        out: &mut Foreseen,
    ) {
        for one in taken {
            let becomes = self.end_of(&one);
            let id = one.item.as_ref().map(ToString::to_string);
            out.credentials.push(self.credential(&one.owner, one.means, id, becomes));
        }
        for one in given {
            let becomes = match one.means {
                Means::Password => self.password(&one.owner),
                _ => Becomes::Given,
            };
            // What a call will make has no id yet.
            let id = one.item.filter(|id| !id.starts_with(trailwarden_account::foresee::NEW_KEY));
            out.credentials.push(self.credential(&one.owner, one.means, id, becomes));
        }
    }

    fn credential(
        &self,
        owner: &Id,
        means: Means,
        id: Option<String>,
        becomes: Becomes,
    ) -> Credential {
        let model = &self.change.after;
        let user = model.identity(owner).or_else(|| self.change.before.identity(owner));
        let last = user.map(|user| match (means, &id) {
            (Means::AccessKey, Some(key)) => key_last_used(self.known, &user.name, key),
            (Means::Password, _) => password_last_used(self.known, user),
            _ => LastUsed::Unknown,
        });
        Credential {
            owner: user.map_or_else(|| owner.to_string(), |user| arn_of(model, user)),
            kind: kind(means).to_owned(),
            id,
            becomes,
            last_used: last.unwrap_or_default(),
        }
    }

    /// Whether it is gone or only off.
    fn end_of(&self, taken: &CredentialTaken) -> Becomes {
        let user = self.change.after.identity(&taken.owner);
        let is_left = user.zip(taken.item.as_ref()).is_some_and(|(user, item)| {
            matches!(user.keys.get(item), Presence::Present(_))
                || matches!(user.credentials.get(item), Presence::Present(_))
        });
        if is_left { Becomes::Deactivated } else { Becomes::Deleted }
    }

    /// A password is made, takes the place of another, or must only be changed.
    fn password(&self, owner: &Id) -> Becomes {
        let had_one = self.change.before.identity(owner).map(|user| user.login.value());
        let name = self.change.after.identity(owner).map(|user| user.name.clone());
        let is_of_owner = |argument: Option<&Argument>| {
            let told = argument.and_then(Argument::as_str);
            told.zip(name.as_deref()).is_some_and(|(told, name)| told.eq_ignore_ascii_case(name))
        };
        let mut steps =
            self.plan.steps.iter().filter(|step| is_of_owner(step.input.get("UserName")));
        let is_set = steps.any(|step| {
            step.operation.ends_with("LoginProfile") && step.input.contains_key("Password")
        });
        match (had_one, is_set) {
            (Some(Some(None)), _) => Becomes::Given,
            (_, true) => Becomes::Replaced,
            (_, false) => Becomes::MustChange,
        }
    }
}

fn kind(means: Means) -> &'static str {
    match means {
        Means::AccessKey => "access key",
        Means::Password => "console password",
        Means::Certificate => "signing certificate",
        Means::SshKey => "SSH key",
        Means::ServiceCredential => "credential for one service",
        Means::MfaDevice => "MFA device",
    }
}
