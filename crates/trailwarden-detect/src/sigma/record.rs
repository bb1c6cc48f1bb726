//! A record with its top-level fields looked up once, for the many rules that ask for them.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

use super::field::any_value;

/// How many different top-level fields get a place of their own; more are looked up each time.
const ROOTS_MAX: usize = 64;
/// Longer keys are not looked for.
const KEY_MAX: usize = 48;

/// The fields a CloudTrail record may have at its top, all versions.
pub(crate) const RECORD_FIELDS: &[&str] = &[
    "addendum",
    "additionalEventData",
    "annotation",
    "apiVersion",
    "awsRegion",
    "edgeDeviceDetails",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventContext",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "insightDetails",
    "managementEvent",
    "readOnly",
    "recipientAccountId",
    "requestID",
    "requestParameters",
    "resources",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "sourceIPAddress",
    "tlsDetails",
    "userAgent",
    "userIdentity",
    "vpcEndpointAccountId",
    "vpcEndpointId",
];

/// The top-level fields that records have and rules ask for, each with a place.
#[derive(Debug)]
pub(crate) struct Roots {
    names: Vec<String>,
    /// Places in `names`, by length of the name.
    by_length: Vec<Vec<u8>>,
}

/// A dotted path, and the place of its first part among the roots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    path: String,
    root: Option<Root>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Root {
    place: usize,
    /// Where the rest of the path begins; None when there is no rest.
    rest: Option<usize>,
}

/// A record and its top-level fields.
pub(crate) struct Record<'v> {
    value: &'v Value,
    found: [Option<&'v Value>; ROOTS_MAX],
    /// Whether no key is there twice or holds a dot, so that the places tell everything.
    is_plain: bool,
}

impl Roots {
    /// Begins with the two fields that select rules, then all that records are known to have.
    pub(crate) fn new() -> Self {
        let mut roots = Self { names: Vec::new(), by_length: vec![Vec::new(); KEY_MAX + 1] };
        roots.place("eventName");
        roots.place("eventSource");
        for name in RECORD_FIELDS {
            roots.place(name);
        }
        roots
    }

    /// Gives a field its place.
    pub(crate) fn assign(&mut self, field: &mut Field) {
        let (first, rest) = match field.path.split_once('.') {
            Some((first, _)) => (first.to_owned(), Some(first.len() + 1)),
            None => (field.path.clone(), None),
        };
        field.root = self.place(&first).map(|place| Root { place, rest });
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        if let Some(place) = self.names.iter().position(|known| known == name) {
            return Some(place);
        }
        let place = self.names.len();
        let small = u8::try_from(place).ok().filter(|_| place < ROOTS_MAX)?;
        self.by_length.get_mut(name.len())?.push(small);
        self.names.push(name.to_owned());
        Some(place)
    }

    fn find(&self, key: &str) -> Option<usize> {
        let places = self.by_length.get(key.len())?;
        places.iter().map(|place| usize::from(*place)).find(|place| {
            // The ends differ more often than the beginnings.
            self.names
                .get(*place)
                .is_some_and(|name| name.as_bytes().last() == key.as_bytes().last() && name == key)
        })
    }
}

impl Field {
    /// A field that any roots may yet give a place.
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), root: None }
    }

    /// As the rule writes it.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

impl<'v> Record<'v> {
    /// Looks up the roots in one pass.
    pub(crate) fn new(value: &'v Value, roots: &Roots) -> Self {
        let mut record = Self { value, found: [None; ROOTS_MAX], is_plain: false };
        let Some(object) = value.as_object() else { return record };
        let mut is_plain = true;
        for (key, value) in object.iter() {
            if let Some(slot) = roots.find(key).and_then(|place| record.found.get_mut(place)) {
                is_plain &= slot.replace(value).is_none();
            } else {
                is_plain &= !key.contains('.');
            }
        }
        record.is_plain = is_plain;
        record
    }

    /// All of it.
    pub(crate) fn value(&self) -> &'v Value {
        self.value
    }

    /// The event name; empty, which rules nothing out, if it is missing, not a text, or there
    /// twice.
    pub(crate) fn name(&self) -> &'v str {
        self.text(0)
    }

    /// The event source, likewise.
    pub(crate) fn source(&self) -> &'v str {
        self.text(1)
    }

    fn text(&self, place: usize) -> &'v str {
        let found = self.found.get(place).copied().flatten().filter(|_| self.is_plain);
        found.and_then(|value| value.as_str()).unwrap_or_default()
    }

    /// Calls `visit` for each value the field has until it says true; whether it did.
    pub(crate) fn any_value(
        &self,
        field: &Field,
        visit: &mut dyn FnMut(&'v Value) -> bool,
    ) -> bool {
        let Some(root) = field.root.filter(|_| self.is_plain) else {
            return any_value(self.value, &field.path, visit);
        };
        let Some(value) = self.found.get(root.place).copied().flatten() else { return false };
        match root.rest {
            None => visit(value),
            Some(rest) => any_value(value, field.path.get(rest..).unwrap_or_default(), visit),
        }
    }
}
