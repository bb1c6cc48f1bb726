//! A folder, as `aws s3 sync` saves a bucket.
//!
//! The copy has no metadata, so the signature of a digest is looked for beside it: `FILE.head.json`
//! holds what `aws s3api head-object` printed.

use std::fs::File;
use std::io::{self, Read};

use trailwarden_record::integrity::Stamp;

use super::store::{Listing, Object, Store};
use crate::sources;

/// What the name of a saved reply of `head-object` ends with.
pub(super) const HEAD: &str = ".head.json";
/// Bytes of such a reply; they have some hundreds.
const HEAD_MAX: u64 = 1 << 20;

/// Files, folders and globs.
#[derive(Clone, Debug)]
pub struct Folder {
    paths: Vec<String>,
}

impl Folder {
    /// What lies at these paths.
    pub fn new(paths: Vec<String>) -> Self {
        Self { paths }
    }
}

impl Store for Folder {
    fn list(&self) -> Listing {
        let (items, rejects) = sources::expand(&self.paths);
        let object =
            |item: sources::Item| Object { path: item.name, bucket: None, size: item.size_stored };
        Listing { objects: items.into_iter().map(object).collect(), rejects }
    }

    fn open(&self, object: &Object) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(File::open(&object.path)?))
    }

    fn stamp(&self, object: &Object) -> Result<Option<Stamp>, String> {
        let path = format!("{}{HEAD}", object.path);
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("cannot open it: {error}; check its permissions")),
        };
        let mut json = Vec::new();
        let read = file.take(HEAD_MAX).read_to_end(&mut json);
        read.map_err(|error| format!("cannot read it: {error}"))?;
        Stamp::parse(&json).map(Some).map_err(|error| error.to_string())
    }
}
