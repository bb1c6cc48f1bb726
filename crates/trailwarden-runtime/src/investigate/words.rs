//! What a record says, in the few words that a story needs of it; and coming back for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use trailwarden_account::session::Session;
use trailwarden_model::Arn;
use trailwarden_model::finding::Party;
use trailwarden_record::call::TargetKind;
use trailwarden_record::limits::Limits;
use trailwarden_record::row::{Order, Place};
use trailwarden_record::{Event, json};

use crate::scan::files::Table;
use crate::sources::{Item, Reader, Wanted};

/// How many ids of one record are looked at.
const IDS_MAX: usize = 40;
/// How deep parameters are searched for ids.
const DEPTH_MAX: usize = 6;
/// A stranger's text may be long; its beginning is enough to tell it apart.
const CHARS_MAX: usize = 300;

/// What a record says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Words {
    pub(super) event_id: String,
    pub(super) event_name: String,
    pub(super) service: String,
    pub(super) account: Option<String>,
    pub(super) address: String,
    pub(super) agent: String,
    pub(super) error_code: String,
    pub(super) target: Option<String>,
    pub(super) caller: Party,
    /// Ids of the thing that the call's name speaks of.
    pub(super) things: Vec<String>,
    /// Of a call that began a session, what it was limited to.
    pub(super) limited_to: Vec<String>,
}

impl Words {
    pub(super) fn of(event: &Event) -> Self {
        let caller = event.caller.party(&event.address);
        Self {
            event_id: short(&event.id),
            event_name: short(event.name()),
            service: short(event.service()),
            account: event.account.map(|account| account.to_string()),
            address: short(&event.address),
            agent: short(&event.user_agent),
            error_code: short(&event.error_code),
            target: target(event).map(|target| short(&target)),
            caller,
            things: things(event),
            limited_to: limited_to(event),
        }
    }
}

fn short(text: &str) -> String {
    trailwarden_model::escape::shorten(text, CHARS_MAX).into_owned()
}

/// What a session that a call began may do at most; nothing where nothing limits it.
fn limited_to(event: &Event) -> Vec<String> {
    if event.service() != "sts" {
        return Vec::new();
    }
    let session = Session::of(event, Order::default(), Place::default());
    let lines = session.and_then(|session| session.limit.in_words()).unwrap_or_default();
    lines.iter().map(|line| short(line)).collect()
}

/// What a call was about, in a few words.
fn target(event: &Event) -> Option<String> {
    if let Some(role) = event.request("roleArn").filter(|_| event.service() == "sts") {
        let session = event.request("roleSessionName");
        return Some(session.map_or(role.to_owned(), |session| format!("{role} as {session}")));
    }
    if let Some(target) = event.target() {
        let name = target.name?;
        let detail = ["policyName", "policyArn", "groupName", "accessKeyId", "serialNumber"];
        let detail = detail.into_iter().find_map(|path| event.request(path));
        let member = event.request("userName").filter(|_| target.kind == TargetKind::Group);
        let detail = member.or(detail);
        // Of what a call made, only the answer tells the id.
        let detail = detail.or_else(|| event.response("accessKey.accessKeyId"));
        let detail = detail.or_else(|| event.request("newUserName"));
        let name = Arn::parse(&name).map_or(name.as_str(), |arn| arn.name()).to_owned();
        let kind = target.kind.as_str().replace('_', " ");
        return Some(match detail.filter(|detail| *detail != name) {
            Some(detail) => format!("{kind} {name}: {detail}"),
            None => format!("{kind} {name}"),
        });
    }
    if let Some((bucket, key)) = event.request("bucketName").zip(event.request("key")) {
        return Some(format!("{bucket}/{key}"));
    }
    let denied = event.denial.as_ref().and_then(|denial| denial.resource.as_ref()?.arn.clone());
    let listed = json::at(&event.json, "resources").and_then(|resources| {
        resources.as_array()?.iter().find_map(|resource| {
            let arn = resource.as_object()?.get(&"ARN")?.as_str()?;
            (!arn.contains(":assumed-role/")).then(|| arn.to_owned())
        })
    });
    things(event).into_iter().next().or(denied).or(listed).or_else(|| telling(event))
}

/// The most telling parameter of a call that is not typed.
fn telling(event: &Event) -> Option<String> {
    let request = json::at(&event.json, "requestParameters")?;
    let mut found = Vec::new();
    collect(request, "", &mut found, 0);
    let ends = |key: &str, ends: &[&str]| {
        let key = key.to_ascii_lowercase();
        ends.iter().any(|end| key.ends_with(end))
    };
    let best = found.iter().find(|(key, _)| ends(key, &["arn", "name", "id", "identifier"]));
    best.map(|(_, text)| text.clone())
}

/// What a call's name speaks of, without its verb: `Function` of `CreateFunction`.
pub(super) fn noun(name: &str) -> &str {
    let start = name.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase());
    let noun = start.and_then(|(at, _)| name.get(at..)).unwrap_or_default();
    noun.strip_suffix('s').unwrap_or(noun)
}

/// Ids and names of the thing that the call's name speaks of: `functionName` of `CreateFunction`,
/// `instanceId` of `RunInstances`.
fn things(event: &Event) -> Vec<String> {
    let noun = noun(event.name()).to_ascii_lowercase();
    if noun.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for part in ["requestParameters", "responseElements"] {
        if let Some(value) = json::at(&event.json, part) {
            collect(value, "", &mut found, 0);
        }
    }
    let is_own = |key: &str| {
        let key = key.to_ascii_lowercase();
        let rest = key.strip_prefix(&noun);
        rest.is_some_and(|rest| matches!(rest, "" | "name" | "id" | "arn" | "identifier"))
    };
    let mut ids: Vec<String> =
        found.into_iter().filter(|(key, _)| is_own(key)).map(|(_, text)| short(&text)).collect();
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids
}

/// Texts under parameters with their keys, in the order of the record.
fn collect(value: &Value, key: &str, found: &mut Vec<(String, String)>, depth: usize) {
    if found.len() >= IDS_MAX || depth > DEPTH_MAX {
        return;
    }
    if let Some(text) = value.as_str() {
        if !key.is_empty() && !text.is_empty() {
            found.push((key.to_owned(), text.to_owned()));
        }
    } else if let Some(object) = value.as_object() {
        for (name, value) in object {
            // A function that runs in a security group does not speak of the group.
            collect(value, name, found, depth + 1);
        }
    } else if let Some(items) = value.as_array() {
        for item in items {
            collect(item, key, found, depth + 1);
        }
    }
}

/// Where to read again, and how.
pub(super) struct Library<'a> {
    pub(super) items: &'a [Item],
    pub(super) table: &'a Table,
    pub(super) limits: Limits,
    pub(super) spill_dir: Option<&'a Path>,
    pub(super) threads: usize,
}

impl Library<'_> {
    /// Reads the records at some places again.
    pub(super) fn read(&self, places: &BTreeSet<Place>) -> BTreeMap<Place, Words> {
        let mut wanted: BTreeMap<usize, Wanted> = BTreeMap::new();
        let mut number_of: BTreeMap<(usize, &str), u32> = BTreeMap::new();
        for place in places {
            let index = place.file as usize;
            let names = (self.table.names.get(index), self.table.items.get(index));
            let (Some(name), Some(item)) = names else { continue };
            let item = *item as usize;
            let files = wanted.entry(item).or_default();
            files.entry(name.clone()).or_default().insert(u64::from(place.record));
            number_of.insert((item, name), place.file);
        }
        let queue: Vec<(usize, Wanted)> = wanted.into_iter().collect();
        let next = AtomicUsize::new(0);
        let found: Mutex<BTreeMap<Place, Words>> = Mutex::new(BTreeMap::new());
        let folder: PathBuf = self.spill_dir.map_or_else(std::env::temp_dir, Path::to_owned);
        thread::scope(|scope| {
            for _ in 0..self.threads.min(queue.len()) {
                scope.spawn(|| {
                    let mut reader = Reader::new(self.limits, folder.clone());
                    while let Some((item, files)) = queue.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        let Some(source) = self.items.get(*item) else { continue };
                        reader.fetch(source, files, &mut |file, number, bytes| {
                            let file = number_of.get(&(*item, file)).copied();
                            let record = u32::try_from(number).ok();
                            if let (Some(file), Some(record), Ok(event)) =
                                (file, record, Event::decode(bytes))
                            {
                                let mut found =
                                    found.lock().unwrap_or_else(PoisonError::into_inner);
                                found.insert(Place { file, record }, Words::of(&event));
                            }
                        });
                    }
                });
            }
        });
        found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, source: &str, rest: &str) -> Words {
        let record = format!(
            r#"{{"eventTime":"2026-01-02T03:04:05Z","eventSource":"{source}.amazonaws.com","eventName":"{name}",{rest}}}"#
        );
        Words::of(&Event::decode(record.as_bytes()).unwrap())
    }

    #[test]
    fn a_call_speaks_of_what_its_name_says() {
        let made = words(
            "CreateFunction20150331",
            "lambda",
            r#""requestParameters":{"functionName":"back","role":"arn:x"},"responseElements":{"functionArn":"arn:aws:lambda:::function:back"}"#,
        );
        assert_eq!(made.things, ["back", "arn:aws:lambda:::function:back"]);
        let run = words(
            "RunInstances",
            "ec2",
            r#""requestParameters":{"instanceType":"t3"},"responseElements":{"instancesSet":{"items":[{"instanceId":"i-1","imageId":"ami-1"}]}}"#,
        );
        assert_eq!((run.things, run.target.as_deref()), (vec!["i-1".to_owned()], Some("i-1")));
        assert_eq!((noun("TerminateInstances"), noun("CreateBucket")), ("Instance", "Bucket"));
    }

    #[test]
    fn a_target_is_told_in_a_few_words() {
        let put = words(
            "PutUserPolicy",
            "iam",
            r#""requestParameters":{"userName":"bob","policyName":"all","policyDocument":"{}"}"#,
        );
        assert_eq!(put.target.as_deref(), Some("user bob: all"));
        let get = words("GetObject", "s3", r#""requestParameters":{"bucketName":"b","key":"k/1"}"#);
        assert_eq!(get.target.as_deref(), Some("b/k/1"));
    }
}
