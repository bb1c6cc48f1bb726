//! What the workers of the first pass found, together.

use foldhash::HashMap;
use trailwarden_model::{AccountId, Summary, Timestamp};

use super::extract::{Extracted, Subject};
use super::story::Counts;
use crate::scan::Progress;
use crate::scan::files::Rejected;
use crate::scan::runs::Run;

/// What the workers found, together.
pub(super) struct Gathered {
    pub(super) runs: Vec<Run>,
    pub(super) subjects: Vec<Subject>,
    pub(super) people: HashMap<u64, (String, String)>,
    pub(super) rejects: Vec<Rejected>,
    reject_count: u64,
    summary: Summary,
    accounts: Vec<String>,
    pub(super) error: Option<std::io::Error>,
}

impl Gathered {
    pub(super) fn of(extracted: Vec<Extracted>) -> Self {
        let mut all = Self {
            runs: Vec::new(),
            subjects: Vec::new(),
            people: HashMap::default(),
            rejects: Vec::new(),
            reject_count: 0,
            summary: Summary::default(),
            accounts: Vec::new(),
            error: None,
        };
        let mut subjects: HashMap<_, Subject> = HashMap::default();
        for part in extracted {
            all.runs.push(part.run);
            all.people.extend(part.people);
            all.rejects.extend(part.rejects);
            all.reject_count += part.reject_count;
            all.error = all.error.or(part.error);
            let total = &mut all.summary;
            total.records += part.summary.records;
            total.filtered += part.summary.filtered;
            total.files += part.summary.files;
            total.bytes_stored += part.summary.bytes_stored;
            total.bytes_inflated += part.summary.bytes_inflated;
            let accounts = part.accounts.iter().filter_map(|code| code.checked_sub(1));
            let accounts = accounts.filter_map(AccountId::from_number);
            all.accounts.extend(accounts.map(|account| account.to_string()));
            // The latest record of somebody tells the name of today.
            for (key, subject) in part.subjects {
                let known = subjects.get(&key).is_some_and(|known| known.last >= subject.last);
                if !known {
                    subjects.insert(key, subject);
                }
            }
        }
        all.accounts.sort_unstable();
        all.accounts.dedup();
        all.subjects = subjects.into_values().collect();
        all.subjects.sort_by(|a, b| {
            let key = |subject: &Subject| (subject.matched, subject.account.clone());
            key(a).cmp(&key(b)).then_with(|| (&a.arn, &a.id).cmp(&(&b.arn, &b.id)))
        });
        all
    }

    /// The user of a name in an account, if it has called.
    pub(super) fn user(&self, name: &str, account: &str) -> Option<u64> {
        let wanted = format!("user/{name}");
        let is_it = |(_, (own, of)): &(&u64, &(String, String))| {
            own.eq_ignore_ascii_case(&wanted) && of == account
        };
        self.people.iter().filter(is_it).map(|(actor, _)| *actor).min()
    }

    pub(super) fn counts(
        &self,
        (first_time, last_time, own_records): (Option<Timestamp>, Option<Timestamp>, u64),
        more_rejects: usize,
        progress: &Progress,
    ) -> Counts {
        Counts {
            files: self.summary.files,
            bytes_stored: self.summary.bytes_stored,
            bytes_inflated: self.summary.bytes_inflated,
            records: self.summary.records,
            filtered: self.summary.filtered,
            rejects: self.reject_count + more_rejects as u64,
            own_records,
            accounts: self.accounts.clone(),
            first_time,
            last_time,
            baselines: Vec::new(),
            interrupted: progress.was_stopped(),
        }
    }
}
