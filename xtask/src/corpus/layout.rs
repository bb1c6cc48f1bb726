//! Where the files of a corpus lie, and writing them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use libdeflater::{CompressionLvl, Compressor};

use super::calendar::{self, Civil};
use super::random::{ALPHANUMERIC, Random, mix, of_text};
use super::unit::Entry;

/// The shape of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    /// Gzip files of `{"Records":[…]}` under `AWSLogs/`, as CloudTrail delivers to S3.
    S3,
    /// Plain text, one record per line.
    Ndjson,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Written {
    pub(crate) files: u64,
    pub(crate) records: u64,
    pub(crate) bytes: u64,
    pub(crate) bytes_on_disk: u64,
}

impl Written {
    pub(crate) fn add(&mut self, other: Written) {
        self.files += other.files;
        self.records += other.records;
        self.bytes += other.bytes;
        self.bytes_on_disk += other.bytes_on_disk;
    }
}

/// CloudTrail's files stay small; more records than this make a second file.
const RECORDS_PER_FILE_MAX: usize = 3_000;

/// Writes files; keeps its buffers from one to the next.
pub(crate) struct Writer<'a> {
    out: &'a Path,
    layout: Layout,
    compressor: Compressor,
    plain: Vec<u8>,
    packed: Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a Path, layout: Layout) -> Self {
        let compressor = Compressor::new(CompressionLvl::default());
        Self { out, layout, compressor, plain: Vec::new(), packed: Vec::new() }
    }

    /// Writes what one region of a unit holds.
    pub(crate) fn write(
        &mut self,
        account: &str,
        region: &str,
        delivered: i64,
        entries: &[Entry],
    ) -> Result<Written> {
        let mut written = Written::default();
        let records: Vec<&String> = entries.iter().flat_map(|entry| &entry.texts).collect();
        for (part, chunk) in records.chunks(RECORDS_PER_FILE_MAX).enumerate() {
            let delivered = delivered + 300 * i64::try_from(part)?;
            written.add(self.file(account, region, delivered, chunk)?);
        }
        Ok(written)
    }

    fn file(
        &mut self,
        account: &str,
        region: &str,
        delivered: i64,
        records: &[&String],
    ) -> Result<Written> {
        let (opening, separator, closing): (&[u8], u8, &[u8]) = match self.layout {
            Layout::S3 => (br#"{"Records":["#, b',', b"]}"),
            Layout::Ndjson => (b"", b'\n', b"\n"),
        };
        self.plain.clear();
        self.plain.extend_from_slice(opening);
        for (index, record) in records.iter().enumerate() {
            if index > 0 {
                self.plain.push(separator);
            }
            self.plain.extend_from_slice(record.as_bytes());
        }
        self.plain.extend_from_slice(closing);
        let path = path(self.out, self.layout, account, region, delivered);
        let folder = path.parent().context("a file lies in no folder")?;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make folder `{}`", folder.display()))?;
        let content = match self.layout {
            Layout::S3 => {
                self.packed.resize(self.compressor.gzip_compress_bound(self.plain.len()), 0);
                let length = self.compressor.gzip_compress(&self.plain, &mut self.packed)?;
                self.packed.truncate(length);
                &self.packed
            }
            Layout::Ndjson => &self.plain,
        };
        std::fs::write(&path, content)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(Written {
            files: 1,
            records: records.len() as u64,
            bytes: self.plain.len() as u64,
            bytes_on_disk: content.len() as u64,
        })
    }
}

fn path(out: &Path, layout: Layout, account: &str, region: &str, delivered: i64) -> PathBuf {
    let Civil { year, month, day, hour, minute, .. } = calendar::civil(delivered);
    let mut token = String::new();
    let seed = mix(&[of_text(account), of_text(region), delivered.unsigned_abs()]);
    Random::new(seed).characters(ALPHANUMERIC, 16, &mut token);
    let stem = format!(
        "{account}_CloudTrail_{region}_{year:04}{month:02}{day:02}T{hour:02}{minute:02}Z_{token}"
    );
    match layout {
        Layout::S3 => out
            .join(format!("AWSLogs/{account}/CloudTrail/{region}/{year:04}/{month:02}/{day:02}"))
            .join(format!("{stem}.json.gz")),
        Layout::Ndjson => out.join(format!("{stem}.ndjson")),
    }
}
