//! What of a flood of calls is kept.

use serde_json::json;

use super::*;

fn put(bucket: &str, second: i64) -> (Event, Order) {
    let time = Timestamp::from_seconds(1_769_947_200 + second);
    let record = json!({"eventVersion": "1.11", "eventTime": time.to_string(),
        "eventSource": "s3.amazonaws.com", "eventName": "PutBucketPolicy",
        "awsRegion": "eu-west-1", "requestParameters": {"bucketName": bucket},
        "eventID": format!("e{second}"), "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333"});
    let event = Event::decode(record.to_string().as_bytes()).unwrap();
    let order = trailwarden_account::entry::order_of(&event);
    (event, order)
}

fn history(events: Vec<(Event, Order)>) -> History {
    let things = ["logs".to_owned()].into();
    let telling = Telling { wanted: BTreeSet::new(), things, room: 2, history: History::default() };
    telling.of_events(events)
}

/// Whoever makes many calls about buckets of his own hides none about another.
#[test]
fn a_flood_about_other_things_hides_nothing() {
    let mut events: Vec<_> = (0..10).map(|second| put("another", second)).collect();
    events.push(put("logs", 10));
    let history = history(events);
    assert!(!history.is_flooded());
    assert_eq!(history.settings(None).count(), 1);
}

#[test]
fn a_flood_about_the_thing_itself_is_told() {
    let history = history((0..3).map(|second| put("logs", second)).collect());
    assert!(history.is_flooded());
}
