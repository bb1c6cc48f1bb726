//! What is given about digests, and what is told of them.

use trailwarden_model::Timestamp;

use crate::integrity::digest::Digest;
use crate::integrity::name::ChainName;
use crate::integrity::sha256::Sha256;
use crate::integrity::stamp::Stamp;

/// A digest file that is there.
#[derive(Clone, Debug)]
pub struct Held {
    /// Where it was found: a path or a key.
    pub path: String,
    /// What is in it, with the sum of its inflated content.
    pub content: Result<(Digest, Sha256), Unread>,
    /// Whether it lies where it was delivered to.
    pub is_in_place: bool,
    /// Its signature, where somebody kept it.
    pub stamp: Option<Stamp>,
}

/// A digest file whose content is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unread {
    /// It could not be opened or read to its end, which says nothing about it.
    Unopened(String),
    /// It was read, and it is no digest.
    Damaged(String),
}

/// The time that was asked for, both ends included; open where `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Window {
    /// Its begin.
    pub since: Option<Timestamp>,
    /// Its end.
    pub until: Option<Timestamp>,
}

impl Window {
    /// Whether a stretch of time reaches into it, with more than an end.
    pub fn touches(&self, start: Timestamp, end: Timestamp) -> bool {
        self.since.is_none_or(|since| end > since) && self.until.is_none_or(|until| start < until)
    }
}

/// What is known of a digest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is as CloudTrail delivered it.
    Valid(Proof),
    /// Nobody can say.
    Unknown(Doubt),
    /// It is not as CloudTrail delivered it.
    Invalid(Fault),
}

impl Verdict {
    /// Whether it is as CloudTrail delivered it.
    pub fn is_valid(&self) -> bool {
        matches!(self, Self::Valid(_))
    }
}

/// What proves a digest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// Its own signature.
    OwnSignature,
    /// Its signature in the next digest.
    NextSignature,
    /// Its hash in the next digest, which is proven.
    NextHash,
}

/// Why nobody can say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Doubt {
    /// Neither its own signature nor the next digest is there.
    NoSignature,
    /// There is no key of its fingerprint.
    NoKey,
    /// The key was not valid at that time.
    KeyNotThen,
    /// Its signature lies only in a digest that was changed.
    NextChanged,
    /// It could not be read.
    Unopened(String),
}

/// What is wrong with a digest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Its content is not that of a digest.
    Damaged(String),
    /// It lies elsewhere than it was delivered to.
    Moved,
    /// The signature kept beside it is not of this content.
    OwnSignature,
    /// The next digest, which is proven, has another hash or another signature.
    NextDiffers,
    /// The next digest, which is not proven, has another hash or another signature: one of them was
    /// changed.
    Disagree,
    /// It says of the digest before it, which is proven, what is not so.
    PreviousDiffers,
}

/// The digests of one chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// Whose it is; `None` for files whose names say nothing.
    pub name: Option<ChainName>,
    /// Its digests that were asked for, oldest first, as places in what was given.
    pub digests: Vec<usize>,
    /// Where it breaks, newest first.
    pub breaks: Vec<Break>,
}

/// Where a chain breaks, or what is odd about it. Numbers are places in what was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Break {
    /// A digest that another one names is not there.
    Missing {
        /// Its bucket.
        bucket: String,
        /// Its key.
        object: String,
        /// Which digest names it.
        named_by: usize,
    },
    /// A chain ended, and another began: nothing was signed between.
    Gap {
        /// When the older one ended.
        from: Timestamp,
        /// When the newer one began.
        until: Timestamp,
        /// The first digest after it.
        after: usize,
    },
    /// Two digests cover the same time.
    Overlap {
        /// The older one.
        older: usize,
        /// The newer one.
        newer: usize,
    },
    /// A digest that is there is not the previous one of any other.
    Outside {
        /// Which.
        digest: usize,
    },
    /// The first digest that is there is not the first one of the chain.
    BeginsLate {
        /// Which is the first.
        first: usize,
    },
    /// The chain ends before the time that was asked for does.
    EndsEarly {
        /// Which is the last.
        last: usize,
        /// The end of the time that was asked for.
        until: Timestamp,
    },
}

/// What is known of all digests.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// One for each digest that was given.
    pub verdicts: Vec<Verdict>,
    /// The chains, by name.
    pub chains: Vec<Chain>,
}
