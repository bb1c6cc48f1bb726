//! Places of values, faults with their place, and that no text makes the walk panic.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// The value again, as `serde_json` sees it; the last of doubled names counts.
fn rebuilt(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Literal(text) => serde_json::from_str(text).unwrap(),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(rebuilt).collect(),
        Value::Members(members) => {
            let pairs = members.iter().map(|m| (m.name.clone(), rebuilt(&m.value)));
            serde_json::Value::Object(pairs.collect())
        }
    }
}

/// Every node's span, read again, gives that node.
fn assert_places(text: &str, node: &Node) {
    let again: serde_json::Value = serde_json::from_str(node.span.of(text)).unwrap();
    assert_eq!(again, rebuilt(node));
    for item in node.items() {
        assert_places(text, item);
    }
    for member in node.members() {
        let name: String = serde_json::from_str(member.name_span.of(text)).unwrap();
        assert_eq!(name, member.name);
        assert_places(text, &member.value);
    }
}

#[test]
fn doubled_names_and_literals_are_kept_as_written() {
    let text = r#" { "a" : 1.50, "a":[true,null ,"x\n\u00e9"], "":{} } "#;
    let node = parse(text).unwrap();
    let names: Vec<&str> = node.members().iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["a", "a", ""]);
    assert_eq!(node.members()[0].value.value, Value::Literal("1.50".to_owned()));
    assert_eq!(node.get("a").unwrap().items()[2].text(), Some("x\né"));
    assert_eq!(node.span.of(text), text.trim());
    assert_places(text, &node);
}

#[test]
fn depth_is_bounded_and_never_overflows() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(DEPTH_MAX)).is_ok());
    let error = parse(&nested(DEPTH_MAX + 1)).unwrap_err();
    assert_eq!(error.fault, JsonFault::TooDeep);
    assert_eq!(error.position.column, DEPTH_MAX + 1);
    assert!(parse(&nested(100_000)).is_err());
    assert!(parse(&"[".repeat(100_000)).is_err());
    assert!(parse(&"{\"a\":".repeat(100_000)).is_err());
}

#[test]
fn faults_say_what_where_and_how_to_mend() {
    let shown = |text: &str| {
        let error = parse(text).unwrap_err();
        assert!(!error.help().is_empty());
        error.to_string()
    };
    assert_eq!(shown("  \n"), "line 1, column 1: there is no text");
    assert_eq!(shown("{\n \"a\": 1,\n}"), "line 2, column 8: a comma before the closing bracket");
    assert_eq!(shown("[1,]"), "line 1, column 3: a comma before the closing bracket");
    assert_eq!(shown("[1,,2]"), "line 1, column 4: a comma where a value belongs");
    assert_eq!(shown("{\"a\":1\n\"b\":2}"), "line 1, column 7: a comma is missing");
    assert_eq!(shown("[\"é\" \"b\"]"), "line 1, column 5: a comma is missing");
    assert_eq!(shown("{\"a\" 1}"), "line 1, column 6: a colon is missing after the name");
    assert_eq!(shown("{'a':1}"), "line 1, column 2: text in single quotes");
    assert_eq!(shown("{“a”:1}"), "line 1, column 2: text in typographic quotes");
    assert_eq!(shown("{a:1}"), "line 1, column 2: a name without quotes");
    assert_eq!(shown("{\"a\":True}"), "line 1, column 6: `True` is not a JSON value");
    assert_eq!(shown("{\"a\":tru}"), "line 1, column 6: `tru` is not a JSON value");
    assert_eq!(shown("{ // why\n}"), "line 1, column 3: a comment");
    assert_eq!(
        shown("{\n \"a\": [1\n"),
        "line 2, column 9: the `[` of line 2, column 7 is not closed"
    );
    assert_eq!(shown("{\"a\":[1}"), "line 1, column 8: `}` closes nothing here");
    assert_eq!(shown("{\"a\": \"b}"), "line 1, column 7: the text is not closed");
    assert_eq!(
        shown("{\"a\": \"b\n\"}"),
        "line 1, column 7: a line break or control character inside a text"
    );
    assert_eq!(shown(r#"{"a":"\d"}"#), "line 1, column 6: an escape that JSON does not have");
    assert_eq!(shown(r#"{"a":"\ud800"}"#), "line 1, column 6: an escape that is half a character");
    assert_eq!(shown("[01]"), "line 1, column 3: a number that JSON does not have");
    assert_eq!(shown("[.5]"), "line 1, column 2: a number that JSON does not have");
    assert_eq!(shown("{} {}"), "line 1, column 4: more text after the end of the document");
}

proptest! {
    #[test]
    fn any_text_is_json_exactly_when_serde_says_so(text in r#"([\[\]{}:,"'\\0-9a-ut. é\n]|"[a-z]{0,2}"|true|\\u00e9){0,24}"#) {
        let known = serde_json::from_str::<serde_json::Value>(&text);
        match parse(&text) {
            Ok(node) => {
                // Numbers beyond f64 are JSON, but not a value there.
                if let Ok(known) = known {
                    prop_assert_eq!(rebuilt(&node), known);
                    assert_places(&text, &node);
                }
            }
            Err(error) => {
                prop_assert!(known.is_err(), "{}", error);
                prop_assert!(error.span.end <= text.len() + 1);
            }
        }
    }

    #[test]
    fn every_value_stands_where_it_says(
        value in prop_oneof![Just(json!(null)), any::<i32>().prop_map(|n| json!(n)), any::<String>().prop_map(|s| json!(s))]
            .prop_recursive(4, 24, 4, |inner| prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|v| json!(v)),
                prop::collection::btree_map(any::<String>(), inner, 0..4).prop_map(|m| json!(m)),
            ]),
        is_pretty in any::<bool>(),
    ) {
        let text = if is_pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let node = parse(&text).unwrap();
        prop_assert_eq!(rebuilt(&node), value);
        assert_places(&text, &node);
    }
}
