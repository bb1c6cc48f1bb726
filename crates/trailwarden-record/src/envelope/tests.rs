//! The envelope in all its shapes: whole, nested, torn, hostile.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::Skim;

/// Keeps the ids of records, and rejects as `offset/record: cause`.
#[derive(Default, PartialEq, Debug)]
struct Taken {
    ids: Vec<String>,
    places: Vec<Place>,
    rejects: Vec<(Place, String)>,
}

impl Sink for Taken {
    fn record(&mut self, bytes: &[u8], start: usize, place: Place) -> Result<usize, Stop> {
        let (skim, end) = Skim::read(bytes, start, 64)?;
        self.ids.push(skim.event_id.to_string());
        self.places.push(place);
        Ok(end)
    }

    fn reject(&mut self, place: Place, cause: String) {
        self.rejects.push((place, cause));
    }
}

impl Taken {
    fn rejects(&self) -> String {
        let line = |(place, cause): &(Place, String)| {
            format!("{}/{}: {cause}\n", place.offset, place.record)
        };
        self.rejects.iter().map(line).collect()
    }
}

fn small() -> Limits {
    Limits { record_max: 4_000, depth_max: 64, packed_max: 100_000, ..Limits::default() }
}

fn walk(bytes: &[u8]) -> (Taken, Kind) {
    let mut taken = Taken::default();
    let mut walker = Walker::new(small());
    assert_eq!(walker.feed(bytes, true, &mut taken), bytes.len());
    assert_eq!(walker.counts().records, taken.ids.len() as u64);
    (taken, walker.kind())
}

/// Feeds windows of the given sizes, over and over, keeping leftovers as a source would.
fn windowed(bytes: &[u8], sizes: &[usize]) -> (Taken, Kind) {
    let mut taken = Taken::default();
    let mut walker = Walker::new(small());
    let (mut window, mut rest) = (Vec::new(), bytes);
    for size in sizes.iter().cycle() {
        let (now, later) = rest.split_at((*size).min(rest.len()));
        window.extend_from_slice(now);
        rest = later;
        let done = walker.feed(&window, rest.is_empty(), &mut taken);
        window.drain(..done);
        assert!(window.len() <= small().record_max + size, "the window grows without end");
        if rest.is_empty() {
            break;
        }
    }
    assert!(window.is_empty());
    (taken, walker.kind())
}

/// Its members stand in alphabetical order; see [`as_delivered`] for that of CloudTrail.
fn record(id: &str) -> Value {
    json!({
        "eventID": id,
        "eventName": "CreateUser",
        "eventSource": "iam.amazonaws.com",
        "eventTime": "2026-01-02T03:04:05Z",
        "eventVersion": "1.08",
        "requestParameters": {"list": [{"id": "1"}, {"id": "2"}], "policyDocument": "{\"Statement\": [{\"Effect\": \"Allow\"}]}"},
        "resources": [{"accountId": "111122223333", "type": "AWS::IAM::User"}],
        "userIdentity": {"arn": "arn:aws:iam::111122223333:user/alice", "type": "IAMUser"},
    })
}

fn records(count: usize) -> Vec<Value> {
    (0..count).map(|number| record(&format!("id-{number}"))).collect()
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("id-{number}")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn lines(values: &[Value], between: &str) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(between)
}

/// The version first, as CloudTrail writes it.
fn as_delivered(text: &str) -> String {
    let text = text.replace("\"eventVersion\":\"1.08\",", "");
    text.replace("{\"eventID\":", "{\"eventVersion\":\"1.08\",\"eventID\":")
}

/// A record as CloudTrail Lake shows it: lower-case columns, structures as JSON in strings.
fn columns(record: &Value) -> Value {
    let lowered = record.as_object().unwrap().iter().map(|(key, value)| {
        let value = match value {
            Value::String(text) => Value::String(text.clone()),
            value => Value::String(value.to_string()),
        };
        (key.to_lowercase(), value)
    });
    Value::Object(lowered.collect())
}

/// Every envelope, by name, around the given records.
fn envelopes(records: &[Value]) -> Vec<(&'static str, String, Kind)> {
    let each = |wrap: &dyn Fn(&Value) -> Value| records.iter().map(wrap).collect::<Vec<_>>();
    let log_events = each(
        &|r| json!({"id": "3".repeat(56), "timestamp": 1_767_323_045_000_i64, "message": r.to_string()}),
    );
    let subscription = json!({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "trail", "logStream": "s", "subscriptionFilters": ["f"], "logEvents": log_events});
    let packed = STANDARD.encode(gzip(subscription.to_string().as_bytes()));
    let bridge = each(
        &|r| json!({"version": "0", "id": "7", "detail-type": "AWS API Call via CloudTrail", "source": "aws.iam", "account": "111122223333", "resources": [], "detail": r}),
    );
    let looked_up = each(
        &|r| json!({"EventId": r["eventID"], "EventName": "CreateUser", "ReadOnly": "false", "Resources": [{"ResourceName": "x"}], "CloudTrailEvent": r.to_string()}),
    );
    let lake = each(&columns);
    let rows = each(&|r| json!([{"eventJson": r.to_string()}]));
    let split_rows = each(&|r| {
        let columns = columns(r);
        Value::Array(columns.as_object().unwrap().iter().map(|(k, v)| json!({k: v})).collect())
    });
    let queue = each(
        &|r| json!({"messageId": "m", "receiptHandle": "h", "body": json!({"Type": "Notification", "Message": json!({"detail": r}).to_string()}).to_string()}),
    );
    let kinesis = each(
        &|r| json!({"kinesis": {"partitionKey": "k", "data": STANDARD.encode(r.to_string())}, "eventSource": "aws:kinesis"}),
    );
    let insights = each(
        &|r| json!([{"field": "@timestamp", "value": "2026"}, {"field": "@message", "value": r.to_string()}, {"field": "@ptr", "value": "p"}]),
    );
    let texts = each(&|r| Value::String(r.to_string()));
    let pretty = |value: Value| serde_json::to_string_pretty(&value).unwrap();
    vec![
        ("s3 file", as_delivered(&json!({"Records": records}).to_string()), Kind::LogFile),
        ("s3 file, sorted", json!({"Records": records}).to_string(), Kind::LogFile),
        ("s3 file, pretty", pretty(json!({"Records": records})), Kind::LogFile),
        (
            "s3 files, concatenated",
            format!("{}{}", json!({"Records": records}), json!({"Records": []})),
            Kind::LogFile,
        ),
        (
            "list of s3 files",
            json!([{"Records": records}, {"Records": []}]).to_string(),
            Kind::LogFile,
        ),
        ("list", json!(records).to_string(), Kind::Records),
        ("list, pretty, with a mark", format!("\u{feff}{}", pretty(json!(records))), Kind::Records),
        ("lines", as_delivered(&lines(records, "\n")), Kind::Records),
        ("lines, sorted", lines(records, "\n"), Kind::Records),
        ("windows lines", lines(records, "\r\n"), Kind::Records),
        ("concatenated", lines(records, ""), Kind::Records),
        ("separated by commas", lines(records, ", "), Kind::Records),
        (
            "log lines",
            format!("2026-01-02T03:04:05 trail {}", lines(records, "\n2026-01-02T03:04:05 trail ")),
            Kind::Records,
        ),
        ("event bridge lines", lines(&bridge, "\n"), Kind::Packed),
        ("event bridge list", json!(bridge).to_string(), Kind::Packed),
        (
            "lookup events",
            json!({"NextToken": "t", "Events": looked_up}).to_string(),
            Kind::LookupEvents,
        ),
        ("lookup events lines", lines(&looked_up, "\n"), Kind::LookupEvents),
        ("strings", json!(texts).to_string(), Kind::Records),
        ("subscription", subscription.to_string(), Kind::Packed),
        ("lambda event", json!({"awslogs": {"data": packed}}).to_string(), Kind::Packed),
        ("log events", json!({"events": log_events, "nextToken": "t"}).to_string(), Kind::Packed),
        ("lake lines", lines(&lake, "\n"), Kind::Lake),
        ("lake list", pretty(json!(lake)), Kind::Lake),
        (
            "query results",
            json!({"QueryStatus": "FINISHED", "QueryResultRows": rows}).to_string(),
            Kind::Lake,
        ),
        ("query results by column", json!({"QueryResultRows": split_rows}).to_string(), Kind::Lake),
        ("queue", json!({"Messages": queue}).to_string(), Kind::Packed),
        ("kinesis", json!({"Records": kinesis}).to_string(), Kind::LogFile),
        ("insights", json!({"results": insights, "status": "Complete"}).to_string(), Kind::Packed),
    ]
}

#[test]
fn every_envelope_gives_its_records() {
    for (name, text, kind) in envelopes(&records(5)) {
        let (taken, seen) = walk(text.as_bytes());
        assert_eq!(taken.ids, ids(5), "{name}");
        assert_eq!(taken.rejects(), "", "{name}");
        let numbers: Vec<_> = taken.places.iter().map(|place| place.record).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4], "{name}");
        assert_eq!(seen, kind, "{name}");
    }
}

#[test]
fn envelopes_mix() {
    let all = envelopes(&records(2));
    let count = all.len();
    let text: Vec<_> = all.into_iter().map(|(_, text, _)| text.replace('\u{feff}', "")).collect();
    let (taken, _) = walk(text.join("\n").as_bytes());
    assert_eq!((taken.ids.len(), taken.rejects()), (count * 2, String::new()));
}

#[test]
fn a_lake_row_becomes_the_record() {
    struct Bytes(Value);
    impl Sink for Bytes {
        fn record(&mut self, bytes: &[u8], start: usize, _: Place) -> Result<usize, Stop> {
            self.0 = serde_json::from_slice(&bytes[start..]).unwrap();
            Ok(bytes.len())
        }
        fn reject(&mut self, _: Place, cause: String) {
            panic!("{cause}")
        }
    }
    let row = r#"{"eventversion":"1.08","useridentity":{"type":"AssumedRole","principalid":"AROA:x","sessioncontext":{"sessionissuer":{"username":"app"},"webidfederationdata":null}},"eventtime":"2026-01-02 03:04:05.000","readonly":"false","requestparameters":"{\"userName\":\"eve\"}","eventid":"e","eventname":"CreateUser","errorcode":null}"#;
    let mut sink = Bytes(Value::Null);
    Walker::new(small()).feed(row.as_bytes(), true, &mut sink);
    let expected = json!({
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "principalId": "AROA:x", "sessionContext": {"sessionIssuer": {"userName": "app"}}},
        "eventTime": "2026-01-02T03:04:05Z",
        "readOnly": false,
        "requestParameters": {"userName": "eve"},
        "eventID": "e",
        "eventName": "CreateUser",
    });
    assert_eq!(sink.0, expected);
}

#[test]
fn quiet_things_stay_quiet() {
    let control = json!({"messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logEvents": [{"id": "", "timestamp": 1, "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose."}]});
    let digest = json!({"awsAccountId": "111122223333", "digestStartTime": "2026-01-02T03:04:05Z", "logFiles": [], "previousDigestSignature": null});
    let head = json!({"ContentLength": 9, "Metadata": {"signature": "00", "signature-algorithm": "SHA256withRSA"}});
    for (text, kind) in [
        (head.to_string(), Kind::Digest),
        (String::new(), Kind::Empty),
        (" \n ".to_owned(), Kind::Empty),
        ("[]".to_owned(), Kind::Empty),
        (r#"{"Records":[]}"#.to_owned(), Kind::LogFile),
        (control.to_string(), Kind::Packed),
        (digest.to_string(), Kind::Digest),
    ] {
        let (taken, seen) = walk(text.as_bytes());
        assert_eq!((seen, taken), (kind, Taken::default()), "{text}");
    }
}

#[test]
fn what_is_not_cloudtrail_is_one_reject() {
    let flow = "version account-id interface-id\n2 111122223333 eni-1 - 1.2.3.4 443 ACCEPT OK\n";
    let config = json!({"configSnapshotId": "s", "configurationItems": [{"resourceType": "AWS::IAM::User"}], "fileVersion": "1.0"});
    let cases: [Vec<u8>; 6] = [
        flow.repeat(50).into_bytes(),
        config.to_string().into_bytes(),
        lines(&vec![json!({"level": "info", "msg": "hello"}); 40], "\n").into_bytes(),
        b"PAR1\x15\x04\x15\x10".repeat(100),
        (0..=255_u8).collect(),
        b"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI\n".to_vec(),
    ];
    let seen: Vec<_> = cases.iter().map(|case| walk(case)).collect();
    for (taken, kind) in &seen {
        assert_eq!((taken.ids.len(), taken.rejects.len(), *kind), (0, 1, Kind::NotCloudTrail));
        assert!(!taken.rejects().contains("wJalr"));
    }
    let what = |cause: &str| cause.split(';').next().unwrap().to_owned() + "\n";
    let causes: String = seen.iter().map(|(taken, _)| what(&taken.rejects[0].1)).collect();
    expect![[r#"
        not CloudTrail: VPC flow logs
        not CloudTrail: an object with the keys `configSnapshotId`, `configurationItems`, `fileVersion`
        not CloudTrail: an object with the keys `level`, `msg`
        not CloudTrail: an Apache Parquet file
        not CloudTrail: binary data
        not CloudTrail: text that is no JSON
    "#]]
    .assert_eq(&causes);
}

#[test]
fn strangers_among_records_are_rejected_in_runs() {
    let [a, b] = [record("a").to_string(), record("b").to_string()];
    let text = format!(
        "{{\"hello\":1}}\n{{\"hello\":2}}\n{a}\nERROR something\n\"broke\" {{\n{b}\n[1,null]"
    );
    let (taken, _) = walk(text.as_bytes());
    assert_eq!(taken.ids, ["a", "b"]);
    expect![[r#"
        0/0: skipped 2 values that are no CloudTrail records, the first an object with the keys `hello`
        417/1: skipped text that is no JSON, which is no CloudTrail record
        837/2: skipped 2 values that are no CloudTrail records, the first a value that is no object
    "#]]
    .assert_eq(&taken.rejects());
}

/// Breaks the middle one of five items and expects the other four.
fn four_survive(name: &str, text: &str) {
    for sizes in [&[1 << 40][..], &[1], &[7, 300]] {
        let (taken, _) = windowed(text.as_bytes(), sizes);
        assert_eq!(taken.ids, ["id-0", "id-1", "id-3", "id-4"], "{name}: {text}");
        assert_eq!(taken.rejects.len(), 1, "{name}: {}", taken.rejects());
        assert_eq!(taken.rejects[0].0.record, 2, "{name}");
        let numbers: Vec<_> = taken.places.iter().map(|place| place.record).collect();
        assert_eq!(numbers, [0, 1, 3, 4], "{name}");
    }
}

#[test]
fn a_damaged_record_costs_only_itself() {
    let good = as_delivered(&record("id-2").to_string());
    let huge = good.replace("alice", &"x".repeat(5_000));
    let deep = good.replace("\"CreateUser\"", &format!("{}{}", "[".repeat(70), "]".repeat(70)));
    let half = &good[..good.len() / 2];
    let damages = [
        ("a missing quote", good.replacen("\"1.08\"", "\"1.08", 1)),
        ("a missing quote in a structure", good.replacen("\"IAMUser\"", "\"IAMUser", 1)),
        ("a missing brace", good.replacen("\"IAMUser\"}", "\"IAMUser\"", 1)),
        ("a missing colon", good.replacen("\"eventTime\":", "\"eventTime\"", 1)),
        ("zeros", good.replacen("\"eventTime\"", "\0\0\0\0\0\0\0\0", 1)),
        ("too large", huge),
        ("too deep", deep),
        ("cut", half.to_owned()),
        ("cut in a key", good[..5].to_owned()),
        ("cut at its brace", "{".to_owned()),
    ];
    for (name, damaged) in damages {
        assert_ne!(damaged, good, "{name}");
        let mut parts: Vec<_> = records(5).iter().map(|r| as_delivered(&r.to_string())).collect();
        parts[2] = damaged;
        let broken_off = parts.join(",");
        four_survive(name, &format!("{{\"Records\":[{broken_off}]}}"));
        four_survive(name, &format!("[{broken_off}]"));
        four_survive(name, &parts.join("\n"));
        if !name.starts_with("cut") {
            four_survive(name, &parts.join(""));
        }
    }
}

/// What closes too early is a record with a tail that belongs to nothing; the tail is told.
#[test]
fn a_record_that_closes_too_early_leaves_its_neighbours() {
    let text = as_delivered(&json!({"Records": records(5)}).to_string());
    let early = text.replacen("\"id\":\"1\"}", "\"id\":\"1\"}]}}", 1);
    let (taken, _) = walk(early.as_bytes());
    assert_eq!(taken.ids, ids(5));
    expect![[r#"
        189/1: skipped 3 values that are no CloudTrail records, the first an object with the keys `id`
    "#]]
    .assert_eq(&taken.rejects());
}

#[test]
fn damage_inside_a_text_costs_only_its_item() {
    for (name, text, _) in envelopes(&records(5)) {
        if matches!(
            name,
            "lookup events" | "subscription" | "log events" | "queue" | "query results"
        ) {
            let near = |place: usize| &text[place.saturating_sub(20)..place];
            let mut places = text.match_indices("id-2").map(|(place, _)| place);
            let place = places.find(|place| near(*place).contains("eventID")).unwrap();
            let colon = text[..place].rfind(':').unwrap();
            let damaged = format!("{} {}", &text[..colon], &text[colon + 1..]);
            let (taken, _) = walk(damaged.as_bytes());
            assert_eq!(taken.ids, ["id-0", "id-1", "id-3", "id-4"], "{name}");
            assert_eq!(taken.rejects.len(), 1, "{name}: {}", taken.rejects());
        }
    }
}

#[test]
fn truncation_is_told() {
    let whole = json!({"Records": records(3)}).to_string();
    let (inside, _) = walk(&whole.as_bytes()[..whole.len() - 40]);
    assert_eq!(inside.ids, ids(2));
    let between = whole.find(",{\"eventID\":\"id-1").unwrap();
    let (between, _) = walk(&whole.as_bytes()[..between]);
    expect![[r#"
        804/2: the content ends inside this item
        407/1: the content ends inside its list of records; get the whole file again
    "#]]
    .assert_eq(&(inside.rejects() + &between.rejects()));
    let mut taken = Taken::default();
    let mut walker = Walker::new(small());
    walker.cut_short();
    walker.feed(&whole.as_bytes()[..whole.len() - 40], true, &mut taken);
    assert_eq!((taken.ids, taken.rejects), (ids(2), vec![]));
}

#[test]
fn a_walk_goes_on_behind_a_gap() {
    let whole = json!({"Records": records(3)}).to_string();
    let mut taken = Taken::default();
    let mut walker = Walker::new(small());
    walker.cut_short();
    walker.feed(&whole.as_bytes()[..whole.len() - 40], true, &mut taken);
    walker.resume_after_gap();
    walker.feed(format!("rubbish\"}}]}}{whole}").as_bytes(), true, &mut taken);
    assert_eq!(taken.ids, ["id-0", "id-1", "id-0", "id-1", "id-2"]);
    assert_eq!(taken.rejects, []);
}

#[test]
fn packed_bombs_are_stopped() {
    let bomb = STANDARD.encode(gzip(&vec![b' '; 200_000]));
    let good = STANDARD.encode(gzip(record("good").to_string().as_bytes()));
    let text = format!(r#"{{"awslogs":{{"data":"{bomb}"}}}}{{"awslogs":{{"data":"{good}"}}}}"#);
    let (taken, _) = walk(text.as_bytes());
    assert_eq!(taken.ids, ["good"]);
    assert_eq!(taken.rejects(), "0/0: this event's `data` inflates to more than 100000 bytes\n");
    let mut nested = record("deep").to_string();
    for _ in 0..8 {
        nested = Value::String(nested).to_string();
    }
    assert_eq!(walk(nested.as_bytes()).1, Kind::NotCloudTrail);
}

/// Counts what is read, to hold the walk to linear time.
struct Meter(usize);

impl Sink for Meter {
    fn record(&mut self, bytes: &[u8], start: usize, _: Place) -> Result<usize, Stop> {
        let read = Skim::read(bytes, start, 64);
        self.0 += match read {
            Ok((_, end)) => end - start,
            Err(Stop::Incomplete) => bytes.len() - start,
            Err(Stop::Malformed(at) | Stop::TooDeep(at)) => at - start,
        };
        read.map(|(_, end)| end)
    }

    fn reject(&mut self, _: Place, _: String) {}
}

#[test]
fn hostile_content_takes_linear_time() {
    let unclosed = r#"{"eventVersion":"1","requestParameters":{"a":1,"#;
    let quoted = r#"{"eventVersion":"1","requestParameters":{"a":"1},"#;
    let deep = format!("{{\"eventVersion\":{},", "[".repeat(70));
    let limits = Limits { record_max: 100_000, ..small() };
    let swallowing = r#"{"eventVersion":"1","resources":[{"a":"b"[],"c":1},"#;
    let swallowing = format!("{}{}", swallowing.repeat(20), "]}".repeat(20));
    for line in [
        unclosed,
        quoted,
        &deep,
        &swallowing,
        "{\"a\":[",
        "[",
        "{\"Records\":[",
        "\"{",
        "{\"detail\":{",
    ] {
        for separator in ["\n", ""] {
            let text = format!("{line}{separator}").repeat(400_000 / line.len());
            let mut meter = Meter(0);
            let mut walker = Walker::new(limits);
            walker.feed(text.as_bytes(), true, &mut meter);
            assert!(meter.0 < text.len() * 6, "{line}: {} of {}", meter.0, text.len());
        }
    }
}

/// A stream of items of every kind, some damaged.
fn streams() -> impl Strategy<Value = String> {
    let whole = (0..28_usize, 1..4_usize).prop_map(|(which, count)| {
        let all = envelopes(&records(count));
        all[which % all.len()].1.replace('\u{feff}', "")
    });
    let damaged = (whole.clone(), any::<prop::sample::Index>(), any::<prop::sample::Index>())
        .prop_map(|(text, from, length)| {
            let from = from.index(text.len());
            let to = (from + length.index(60)).min(text.len());
            match (text.get(..from), text.get(to..)) {
                (Some(head), Some(tail)) => format!("{head}{tail}"),
                _ => text,
            }
        });
    let noise = r#"[\[\]{}",: a0\\\n]{0,30}"#;
    let part = prop_oneof![3 => whole, 3 => damaged, 1 => noise];
    prop::collection::vec((part, "[\n ,]?"), 1..4)
        .prop_map(|parts| parts.into_iter().map(|(a, b)| a + &b).collect())
}

proptest! {
    /// How a source cuts its content into windows must not show.
    #[test]
    fn windows_do_not_show(text in streams(), sizes in prop::collection::vec(1..900_usize, 1..5)) {
        prop_assert_eq!(windowed(text.as_bytes(), &sizes), walk(text.as_bytes()));
    }

    #[test]
    fn any_bytes_are_walked(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 1..50_usize) {
        windowed(&bytes, &[size]);
    }

    /// One damaged byte costs at most its record and, where it hits a border, one neighbour.
    #[test]
    fn one_bad_byte_costs_one_record(at in any::<prop::sample::Index>(), byte in any::<u8>(), lines in any::<bool>()) {
        let records = records(6);
        let text = if lines { super::tests::lines(&records, "\n") } else { json!({"Records": records}).to_string() };
        let mut bytes = as_delivered(&text).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let (taken, _) = walk(&bytes);
        let kept = ids(6).iter().filter(|id| taken.ids.contains(id)).count();
        prop_assert!(kept >= 5, "{:?} {}", taken.ids, taken.rejects());
    }
}

/// A bracket that opens where one was closed must not take the rest of the list as its content.
#[test]
fn a_bracket_too_many_costs_one_record() {
    let wrapper = json!({"Records": records(4)}).to_string();
    let between = json!([{"Records": records(4)}, {"Records": []}]).to_string();
    let pretty = serde_json::to_string_pretty(&json!({"Records": records(4)})).unwrap();
    for text in [as_delivered(&wrapper), wrapper, as_delivered(&between), pretty] {
        for (at, old) in text.char_indices().filter(|(_, old)| r#"{}[],:""#.contains(*old)) {
            for new in ["[", "{"] {
                let damaged = format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..]);
                let (taken, _) = walk(damaged.as_bytes());
                let kept = ids(4).iter().filter(|id| taken.ids.contains(id)).count();
                assert!(kept >= 3, "{new} at {at} of {text}: {:?} {}", taken.ids, taken.rejects());
            }
        }
    }
}

/// A record may hold what looks like one.
#[test]
fn a_record_in_a_record_is_part_of_it() {
    let mut outer = record("outer");
    outer["resources"] = json!([record("inner"), {"Records": [record("inner")]}]);
    for text in [json!({"Records": [outer]}).to_string(), outer.to_string()] {
        for text in [as_delivered(&text), text] {
            let (taken, _) = walk(text.as_bytes());
            assert_eq!((taken.ids, taken.rejects), (vec!["outer".to_owned()], vec![]), "{text}");
        }
    }
}

/// The corpus of the fuzz target: no panic, and every split is as good as none.
#[test]
fn the_fuzz_corpus_is_walked() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/envelope");
    let seeds: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|seed| seed.unwrap().path()).collect();
    assert!(seeds.len() >= 10, "the corpus is missing");
    for seed in seeds {
        let bytes = std::fs::read(&seed).unwrap();
        assert_eq!(windowed(&bytes, &[1, 17, 500]), walk(&bytes), "{}", seed.display());
    }
}
