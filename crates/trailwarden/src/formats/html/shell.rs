//! What every page has: one style sheet, at most one script, a policy that allows nothing else, and
//! what could not be read.

use std::io;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use trailwarden_model::{Reject, escape};

use crate::formats::text;

const REJECTS_SHOWN: usize = 200;

/// The content security policy, with the hashes of what the page may use.
pub(in crate::formats) fn policy(css: &str, script: Option<&str>) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let script = script.map(|text| format!("script-src 'sha256-{}'; ", hash(text)));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; {}base-uri 'none'; form-action 'none'",
        hash(css),
        script.unwrap_or_default()
    )
}

/// Writes a page.
pub(in crate::formats) fn write(page: &impl Template, out: &mut dyn io::Write) -> io::Result<()> {
    Template::write_into(page, &mut Adapter(out))
}

/// What could not be read.
pub(in crate::formats) struct Rejects {
    pub(in crate::formats) total: String,
    /// Place and cause of each.
    pub(in crate::formats) shown: Vec<(String, String)>,
    pub(in crate::formats) more: Option<String>,
}

impl Rejects {
    /// None when everything was read; the total counts those that are not listed, too.
    pub(in crate::formats) fn of(rejects: &[Reject], total: u64) -> Option<Self> {
        let total = total.max(rejects.len() as u64);
        let shown: Vec<(String, String)> = rejects
            .iter()
            .take(REJECTS_SHOWN)
            .map(|one| (text::reject_place(one), escape::visible(&one.cause).into_owned()))
            .collect();
        let more = total - shown.len() as u64;
        (total > 0).then(|| Self {
            total: text::count(total),
            shown,
            more: (more > 0).then(|| text::count(more)),
        })
    }
}

/// askama wants a sized writer.
struct Adapter<'a>(&'a mut dyn io::Write);

impl io::Write for Adapter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The hash is of the text between the tags, so an asset must not be able to close its own.
#[cfg(test)]
pub(in crate::formats) fn assert_harmless(asset: &str) {
    assert!(!asset.contains("</") && !asset.contains("<!--"));
    assert!(!asset.contains("url(") && !asset.contains("@import"));
}
