//! A user gets another name or path.
//!
//! The user stays the same, with the same id, keys and policies; only rules that know it by name or ARN
//! lose it. A new name in the style of those that AWS gives, or one that can be taken for a principal
//! that the records have shown, is made to deceive. What a path changes in policies that name paths is
//! for the permission model to say.

use crate::look_alike::{KnownNames, is_aws_style, is_look_alike, names_of};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "user-renamed-or-moved",
    title: "User renamed or moved",
    severity: Severity::Low,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-PE-21"],
    select: Select {
        events: &["iam:Create*", "iam:Update*", "iam:Put*", "iam:Attach*", "iam:AddUserToGroup"],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098", "T1036.005"],
    risk: "Everything that watches or excuses the user by name or ARN now looks elsewhere: alarms, exclusions, baselines, policies.",
    false_positives: &[
        "A person who changed names, or a tidy-up of names and paths: ask whoever did it.",
    ],
    remedies: &["rename-user"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:UpdateUser user/backdoor {"request":{"newUserName":"jsmith"}}"#,
        r#"mallory iam:UpdateUser user/backdoor {"request":{"newUserName":"AWSServiceRoleForBackup"}}"#,
        r#"admin iam:CreateUser user/terraform
+2d mallory iam:UpdateUser user/backdoor {"request":{"newUserName":"terrafrom"}}"#,
        r#"mallory iam:UpdateUser user/eve {"request":{"newPath":"/admins/"}}"#,
        "mallory iam:UpdateUser user/eve denied",
    ],
    quiet_on: &[
        r#"mallory iam:UpdateUser user/eve failed=EntityAlreadyExistsException {"request":{"newUserName":"alice"}}"#,
        r#"mallory iam:UpdateUser user/eve {"request":{"newUserName":"eve"}}"#,
    ],
    logic: Logic::Watch(|| Box::new(Renames::default())),
};

#[derive(Clone, Default)]
struct Renames {
    names: KnownNames,
}

impl Watch for Renames {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let (Some(event), row) = (cx.event(), *cx.row()) else { return };
        if let Call::UpdateUser(call) = &event.call {
            let old = event.target().and_then(|target| target.name).unwrap_or_default();
            let new = call.new_user_name.as_deref().unwrap_or_default();
            let like = self.names.resembling(&row, new, &old).filter(|_| !new.is_empty());
            let mut rows: Vec<Row> = like.copied().into_iter().collect();
            rows.push(row);
            let what = hash::pair(cx.within_account(&old), hash::of(new));
            let path = hash::of(call.new_path.as_deref().unwrap_or_default());
            fires.push(Fire { group: hash::pair(what, path), rows, distinct: 1 });
        }
        self.names.note(event, &row);
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.named("UpdateUser")?;
        let Call::UpdateUser(call) = &event.call else { return None };
        let old = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
        if event.outcome == Outcome::Denied {
            let text = format!("{{actor}} tried to rename or move user {old}.");
            return Some(Match::on_target(event, text).by_last());
        }
        let new = call.new_user_name.as_deref().filter(|new| *new != old);
        let path = call.new_path.as_deref().map(|path| format!("moved it to the path {path}"));
        let like = story.events.iter().flat_map(|event| names_of(event));
        let like = like
            .filter(|name| *name != old)
            .find(|name| new.is_some_and(|new| is_look_alike(new, name)));
        let (severity, name) = match new {
            Some(new) if is_aws_style(new) => (
                Severity::Medium,
                Some(format!("renamed it {new}, in the style of names that AWS gives")),
            ),
            Some(new) => match like {
                Some(like) => (
                    Severity::Medium,
                    Some(format!("renamed it {new}, which can be taken for {like}")),
                ),
                None => (Severity::Low, Some(format!("renamed it {new}"))),
            },
            None => (Severity::Low, None),
        };
        let changes: Vec<String> = [name, path].into_iter().flatten().collect();
        let text = format!("{{actor}} changed user {old}: {}.", changes.join(" and "));
        (!changes.is_empty()).then(|| Match::on_target(event, text).by_last().severity(severity))
    }

    fn is_truncated(&self) -> bool {
        self.names.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
