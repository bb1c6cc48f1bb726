//! Envelopes: how records are wrapped, recognised by content and never by a file's name.
//!
//! The content is a stream of JSON values, separated by white space, commas or nothing: NDJSON,
//! concatenated JSON, `jq` output. A value is a list of items, a wrapper object around such a list
//! (`Records`, `Events`, `logEvents`, …) or an item. An item is a record, or holds one: EventBridge,
//! LookupEvents, CloudWatch Logs (log events, subscriptions, and their base64 and gzip form),
//! CloudTrail Lake rows, and SNS, SQS or Kinesis around any of these.
//!
//! # Invariants
//! - One pass: a record of an S3 file is handed on from its first key, without being measured
//!   first. Any split into windows gives the same records and the same rejects.
//! - Total and linear: damage costs the item it is in, and the walk goes on at the next one. Bytes
//!   that a failed read has passed are not passed again by every item behind it (`Careful`), and
//!   an incomplete item is tried again only once its bytes have doubled.
//! - Nothing is lost in silence: what is no record is rejected, runs of it at once.

mod held;
mod keys;
mod lake;
mod lost;
mod packed;
mod seek;
#[cfg(test)]
mod tests;
mod walk;

use crate::limits::Limits;
use crate::scan::Stop;
use seek::Seeker;

/// Where an item stands in its content.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// Byte offset in the inflated content. Records packed inside an item have the item's offset.
    pub offset: u64,
    /// Number of the item in its content, from 0; damaged items count too.
    pub record: u64,
}

/// Takes what a [`Walker`] finds.
pub trait Sink {
    /// A record's brace is at `start` of `bytes`; answers the byte after the record.
    ///
    /// An error must leave no trace: [`Stop::Incomplete`] means that the same record may come again
    /// with more bytes behind it, and the others become rejects. Every sink must answer as
    /// [`Skim::read`](crate::Skim::read) does, or record numbers would differ between two walks of
    /// the same content. A value that is whole but no CloudTrail record is the sink's to reject.
    fn record(&mut self, bytes: &[u8], start: usize, place: Place) -> Result<usize, Stop>;

    /// Something could not be read.
    fn reject(&mut self, place: Place, cause: String);
}

/// What a content was recognised as, by the first thing in it that told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// No bytes, white space, or an empty list.
    Empty,
    /// A wrapper object around a list, as CloudTrail delivers to S3.
    LogFile,
    /// Records on their own: a list, NDJSON, concatenated, or a single one.
    Records,
    /// Output of `aws cloudtrail lookup-events`.
    LookupEvents,
    /// EventBridge events, CloudWatch Logs, or a queue's messages around any of these.
    Packed,
    /// Rows of CloudTrail Lake.
    Lake,
    /// Digests of log files: part of CloudTrail, but without records.
    Digest,
    /// Nothing that trailwarden knows.
    NotCloudTrail,
}

/// What a walk has passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Records that the sink took.
    pub records: u64,
    /// Damaged items.
    pub damaged: u64,
    /// Digests, which are skipped quietly.
    pub digests: u64,
}

/// Walks the envelopes of one content, window by window.
pub struct Walker {
    limits: Limits,
    frames: Vec<Frame>,
    mode: Mode,
    /// Offset in the content of the next window's first byte.
    offset: u64,
    record: u64,
    counts: Counts,
    kind: Option<Kind>,
    careful: Careful,
    strays: Strays,
    /// Bytes that the next window must have before it is worth another try.
    wait: usize,
    /// True from a damaged item to the next good one: what lies between is part of the damage.
    shaken: bool,
    /// True when brackets may have been missed since the last wrapper was entered.
    adrift: bool,
    /// The source has said that bytes are missing, so that leftovers need no reject of their own.
    cut: bool,
    /// How many envelopes are around this content, and its place in the outermost.
    level: u8,
    fixed: Option<u64>,
    /// Inflated bytes of all packed payloads so far.
    unpacked: u64,
}

/// Where the walk stands inside a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Frame {
    /// In a list of items; `rows` when each item is a list of columns.
    List { rows: bool },
    /// In a wrapper object, between its members.
    Wrapper,
}

/// Whether the walk knows where it is.
enum Mode {
    Steady,
    Lost {
        seeker: Seeker,
        /// Set when what is being passed has not been rejected yet.
        stray: Option<(Place, What)>,
    },
}

/// The stretch that a failed read has already passed.
///
/// Within it an item is read only up to where the next one seems to begin, so that many items
/// damaged in the same way do not each read the whole stretch.
#[derive(Default)]
struct Careful {
    until: u64,
    scanned: u64,
    found: Option<u64>,
    seeker: Option<Seeker>,
}

/// A run of things that are no records, rejected at once.
#[derive(Default)]
struct Strays {
    count: u64,
    first: Option<(Place, What)>,
}

/// What a stray looks like. Never its content, which may be a secret of another kind.
#[derive(Clone, PartialEq, Eq, Debug)]
enum What {
    Object(Vec<String>),
    Scalar,
    Text(&'static str),
}

/// Bytes by which content that is no JSON is told apart.
const WHAT_BYTES: usize = 64;

impl Walker {
    /// A walk at the beginning of a content.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            frames: Vec::new(),
            mode: Mode::Steady,
            offset: 0,
            record: 0,
            counts: Counts::default(),
            kind: None,
            careful: Careful::default(),
            strays: Strays::default(),
            wait: 0,
            shaken: false,
            adrift: false,
            cut: false,
            level: 0,
            fixed: None,
            unpacked: 0,
        }
    }

    /// Walks as far as it can and answers how many bytes it is done with.
    ///
    /// The caller keeps the rest and comes again with more behind it; it must be able to hold
    /// [`Limits::record_max`] and one more byte. With `last`, no more will come: everything is
    /// done with, and what is incomplete is rejected.
    pub fn feed(&mut self, bytes: &[u8], last: bool, sink: &mut dyn Sink) -> usize {
        if !last && bytes.len() < self.wait {
            return 0;
        }
        let Some(mut at) = self.mark(bytes, last) else { return 0 };
        while at < bytes.len() {
            match self.step(bytes, at, last, sink) {
                Some(next) => at = next,
                None => break,
            }
        }
        let left = bytes.len().saturating_sub(at);
        self.wait = (left * 2).min(self.limits.record_max.saturating_add(1)).max(left + 1);
        self.offset += at as u64;
        if last {
            self.finish(sink);
        }
        at
    }

    /// What the content was recognised as so far.
    pub fn kind(&self) -> Kind {
        match self.kind {
            Some(kind) => kind,
            None if self.strays.count > 0 => Kind::NotCloudTrail,
            None => Kind::Empty,
        }
    }

    /// What was passed so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Bytes done with so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Says that the content breaks off early, and that the source rejects it for that: leftovers
    /// of the next `feed` with `last` are dropped without a reject of their own.
    pub fn cut_short(&mut self) {
        self.cut = true;
    }

    /// Says that bytes are missing here, but that others follow: the next window begins anew.
    /// Call it after a `feed` with `last`.
    pub fn resume_after_gap(&mut self) {
        self.frames.clear();
        self.mode = Mode::Lost { seeker: Seeker::anywhere(), stray: None };
        self.cut = false;
        self.shaken = true;
        self.wait = 0;
    }

    /// Passes a byte order mark. `None` when its first bytes are there but not the others.
    fn mark(&self, bytes: &[u8], last: bool) -> Option<usize> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        if self.offset > 0 || self.level > 0 {
            return Some(0);
        }
        if bytes.starts_with(MARK) {
            return Some(MARK.len());
        }
        if !last && MARK.starts_with(bytes) { None } else { Some(0) }
    }

    fn place(&self, at: usize) -> Place {
        Place { offset: self.fixed.unwrap_or(self.offset + at as u64), record: self.record }
    }

    fn recognise(&mut self, kind: Kind) {
        if self.kind.is_none() {
            self.kind = Some(kind);
        }
    }

    /// Rejects a damaged item.
    fn damaged(&mut self, at: usize, cause: String, sink: &mut dyn Sink) {
        self.flush(sink);
        sink.reject(self.place(at), cause);
        self.record += 1;
        self.counts.damaged += 1;
    }

    /// Notes something that is no record; directly behind damage it is part of the damage.
    fn stray(&mut self, place: Place, what: impl FnOnce() -> What) {
        if !self.shaken {
            self.strays.count += 1;
            self.strays.first.get_or_insert_with(|| (place, what()));
        }
    }

    /// Rejects the run of strays, now that it has ended.
    fn flush(&mut self, sink: &mut dyn Sink) {
        let strays = std::mem::take(&mut self.strays);
        if let Some((place, what)) = strays.first {
            let cause = match strays.count {
                1 => format!("skipped {}, which is no CloudTrail record", what.words()),
                n => format!(
                    "skipped {n} values that are no CloudTrail records, the first {}",
                    what.words()
                ),
            };
            sink.reject(place, cause);
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        if let Mode::Lost { stray: Some((place, what)), .. } =
            std::mem::replace(&mut self.mode, Mode::Steady)
        {
            self.stray(place, || what);
        }
        if self.level > 0 {
            return;
        }
        if !self.frames.is_empty() && !self.cut && !self.adrift {
            let cause = "the content ends inside its list of records; get the whole file again";
            self.flush(sink);
            sink.reject(self.place(0), cause.to_owned());
        }
        self.frames.clear();
        if self.kind.is_some() {
            self.flush(sink);
            return;
        }
        if let Some((_, what)) = &self.strays.first {
            let cause = format!(
                "not CloudTrail: {}; trailwarden reads S3 log files, lists of records, NDJSON, \
                 EventBridge, LookupEvents, CloudWatch Logs and CloudTrail Lake, as they are or \
                 as gzip, zstd or tar",
                what.words()
            );
            sink.reject(Place::default(), cause);
            self.kind = Some(Kind::NotCloudTrail);
            self.strays = Strays::default();
        }
    }
}

impl What {
    fn words(&self) -> String {
        match self {
            Self::Object(keys) if keys.is_empty() => "an empty object".to_owned(),
            Self::Object(keys) => format!("an object with the keys `{}`", keys.join("`, `")),
            Self::Scalar => "a value that is no object".to_owned(),
            Self::Text(kind) => (*kind).to_owned(),
        }
    }

    /// Names bytes that are no JSON.
    fn of_bytes(bytes: &[u8]) -> Self {
        let head = bytes.get(..WHAT_BYTES).unwrap_or(bytes);
        Self::Text(if head.starts_with(b"PAR1") {
            "an Apache Parquet file"
        } else if head.starts_with(b"SQLite format 3") {
            "a SQLite database"
        } else if head.starts_with(b"<") {
            "XML or HTML"
        } else if head.starts_with(b"version account-id") {
            "VPC flow logs"
        } else if head.iter().any(|b| b.is_ascii_control() && !b.is_ascii_whitespace()) {
            "binary data"
        } else {
            "text that is no JSON"
        })
    }
}
