//! Packing: text in, zstd out, the same bytes for the same text and library version.

use anyhow::{Context, Result, bail};

/// Measured: above this level the tables become smaller by less than half a percent.
const LEVEL: i32 = 19;

/// No table may unpack to more than this.
const TEXT_MAX: usize = 16 << 20;

pub(crate) fn pack(text: &str) -> Result<Vec<u8>> {
    if text.len() > TEXT_MAX {
        bail!("{} bytes of facts are more than the reader accepts ({TEXT_MAX})", text.len());
    }
    zstd::bulk::compress(text.as_bytes(), LEVEL).context("cannot compress")
}

#[cfg(test)]
pub(crate) fn unpack(packed: &[u8]) -> Result<String> {
    let bytes = zstd::bulk::decompress(packed, TEXT_MAX).context("cannot decompress")?;
    String::from_utf8(bytes).context("not text")
}
