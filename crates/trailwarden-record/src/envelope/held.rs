//! Items that hold an item: opening them, and walking what is inside.

use super::keys::{self, Role};
use super::packed::{self, Packed};
use super::{Kind, Sink, Walker, What, lake};
use crate::scan;

/// Envelopes inside each other: a queue's message around a notification around an event is three.
const LEVELS_MAX: u8 = 5;

impl Walker {
    /// Opens an object that holds an item; `whole` ends with it.
    pub(super) fn holder(
        &mut self,
        whole: &[u8],
        at: usize,
        (role, value, kind): (Role, usize, Kind),
        sink: &mut dyn Sink,
    ) {
        let Ok(end) = scan::skip_value(whole, value, self.limits.depth_max) else { return };
        let held = whole.get(value..end).unwrap_or_default();
        let before = self.counts;
        match role {
            Role::Item => self.nested(held, at, sink),
            Role::Text => self.text(held, at, sink),
            _ => self.packed(held, at, sink),
        }
        if self.counts != before {
            self.recognise(kind);
        }
    }

    /// Walks JSON text that is inside a string.
    pub(super) fn text(&mut self, quoted: &[u8], at: usize, sink: &mut dyn Sink) {
        let Some(text) = packed::unescape(quoted) else {
            self.damaged(at, "a string that is no valid JSON text".to_owned(), sink);
            return;
        };
        // CloudWatch Logs tests a destination with such a message.
        if text.starts_with("CWL CONTROL MESSAGE") {
            self.recognise(Kind::Packed);
        } else {
            self.nested(text.as_bytes(), at, sink);
        }
    }

    /// Walks a base64 payload.
    pub(super) fn packed(&mut self, quoted: &[u8], at: usize, sink: &mut dyn Sink) {
        let budget = self.limits.inflated_max.saturating_sub(self.unpacked);
        let inflated_max =
            self.limits.packed_max.min(usize::try_from(budget).unwrap_or(usize::MAX));
        let text = packed::unescape(quoted).unwrap_or_default();
        match packed::unpack(&text, inflated_max) {
            Ok(content) => {
                self.unpacked += content.len() as u64;
                self.nested(&content, at, sink);
            }
            Err(Packed::NotBase64) => self.stray(self.place(at), || What::Scalar),
            Err(Packed::Damaged) => {
                let cause = "the gzip inside this event's `data` is damaged";
                self.recognise(Kind::Packed);
                self.damaged(at, cause.to_owned(), sink);
            }
            Err(Packed::TooLarge) => {
                self.unpacked += inflated_max as u64;
                self.recognise(Kind::Packed);
                let cause =
                    format!("this event's `data` inflates to more than {inflated_max} bytes");
                self.damaged(at, cause, sink);
            }
        }
    }

    /// Rebuilds a record from columns: an object, or a list of them.
    pub(super) fn columns(&mut self, whole: &[u8], at: usize, sink: &mut dyn Sink) {
        let value = serde_json::from_slice(whole.get(at..).unwrap_or_default());
        let columns = match value {
            Ok(serde_json::Value::Object(columns)) => columns,
            Ok(serde_json::Value::Array(parts)) => parts
                .into_iter()
                .filter_map(|part| match part {
                    serde_json::Value::Object(columns) => Some(columns),
                    _ => None,
                })
                .flatten()
                .collect(),
            _ => {
                self.recognise(Kind::Lake);
                self.damaged(at, "a row that is no valid JSON".to_owned(), sink);
                return;
            }
        };
        let names = columns.keys().take(3).map(|key| keys::shown(key)).collect();
        let before = self.counts;
        match lake::read(columns) {
            lake::Row::Text(text) => self.nested(text.as_bytes(), at, sink),
            lake::Row::Rebuilt(record) => self.nested(&record, at, sink),
            lake::Row::Nothing => self.stray(self.place(at), || What::Object(names)),
        }
        if self.counts != before {
            self.recognise(Kind::Lake);
        }
    }

    /// Reads a field of a Logs Insights result: the message, or something about it.
    pub(super) fn field(&mut self, whole: &[u8], at: usize, sink: &mut dyn Sink) {
        let value: Result<serde_json::Value, _> =
            serde_json::from_slice(whole.get(at..).unwrap_or_default());
        let value = value.unwrap_or_default();
        let text = |key: &str| value.get(key).and_then(|value| value.as_str());
        match text("field") {
            Some("@message") => {
                let message = text("value").unwrap_or_default();
                let before = self.counts;
                self.nested(message.as_bytes(), at, sink);
                if self.counts != before {
                    self.recognise(Kind::Packed);
                }
            }
            // `@timestamp` and `@ptr` stand beside it.
            Some(name) if name.starts_with('@') => {}
            _ => self.stray(self.place(at), || What::Object(vec!["field".to_owned()])),
        }
    }

    /// Walks content that was packed in the item at `at`.
    fn nested(&mut self, content: &[u8], at: usize, sink: &mut dyn Sink) {
        let place = self.place(at);
        if self.level >= LEVELS_MAX {
            self.stray(place, || What::Text("more envelopes inside each other than AWS makes"));
            return;
        }
        self.flush_before(content, sink);
        let mut inner = Self {
            level: self.level + 1,
            fixed: Some(place.offset),
            record: self.record,
            unpacked: self.unpacked,
            ..Self::new(self.limits)
        };
        inner.feed(content, true, sink);
        self.record = inner.record;
        self.unpacked = inner.unpacked;
        self.counts.records += inner.counts.records;
        self.counts.damaged += inner.counts.damaged;
        self.counts.digests += inner.counts.digests;
        if inner.counts.records + inner.counts.digests > 0 {
            self.shaken = false;
        }
        if !inner.frames.is_empty() && !inner.adrift {
            let cause = "the content packed in this item ends inside its list of records";
            self.damaged(at, cause.to_owned(), sink);
        }
        if let Some((_, what)) = inner.strays.first {
            self.stray(place, || what);
        }
    }

    /// Ends a run of strays before what seems to be a record, so that rejects stay in order.
    fn flush_before(&mut self, content: &[u8], sink: &mut dyn Sink) {
        if self.kind.is_some() && content.starts_with(b"{\"event") {
            self.flush(sink);
        }
    }
}
