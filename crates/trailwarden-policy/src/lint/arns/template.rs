//! The ARN template of a resource type, as a machine that runs over patterns.

use std::ops::BitOr;
use std::sync::OnceLock;

/// A template such as `arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}`.
pub(super) struct Template {
    /// As the facts write it.
    pub(super) text: &'static str,
    pub(super) service: &'static str,
    pub(super) region: &'static str,
    pub(super) account: &'static str,
    /// The part after the account.
    resource: &'static str,
    /// Made when something is first held against it: of most templates nobody asks.
    machine: OnceLock<Machine>,
}

impl Template {
    /// Reads a template; `None` when it is none.
    pub(super) fn new(text: &'static str) -> Option<Self> {
        let mut parts = text.splitn(6, ':').skip(2);
        let (service, region, account) = (parts.next()?, parts.next()?, parts.next()?);
        let resource = parts.next()?;
        Some(Self { text, service, region, account, resource, machine: OnceLock::new() })
    }

    /// Whether some resource of the type fits the part of a pattern after the account.
    pub(super) fn fits(&self, pattern: &str) -> bool {
        self.machine.get_or_init(|| Machine::new(self.resource)).fits(pattern)
    }
}

/// What one place of a template takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// This byte.
    Byte(u8),
    /// One byte of a placeholder.
    One,
    /// Any more of them.
    More,
    /// The same two for names that hold no `/`.
    NameOne,
    NameMore,
}

/// A set of places, one bit each.
type Bits = u128;

/// The places of a template's last field; a run is in several at once.
struct Machine {
    /// Which places take a byte; small, so a list is fastest.
    bytes: Vec<(u8, Bits)>,
    /// Places of placeholders, those of [`Taken::NameOne`] and [`Taken::NameMore`] apart.
    any: Bits,
    names: Bits,
    /// Places that stay when they take something, and may be skipped.
    loops: Bits,
    /// How many places; `None` when they are too many, and then everything fits.
    len: Option<u32>,
}

impl Machine {
    fn new(text: &str) -> Self {
        let places = places(text);
        // One bit is for the end.
        let len = u32::try_from(places.len()).ok().filter(|len| *len < Bits::BITS);
        let mut machine = Self { bytes: Vec::new(), any: 0, names: 0, loops: 0, len };
        if len.is_none() {
            return machine;
        }
        for (at, place) in places.into_iter().enumerate() {
            let bit = 1 << at;
            match place {
                Taken::Byte(byte) => match machine.bytes.iter_mut().find(|(b, _)| *b == byte) {
                    Some((_, bits)) => *bits |= bit,
                    None => machine.bytes.push((byte, bit)),
                },
                Taken::One => machine.any |= bit,
                Taken::More => {
                    machine.any |= bit;
                    machine.loops |= bit;
                }
                Taken::NameOne => machine.names |= bit,
                Taken::NameMore => {
                    machine.names |= bit;
                    machine.loops |= bit;
                }
            }
        }
        machine
    }

    /// Whether a text of the template fits a pattern; `${...}` in the pattern is any text.
    fn fits(&self, pattern: &str) -> bool {
        let Some(len) = self.len else {
            return true;
        };
        let end: Bits = 1 << len;
        let mut at: Bits = 1;
        let mut bytes = pattern.bytes().peekable();
        while let Some(byte) = bytes.next() {
            at = self.skipped(at);
            at = match byte {
                b'*' => from_lowest(at, end),
                b'$' if bytes.peek() == Some(&b'{') => {
                    bytes.by_ref().find(|byte| *byte == b'}');
                    from_lowest(at, end)
                }
                b'?' => self.moved(at, Bits::MAX),
                byte => self.moved(at, self.takers(byte)),
            };
            if at == 0 {
                return false;
            }
        }
        self.skipped(at) & end != 0
    }

    /// The places that take a byte.
    fn takers(&self, byte: u8) -> Bits {
        let literal = self.bytes.iter().find(|(b, _)| *b == byte).map_or(0, |(_, bits)| *bits);
        literal.bitor(self.any) | if byte == b'/' { 0 } else { self.names }
    }

    /// After one byte, which only some places take.
    fn moved(&self, at: Bits, takers: Bits) -> Bits {
        let took = at & takers;
        ((took & !self.loops) << 1) | (took & self.loops)
    }

    /// With the places reached by skipping loops; two never stand side by side.
    fn skipped(&self, at: Bits) -> Bits {
        at | ((at & self.loops) << 1)
    }
}

/// A star in the pattern makes every later place reachable.
fn from_lowest(at: Bits, end: Bits) -> Bits {
    let up_to_end = end | (end - 1);
    (Bits::MAX << at.trailing_zeros().min(Bits::BITS - 1)) & up_to_end
}

fn places(text: &str) -> Vec<Taken> {
    let mut places = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let placeholder = rest.strip_prefix("${").and_then(|rest| rest.split_once('}'));
        let (name, after) = match placeholder {
            Some((name, after)) => (Some(name), after),
            None => (None, rest.get(1..).unwrap_or_default()),
        };
        match name {
            // Source: Amazon S3 and Amazon DynamoDB naming rules.
            Some("BucketName" | "TableName") => places.extend([Taken::NameOne, Taken::NameMore]),
            Some(_) => places.extend([Taken::One, Taken::More]),
            None if first == b'*' && places.last() == Some(&Taken::More) => {}
            None if first == b'*' => places.push(Taken::More),
            None => places.push(Taken::Byte(first)),
        }
        rest = after;
    }
    places
}
