//! Limits on what a stranger sends.
//!
//! Hitting one is never silent: it is a reject with its place, and the scan goes on behind it.

/// How much trailwarden is willing to take from one input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Inflated bytes of one file, all members of an archive together.
    pub inflated_max: u64,
    /// Inflated bytes for each stored byte, once [`RATIO_FREE`] bytes are out. CloudTrail stays
    /// below 40 because every record carries ids that do not compress; gzip bombs reach 1,030.
    pub ratio_max: u64,
    /// Bytes of one record. AWS stops at 256 KiB, or 1 MiB for trails that ask for large events.
    pub record_max: usize,
    /// Inflated bytes of one packed payload inside an envelope, such as a CloudWatch Logs
    /// subscription; AWS stops at 6 MiB before packing.
    pub packed_max: usize,
    /// Nesting of objects and arrays in one record.
    pub depth_max: usize,
}

/// Inflated bytes that are free of [`Limits::ratio_max`]: small files may repeat themselves.
pub const RATIO_FREE: u64 = 64 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            inflated_max: 64 << 30,
            ratio_max: 256,
            record_max: 8 << 20,
            packed_max: 32 << 20,
            depth_max: 128,
        }
    }
}
