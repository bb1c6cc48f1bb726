//! A call that changes something, made at most once as far as anybody can tell.
//!
//! # Invariants
//! - Sent again is only what AWS says it did not carry out: what it throttled, what it sent to another
//!   region, and what never left this machine.
//! - A reply that did not come, cannot be read or names no error of AWS's, and a fault of the server say
//!   nothing of whether the call was carried out: that is [`Change::Unanswered`], which the caller
//!   resolves by asking.
//!
//! Sources: IAM API Reference, "Common Errors" (a throttled request was denied); Amazon S3 API
//! Reference, "Error responses".

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use crate::connection::Connection;
use crate::protocol::{self, Fault, Meaning, Parameters, Reply};
use crate::reads::Protocol;
use crate::writes::Write;

/// What came of a call.
#[derive(Clone, PartialEq)]
pub enum Change {
    /// AWS carried it out, and replied this, as the AWS CLI prints it. It may hold secrets, which
    /// `Debug` leaves out.
    Done(Value),
    /// AWS refused it: nothing was changed.
    Refused {
        /// AWS's code, such as `LimitExceeded`.
        code: String,
        /// AWS's words.
        message: String,
    },
    /// It never left: nothing was changed.
    NotSent {
        /// Why.
        cause: String,
    },
    /// It left, and nobody knows what came of it.
    Unanswered {
        /// What happened.
        cause: String,
    },
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(_) => f.write_str("Done(..)"),
            Self::Refused { code, message } => write!(f, "Refused({code}: {message})"),
            Self::NotSent { cause } => write!(f, "NotSent({cause})"),
            Self::Unanswered { cause } => write!(f, "Unanswered({cause})"),
        }
    }
}

/// What one attempt came to.
enum Attempt {
    Final(Change),
    /// It was not carried out, and may be sent again.
    Again {
        last: Change,
        is_throttled: bool,
    },
    /// It was not carried out, since the bucket is elsewhere.
    Elsewhere(String),
}

impl Connection {
    /// Makes a call that changes something, in `region` or where the connection is. Only the executor of
    /// plans does; it asks, journals and asks again around it.
    #[must_use]
    pub fn change(
        &self,
        write: &'static Write,
        region: Option<&str>,
        parameters: &Parameters,
    ) -> Change {
        self.block_on(changed(self, write, region, parameters))
    }

    /// Waits so long, unless there are no waits at all (`Patience::first_wait_ms`).
    pub fn pause(&self, wait_ms: u64) {
        if self.patience.first_wait_ms > 0 {
            std::thread::sleep(Duration::from_millis(wait_ms));
        }
    }
}

/// Makes the call.
async fn changed(
    connection: &Connection,
    write: &'static Write,
    region: Option<&str>,
    parameters: &Parameters,
) -> Change {
    let mut endpoint = connection.endpoint(write.service, region);
    let patience = connection.patience;
    let (mut attempts, mut moved) = (0, false);
    loop {
        attempts += 1;
        if attempts > 1 {
            connection.ledger().note(write.api(), |calls| calls.retried += 1);
        }
        let outgoing = protocol::changing(write, &endpoint.url, parameters);
        let sent = connection.send(write.api(), write.service, &endpoint, outgoing).await;
        let attempt = match sent {
            Err(silence) if silence.is_sent => {
                Attempt::Final(Change::Unanswered { cause: silence.cause })
            }
            Err(silence) => Attempt::Again {
                last: Change::NotSent { cause: silence.cause },
                is_throttled: false,
            },
            Ok(arriving) => {
                let head = arriving.head.clone();
                match connection.whole(arriving).await {
                    Ok(reply) => judged(write, &reply, &endpoint.region),
                    // The head may say enough.
                    Err(_) if !head.is_success() => {
                        judged(write, &Reply { head, body: Vec::new() }, &endpoint.region)
                    }
                    Err(cause) => Attempt::Final(Change::Unanswered { cause }),
                }
            }
        };
        match attempt {
            Attempt::Final(change) => return change,
            Attempt::Elsewhere(region) if !moved => {
                endpoint = connection.endpoint(write.service, Some(&region));
                endpoint.region = region;
                moved = true;
            }
            Attempt::Elsewhere(region) => {
                let cause = format!("the bucket is in `{region}`, and not there either");
                return Change::NotSent { cause };
            }
            Attempt::Again { last, is_throttled } => {
                if is_throttled {
                    connection.ledger().note(write.api(), |calls| calls.throttled += 1);
                }
                if attempts >= patience.attempts {
                    return last;
                }
                sleep(patience.wait(attempts, is_throttled)).await;
            }
        }
    }
}

/// What a reply means for a call that changes something, and that was sent to the region `here`.
fn judged(write: &Write, reply: &Reply, here: &str) -> Attempt {
    if reply.head.is_success() {
        return Attempt::Final(match protocol::changed(write, reply) {
            Ok(body) => Change::Done(body),
            Err(cause) => Change::Unanswered { cause },
        });
    }
    let elsewhere =
        if write.service.protocol == Protocol::S3 { protocol::region(reply) } else { None };
    if let Some(region) = elsewhere.filter(|region| region != here) {
        return Attempt::Elsewhere(region);
    }
    let fault = protocol::fault(&[], reply);
    // A page of a proxy is no word of AWS's: one that looks into replies keeps them back after the deed. A
    // fault of the server may come after it too.
    let is_refusal = reply.head.status < 500 && fault.is_named();
    // That goes for a 429 too, which only AWS's own code makes a word of AWS's.
    let is_throttled = fault.is_named() && fault.meaning == Meaning::Throttled;
    if !is_refusal && !is_throttled {
        return Attempt::Final(Change::Unanswered { cause: fault.text() });
    }
    let Fault { code, message, .. } = fault;
    let refused = Change::Refused { code, message };
    match is_throttled {
        true => Attempt::Again { last: refused, is_throttled },
        false => Attempt::Final(refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_not_printed() {
        let reply = serde_json::json!({ "AccessKey": { "SecretAccessKey": "hidden" } });
        assert_eq!(format!("{:?}", Change::Done(reply)), "Done(..)");
    }
}
