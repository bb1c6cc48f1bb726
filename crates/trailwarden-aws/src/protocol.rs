//! How a question is written for each protocol, and how its reply becomes what the AWS CLI prints.

mod change;
mod error;
mod json;
mod reply;
mod request;
#[cfg(test)]
mod tests;
mod xml;

use serde_json::{Map, Value};

pub(crate) use change::{changed, changing};
pub(crate) use error::{Fault, Meaning, fault, region};
pub(crate) use reply::{body, merge, next};
pub(crate) use request::outgoing;

/// Parameters, as the operation names them.
pub type Parameters = Map<String, Value>;

/// A request before it is signed.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// How a reply begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}

/// A reply, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

impl Head {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
