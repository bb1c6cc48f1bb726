//! What was listed so far, and what could not be.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use trailwarden_aws::bucket::{Refusal, Stored, Why};
use trailwarden_model::Reject;

use super::{Job, Lists, Walk, What};
use crate::sources::bucket::Found;
use crate::sources::bucket::layout::wants_object;

/// What is told of a place at which there is nothing. It is told as what cannot be read: an answer about
/// nothing looks like a good one.
const NOTHING: &str = "holds no log files of the time, the accounts and the regions that are asked for; check \
bucket and prefix";
/// What is told of a place with too much.
const TOO_MANY: &str = "there are more than five million objects, and those beyond are not read; ask for less by time, \
account or region";

impl<L: Lists> Walk<'_, L> {
    pub(super) fn push(&self, place: usize, prefix: String, what: What) {
        self.state().jobs.push_back(Job { place, prefix, what });
        self.changed.notify_one();
    }

    /// Keeps what is asked for; whether there is room for more.
    pub(super) fn take(&self, place: usize, mut objects: Vec<Stored>) -> bool {
        objects.retain(|object| wants_object(&object.key, self.wanted));
        let mut state = self.state();
        let room = self.objects_max.saturating_sub(state.objects);
        if objects.len() > room {
            objects.truncate(room);
            state.is_cut = true;
        }
        state.objects += objects.len();
        self.progress.records.store(state.objects as u64, Ordering::Relaxed);
        if let Some(found) = state.found.get_mut(place) {
            found.objects.append(&mut objects);
        }
        // A list that fills the room exactly may be over; only one more page tells.
        !state.is_cut
    }

    pub(super) fn note(&self, job: &Job, text: &str) {
        let name = self.name(job);
        self.state().notes.insert(format!("`{name}` {text}"));
    }

    /// Notes what could not be listed; an interruption is no damage.
    pub(super) fn reject(&self, job: &Job, refusal: &Refusal) {
        if refusal.why == Why::Interrupted {
            return;
        }
        let (file, cause) = (self.name(job), refusal.to_string());
        if let Some(found) = self.state().found.get_mut(job.place) {
            found.unlisted.push(file.clone());
            found.rejects.push(Reject { file, offset: None, record: None, cause });
        }
    }

    fn name(&self, job: &Job) -> String {
        self.places.get(job.place).map_or_else(String::new, |(_, place)| place.name(&job.prefix))
    }

    pub(super) fn finish(self) -> (Vec<Found>, Vec<String>) {
        let is_interrupted = self.progress.interrupted.load(Ordering::Relaxed);
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut found = state.found;
        for (found, (_, place)) in found.iter_mut().zip(self.places) {
            found.objects.sort_by(|a, b| a.key.cmp(&b.key));
            found.rejects.sort_by(|a, b| a.file.cmp(&b.file));
            let is_empty = found.objects.is_empty() && found.rejects.is_empty();
            let cause = match () {
                () if state.is_cut => TOO_MANY,
                () if is_empty && !is_interrupted => NOTHING,
                () => continue,
            };
            let (file, cause) = (place.name(&place.prefix), cause.to_owned());
            if state.is_cut {
                found.unlisted.push(file.clone());
            }
            found.rejects.push(Reject { file, offset: None, record: None, cause });
        }
        (found, state.notes.into_iter().collect())
    }
}
