//! Patterns as sets of texts, against plain matching.

use proptest::prelude::*;

use super::text::FRESH;
use super::*;
use crate::reach::area::Area;

fn glob(text: &str) -> Glob {
    Glob::with_variables(text)
}

// IAM User Guide, "IAM JSON policy elements: Resource": `*` also stands for `/` and `:`.
#[test]
fn covering_is_inclusion() {
    for (wide, narrow) in [
        ("*", "arn:aws:s3:::b/*"),
        ("arn:aws:s3:::*", "arn:aws:s3:::b/*"),
        ("arn:aws:s3:::b*", "arn:aws:s3:::b/*"),
        ("a*c", "abc"),
        ("a*c", "a*b*c"),
        ("?*", "*?"),
        ("*ab*", "*aab*"),
        ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:111122223333:q"),
    ] {
        assert!(glob(wide).covers(&glob(narrow)), "{wide} {narrow}");
        assert!(glob(narrow) == glob(wide) || !glob(narrow).covers(&glob(wide)) || wide == "?*");
    }
    for (a, b) in [("a*", "b*"), ("a?", "a*"), ("A", "a"), ("*a", "*b"), ("a*c", "a*")] {
        assert!(!glob(a).covers(&glob(b)), "{a} {b}");
    }
}

#[test]
fn intersections_are_listed() {
    let shared = |a: &str, b: &str| {
        let shared = glob(a).intersection(&glob(b));
        assert!(shared.is_exact);
        shared.globs.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(shared("a*", "*b"), ["a*b"]);
    assert_eq!(shared("ab*", "*bc"), ["ab*bc", "abc"]);
    assert_eq!(shared("a?c", "ab?"), ["abc"]);
    assert!(shared("a*", "b*").is_empty());
    assert!(!glob("a*x").intersects(&glob("*y")));
}

// IAM User Guide, "IAM policy elements: Variables and tags".
#[test]
fn a_variable_is_covered_only_by_a_star_or_itself() {
    let own = glob("arn:aws:s3:::b/${aws:username}/*");
    assert!(glob("arn:aws:s3:::b/*").covers(&own));
    assert!(glob("arn:aws:s3:::b/${AWS:UserName}/*").covers(&own));
    assert!(!own.covers(&glob("arn:aws:s3:::b/*")));
    assert!(!own.covers(&glob("arn:aws:s3:::b/alice/*")));
    assert!(own.intersects(&glob("arn:aws:s3:::b/alice/*")));
    assert!(!glob("arn:aws:s3:::b/?").covers(&glob("arn:aws:s3:::b/${aws:username}")));
    assert!(!glob("${a}").covers(&glob("${b}")));
    assert_eq!(glob("x${*}").as_literal().as_deref(), Some("x*"));
    assert_eq!(glob("x${*}").to_string(), "x${*}");
    assert_eq!(Glob::plain("${a}").to_string(), "${$}{a}");
    assert_eq!(glob("${$}{a}"), Glob::plain("${a}"));
    assert!(Glob::plain("${a}").as_literal().is_some());
}

// The character that stands for wildcards in samples proves nothing when a policy has it.
#[test]
fn a_private_character_hides_nothing() {
    let private = |text: &str| glob(&text.replace('_', &FRESH.to_string()));
    for (within, except) in [("x*", "x_"), ("x?", "x_"), ("*", "*_*"), ("*a?", "_a_")] {
        let area = Area::of(private(within), vec![private(except)]);
        assert!(area.is_some_and(|area| !area.may_be_empty()), "{within} {except}");
    }
    assert_eq!(Area::of(private("x_"), vec![private("x*")]), None);
}

#[test]
fn hostile_patterns_end() {
    let a = glob(&"*a?".repeat(300));
    let b = glob(&"*?b".repeat(300));
    // The answer may be "not known"; that it comes at all is the point.
    let _ = (a.covers(&b), a.intersects(&b), a.intersection(&b));
    assert!(!glob("a\nb\u{202e}").to_string().contains(['\n', '\u{202e}']));
}

/// The plain recursive definition, as the reference.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), _) => {
            naive(rest, text) || text.split_first().is_some_and(|(_, tail)| naive(pattern, tail))
        }
        (Some((p, rest)), Some((c, tail))) => (*p == '?' || p == c) && naive(rest, tail),
        _ => false,
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    let chars = |s: &str| s.chars().collect::<Vec<_>>();
    naive(&chars(pattern), &chars(text))
}

/// All texts over a small alphabet, up to five characters.
fn texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..5 {
        let to = all.len();
        for at in from..to {
            all.extend(["a", "b", "c"].map(|c| format!("{}{c}", all[at])));
        }
        from = to;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inclusion_and_intersection_agree_with_matching(
        a in "[ab*?]{0,5}", b in "[ab*?]{0,5}", c in "[ab*?]{0,4}",
    ) {
        let texts = texts();
        let (x, y, z) = (glob(&a), glob(&b), glob(&c));
        for text in &texts {
            prop_assert_eq!(x.matches(text), fits(&a, text));
        }
        // Patterns this short differ, if at all, on a text this short.
        prop_assert_eq!(x.covers(&y), texts.iter().all(|t| !fits(&b, t) || fits(&a, t)));
        let both = |t: &String| fits(&a, t) && fits(&b, t);
        if texts.iter().any(both) {
            prop_assert!(x.intersects(&y));
        }
        let shared = x.intersection(&y);
        for text in &texts {
            let listed = shared.globs.iter().any(|g| g.matches(text));
            prop_assert!(listed || !both(text));
            prop_assert!(listed == both(text) || !shared.is_exact);
        }
        let area = Area::of(x, vec![y, z]);
        let left = |t: &String| fits(&a, t) && !fits(&b, t) && !fits(&c, t);
        match area {
            None => prop_assert!(!texts.iter().any(left)),
            Some(area) => {
                let witness = area.witness().unwrap();
                prop_assert!(left(&witness), "{}", witness);
            }
        }
    }

    /// A `*` that does not end its segment stays within it; see `pattern::resource_matches`. (Without
    /// `?`, which could stand for a colon.)
    #[test]
    fn resource_patterns_mean_the_same_as_for_the_evaluator(
        a in "[a:*]{0,6}", b in "[a:*]{0,6}",
    ) {
        let matches = crate::pattern::resource_matches;
        let (x, y) = (Glob::resource(&a, false).unwrap(), Glob::resource(&b, false).unwrap());
        // With `b` for a colon and `c` for any other letter.
        let texts: Vec<String> = texts().iter().map(|text| text.replace('b', ":")).collect();
        for text in &texts {
            prop_assert_eq!(x.matches(text), matches(&a, text), "{}", text);
        }
        if x.covers(&y) {
            prop_assert!(texts.iter().all(|t| !matches(&b, t) || matches(&a, t)));
        }
        if !x.intersects(&y) {
            prop_assert!(!texts.iter().any(|t| matches(&b, t) && matches(&a, t)));
        }
        let shared = x.intersection(&y);
        for text in &texts {
            let both = matches(&a, text) && matches(&b, text);
            let listed = shared.globs.iter().any(|glob| glob.matches(text));
            prop_assert!(listed == both || (listed && !shared.is_exact), "{}", text);
        }
        if Area::of(x, vec![y]).is_none() {
            prop_assert!(texts.iter().all(|t| !matches(&a, t) || matches(&b, t)));
        }
    }
}
