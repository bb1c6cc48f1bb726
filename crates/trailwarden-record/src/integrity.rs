//! Log file integrity: what CloudTrail's digest files prove about log files.
//!
//! Every hour, for each region, CloudTrail delivers a digest file that names the log files of that
//! hour with their hashes and carries the hash and the signature of the digest before it (CloudTrail
//! User Guide, "CloudTrail digest file structure"). So a signature speaks for all that came before.
//!
//! # Invariants
//! - Nothing is valid without a signature that a given public key proves, of the digest itself or of
//!   one that leads to it. What lacks one is unknown.
//! - Names inside digests are only compared. Nothing is opened by them.
//! - The judgement does not depend on the order in which digests are given
//!   (`tests/integrity.rs::order_does_not_show`).

pub mod chain;
pub mod digest;
pub mod keys;
pub mod name;
pub mod place;
pub mod sha256;
pub mod stamp;

pub use chain::{Break, Chain, Doubt, Fault, Held, Judged, Proof, Unread, Verdict, Window};
pub use digest::{Digest, NamedLog, Previous};
pub use keys::PublicKeys;
pub use name::{ChainName, DigestName, LogName};
pub use sha256::{Hasher, Sha256};
pub use stamp::Stamp;
