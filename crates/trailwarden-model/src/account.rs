//! AWS account ids.

use std::fmt;
use std::str::FromStr;

use crate::digits;

/// A 12-digit AWS account id, held as a number (leading zeros come back on display).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(u64);

/// The text was not twelve ASCII digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a 12-digit account id")]
pub struct NotAnAccountId(pub String);

impl AccountId {
    /// Reads twelve ASCII digits; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_bytes(text.as_bytes())
    }

    /// [`AccountId::parse`] of bytes.
    pub fn parse_bytes(bytes: &[u8]) -> Option<Self> {
        let digits: &[u8; 12] = bytes.try_into().ok()?;
        // The last eight with the first eight, of which four are in both.
        let (first, last) = (digits.first_chunk()?, digits.last_chunk()?);
        Some(Self(digits::eight(*first)? / 10_000 * 100_000_000 + digits::eight(*last)?))
    }

    /// The id as a number, for hashing and compact storage.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The inverse of [`AccountId::number`]; `None` above twelve digits.
    pub fn from_number(number: u64) -> Option<Self> {
        (number <= 999_999_999_999).then_some(Self(number))
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for AccountId {
    type Err = NotAnAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| NotAnAccountId(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_leading_zeros() {
        let id: AccountId = "000111222333".parse().unwrap();
        assert_eq!(id.to_string(), "000111222333");
        assert_eq!(AccountId::from_number(id.number()), Some(id));
    }

    #[test]
    fn each_digit_counts() {
        for text in ["123456789012", "999999999999", "000000000001", "100000000000"] {
            assert_eq!(AccountId::parse(text).map(AccountId::number), text.parse().ok());
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in ["", "11122233344", "1112223334445", "11122233344x", "x11222333444", "aws"] {
            assert_eq!(AccountId::parse(text), None, "{text}");
        }
    }
}
