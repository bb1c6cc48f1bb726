//! From records in the total order to timelines, each record once.

use trailwarden_account::Timelines;
use trailwarden_model::Timestamp;
use trailwarden_record::Event;

use crate::scan::files::{Rejected, Table};
use crate::scan::runs::{Entry, Merge};

/// Timelines that are being filled.
pub(super) struct Fill<'a> {
    table: &'a Table,
    filled: Filled,
}

/// What came of it.
pub(super) struct Filled {
    pub(super) timelines: Timelines,
    pub(super) duplicates: u64,
    pub(super) first_time: Option<Timestamp>,
    pub(super) last_time: Option<Timestamp>,
    /// Kept records that are damaged where the first stage does not look.
    pub(super) rejects: Vec<Rejected>,
    /// The read of a spilled run that failed, if one did.
    pub(super) error: Option<std::io::Error>,
}

impl<'a> Fill<'a> {
    pub(super) fn new(timelines: Timelines, table: &'a Table) -> Self {
        let filled = Filled {
            timelines,
            duplicates: 0,
            first_time: None,
            last_time: None,
            rejects: Vec::new(),
            error: None,
        };
        Self { table, filled }
    }

    /// Takes in everything.
    pub(super) fn run(mut self, merge: &mut Merge) -> Filled {
        let mut same: Vec<Entry> = Vec::new();
        loop {
            match merge.next() {
                Ok(Some(entry)) => {
                    if same.last().is_some_and(|last| last.row.order != entry.row.order) {
                        self.group(&mut same);
                    }
                    same.push(entry);
                }
                Ok(None) => break,
                Err(error) => {
                    self.filled.error = Some(error);
                    break;
                }
            }
        }
        self.group(&mut same);
        self.filled
    }

    /// Entries of one order: one record, delivered more than once or to several accounts. Which copy
    /// counts must not depend on the order of the inputs, so they are taken by name.
    fn group(&mut self, same: &mut Vec<Entry>) {
        let table = self.table;
        same.sort_by_key(|entry| {
            let place = entry.row.place;
            let name = table.names.get(place.file as usize);
            (entry.row.account, name, table.rank(place.file), place.record)
        });
        let mut last_account = None;
        for entry in same.drain(..) {
            let row = &entry.row;
            // A damaged copy must not stand in for a good one.
            let event = match &*entry.record {
                [] => None,
                record => match Event::decode(record) {
                    Ok(event) => Some(event),
                    Err(error) => {
                        self.filled.rejects.push(Rejected {
                            file: row.place.file,
                            offset: None,
                            record: Some(u64::from(row.place.record)),
                            cause: error.to_string(),
                        });
                        continue;
                    }
                },
            };
            if last_account == Some(row.account) {
                self.filled.duplicates += 1;
                continue;
            }
            last_account = Some(row.account);
            self.filled.first_time.get_or_insert(row.time());
            self.filled.last_time = Some(row.time());
            if let Some(event) = event {
                self.filled.timelines.push(&event, row.order, row.place);
            }
        }
    }
}
