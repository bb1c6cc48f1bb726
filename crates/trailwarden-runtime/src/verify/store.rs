//! Where digest and log files lie: a folder, or buckets.

use std::io::{self, Read};

use trailwarden_model::Reject;
use trailwarden_record::integrity::{Stamp, place};

/// A place that holds digest and log files.
pub trait Store: Sync {
    /// Everything that is there, in an order of its own, and what could not be looked into.
    fn list(&self) -> Listing;

    /// Opens one of the objects that were listed, for its bytes as stored.
    ///
    /// # Errors
    /// When it cannot be opened; the text says why and what to do, and is told as it is.
    fn open(&self, object: &Object) -> io::Result<Box<dyn Read + Send + '_>>;

    /// Whether nobody could look, or looked, for a key: that it is not listed says nothing then.
    fn is_unlisted(&self, _bucket: &str, _key: &str) -> bool {
        false
    }

    /// How many objects are opened at the same time when nobody says how many; `None` for one per core.
    fn workers(&self) -> Option<usize> {
        None
    }

    /// The signature of a digest file that was opened, which is not in the file; `None` when nobody kept
    /// it.
    ///
    /// # Errors
    /// What is wrong with the signature's keeping, in words.
    fn stamp(&self, object: &Object) -> Result<Option<Stamp>, String>;
}

/// What a store holds.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Files or objects.
    pub objects: Vec<Object>,
    /// What could not be listed.
    pub rejects: Vec<Reject>,
}

/// One file or object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Object {
    /// Its path, as people know it; in a bucket, its key.
    pub path: String,
    /// Its bucket; `None` in a folder, which does not tell.
    pub bucket: Option<String>,
    /// Bytes as stored.
    pub size: u64,
}

impl Object {
    /// Whether this is what was delivered to a bucket under a key. A folder answers by what it kept of
    /// the key.
    pub fn is(&self, bucket: &str, key: &str) -> bool {
        match &self.bucket {
            Some(own) => own == bucket && self.path == key,
            None => place::is_copy(&self.path, key),
        }
    }
}
