//! One request and its reply.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::time::{sleep, timeout};

use super::{Connection, causes};
use crate::endpoint::Endpoint;
use crate::protocol::{Outgoing, Reply};
use crate::reads::Read;
use crate::sign::signed;

/// No reply is read further: a page of the largest accounts has a few megabytes.
const REPLY_MAX: usize = 256 << 20;
const USER_AGENT: &str = concat!("trailwarden/", env!("CARGO_PKG_VERSION"));

impl Connection {
    /// Sends when its turn has come; the error says why no reply came.
    pub(crate) async fn send(
        &self,
        read: &'static Read,
        endpoint: &Endpoint,
        mut outgoing: Outgoing,
    ) -> Result<Reply, String> {
        let service = read.service();
        if self.patience.first_wait_ms > 0 {
            let queue = format!("{} {} {}", service.name, self.caller, endpoint.region);
            sleep(self.pace.turn(queue, service.per_second)).await;
        }
        let credentials = self.credentials().await.map_err(|error| error.to_string())?;
        outgoing.headers.push(("user-agent", USER_AGENT.to_owned()));
        let request = signed(&outgoing, service, &endpoint.region, &credentials)?;
        self.ledger.note(read.api(), |calls| calls.sent += 1);
        let exchange = async {
            let response = self.connector.call(request).await.map_err(|e| causes(&e))?;
            let status = response.status().as_u16();
            let headers = response.headers().iter();
            let headers = headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect();
            let mut stream = ByteStream::new(response.into_body());
            let mut body = Vec::new();
            while let Some(bytes) = stream.try_next().await.map_err(|e| causes(&e))? {
                if body.len() + bytes.len() > REPLY_MAX {
                    return Err("the reply is too long".to_owned());
                }
                body.extend_from_slice(&bytes);
            }
            Ok(Reply { status, headers, body })
        };
        // The connector's limit is for the first byte; this one is for the last.
        let wait = Duration::from_millis(self.patience.timeout_ms.saturating_mul(4));
        timeout(wait, exchange).await.unwrap_or_else(|_| Err("no end of the reply".to_owned()))
    }
}
