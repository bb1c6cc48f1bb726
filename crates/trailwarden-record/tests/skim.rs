//! The fast reading of a record against the slow ones: the same fields, or the word that it cannot.

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use trailwarden_record::skim::{Outline, keys};
use trailwarden_record::{Event, Skim};

/// Values as text of JSON: what CloudTrail writes, and what it never should.
fn value(usual: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        90 => select(usual).prop_map(|text| format!("\"{text}\"")),
        2 => select(&["null", "\"\"", "7", "-1.5e3", "true", "[]", "{}", "[\"x\"]", "{\"a\":null}"][..])
            .prop_map(str::to_owned),
        2 => "\\PC{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        // The same text in escapes.
        2 => select(usual).prop_map(|text| escaped(text, 2)),
    ]
}

/// Every so many letters as an escape.
fn escaped(text: &str, every: usize) -> String {
    let mut out = String::from("\"");
    for (at, letter) in text.chars().enumerate() {
        if at % every == 0 && letter.is_ascii() {
            out.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    out.push('"');
    out
}

fn member(
    key: &'static str,
    value: impl Strategy<Value = String> + 'static,
) -> BoxedStrategy<Vec<String>> {
    // Absent, once, twice, under a key in escapes, with space around.
    (value, 0..120_u8, prop::bool::weighted(0.03))
        .prop_map(move |(value, how, wide)| {
            let space = if wide { " \n\t" } else { "" };
            let plain = format!("{space}\"{key}\"{space}:{space}{value}{space}");
            match how {
                0 => Vec::new(),
                1 => vec![format!("\"{key}\":\"other\""), plain],
                2 => vec![format!("{}:{value}", escaped(key, 3))],
                _ => vec![plain],
            }
        })
        .boxed()
}

/// An object of members in any order, with something unknown among them; or in the order given, with
/// that at its end or nowhere.
fn object(members: Vec<BoxedStrategy<Vec<String>>>) -> BoxedStrategy<String> {
    let unknown = select(
        &[
            r#""x":[[1,{"eventName":"no"}],"}\"]"]"#,
            r#""additionalEventData":{"MFAUsed":"No","a":{"b":[{}]}}"#,
            r#""requestParameters":{"eventName":"\"eventName\":\"x\"","accountId":"1"}"#,
            r#""zo\u00eb":"\\\"""#,
        ][..],
    )
    .prop_map(|text| vec![text.to_owned()]);
    let mut all = members;
    all.push(prop_oneof![1 => unknown, 2 => Just(Vec::new())].boxed());
    let in_order = all.prop_map(|members| members.concat()).boxed();
    prop_oneof![in_order.clone().prop_shuffle(), in_order]
        .prop_map(|members| format!("{{{}}}", members.join(",")))
        .boxed()
}

fn identity() -> BoxedStrategy<String> {
    let issuer = object(vec![
        member("type", value(&["Role"])),
        member("principalId", value(&["AROAX"])),
        member("arn", value(&["arn:aws:iam::111122223333:role/app"])),
        member("accountId", value(&["111122223333"])),
        member("userName", value(&["app"])),
    ]);
    let attributes = object(vec![
        member("creationDate", value(&["2026-01-02T03:04:05Z"])),
        member("mfaAuthenticated", value(&["false"])),
    ]);
    let context = object(vec![
        member(
            "sessionIssuer",
            prop_oneof![30 => issuer, 1 => Just("null".to_owned()), 1 => Just("7".to_owned())],
        ),
        member("attributes", attributes),
    ]);
    object(vec![
        member("type", value(&["IAMUser", "AssumedRole", "Root", "FederatedUser", "AWSService"])),
        member("principalId", value(&["AIDAX", "AROAX:session", "AROAX:i-0123456789abcdef0"])),
        member(
            "arn",
            value(&["arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:root"]),
        ),
        member("accountId", value(&["111122223333", "000000000001", "12345"])),
        member("accessKeyId", value(&["AKIAX", "ASIAX"])),
        member("userName", value(&["alice", "zoë"])),
        member("sessionContext", prop_oneof![30 => context, 1 => Just("null".to_owned())]),
        member("invokedBy", value(&["s3.amazonaws.com"])),
    ])
}

fn record() -> BoxedStrategy<String> {
    let credentials = object(vec![
        member("accessKeyId", value(&["ASIANEW"])),
        member("sessionToken", value(&["IQoJb3"])),
        member("expiration", value(&["Sep 14, 2026, 2:53:37 PM"])),
    ]);
    let assumed = object(vec![
        member("assumedRoleId", value(&["AROAX:s"])),
        member("arn", value(&["arn:aws:sts::111122223333:assumed-role/app/s"])),
    ]);
    let response =
        object(vec![member("credentials", credentials), member("assumedRoleUser", assumed)]);
    let tls = object(vec![
        member("tlsVersion", value(&["TLSv1.3"])),
        member("cipherSuite", value(&["TLS_AES_128_GCM_SHA256"])),
        member("clientProvidedHostHeader", value(&["iam.amazonaws.com"])),
    ]);
    let word = || prop_oneof![Just("true".to_owned()), Just("false".to_owned())];
    let odd = || select(&["null", "7", "[]", "\"x\""][..]).prop_map(str::to_owned);
    object(vec![
        member("eventVersion", value(&["1.11"])),
        member("userIdentity", prop_oneof![40 => identity(), 1 => odd()]),
        member(
            "eventTime",
            value(&["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678Z", "yesterday"]),
        ),
        member("eventSource", value(&["iam.amazonaws.com", "sts.amazonaws.com"])),
        member("eventName", value(&["CreateUser", "AssumeRole", "UpdateFunctionCode20150331v2"])),
        member("awsRegion", value(&["us-east-1", "cn-north-1"])),
        member("sourceIPAddress", value(&["192.0.2.1", "AWS Internal", "2001:db8::1"])),
        member("userAgent", value(&["aws-cli/2.31.0", "lambda.amazonaws.com"])),
        member("errorCode", value(&["AccessDenied", "NoSuchEntityException"])),
        member("errorMessage", value(&["Failed authentication", "User: x is not authorized"])),
        member("requestParameters", odd()),
        member("responseElements", prop_oneof![30 => response, 1 => odd()]),
        member("requestID", value(&["525b87c3-4864-4e2c-9f5e-3e129dea33d3"])),
        member("eventID", value(&["083dc4ad-e264-46bc-a407-d0dd31b58bdc", "not-a-uuid"])),
        member("readOnly", word()),
        member("eventType", value(&["AwsApiCall", "AwsServiceEvent", "AwsCloudTrailInsight"])),
        member("managementEvent", word()),
        member("recipientAccountId", value(&["444455556666", "99"])),
        member("eventCategory", value(&["Management"])),
        member("tlsDetails", tls),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Plain means equal to the tree; everything else is left to the tree.
    #[test]
    fn a_plain_skim_equals_the_tree(text in record(), before in "[ \n]{0,3}", after in "[,} \n]{0,3}") {
        let bytes = format!("{before}{text}{after}");
        let (skim, end) = Skim::read(bytes.as_bytes(), before.len(), 64).unwrap();
        prop_assert_eq!(end, before.len() + text.len(), "where the record ends");
        let tree: Value = serde_json::from_str(&text).unwrap();
        if skim.plain {
            prop_assert_eq!(skim, Skim::of_value(&tree));
        }
        let mut outline = Outline::default();
        let mut outlined = Skim::default();
        let place = (bytes.as_bytes(), before.len());
        prop_assert_eq!(outlined.read_into(place.0, place.1, 64, Some(&mut outline)), Ok(end));
        prop_assert_eq!(outlined, skim);
        for (place, key) in keys::RECORD.iter().enumerate().filter(|_| outline.is_simple()) {
            let value = outline.member(place).map(|bounds| &text[bounds]);
            let value = value.map(|value| serde_json::from_str(value).unwrap());
            prop_assert_eq!(value.as_ref(), tree.get(key.name()), "{}", key.name());
        }
    }

    /// What the engine decides on is what the findings are told from.
    #[test]
    fn the_decoded_event_agrees_with_the_skim(text in record()) {
        let tree: Value = serde_json::from_str(&text).unwrap();
        let skim = Skim::of_value(&tree);
        let event = Event::decode(text.as_bytes()).unwrap();
        prop_assert_eq!(event.outcome, skim.outcome());
        prop_assert_eq!(event.time, skim.time);
        prop_assert_eq!(event.account, skim.account_id());
        prop_assert_eq!(event.id.as_str(), skim.event_id.as_str());
        prop_assert_eq!(event.event_source.as_str(), skim.event_source.as_str());
        prop_assert_eq!(event.event_name.as_str(), skim.event_name.as_str());
        prop_assert_eq!(event.caller.stable.as_str(), skim.identity.stable().as_str());
        prop_assert_eq!(event.caller.access_key.as_str(), skim.identity.access_key.as_str());
    }

    /// Cut anywhere, a record is incomplete or malformed; never a panic, never taken for whole.
    #[test]
    fn a_cut_record_is_never_taken_for_whole(text in record(), cut in 0.0..1.0_f64) {
        let mut cut = (text.len() as f64 * cut) as usize;
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        prop_assert!(Skim::read(&text.as_bytes()[..cut], 0, 64).is_err());
    }

    /// Any bytes at all.
    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Skim::read(&bytes, 0, 64);
        let _ = Event::decode(&bytes);
        let mut object = b"{\"eventName\":".to_vec();
        object.extend(&bytes);
        let _ = Skim::read(&object, 0, 64);
    }
}

/// The generator is worth something: much is plain, and much is not.
#[test]
fn the_records_are_of_both_kinds() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut plain = 0;
    let mut denied = 0;
    for _ in 0..500 {
        let text = record().new_tree(&mut runner).unwrap().current();
        let (skim, _) = Skim::read(text.as_bytes(), 0, 64).unwrap();
        plain += usize::from(skim.plain);
        denied += usize::from(skim.outcome() == trailwarden_model::Outcome::Denied);
    }
    assert!((5..450).contains(&plain), "{plain} of 500 are plain");
    assert!(denied > 50, "{denied}");
}
