//! Objects fetched ahead of whoever reads them.
//!
//! Threads fetch the objects in the order of the list, a bounded number and a bounded size at a time, and a
//! reader takes them from the shelf. What is not there, because it is large, read again or ahead of the
//! threads, the reader fetches itself.
//!
//! # Invariants
//! - A reader waits only for what is being fetched, so nobody waits for each other.
//! - What waits on the shelf takes no more than [`WAITING_BYTES_MAX`].

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use trailwarden_aws::bucket::{Body, Bucket, Refusal, Stored};

use super::Cache;
use crate::sources::Remote;

/// How many requests are under way at the same time.
pub(crate) const AT_ONCE: usize = 16;
/// Bytes that are fetched and not yet read, or under way.
const WAITING_BYTES_MAX: u64 = 32 << 20;
/// Larger objects are streamed to whoever reads them.
const AHEAD_BYTES_MAX: u64 = 8 << 20;

/// Names without `x-amz-meta-` and values.
pub(crate) type Metadata = Vec<(String, String)>;
/// The metadata of digest files: CloudTrail User Guide, "CloudTrail digest file structure".
const SIGNED: [&str; 3] = ["signature", "signature-algorithm", "backfill-generation-timestamp"];

/// The objects of a run.
pub(crate) struct Shelf {
    objects: Vec<(Bucket, Stored)>,
    cache: Option<Cache>,
    /// How many of the objects, from the first on, are fetched ahead.
    ahead: usize,
    /// What those that were fetched have for metadata, if they are signed.
    heads: Mutex<HashMap<usize, Metadata>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Whether anybody has read anything.
    is_open: bool,
    /// The object that is fetched next.
    next: usize,
    slots: HashMap<usize, Slot>,
    waiting_bytes: u64,
}

enum Slot {
    /// It comes.
    Coming,
    /// It is here, or will not come.
    Here(Result<Vec<u8>, io::Error>),
    /// A reader was faster.
    Taken,
}

/// One object, for whoever reads it.
pub(crate) struct Spot {
    shelf: Arc<Shelf>,
    index: usize,
}

impl Shelf {
    pub(crate) fn new(
        objects: Vec<(Bucket, Stored)>,
        cache: Option<Cache>,
        ahead: usize,
    ) -> Arc<Self> {
        let (heads, state) = (Mutex::default(), Mutex::default());
        Arc::new(Self { objects, cache, ahead, heads, state, changed: Condvar::new() })
    }

    /// The metadata of an object that was opened, if it is signed.
    pub(crate) fn head(&self, index: usize) -> Option<Metadata> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).get(&index).cloned()
    }

    /// The same of one that was kept by an earlier run.
    pub(crate) fn kept_head(&self, index: usize) -> Option<Vec<u8>> {
        let (bucket, object) = self.objects.get(index)?;
        self.cache.as_ref()?.head(bucket.name(), &object.key)
    }

    /// Asks for an object, and notes its metadata.
    fn get(&self, index: usize, bucket: &Bucket, object: &Stored) -> io::Result<Body> {
        let body = bucket.get(object).map_err(told)?;
        let told = |name: &str| Some((name.to_owned(), body.metadata(name)?.to_owned()));
        let metadata: Metadata = SIGNED.into_iter().filter_map(told).collect();
        if metadata.is_empty() {
            // What an earlier run kept is another object's.
            if let Some(cache) = &self.cache {
                cache.forget_head(bucket.name(), &object.key);
            }
        } else {
            if let Some(cache) = &self.cache {
                cache.keep_head(bucket.name(), &object.key, &metadata)?;
            }
            self.heads.lock().unwrap_or_else(PoisonError::into_inner).insert(index, metadata);
        }
        Ok(body)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked leaves at most a slot that is coming for ever, see `Fetching`.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to fetch, when somebody begins to read.
    fn open(self: &Arc<Self>) {
        if std::mem::replace(&mut self.state().is_open, true) {
            return;
        }
        for _ in 0..AT_ONCE.min(self.ahead) {
            let shelf = Arc::clone(self);
            // Not joined: it may wait for a reply that nobody needs any more. Without threads readers
            // fetch for themselves.
            let _ = thread::Builder::new().spawn(move || while shelf.fetch_next() {});
        }
    }

    /// Fetches the next object; false when there are no more.
    fn fetch_next(&self) -> bool {
        let mut state = self.state();
        let (index, bucket, object) = loop {
            let index = state.next;
            let next = self.objects.get(index).filter(|_| index < self.ahead);
            let Some((bucket, object)) = next else { return false };
            if bucket.is_stopped() {
                return false;
            }
            let is_large = object.size > AHEAD_BYTES_MAX;
            if is_large || matches!(state.slots.get(&index), Some(Slot::Taken)) {
                state.slots.remove(&index);
                state.next += 1;
            } else if state.waiting_bytes + object.size <= WAITING_BYTES_MAX {
                break (index, bucket, object);
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        };
        state.next += 1;
        state.waiting_bytes += object.size;
        state.slots.insert(index, Slot::Coming);
        drop(state);
        let mut fetching = Fetching { shelf: self, index, size: object.size, fetched: None };
        // Looked up without the lock: nobody is to wait for the disk.
        let is_kept = self.cache.as_ref().is_some_and(|cache| cache.holds(bucket.name(), object));
        fetching.fetched = Some(match is_kept {
            true => Fetched::Kept,
            false => Fetched::Came(self.whole(index, bucket, object)),
        });
        true
    }

    /// Fetches an object to its end, and keeps it.
    fn whole(&self, index: usize, bucket: &Bucket, object: &Stored) -> io::Result<Vec<u8>> {
        let mut body = self.get(index, bucket, object)?;
        let mut bytes = Vec::with_capacity(usize::try_from(object.size).unwrap_or_default());
        body.read_to_end(&mut bytes)?;
        if let Some(cache) = &self.cache {
            cache.keep(bucket.name(), object, &mut bytes.as_slice())?;
        }
        Ok(bytes)
    }

    /// What is on the shelf, once it has come; none when the reader is to fetch it.
    fn take(&self, index: usize, size: u64) -> Option<io::Result<Vec<u8>>> {
        let mut state = self.state();
        while let Some(Slot::Coming) = state.slots.get(&index) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        match state.slots.remove(&index) {
            Some(Slot::Here(result)) => {
                state.waiting_bytes = state.waiting_bytes.saturating_sub(size);
                self.changed.notify_all();
                Some(result)
            }
            _ => {
                if index >= state.next {
                    state.slots.insert(index, Slot::Taken);
                }
                None
            }
        }
    }
}

/// Tells those who wait, also when the fetching panics.
struct Fetching<'a> {
    shelf: &'a Shelf,
    index: usize,
    size: u64,
    fetched: Option<Fetched>,
}

enum Fetched {
    /// It lies in the cache, where the reader finds it.
    Kept,
    /// It came, or will not come.
    Came(io::Result<Vec<u8>>),
}

impl Drop for Fetching<'_> {
    fn drop(&mut self) {
        let failed =
            || Err(io::Error::other("trailwarden itself failed to fetch it; please report it"));
        let mut state = self.shelf.state();
        match self.fetched.take().unwrap_or_else(|| Fetched::Came(failed())) {
            Fetched::Kept => {
                state.slots.remove(&self.index);
                state.waiting_bytes = state.waiting_bytes.saturating_sub(self.size);
            }
            Fetched::Came(result) => {
                state.slots.insert(self.index, Slot::Here(result));
            }
        }
        drop(state);
        self.shelf.changed.notify_all();
    }
}

impl Spot {
    pub(crate) fn new(shelf: &Arc<Shelf>, index: usize) -> Self {
        Self { shelf: Arc::clone(shelf), index }
    }
}

impl Remote for Spot {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let gone = || io::Error::other("it is not in the list");
        let (bucket, object) = self.shelf.objects.get(self.index).ok_or_else(gone)?;
        self.shelf.open();
        if let Some(result) = self.shelf.take(self.index, object.size) {
            return Ok(Box::new(Cursor::new(result?)));
        }
        let Some(cache) = &self.shelf.cache else {
            return Ok(Box::new(self.shelf.get(self.index, bucket, object)?));
        };
        if !cache.holds(bucket.name(), object) {
            let mut body = self.shelf.get(self.index, bucket, object)?;
            cache.keep(bucket.name(), object, &mut body)?;
        }
        let file = File::open(cache.path(bucket.name(), &object.key));
        Ok(Box::new(file.map_err(|error| {
            io::Error::other(format!("cannot open what was kept of it: {error}"))
        })?))
    }
}

fn told(refusal: Refusal) -> io::Error {
    io::Error::other(refusal)
}
