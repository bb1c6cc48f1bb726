//! Several questions at a time, where none waits for the answer of another.
//!
//! # Invariants
//! - Answers stand in the order of their questions, whichever came first.
//! - The pace of the services holds: what is asked at the same time queues like everything else.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use serde_json::Value;
use trailwarden_account::snapshot::Answer;

use super::{Asking, parameters};
use crate::connection::Connection;
use crate::reads;

/// Questions on their way at once. IAM's pace leaves room for no more when an answer takes half a second.
const WORKERS_MAX: usize = 8;

/// A question that is still to be asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    api: &'static str,
    region: Option<String>,
    about: Value,
}

impl Question {
    pub(super) fn new(api: &'static str, about: Value) -> Self {
        Self { api, region: None, about }
    }

    pub(super) fn at(self, region: Option<&str>) -> Self {
        Self { region: region.map(str::to_owned), ..self }
    }

    fn ask(&self, connection: &Connection) -> Option<Answer> {
        // The tests look up all names that are written in this folder.
        let read = reads::find(self.api)?;
        Some(connection.ask(read, self.region.as_deref(), parameters(self.about.clone())))
    }
}

impl Asking<'_> {
    /// Asks all of them; the bodies in their order, where they came whole.
    pub(super) fn ask_each(&mut self, questions: Vec<Question>) -> Vec<Option<Value>> {
        let connection = self.connection;
        self.each(&questions, |question| question.ask(connection))
    }

    /// Does something for each item, several at a time, and keeps the answers in the items' order.
    pub(super) fn each<T: Sync>(
        &mut self,
        items: &[T],
        ask: impl Fn(&T) -> Option<Answer> + Sync,
    ) -> Vec<Option<Value>> {
        let answers = together(items, ask, &mut *self.note);
        answers.into_iter().map(|answer| self.hold(answer?)).collect()
    }
}

/// Does something for each item, several at a time; the answers in the items' order.
pub(super) fn together<T: Sync>(
    items: &[T],
    ask: impl Fn(&T) -> Option<Answer> + Sync,
    note: &mut dyn FnMut(&Answer),
) -> Vec<Option<Answer>> {
    let mut answers: Vec<Option<Answer>> = items.iter().map(|_| None).collect();
    let next = AtomicUsize::new(0);
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..WORKERS_MAX.min(items.len()) {
            let (tell, next, ask) = (tell.clone(), &next, &ask);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    // Whoever listens is there until all have spoken.
                    let _ = tell.send((at, ask(item)));
                }
            });
        }
        drop(tell);
        for (at, answer) in told {
            answer.iter().for_each(&mut *note);
            if let Some(place) = answers.get_mut(at) {
                *place = answer;
            }
        }
    });
    answers
}
