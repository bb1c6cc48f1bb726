//! The records of merged runs in the total order, each once.
//!
//! A record is delivered more than once, and an event of several accounts to each of them. Which copy
//! counts must not depend on the order of the inputs, so they are taken by name; and a damaged copy
//! must not stand in for a good one.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use trailwarden_model::report::REJECTS_MAX;
use trailwarden_record::Event;
use trailwarden_record::row::Place;

use super::files::{Rejected, Table};
use super::runs::{Entry, Merge};

/// What is left over once all is taken.
#[derive(Default)]
pub struct Leftover {
    /// Copies dropped.
    pub duplicates: u64,
    /// Kept records that are damaged where the first stage does not look; at most [`REJECTS_MAX`].
    pub rejects: Vec<Rejected>,
    /// Their number, listed or not.
    pub reject_count: u64,
    /// The read of a spilled run that failed, if one did.
    pub error: Option<io::Error>,
}

/// Hands over each record once, with its event where the record was kept, until there are no more
/// or `ends` is set. An event is large and most records have none, so it comes in a box.
pub fn each(
    merge: &mut Merge,
    table: &Table,
    ends: &AtomicBool,
    mut take: impl FnMut(&Entry, Option<Box<Event>>),
) -> Leftover {
    let mut left = Leftover::default();
    let mut same: Vec<Entry> = Vec::new();
    let (mut one, mut other) = (Entry::default(), Entry::default());
    // They change their parts and not their places: a row is copied once.
    let (mut entry, mut next) = (&mut one, &mut other);
    let mut is_there = left.advance(merge, entry);
    while is_there && !ends.load(Ordering::Relaxed) {
        is_there = left.advance(merge, next);
        let goes_on = is_there && next.row.order == entry.row.order;
        if goes_on || !same.is_empty() {
            same.push(std::mem::take(entry));
        }
        // Nearly every record stands alone.
        match (goes_on, same.is_empty()) {
            (true, _) => {}
            (false, true) => {
                left.entry(entry, None, &mut take);
            }
            (false, false) => left.group(&mut same, table, &mut take),
        }
        std::mem::swap(&mut entry, &mut next);
    }
    left
}

impl Leftover {
    /// Entries of one order.
    fn group(
        &mut self,
        same: &mut Vec<Entry>,
        table: &Table,
        take: &mut impl FnMut(&Entry, Option<Box<Event>>),
    ) {
        if same.len() > 1 {
            same.sort_by_key(|entry| {
                let Place { file, record } = entry.row.place;
                (entry.row.account, table.names.get(file as usize), table.rank(file), record)
            });
        }
        let mut last_account = None;
        for entry in same.drain(..) {
            if self.entry(&entry, last_account, take) {
                last_account = Some(entry.row.account);
            }
        }
    }

    /// The next entry; false at the end, and where it cannot be read.
    fn advance(&mut self, merge: &mut Merge, entry: &mut Entry) -> bool {
        merge.next_into(entry).unwrap_or_else(|error| {
            self.error = Some(error);
            false
        })
    }

    /// Takes an entry unless it is damaged, or a copy for the account that had the last one; whether it
    /// is whole.
    fn entry(
        &mut self,
        entry: &Entry,
        last_account: Option<u64>,
        take: &mut impl FnMut(&Entry, Option<Box<Event>>),
    ) -> bool {
        let event = match &*entry.record {
            [] => None,
            record => match Event::decode_redacted(record) {
                Ok(event) => Some(Box::new(event)),
                Err(error) => {
                    self.reject(entry.row.place, error.to_string());
                    return false;
                }
            },
        };
        if last_account == Some(entry.row.account) {
            self.duplicates += 1;
        } else {
            take(entry, event);
        }
        true
    }

    /// Tells of a record whose damage shows only now that all of it is read.
    fn reject(&mut self, Place { file, record }: Place, cause: String) {
        self.reject_count += 1;
        if self.rejects.len() < REJECTS_MAX {
            let record = Some(u64::from(record));
            self.rejects.push(Rejected { file, offset: None, record, cause });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::runs::{Run, merge};
    use trailwarden_model::Timestamp;
    use trailwarden_record::Row;
    use trailwarden_record::row::Order as Rank;

    fn row(second: i64, account: u64, record: u32) -> Row {
        Row {
            order: Rank { time: Timestamp::from_seconds(second), ..Rank::default() },
            account,
            place: Place { file: 0, record },
            ..Row::default()
        }
    }

    fn merged(rows: &[(Row, &[u8])]) -> Merge {
        let mut run = Run::new(1 << 20, None);
        for (row, record) in rows {
            run.push(*row, record, &[]).unwrap();
        }
        merge(vec![run]).unwrap()
    }

    fn table() -> Table {
        Table { names: vec!["a".to_owned()], items: vec![0], ranks: vec![0] }
    }

    #[test]
    fn a_damaged_copy_stands_in_for_no_good_one() {
        let good = br#"{"eventName":"ListUsers"}"#;
        let rows: [(Row, &[u8]); 4] = [
            (row(1, 7, 0), b"{\"eventName\":"),
            (row(1, 7, 1), good),
            (row(1, 7, 2), good),
            (row(1, 8, 3), good),
        ];
        let mut taken = Vec::new();
        let ends = AtomicBool::new(false);
        let left = each(&mut merged(&rows), &table(), &ends, |entry, event| {
            taken.push((entry.row.account, entry.row.place.record, event.is_some()));
        });
        assert_eq!(taken, [(7, 1, true), (8, 3, true)]);
        assert_eq!((left.duplicates, left.reject_count, left.rejects.len()), (1, 1, 1));
    }

    /// Ctrl-C while records are judged: the record at hand is the last.
    #[test]
    fn it_ends_when_it_is_told() {
        let rows: Vec<(Row, &[u8])> = (0..9).map(|second| (row(second, 1, 0), &[][..])).collect();
        let ends = AtomicBool::new(false);
        let mut seen = 0;
        each(&mut merged(&rows), &table(), &ends, |_, _| {
            seen += 1;
            ends.store(seen == 3, Ordering::Relaxed);
        });
        assert_eq!(seen, 3);
    }
}
