//! A process that is killed between any two things that it does, with or without half a line in the
//! journal, ends as if it had not been: when it goes on, when it is taken back, and when it is killed again.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::account::Crash;
use super::*;

/// Runs until the end, or until the process dies.
fn until_dead(work: impl FnOnce() -> Report) -> Option<Report> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(report) => Some(report),
        Err(payload) if payload.is::<Crash>() => None,
        Err(payload) => resume_unwind(payload),
    }
}

impl Stage {
    /// What a process does that is killed at the event of that number, counted from now.
    fn killed_at(&self, event: usize, work: impl FnOnce() -> Report) -> Option<Report> {
        self.fake.fuse.set(self.fake.events.get() + event);
        let report = until_dead(work);
        self.fake.fuse.set(0);
        if report.is_none() && event.is_multiple_of(2) {
            let path = self.folder.path().join("journal.ndjson");
            let file = std::fs::OpenOptions::new().append(true).open(path);
            if let Ok(mut file) = file {
                file.write_all(b"{\"event\":\"cal").unwrap();
            }
        }
        report
    }

    /// Carries the plan out from wherever the journal says it is.
    fn go_on(&self) -> Report {
        let is_begun = !Journal::read(self.folder.path()).unwrap().runs().is_empty();
        if is_begun { self.resume().unwrap() } else { self.apply().unwrap() }
    }

    /// Whether there is anything to take back.
    fn take_back(&self) -> Option<Report> {
        let is_begun = !Journal::read(self.folder.path()).unwrap().runs().is_empty();
        is_begun.then(|| self.undo().unwrap())
    }

    fn assert_done(&self, report: &Report, expected: &account::Account, at: &str) {
        assert_eq!(report.stop, None, "{at}: {:?}", report.stop.as_ref().map(ToString::to_string));
        assert_eq!(report.status, Status::Applied, "{at}");
        assert!(states(report).iter().all(|state| *state == StepState::Done), "{at}");
        assert_eq!(self.fake.now.borrow().seen(), *expected, "{at}");
        self.assert_secrets(at);
    }

    fn assert_undone(&self, report: Option<&Report>, initial: &account::Account, at: &str) {
        if let Some(report) = report {
            let told = report.stop.as_ref().map(ToString::to_string);
            assert_eq!((told, &report.differs), (None, &Vec::new()), "{at}");
            assert_eq!(report.status, Status::Undone, "{at}");
            let over = [StepState::New, StepState::Undone];
            assert!(states(report).iter().all(|state| over.contains(state)), "{at} {report:?}");
        }
        assert_eq!(self.fake.now.borrow().seen(), *initial, "{at}");
        self.assert_secrets(at);
    }

    /// Whoever has a password or key was told the secret that counts, and the journal has none.
    fn assert_secrets(&self, at: &str) {
        let account = self.fake.now.borrow();
        let handed = self.fake.handed.borrow();
        for (user, (password, _)) in &account.passwords {
            let last = handed.iter().rfind(|(of, what, _)| of == user && what == "Password");
            let known = last.map_or("before", |(.., secret)| secret.as_str());
            assert_eq!(password, known, "{at}: {user}");
        }
        for (_, key) in account.keys.keys().filter(|(_, key)| key.starts_with("AKIANEW")) {
            assert!(handed.iter().any(|(of, ..)| of == key), "{at}: nobody has {key}");
        }
        let written = self.written();
        for (.., secret) in handed.iter() {
            assert!(!written.contains(secret), "{at}: a secret is in the journal");
        }
        Journal::read(self.folder.path()).unwrap();
    }
}

/// How many things an uninterrupted run does, and what the account is then.
fn uninterrupted(plan: &Plan, lag: usize) -> (usize, usize, account::Account, account::Account) {
    let stage = Stage::of(plan.clone());
    let initial = stage.fake.now.borrow().seen();
    stage.fake.lag.set(lag);
    let report = stage.apply().unwrap();
    let (there, done) = (stage.fake.events.get(), stage.fake.now.borrow().seen());
    stage.assert_done(&report, &done, "uninterrupted");
    assert_ne!(done, initial);
    let report = stage.undo().unwrap();
    stage.assert_undone(Some(&report), &initial, "uninterrupted");
    (there, stage.fake.events.get() - there, done, initial)
}

#[test]
fn a_run_that_is_killed_anywhere_goes_on_and_is_taken_back() {
    let plan = everything();
    let (there, _, done, initial) = uninterrupted(&plan, 0);
    for event in 1..=there {
        let stage = Stage::of(plan.clone());
        stage.killed_at(event, || stage.apply().unwrap());
        stage.assert_done(&stage.go_on(), &done, &format!("killed at {event}"));
        stage.assert_undone(stage.take_back().as_ref(), &initial, &format!("killed at {event}"));
    }
}

#[test]
fn a_run_that_is_killed_anywhere_is_taken_back_at_once() {
    let plan = everything();
    // What was done shows late, so that it is not seen at the first look.
    let (there, _, _, initial) = uninterrupted(&plan, 2);
    for event in 1..=there {
        let stage = Stage::of(plan.clone());
        stage.fake.lag.set(2);
        stage.killed_at(event, || stage.apply().unwrap());
        stage.assert_undone(stage.take_back().as_ref(), &initial, &format!("killed at {event}"));
    }
}

#[test]
fn an_undo_that_is_killed_anywhere_goes_on() {
    let plan = everything();
    let (_, back, _, initial) = uninterrupted(&plan, 0);
    for event in 1..=back {
        let stage = Stage::of(plan.clone());
        stage.apply().unwrap();
        stage.killed_at(event, || stage.undo().unwrap());
        stage.assert_undone(stage.take_back().as_ref(), &initial, &format!("killed at {event}"));
    }
}

/// Killed, and killed again while it goes on: calls that make things, and those that set passwords.
#[test]
fn a_run_that_is_killed_twice_goes_on_and_is_taken_back() {
    for calls in [narrowed(1), vec![new_key()], vec![console_for_bob()]] {
        let plan = plan(calls);
        let (there, _, done, initial) = uninterrupted(&plan, 0);
        for first in 1..=there {
            // Each second death for every third first one, and none left out.
            for second in (first % 3 + 1..=there).step_by(3) {
                let stage = Stage::of(plan.clone());
                let at = format!("killed at {first} and then at {second}");
                stage.killed_at(first, || stage.apply().unwrap());
                stage.killed_at(second, || stage.go_on());
                let is_over = Journal::read(stage.folder.path())
                    .unwrap()
                    .runs()
                    .first()
                    .is_some_and(|run| run.status == Status::Applied);
                if !is_over {
                    stage.assert_done(&stage.go_on(), &done, &at);
                }
                stage.assert_undone(stage.take_back().as_ref(), &initial, &at);
            }
        }
    }
}

/// A password that is set over another cannot be asked for: it is set anew, and the one that counts is known.
#[test]
fn a_password_that_is_set_over_another_is_always_known() {
    let plan = plan(vec![reset_alice()]);
    let stage = Stage::of(plan.clone());
    stage.apply().unwrap();
    let there = stage.fake.events.get();
    for event in 1..=there {
        let stage = Stage::of(plan.clone());
        stage.killed_at(event, || stage.apply().unwrap());
        let report = stage.go_on();
        assert_eq!(report.stop, None);
        let (password, must_change) = stage.fake.now.borrow().passwords["alice"].clone();
        assert!(must_change && password != "before");
        stage.assert_secrets(&format!("killed at {event}"));
        let report = stage.undo().unwrap();
        assert_eq!((report.status, states(&report)), (Status::PartlyUndone, vec![StepState::Kept]));
    }
}
