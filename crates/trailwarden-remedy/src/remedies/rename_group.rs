//! Gives a group back the name and the path that it had.

use crate::prelude::*;
use crate::renames::{self, Renamed};

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "rename-group",
    aliases: &[],
    title: "Give a group its name back",
    effect: Effect::Keeps,
    order: Order::Settings,
    notes: &[
        "Its members and policies stay with it.",
        "Policies that name the group's ARN follow neither rename: they mean the old name again.",
    ],
    example: |subject| subject.name_before = Some("admins".to_owned()),
    example_of: "arn:aws:iam::111122223333:group/developers",
    plan,
};

const GROUP: Renamed = Renamed {
    word: "group",
    call: ("iam:UpdateGroup", "GroupName", "NewGroupName"),
    read: ("GetGroup", "Group"),
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    renames::draft(subject, subject.group()?, &GROUP, draft)
}
