//! A group gets another name or path; its id, members and policies stay.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "group-renamed-or-moved",
    title: "Group renamed or moved",
    severity: Severity::Low,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-PE-22"],
    select: Select {
        events: &["iam:UpdateGroup"],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098"],
    risk: "Rules and policies that know the group by name or ARN no longer see it.",
    false_positives: &["A tidy-up of names: ask whoever did it."],
    remedies: &["rename-group"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:UpdateGroup group/admins {"request":{"newGroupName":"developers"}}"#,
        r#"role/app iam:UpdateGroup group/ops {"request":{"newPath":"/x/"}}"#,
        "mallory iam:UpdateGroup group/admins denied",
    ],
    quiet_on: &[r#"mallory iam:UpdateGroup group/admins {"request":{"newGroupName":"admins"}}"#],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let group = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
    if event.outcome == Outcome::Denied {
        let text = format!("{{actor}} tried to rename or move group {group}{{times}}.");
        return Some(Match::on_target(event, text));
    }
    let Call::UpdateGroup(call) = &event.call else { return None };
    let name = call.new_group_name.as_deref().filter(|name| *name != group);
    let name = name.map(|name| format!("renamed it {name}"));
    let path = call.new_path.as_deref().map(|path| format!("moved it to the path {path}"));
    let changes: Vec<String> = [name, path].into_iter().flatten().collect();
    let text = format!("{{actor}} changed group {group}: {}.", changes.join(" and "));
    (!changes.is_empty()).then(|| Match::on_target(event, text))
}
