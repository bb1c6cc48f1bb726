//! Finding the way again after damage.
//!
//! A lost walk goes on at whichever comes first: the bracket that closes the damaged value, or a
//! brace that looks like the beginning of the next item. Inside an intact string no brace can look
//! like one, because the quote after it would be escaped.

use super::keys::{Role, role};

/// Bytes that a beginning may need to be told as one.
const LOOK: usize = 96;

/// Bytes of text before an item on its own line, such as a log prefix, that are no loss.
const PREFIX_MAX: usize = 256;

/// Carried from window to window while the walk is lost.
#[derive(Clone, Debug)]
pub(super) struct Seeker {
    /// Open brackets of the damaged value; zero when there is none to close.
    depth: u64,
    in_string: bool,
    escaped: bool,
    /// The last byte that was no white space.
    previous: u8,
    line_start: bool,
    /// Where an item may begin: anywhere, or only where a value may stand.
    anywhere: bool,
    /// Length of what was passed, while it still looks like a prefix of the line.
    prefix: Option<usize>,
}

/// Where a seek ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// An item seems to begin here.
    Start(usize),
    /// The damaged value ended before this.
    Closed(usize),
    /// Nothing up to here; more bytes are needed to go on.
    Nothing(usize),
}

impl Seeker {
    /// Behind the opening bracket of a damaged value.
    pub(super) fn inside() -> Self {
        Self { depth: 1, anywhere: false, ..Self::anywhere() }
    }

    /// In something that is not JSON.
    pub(super) fn anywhere() -> Self {
        Self {
            depth: 0,
            in_string: false,
            escaped: false,
            previous: b'{',
            line_start: false,
            anywhere: true,
            prefix: Some(0),
        }
    }

    /// Behind a brace, for the next item only.
    pub(super) fn next_item() -> Self {
        Self { anywhere: false, ..Self::anywhere() }
    }

    /// Whether all that was passed may be a prefix of the item's line.
    pub(super) fn passed_a_prefix(&self) -> bool {
        self.prefix.is_some()
    }

    /// Seeks in `bytes[from..to]`, looking a little further to judge a brace.
    pub(super) fn seek(&mut self, bytes: &[u8], from: usize, to: usize, last: bool) -> Found {
        let mut at = from;
        while let Some(&byte) = bytes.get(at).filter(|_| at < to) {
            if byte == b'{' && self.may_start() {
                match begins_item(bytes, at, self.line_start) {
                    Some(true) => return Found::Start(at),
                    None if !last => return Found::Nothing(at),
                    _ => {}
                }
            }
            at += 1;
            if self.pass(byte) {
                return Found::Closed(at);
            }
        }
        Found::Nothing(at)
    }

    fn may_start(&self) -> bool {
        self.anywhere || self.line_start || matches!(self.previous, b',' | b'[' | b']' | b'}')
    }

    /// Passes a byte; true when it closes the damaged value.
    fn pass(&mut self, byte: u8) -> bool {
        self.line_start = byte == b'\n';
        if !byte.is_ascii_whitespace() {
            self.previous = byte;
        }
        self.prefix = self
            .prefix
            .map(|length| length + 1)
            .filter(|length| *length < PREFIX_MAX && !matches!(byte, b'\n' | b'"' | b'{' | b'}'));
        if self.depth == 0 {
            return false;
        }
        if self.in_string {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }
}

/// Whether the brace at `at` begins an item; `None` when that needs more bytes.
fn begins_item(bytes: &[u8], at: usize, line_start: bool) -> Option<bool> {
    let look = bytes.get(at + 1..)?;
    let whole = look.len() >= LOOK;
    let look = look.get(..LOOK).unwrap_or(look);
    let undecided = if whole { Some(false) } else { None };
    let space = |bytes: &[u8]| bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let key = look.get(space(look)..).unwrap_or_default();
    let Some((&quote, key)) = key.split_first() else { return undecided };
    if quote != b'"' {
        return Some(false);
    }
    if line_start {
        return Some(true);
    }
    let Some(length) = key.iter().position(|b| matches!(b, b'"' | b'\\')) else {
        return undecided;
    };
    let (key, rest) = key.split_at(length);
    match key {
        b"EventId" | b"detail-type" | b"messageType" | b"awsRegion" => return Some(true),
        b"version" | b"id" | b"timestamp" => {}
        _ => return Some(!matches!(role(key), Role::Neutral | Role::Field | Role::Data)),
    }
    let Some(rest) = rest.get(1..) else { return undecided };
    let rest = rest.get(space(rest)..).unwrap_or_default();
    let Some((&colon, rest)) = rest.split_first() else { return undecided };
    let value = rest.get(space(rest)..).unwrap_or_default();
    if value.len() < 24 && !whole {
        return None;
    }
    // EventBridge's version, a log event's id (56 digits) and a log event's time.
    let like = match key {
        b"version" => value.starts_with(b"\"0\""),
        b"id" => value.iter().skip(1).take(20).all(u8::is_ascii_digit) && value.len() > 20,
        _ => value.iter().take(13).all(u8::is_ascii_digit) && value.len() > 13,
    };
    Some(colon == b':' && like)
}
