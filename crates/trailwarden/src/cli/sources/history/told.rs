//! What there is to fetch, in words.

use std::io::{self, Write};

use trailwarden_aws::lookup::PAGES_PER_SECOND;
use trailwarden_model::escape;
use trailwarden_runtime::sources::history::{Estimate, Share, Wanted};

use crate::cli::terminal;

/// A line before it begins.
pub(super) fn note(wanted: &Wanted, estimate: &Estimate) {
    terminal::note(&sentence(wanted, estimate));
}

/// All of it.
pub(super) fn whole(wanted: &Wanted, estimate: &Estimate, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "Event history of account {} from {} to {}",
        wanted.account, wanted.span.first, wanted.span.last
    )?;
    if let Some(filter) = &wanted.filter {
        let value = escape::visible(&filter.value);
        writeln!(out, "Only events whose {} is {value}", filter.attribute.as_str())?;
    }
    writeln!(out)?;
    for share in &estimate.shares {
        writeln!(out, "  {:<16} {}", share.region, of(share))?;
    }
    writeln!(out)?;
    writeln!(out, "{}", sentence(wanted, estimate))?;
    if !estimate.is_exact() {
        writeln!(
            out,
            "AWS does not say how many events there are. Where a region has more than a page, the number is guessed\n\
             from how long the fifty events of each page took that was asked for; busy hours between them are not\n\
             seen, so it may be several times as many."
        )?;
    }
    let asked: u64 = estimate.shares.iter().map(|share| share.samples).sum();
    writeln!(
        out,
        "Nothing was fetched but {} for this estimate, for which AWS charges nothing.",
        counted(asked, "page")
    )
}

fn sentence(wanted: &Wanted, estimate: &Estimate) -> String {
    let about = if estimate.is_exact() { "" } else { "about " };
    let regions = match wanted.regions.len() {
        1 => "1 region".to_owned(),
        count => format!("{count} regions"),
    };
    format!(
        "{about}{} in {regions}: {about}{}, {about}{} at {PAGES_PER_SECOND} pages a second in each region, which is \
         what AWS grants",
        counted(estimate.events(), "event"),
        counted(estimate.pages(), "page"),
        duration(estimate.seconds()),
    )
}

fn of(share: &Share) -> String {
    if let Some(failure) = &share.failure {
        return format!("not known: {}", escape::visible(&failure.message));
    }
    let about = if share.is_exact { "" } else { "about " };
    let mut text =
        format!("{about}{}, {}", counted(share.events, "event"), counted(share.pages, "page"));
    if !share.is_exact {
        text.push_str(&format!("; guessed from {}", counted(share.samples, "page")));
    }
    if share.seconds_held > 0 {
        let percent = share.seconds_held.saturating_mul(100) / share.seconds.max(1);
        text.push_str(&format!("; {percent} % of the time is in the cache"));
    }
    text
}

fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Seconds as a person says them.
pub(super) fn duration(seconds: u64) -> String {
    match seconds {
        0..=1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}
