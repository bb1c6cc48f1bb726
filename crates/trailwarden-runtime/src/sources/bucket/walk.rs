//! From a prefix to the objects that are asked for: level by level, several at a time.
//!
//! Accounts and regions are found by folded lists. A region's days are not: a month is one list that begins
//! with its first day that is asked for and ends behind its last, which takes a request for a thousand files
//! where days would take one each.

mod kept;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use trailwarden_aws::bucket::{Bucket, Listing, Page, Refusal};

use super::layout::{Days, Level, level, wants_folder, wants_object};
use super::shelf::AT_ONCE;
use super::{Found, Place, Wanted};
use crate::scan::Progress;

/// How many levels above the layout are looked into, one folder after the other.
const DEPTH_MAX: u8 = 3;
/// A level with more folders is listed whole.
const FOLDERS_MAX: usize = 200;

/// Something that lists: a bucket, or a test.
pub(super) trait Lists: Sync {
    /// Lists page by page until there is no more or `each` says false.
    fn list(&self, listing: &Listing, each: &mut dyn FnMut(Page) -> bool) -> Result<(), Refusal>;
}

impl Lists for Bucket {
    fn list(&self, listing: &Listing, each: &mut dyn FnMut(Page) -> bool) -> Result<(), Refusal> {
        Bucket::list(self, listing, each)
    }
}

/// One thing to list.
struct Job {
    /// The place's number.
    place: usize,
    prefix: String,
    what: What,
}

enum What {
    /// What was typed: a folder, an object, or how some begin.
    Typed,
    /// A folder, so many levels below what was typed.
    Folder(u8),
    /// All keys that begin so.
    All,
    /// Those of a month.
    Month,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    running: usize,
    found: Vec<Found>,
    objects: usize,
    /// Whether there are more than may be.
    is_cut: bool,
    notes: BTreeSet<String>,
}

struct Walk<'a, L> {
    places: &'a [(&'a L, Place)],
    wanted: &'a Wanted,
    days: Days,
    progress: &'a Progress,
    /// No more objects are kept.
    objects_max: usize,
    state: Mutex<State>,
    changed: Condvar,
}

/// Lists what is asked for, sorted by key within each place; and what a reader should know.
pub(super) fn walk<L: Lists>(
    places: &[(&L, Place)],
    wanted: &Wanted,
    progress: &Progress,
    objects_max: usize,
) -> (Vec<Found>, Vec<String>) {
    let job = |(place, typed): (usize, &(&L, Place))| Job {
        place,
        prefix: typed.1.prefix.clone(),
        what: What::Typed,
    };
    let state = State {
        jobs: places.iter().enumerate().map(job).collect(),
        found: places.iter().map(|_| Found::default()).collect(),
        ..State::default()
    };
    let days = Days::of(wanted);
    let (state, changed) = (Mutex::new(state), Condvar::new());
    let walk = Walk { places, wanted, days, progress, objects_max, state, changed };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| walk.work());
        }
    });
    walk.finish()
}

impl<L: Lists> Walk<'_, L> {
    fn state(&self) -> MutexGuard<'_, State> {
        // What a thread that panicked was listing is lost; that panic is passed on by the scope.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        loop {
            let mut state = self.state();
            let job = loop {
                if let Some(job) = state.jobs.pop_front() {
                    break job;
                }
                if state.running == 0 {
                    return;
                }
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            };
            state.running += 1;
            drop(state);
            // However the job ends, those who wait for it must hear.
            let _running = Running(self);
            if !self.progress.interrupted.load(Ordering::Relaxed) {
                self.list(&job);
            }
        }
    }

    fn list(&self, job: &Job) {
        let listed = match job.what {
            What::Typed => self.typed(job),
            What::Folder(depth) => self.folder(job, depth),
            What::All => self.run(job, None, None),
            What::Month => {
                let (after, last) = self.days.within(&job.prefix);
                self.run(job, after, last)
            }
        };
        if let Err(refusal) = listed {
            self.reject(job, &refusal);
        }
    }

    /// A folder that is named so counts alone; else all keys that begin so.
    fn typed(&self, job: &Job) -> Result<(), Refusal> {
        if job.prefix.is_empty() || job.prefix.ends_with('/') {
            return self.folder(job, 0);
        }
        let page = self.folded(job)?;
        let folder = format!("{}/", job.prefix);
        if page.folders.contains(&folder) {
            return self.folder(&Job { prefix: folder, what: What::Typed, ..*job }, 0);
        }
        if let Some(object) = page.objects.iter().find(|object| object.key == job.prefix) {
            self.take(job.place, vec![object.clone()]);
            return Ok(());
        }
        self.take(job.place, page.objects);
        for prefix in page.folders {
            self.push(job.place, prefix, What::Folder(0));
        }
        Ok(())
    }

    fn folder(&self, job: &Job, depth: u8) -> Result<(), Refusal> {
        let place = job.place;
        match level(&job.prefix) {
            Level::Unknown => return self.unknown(job, depth),
            Level::Foreign => {
                self.note(job, "holds files of another service; it is listed whole");
                return self.run(job, None, None);
            }
            Level::Files => return self.run(job, None, None),
            Level::Days => {
                let (after, last) = self.days.within(&job.prefix);
                return self.run(job, after, last);
            }
            Level::Years => {
                if let Some(months) = self.days.months() {
                    for month in months {
                        self.push(place, format!("{}{month}", job.prefix), What::Month);
                    }
                    return Ok(());
                }
            }
            Level::Accounts | Level::Services | Level::Regions | Level::Months => {}
        }
        let page = self.folded(job)?;
        self.take(place, page.objects);
        let mut foreign = 0;
        for folder in page.folders {
            match level(&folder) {
                _ if !wants_folder(&folder, self.wanted, &self.days) => {}
                Level::Foreign => foreign += 1,
                Level::Days => self.push(place, folder, What::Month),
                Level::Unknown => self.push(place, folder, What::All),
                _ => self.push(place, folder, What::Folder(depth + 1)),
            }
        }
        if foreign > 0 {
            self.note(
                job,
                &format!("holds folders of other services, which are left out: {foreign}"),
            );
        }
        Ok(())
    }

    /// What lies above the layout, or has none.
    fn unknown(&self, job: &Job, depth: u8) -> Result<(), Refusal> {
        let page = if depth < DEPTH_MAX { Some(self.folded(job)?) } else { None };
        let Some(page) = page.filter(|page| page.folders.len() <= FOLDERS_MAX) else {
            self.note(job, "is not laid out as CloudTrail does; it is listed whole");
            return self.run(job, None, None);
        };
        self.take(job.place, page.objects);
        for folder in page.folders {
            self.push(job.place, folder, What::Folder(depth + 1));
        }
        Ok(())
    }

    /// One level, all pages, as far as there is room; of the objects those that are asked for.
    fn folded(&self, job: &Job) -> Result<Page, Refusal> {
        let prefix = job.prefix.clone();
        let listing = Listing { prefix, is_folded: true, ..Listing::default() };
        let mut whole = Page::default();
        let Some((bucket, _)) = self.places.get(job.place) else { return Ok(whole) };
        let listed = bucket.list(&listing, &mut |page| {
            let objects = page.objects.into_iter();
            whole.objects.extend(objects.filter(|one| wants_object(&one.key, self.wanted)));
            whole.folders.extend(page.folders);
            let has_room = whole.objects.len() + whole.folders.len() <= self.objects_max;
            if !has_room {
                self.state().is_cut = true;
            }
            has_room
        });
        match listed {
            // The pages that came count.
            Err(refusal) if !whole.folders.is_empty() || !whole.objects.is_empty() => {
                self.reject(job, &refusal);
                Ok(whole)
            }
            listed => listed.map(|()| whole),
        }
    }

    /// All keys that begin so, from one on and up to one.
    fn run(&self, job: &Job, after: Option<String>, last: Option<String>) -> Result<(), Refusal> {
        let prefix = job.prefix.clone();
        let listing = Listing { prefix, start_after: after, is_folded: false };
        let Some((bucket, _)) = self.places.get(job.place) else { return Ok(()) };
        bucket.list(&listing, &mut |mut page| {
            let is_beyond = |key: &str| last.as_deref().is_some_and(|last| key > last);
            let is_over = page.objects.last().is_some_and(|object| is_beyond(&object.key));
            page.objects.retain(|object| !is_beyond(&object.key));
            let has_room = self.take(job.place, page.objects);
            !is_over && has_room && !self.progress.interrupted.load(Ordering::Relaxed)
        })
    }
}

/// Tells the others when a job is over, also one that panics.
struct Running<'a, 'w, L>(&'a Walk<'w, L>);

impl<L> Drop for Running<'_, '_, L> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.running -= 1;
        self.0.changed.notify_all();
    }
}
