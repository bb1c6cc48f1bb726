//! Frameworks with their versions, and the controls that checks answer.
//!
//! A number means nothing without its version: the IAM section of CIS was 1 and is 2, and most
//! numbers moved twice. Titles and texts of controls belong to their authors; only numbers and names
//! are kept here.

use trailwarden_model::posture::Reference;

/// A control that a check answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Control {
    /// CIS AWS Foundations, in [`CIS_VERSIONS`]; `-` where a version has no such control.
    Cis([&'static str; 5]),
    /// AWS Security Hub CSPM.
    SecurityHub(&'static str),
    /// An AWS Config managed rule.
    Config(&'static str),
    /// A check of Prowler.
    Prowler(&'static str),
}

/// A framework at a version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Framework {
    /// How it is asked for.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its version, or the month in which it was read.
    pub version: &'static str,
}

/// The versions of CIS AWS Foundations, in the order of [`Control::Cis`].
pub const CIS_VERSIONS: [&str; 5] = ["3.0.0", "4.0.1", "5.0.0", "6.0.0", "7.0.0"];

const CIS: &str = "CIS AWS Foundations";
const HUB: &str = "AWS Security Hub CSPM";
const CONFIG: &str = "AWS Config managed rules";
const PROWLER: &str = "Prowler";

/// Every framework.
pub const ALL: [Framework; 8] = [
    Framework { id: "cis-3.0.0", name: CIS, version: "3.0.0" },
    Framework { id: "cis-4.0.1", name: CIS, version: "4.0.1" },
    Framework { id: "cis-5.0.0", name: CIS, version: "5.0.0" },
    Framework { id: "cis-6.0.0", name: CIS, version: "6.0.0" },
    Framework { id: "cis-7.0.0", name: CIS, version: "7.0.0" },
    Framework { id: "security-hub", name: HUB, version: "2026-11" },
    Framework { id: "config", name: CONFIG, version: "2026-11" },
    Framework { id: "prowler", name: PROWLER, version: "5.46.0" },
];

impl Framework {
    /// The framework of that id. `cis` alone is its newest version.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        let id = if id.eq_ignore_ascii_case("cis") { "cis-7.0.0" } else { id };
        ALL.into_iter().find(|one| one.id.eq_ignore_ascii_case(id))
    }

    /// Whether a reference is to a control of it.
    #[must_use]
    pub fn has(&self, reference: &Reference) -> bool {
        reference.name == self.name && reference.version == self.version
    }
}

impl Control {
    /// The control in each version that has it.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let of = |name: &str, version: &str, control: &str| Reference {
            name: name.to_owned(),
            version: version.to_owned(),
            control: control.to_owned(),
        };
        match self {
            Self::Cis(numbers) => {
                let all = CIS_VERSIONS.iter().zip(numbers).filter(|(_, number)| **number != "-");
                all.map(|(version, number)| of(CIS, version, number)).collect()
            }
            Self::SecurityHub(id) => vec![of(HUB, "2026-11", id)],
            Self::Config(id) => vec![of(CONFIG, "2026-11", id)],
            Self::Prowler(id) => vec![of(PROWLER, "5.46.0", id)],
        }
    }

    /// How the list of what others look for calls it ([`crate::coverage`]).
    #[must_use]
    pub fn row(&self) -> String {
        match self {
            Self::Cis([v3, v4, v5, v6, v7]) => {
                format!("CIS v3.0={v3}/v4.0.1={v4}/v5.0={v5}/v6.0={v6}/v7.0={v7}")
            }
            Self::SecurityHub(id) | Self::Config(id) | Self::Prowler(id) => (*id).to_owned(),
        }
    }
}

/// Controls in the order in which people count: `1.9` before `1.10`.
#[must_use]
pub fn order(control: &str) -> Vec<(String, u64)> {
    let digits = |part: &str| part.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok();
    control
        .split('.')
        .map(|part| {
            let number: Option<u64> = digits(part);
            (
                part.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
                number.unwrap_or_default(),
            )
        })
        .collect()
}
