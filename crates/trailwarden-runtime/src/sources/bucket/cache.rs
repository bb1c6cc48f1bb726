//! Objects kept in a folder, so that a later run fetches only what is missing.
//!
//! An object lies at `FOLDER/BUCKET/KEY`, so that the folder can be scanned and verified like any copy of
//! a bucket. Beside it lies a file that begins with a dot, which no scan reads, with its ETag; and one
//! with the signature of a digest.
//!
//! # Invariants
//! - A file is there as a whole or not at all: it is written under another name first.
//! - What is kept counts only if its length and its ETag are those of the list.
//! - No key leads out of the folder.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use trailwarden_aws::bucket::Stored;

/// How the file with the ETag ends.
const MARK: &str = ".etag";
/// How the file with the metadata ends.
pub(crate) const HEAD: &str = ".head.json";

/// A folder with objects.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// Why a folder cannot keep anything.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep anything in `{path}`; name a folder that can be written to")]
pub struct NoCache {
    path: String,
    #[source]
    source: io::Error,
}

impl Cache {
    /// A folder, which is made if it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: &Path) -> Result<Self, NoCache> {
        let wrong = |source| NoCache { path: folder.display().to_string(), source };
        fs::create_dir_all(folder).map_err(wrong)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where an object lies, or would.
    pub fn path(&self, bucket: &str, key: &str) -> PathBuf {
        let mut path = self.folder.join(file_name(bucket));
        path.extend(key.split('/').map(file_name));
        path
    }

    /// Whether an object is kept as it was listed.
    pub fn holds(&self, bucket: &str, object: &Stored) -> bool {
        let path = self.path(bucket, &object.key);
        if object.etag.is_empty() {
            return false;
        }
        let is_long = fs::metadata(&path).is_ok_and(|file| file.len() == object.size);
        is_long && fs::read_to_string(beside(&path, MARK)).is_ok_and(|etag| etag == object.etag)
    }

    /// The metadata that was kept of an object, as `aws s3api head-object` prints it.
    pub(super) fn head(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        fs::read(beside(&self.path(bucket, key), HEAD)).ok()
    }

    /// Forgets the metadata of an object that has none any more.
    pub(super) fn forget_head(&self, bucket: &str, key: &str) {
        // Mostly there is none.
        let _ = fs::remove_file(beside(&self.path(bucket, key), HEAD));
    }

    /// Keeps an object's metadata, where `trailwarden verify` looks for it.
    ///
    /// # Errors
    /// Those of the folder, in words.
    pub(super) fn keep_head(
        &self,
        bucket: &str,
        key: &str,
        metadata: &[(String, String)],
    ) -> io::Result<()> {
        let path = self.path(bucket, key);
        let pairs = metadata.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        let pairs: serde_json::Map<String, serde_json::Value> = pairs.collect();
        let json = serde_json::json!({ "Metadata": pairs }).to_string();
        let folder = path.parent().unwrap_or(&self.folder);
        let written =
            fs::create_dir_all(folder).and_then(|()| whole(&beside(&path, HEAD), json.as_bytes()));
        written.map_err(|error| self.unkept(&error))
    }

    fn unkept(&self, error: &io::Error) -> io::Error {
        io::Error::other(format!(
            "cannot keep it in `{}`: {error}; make room there, or leave out --cache",
            self.folder.display()
        ))
    }

    /// Keeps an object.
    ///
    /// # Errors
    /// Those of the object's reader, as they are; those of the folder, in words.
    pub(super) fn keep(
        &self,
        bucket: &str,
        object: &Stored,
        body: &mut dyn Read,
    ) -> io::Result<()> {
        let path = self.path(bucket, &object.key);
        let folder = path.parent().unwrap_or(&self.folder);
        let unkept = |error: io::Error| self.unkept(&error);
        fs::create_dir_all(folder).map_err(unkept)?;
        let mut file = NamedTempFile::new_in(folder).map_err(unkept)?;
        let mut piece = vec![0; 64 << 10];
        loop {
            let read = match body.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            file.write_all(piece.get(..read).unwrap_or_default()).map_err(unkept)?;
        }
        // Without its mark a file does not count, so the mark of an earlier one goes first.
        let mark = beside(&path, MARK);
        match fs::remove_file(&mark) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unkept(error)),
            _ => {}
        }
        file.persist(&path).map_err(|error| unkept(error.error))?;
        whole(&mark, object.etag.as_bytes()).map_err(unkept)
    }
}

/// Writes a file so that whoever reads it, such as another run, sees all of it or nothing.
fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A file beside another, which no scan reads.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{ending}"))
}

/// A part of a key as the name of a file. What no system takes for a name, or takes for another folder, is
/// written in percent.
fn file_name(part: &str) -> String {
    let is_plain = |c: char| !c.is_control() && !matches!(c, '\\' | ':' | '%' | '/');
    let is_dots = part.starts_with('.');
    let mut name = String::new();
    for (at, c) in part.chars().enumerate() {
        if is_plain(c) && !(at == 0 && is_dots) {
            name.push(c);
        } else {
            name.push_str(&format!("%{:02X}", u32::from(c)));
        }
    }
    if name.is_empty() { "%".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(key: &str, etag: &str, size: u64) -> Stored {
        Stored { key: key.to_owned(), size, etag: etag.to_owned() }
    }

    #[test]
    fn what_is_kept_counts_by_length_and_etag() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("new/one")).unwrap();
        let object = stored("AWSLogs/a.json.gz", "\"e1\"", 3);
        assert!(!cache.holds("logs", &object));
        cache.keep("logs", &object, &mut &b"abc"[..]).unwrap();
        assert!(cache.holds("logs", &object));
        assert!(!cache.holds("other", &object));
        assert!(!cache.holds("logs", &stored("AWSLogs/a.json.gz", "\"e2\"", 3)));
        assert!(!cache.holds("logs", &stored("AWSLogs/a.json.gz", "\"e1\"", 4)));
        cache.keep("logs", &stored("AWSLogs/a.json.gz", "\"e2\"", 2), &mut &b"xy"[..]).unwrap();
        assert_eq!(fs::read(cache.path("logs", "AWSLogs/a.json.gz")).unwrap(), b"xy");
        assert!(!cache.holds("logs", &object));
        // Without an ETag nobody knows whether it is the same.
        let unmarked = stored("b", "", 1);
        cache.keep("logs", &unmarked, &mut &b"x"[..]).unwrap();
        assert!(!cache.holds("logs", &unmarked));
    }

    /// A transfer that breaks leaves nothing that looks like an object.
    #[test]
    fn what_breaks_is_not_kept() {
        struct Broken(bool);
        impl Read for Broken {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("it broke"));
                }
                out[0] = b'a';
                Ok(1)
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let object = stored("a", "\"e\"", 1);
        let error = cache.keep("logs", &object, &mut Broken(false)).unwrap_err();
        assert_eq!(error.to_string(), "it broke");
        assert!(!cache.holds("logs", &object));
        assert_eq!(fs::read_dir(folder.path().join("logs")).unwrap().count(), 0);
    }

    #[test]
    fn no_key_leads_out_of_the_folder() {
        let cache = Cache { folder: PathBuf::from("f") };
        for (key, expected) in [
            ("a/b.json", "f/logs/a/b.json"),
            ("../../x", "f/logs/%2E./%2E./x"),
            ("/x", "f/logs/%/x"),
            ("a//b", "f/logs/a/%/b"),
            ("a\\..\\b:c", "f/logs/a%5C..%5Cb%3Ac"),
            (".hidden", "f/logs/%2Ehidden"),
            ("50%", "f/logs/50%25"),
        ] {
            assert_eq!(cache.path("logs", key), PathBuf::from(expected), "{key}");
        }
    }
}
