//! A bucket on loopback, as S3 answers: pages, ranges, conditions, regions; and what goes wrong there.
//!
//! It knows nothing of the crate, so that tests of other crates take it too.
//!
//! Source: Amazon S3 API Reference, "ListObjectsV2", "GetObject" and "Error responses".

#![allow(dead_code, reason = "each test target uses a part of it")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};

/// The one bucket that there is.
pub(crate) const BUCKET: &str = "trail-logs";

/// What lies in the bucket, and what goes wrong.
#[derive(Clone, Default)]
pub(crate) struct Rules {
    /// The bucket's name; empty for the usual one.
    pub(crate) bucket: String,
    pub(crate) objects: BTreeMap<String, Vec<u8>>,
    /// Metadata of some objects, by key.
    pub(crate) metadata: BTreeMap<String, Vec<(String, String)>>,
    /// Keys on one page; 0 for a thousand.
    pub(crate) page: usize,
    /// A page that is not the last does not say how to go on.
    pub(crate) is_tokenless: bool,
    /// Nothing below these prefixes is listed or given.
    pub(crate) denied: Vec<String>,
    /// Where it is; empty for anywhere.
    pub(crate) region: String,
    /// So many requests are too many.
    pub(crate) slow: usize,
    /// So many bytes are sent of these objects before the connection dies, so many times.
    pub(crate) cut: BTreeMap<String, (usize, usize)>,
    /// Ranges are not understood.
    pub(crate) is_rangeless: bool,
    /// These are listed with an ETag that they have no more.
    pub(crate) replaced: Vec<String>,
    /// What CloudTrail answers to `ListPublicKeys`.
    pub(crate) public_keys: String,
    /// Objects are given only once so many are asked for at the same time.
    pub(crate) together: usize,
    /// Who asks for these gets no answer.
    pub(crate) stalled: Vec<String>,
    /// Keys that are answered with this code of an error.
    pub(crate) errors: BTreeMap<String, (u16, String)>,
}

/// The server; it lives as long as the process of the test.
pub(crate) struct S3 {
    pub(crate) url: String,
    pub(crate) rules: Arc<Mutex<Rules>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Hears of whoever gets no answer.
    stalls: Mutex<Receiver<()>>,
}

/// Where those wait who are to come together.
#[derive(Default)]
struct Gate {
    come: Mutex<usize>,
    changed: Condvar,
}

impl Gate {
    fn wait_for(&self, together: usize) {
        let mut come = self.come.lock().unwrap();
        *come += 1;
        self.changed.notify_all();
        drop(self.changed.wait_while(come, |come| *come < together).unwrap());
    }
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
}

impl Seen {
    /// Whether it asks for a list.
    pub(crate) fn is_list(&self) -> bool {
        self.target.contains("list-type=2")
    }
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// How much of the body is sent.
    sent: usize,
}

impl S3 {
    pub(crate) fn new(rules: Rules) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (rules, seen) = (Arc::new(Mutex::new(rules)), Arc::new(Mutex::new(Vec::new())));
        let (kept, noted) = (Arc::clone(&rules), Arc::clone(&seen));
        let (stall, stalls) = channel();
        let gate = Arc::new(Gate::default());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (rules, seen) = (Arc::clone(&kept), Arc::clone(&noted));
                let (stall, gate) = (stall.clone(), Arc::clone(&gate));
                std::thread::spawn(move || serve(&stream, &rules, &seen, &stall, &gate));
            }
        });
        Self { url, rules, seen, stalls: Mutex::new(stalls) }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until somebody asked for what gets no answer.
    pub(crate) fn wait_for_stalled(&self) {
        self.stalls.lock().unwrap().recv().unwrap();
    }

    /// How many objects were asked for, again or not.
    pub(crate) fn fetched(&self) -> usize {
        self.seen().iter().filter(|seen| !seen.is_list() && seen.target != "/").count()
    }
}

fn serve(
    stream: &TcpStream,
    rules: &Mutex<Rules>,
    seen: &Mutex<Vec<Seen>>,
    stall: &Sender<()>,
    gate: &Gate,
) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let Some(target) = lines.first().and_then(|line| line.split(' ').nth(1)) else { return };
    let header = |line: &String| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    };
    let request =
        Seen { target: target.to_owned(), headers: lines.iter().filter_map(header).collect() };
    // A question that is left unread would break the connection.
    let length = request.headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    reader.read_exact(&mut vec![0; length]).unwrap();
    seen.lock().unwrap().push(request.clone());
    let stalled = rules.lock().unwrap().stalled.clone();
    let asks_for =
        |key: &String| decoded(target).split('&').any(|part| part.ends_with(key.as_str()));
    if stalled.iter().any(asks_for) {
        stall.send(()).unwrap();
        loop {
            std::thread::park();
        }
    }
    let together = rules.lock().unwrap().together;
    if !request.is_list() {
        gate.wait_for(together);
    }
    let answer = answer(&request, &mut rules.lock().unwrap());
    let mut out = stream;
    let mut head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", answer.body.len());
    let _ = out.write_all(head.as_bytes());
    let _ = out.write_all(&answer.body[..answer.sent.min(answer.body.len())]);
}

fn plain(status: u16, body: Vec<u8>) -> Answer {
    Answer { status, headers: Vec::new(), sent: body.len(), body }
}

fn error(status: u16, code: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>said so</Message></Error>");
    let mut answer = plain(status, body.into_bytes());
    answer.headers.push(("content-type".to_owned(), "application/xml".to_owned()));
    answer
}

fn answer(request: &Seen, rules: &mut Rules) -> Answer {
    if rules.slow > 0 {
        rules.slow -= 1;
        return error(503, "SlowDown");
    }
    let is_s3 = !request.headers.contains_key("x-amz-target");
    let signed = request.headers.get("authorization").cloned().unwrap_or_default();
    if is_s3 && !rules.region.is_empty() && !signed.contains(&format!("/{}/s3/", rules.region)) {
        let mut answer = error(301, "PermanentRedirect");
        answer.headers.push(("x-amz-bucket-region".to_owned(), rules.region.clone()));
        return answer;
    }
    if request.headers.get("x-amz-target").is_some_and(|name| name.ends_with(".ListPublicKeys")) {
        let mut answer = plain(200, rules.public_keys.clone().into_bytes());
        answer.headers.push(("content-type".to_owned(), "application/x-amz-json-1.1".to_owned()));
        return answer;
    }
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let path = path.strip_prefix('/').unwrap();
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    if bucket != if rules.bucket.is_empty() { BUCKET } else { &rules.bucket } {
        return error(404, "NoSuchBucket");
    }
    if key.is_empty() {
        list(&parameters(query), rules)
    } else {
        get(&decoded(key), request, rules)
    }
}

/// What changes with the content.
fn etag(key: &str, rules: &Rules) -> String {
    let bytes = &rules.objects[key];
    let sum = bytes.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte));
    format!("\"{sum:x}\"")
}

fn get(key: &str, request: &Seen, rules: &mut Rules) -> Answer {
    if rules.denied.iter().any(|prefix| key.starts_with(prefix)) {
        return error(403, "AccessDenied");
    }
    if let Some((status, code)) = rules.errors.get(key) {
        return error(*status, code);
    }
    let Some(bytes) = rules.objects.get(key).cloned() else { return error(404, "NoSuchKey") };
    let etag = etag(key, rules);
    if request.headers.get("if-match").is_some_and(|asked| *asked != etag) {
        return error(412, "PreconditionFailed");
    }
    let range = request.headers.get("range").filter(|_| !rules.is_rangeless);
    let from =
        range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let mut answer =
        plain(if from.is_some() { 206 } else { 200 }, bytes[from.unwrap_or(0)..].to_vec());
    answer.headers.push(("etag".to_owned(), etag));
    for (name, value) in rules.metadata.get(key).into_iter().flatten() {
        answer.headers.push((format!("x-amz-meta-{name}"), value.clone()));
    }
    if let Some((sent, times)) = rules.cut.get_mut(key).filter(|(_, times)| *times > 0) {
        *times -= 1;
        answer.sent = *sent;
    }
    answer
}

fn list(asked: &BTreeMap<String, String>, rules: &Rules) -> Answer {
    let text = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let (prefix, delimiter) = (text("prefix"), text("delimiter"));
    if rules.denied.iter().any(|denied| prefix.starts_with(denied)) {
        return error(403, "AccessDenied");
    }
    assert_eq!(text("encoding-type"), "url");
    let page = if rules.page == 0 { 1_000 } else { rules.page };
    let after = asked.get("continuation-token").or_else(|| asked.get("start-after"));
    let mut entries: Vec<(String, bool)> = Vec::new();
    for key in rules.objects.keys().filter(|key| key.starts_with(&prefix)) {
        let rest = &key[prefix.len()..];
        let entry = match rest.find('/').filter(|_| !delimiter.is_empty()) {
            Some(at) => (format!("{prefix}{}", &rest[..=at]), true),
            None => (key.clone(), false),
        };
        if after.is_none_or(|after| entry.0 > *after) && entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    let is_cut = entries.len() > page;
    entries.truncate(page);
    let mut xml = format!("<EncodingType>url</EncodingType><IsTruncated>{is_cut}</IsTruncated>");
    for (name, is_folder) in &entries {
        let coded = encoded(name);
        if *is_folder {
            xml += &format!("<CommonPrefixes><Prefix>{coded}</Prefix></CommonPrefixes>");
        } else {
            let size = rules.objects[name].len();
            let etag = if rules.replaced.contains(name) {
                "\"old\"".to_owned()
            } else {
                etag(name, rules)
            };
            let etag = etag.replace('"', "&quot;");
            xml += &format!(
                "<Contents><Key>{coded}</Key><LastModified>2026-03-01T10:00:00.000Z</LastModified><ETag>{etag}</ETag>\
                 <Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            );
        }
    }
    if let Some((last, _)) = entries.last().filter(|_| is_cut && !rules.is_tokenless) {
        xml += &format!(
            "<NextContinuationToken>{}</NextContinuationToken>",
            last.replace('&', "&amp;")
        );
    }
    let body = format!("<ListBucketResult><Name>{BUCKET}</Name>{xml}</ListBucketResult>");
    let mut answer = plain(200, body.into_bytes());
    answer.headers.push(("content-type".to_owned(), "application/xml".to_owned()));
    answer
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').map(pair).collect()
}

/// Percent-encoded text; a plus in it is a plus.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let code = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(code, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// As S3 encodes keys in lists: a blank is a plus.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => out += &format!("%{other:02X}"),
        }
    }
    out
}
