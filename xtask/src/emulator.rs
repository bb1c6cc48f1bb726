//! The emulators of AWS that tests ask: each in an environment of its own.
//!
//! A test asks for the Python of an environment in the variable [`Emulator::variable`], which `ci` sets
//! when everything is there.

use crate::environment::Environment;

/// An emulator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Emulator {
    /// Names the Python that has it.
    pub(crate) variable: &'static str,
    /// What it is used for, for whoever lacks it.
    pub(crate) used_for: &'static str,
    pub(crate) environment: Environment,
}

/// The one of IAM and most of what a baseline asks; the account model is compared with it, and plans are
/// run against it, by the AWS CLI that is installed beside it.
pub(crate) const MOTO: Emulator = Emulator {
    variable: "TRAILWARDEN_TEST_EMULATOR",
    used_for: "comparing the account model with an emulator of IAM, and running plans against it",
    environment: Environment {
        folder: "emulator",
        requirements: "crates/trailwarden-account/tests/emulator/requirements.txt",
    },
};

/// A second one, which is right where the first is not: it has a root user in the credential report.
pub(crate) const MINISTACK: Emulator = Emulator {
    variable: "TRAILWARDEN_TEST_MINISTACK",
    used_for: "a baseline of a second emulator of AWS",
    environment: Environment {
        folder: "ministack",
        requirements: "crates/trailwarden-aws/tests/asking/ministack/requirements.txt",
    },
};

/// Every emulator.
pub(crate) const ALL: [Emulator; 2] = [MOTO, MINISTACK];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_has_an_exact_version() {
        for emulator in ALL {
            assert!(emulator.environment.requirements().contains("=="), "{emulator:?}");
            assert_eq!(emulator.environment.loose(), Vec::<String>::new(), "{emulator:?}");
        }
    }
}
