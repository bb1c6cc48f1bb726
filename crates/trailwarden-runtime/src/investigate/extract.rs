//! The first pass: every record to a row, in parallel, and the text of the few that lead on.
//!
//! A record's text is kept when it changes the account model, when it issues a temporary key to
//! somebody, when it makes something that runs code, or when it deletes something: what these say
//! decides whom the story follows. Of everything else a row stays, and its place.

mod keep;
mod mark;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use foldhash::{HashMap, HashSet};
use trailwarden_model::report::REJECTS_MAX;
use trailwarden_model::{AccountId, Summary, Timestamp};
use trailwarden_record::envelope::{Kind, Place as Spot, Sink};
use trailwarden_record::limits::Limits;
use trailwarden_record::row::{ActionId, Actions, Call, Place};
use trailwarden_record::scan::Stop;
use trailwarden_record::{Row, Skim, hash, redact, repair};

use super::query::{Matched, Query, role_of};
use crate::scan::Progress;
use crate::scan::files::{Files, Rejected};
use crate::scan::runs::Run;
use crate::sources::{FileEnd, FileSink};

use keep::keeps;
pub(super) use keep::{ends, runs_code};
pub(super) use mark::{Mark, session};

/// How many principals of the logs are remembered, to say what is near a name that is not there.
const PEOPLE_MAX: usize = 50_000;
/// How many callers that match the query are told apart.
const SUBJECTS_MAX: usize = 1_000;

/// What all workers share.
pub(super) struct Shared {
    pub(super) query: Query,
    pub(super) actions: Actions,
    pub(super) limits: Limits,
    pub(super) until: Option<Timestamp>,
    pub(super) accounts: Vec<AccountId>,
}

/// A caller that matches the query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Subject {
    pub(super) matched: Matched,
    pub(super) actor: u64,
    pub(super) session: u64,
    pub(super) key: u64,
    pub(super) kind: String,
    pub(super) account: String,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) role: String,
    pub(super) user: String,
    pub(super) last: Timestamp,
}

/// What a worker hands over.
pub(super) struct Extracted {
    pub(super) run: Run,
    pub(super) subjects: HashMap<(Matched, u64), Subject>,
    /// Names of principals with their accounts, by their hash.
    pub(super) people: HashMap<u64, (String, String)>,
    pub(super) rejects: Vec<Rejected>,
    pub(super) reject_count: u64,
    pub(super) summary: Summary,
    pub(super) accounts: HashSet<u64>,
    pub(super) error: Option<std::io::Error>,
}

/// One worker, as the sources see it.
pub(super) struct Worker<'a> {
    shared: Arc<Shared>,
    files: Arc<Files>,
    progress: &'a Progress,
    pub(super) item: u32,
    file: u32,
    calls: HashMap<u64, Call>,
    extracted: Extracted,
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        shared: Arc<Shared>,
        files: Arc<Files>,
        progress: &'a Progress,
        run: Run,
    ) -> Self {
        let extracted = Extracted {
            run,
            subjects: HashMap::default(),
            people: HashMap::default(),
            rejects: Vec::new(),
            reject_count: 0,
            summary: Summary::default(),
            accounts: HashSet::default(),
            error: None,
        };
        Self { shared, files, progress, item: 0, file: 0, calls: HashMap::default(), extracted }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.extracted.error.is_some()
    }

    pub(super) fn summary(&mut self) -> &mut Summary {
        &mut self.extracted.summary
    }

    pub(super) fn finish(self) -> Extracted {
        self.extracted
    }

    fn note(&mut self, offset: Option<u64>, record: Option<u64>, cause: String) {
        self.extracted.reject_count += 1;
        if self.extracted.rejects.len() < REJECTS_MAX {
            self.extracted.rejects.push(Rejected { file: self.file, offset, record, cause });
        }
    }

    fn take(&mut self, skim: &Skim<'_>, bytes: &[u8], spot: Spot) {
        if let Some(problem) = skim.problem() {
            return self.reject(spot, problem.to_owned());
        }
        let Ok(record) = u32::try_from(spot.record) else {
            return self.reject(spot, "more than four billion records in one file".to_owned());
        };
        self.extracted.summary.records += 1;
        let call = self.call(skim);
        let row = Row::of(skim, bytes, call, Place { file: self.file, record });
        if self.is_outside(&row) {
            self.extracted.summary.filtered += 1;
            return;
        }
        self.extracted.accounts.insert(row.account);
        let matched = self.shared.query.matches(skim);
        let mark = Mark::of(skim, matched.is_some());
        if let Some(matched) = matched {
            self.subject(matched, skim, &row, mark);
        }
        self.person(skim, &row);
        let keeps = keeps(skim, &row);
        // What AWS does by itself and hands nothing on cannot be part of anybody's story.
        if !keeps && !mark.is_asked_for && row.issued == 0 && skim.identity.kind == "AWSService" {
            return;
        }
        let kept = if keeps { redact::bytes(bytes) } else { Default::default() };
        if let Err(error) = self.extracted.run.push(row, &kept, &mark.encode()) {
            self.extracted.error.get_or_insert(error);
        }
    }

    /// The call, without the shared table's lock where it has been met before.
    fn call(&mut self, skim: &Skim<'_>) -> Call {
        let source = hash::of_bytes(skim.event_source.as_bytes());
        let key = hash::pair(source, hash::of_bytes(skim.event_name.as_bytes()));
        if let Some(call) = self.calls.get(&key) {
            return *call;
        }
        let call = self.shared.actions.call(skim.event_source.as_str(), skim.event_name.as_str());
        // What the shared table has no room for, a stranger made up; there may be any number of it.
        if call.action != ActionId::OVERFLOW {
            self.calls.insert(key, call);
        }
        call
    }

    fn is_outside(&self, row: &Row) -> bool {
        let accounts = &self.shared.accounts;
        self.shared.until.is_some_and(|until| row.time() > until)
            || !accounts.is_empty() && !row.account_id().is_some_and(|id| accounts.contains(&id))
    }

    fn subject(&mut self, matched: Matched, skim: &Skim<'_>, row: &Row, mark: Mark) {
        let session = mark.session(row);
        let part = match matched {
            Matched::Principal => row.actor,
            Matched::Session | Matched::Event if session != 0 => session,
            Matched::Key => row.key,
            _ => hash::pair(row.actor, session),
        };
        let key = (matched, part);
        let subjects = &mut self.extracted.subjects;
        if subjects.len() >= SUBJECTS_MAX && !subjects.contains_key(&key) {
            return;
        }
        let known = subjects.get(&key).is_some_and(|known| known.last >= row.time());
        if known {
            return;
        }
        let identity = &skim.identity;
        let text = |part: trailwarden_record::skim::Text<'_>| part.as_str().to_owned();
        let subject = Subject {
            matched,
            actor: row.actor,
            session,
            key: row.key,
            kind: text(identity.kind),
            account: text(identity.account),
            id: text(identity.principal_id),
            arn: text(identity.arn),
            role: role_of(skim).unwrap_or_default().to_owned(),
            user: text(identity.user_name),
            last: row.time(),
        };
        subjects.insert(key, subject);
    }

    fn person(&mut self, skim: &Skim<'_>, row: &Row) {
        let people = &mut self.extracted.people;
        if row.actor == 0 || people.len() >= PEOPLE_MAX || people.contains_key(&row.actor) {
            return;
        }
        let name = match role_of(skim) {
            Some(role) => format!("role/{role}"),
            None if !skim.identity.user_name.is_empty() => {
                format!("user/{}", skim.identity.user_name)
            }
            None if skim.identity.kind == "Root" => "root".to_owned(),
            None => return,
        };
        people.insert(row.actor, (name, skim.identity.account.as_str().to_owned()));
    }
}

impl Sink for Worker<'_> {
    fn record(&mut self, bytes: &[u8], start: usize, spot: Spot) -> Result<usize, Stop> {
        let (skim, end) = Skim::read(bytes, start, self.shared.limits.depth_max)?;
        let record = bytes.get(start..end).unwrap_or_default();
        if skim.plain {
            self.take(&skim, record, spot);
            return Ok(end);
        }
        // A field that cannot be taken as it stands: decode in full.
        match repair::tree(record) {
            Ok(tree) => self.take(&Skim::of_value(&tree), record, spot),
            Err(error) => self.reject(spot, format!("not valid JSON: {error}")),
        }
        Ok(end)
    }

    fn reject(&mut self, spot: Spot, cause: String) {
        self.note(Some(spot.offset), Some(spot.record), cause);
    }
}

impl FileSink for Worker<'_> {
    fn begin(&mut self, file: &str) {
        self.file = self.files.add(self.item, file);
    }

    fn end(&mut self, end: FileEnd) {
        match end.kind {
            Kind::Digest => self.extracted.summary.skipped_files += 1,
            Kind::NotCloudTrail => {}
            _ => self.extracted.summary.files += 1,
        }
        self.progress.records.fetch_add(end.counts.records, Ordering::Relaxed);
    }

    fn file_reject(&mut self, file: &str, offset: Option<u64>, cause: String) {
        if !self.files.is_named(self.file, self.item, file) {
            self.file = self.files.add(self.item, file);
        }
        self.note(offset, None, cause);
    }

    fn interrupted(&self) -> bool {
        self.progress.interrupted.load(Ordering::Relaxed) || self.has_failed()
    }
}
