//! Conditions against each other: implication, contradiction, spelling.

use super::*;
use crate::reach::clause::Conditions;

fn predicate(operator: &str, values: &[&str]) -> Predicate {
    let condition = Condition {
        operator: operator.to_owned(),
        key: "aws:Key".to_owned(),
        values: values.iter().map(|v| (*v).to_owned()).collect(),
    };
    Predicate::of(&condition, true)
}

/// `StringLike a b` as an operator and its values.
fn p(text: &str) -> Predicate {
    let (operator, values) = text.split_once(' ').unwrap_or((text, ""));
    predicate(operator, &values.split_whitespace().collect::<Vec<_>>())
}

// IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for
// multivalued context keys".
#[test]
fn implications() {
    for (narrow, wide) in [
        ("StringEquals a", "stringequals b a"),
        ("StringEquals a", "StringEqualsIgnoreCase A"),
        ("StringEquals team-a", "StringLike team-*"),
        ("StringLike team-a*", "StringLike x team-*"),
        ("StringEquals a", "StringNotEquals b"),
        ("StringNotLike a*", "StringNotEquals ab ac"),
        ("StringNotEquals a b", "StringNotEquals b"),
        ("StringEquals a", "StringEqualsIfExists a"),
        ("StringEquals a", "ForAllValues:StringEquals a b"),
        ("StringEquals a", "ForAnyValue:StringEquals a b"),
        ("ForAnyValue:StringEquals a", "Null false"),
        ("StringEquals a", "Null false"),
        ("Null true", "StringNotEquals a"),
        ("Null true", "ForAllValues:StringEquals a"),
        ("Null true", "BoolIfExists true"),
        ("ArnEquals arn:aws:iam::1:role/a", "ArnLike arn:aws:iam::*:role/*"),
        ("ArnLike arn:aws:iam::1:role/a*", "StringLike arn:aws:iam::1:*"),
        ("StringEquals arn:aws:iam::1:role/a", "ArnLike arn:aws:iam::1:role/*"),
        ("IpAddress 10.1.0.0/16", "IpAddress 192.0.2.0/24 10.0.0.0/8"),
        ("NotIpAddress 10.0.0.0/8", "NotIpAddress 10.1.0.0/16"),
        ("NumericLessThan 10", "NumericLessThanEquals 10"),
        ("NumericEquals 3", "NumericGreaterThan 2.5"),
        ("DateLessThan 2026-01-01T00:00:00Z", "DateLessThan 2026-06-01"),
        ("Bool TRUE", "BoolIfExists true"),
        ("Bool true", "Null false"),
        ("StringEquals ${aws:username}", "StringEquals ${aws:username} a"),
    ] {
        assert!(p(narrow).implies(&p(wide)), "{narrow} => {wide}");
        assert!(!p(wide).implies(&p(narrow)), "{wide} => {narrow}");
    }
}

#[test]
fn no_implication() {
    for (a, b) in [
        ("StringEqualsIfExists a", "StringEquals a"),
        ("ForAllValues:StringEquals a", "ForAnyValue:StringEquals a"),
        ("ForAllValues:StringEquals a", "Null false"),
        ("StringNotEquals a", "Null false"),
        ("StringNotEquals a", "StringEquals b"),
        ("StringEqualsIfExists a", "Null false"),
        // A `*` crosses colons in StringLike, not in ArnLike.
        ("StringLike arn:aws:iam::*", "ArnLike arn:aws:iam::*:role/*"),
        ("ArnLike arn:aws:iam::*:role/a", "ArnLike arn:aws:iam::1:role/a"),
        // In StringEquals a `*` is a character.
        ("StringLike a*", "StringEquals a*"),
        ("NumericLessThanEquals 10", "NumericLessThan 10"),
        ("StringEquals ${aws:username}", "StringLike *"),
        ("StringNotEquals a ${aws:username}", "StringNotEquals a"),
        ("Sounds a", "Sounds a b"),
        ("NumericEquals 1", "StringEquals 1"),
        ("StringLike *", "ForAnyValue:StringLike *"),
        ("IpAddress 10.0.0.0/8", "IpAddress ::/0"),
        ("ArnLike *:aws:iam::1:role/a", "ArnLike *:aws:iam::1:*"),
    ] {
        assert!(!p(a).implies(&p(b)), "{a} => {b}");
    }
}

#[test]
fn contradictions() {
    for (a, b) in [
        ("StringEquals a", "StringEquals b"),
        ("StringEquals a", "StringLike b*"),
        ("StringEquals a", "StringEqualsIfExists b"),
        ("StringEquals a", "StringNotLike a*"),
        ("StringEquals a", "Null true"),
        ("Null false", "Null true"),
        ("Bool true", "BoolIfExists false"),
        ("ForAnyValue:StringEquals a", "ForAllValues:StringEquals b"),
        ("NumericLessThan 3", "NumericGreaterThan 3"),
        ("DateLessThan 2026-01-01", "DateGreaterThanEquals 2026-01-01"),
        ("IpAddress 10.0.0.0/8", "IpAddress 192.0.2.0/24"),
        ("ArnLike arn:aws:iam::1:role/*", "ArnLike arn:aws:iam::2:role/*"),
        ("StringEquals ${aws:username}", "StringNotEquals ${aws:username}"),
    ] {
        assert!(p(a).contradicts(&p(b)) && p(b).contradicts(&p(a)), "{a} / {b}");
    }
    for (a, b) in [
        ("StringEqualsIfExists a", "StringEqualsIfExists b"),
        ("StringNotEquals a", "StringNotEquals b"),
        ("ForAllValues:StringEquals a", "ForAllValues:StringEquals b"),
        ("ForAnyValue:StringEquals a", "ForAnyValue:StringEquals b"),
        ("ForAnyValue:StringEquals a", "ForAnyValue:StringNotEquals a"),
        ("StringEquals a", "StringEqualsIgnoreCase A"),
        ("NumericLessThan 3", "NumericGreaterThan 2"),
        ("StringEquals ${a}", "StringEquals ${b}"),
        ("Sounds a", "Null true"),
        ("NullIfExists true", "Null false"),
        // To a set operator, an empty text is no value.
        ("StringLike *", "ForAllValues:StringEquals a"),
        ("IpAddress 10.0.0.0/8", "IpAddress ::/0"),
    ] {
        assert!(!p(a).contradicts(&p(b)) && !p(b).contradicts(&p(a)), "{a} / {b}");
    }
}

#[test]
fn spellings_of_the_same_are_equal() {
    for (a, b) in [
        ("ArnEquals x", "arnlike x"),
        ("StringNotEqualsIfExists a", "StringNotEquals a"),
        ("ForAllValues:StringLikeIfExists b a a", "forallvalues:stringlike a b"),
        ("Bool True", "Bool true"),
    ] {
        assert_eq!(p(a), p(b));
    }
    let again = |text: &str| Predicate::of(&p(text).to_condition(), true);
    for text in
        ["ForAnyValue:StringNotLike a", "DateNotEquals 1", "NumericLessThanEqualsIfExists 1"]
    {
        assert_eq!(again(text), p(text));
    }
}

fn all(texts: &[&str]) -> Conditions {
    Conditions::of(texts.iter().map(|text| p(text)).collect()).unwrap()
}

#[test]
fn conditions_are_simplified() {
    assert_eq!(Conditions::of(vec![p("Bool true"), p("Bool false")]), None);
    assert_eq!(
        all(&["StringEquals a", "StringEquals a b", "Null false"]),
        all(&["StringEquals a"])
    );
    let left = all(&["StringEquals a b"]).and_not(&all(&["StringEquals a"]));
    assert_eq!(left, [all(&["StringEquals b"])]);
    assert!(left.iter().all(|one| one.and_not(&all(&["StringEquals b"])).is_empty()));
    assert!(all(&["StringEquals a"]).and_not(&all(&["StringLike *"])).is_empty());
    assert_eq!(
        all(&["StringEquals c"]).and_not(&all(&["StringEquals a"])),
        [all(&["StringEquals c"])]
    );
    let open = Conditions::none().and_not(&all(&["Bool true", "StringEquals a"]));
    assert_eq!(open.len(), 1);
    assert!(open[0].implies(&Conditions::none()) && !Conditions::none().implies(&open[0]));
    assert!(all(&["Null true"]).implies(&open[0]));
    // What was taken away and is given back is all there again.
    assert!(Conditions::none().and_not(&open[0])[0].implies(&all(&["Bool true"])));
}

// What a stranger writes stays on one line.
#[test]
fn people_read_one_line() {
    for (condition, wanted) in [
        ("Bool true", "`aws:Key` is `true`"),
        ("Null true", "`aws:Key` is absent"),
        ("StringNotEquals a", "`aws:Key` is not `a`"),
        ("StringNotEquals a b", "`aws:Key` is neither `a` nor `b`"),
        ("StringNotLike a b c d", "`aws:Key` is like neither `a` nor `b` nor `c` nor 1 more"),
        ("NotIpAddress 10.0.0.0/8", "`aws:Key` is outside `10.0.0.0/8`"),
        ("NumericLessThanIfExists 3", "`aws:Key`, if given, is below `3`"),
        ("ForAnyValue:StringEqualsIfExists a b", "some `aws:Key`, if given, is `a` or `b`"),
        ("SoundsIfExists a", "`aws:Key`, if given, holds by `sounds` for `a`"),
    ] {
        assert_eq!(p(condition).to_string(), wanted);
    }
    for (operator, wanted) in [
        ("DateLessThan", "the session began before `2026-01-01`"),
        ("DateGreaterThanEquals", "the session began no earlier than `2026-01-01`"),
        ("DateNotEquals", "the session began not at `2026-01-01`"),
        ("DateLessThanIfExists", "the session, if there is one, began before `2026-01-01`"),
        ("StringLike", "`aws:TokenIssueTime` is like `2026-01-01`"),
    ] {
        let told = Predicate::with_value(operator, "aws:TokenIssueTime", "2026-01-01");
        assert_eq!(told.to_string(), wanted);
    }
    let hostile = predicate("StringLikeIfExists", &["a\nb", "c", "d\u{202e}", "e", "f"]);
    let text = hostile.to_string();
    assert!(!text.contains(['\n', '\u{202e}']), "{text}");
    assert!(text.contains(", if given, is like ") && text.ends_with("or 2 more"), "{text}");
}
