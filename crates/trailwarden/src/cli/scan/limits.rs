//! Limits on memory and on what a stranger sends.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use trailwarden_record::limits::Limits;

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Memory for rows and kept records before they spill to disk, such as 64MB
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16MB")]
    pub(crate) memory_max: u64,

    /// Where to spill; else the system's folder for temporary files
    #[arg(long, value_name = "DIR")]
    pub(crate) spill_dir: Option<PathBuf>,

    /// Workers; else one per core
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) threads: usize,

    /// Inflated size of one file
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64GB")]
    pub(crate) inflated_max: u64,

    /// Size of one record
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "8MB")]
    pub(crate) record_max: u64,

    /// Nesting depth of one record
    #[arg(long, value_name = "N", value_parser = depth, default_value_t = Limits::default().depth_max)]
    pub(crate) depth_max: usize,

    /// Decode every record in full: slow, and the same findings
    #[arg(long)]
    pub(crate) no_skip: bool,
}

/// The most that `--depth-max` takes: a decoder that goes deeper may run out of stack.
const DEPTH_MAX: usize = 1_000;

/// Reads a nesting depth.
fn depth(text: &str) -> Result<usize, String> {
    let depth = text.parse().ok().filter(|depth| (1..=DEPTH_MAX).contains(depth));
    depth.ok_or_else(|| format!("`{text}` is no depth; write a number from 1 to {DEPTH_MAX}"))
}

/// Reads a size such as `64MB`; units are powers of 1024.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; write 500KB, 64MB or 2GB");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default().to_ascii_uppercase();
    let factor: u64 = match unit.trim_end_matches("IB").trim_end_matches('B') {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(factor).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

impl LimitArgs {
    /// The limits on what a stranger sends.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            inflated_max: self.inflated_max,
            record_max: usize::try_from(self.record_max).unwrap_or(usize::MAX),
            depth_max: self.depth_max,
            ..Limits::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("64MB"), Ok(64 << 20));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("7"), Ok(7));
        for wrong in ["", "MB", "0", "5 MB", "1TB", "-1MB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
