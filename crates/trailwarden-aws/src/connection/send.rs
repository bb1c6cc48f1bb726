//! One request and its reply, as a whole or as it arrives.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::time::{sleep, timeout};

use super::{Connection, causes};
use crate::endpoint::{self, Endpoint};
use crate::protocol::{Head, Outgoing, Reply};
use crate::reads::Service;
use crate::sign::signed;

/// No reply is read further: a page of the largest accounts has a few megabytes.
const REPLY_MAX: usize = 256 << 20;
const NO_END: &str = "no end of the reply";
const USER_AGENT: &str = concat!("trailwarden/", env!("CARGO_PKG_VERSION"));

/// A reply whose head has come, and whose body comes.
pub(crate) struct Arriving {
    pub(crate) head: Head,
    body: ByteStream,
}

/// Why no reply came.
pub(crate) struct Silence {
    pub(crate) cause: String,
    /// Whether the request may have reached somebody.
    pub(crate) is_sent: bool,
}

impl Silence {
    fn before(cause: String) -> Self {
        Self { cause, is_sent: false }
    }
}

/// Whether an error came before there was a connection on which anything could be sent.
fn is_of_connecting(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            return error.is_connect();
        }
        next = error.source();
    }
    false
}

impl Connection {
    /// Sends when its turn has come; the error says why no reply came.
    pub(crate) async fn send(
        &self,
        api: &'static str,
        service: &'static Service,
        endpoint: &Endpoint,
        mut outgoing: Outgoing,
    ) -> Result<Arriving, Silence> {
        if !endpoint::is_region(&endpoint.region) {
            return Err(Silence::before(endpoint::no_region(&endpoint.region)));
        }
        if self.patience.first_wait_ms > 0 {
            let queue = format!("{} {} {}", service.name, self.caller, endpoint.region);
            sleep(self.pace.turn(queue, service.per_second)).await;
        }
        let credentials = self.credentials().await;
        let credentials = credentials.map_err(|error| Silence::before(error.to_string()))?;
        outgoing.headers.push(("user-agent", USER_AGENT.to_owned()));
        let request = signed(&outgoing, service, &endpoint.region, &credentials);
        let request = request.map_err(Silence::before)?;
        self.ledger.note(api, |calls| calls.sent += 1);
        let response = self.connector.call(request).await.map_err(|error| Silence {
            is_sent: !is_of_connecting(&error),
            cause: causes(&error),
        })?;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let body = ByteStream::new(response.into_body());
        Ok(Arriving { head: Head { status, headers }, body })
    }

    /// Reads a reply to its end.
    pub(crate) async fn whole(&self, arriving: Arriving) -> Result<Reply, String> {
        let Arriving { head, body: mut stream } = arriving;
        let rest = async {
            let mut body = Vec::new();
            while let Some(bytes) = stream.try_next().await.map_err(|e| causes(&e))? {
                if body.len() + bytes.len() > REPLY_MAX {
                    return Err("the reply is too long".to_owned());
                }
                body.extend_from_slice(&bytes);
            }
            Ok(body)
        };
        // The connector's limit is for the first byte; this one is for the last.
        let wait = Duration::from_millis(self.patience.timeout_ms.saturating_mul(4));
        let body = timeout(wait, rest).await.unwrap_or_else(|_| Err(NO_END.to_owned()))?;
        Ok(Reply { head, body })
    }

    /// Waits for the next bytes of a reply; none at its end.
    pub(crate) async fn next(&self, arriving: &mut Arriving) -> Result<Option<Vec<u8>>, String> {
        let wait = Duration::from_millis(self.patience.timeout_ms);
        let next = timeout(wait, arriving.body.try_next()).await;
        let bytes = next.map_err(|_| NO_END.to_owned())?.map_err(|error| causes(&error))?;
        Ok(bytes.map(|bytes| bytes.to_vec()))
    }
}
