//! Users in groups. Both sides keep the membership, and either side's knowledge counts.

use trailwarden_record::events::Call;

use super::Fold;
use crate::change::Field;
use crate::identity::{Id, Kind};
use crate::listing::Before;

impl Fold<'_> {
    pub(super) fn memberships(&mut self, call: &Call) -> bool {
        match call {
            Call::AddUserToGroup(c) => self.add_member(&c.user_name, &c.group_name),
            Call::RemoveUserFromGroup(c) => self.remove_member(&c.user_name, &c.group_name),
            _ => return false,
        }
        true
    }

    fn add_member(&mut self, user: &Option<String>, group: &Option<String>) {
        let (Some(user), Some(group)) =
            (self.target(Kind::User, user), self.target(Kind::Group, group))
        else {
            self.any_membership();
            return;
        };
        let (here, there) = (self.known(()), self.known(()));
        let before = self.membership(&user, &group);
        self.edit(&user, |user| user.groups.put(group.clone(), here));
        self.edit(&group, |group| group.members.put(user.clone(), there));
        self.was_put(Some(before), &user, Field::Groups, group.as_str());
        self.touch_identity(&user, Field::Groups, Some(group.as_str()));
        self.touch_identity(&group, Field::Members, Some(user.as_str()));
    }

    fn remove_member(&mut self, user: &Option<String>, group: &Option<String>) {
        let Some(user) = self.target(Kind::User, user) else {
            self.any_membership();
            return;
        };
        let Some(group) = self.target(Kind::Group, group) else {
            self.any_membership();
            return;
        };
        if let Some(why) = self.is_unordered(&user, Field::Groups, group.as_str()) {
            self.edit(&user, |user| user.groups.doubt(&group, &why));
            self.edit(&group, |group| group.members.doubt(&user, &why));
        } else {
            self.take_off_member(&user, &group);
        }
        self.touch_identity(&user, Field::Groups, Some(group.as_str()));
        self.touch_identity(&group, Field::Members, Some(user.as_str()));
    }

    fn take_off_member(&mut self, user: &Id, group: &Id) {
        let (proof, why) = (self.entry.proof.clone(), self.missed());
        if self.membership(user, group) == Before::Present {
            self.edit(user, |user| user.groups.remove(group, &proof));
            self.edit(group, |group| group.members.remove(user, &proof));
            return;
        }
        let of_user = self.edit(user, |user| user.groups.take_off(group, &proof, &why));
        let of_group = self.edit(group, |group| group.members.take_off(user, &proof, &why));
        match of_user {
            Some(Before::Absent) => self.was_unseen(of_user, user, group.as_str()),
            _ => self.was_unseen(of_group, group, user.as_str()),
        }
    }

    /// Either side may know; a membership that one side has seen was not missed.
    fn membership(&self, user: &Id, group: &Id) -> Before {
        let of_user = self.model.identity(user).map(|user| user.groups.before(group));
        let of_group = self.model.identity(group).map(|group| group.members.before(user));
        match (of_user, of_group) {
            (Some(Before::Present), _) | (_, Some(Before::Present)) => Before::Present,
            (Some(Before::Absent), _) | (_, Some(Before::Absent)) => Before::Absent,
            _ => Before::Unknown,
        }
    }

    fn any_membership(&mut self) {
        self.any(Kind::User, Field::Groups);
        self.any(Kind::Group, Field::Members);
    }
}
