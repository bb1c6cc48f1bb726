//! Texts made to break the reader: refused, or read on a small stack.

use std::thread;

use proptest::prelude::*;
use trailwarden_authorize::{File, Policies};

use super::{asked, faults, load};

/// Whether the work ends well on a stack of two MiB, which every platform gives.
fn ends_on_a_small_stack(work: impl FnOnce() + Send + 'static) -> bool {
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.is_ok_and(|thread| thread.join().is_ok())
}

fn forbid(condition: &str) -> String {
    format!(
        "forbid(principal, action == Action::\"iam:PutRolePolicy\", resource) when {{ {condition} }};"
    )
}

#[test]
fn nesting_and_chains_beyond_the_limits_are_refused() {
    assert!(ends_on_a_small_stack(|| {
        let deep = |open: &str, close: &str, times: usize| {
            forbid(&format!("{}true{}", open.repeat(times), close.repeat(times)))
        };
        for text in [deep("(", ")", 100_000), deep("[", "]", 100_000), "(".repeat(500_000)] {
            assert!(faults(&text).contains("nested more than 32 deep") || text.len() > 65536);
            assert_ne!(faults(&text), "none");
        }
        assert!(faults(&deep("(", ")", 40)).contains("nested more than 32 deep"));
        assert!(faults(&deep("if true then false else ", "", 40)).contains("nested more than 32"));
        assert!(faults(&deep("!", "", 2000)).contains("more than 400 operators"));
        assert!(faults(&deep("context.denied && ", "", 201)).contains("more than 400 operators"));
        assert!(faults(&forbid(&"x".repeat(70_000))).contains("more than 65536 bytes"));
        assert!(faults(&" ".repeat((1 << 20) + 1)).contains("more than 1048576 bytes"));
        let many = "x;".repeat(1001);
        assert!(faults(&many).contains("more than 1000 policies"));
    }));
}

#[test]
fn a_policy_at_the_limits_loads_and_is_evaluated() {
    assert!(ends_on_a_small_stack(|| {
        let chain = forbid(&vec!["context.denied"; 200].join(" && "));
        let policies = load(&chain).unwrap();
        assert_eq!(policies.explain(&asked()).near[0].parts.len(), 200);
        // Brackets around what is already as deep as may be.
        let nested = |inner: &str| forbid(&format!("{}{inner}{}", "(".repeat(29), ")".repeat(29)));
        for deepest in [
            vec!["true"; 397].join(" && ") + " && context.from_console",
            vec!["false"; 397].join(" || ") + " || true",
            format!("context.hour{} > 0", " + 1".repeat(396)),
            format!("context.hour{} > 0", " * 1".repeat(396)),
            format!("{}true{}", "(false || ".repeat(28), ")".repeat(28)),
        ] {
            let decision = match load(&nested(&deepest)).or_else(|_| load(&forbid(&deepest))) {
                Ok(policies) => policies.explain(&asked()),
                Err(faults) => panic!("{deepest:.60}: {}", super::shown(&faults)),
            };
            assert_eq!(decision.errors, [], "{deepest:.60}");
        }
        for refused in [
            format!("context{}", "[\"effect\"]".repeat(5000)),
            format!("context{}", "[\"effect\"]".repeat(399)),
            format!("context{}", ".effect".repeat(399)),
            format!("context has {}", vec!["effect"; 399].join(".")),
        ] {
            assert_ne!(faults(&forbid(&refused)), "none", "{refused:.60}");
        }
    }));
}

#[test]
fn a_deep_file_of_teams_is_refused() {
    assert!(ends_on_a_small_stack(|| {
        for (name, text) in [
            ("entities.toml", format!("teams = {}", "[".repeat(100_000))),
            ("entities.toml", format!("teams = {}", "{a=".repeat(100_000))),
            ("entities.toml", format!("[{}teams]", "teams.".repeat(50_000))),
            ("entities.toml", format!("{}teams = 1", "teams.".repeat(50_000))),
            ("entities.json", format!("{{\"teams\": {}", "[".repeat(100_000))),
            ("entities.json", "{\"teams\": ".repeat(50_000)),
        ] {
            let file = File { name: name.to_owned(), text };
            assert!(Policies::load(&[file]).is_err(), "{name}");
        }
    }));
}

#[test]
fn what_follows_a_comment_is_read_whatever_ends_its_line() {
    for end in ["\n", "\r\n", "\r"] {
        let text =
            format!("// a comment{end}@id(\"f\"){end}forbid(principal, action, resource);{end}");
        let policies = load(&text).unwrap();
        assert_eq!(policies.decide(&asked()).by, ["f"], "{end:?}");
    }
    let hidden = forbid(&format!("// \r {}true{}\n", "(".repeat(40), ")".repeat(40)));
    assert!(faults(&hidden).contains("nested more than 32 deep"), "{}", faults(&hidden));
}

#[test]
fn alternatives_that_multiply_are_refused_and_not_counted_out() {
    let either = "(context.effect.grade_after_rank <= 1 || context.effect.severity_rank <= 1 \
                  || context.effect.gained.isEmpty())";
    let many = vec![either; 20].join(" && ");
    let permit =
        format!("permit(principal, action, resource) when {{ context has effect && {many} }};");
    // Each conjunct alone bounds; what all of them together allow has too many cases to say.
    let found = faults(&permit);
    assert!(found == "none" || found.contains("does not bound"), "{found}");
}

#[test]
fn odd_bytes_do_not_break_the_reader() {
    for text in ["\u{0}", "é", "\"", "\"\\", "@", ";;;", "permit", "permit(;", "// é", "🦀;🦀", "}"]
    {
        let found = faults(text);
        assert!(!found.is_empty(), "{text:?}");
    }
}

/// Pieces of policies, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "permit",
        "forbid",
        "(",
        ")",
        "principal",
        "action",
        "resource",
        "context",
        ",",
        ";",
        "{",
        "}",
        "when",
        "unless",
        "==",
        "in",
        "is",
        "has",
        "like",
        "!",
        "&&",
        "||",
        ".",
        "effect",
        "\"",
        "\\",
        "@id",
        "(\"x\")",
        "Action::\"write\"",
        "Role::\"deploy\"",
        "?principal",
        "if",
        "then",
        "else",
        "[",
        "]",
        "1",
        "-",
        "*",
        "//",
        "\n",
        " ",
        "é",
        "\u{202e}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    /// Reading ends, and whatever does not load says where.
    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in pieces(), entities in ".{0,60}") {
        if let Err(faults) = load(&text) {
            prop_assert!(faults.iter().all(|fault| fault.line >= 1 && fault.column >= 1));
        }
        for name in ["entities.toml", "entities.json"] {
            let file = File { name: name.to_owned(), text: entities.clone() };
            let _ = Policies::load(&[file]);
        }
    }
}
