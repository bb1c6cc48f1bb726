//! A user or role is made whose name can be taken for another.
//!
//! Either it is in the style of names that AWS gives, without the path that only AWS can give with it, or
//! it differs by a slip of the eye from a principal that the records have shown.

use crate::look_alike::{KnownNames, is_aws_style, is_look_alike, names_of};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "look-alike-name-created",
    title: "User or role created under a deceptive name",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-23"],
    select: Select {
        events: &["iam:CreateUser", "iam:CreateRole", "iam:Update*", "iam:Put*", "iam:Attach*"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1036.005", "T1136.003"],
    risk: "A principal that looks familiar is passed over in reviews and mistaken in alarms.",
    false_positives: &["Names that grew alike by accident, such as a plural: ask whoever made it."],
    remedies: &["attach-quarantine-policy", "delete-user", "delete-role"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:CreateRole role/AWSServiceRoleForBackups",
        "mallory iam:CreateUser user/AWSReservedSSO_Admin_0b1",
        "terraform iam:PutUserPolicy user/x
+3d mallory iam:CreateUser user/terrafrom",
        "admin iam:CreateRole role/break-glass
+3d mallory iam:CreateRole role/breakglass",
    ],
    quiet_on: &[
        r#"role/AWSServiceRoleForSSO/AWS-SSO iam:CreateRole role/AWSReservedSSO_Admin_0b1 via=sso.amazonaws.com {"request":{"path":"/aws-reserved/sso.amazonaws.com/"}}"#,
        "admin iam:CreateUser user/worker1
+3d admin iam:CreateUser user/worker2",
        "admin iam:CreateUser user/terraform
+3d admin iam:CreateUser user/terraform failed=EntityAlreadyExistsException",
    ],
    logic: Logic::Watch(|| Box::new(Names::default())),
};

#[derive(Clone, Default)]
struct Names {
    known: KnownNames,
}

impl Watch for Names {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let (Some(event), row) = (cx.event(), *cx.row()) else { return };
        if let Some(name) = made(event) {
            let like = self.known.resembling(&row, &name, &name);
            if like.is_some() || is_aws_style(&name) {
                let mut rows: Vec<Row> = like.copied().into_iter().collect();
                rows.push(row);
                fires.push(Fire { group: cx.within_account(&name), rows, distinct: 1 });
            }
        }
        self.known.note(event, &row);
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.last()?;
        let name = made(event)?;
        let kind = event.target()?.kind.as_str();
        let like = story.events.iter().flat_map(|event| names_of(event));
        let like = like.into_iter().find(|other| is_look_alike(&name, other));
        let how = match like {
            Some(like) => format!("whose name can be taken for {like}"),
            None => "with a name in the style of those that AWS gives".to_owned(),
        };
        let text = format!("{{actor}} made the {kind} {name}, {how}.");
        Some(Match::on_target(event, text).by_last())
    }

    fn is_truncated(&self) -> bool {
        self.known.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// The name of the user or role that was made, unless AWS alone can make one at its path.
fn made(event: &Event) -> Option<String> {
    let path = match &event.call {
        Call::CreateUser(call) => &call.path,
        Call::CreateRole(call) => &call.path,
        _ => return None,
    };
    // Source: IAM User Guide, "Service-linked roles"; Identity Center User Guide, "Roles created by
    // IAM Identity Center". IAM refuses these paths to everybody else.
    let reserved = ["/aws-service-role/", "/aws-reserved/"];
    let is_aws = path.as_deref().is_some_and(|path| reserved.iter().any(|r| path.starts_with(r)));
    if is_aws { None } else { event.target()?.name }
}
