//! What fetching takes: objects, bytes, requests, money and time, with what is assumed.
//!
//! Prices are those of the commercial regions' list in Northern Virginia (Amazon S3 pricing page): requests
//! of the kinds LIST and GET, and transfer out of AWS. Inside the bucket's region transfer is free.

use std::fmt;

use super::shelf::AT_ONCE;

/// Dollars for a thousand lists.
const LIST_PRICE: f64 = 0.005;
/// Dollars for a thousand objects.
const GET_PRICE: f64 = 0.0004;
/// Dollars for a gigabyte that leaves AWS.
const OUT_PRICE: f64 = 0.09;
/// How long a request takes, in seconds, when none was made that tells it.
const REQUEST_SECONDS: f64 = 0.05;

/// What fetching takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// Objects that are asked for.
    pub objects: u64,
    /// Bytes of them, as stored.
    pub bytes: u64,
    /// Of the objects, those that are kept already.
    pub kept_objects: u64,
    /// Bytes of these.
    pub kept_bytes: u64,
    /// Requests that listing took.
    pub lists: u64,
    /// How long one of them took, in seconds.
    request_seconds: f64,
}

impl Estimate {
    pub(super) fn listed(lists: u64, seconds: f64) -> Self {
        // Several at a time took this long together.
        let request_seconds = match lists {
            0 => REQUEST_SECONDS,
            lists => seconds * (lists.min(AT_ONCE as u64) as f64) / lists as f64,
        };
        Self { objects: 0, bytes: 0, kept_objects: 0, kept_bytes: 0, lists, request_seconds }
    }

    pub(super) fn add(&mut self, size: u64, is_kept: bool) {
        self.objects += 1;
        self.bytes += size;
        if is_kept {
            self.kept_objects += 1;
            self.kept_bytes += size;
        }
    }

    /// Objects to fetch.
    pub fn to_fetch(&self) -> u64 {
        self.objects - self.kept_objects
    }

    /// Bytes to fetch.
    pub fn bytes_to_fetch(&self) -> u64 {
        self.bytes - self.kept_bytes
    }

    /// Dollars for the requests, those of listing included.
    pub fn request_cost(&self) -> f64 {
        (self.lists as f64 * LIST_PRICE + self.to_fetch() as f64 * GET_PRICE) / 1_000.0
    }

    /// Dollars for transfer, where the machine is outside of AWS.
    pub fn transfer_cost(&self) -> f64 {
        self.bytes_to_fetch() as f64 / 1e9 * OUT_PRICE
    }

    /// Seconds for the requests, when each takes as long as those of listing took.
    pub fn seconds(&self) -> f64 {
        self.to_fetch() as f64 * self.request_seconds / AT_ONCE as f64
    }
}

impl Estimate {
    /// The same in one line, before it begins.
    pub fn line(&self) -> String {
        let kept = match self.kept_objects {
            0 => String::new(),
            kept => format!(" ({kept} of them are in the cache)"),
        };
        format!(
            "{} objects, {}{kept}, after {} requests; ${:.4} for requests in all, and ${:.2} for transfer if this machine \
             is outside of AWS; at least {}",
            self.objects,
            size(self.bytes),
            self.lists,
            self.request_cost(),
            self.transfer_cost(),
            duration(self.seconds())
        )
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { objects, bytes, kept_objects, lists, .. } = self;
        writeln!(f, "objects    {objects}, {}", size(*bytes))?;
        if *kept_objects > 0 {
            let kept = size(self.kept_bytes);
            writeln!(f, "kept       {kept_objects} of them, {kept}, are in the cache")?;
        }
        writeln!(
            f,
            "requests   {lists} for the list, which were made, and {} to fetch",
            self.to_fetch()
        )?;
        writeln!(
            f,
            "cost       ${:.4} for requests, and ${:.2} for transfer if this machine is outside of AWS",
            self.request_cost(),
            self.transfer_cost()
        )?;
        writeln!(f, "time       at least {}", duration(self.seconds()))?;
        write!(
            f,
            "\nAssumed: list prices of us-east-1 (${LIST_PRICE} for 1,000 lists, ${GET_PRICE} for 1,000 objects, ${OUT_PRICE} for a GB \
             that leaves AWS; none within the region, $0.02 to another); no KMS requests; each request as long as those \
             of the list, {:.0} ms, {AT_ONCE} at a time, and a line that is fast enough. Records that findings name \
             are fetched a second time unless there is a cache.",
            self.request_seconds * 1_000.0
        )
    }
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1_000.0 && unit + 1 < units.len() {
        value /= 1_000.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0);
    format!("{value:.digits$} {}", units.get(unit).unwrap_or(&"bytes"))
}

fn duration(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 1.0 => "a second".to_owned(),
        seconds if seconds < 120.0 => format!("{seconds:.0} seconds"),
        seconds if seconds < 7_200.0 => format!("{:.0} minutes", seconds / 60.0),
        seconds => format!("{:.1} hours", seconds / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_not_paid_again() {
        let mut estimate = Estimate::listed(20, 1.0);
        for at in 0..3_000 {
            estimate.add(1_000_000, at < 1_000);
        }
        assert_eq!((estimate.to_fetch(), estimate.bytes_to_fetch()), (2_000, 2_000_000_000));
        assert!((estimate.request_cost() - 0.0009).abs() < 1e-9, "{}", estimate.request_cost());
        assert!((estimate.transfer_cost() - 0.18).abs() < 1e-9, "{}", estimate.transfer_cost());
        // Twenty lists, sixteen at a time, in a second: 0.8 s each. So 2,000 objects take 100 s.
        assert!((estimate.seconds() - 100.0).abs() < 1e-6, "{}", estimate.seconds());
        let text = estimate.to_string();
        assert!(text.contains("3000, 3.0 GB") && text.contains("1000 of them, 1.0 GB"), "{text}");
        assert!(text.contains("100 seconds") && text.contains("Assumed:"), "{text}");
    }

    #[test]
    fn sizes_and_times_are_for_people() {
        assert_eq!([size(0), size(999), size(1_500_000)], ["0 bytes", "999 bytes", "1.5 MB"]);
        let shown = [0.0, 90.0, 600.0, 9_000.0].map(duration);
        assert_eq!(shown, ["a second", "90 seconds", "10 minutes", "2.5 hours"]);
    }
}
