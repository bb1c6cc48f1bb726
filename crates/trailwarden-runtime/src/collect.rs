//! Baselines of several accounts at once, each through a role.
//!
//! An account that cannot be asked costs only itself.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use trailwarden_account::Snapshot;
use trailwarden_account::snapshot::Answer;
use trailwarden_aws::{Connection, Error, Plan, Role, collect};
use trailwarden_model::AccountId;

/// Accounts asked at the same time. Each has limits of its own, so the bound is for this machine.
const WORKERS_MAX: usize = 8;

/// An account to ask.
#[derive(Clone, Debug)]
pub struct Target {
    /// The account.
    pub account: AccountId,
    /// The role to take there; none for the caller's own account.
    pub role: Option<Role>,
}

/// What came of an account.
#[derive(Debug)]
pub struct Collected {
    /// The account.
    pub account: AccountId,
    /// What it answered, or why nobody could ask.
    pub result: Result<Snapshot, Error>,
}

/// Who wants to know how far it is.
pub trait Watch: Sync {
    /// An answer came.
    fn answered(&self, account: AccountId, answer: &Answer);
    /// An account is done.
    fn done(&self, account: AccountId);
}

/// Asks all of them, several at a time; the order is that of `targets`.
#[must_use]
pub fn all(
    connection: &Connection,
    plan: Plan,
    targets: &[Target],
    watch: &dyn Watch,
) -> Vec<Collected> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS_MAX.min(targets.len()) {
            scope.spawn(|| {
                while let Some((at, target)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    targets.get(at).map(|target| (at, target))
                } {
                    let result = one(connection, plan, target, watch);
                    watch.done(target.account);
                    let collected = Collected { account: target.account, result };
                    // A worker that panicked has pushed nothing: the rest is whole.
                    found
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .push((at, collected));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, collected)| collected).collect()
}

fn one(
    connection: &Connection,
    plan: Plan,
    target: &Target,
    watch: &dyn Watch,
) -> Result<Snapshot, Error> {
    let mut note = |answer: &Answer| watch.answered(target.account, answer);
    match &target.role {
        Some(role) => collect(&connection.assuming(role)?, plan, &mut note),
        None => collect(connection, plan, &mut note),
    }
}
