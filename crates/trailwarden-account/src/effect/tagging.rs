//! Tags that somebody else's conditions read.
//!
//! What a bearer's own tags do to his own permissions is compared like any other change. Tags of a
//! resource decide about the permissions of others on it (IAM User Guide, "Controlling access to IAM
//! users and roles using tags"); that depends on the request, so it is said and not graded.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Effect, Judging};
use crate::change::{Field, Subject};
use crate::identity::{Identity, Kind};
use crate::listing::Presence;
use crate::model::Model;
use crate::query::{PolicySource, name_of};
use crate::text::PolicyText;

/// How many readers of a tag are named.
const NAMED_MAX: usize = 3;

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let change = judging.change;
    for touched in &change.touched {
        let (Subject::Identity(Kind::User | Kind::Role, id), Field::Tags) =
            (&touched.subject, touched.field)
        else {
            continue;
        };
        let Some(key) = &touched.item else { continue };
        let Some(identity) = change.after.identity(id) else { continue };
        if change.informed.identity(id).is_some_and(|before| same(before, identity, key)) {
            continue;
        }
        let readers = readers(&change.after, key);
        if readers.is_empty() {
            continue;
        }
        let named: Vec<&str> = readers.iter().take(NAMED_MAX).map(String::as_str).collect();
        let more = match readers.len().checked_sub(NAMED_MAX) {
            Some(more @ 1..) => format!(" and {more} more"),
            _ => String::new(),
        };
        effect.doubt(format!(
            "what {}{more} may do to {}: conditions read its tag {key}",
            named.join(", "),
            name_of(identity)
        ));
    }
}

fn same(before: &Identity, after: &Identity, key: &Arc<str>) -> bool {
    let value = |identity: &Identity| match identity.tags.get(key) {
        Presence::Present(fact) => (true, fact.value().cloned()),
        Presence::Absent | Presence::Unknown(_) => (false, None),
    };
    value(before) == value(after)
}

/// Users, groups and roles with a policy that reads that tag of resources.
fn readers(model: &Model, key: &str) -> BTreeSet<String> {
    let holders = model.identities().filter(|one| one.kind != Kind::Root);
    let reading = holders.filter(|one| policies(model, one).any(|text| reads(&text, key)));
    reading.map(name_of).collect()
}

/// Whether any policy that was seen asks for the tag of a principal or a resource, or writes it as a
/// variable. Each managed policy is asked once.
pub(super) fn is_read(model: &Model, key: &str) -> bool {
    let of_somebody = |one: &Identity| {
        let inline = one.inline.iter().filter_map(|(_, text)| text.value());
        inline.chain(one.trust.value()).any(|text| names_tag(text.as_str(), key))
    };
    let managed = model.policies().filter(|policy| is_own(&policy.arn));
    let mut managed = managed.map(|policy| policy.document());
    managed.any(|text| text.value().is_some_and(|text| names_tag(text.as_str(), key)))
        || model.identities().any(of_somebody)
}

/// Whether a text names a tag, such as `aws:PrincipalTag/team`; of thousands no copies are made.
fn names_tag(text: &str, key: &str) -> bool {
    // What is spelled by numbers is not looked at letter by letter: it may be any name.
    if text.contains("\\u") {
        return true;
    }
    text.match_indices("ag").any(|(at, found)| {
        let rest = text.get(at + found.len()..).unwrap_or_default();
        // JSON may write a slash with a backslash before it.
        let rest = rest.strip_prefix('\\').unwrap_or(rest);
        let Some(rest) = rest.strip_prefix('/') else { return false };
        let is_key = rest.get(..key.len()).is_some_and(|name| name.eq_ignore_ascii_case(key));
        let ends = |rest: &str| rest.starts_with(['"', '}', ',']);
        is_key && rest.get(key.len()..).is_some_and(ends)
    })
}

/// The policies of somebody himself, but for AWS's own.
fn policies<'m>(
    model: &'m Model,
    holder: &'m Identity,
) -> impl Iterator<Item = PolicyText> + use<'m> {
    let inline = holder.inline.iter().filter_map(|(_, text)| text.value().cloned());
    let attached = holder.attached.keys().filter(|arn| is_own(arn));
    inline.chain(attached.filter_map(|arn| model.document_of(arn).value().cloned()))
}

/// Documents of AWS's own name tags that AWS's services set.
fn is_own(arn: &str) -> bool {
    !PolicySource::Managed(arn.into()).name().contains(":iam::aws:policy/")
}

fn reads(text: &PolicyText, key: &str) -> bool {
    let wanted = format!("resourcetag/{}", key.to_ascii_lowercase());
    let Ok(document) = text.document() else { return false };
    let conditions = document.statements.iter().flat_map(|statement| &statement.conditions);
    let mut keys = conditions.map(|condition| condition.key.to_ascii_lowercase());
    keys.any(|key| key.split_once(':').is_some_and(|(_, name)| name == wanted))
}

#[cfg(test)]
mod tests {
    use super::names_tag;

    // RFC 8259, section 7: `\/` and `\u002f` are a slash.
    #[test]
    fn a_tag_is_named_however_json_spells_it() {
        for text in [
            r#"{"aws:PrincipalTag/team":"a"}"#,
            r#"{"aws:PrincipalTag\/team":"a"}"#,
            r#"{"aws:PrincipalTag\u002fteam":"a"}"#,
            r#""${aws:PrincipalTag/Team}""#,
        ] {
            assert!(names_tag(text, "team"), "{text}");
        }
        for text in [r#"{"aws:PrincipalTag/teams":"a"}"#, r#"{"aws:PrincipalTag":"team"}"#] {
            assert!(!names_tag(text, "team"), "{text}");
        }
    }
}
