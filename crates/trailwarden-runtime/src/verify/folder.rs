//! A folder, as `aws s3 sync` saves a bucket.
//!
//! The copy has no metadata, so the signature of a digest is looked for beside it: `FILE.head.json`
//! holds what `aws s3api head-object` printed, or `.FILE.head.json`, where a copy of a bucket keeps it that
//! trailwarden made.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use trailwarden_record::integrity::Stamp;

use super::store::{Listing, Object, Store};
use crate::sources;
use crate::sources::bucket::HEAD;

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
        let file = File::open(&object.path).map_err(|error| {
            io::Error::other(format!("cannot open it: {error}; check its permissions"))
        })?;
        Ok(Box::new(file))
    }

    fn stamp(&self, object: &Object) -> Result<Option<Stamp>, String> {
        let path = Path::new(&object.path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let named = [format!("{name}{HEAD}"), format!(".{name}{HEAD}")];
        let mut opened = named.iter().map(|name| File::open(path.with_file_name(name)));
        let is_missing = |file: &io::Result<File>| {
            file.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        let file = match opened.find(|file| !is_missing(file)) {
            Some(Ok(file)) => file,
            Some(Err(error)) => {
                return Err(format!("cannot open it: {error}; check its permissions"));
            }
            None => return Ok(None),
        };
        let mut json = Vec::new();
        let read = file.take(HEAD_MAX).read_to_end(&mut json);
        read.map_err(|error| format!("cannot read it: {error}"))?;
        Stamp::parse(&json).map(Some).map_err(|error| error.to_string())
    }
}
