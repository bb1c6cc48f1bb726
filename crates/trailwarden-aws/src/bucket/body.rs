//! The bytes of an object, as they come; where they cease to come, from there on again.

use std::fmt;
use std::io::{self, Read};

use super::{Bucket, Refusal, Stored, Why};
use crate::connection::Arriving;

/// The content of an object.
pub struct Body {
    bucket: Bucket,
    object: Stored,
    arriving: Arriving,
    piece: Vec<u8>,
    /// How much of the piece was read.
    at: usize,
    /// How many bytes have come.
    come: u64,
    /// How many of those that come next were there before.
    again: u64,
    /// Breaks since bytes came last.
    breaks: u32,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("object", &self.object).finish_non_exhaustive()
    }
}

impl Body {
    pub(super) fn new(bucket: Bucket, object: Stored, arriving: Arriving) -> Self {
        let piece = Vec::new();
        Self { bucket, object, arriving, piece, at: 0, come: 0, again: 0, breaks: 0 }
    }

    /// What the uploader noted of it under a name in lower case, such as `signature`.
    #[must_use]
    pub fn metadata(&self, name: &str) -> Option<&str> {
        self.arriving.head.header(&format!("x-amz-meta-{name}"))
    }

    /// Waits for the next piece; false at the end.
    fn next(&mut self) -> Result<bool, Refusal> {
        loop {
            let next = self.bucket.until_stopped(self.bucket.connection.next(&mut self.arriving));
            match next.ok_or_else(Refusal::interrupted)? {
                Ok(Some(piece)) => {
                    let known = usize::try_from(self.again).unwrap_or(usize::MAX).min(piece.len());
                    self.again -= known as u64;
                    self.come += (piece.len() - known) as u64;
                    (self.piece, self.at) = (piece, known);
                    if self.come > self.object.size {
                        return Err(Refusal::broken("more came than was listed"));
                    }
                    if self.at < self.piece.len() {
                        self.breaks = 0;
                        return Ok(true);
                    }
                }
                Ok(None) if self.come == self.object.size => return Ok(false),
                Ok(None) => self.resume("it ended early")?,
                Err(cause) => self.resume(&cause)?,
            }
        }
    }

    /// Asks again for what has not come.
    fn resume(&mut self, cause: &str) -> Result<(), Refusal> {
        self.breaks += 1;
        let patience = self.bucket.connection.patience;
        if self.breaks >= patience.attempts {
            return Err(Refusal::broken(cause));
        }
        let wait = patience.wait(self.breaks, false);
        let waited = self.bucket.until_stopped(async { tokio::time::sleep(wait).await });
        waited.ok_or_else(Refusal::interrupted)?;
        self.arriving = self.bucket.arriving(&self.object, self.come)?;
        // Whoever ignores the range sends all of it again.
        self.again = if self.arriving.head.status == 206 { 0 } else { self.come };
        Ok(())
    }
}

impl Read for Body {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.next().map_err(into_io)? {
            return Ok(0);
        }
        let left = self.piece.get(self.at..).unwrap_or_default();
        let taken = left.len().min(out.len());
        if let (Some(out), Some(left)) = (out.get_mut(..taken), left.get(..taken)) {
            out.copy_from_slice(left);
        }
        self.at += taken;
        Ok(taken)
    }
}

/// As a reader returns it; the refusal is inside.
fn into_io(refusal: Refusal) -> io::Error {
    let kind = match refusal.why {
        Why::Denied => io::ErrorKind::PermissionDenied,
        Why::Interrupted => io::ErrorKind::ConnectionAborted,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, refusal)
}
