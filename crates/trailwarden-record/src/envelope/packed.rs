//! Content inside content: JSON in a string, base64, gzip in base64.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// The text of a JSON string, given with its quotes.
pub(super) fn unescape(quoted: &[u8]) -> Option<String> {
    serde_json::from_slice(quoted).ok()
}

/// Why a payload could not be unpacked.
pub(super) enum Packed {
    /// It is no base64: something else that happens to have the key.
    NotBase64,
    /// The gzip inside is damaged.
    Damaged,
    /// More than the limit comes out.
    TooLarge,
}

/// Decodes base64 and inflates what is inside, if that is gzip.
pub(super) fn unpack(text: &str, inflated_max: usize) -> Result<Vec<u8>, Packed> {
    let text = text.trim();
    let stored = STANDARD
        .decode(text)
        .or_else(|_| STANDARD_NO_PAD.decode(text))
        .map_err(|_| Packed::NotBase64)?;
    if !stored.starts_with(&[0x1f, 0x8b]) {
        return Ok(stored);
    }
    let mut inflated = Vec::new();
    let capped = (inflated_max as u64).saturating_add(1);
    let reader = flate2::read::MultiGzDecoder::new(stored.as_slice());
    reader.take(capped).read_to_end(&mut inflated).map_err(|_| Packed::Damaged)?;
    if inflated.len() > inflated_max { Err(Packed::TooLarge) } else { Ok(inflated) }
}
