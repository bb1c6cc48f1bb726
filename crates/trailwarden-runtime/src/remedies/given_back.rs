//! What a name, a membership or a tag was before a record changed it, and what it is.

use trailwarden_account::{Change, Field, Id, Identity, Kind, Presence, Subject as Thing};
use trailwarden_model::Finding;
use trailwarden_remedy::subject::{Known as State, Tag};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;
use super::evidence::{ASK_LOGS, Deed};
use super::undoing::item;

/// Remediations that are about what certain calls did. Other records tell names, paths and tags by the way.
const OF_CALLS: &[(&str, &[&str])] = &[
    ("add-to-group", &["RemoveUserFromGroup"]),
    ("rename-group", &["UpdateGroup"]),
    ("rename-user", &["UpdateUser"]),
    ("restore-tags", &["TagRole", "TagUser", "UntagRole", "UntagUser"]),
];

/// Refuses a remediation of another call than those of a finding.
pub(super) fn is_of_call(finding: &Finding, remedy: &str) -> Result<(), NoPlan> {
    let calls = OF_CALLS.iter().find(|(id, _)| *id == remedy);
    let is_one = |calls: &[&str]| {
        finding.evidence.iter().any(|one| calls.contains(&one.event_name.as_str()))
    };
    match calls.is_none_or(|(_, calls)| is_one(calls)) {
        true => Ok(()),
        false => Err(NoPlan::Missing("a record that changed such a thing")),
    }
}

impl Known<'_> {
    /// The things that a finding's records changed; of a trust policy the role as it is where no logs were given,
    /// for whom it lets in stands in it.
    pub(super) fn restored_or_present(
        &self,
        finding: &Finding,
        remedy: &str,
    ) -> Result<Vec<Subject>, NoPlan> {
        match self.restored(finding, remedy) {
            Err(NoPlan::Unknown { .. })
                if remedy == "remove-trust" && self.history.is_none() && self.is_after(finding) =>
            {
                Ok(vec![self.about(finding, remedy)?])
            }
            restored => restored,
        }
    }

    /// The group that a user was put into or taken out of, and whether the user is in it.
    pub(super) fn fill_membership(
        &self,
        remedy: &str,
        change: &Change,
        (user, group): (&Id, &Id),
        subject: &mut Subject,
    ) -> Result<(), NoPlan> {
        if change.after.identity(group).is_none() {
            return Err(NoPlan::Missing("the name of the group"));
        }
        let of = self.present(Kind::Group, group, &change.after);
        let of = of.map_err(|no_plan| match (no_plan, remedy) {
            // Its policies went with it, and denied something.
            (NoPlan::Already(gone), "add-to-group") => NoPlan::Person(format!(
                "{gone}, with what its policies denied: deny it by another policy"
            )),
            (no_plan, _) => no_plan,
        })?;
        subject.group = Some(of.name.to_string());
        let user = self.present(Kind::User, user, &change.after)?;
        subject.is_member = match user.groups.get(&of.id) {
            Presence::Present(_) => Some(true),
            Presence::Absent => Some(false),
            Presence::Unknown(_) => None,
        };
        Ok(())
    }

    /// The tag that was set or taken away, and the value that it had.
    pub(super) fn fill_tag(
        &self,
        Deed { change, touched }: Deed<'_>,
        was: Option<&Identity>,
        key: &str,
        subject: &mut Subject,
    ) -> Result<(), NoPlan> {
        let Thing::Identity(kind, id) = &touched.subject else {
            return Err(NoPlan::Missing("a user or role"));
        };
        // What somebody was made with was never another thing.
        let of_it = |one: &&trailwarden_account::Touched| one.subject == touched.subject;
        if change.touched.iter().filter(of_it).any(|one| one.field == Field::Existence) {
            return Err(NoPlan::Missing("a tag that was changed"));
        }
        let is = self.present(*kind, id, &change.after)?;
        subject.before = was.map_or(State::Unknown, |was| value(item(&was.tags, key)));
        if subject.before == State::Unknown {
            let what = format!("the value of the tag `{key}` before the change");
            return Err(NoPlan::Unknown { what, ask: ASK_LOGS });
        }
        // The key may be written with other capitals by now.
        let keys = [Some(is), was].into_iter().flatten().flat_map(|one| one.tags.keys());
        let written = keys.into_iter().find(|one| one.eq_ignore_ascii_case(key));
        subject.tag = Some(Tag {
            key: written.map_or(key, |one| one).to_owned(),
            value: value(item(&is.tags, key)),
        });
        Ok(())
    }
}

fn value(presence: Presence<'_, std::sync::Arc<str>>) -> State<String> {
    match presence {
        Presence::Present(fact) => {
            fact.value().map_or(State::Unknown, |it| State::Is(it.to_string()))
        }
        Presence::Absent => State::Absent,
        Presence::Unknown(_) => State::Unknown,
    }
}
