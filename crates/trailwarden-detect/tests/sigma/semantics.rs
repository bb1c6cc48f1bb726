//! Each meaning that is easy to get wrong, alone.

use super::{load, matches, rule};

/// Asserts which of the records a detection matches.
fn check(detection: &str, yes: &[&str], no: &[&str]) {
    let rules = load(&rule(detection));
    for record in yes {
        assert!(matches(&rules, record), "should match\n{detection}\n{record}");
    }
    for record in no {
        assert!(!matches(&rules, record), "should not match\n{detection}\n{record}");
    }
}

/// One selection named `s`.
fn check_item(item: &str, yes: &[&str], no: &[&str]) {
    let indented = item.replace('\n', "\n  ");
    check(&format!("s:\n  {indented}\ncondition: s"), yes, no);
}

#[test]
fn null_is_an_absent_field_or_a_json_null() {
    check(
        "s:\n  eventName: DeleteBucket\n  errorCode: null\ncondition: s",
        &[r#"{"eventName":"DeleteBucket"}"#, r#"{"eventName":"DeleteBucket","errorCode":null}"#],
        &[r#"{"eventName":"DeleteBucket","errorCode":"AccessDenied"}"#],
    );
    check_item(
        "a.b: null",
        &[r#"{"a":{}}"#, r#"{"a":{"b":null}}"#, r#"{"a":3}"#],
        &[r#"{"a":{"b":""}}"#],
    );
    check_item("a: [null, x]", &["{}", r#"{"a":"x"}"#], &[r#"{"a":"y"}"#]);
}

#[test]
fn exists_asks_for_the_key_whatever_its_value() {
    check_item("a|exists: true", &[r#"{"a":null}"#, r#"{"a":[]}"#, r#"{"a":1}"#], &["{}"]);
    check_item("a.b|exists: false", &["{}", r#"{"a":{"c":1}}"#], &[r#"{"a":[{"b":1}]}"#]);
}

#[test]
fn the_empty_text_is_a_value_of_its_own() {
    check_item("a: ''", &[r#"{"a":""}"#], &["{}", r#"{"a":null}"#, r#"{"a":" "}"#]);
    check_item("a: '*'", &[r#"{"a":""}"#, r#"{"a":"x"}"#], &["{}", r#"{"a":null}"#]);
}

#[test]
fn an_array_is_met_by_any_of_its_elements() {
    check_item(
        "a|contains: ell",
        &[r#"{"a":["x","hello"]}"#],
        &[r#"{"a":["h","e"]}"#, r#"{"a":[]}"#],
    );
    check_item("a: 5", &[r#"{"a":[4,5]}"#, r#"{"a":[[5]]}"#], &[r#"{"a":[4]}"#]);
    check_item(
        "a|contains|all: [x, y]",
        &[r#"{"a":["x","y"]}"#, r#"{"a":"xy"}"#],
        &[r#"{"a":["x"]}"#],
    );
}

#[test]
fn a_path_leads_through_arrays_of_objects() {
    check_item(
        "requestParameters.items.port: 22",
        &[r#"{"requestParameters":{"items":[{"port":80},{"port":22}]}}"#],
        &[r#"{"requestParameters":{"items":[{"port":80}]}}"#],
    );
    check_item("a.b.c: x", &[r#"{"a":{"b.c":"x"}}"#, r#"{"a.b":{"c":"x"}}"#], &[r#"{"a":"x"}"#]);
}

#[test]
fn an_object_is_searched_by_its_compact_json() {
    check_item(
        "requestParameters|contains: '\"userName\":\"bob\"'",
        &[r#"{"requestParameters": {"userName" : "bob"}}"#],
        &[r#"{"requestParameters": {"userName": "rob"}}"#, r#"{"requestParameters": "userName"}"#],
    );
    check_item("p|startswith: '{\"a\"'", &[r#"{"p":{"a":1}}"#], &[r#"{"p":{"b":{"a":1}}}"#]);
    check_item("p|re: '\"a\":\\d'", &[r#"{"p":{"a":1}}"#], &[r#"{"p":{"a":"x"}}"#]);
}

#[test]
fn json_within_json_is_searched_as_one_reads_it() {
    check_item(
        "requestParameters|contains|all: ['\"s3:GetObject\"', '\"Allow\"', 'bucket/*\"']",
        &[
            r#"{"requestParameters":{"doc":"{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\"],\"Resource\":\"bucket/x\"}"}}"#,
        ],
        &[
            r#"{"requestParameters":{"doc":"{\"Effect\":\"Deny\",\"Action\":[\"s3:GetObject\"],\"Resource\":\"bucket/x\"}"}}"#,
        ],
    );
}

#[test]
fn numbers_and_booleans_equal_their_text() {
    check_item(
        "a: 5",
        &[r#"{"a":5}"#, r#"{"a":5.0}"#, r#"{"a":"5"}"#],
        &[r#"{"a":"05"}"#, r#"{"a":true}"#],
    );
    check_item("a: '5'", &[r#"{"a":5}"#, r#"{"a":"5"}"#], &[r#"{"a":55}"#]);
    check_item("a: false", &[r#"{"a":false}"#, r#"{"a":"False"}"#], &[r#"{"a":0}"#, "{}"]);
    check_item("a: 'true'", &[r#"{"a":true}"#], &[r#"{"a":1}"#]);
    check_item("a: 111122223333", &[r#"{"a":"111122223333"}"#], &[r#"{"a":"111122223334"}"#]);
    check_item("a|startswith: 22", &[r#"{"a":2200}"#], &[r#"{"a":122}"#]);
    check_item(
        "a: 9007199254740993",
        &[r#"{"a":9007199254740993}"#],
        &[r#"{"a":9007199254740992}"#],
    );
}

#[test]
fn comparisons_take_numbers_and_their_texts() {
    check_item(
        "a|gte: 5",
        &[r#"{"a":5}"#, r#"{"a":"7"}"#, r#"{"a":[1,6]}"#],
        &[r#"{"a":4}"#, r#"{"a":"x"}"#, "{}"],
    );
    check_item("a|lt: 1.5", &[r#"{"a":1}"#, r#"{"a":-3}"#], &[r#"{"a":1.5}"#, r#"{"a":true}"#]);
    check_item("a|gt: 0\na|lte: 9", &[r#"{"a":9}"#], &[r#"{"a":10}"#]);
}

#[test]
fn neq_wants_the_field_and_none_of_the_values() {
    check_item(
        "a|neq: x",
        &[r#"{"a":"y"}"#, r#"{"a":1}"#],
        &[r#"{"a":"X"}"#, "{}", r#"{"a":["y","x"]}"#],
    );
    check_item("a|neq: [x, y]", &[r#"{"a":"z"}"#], &[r#"{"a":"x"}"#, r#"{"a":"y"}"#]);
    check_item("a|contains|neq: x", &[r#"{"a":"abc"}"#], &[r#"{"a":"axc"}"#]);
}

#[test]
fn text_ignores_case_unless_cased() {
    check_item("eventName: createuser", &[r#"{"eventName":"CreateUser"}"#], &[]);
    check_item("a|cased: Ab", &[r#"{"a":"Ab"}"#], &[r#"{"a":"ab"}"#]);
    check_item("a|contains|cased: Ab", &[r#"{"a":"xAbx"}"#], &[r#"{"a":"xabx"}"#]);
    check_item("a: ÉCOLE", &[r#"{"a":"école"}"#], &[]);
}

#[test]
fn regular_expressions_mind_the_case_and_take_flags() {
    check_item("a|re: '^Ab.c$'", &[r#"{"a":"Abxc"}"#], &[r#"{"a":"abxc"}"#, r#"{"a":"zAbxc"}"#]);
    check_item("a|re|i: '^ab'", &[r#"{"a":"ABx"}"#], &[]);
    check_item("a|re: 'a.b'", &[], &["{\"a\":\"a\\nb\"}"]);
    check_item("a|re|s: 'a.b'", &["{\"a\":\"a\\nb\"}"], &[]);
    check_item("a|re|m: '^b$'", &["{\"a\":\"a\\nb\"}"], &[]);
    check_item("a|re: '\\*'", &[r#"{"a":"*"}"#], &[r#"{"a":"x"}"#]);
}

#[test]
fn addresses_within_networks() {
    check_item(
        "sourceIPAddress|cidr: [10.0.0.0/8, '2001:db8::/32']",
        &[r#"{"sourceIPAddress":"10.9.8.7"}"#, r#"{"sourceIPAddress":"2001:db8::1"}"#],
        &[r#"{"sourceIPAddress":"11.0.0.1"}"#, r#"{"sourceIPAddress":"AWS Internal"}"#],
    );
}

#[test]
fn field_references_compare_two_fields() {
    check_item(
        "userIdentity.userName|fieldref: requestParameters.userName",
        &[r#"{"userIdentity":{"userName":"Bob"},"requestParameters":{"userName":"bob"}}"#],
        &[
            r#"{"userIdentity":{"userName":"bob"},"requestParameters":{"userName":"eve"}}"#,
            r#"{"userIdentity":{"userName":"bob"}}"#,
            "{}",
        ],
    );
    check_item(
        "a|fieldref|endswith: b",
        &[r#"{"a":"user/bob","b":"Bob"}"#],
        &[r#"{"a":"user/bob","b":"user"}"#],
    );
    check_item(
        "a|fieldref|startswith: b",
        &[r#"{"a":"user/bob","b":"user"}"#],
        &[r#"{"a":"x","b":"y"}"#],
    );
    check_item("a|fieldref|contains: b", &[r#"{"a":"abc","b":"B"}"#], &[r#"{"a":"abc","b":"d"}"#]);
    check_item("a|fieldref|neq: b", &[r#"{"a":1,"b":2}"#], &[r#"{"a":1,"b":"1"}"#]);
}

#[test]
fn encodings_are_sought_encoded() {
    check_item("a|base64: foobar", &[r#"{"a":"Zm9vYmFy"}"#], &[r#"{"a":"foobar"}"#]);
    // `xfoobar`, `xxfoobar` and `xxxfoobar` in Base64.
    check_item(
        "a|base64offset|contains: foobar",
        &[r#"{"a":"eGZvb2Jhcg=="}"#, r#"{"a":"eHhmb29iYXI="}"#, r#"{"a":"eHh4Zm9vYmFy"}"#],
        &[r#"{"a":"foobar"}"#],
    );
    check_item("a|wide|base64: ab", &[r#"{"a":"YQBiAA=="}"#], &[]);
    check_item("a|utf16le|base64: ab", &[r#"{"a":"YQBiAA=="}"#], &[]);
    check_item("a|utf16be|base64: ab", &[r#"{"a":"AGEAYg=="}"#], &[]);
    check_item("a|utf16|base64: ab", &[r#"{"a":"//5hAGIA"}"#], &[]);
}

#[test]
fn flags_are_found_with_any_dash() {
    check_item(
        "a|windash|contains: ' -user-data x'",
        &[r#"{"a":"run /user-data x"}"#, "{\"a\":\"run \u{2013}user-data x\"}"],
        &[r#"{"a":"run /user/data x"}"#],
    );
    check_item(
        "a|windash|contains|all: [' -p', ' /q']",
        &[r#"{"a":"c -q /p"}"#],
        &[r#"{"a":"c -q"}"#],
    );
}

#[test]
fn dates_are_taken_apart() {
    let night = r#"{"eventTime":"2024-07-30T23:53:13Z"}"#;
    check_item(
        "eventTime|hour|gte: 22",
        &[night],
        &[r#"{"eventTime":"2024-07-30T21:59:59Z"}"#, "{}"],
    );
    check_item("eventTime|minute: 53", &[night], &[]);
    check_item("eventTime|day: [29, 30]", &[night], &[]);
    check_item("eventTime|week: 31", &[night], &[]);
    check_item("eventTime|month: 7", &[night], &[]);
    check_item("eventTime|year|lt: 2024", &[], &[night]);
}

#[test]
fn wildcards_and_backslashes() {
    check_item(r"a: 'x*z'", &[r#"{"a":"xyyz"}"#, r#"{"a":"xz"}"#], &[r#"{"a":"xy"}"#]);
    check_item(r"a: 'x?z'", &[r#"{"a":"xyz"}"#], &[r#"{"a":"xz"}"#]);
    check_item(r"a: 'x\*z'", &[r#"{"a":"x*z"}"#], &[r#"{"a":"xyz"}"#]);
    check_item(r"a: 'x\\*'", &[r#"{"a":"x\\yz"}"#], &[r#"{"a":"xyz"}"#]);
    check_item(r"a: 'x\y'", &[r#"{"a":"x\\y"}"#], &[]);
    check_item(r"a|contains: 'b*d'", &[r#"{"a":"abcde"}"#], &[r#"{"a":"adb"}"#]);
}

#[test]
fn keywords_are_sought_in_every_value_but_not_in_keys() {
    check(
        "k:\n  - trufflehog\n  - 'x*z'\ncondition: k",
        &[r#"{"a":{"b":["uses TruffleHog/3"]}}"#, r#"{"a":"wxyzw"}"#],
        &[r#"{"trufflehog":"a"}"#],
    );
    check(
        "k:\n  '|all': [alpha, beta]\ncondition: k",
        &[r#"{"a":"alpha","b":"beta"}"#],
        &[r#"{"a":"alpha"}"#],
    );
    check("k: [404]\ncondition: k", &[r#"{"a":404}"#, r#"{"a":"x404"}"#], &[r#"{"a":403}"#]);
}

#[test]
fn conditions() {
    let two = "s_1: {a: x}\ns_2: {b: x}\n_h: {c: x}\n";
    let (a, b, ab, c) = (r#"{"a":"x"}"#, r#"{"b":"x"}"#, r#"{"a":"x","b":"x"}"#, r#"{"c":"x"}"#);
    let cases: [(&str, &[&str], &[&str]); 8] = [
        ("1 of s_*", &[a, b], &[c]),
        ("all of s_*", &[ab], &[a, b]),
        ("1 of them", &[a], &[c]),
        ("all of them", &[ab], &[a]),
        ("s_1 and not s_2", &[a], &[ab, b]),
        ("s_1 or s_2 and _h", &[a], &[b, c]),
        ("not 1 of s*", &[c], &[a]),
        ("[s_1, s_2]", &[a, b], &[c]),
    ];
    for (condition, yes, no) in cases {
        check(&format!("{two}condition: {condition}"), yes, no);
    }
}

#[test]
fn lists_of_maps_are_alternatives() {
    check(
        "s:\n  - a: x\n    b: x\n  - c: x\ncondition: s",
        &[r#"{"a":"x","b":"x"}"#, r#"{"c":"x"}"#],
        &[r#"{"a":"x"}"#],
    );
}

#[test]
fn a_record_whose_name_is_odd_is_judged_all_the_same() {
    check_item(
        "eventName: CreateUser",
        &[r#"{"eventName":["CreateUser"]}"#],
        &[r#"{"eventName":{}}"#, "[]", "3"],
    );
    check_item("eventName: 5", &[r#"{"eventName":5}"#, r#"{"eventName":"5"}"#], &[]);
    check_item("eventName: b", &[r#"{"eventName":"a","eventName":"b"}"#], &[]);
}

#[test]
fn an_action_document_completes_others() {
    let rules = load(
        "action: global\ntitle: base\nlogsource: {product: aws, service: cloudtrail}\n\
         detection: {s: {a: x}, condition: s}\n---\nid: one\n---\nid: two\ntitle: other\n\
         detection: {s: {a: z}}\n",
    );
    let ids: Vec<&str> = rules.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["one", "two"]);
    assert!(matches(&rules, r#"{"a":"z"}"#));
}
