//! Gives a user back the name that it had.

use crate::prelude::*;
use crate::renames::{self, Renamed};

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "rename-user",
    aliases: &[],
    title: "Give a user its name back",
    effect: Effect::Keeps,
    order: Order::Settings,
    notes: &[
        "Policies that name the user's ARN as a resource follow neither rename: they mean the old name again.",
    ],
    example: |subject| subject.name_before = Some("alice".to_owned()),
    example_of: "arn:aws:iam::111122223333:user/alice-old",
    plan,
};

const USER: Renamed = Renamed {
    word: "user",
    call: ("iam:UpdateUser", "UserName", "NewUserName"),
    read: ("GetUser", "User"),
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    renames::draft(subject, subject.user()?, &USER, draft)
}
