//! Explicit denies: whether there are any, and which ones a change took away.
//!
//! Structural: statements are compared as written, not by what they decide.

use std::collections::HashSet;

use crate::condition::all_at_least_as_narrow;
use crate::document::{Document, Effect, Principals, Statement};

/// Whether any statement denies.
pub fn has_deny(document: &Document) -> bool {
    denies(document).next().is_some()
}

/// The Deny statements of `old` that `new` does not repeat at least as widely.
///
/// Rewording (order, `Sid`, case of actions, merging statements, splitting by action, more actions,
/// fewer conditions) is not a removal. Other reorganisations, such as replacing names by a pattern
/// other than `*`, are reported although they may deny the same.
pub fn removed_denies<'old>(old: &'old Document, new: &Document) -> Vec<&'old Statement> {
    let kept: Vec<&Statement> = denies(new).collect();
    denies(old).filter(|statement| !is_kept(statement, &kept)).collect()
}

fn denies(document: &Document) -> impl Iterator<Item = &Statement> {
    let statements = document.statements.iter();
    statements.filter(|s| s.effect == Effect::Deny)
}

fn is_kept(old: &Statement, kept: &[&Statement]) -> bool {
    let candidates: Vec<&Statement> = kept
        .iter()
        .copied()
        .filter(|new| {
            covers_principals(new, old)
                && covers(
                    (&new.resources, new.not_resources.as_deref()),
                    (&old.resources, old.not_resources.as_deref()),
                )
                && all_at_least_as_narrow(&old.conditions, &new.conditions)
        })
        .collect();
    match &old.not_actions {
        Some(_) => candidates.iter().any(|new| {
            let new = (lower(&new.actions), new.not_actions.as_deref().map(lower));
            let old = (Vec::new(), old.not_actions.as_deref().map(lower));
            covers((&new.0, new.1.as_deref()), (&old.0, old.1.as_deref()))
        }),
        None => old
            .actions
            .iter()
            .all(|action| candidates.iter().any(|new| covers_pattern(new, action))),
    }
}

/// Whether a statement covers all that an action pattern of another covers.
fn covers_pattern(new: &Statement, pattern: &str) -> bool {
    if !pattern.contains('*') {
        return new.covers_action(pattern);
    }
    // A `*` stands for nothing and for anything, so both must be covered. The long probe holds a
    // character that no action has: only a `*` of the new pattern can take it. Exclusions could
    // overlap with the pattern at a name that no probe hits, so they never count as covering it.
    new.not_actions.is_none()
        && ["", "\u{1}\u{1}\u{1}"]
            .iter()
            .all(|probe| new.covers_action(&pattern.replace('*', probe)))
}

fn lower(actions: &[String]) -> Vec<String> {
    actions.iter().map(|a| a.to_ascii_lowercase()).collect()
}

/// Whether a list (or everything but a list) covers another.
fn covers(new: (&[String], Option<&[String]>), old: (&[String], Option<&[String]>)) -> bool {
    let within = |a: &[String], b: &[String]| {
        let b: HashSet<&String> = b.iter().collect();
        a.iter().all(|value| b.contains(value))
    };
    match (new, old) {
        ((_, Some(new)), (_, Some(old))) => within(new, old),
        ((_, Some(_)), (_, None)) => false,
        ((new, None), _) if new.iter().any(|value| value == "*") => true,
        ((_, None), (_, Some(_))) => false,
        ((new, None), (old, None)) => within(old, new),
    }
}

fn covers_principals(new: &Statement, old: &Statement) -> bool {
    match (&new.not_principals, &old.not_principals) {
        (Some(new), Some(old)) => within_principals(new, old),
        (Some(_), None) => false,
        (None, Some(_)) => new.principals.is_everyone(),
        (None, None) => within_principals(&old.principals, &new.principals),
    }
}

fn within_principals(a: &Principals, b: &Principals) -> bool {
    b.is_everyone()
        || (*a != Principals::Any && a.listed().iter().all(|one| b.listed().contains(one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(statements: &str) -> Document {
        let document = Document::parse(&format!(r#"{{"Statement":[{statements}]}}"#)).unwrap();
        assert!(document.problems.is_empty(), "{:?}", document.problems);
        document
    }

    fn removed(old: &str, new: &str) -> usize {
        removed_denies(&document(old), &document(new)).len()
    }

    const BOTH: &str = r#"{"Effect":"Deny","Action":["iam:A","iam:B"],"Resource":["x","y"]}"#;

    #[test]
    fn a_deny_is_seen() {
        assert!(has_deny(&document(BOTH)));
        assert!(!has_deny(&document(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#)));
    }

    #[test]
    fn rewording_removes_nothing() {
        for new in [
            r#"{"Sid":"s","Effect":"Deny","Action":["iam:b","IAM:A"],"Resource":["y","x"]}"#,
            r#"{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#,
            r#"{"Effect":"Deny","Action":"iam:A","Resource":["x","y"]},{"Effect":"Deny","Action":"iam:B","Resource":"*"}"#,
        ] {
            assert_eq!(removed(BOTH, new), 0, "{new}");
        }
    }

    #[test]
    fn narrowing_a_deny_removes_it() {
        for new in [
            r#"{"Effect":"Allow","Action":["iam:A","iam:B"],"Resource":["x","y"]}"#,
            r#"{"Effect":"Deny","Action":["iam:A"],"Resource":["x","y"]}"#,
            r#"{"Effect":"Deny","Action":["iam:A","iam:B"],"Resource":["x"]}"#,
            r#"{"Effect":"Deny","Action":["iam:A","iam:B"],"NotResource":["x"]}"#,
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
        ] {
            assert_eq!(removed(BOTH, new), 1, "{new}");
        }
    }

    #[test]
    fn a_pattern_is_kept_only_by_one_as_wide() {
        let deny = |action: &str| format!(r#"{{"Effect":"Deny",{action},"Resource":"*"}}"#);
        let old = deny(r#""Action":"iam:Get*""#);
        assert_eq!(removed(&old, &deny(r#""Action":"iam:G*""#)), 0);
        assert_eq!(removed(&old, &deny(r#""Action":"iam:Get*""#)), 0);
        assert_eq!(removed(&old, &deny(r#""Action":"iam:Get?""#)), 1);
        assert_eq!(removed(&old, &deny(r#""Action":"iam:Get?*""#)), 1);
        assert_eq!(removed(&old, &deny(r#""NotAction":"iam:GetUser""#)), 1);
    }

    #[test]
    fn principals_and_exclusions_count() {
        let all = r#"{"Effect":"Deny","Principal":"*","NotAction":["s3:A"],"Resource":"*"}"#;
        let one = r#"{"Effect":"Deny","Principal":{"AWS":"111122223333"},"NotAction":["s3:A"],"Resource":"*"}"#;
        let wider_gap =
            r#"{"Effect":"Deny","Principal":"*","NotAction":["s3:A","s3:B"],"Resource":"*"}"#;
        let everything = r#"{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"*","Resource":"*"}"#;
        assert_eq!(removed(all, one), 1);
        assert_eq!(removed(one, all), 0);
        assert_eq!(removed(all, wider_gap), 1);
        assert_eq!(removed(wider_gap, all), 0);
        assert_eq!(removed(all, everything), 0);
    }
}
