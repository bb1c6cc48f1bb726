//! What a call did, for a sentence.

use trailwarden_record::Event;

/// What was done, in a few words.
pub(super) fn deed(event: &Event) -> String {
    let request = |name: &str| event.request(name).unwrap_or("of unknown name").to_owned();
    let target = event.target_phrase();
    let policy = || request("policyArn");
    let done =
        |done: &str, tried: &str, rest: String| format!("{} {rest}", event.done_or(done, tried));
    match event.name() {
        "PutUserPolicy" | "PutGroupPolicy" | "PutRolePolicy" => {
            let rest = format!("the inline policy `{}` of {target}", request("policyName"));
            done("wrote", "tried to write", rest)
        }
        "DeleteUserPolicy" | "DeleteGroupPolicy" | "DeleteRolePolicy" => {
            let rest = format!("the inline policy `{}` of {target}", request("policyName"));
            done("deleted", "tried to delete", rest)
        }
        "AttachUserPolicy" | "AttachGroupPolicy" | "AttachRolePolicy" => {
            done("attached", "tried to attach", format!("{} to {target}", policy()))
        }
        "DetachUserPolicy" | "DetachGroupPolicy" | "DetachRolePolicy" => {
            done("detached", "tried to detach", format!("{} from {target}", policy()))
        }
        "CreatePolicy" => done("made", "tried to make", format!("the managed {target}")),
        "CreatePolicyVersion" => {
            done("wrote", "tried to write", format!("a version of the managed policy {}", policy()))
        }
        "SetDefaultPolicyVersion" => {
            let rest = format!("{} of {} in force", request("versionId"), policy());
            done("put", "tried to put", format!("version {rest}"))
        }
        "AddUserToGroup" => {
            let rest = format!("user {} to group {}", request("userName"), request("groupName"));
            done("added", "tried to add", rest)
        }
        "RemoveUserFromGroup" => {
            let rest = format!("user {} from group {}", request("userName"), request("groupName"));
            done("took", "tried to take", rest)
        }
        "UpdateUser" | "UpdateGroup" => done("renamed or moved", "tried to rename or move", target),
        "UpdateAssumeRolePolicy" => {
            done("changed", "tried to change", format!("who may assume {target}"))
        }
        "CreateAccountAssignment" => {
            let rest = format!(
                "permission set {} in account {} to {} {}",
                request("permissionSetArn"),
                request("targetId"),
                request("principalType").to_ascii_lowercase(),
                request("principalId"),
            );
            done("assigned", "tried to assign", rest)
        }
        _ => done("called", "tried to call", format!("{} on {target}", event.action())),
    }
}
