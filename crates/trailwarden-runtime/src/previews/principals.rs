//! Whose permissions move, with what of the lost was used.

use std::cmp::Reverse;

use trailwarden_account::effect::{Bearer, Cap, Moved};
use trailwarden_account::{Identity, Kind};
use trailwarden_policy::reach::{Grade, Grant, describe};
use trailwarden_policy::trust::{Who, effective_grants};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::{Affected, LastUsed, LostWhen, Sessions};

use super::activity::{last_used, profiles_of};
use super::unlisted::{counted, listed};
use super::used::{Losses, called, used_of};
use super::{LISTED_MAX, Telling, mfa};

/// The key by which a policy tells old sessions from new ones, in lower case.
const BEGAN: &str = "aws:tokenissuetime";

/// What cannot be put into words was lost all the same.
const SOMETHING: &str = "something that has no short name";

impl Telling<'_> {
    pub(super) fn tell_principals(&self, moved: Vec<Moved>, out: &mut Foreseen) {
        let mut affected = Vec::new();
        for one in moved {
            let (ended, lost) = split(&one);
            let identity = self.change.before.identity(&one.id);
            let last = identity.map(|identity| last_used(self.known, identity));
            let last = last.unwrap_or_default();
            self.tell_sessions(&one, &ended, &last, out);
            let (lost_when, left) = mfa::lost_when(identity, &lost);
            let is_all = ended.is_empty() && lost_when == LostWhen::Always;
            let lines = if is_all { one.lost.to_vec() } else { described(&left) };
            let lines = match lines.is_empty() && !lost.is_empty() {
                true => vec![SOMETHING.to_owned()],
                false => lines,
            };
            self.note_owner(&one, identity, out);
            let is_nothing_else = lines.is_empty() && one.gained.is_empty();
            if !ended.is_empty() && is_nothing_else {
                continue;
            }
            let told = self.affected(&one, identity, (lines, &lost), last);
            let told = Affected { lost_when, ..told };
            affected.push((told, one.grade_before));
        }
        // Then those who can do most, whose loss is missed most.
        affected.sort_by_key(|(one, grade): &(Affected, Option<Grade>)| {
            let calls: u64 = one.used.iter().flatten().map(|used| used.calls).sum();
            (one.gained.is_empty(), Reverse(calls), one.lost.is_empty(), Reverse(*grade))
        });
        let affected = affected.into_iter().map(|(one, _)| one).collect();
        let (listed, rest) = listed(affected, self.principals_max);
        let losing = rest.iter().filter(|one| !one.lost.is_empty());
        self.note_losing(losing.map(|one| one.arn.as_str()));
        out.principals = listed;
        out.more_principals = counted(rest.len());
    }

    fn affected(
        &self,
        moved: &Moved,
        identity: Option<&Identity>,
        (lines, lost): (Vec<String>, &[Grant]),
        last: LastUsed,
    ) -> Affected {
        let word = |grade: Option<Grade>| grade.map_or("unknown", Grade::name).to_owned();
        let losses = Losses::of(lost, !lines.is_empty() && lost.is_empty());
        let called = || self.called.get_or_init(|| called(self.known));
        let used = identity
            .and_then(|one| used_of(self.known, &self.change.before, one, &losses, called()));
        let (used, more_used, unmapped, unrecorded) = match used {
            Some(used) => (Some(used.calls), used.more, used.unmapped, used.unrecorded),
            None => (None, 0, 0, Vec::new()),
        };
        Affected {
            arn: moved.arn.clone(),
            is_latent: moved.is_latent || matches!(moved.bearer, Bearer::Group | Bearer::Policy),
            grade_before: word(moved.grade_before),
            grade_after: word(moved.grade_after),
            gained: moved.gained.to_vec(),
            lost: lines,
            lost_when: LostWhen::Always,
            capped_by: moved.capped.iter().map(Cap::in_words).collect(),
            is_certain: moved.is_certain,
            carried_by: identity.map(|one| self.carried_by(one)).unwrap_or_default(),
            last_used: last,
            used,
            more_used,
            unmapped,
            unrecorded,
            services: self.services_of(moved, lost),
        }
    }

    /// Services that the role trusts, and instance profiles that hold it.
    fn carried_by(&self, identity: &Identity) -> Vec<String> {
        if identity.kind != Kind::Role {
            return Vec::new();
        }
        let document = identity.trust.value().and_then(|text| text.document().ok());
        let grants = document.map(effective_grants).unwrap_or_default();
        let services = grants.into_iter().filter_map(|grant| match grant.who {
            Who::Service(name) => Some(name),
            _ => None,
        });
        let profiles = profiles_of(self.known.snapshot, identity);
        let profiles = profiles.into_iter().map(|name| format!("instance profile {name}"));
        let mut all: Vec<String> = services.chain(profiles).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Sessions that a policy tells by the time at which they began.
    fn tell_sessions(&self, moved: &Moved, ended: &[Grant], last: &LastUsed, out: &mut Foreseen) {
        let times = ended.iter().filter_map(began_before);
        let Some(began_before) = times.max() else { return };
        if out.sessions.len() >= LISTED_MAX {
            out.unlisted.sessions += 1;
            self.note_losing([moved.arn.as_str()]);
            return;
        }
        let mut lost = described(ended);
        if lost.is_empty() {
            lost.push(SOMETHING.to_owned());
        }
        let (arn, last_used) = (moved.arn.clone(), last.clone());
        out.sessions.push(Sessions { arn, began_before, lost, last_used });
    }

    /// Roles that somebody else owns are hit all the same where a policy is shared.
    fn note_owner(&self, moved: &Moved, identity: Option<&Identity>, out: &mut Foreseen) {
        let Some(role) = identity.filter(|one| one.kind == Kind::Role) else { return };
        if role.is_service_linked() {
            out.notes.push(format!("{} belongs to a service of AWS", moved.label));
        } else if is_of_identity_center(role) {
            out.notes.push(format!(
                "{} belongs to IAM Identity Center: its people are hit, and it may be set back there",
                moved.label
            ));
        }
    }
}

/// Whether Identity Center made the role for a permission set.
///
/// Source: IAM Identity Center User Guide, "Referencing permission sets in resource policies".
pub(super) fn is_of_identity_center(role: &Identity) -> bool {
    let is_path =
        |path: &&std::sync::Arc<str>| path.starts_with("/aws-reserved/sso.amazonaws.com/");
    role.kind == Kind::Role
        && (role.name.starts_with("AWSReservedSSO_")
            || role.path.last_value().filter(is_path).is_some())
}

/// What ends for old sessions alone, and what is lost.
fn split(moved: &Moved) -> (Vec<Grant>, Vec<Grant>) {
    moved.change.lost.iter().cloned().partition(|grant| began_before(grant).is_some())
}

/// The time before which sessions began, where a grant is lost for these alone.
fn began_before(grant: &Grant) -> Option<String> {
    let conditions = grant.conditions.all().iter();
    conditions.filter(|one| one.key() == BEGAN).find_map(|one| one.values().first().cloned())
}

fn described(grants: &[Grant]) -> Vec<String> {
    if grants.is_empty() { Vec::new() } else { describe(grants) }
}
