//! The files of a run, numbered as they are met and ranked as they were given.

use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;

/// A file: a path given or found, or a member of an archive.
#[derive(Clone, Debug)]
struct Known {
    item: u32,
    member: u32,
    name: String,
}

/// Numbers files across workers.
#[derive(Default)]
pub struct Files {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    known: Vec<Known>,
    /// How many files each item has had.
    members: HashMap<u32, u32>,
}

impl Files {
    /// The number of a file that begins now. Files of one item come from one worker, in order.
    pub fn add(&self, item: u32, name: &str) -> u32 {
        // A poisoned lock means that a worker panicked between two whole pushes.
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let members = inner.members.entry(item).or_default();
        let member = *members;
        *members += 1;
        inner.known.push(Known { item, member, name: name.to_owned() });
        u32::try_from(inner.known.len() - 1).unwrap_or(u32::MAX)
    }

    /// Whether a number belongs to that file.
    pub fn is_named(&self, number: u32, item: u32, name: &str) -> bool {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.known.get(number as usize).is_some_and(|file| file.item == item && file.name == name)
    }

    /// All files: names, items and ranks by number. A rank is the file's place in the input,
    /// whichever worker met it first.
    pub fn table(&self) -> Table {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &inner.known;
        let mut order: Vec<usize> = (0..known.len()).collect();
        order.sort_by_key(|number| known.get(*number).map(|file| (file.item, file.member)));
        let mut ranks = vec![0; known.len()];
        for (rank, number) in (0_u32..).zip(order) {
            if let Some(slot) = ranks.get_mut(number) {
                *slot = rank;
            }
        }
        Table {
            names: known.iter().map(|file| file.name.clone()).collect(),
            items: known.iter().map(|file| file.item).collect(),
            ranks,
        }
    }
}

/// The files of a finished extraction.
pub struct Table {
    /// Names by number.
    pub names: Vec<String>,
    /// The input item each belongs to.
    pub items: Vec<u32>,
    /// Place in the input.
    pub ranks: Vec<u32>,
}

impl Table {
    /// Place of a file in the input.
    pub fn rank(&self, file: u32) -> u32 {
        self.ranks.get(file as usize).copied().unwrap_or(u32::MAX)
    }
}

/// A reject with the file it belongs to.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// The file, as numbered in [`Files`].
    pub file: u32,
    /// Byte offset in the inflated content.
    pub offset: Option<u64>,
    /// Record number.
    pub record: Option<u64>,
    /// What is wrong.
    pub cause: String,
}
