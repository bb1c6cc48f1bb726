//! Parts of steps that the account tells and the finding does not: the policies that somebody holds, the version in
//! force, the keys, the groups. A step with a part of which there are several says it for each.

use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Identity, Kind, Model};
use trailwarden_model::Finding;
use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_remedy::people;
use trailwarden_remedy::subject::Policy;

use super::Known;
use super::named::is_of_policy;

/// Parts of which there may be several.
const SEVERAL: [&str; 4] = ["group", "policy_arn", "policy_holder", "policy_name"];

/// Of how many a step says it at most; the rest is left to the person.
const TIMES_MAX: usize = 10;

impl Known<'_> {
    /// Steps with the parts of a finding, of its records and of the account.
    pub(super) fn told_steps(
        &self,
        finding: &Finding,
        steps: &[&str],
        part: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<String> {
        let mut all = Vec::new();
        for step in steps {
            let several = SEVERAL.iter().find(|name| step.contains(&format!("{{{name}}}")));
            let values = several.map(|name| self.several(finding, name)).unwrap_or_default();
            let is_cut = values.len() > TIMES_MAX;
            let mut own = Vec::new();
            for value in values.iter().take(TIMES_MAX) {
                let part = |name: &str| match several == Some(&name) {
                    true => Some(value.clone()),
                    false => part(name),
                };
                own.extend(people::filled(&[step], &part));
            }
            if values.is_empty() || is_cut {
                own.extend(people::filled(&[step], part));
            }
            // As many steps as for others: those of several findings are told beside each other.
            all.push(own.join(" "));
        }
        all
    }

    /// A part that the account tells, where it is known after what was found.
    pub(super) fn part_of_account(&self, finding: &Finding, name: &str) -> Option<String> {
        if !self.is_after(finding) {
            return None;
        }
        match name {
            "key" => match self.active_keys(finding)?.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            "older_key" => self.older_key(finding),
            "trail" => Some(self.trail(finding).ok()?.is()?.name.clone()),
            "trail_region" => Some(self.trail(finding).ok()?.is()?.home_region.clone()),
            "version" if is_of_policy(finding) => {
                match self.managed_now(finding.target.arn.as_deref()?) {
                    Policy::Managed { default, .. } => default,
                    Policy::Inline(_) => None,
                }
            }
            _ => None,
        }
    }

    fn several(&self, finding: &Finding, name: &str) -> Vec<String> {
        let Ok(model) = self.model() else { return Vec::new() };
        if !self.is_after(finding) {
            return Vec::new();
        }
        if name == "policy_holder" {
            return self.holders(finding, model);
        }
        let Some(identity) = finding.target.arn.as_deref().and_then(|arn| model.find_arn(arn))
        else {
            return Vec::new();
        };
        match name {
            "policy_arn" => identity.attached.keys().map(|arn| arn.to_string()).collect(),
            "group" => self.giving_groups(model, identity),
            "policy_name" => identity.inline.iter().map(|(name, _)| name.to_string()).collect(),
            _ => Vec::new(),
        }
    }

    /// The users and roles that hold a managed policy, by themselves or by a group.
    fn holders(&self, finding: &Finding, model: &Model) -> Vec<String> {
        let Some(arn) = finding.target.arn.as_deref().filter(|_| is_of_policy(finding)) else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for holder in model.attached_to(arn).ids.iter().filter_map(|id| model.identity(id)) {
            match holder.kind {
                Kind::Group => {
                    let members = model.members_of(&holder.id).ids;
                    let members = members.iter().filter_map(|id| model.identity(id));
                    names.extend(members.map(|one| one.name.to_string()));
                }
                Kind::User | Kind::Role | Kind::Root => names.push(holder.name.to_string()),
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// The groups of a user that give full control.
    pub(super) fn giving_groups(&self, model: &Model, user: &Identity) -> Vec<String> {
        let groups = model.groups_of(&user.id).ids;
        let groups = groups.iter().filter_map(|id| model.identity(id));
        let mut giving: Vec<String> = groups
            .filter(|group| !Self::policies_of_full_control(model, group).is_empty())
            .map(|group| group.name.to_string())
            .collect();
        giving.sort();
        giving
    }

    fn user<'m>(&self, finding: &Finding, model: &'m Model) -> Option<&'m Identity> {
        let found = model.find_arn(finding.target.arn.as_deref()?)?;
        (found.kind == Kind::User).then_some(found)
    }

    fn active_keys(&self, finding: &Finding) -> Option<Vec<String>> {
        let user = self.user(finding, self.model().ok()?)?;
        let is_active = |status: Option<&KeyStatus>| status == Some(&KeyStatus::Active);
        let active = user.keys.iter().filter(|(_, status)| is_active(status.value()));
        user.keys.is_complete().then(|| active.map(|(id, _)| id.to_string()).collect())
    }

    /// Of two active keys the one that was made first.
    fn older_key(&self, finding: &Finding) -> Option<String> {
        let user = self.user(finding, self.model().ok()?)?;
        let active = self.active_keys(finding)?;
        let listed = self.listed(&user.name).ok()?;
        let made = |id: &str| listed.iter().find(|(one, _)| *one == id)?.1;
        let dated = active.iter().map(|id| Some((made(id)?, id)));
        let mut dated: Vec<_> = dated.collect::<Option<_>>()?;
        dated.sort();
        match dated.as_slice() {
            [(first, id), (second, _)] if first < second => Some((*id).clone()),
            _ => None,
        }
    }
}

/// How a policy is read and written narrower, by its kind.
pub(super) fn by_kind(finding: &Finding, remedy: &str) -> Option<&'static people::ByHand> {
    let is_found = finding.kind == FindingKind::Posture && remedy == "narrow-policy";
    people::for_policy(finding.target.kind.as_deref().filter(|_| is_found))
}
