//! A page as AWS wrote it, and the little that one must know of it.

use serde::Deserialize;
use serde_json::Value;
use trailwarden_model::Timestamp;

/// A page of the event history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// As AWS wrote it.
    pub body: Vec<u8>,
    /// When its events happened, in their order. Empty as well when one of them does not tell.
    pub times: Vec<Timestamp>,
    /// How many events are on it.
    pub events: u64,
    /// Leads to the next page.
    pub next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    event_time: Option<Value>,
}

impl Page {
    /// Reads what AWS wrote; `Err` tells why it is no page.
    pub(crate) fn read(body: &[u8]) -> Result<Self, String> {
        let wire: Wire =
            serde_json::from_slice(body).map_err(|error| format!("no page: {error}"))?;
        let times = wire.events.iter().map(|event| event.event_time.as_ref().and_then(time));
        let times: Option<Vec<Timestamp>> = times.collect();
        Ok(Self {
            body: body.to_vec(),
            times: times.unwrap_or_default(),
            events: wire.events.len() as u64,
            next: wire.next_token.filter(|token| !token.is_empty()),
        })
    }
}

/// Seconds since 1970, as AWS writes them, or text, as what stands in its place may do.
#[expect(clippy::cast_possible_truncation, reason = "a float too large becomes the largest second")]
fn time(value: &Value) -> Option<Timestamp> {
    let seconds = || value.as_f64().map(|seconds| Timestamp::from_seconds(seconds.floor() as i64));
    seconds().or_else(|| Timestamp::parse(value.as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_its_times_and_what_follows() {
        let body = br#"{"NextToken":"t","Events":[{"EventTime":1.7e9,"CloudTrailEvent":"{}"},{"EventTime":1699999999.9}]}"#;
        let page = Page::read(body).unwrap();
        let at = |seconds| Timestamp::from_seconds(seconds);
        assert_eq!(page.times, [at(1_700_000_000), at(1_699_999_999)]);
        assert_eq!((page.events, page.next.as_deref()), (2, Some("t")));
        assert_eq!(page.body, body);
        let last = Page::read(br#"{"Events":[],"NextToken":""}"#).unwrap();
        assert_eq!((last.events, last.next), (0, None));
    }

    #[test]
    fn times_are_all_there_or_none() {
        let page = Page::read(br#"{"Events":[{"EventTime":1},{}]}"#).unwrap();
        assert_eq!((page.events, page.times.len()), (2, 0));
    }

    #[test]
    fn what_is_no_page_is_told() {
        for body in ["", "{}", "[]", r#"{"Events":[{"EventTime":1}"#, r#"{"Events":{}}"#] {
            assert!(Page::read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
