//! Small random rules over small random records: the matcher against the reference.

use proptest::prelude::*;
use rsigma_parser::parse_sigma_yaml;
use trailwarden_detect::sigma::{Memo, RuleSet, Source};

use super::{assert_planned, json, reference};

const FIELDS: &[&str] = &[
    "a",
    "b",
    "a.b",
    "a.b.c",
    "b.c",
    "eventName",
    "eventSource",
    "c",
    // Fields that the memo remembers, and near misses.
    "userAgent",
    "userIdentity",
    "userIdentity.type",
    "userIdentity.arn",
    "userIdentity.sessionContext.sessionIssuer.type",
];
const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "a.b",
    "b.c",
    "eventName",
    "eventSource",
    "userAgent",
    "userIdentity",
    "userIdentity.type",
    "userIdentity.sessionContext",
    "type",
    "arn",
    "sessionContext",
    "sessionContext.sessionIssuer",
    "sessionIssuer.type",
    "sessionIssuer",
    "\\u0075serAgent",
    "t\\u0079pe",
];
const TEXTS: &[&str] = &[
    "x",
    "X",
    "xy",
    "Xyz",
    "",
    "a*b",
    "a\\b",
    "\"x\"",
    "é",
    "É",
    "1",
    "true",
    "10.0.0.1",
    "Name",
    "eventname",
    "-x",
    "x\ny",
    "2024-03-05T07:09:00Z",
    "eHk=",
    "x.y",
    "{\"x\":\"y\"}",
    "\u{212a}",
];
/// Values as a rule writes them: wildcards and escapes mean something.
const PATTERNS: &[&str] = &[
    "x",
    "XY",
    "x*",
    "*y",
    "*x*",
    "x?z",
    "?",
    "*",
    "",
    r"a\*b",
    r"a\\*",
    r"a\b",
    "\"x\"",
    "É*",
    "1",
    "TRUE",
    "name",
    "eventName",
    "a*b*",
    "*\"x\":*",
    "?x",
    "k",
    "10.*",
    "{*}",
];

fn texts() -> impl Strategy<Value = String> {
    prop::sample::select(TEXTS).prop_map(str::to_owned)
}

/// JSON text, so that every spelling is the generator's own.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        texts().prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        (-3_i64..12).prop_map(|value| value.to_string()),
        Just("1.5".to_owned()),
        // The same text, escaped as no writer needs to.
        Just(r#""\u0078yz""#.to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|items| format!("[{}]", items.join(","))),
            object(inner),
        ]
    })
}

fn object(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(KEYS), inner), 0..4).prop_map(|fields| {
        let fields: Vec<String> =
            fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        format!("{{{}}}", fields.join(", "))
    })
}

fn record() -> impl Strategy<Value = String> {
    let identity = prop::option::of(identity());
    let parts = (object(json_text()), texts(), texts(), identity, 0..4);
    parts.prop_map(|(fields, name, source, identity, shape)| {
        // Most records have a name and a source, as real ones do.
        if shape == 0 {
            return fields;
        }
        let fields = match identity {
            Some(identity) if fields != "{}" => format!("{{{identity}, {}", &fields[1..]),
            Some(identity) => format!("{{{identity}}}"),
            None => fields,
        };
        let quoted = |text: &String| serde_json::to_string(text).unwrap();
        let rest = fields.trim_start_matches('{');
        let comma = if rest == "}" { "" } else { "," };
        format!(
            "{{\"eventName\": {}, \"eventSource\": {}{comma}{rest}",
            quoted(&name),
            quoted(&source)
        )
    })
}

/// What rules that name no event ask for, in few variants, so that records repeat it.
fn identity() -> impl Strategy<Value = String> {
    let of = |texts: &'static [&str]| prop::sample::select(texts);
    (of(&["x", "Xyz", "1"]), of(&["x", "{}", "10.0.0.1"]), of(&["x", "xy"]), 0..3).prop_map(
        |(kind, arn, agent, shape)| {
            let issuer = format!("\"sessionIssuer\":{{\"arn\":\"q\",\"type\":\"{kind}\"}}");
            let context = match shape {
                0 => format!("\"sessionContext\":{{\"attributes\":{{\"a\":1}},{issuer}}},"),
                1 => {
                    format!("\"sessionContext\":[{{{issuer}}},{{\"sessionIssuer.type\":\"xy\"}}],")
                }
                _ => String::new(),
            };
            format!(
                "\"userIdentity\":{{\"type\": \"{kind}\",{context}\"arn\":\"{arn}\"}},\
                 \"userAgent\":\"{agent}\""
            )
        },
    )
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `key: values` of one item.
fn item() -> impl Strategy<Value = String> {
    let field = || prop::sample::select(FIELDS);
    let list = |values: Vec<String>| format!("[{}]", values.join(", "));
    let value = prop_oneof![
        6 => prop::sample::select(PATTERNS).prop_map(quoted),
        1 => Just("null".to_owned()),
        1 => any::<bool>().prop_map(|value| value.to_string()),
        1 => (-3_i64..12).prop_map(|value| value.to_string()),
        1 => Just("1.5".to_owned()),
    ];
    let plain = prop::sample::select(&["", "|cased", "|neq", "|all", "|cased|all"][..]);
    let part = prop::sample::select(
        &[
            "|contains",
            "|startswith",
            "|endswith",
            "|contains|all",
            "|contains|cased",
            "|endswith|neq",
            "|contains|all|neq",
        ][..],
    );
    let pattern = || prop::sample::select(PATTERNS).prop_map(quoted);
    let encoding = prop::sample::select(
        &["|base64", "|base64offset|contains", "|base64|contains", "|wide|base64offset|contains"][..],
    );
    let raw = || prop::sample::select(&["'x'", "'xy'", "'{\"x\"'", "'1'"][..]);
    let regex =
        prop::sample::select(&["'^x'", "'x.*y$'", "'[A-Z]'", "'\\d'", "'^$'", "'\"x\"'"][..]);
    let flags = prop::sample::select(&["|re", "|re|i", "|re|s", "|re|m", "|re|i|s", "|re|neq"][..]);
    let compare = prop::sample::select(&["|gt", "|gte", "|lt", "|lte"][..]);
    let reference = prop::sample::select(
        &[
            "|fieldref",
            "|fieldref|neq",
            "|fieldref|cased",
            "|fieldref|startswith",
            "|fieldref|endswith",
            "|fieldref|contains",
        ][..],
    );
    let date = prop::sample::select(
        &["|minute", "|hour", "|day", "|month", "|year", "|hour|gte", "|minute|lt"][..],
    );
    let network = prop::sample::select(&["10.0.0.0/8", "10.0.0.0/31", "::/0", "10.0.0.2"][..]);
    prop_oneof![
        4 => (field(), plain, prop::collection::vec(value, 1..3))
            .prop_map(move |(f, m, v)| format!("{f}{m}: {}", list(v))),
        4 => (field(), part, prop::collection::vec(pattern(), 1..3))
            .prop_map(move |(f, m, v)| format!("{f}{m}: {}", list(v))),
        1 => (field(), encoding, raw()).prop_map(|(f, m, v)| format!("{f}{m}: {v}")),
        2 => (field(), flags, regex).prop_map(|(f, m, v)| format!("{f}{m}: {v}")),
        1 => (field(), compare, -2..11).prop_map(|(f, m, v)| format!("{f}{m}: {v}")),
        2 => (field(), reference, field()).prop_map(|(f, m, v)| format!("{f}{m}: {v}")),
        1 => (field(), date, 3..10).prop_map(|(f, m, v)| format!("{f}{m}: {v}")),
        1 => (field(), network).prop_map(|(f, v)| format!("{f}|cidr: '{v}'")),
        1 => (field(), any::<bool>()).prop_map(|(f, v)| format!("{f}|exists: {v}")),
        1 => prop::collection::vec(pattern(), 1..3)
            .prop_map(move |v| format!("'|all': {}", list(v))),
    ]
}

fn selection() -> impl Strategy<Value = String> {
    let map = || {
        prop::collection::vec(item(), 1..3).prop_map(|items| {
            // A repeated key is not YAML.
            let mut kept: Vec<String> = Vec::new();
            for item in items {
                let key = |item: &String| item.split(':').next().unwrap().to_owned();
                if !kept.iter().any(|other| key(other) == key(&item)) {
                    kept.push(item);
                }
            }
            kept
        })
    };
    prop_oneof![
        5 => map().prop_map(|items| {
            items.iter().map(|item| format!("    {item}\n")).collect::<String>()
        }),
        2 => prop::collection::vec(map(), 1..3).prop_map(|maps| {
            maps.iter()
                .map(|items| format!("    - {}\n", items.join("\n      ")))
                .collect::<String>()
        }),
        1 => prop::collection::vec(prop::sample::select(PATTERNS).prop_map(quoted), 1..3)
            .prop_map(|words| words.iter().map(|w| format!("    - {w}\n")).collect::<String>()),
    ]
}

fn rule() -> impl Strategy<Value = String> {
    let condition = prop::sample::select(
        &[
            "s1",
            "s1 and s2",
            "s1 or s2",
            "s1 and not s2",
            "not s1",
            "1 of s*",
            "all of s*",
            "2 of them",
            "all of them and not s2",
            "not (s1 or s2)",
            "s1 or s2 and not s1",
            "not 1 of s*",
            "[s1 and s2, s2]",
        ][..],
    );
    (selection(), selection(), condition).prop_map(|(one, two, condition)| {
        format!(
            "title: t\nid: t\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  \
             s1:\n{one}  s2:\n{two}  condition: {condition}\n"
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Whatever the rule and the record, the matcher says what the reference says, and the plan
    /// and the memo say what the matcher says.
    #[test]
    fn the_matcher_is_the_reference(text in rule(), records in prop::collection::vec(record(), 1..8)) {
        let (rules, errors) = RuleSet::load(&[Source { name: "t".into(), text: text.clone() }]);
        prop_assert_eq!(&errors, &vec![], "{}", text);
        let parsed = parse_sigma_yaml(&text).unwrap().rules.remove(0);
        let mut memo = Memo::new(rules.clone());
        for record in records {
            let ordered = json::parse(&record);
            let expected = reference::matches(&parsed, &ordered);
            let value: sonic_rs::Value = sonic_rs::from_str(&record).unwrap();
            let found = !rules.evaluate(&value).is_empty();
            prop_assert_eq!(found, expected, "{}\n{}", text, record);
            assert_planned(&mut memo, &record);
        }
    }

    /// Loading never panics, and says something of everything it does not take.
    #[test]
    fn loading_is_total(text in "(title: t\n|id: t\n|logsource: \\{product: aws\\}\n|detection:\n|  s:\n|    a|[|:' \\[\\]()*\n-]|condition: |not |of |correlation:\n|---\n|[a-z]{1,6}){0,30}") {
        let (rules, errors) = RuleSet::load(&[Source { name: "t".into(), text: text.clone() }]);
        let blank = text.lines().all(|line| line.trim().is_empty() || line.starts_with("---"));
        prop_assert!(blank || !errors.is_empty() || !rules.rules().is_empty(), "{}", text);
    }
}
