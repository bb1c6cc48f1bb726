//! An event history on loopback: fifty events a page, the newest first, all of them older than an hour.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// The server; it lives as long as the process of the test.
pub(crate) struct Server {
    pub(crate) url: String,
    rules: Arc<Mutex<Rules>>,
    seen: Arc<Mutex<Vec<Lookup>>>,
    silent: Receiver<()>,
}

#[derive(Default)]
struct Rules {
    denied: Option<&'static str>,
    is_refusing: bool,
    is_silent: bool,
}

struct Lookup {
    region: String,
    filter: String,
}

impl Server {
    /// Keeps the records of a file of NDJSON, in us-east-1.
    pub(crate) fn of(trail: &str) -> Self {
        let text = std::fs::read_to_string(trail).unwrap();
        let mut events: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        events.sort_by_key(|event| std::cmp::Reverse(event["eventTime"].to_string()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let rules: Arc<Mutex<Rules>> = Arc::default();
        let seen: Arc<Mutex<Vec<Lookup>>> = Arc::default();
        let (told, kept) = (Arc::clone(&rules), Arc::clone(&seen));
        let (tell, silent) = channel();
        std::thread::spawn(move || serve(&listener, &events, &told, &kept, &tell));
        Self { url, rules, seen, silent }
    }

    /// Answers no page but first ones.
    pub(crate) fn falling_silent(self) -> Self {
        self.rules.lock().unwrap().is_silent = true;
        self
    }

    /// Waits until a page was asked for that nobody answers.
    pub(crate) fn is_silent(&self) {
        self.silent.recv().unwrap();
    }

    /// Denies a region.
    pub(crate) fn denying(self, region: &'static str) -> Self {
        self.rules.lock().unwrap().denied = Some(region);
        self
    }

    /// Takes no credentials.
    pub(crate) fn refusing(self) -> Self {
        self.rules.lock().unwrap().is_refusing = true;
        self
    }

    /// How many pages were asked for since the last time.
    pub(crate) fn lookups(&self) -> usize {
        self.seen.lock().unwrap().drain(..).count()
    }

    /// The regions that were asked.
    pub(crate) fn regions(&self) -> Vec<String> {
        let mut regions: Vec<String> =
            self.seen.lock().unwrap().iter().map(|one| one.region.clone()).collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }

    /// The filter of each page that was asked for.
    pub(crate) fn filters(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|one| one.filter.clone()).collect()
    }
}

fn serve(
    listener: &TcpListener,
    events: &[Value],
    rules: &Mutex<Rules>,
    seen: &Mutex<Vec<Lookup>>,
    tell: &Sender<()>,
) {
    let mut held = Vec::new();
    for stream in listener.incoming().flatten() {
        let Some((head, body)) = read(&stream) else { continue };
        if rules.lock().unwrap().is_silent && body.contains("NextToken") {
            held.push(stream);
            let _ = tell.send(());
            continue;
        }
        let (status, answer) = answer(events, &rules.lock().unwrap(), seen, &head, &body);
        let _ = write(&stream, status, &answer);
    }
}

fn answer(
    events: &[Value],
    rules: &Rules,
    seen: &Mutex<Vec<Lookup>>,
    head: &str,
    body: &str,
) -> (u16, String) {
    if rules.is_refusing {
        let error = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
        return (403, error.to_owned());
    }
    if body.contains("Action=GetCallerIdentity") {
        let members = "<Arn>arn:aws:iam::111122223333:user/auditor</Arn><UserId>AIDAAUDITOR</UserId>\
                       <Account>111122223333</Account>";
        let result = format!(
            "<GetCallerIdentityResponse><GetCallerIdentityResult>{members}</GetCallerIdentityResult>\
             </GetCallerIdentityResponse>"
        );
        return (200, result);
    }
    if head.contains("/listRegions") {
        let region = |name: &str| json!({"RegionName": name, "RegionOptStatus": "ENABLED"});
        return (200, json!({"Regions": [region("us-east-1"), region("ap-south-1")]}).to_string());
    }
    assert!(head.contains("CloudTrail_20131101.LookupEvents"), "{head}");
    // `authorization: AWS4-HMAC-SHA256 Credential=key/date/region/service/aws4_request, ...`
    let region = head.split("Credential=").nth(1).unwrap().split('/').nth(2).unwrap().to_owned();
    let asked: Value = serde_json::from_str(body).unwrap();
    let is_denied = rules.denied == Some(region.as_str());
    let is_latest =
        asked["EndTime"].as_i64().unwrap() - asked["StartTime"].as_i64().unwrap() <= 3_600;
    let has_events = region == "us-east-1" && !is_latest;
    seen.lock().unwrap().push(Lookup { region, filter: asked["LookupAttributes"].to_string() });
    if is_denied {
        let error = json!({"__type": "AccessDeniedException", "message": "not you"});
        return (400, error.to_string());
    }
    let from: usize = asked["NextToken"].as_str().map_or(0, |token| token.parse().unwrap());
    let mine = events.iter().filter(|_| has_events);
    let page: Vec<Value> = mine.skip(from).take(50).map(event).collect();
    let mut answer = json!({"Events": page});
    if has_events && from + 50 < events.len() {
        answer["NextToken"] = (from + 50).to_string().into();
    }
    (200, answer.to_string())
}

/// A record as the history wraps it.
fn event(record: &Value) -> Value {
    let time: jiff::Timestamp = record["eventTime"].as_str().unwrap().parse().unwrap();
    json!({
        "EventId": record["eventID"], "EventName": record["eventName"], "ReadOnly": "false",
        "EventTime": time.as_second(), "EventSource": record["eventSource"], "Resources": [],
        "CloudTrailEvent": record.to_string(),
    })
}

fn read(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse().ok()?;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn write(mut stream: &TcpStream, status: u16, body: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
}
