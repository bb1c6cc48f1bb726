//! A question asked to its end: pages, retries, and what came of it.

use std::time::SystemTime;

use serde_json::Value;
use tokio::time::sleep;
use trailwarden_account::snapshot::{Answer, Outcome};
use trailwarden_model::Timestamp;

use crate::connection::{Arriving, Connection};
use crate::endpoint::{self, Endpoint};
use crate::lookup::{Failure, Reason};
use crate::protocol::{self, Fault, Meaning, Outgoing, Parameters, Reply};
use crate::reads::{Protocol, Read};

/// How the message begins when nobody answered.
pub(crate) const UNREACHED: &str = "no answer";
/// No question has more pages.
const PAGES_MAX: usize = 10_000;
/// A page of HTML, or an operation that is not there, stays so.
const HOPELESS_ATTEMPTS: u32 = 1;

/// Why there is no page.
pub(crate) enum Lost {
    Told(Fault),
    Unread(String),
}

impl Connection {
    /// Asks, in `region` or where the connection is, with all pages and all patience.
    #[must_use]
    pub fn ask(&self, read: &'static Read, region: Option<&str>, parameters: Parameters) -> Answer {
        self.ask_whether(read, region, parameters, &[])
    }

    /// The same of one who asks whether there is such a thing: `absent` are errors, beside those of the
    /// table, that say that there is none. To a collection they say no more than that something went
    /// away meanwhile.
    #[must_use]
    pub fn ask_whether(
        &self,
        read: &'static Read,
        region: Option<&str>,
        parameters: Parameters,
        absent: &[&str],
    ) -> Answer {
        self.block_on(asked(self, read, region, parameters, absent))
    }
}

/// Asks. `absent` are errors that mean that there is no such thing, beside those of the table.
async fn asked(
    connection: &Connection,
    read: &'static Read,
    region: Option<&str>,
    parameters: Parameters,
    absent: &[&str],
) -> Answer {
    let time = now();
    let texts = parameters
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    let about = texts.collect();
    if let Some(region) = region.filter(|region| !endpoint::is_region(region)) {
        let outcome = Outcome::Failed { message: endpoint::no_region(region) };
        let (api, region) = (read.api().to_owned(), Some(region.to_owned()));
        return Answer { api, region, about, time, outcome };
    }
    let mut endpoint = connection.endpoint(read.service(), region);
    let is_regional = !matches!(read.service().name, "iam" | "organizations" | "account");
    let outcome = all_pages(connection, read, &mut endpoint, &parameters, absent).await;
    Answer {
        api: read.api().to_owned(),
        region: is_regional.then_some(endpoint.region),
        about,
        time,
        outcome,
    }
}

async fn all_pages(
    connection: &Connection,
    read: &'static Read,
    endpoint: &mut Endpoint,
    parameters: &Parameters,
    absent: &[&str],
) -> Outcome {
    let mut whole = Value::Object(Parameters::new());
    let mut tokens = Vec::new();
    loop {
        let token = tokens.last().map(String::as_str);
        let page = match one_page(connection, read, endpoint, parameters, token).await {
            Ok(page) => page,
            Err(lost) if tokens.is_empty() => return lost.outcome(absent),
            Err(lost) => return Outcome::Partial { body: whole, message: lost.text() },
        };
        let next = protocol::next(read, &page);
        protocol::merge(read, &mut whole, page);
        match next {
            None => return Outcome::Got { body: whole },
            // A page that leads to itself would never end.
            Some(token) if tokens.contains(&token) || tokens.len() >= PAGES_MAX => {
                let message = "the pages do not end".to_owned();
                return Outcome::Partial { body: whole, message };
            }
            Some(token) => tokens.push(token),
        }
    }
}

async fn one_page(
    connection: &Connection,
    read: &'static Read,
    endpoint: &mut Endpoint,
    parameters: &Parameters,
    token: Option<&str>,
) -> Result<Value, Lost> {
    let understand = |reply: &Reply| protocol::body(read, reply);
    understood(connection, read, endpoint, parameters, token, &understand).await
}

/// Asks for one page until there is a reply that can be understood, or patience ends.
pub(crate) async fn understood<T>(
    connection: &Connection,
    read: &'static Read,
    endpoint: &mut Endpoint,
    parameters: &Parameters,
    token: Option<&str>,
    understand: &(dyn Fn(&Reply) -> Result<T, String> + Sync),
) -> Result<T, Lost> {
    let outgoing = |url: &str| protocol::outgoing(read, url, parameters, token);
    let take = async |arriving| {
        let reply = connection.whole(arriving).await.map_err(unreached)?;
        understand(&reply)
    };
    taken(connection, read, endpoint, &outgoing, take).await
}

/// Sends one request until something can be made of the reply, or patience ends. `take` makes it; it gets
/// successes only, and where it fails the request is sent again.
pub(crate) async fn taken<T>(
    connection: &Connection,
    read: &'static Read,
    endpoint: &mut Endpoint,
    outgoing: &(dyn Fn(&str) -> Outgoing + Sync),
    take: impl AsyncFn(Arriving) -> Result<T, String>,
) -> Result<T, Lost> {
    let patience = connection.patience(&endpoint.url);
    let mut attempts = 0;
    let mut moved = false;
    loop {
        attempts += 1;
        if attempts > 1 {
            connection.ledger().note(read.api(), |calls| calls.retried += 1);
        }
        let sent =
            connection.send(read.api(), read.service(), endpoint, outgoing(&endpoint.url)).await;
        if sent.is_ok() || attempts >= patience.attempts {
            connection.heard(&endpoint.url, sent.is_err());
        }
        let (lost, is_throttled, most) = match sent {
            Ok(arriving) if arriving.head.is_success() => match take(arriving).await {
                Ok(taken) => return Ok(taken),
                Err(cause) => (Lost::Unread(cause), false, patience.attempts),
            },
            Ok(arriving) => {
                // An error whose text does not come is an error all the same.
                let head = arriving.head.clone();
                let whole = connection.whole(arriving).await;
                let reply = whole.unwrap_or(Reply { head, body: Vec::new() });
                if let Some(region) = bucket_region(read, &reply).filter(|_| !moved) {
                    // The bucket is elsewhere, and S3 says where.
                    *endpoint = connection.endpoint(read.service(), Some(&region));
                    endpoint.region = region;
                    moved = true;
                    continue;
                }
                let fault = protocol::fault(read.absent, &reply);
                let is_throttled = fault.meaning == Meaning::Throttled;
                if is_throttled {
                    connection.ledger().note(read.api(), |calls| calls.throttled += 1);
                }
                let most = match fault.meaning {
                    Meaning::Throttled | Meaning::Passing => patience.attempts,
                    _ => HOPELESS_ATTEMPTS,
                };
                (Lost::Told(fault), is_throttled, most)
            }
            Err(silence) => (Lost::Unread(unreached(silence.cause)), false, patience.attempts),
        };
        if attempts >= most {
            return Err(lost);
        }
        sleep(patience.wait(attempts, is_throttled)).await;
    }
}

/// Where S3 says that a bucket is, when it was asked elsewhere.
fn bucket_region(read: &Read, reply: &Reply) -> Option<String> {
    if read.service().protocol == Protocol::S3 { protocol::region(reply) } else { None }
}

fn unreached(cause: String) -> String {
    format!("{UNREACHED}: {cause}")
}

impl Lost {
    /// The same for whoever asks page by page.
    pub(crate) fn failure(&self) -> Failure {
        let reason = match self {
            Self::Unread(cause) if cause.starts_with(UNREACHED) => Reason::Absent,
            Self::Unread(_) => Reason::Other,
            Self::Told(fault) => match fault.meaning {
                Meaning::Denied => Reason::Denied,
                Meaning::Credentials => Reason::Credentials,
                Meaning::Absent | Meaning::Unsupported => Reason::Absent,
                Meaning::Throttled => Reason::Throttled,
                Meaning::Passing | Meaning::Other => Reason::Other,
            },
        };
        Failure { reason, message: self.text() }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Told(fault) => fault.text(),
            Self::Unread(cause) => cause.clone(),
        }
    }

    fn outcome(&self, absent: &[&str]) -> Outcome {
        let message = self.text();
        let Self::Told(fault) = self else { return Outcome::Failed { message } };
        if absent.contains(&fault.code.as_str()) {
            return Outcome::Absent { message };
        }
        match fault.meaning {
            Meaning::Absent => Outcome::Absent { message },
            Meaning::Denied => Outcome::Denied { message },
            Meaning::Throttled => Outcome::Throttled { message },
            Meaning::Unsupported => Outcome::Unsupported { message },
            Meaning::Passing | Meaning::Credentials | Meaning::Other => Outcome::Failed { message },
        }
    }
}

/// This moment.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
