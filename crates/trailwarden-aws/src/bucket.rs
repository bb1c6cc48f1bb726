//! Objects of a bucket: listed page by page, and fetched as streams.
//!
//! # Invariants
//! - Memory is that of one page of a list, or of one piece of an object.
//! - An object is what was listed, or an error: it is asked for by its ETag, its length is checked, and a
//!   transfer that breaks goes on where it broke.
//! - Where nobody answers any more, or credentials have ended, the objects that remain are not each
//!   waited for.
//!
//! Sources: Amazon S3 API Reference, "ListObjectsV2", "GetObject" and "Error responses"; Amazon S3 User
//! Guide, "Making requests using the REST API" (path style; a bucket in another region).

mod body;
mod page;
mod refusal;

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use crate::connection::{Arriving, Connection};
use crate::endpoint::Endpoint;
use crate::outcome::{self, Lost};
use crate::protocol::{self, Parameters};
use crate::reads::{self, Read};

pub use body::Body;
pub use page::{Page, Stored};
pub use refusal::{Refusal, Why};

/// How soon an interruption is noticed while nobody answers.
const PATIENCE: Duration = Duration::from_millis(50);
/// How many more attempts there are than with questions: with the usual waits, somebody who fetches for
/// hours outlives a minute without a line.
const MORE_ATTEMPTS: u32 = 3;
/// After so many questions in a row that nobody answered, no more are asked.
const UNANSWERED_MAX: u32 = 5;
/// No list has more pages: these are a hundred million objects.
const PAGES_MAX: u32 = 100_000;

/// A bucket, and who asks for what is in it. Clones share what they learn.
#[derive(Clone, Debug)]
pub struct Bucket {
    connection: Connection,
    name: String,
    stop: Arc<AtomicBool>,
    /// Where it is, once S3 has said so.
    region: Arc<Mutex<Option<String>>>,
    /// Questions in a row without an answer.
    unanswered: Arc<AtomicU32>,
}

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// What the keys begin with.
    pub prefix: String,
    /// Only keys behind this one, in the order of their bytes.
    pub start_after: Option<String>,
    /// Whether keys are folded at the first slash behind the prefix: see [`Page::folders`].
    pub is_folded: bool,
}

impl Bucket {
    /// A bucket by its name. Nothing is asked yet. Once `stop` is set, nothing is waited for any more.
    pub fn new(connection: &Connection, name: &str, stop: Arc<AtomicBool>) -> Self {
        Self {
            connection: connection.more_patient(MORE_ATTEMPTS),
            name: name.to_owned(),
            stop,
            region: Arc::default(),
            unanswered: Arc::default(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether nothing is waited for any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Lists, page by page in the order of the keys' bytes, until there is no more or `each` says false.
    ///
    /// # Errors
    /// Why there are no more pages; those before were handed on.
    pub fn list(
        &self,
        listing: &Listing,
        each: &mut dyn FnMut(Page) -> bool,
    ) -> Result<(), Refusal> {
        let read = find("s3:ListObjectsV2")?;
        let mut parameters = self.parameters();
        let mut set = |name: &str, value: &str| parameters.insert(name.to_owned(), value.into());
        set("list-type", "2");
        set("encoding-type", "url");
        if !listing.prefix.is_empty() {
            set("prefix", &listing.prefix);
        }
        if let Some(key) = &listing.start_after {
            set("start-after", key);
        }
        if listing.is_folded {
            set("delimiter", "/");
        }
        let mut token: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let page = self.page(read, &parameters, token.as_deref())?;
            let next = protocol::next(read, &page);
            let is_last = page.get("IsTruncated").and_then(Value::as_bool) != Some(true);
            if !each(Page::of(&page)) || (is_last && next.is_none()) {
                return Ok(());
            }
            // More is said to follow, and nothing new leads there.
            if next.is_none() || next == token {
                break;
            }
            token = next;
        }
        Err(Refusal::endless())
    }

    fn page(
        &self,
        read: &'static Read,
        parameters: &Parameters,
        token: Option<&str>,
    ) -> Result<Value, Refusal> {
        self.asked(read, async |endpoint| {
            let understand = |reply: &protocol::Reply| protocol::body(read, reply);
            outcome::understood(&self.connection, read, endpoint, parameters, token, &understand)
                .await
        })
    }

    /// Fetches an object.
    ///
    /// # Errors
    /// Why there is nothing of it.
    pub fn get(&self, object: &Stored) -> Result<Body, Refusal> {
        let arriving = self.arriving(object, 0)?;
        Ok(Body::new(self.clone(), object.clone(), arriving))
    }

    /// Asks for an object from some byte on.
    fn arriving(&self, object: &Stored, offset: u64) -> Result<Arriving, Refusal> {
        let read = find("s3:GetObject")?;
        let mut parameters = self.parameters();
        parameters.insert("Key".to_owned(), object.key.as_str().into());
        let outgoing = |url: &str| {
            let mut outgoing = protocol::outgoing(read, url, &parameters, None);
            if !object.etag.is_empty() {
                outgoing.headers.push(("if-match", object.etag.clone()));
            }
            if offset > 0 {
                outgoing.headers.push(("range", format!("bytes={offset}-")));
                self.connection.ledger().note(read.api(), |calls| calls.retried += 1);
            }
            outgoing
        };
        self.asked(read, async |endpoint| {
            let take = async |arriving: Arriving| Ok(arriving);
            outcome::taken(&self.connection, read, endpoint, &outgoing, take).await
        })
    }

    /// Asks where the bucket is, unless it is in vain.
    fn asked<T>(
        &self,
        read: &'static Read,
        ask: impl AsyncFnOnce(&mut Endpoint) -> Result<T, Lost>,
    ) -> Result<T, Refusal> {
        if self.unanswered.load(Ordering::Relaxed) >= UNANSWERED_MAX {
            return Err(Refusal::in_vain());
        }
        let region = self.region.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut endpoint = self.connection.endpoint(read.service(), region.as_deref());
        if let Some(region) = region {
            endpoint.region = region;
        }
        let before = endpoint.region.clone();
        let answer = self.until_stopped(ask(&mut endpoint)).ok_or_else(Refusal::interrupted)?;
        if endpoint.region != before {
            let mut region = self.region.lock().unwrap_or_else(PoisonError::into_inner);
            *region = Some(endpoint.region);
        }
        let answer = answer.map_err(|lost| Refusal::of(&lost));
        match &answer {
            Err(refusal) if refusal.is_unanswered() => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
            }
            _ => self.unanswered.store(0, Ordering::Relaxed),
        }
        answer
    }

    /// Waits, but no longer than until it is stopped.
    fn until_stopped<T>(&self, asked: impl Future<Output = T>) -> Option<T> {
        self.connection.block_on(async {
            let mut asked = pin!(asked);
            loop {
                if self.stop.load(Ordering::Relaxed) {
                    return None;
                }
                if let Ok(answer) = timeout(PATIENCE, &mut asked).await {
                    return Some(answer);
                }
            }
        })
    }

    fn parameters(&self) -> Parameters {
        Parameters::from_iter([("Bucket".to_owned(), self.name.as_str().into())])
    }
}

fn find(api: &str) -> Result<&'static Read, Refusal> {
    reads::find(api).ok_or_else(Refusal::in_vain)
}
