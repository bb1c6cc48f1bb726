//! `corpus`: a large CloudTrail corpus of our own making, with planted incidents and their truth.
//!
//! # Invariants
//! - The same arguments give the same bytes, whatever the number of threads: every unit of work is
//!   a pure function of the seed and its own number (`same_seed_same_bytes`).
//! - Every record is JSON (`every_record_is_json_with_an_own_id`).
//!
//! # Why not multiply real logs?
//! Real ones are not ours to ship, and copies of a few thousand records flatter every cache. Here
//! names repeat as in life and ids do not.

mod actor;
mod calendar;
mod digests;
mod infrastructure;
mod layout;
pub(crate) mod random;
mod record;
mod script;
mod session;
mod slot;
mod text;
mod unit;
mod world;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use serde::Serialize;

use crate::workspace;
pub(crate) use infrastructure::{ACCOUNT as INFRASTRUCTURE_ACCOUNT, Name, write as infrastructure};
pub(crate) use layout::Layout;
use layout::{Writer, Written};
use random::{Random, mix};
use session::Window;
use unit::{Order, Truth};
use world::World;

/// Grows when the same arguments begin to give other bytes, so that old corpora are made anew.
pub(crate) const GENERATION: u32 = 1;

/// What to write: one of the special trails, else the large corpus.
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Request {
    #[command(subcommand)]
    trail: Option<Special>,
    #[command(flatten)]
    large: Option<Arguments>,
}

/// Trails with a purpose of their own.
#[derive(Debug, Clone, clap::Subcommand)]
enum Special {
    /// Write ordinary infrastructure as code, of which nothing should be above low.
    Infrastructure(infrastructure::Arguments),
    /// Write log files with signed digests, the fixtures of `verify`.
    Digests(digests::Arguments),
}

/// Arguments of `corpus`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    /// Folder to write to; it must not exist or be empty.
    pub(crate) out: PathBuf,
    /// Size of the JSON before compression, such as `2GB` or `20MB`.
    #[arg(long, default_value = "2GB", value_parser = parse_bytes)]
    pub(crate) bytes: u64,
    /// The same seed gives the same corpus.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many accounts.
    #[arg(long, default_value_t = 3)]
    pub(crate) accounts: usize,
    /// How many regions, at most eight.
    #[arg(long, default_value_t = 4)]
    pub(crate) regions: usize,
    /// Days from the first record to the last.
    #[arg(long, default_value_t = 30)]
    pub(crate) days: u32,
    /// How many incidents to plant; the kinds take turns.
    #[arg(long, default_value_t = 28)]
    pub(crate) incidents: usize,
    /// The shape of the files.
    #[arg(long, value_enum, default_value_t = Layout::S3)]
    pub(crate) layout: Layout,
}

/// The truth file, `OUT/truth.json`.
#[derive(Debug, Serialize)]
struct TruthFile<'a> {
    schema: &'a str,
    generation: u32,
    seed: u64,
    bytes_asked: u64,
    bytes: u64,
    files: u64,
    records: u64,
    accounts: Vec<&'a str>,
    regions: Vec<&'a str>,
    incidents: Vec<Truth>,
}

/// Reads `2GB`, `20MB`, `500kB` or a plain number; units are decimal.
pub(crate) fn parse_bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..).unwrap_or("") {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        unit => return Err(format!("unknown unit `{unit}`; use kB, MB or GB")),
    };
    let number: u64 = digits.parse().map_err(|_| format!("`{text}` is not a size"))?;
    number.checked_mul(factor).ok_or_else(|| format!("`{text}` is too large"))
}

/// The command.
pub(crate) fn dispatch(request: &Request) -> Result<()> {
    match (&request.trail, &request.large) {
        (Some(Special::Infrastructure(arguments)), _) => infrastructure::run(arguments),
        (Some(Special::Digests(arguments)), _) => digests::run(arguments),
        (None, Some(arguments)) => run(arguments),
        (None, None) => bail!("name a folder to write to; `--help` shows what else there is"),
    }
}

/// The large corpus.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let written = generate(arguments, threads)?;
    eprintln!(
        "{} records in {} files: {} MB of JSON, {} MB on disk (1:{:.1})",
        written.records,
        written.files,
        written.bytes / 1_000_000,
        written.bytes_on_disk / 1_000_000,
        written.bytes as f64 / written.bytes_on_disk.max(1) as f64,
    );
    Ok(())
}

/// Writes a corpus with so many threads.
pub(crate) fn generate(arguments: &Arguments, threads: usize) -> Result<Written> {
    let out = &arguments.out;
    if out.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("`{}` is not empty; remove it or name another folder", out.display());
    }
    if arguments.accounts == 0 || arguments.days == 0 {
        bail!("a corpus needs at least one account and one day");
    }
    let world = World::new(arguments.seed, arguments.accounts, arguments.regions)?;
    let orders = plan(arguments);
    let (written, mut truths) = work(&world, &orders, arguments, threads)?;
    truths.sort_by(|a, b| (&a.time, &a.kind, &a.event_ids).cmp(&(&b.time, &b.kind, &b.event_ids)));
    let truth = TruthFile {
        schema: "trailwarden.truth/1",
        generation: GENERATION,
        seed: arguments.seed,
        bytes_asked: arguments.bytes,
        bytes: written.bytes,
        files: written.files,
        records: written.records,
        accounts: world.accounts.iter().map(|account| account.id.as_str()).collect(),
        regions: world.regions.iter().map(|(name, _)| *name).collect(),
        incidents: truths,
    };
    let text = serde_json::to_string_pretty(&truth)?;
    workspace::write(&out.join("truth.json"), &format!("{text}\n"))?;
    Ok(written)
}

/// Mean size of a record, measured; the test `size_is_as_asked` keeps it honest.
const RECORD_BYTES_MEAN: u64 = 1_520;
/// Records that an account writes per unit, in all regions together.
const UNIT_RECORDS_MEAN: u64 = 2_500;

/// Cuts the corpus into units: which account, which stretch of time, how many records.
fn plan(arguments: &Arguments) -> Vec<Order> {
    let records = (arguments.bytes / RECORD_BYTES_MEAN).max(1);
    let length = i64::from(arguments.days) * 86_400;
    // The first account is the busiest: shares 1, 1/2, 1/3 and so on.
    let shares: f64 = (0..arguments.accounts).map(|index| 1.0 / (index + 1) as f64).sum();
    let mut orders = Vec::new();
    for account in 0..arguments.accounts {
        let share = 1.0 / (account + 1) as f64 / shares;
        let records = (records as f64 * share) as u64;
        let units = (records / UNIT_RECORDS_MEAN).max(1);
        let weights: Vec<u64> = (0..units)
            .map(|unit| {
                40 + Random::new(mix(&[arguments.seed, account as u64, unit, 41])).below(121)
            })
            .collect();
        let total: u64 = weights.iter().sum();
        let bound = |unit: u64| calendar::BEGIN + length * unit as i64 / units as i64;
        for (unit, weight) in (0_u64..).zip(weights) {
            let window = Window { begin: bound(unit), end: bound(unit + 1) };
            let before = unit.checked_sub(1);
            orders.push(Order {
                account,
                number: unit as usize,
                window,
                before: before.map(|unit| Window { begin: bound(unit), end: bound(unit + 1) }),
                records: records * weight / total,
                incidents: Vec::new(),
            });
        }
    }
    for incident in 0..arguments.incidents {
        let unit =
            Random::new(mix(&[arguments.seed, incident as u64, 42])).below(orders.len() as u64);
        if let Some(order) = orders.get_mut(unit as usize) {
            order.incidents.push(incident);
        }
    }
    orders
}

/// Makes and writes all units, in parallel.
fn work(
    world: &World,
    orders: &[Order],
    arguments: &Arguments,
    threads: usize,
) -> Result<(Written, Vec<Truth>)> {
    let next = AtomicUsize::new(0);
    let sum = Mutex::new((Written::default(), Vec::new()));
    let one_thread = || -> Result<()> {
        let mut writer = Writer::new(&arguments.out, arguments.layout);
        while let Some(order) = orders.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (written, truths) = one_unit(world, order, &mut writer)?;
            let mut sum = sum.lock().map_err(|_| anyhow!("another thread failed"))?;
            let before = sum.0.bytes;
            sum.0.add(written);
            sum.1.extend(truths);
            report(before, sum.0.bytes, arguments.bytes);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(one_thread)).collect();
        running.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| anyhow!("a thread panicked")).and_then(|done| done)
        })
    })?;
    sum.into_inner().map_err(|_| anyhow!("a thread failed"))
}

fn one_unit(
    world: &World,
    order: &Order,
    writer: &mut Writer<'_>,
) -> Result<(Written, Vec<Truth>)> {
    let account = world.accounts.get(order.account).context("no such account")?;
    let made = unit::make(world, order)?;
    let mut written = Written::default();
    for ((region, _), entries) in world.regions.iter().zip(&made.regions) {
        written.add(writer.write(&account.id, region, order.window.end + 240, entries)?);
    }
    Ok((written, made.truths))
}

/// A line for every tenth of the work.
fn report(before: u64, now: u64, all: u64) {
    let tenths = |bytes: u64| bytes * 10 / all.max(1);
    if tenths(now) > tenths(before) {
        eprintln!("corpus: {} of {} MB", now / 1_000_000, all / 1_000_000);
    }
}

/// Makes a corpus anew unless it is there already.
pub(crate) fn renew(wanted: &Arguments) -> Result<()> {
    let folder = &wanted.out;
    if is_current(folder, wanted) {
        return Ok(());
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove `{}`", folder.display()))?;
    }
    run(wanted)
}

/// Whether a folder holds the corpus that these arguments would write.
fn is_current(out: &Path, arguments: &Arguments) -> bool {
    let text = std::fs::read_to_string(out.join("truth.json")).unwrap_or_default();
    let truth: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let is = |name: &str, wanted: u64| {
        truth.get(name).and_then(serde_json::Value::as_u64) == Some(wanted)
    };
    is("generation", u64::from(GENERATION))
        && is("seed", arguments.seed)
        && is("bytes_asked", arguments.bytes)
}
