//! `aws:PrincipalArn` of a session is the ARN of its role, of which a session shows the name and not
//! the path. Where every condition on it comes out the same for any path, the name decides.
//!
//! Source: IAM User Guide, "AWS global condition context keys", `aws:PrincipalArn`.

use trailwarden_policy::condition::{Condition, Operator};
use trailwarden_policy::document::{Document, Statement};
use trailwarden_policy::reach::Glob;

use super::Scene;

const KEY: &str = "aws:PrincipalArn";

/// Whether no statement about the action asks for the path. `role` is the ARN without one.
pub(super) fn path_never_matters(scene: &Scene<'_>, role: &str) -> bool {
    let settled = |document: &&Document| {
        let has_variables = document.version.as_deref() == Some("2012-10-17");
        let about = document.statements.iter().filter(|one| one.covers_action(scene.action));
        about.into_iter().all(|statement| {
            !(has_variables && is_variable_in(statement))
                && statement
                    .conditions
                    .iter()
                    .filter(|condition| condition.key.eq_ignore_ascii_case(KEY))
                    .all(|condition| is_settled(condition, role))
        })
    };
    scene.documents.iter().all(settled)
}

fn is_variable_in(statement: &Statement) -> bool {
    let in_conditions = statement.conditions.iter().flat_map(|condition| &condition.values);
    let excluded = statement.not_resources.iter().flatten();
    let mut all = statement.resources.iter().chain(excluded).chain(in_conditions);
    all.any(|text| text.to_ascii_lowercase().contains("${aws:principalarn"))
}

/// Whether each value of the policy fits for every path, or for none.
fn is_settled(condition: &Condition, role: &str) -> bool {
    let operator = Operator::parse(&condition.operator);
    let of = |text: &str| match operator.base.as_str() {
        "stringequalsignorecase" | "stringnotequalsignorecase" => text.to_lowercase(),
        _ => text.to_owned(),
    };
    let role = of(role);
    condition.values.iter().all(|value| {
        let value = of(value);
        match operator.base.as_str() {
            // The key is always there.
            "null" => true,
            "stringlike" | "stringnotlike" => {
                !value.contains("${") && is_same_for_all(&Glob::plain(&value), &role)
            }
            "stringequals"
            | "stringnotequals"
            | "stringequalsignorecase"
            | "stringnotequalsignorecase" => {
                !value.contains("${") && is_same_for_all(&Glob::literal(&value), &role)
            }
            "arnlike" | "arnnotlike" | "arnequals" | "arnnotequals" => {
                !value.contains("${") && arn_is_same_for_all(&value, &role)
            }
            _ => false,
        }
    })
}

/// Whether a set holds the role at every path, or at none.
fn is_same_for_all(pattern: &Glob, role: &str) -> bool {
    let Some((before, name)) = role.split_once(":role/") else { return false };
    // The name and the account hold no wildcards. A superset of the paths that there are.
    let anywhere = Glob::plain(&format!("{before}:role/*/{name}"));
    let at_root = pattern.matches(role);
    if at_root { pattern.covers(&anywhere) } else { !pattern.intersects(&anywhere) }
}

/// ARNs are compared part by part, and only the last part of a role's has its path.
fn arn_is_same_for_all(pattern: &str, role: &str) -> bool {
    let parts = |text: &str| -> Vec<String> { text.splitn(6, ':').map(str::to_owned).collect() };
    let (pattern, role) = (parts(pattern), parts(role));
    let ([heads @ .., last], [known @ .., name]) = (pattern.as_slice(), role.as_slice()) else {
        return false;
    };
    // A text of another form compares with nothing, whatever the path is.
    if heads.len() != known.len() {
        return true;
    }
    let heads_fit = heads.iter().zip(known).all(|(head, text)| Glob::plain(head).matches(text));
    !heads_fit || is_same_for_all(&Glob::plain(&format!(":{last}")), &format!(":{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/app";

    fn settled(operator: &str, value: &str) -> bool {
        let condition = Condition {
            operator: operator.to_owned(),
            key: KEY.to_owned(),
            values: vec![value.to_owned()],
        };
        is_settled(&condition, ROLE)
    }

    #[test]
    fn the_name_decides_where_it_can() {
        for value in [
            "arn:aws:iam::*:role/OrgAdmin",
            "arn:aws:iam::*:root",
            "arn:aws:iam::999999999999:role/app",
            "arn:aws:iam::111122223333:*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::*:role/*Admin",
            "*",
        ] {
            assert!(settled("ArnLike", value), "{value}");
            assert!(settled("StringNotLike", value), "{value}");
        }
        // At the root of the paths, or below another.
        for value in ["arn:aws:iam::*:role/app", "arn:aws:iam::*:role/team/*", ROLE] {
            assert!(!settled("ArnNotLike", value), "{value}");
            assert!(!settled("StringLike", value), "{value}");
        }
        assert!(settled("Null", "true"));
        assert!(settled("ArnLikeIfExists", "arn:aws:iam::*:role/OrgAdmin"));
        assert!(settled("StringEquals", "arn:aws:iam::111122223333:role/other"));
        assert!(!settled("StringEquals", ROLE));
        assert!(!settled("StringEqualsIgnoreCase", &ROLE.to_uppercase()));
        assert!(!settled("StringLike", "${aws:PrincipalArn}"));
        assert!(!settled("NumericEquals", "1"));
    }
}
