//! The event history of one region, page by page: what CloudTrail keeps of the last 90 days without a trail.
//!
//! # Invariants
//! - A page is handed on as AWS wrote it, and no page is kept: memory is that of one page.
//! - A page counts only if it is whole and can be read; a damaged one is asked for again.
//! - Every page of a question is asked with the same words, as AWS demands.
//!
//! Sources: AWS CloudTrail API Reference, "LookupEvents" (fifty events a page, the most recent first; both
//! times inclusive; one attribute; two requests a second for each account and region); CloudTrail User
//! Guide, "Working with CloudTrail event history" (90 days, management events, by region).

mod page;
mod regions;

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;
use trailwarden_model::Timestamp;

use crate::connection::Connection;
use crate::protocol::Parameters;
use crate::{outcome, reads};

pub use page::Page;
pub use regions::Regions;
pub(crate) use regions::listed;

/// How far back the event history reaches, in seconds.
pub const KEPT: i64 = 90 * trailwarden_model::time::DAY;

/// Events on one page at most.
pub const PAGE_MAX: u64 = 50;

/// Pages a second, for each account and region.
pub const PAGES_PER_SECOND: u64 = 2;

/// How soon an interruption is noticed while AWS is silent.
const PATIENCE: Duration = Duration::from_millis(50);

/// Which events are asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Question {
    /// The region that kept them.
    pub region: String,
    /// No earlier ones.
    pub first: Timestamp,
    /// No later ones.
    pub last: Timestamp,
    /// Only those.
    pub filter: Option<Filter>,
}

/// The one attribute that AWS filters by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Filter {
    /// Which.
    pub attribute: Attribute,
    /// Its value, as a whole; AWS knows no wildcards here.
    pub value: String,
}

/// Attributes of events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Attribute {
    /// Name of the event, such as `CreateUser`.
    EventName,
    /// Name of a user, or of a role's session.
    Username,
    /// Id of an access key.
    AccessKeyId,
}

impl Attribute {
    /// As AWS names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EventName => "EventName",
            Self::Username => "Username",
            Self::AccessKeyId => "AccessKeyId",
        }
    }
}

/// Why there is no page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// What that means for further questions.
    pub reason: Reason,
    /// What AWS said.
    pub message: String,
}

/// What a failure means for further questions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The caller may not ask in this region.
    Denied,
    /// The credentials are not accepted in this region, or not any more.
    Credentials,
    /// This region has no such thing, or does not answer.
    Absent,
    /// Others ask at the same time, and AWS answers no more than it promises.
    Throttled,
    /// Anything else; the next question may be answered.
    Other,
    /// Whoever asked does not want the answer any more.
    Interrupted,
}

impl Connection {
    /// Asks for a page of the event history: the first, or the one behind `token`. An answer that
    /// nobody waits for any more is given up once `stop` is set.
    ///
    /// # Errors
    /// Why there is no page.
    pub fn lookup(
        &self,
        question: &Question,
        token: Option<&str>,
        stop: &AtomicBool,
    ) -> Result<Page, Failure> {
        self.block_on(async {
            let mut answer = pin!(self.page(question, token));
            loop {
                if let Ok(answer) = timeout(PATIENCE, &mut answer).await {
                    return answer;
                }
                if stop.load(Ordering::Relaxed) {
                    return Err(Failure::interrupted());
                }
            }
        })
    }

    async fn page(&self, question: &Question, token: Option<&str>) -> Result<Page, Failure> {
        let read = reads::find("cloudtrail:LookupEvents").ok_or_else(Failure::interrupted)?;
        let mut endpoint = self.endpoint(read.service(), Some(&question.region));
        let parameters = question.parameters();
        let understand = |reply: &crate::protocol::Reply| Page::read(&reply.body);
        let page =
            outcome::understood(self, read, &mut endpoint, &parameters, token, &understand).await;
        page.map_err(|lost| lost.failure())
    }
}

impl Question {
    fn parameters(&self) -> Parameters {
        let mut parameters = Parameters::new();
        parameters.insert("StartTime".to_owned(), self.first.seconds().into());
        parameters.insert("EndTime".to_owned(), self.last.seconds().into());
        if let Some(Filter { attribute, value }) = &self.filter {
            let one = json!({"AttributeKey": attribute.as_str(), "AttributeValue": value});
            parameters.insert("LookupAttributes".to_owned(), Value::Array(vec![one]));
        }
        parameters
    }
}

impl Failure {
    fn interrupted() -> Self {
        Self { reason: Reason::Interrupted, message: "interrupted".to_owned() }
    }

    /// Whether the next question in the same region would fail alike.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self.reason,
            Reason::Denied | Reason::Credentials | Reason::Absent | Reason::Interrupted
        )
    }
}
