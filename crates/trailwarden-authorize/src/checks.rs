//! What Cedar's validation cannot know: which calls, teams, ARNs and words there are.

use cedar_policy::pst::{BinaryOp, Expr};
use cedar_policy::{EntityUid, Policy};
use trailwarden_model::{AccountId, Severity};

use crate::asked::Grade;
use crate::conditions::{parts, string, tree, walk};
use crate::directory::{Directory, did_you_mean};
use crate::error::nearest;
use crate::pattern::Pattern;
use crate::schema::Catalogue;

/// A fault that has no place yet.
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) help: String,
    /// A text that stands where the fault is.
    pub(crate) needle: String,
    /// Whether Cedar finds it too, and says it with fewer words.
    pub(crate) is_cedars: bool,
}

/// Faults in the names that a policy uses.
pub(crate) fn names(policy: &Policy, catalogue: &Catalogue, directory: &Directory) -> Vec<Fault> {
    let mut uids = policy.entity_literals();
    uids.sort_by_key(ToString::to_string);
    uids.dedup();
    uids.iter().filter_map(|uid| name(uid, catalogue, directory)).collect()
}

fn name(uid: &EntityUid, catalogue: &Catalogue, directory: &Directory) -> Option<Fault> {
    let id = uid.id().unescaped();
    let kind = uid.type_name().to_string();
    let fault = |message: String, help: String| {
        let needle = format!("\"{}\"", uid.id().escaped());
        let is_cedars = kind == "Action" || catalogue.type_named(&kind).is_none();
        Some(Fault { message, help, needle, is_cedars })
    };
    match kind.as_str() {
        "Action" => {
            if catalogue.calls.contains_key(id) || catalogue.groups.contains_key(id) {
                return None;
            }
            let known = catalogue.calls.keys().chain(catalogue.groups.keys()).map(String::as_str);
            let help =
                did_you_mean(nearest(id, known), "`authorize schema` lists all calls and groups");
            fault(format!("there is no call and no group `{id}`"), help)
        }
        "Team" => {
            if directory.teams().any(|team| team == id) {
                return None;
            }
            let help = did_you_mean(
                nearest(id, directory.teams()),
                "describe it in `entities.toml`, under `[teams]`",
            );
            fault(format!("there is no team `{id}`"), help)
        }
        "Tags" => fault(
            "tags have no name of their own".to_owned(),
            "reach them from what has them: `resource has tags && resource.tags.hasTag(\"stage\")`"
                .to_owned(),
        ),
        _ if catalogue.type_named(&kind).is_none() => {
            let help = did_you_mean(nearest(&kind, catalogue.type_names()), "see the schema");
            fault(format!("there is no type `{kind}`"), help)
        }
        _ => identity(&kind, id).and_then(|(message, help)| fault(message, help)),
    }
}

/// What is wrong with the id of a principal or resource, and what to write.
fn identity(kind: &str, id: &str) -> Option<(String, String)> {
    if id.contains('*') {
        return Some((
            format!("`*` stands for itself in `{kind}::\"{id}\"`"),
            "compare the ARN: `resource has arn && resource.arn like \"arn:...*\"`".to_owned(),
        ));
    }
    match kind {
        "Account" if AccountId::parse(id).is_some() => return None,
        "Account" => {
            return Some((format!("`{id}` is no account"), "write its twelve digits".to_owned()));
        }
        "Service" if id.contains('.') => return None,
        "Service" => {
            return Some((
                format!("`{id}` is no service"),
                "write its principal name: `cloudformation.amazonaws.com`".to_owned(),
            ));
        }
        _ => {}
    }
    if is_arn_of(kind, id) {
        return None;
    }
    if kind == "Role" && id.contains(":assumed-role/") {
        return Some((
            format!("`{id}` is a session"),
            "name its role, and ask for the session with `context.session_name`".to_owned(),
        ));
    }
    let example = match kind {
        "Role" => "arn:aws:iam::111122223333:role/app/deploy",
        "User" => "arn:aws:iam::111122223333:user/alice",
        "Group" => "arn:aws:iam::111122223333:group/developers",
        "Root" => "arn:aws:iam::111122223333:root",
        "Policy" => "arn:aws:iam::111122223333:policy/app",
        "InstanceProfile" => "arn:aws:iam::111122223333:instance-profile/web",
        _ => "arn:aws:...",
    };
    Some((
        format!("`{id}` is not the ARN of a {kind}"),
        format!(
            "a name alone would fit any account and path: write all of it, as in \
             `{kind}::\"{example}\"`, or compare `name`"
        ),
    ))
}

/// Whether an id can be the ARN of such a principal or resource: a `forbid` that names what never is
/// would be without effect, and nobody would see it.
fn is_arn_of(kind: &str, id: &str) -> bool {
    if Pattern::parse(id).is_none() {
        return false;
    }
    let begins = match kind {
        "Role" => "role/",
        "User" => "user/",
        "Group" => "group/",
        "Policy" => "policy/",
        "InstanceProfile" => "instance-profile/",
        "Root" => "root",
        _ => return true,
    };
    let fields: Vec<&str> = id.split(':').collect();
    let [_, _, service, "", account, resource] = fields.as_slice() else { return false };
    // AWS keeps its own policies in an account called `aws`; organizations have policies, too.
    let is_somewhere = AccountId::parse(account).is_some() || kind == "Policy" && *account == "aws";
    let is_of_iam = *service == "iam" || kind == "Policy";
    let name = resource.strip_prefix(begins);
    is_of_iam && is_somewhere && name.is_some_and(|name| name.is_empty() == (kind == "Root"))
}

/// Comparisons with words that a closed vocabulary does not have, which could never be true.
pub(crate) fn words(policy: &Policy) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(tree) = tree(policy) else { return faults };
    for part in parts(&tree) {
        walk(&part, &mut |expression| {
            let Expr::BinaryOp { op, left, right } = expression else { return };
            match op {
                BinaryOp::Eq | BinaryOp::NotEq => {
                    word(left, right, &mut faults);
                    word(right, left, &mut faults);
                }
                BinaryOp::Contains => {
                    if let Expr::Set(members) = &**left {
                        members.iter().for_each(|member| word(right, member, &mut faults));
                    }
                }
                _ => {}
            }
        });
    }
    faults
}

fn word(attribute: &Expr, value: &Expr, faults: &mut Vec<Fault>) {
    let Expr::GetAttr { attr, .. } = attribute else { return };
    let Some(text) = string(value) else { return };
    let known: Vec<&str> = match attr.as_str() {
        "grade_before" | "grade_after" => Grade::ALL.map(Grade::as_str).to_vec(),
        "severity" => Severity::ALL.map(Severity::as_str).to_vec(),
        "outcome" => vec!["succeeded", "denied", "failed"],
        _ => return,
    };
    if !known.contains(&text) {
        let all = format!("use {}", known.join(", "));
        faults.push(Fault {
            message: format!("`{attr}` is never `{text}`"),
            help: did_you_mean(nearest(text, known), &all),
            needle: format!("\"{text}\""),
            is_cedars: false,
        });
    }
}
