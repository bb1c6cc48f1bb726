//! Severity (harm if true) and confidence (likelihood that it is true); never mixed.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Harm if the finding is true, and nothing else.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a line in a report.
    Info,
    /// Worth a look this week.
    Low,
    /// Worth a look today.
    Medium,
    /// Worth interrupting somebody.
    High,
    /// Worth waking somebody.
    Critical,
}

impl Severity {
    /// Every severity, weakest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of the same change attempted and denied: two lower, at least low.
    #[must_use]
    pub fn attempted(self) -> Self {
        match self {
            Self::Critical => Self::Medium,
            Self::High | Self::Medium | Self::Low => Self::Low,
            Self::Info => Self::Info,
        }
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == text).ok_or_else(|| {
            format!("`{text}` is not a severity: use info, low, medium, high or critical")
        })
    }
}

/// Likelihood that the finding is true.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A hint.
    Low,
    /// More likely than not.
    Medium,
    /// The record itself proves it.
    High,
}

impl Confidence {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_two_lower_and_at_least_low() {
        assert_eq!(Severity::Critical.attempted(), Severity::Medium);
        assert_eq!(Severity::High.attempted(), Severity::Low);
        assert_eq!(Severity::Low.attempted(), Severity::Low);
    }

    #[test]
    fn words_round_trip() {
        for severity in Severity::ALL {
            assert_eq!(severity.as_str().parse(), Ok(severity));
        }
        assert!("urgent".parse::<Severity>().is_err());
    }
}
