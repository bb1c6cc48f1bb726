//! To what the previews of plans are held before anything is done, and what is told of that.
//!
//! # Invariants
//! - An account is asked once, however many plans there are for it.
//! - Who used what is asked only of those who lose something; whom nobody asked about is told.

use std::cell::RefCell;
use std::collections::BTreeMap;

use anyhow::ensure;
use trailwarden_aws::Connection;
use trailwarden_model::escape::visible;
use trailwarden_remedy::Plan;
use trailwarden_runtime::executor::{Journal, Seen, Sight};
use trailwarden_runtime::previews::{self, Held};

use super::anew::{self, Anew, AnewArgs};
use crate::cli::terminal;

/// Of so many of those who lose something AWS is asked what they used: it makes a report for each.
const ASKED_MAX: usize = 50;

/// What is refused of a plan for trails and buckets.
pub(super) const WITHOUT_CAUSE: &str = "the plan's preview tells of access, and its calls move nobody's: somebody wrote other words into the file; make a new plan";

/// What plans are held to.
pub(super) struct Sights<'a> {
    args: &'a AnewArgs,
    accepts_unknown: bool,
    trusts: bool,
    given: Option<Anew>,
    asked: RefCell<BTreeMap<String, Anew>>,
}

/// What came of it.
pub(super) struct Looked {
    pub(super) seen: Seen,
    held: Held,
    /// Why it is not known when some last used which service.
    unasked: Option<String>,
}

impl<'a> Sights<'a> {
    pub(super) fn of(
        args: &'a AnewArgs,
        accepts_unknown: bool,
        trusts: bool,
    ) -> anyhow::Result<Self> {
        Ok(Self { args, accepts_unknown, trusts, given: args.read()?, asked: RefCell::default() })
    }

    /// Holds a plan's preview to what comes out of the plan now; none where it moves nobody's access.
    pub(super) fn foresee(
        &self,
        (plan, before): (&Plan, &[&Plan]),
        connection: &Connection,
        journal: &Journal,
    ) -> anyhow::Result<Option<Looked>> {
        if !previews::moves_access(plan) {
            ensure!(!previews::says_what_it_cannot(plan), WITHOUT_CAUSE);
            return Ok(None);
        }
        let looked = |by, held: Held, unasked| {
            let seen = Seen { by, unknown: held.unknown.clone() };
            Ok(Some(Looked { seen, held, unasked }))
        };
        if self.trusts {
            return looked(Sight::Nothing, Held::default(), None);
        }
        let hold = |anew: &Anew| self.args.hold((plan, before), anew, self.accepts_unknown);
        if let Some(given) = &self.given {
            given.is_of_now(&plan.account, journal)?;
            return looked(Sight::Baseline, hold(given)?, None);
        }
        let mut asked = self.asked.borrow_mut();
        if !asked.contains_key(&plan.account) {
            asked.insert(plan.account.clone(), Anew::ask(connection)?);
        }
        let Some(anew) = asked.get_mut(&plan.account) else { return Ok(None) };
        // What is refused anyway is not worth the reports.
        let held = hold(anew)?;
        let losing = previews::losing(plan);
        let (wanted, rest) = losing.split_at(losing.len().min(ASKED_MAX));
        let why_not = anew.ask_use(connection, wanted);
        let held = if anew.knows_use(wanted) { hold(anew)? } else { held };
        let unasked = why_not.or_else(|| {
            (!rest.is_empty()).then(|| {
                format!(
                    "of {} who lose something AWS was not asked: no more than {ASKED_MAX} are",
                    rest.len()
                )
            })
        });
        looked(Sight::Account, held, unasked)
    }

    /// Tells whose word the preview is, and what is known besides.
    pub(super) fn tell(&self, plan: &Plan, looked: Option<&Looked>) {
        let Some(Looked { seen, held, unasked }) = looked else { return };
        let from = match seen.by {
            Sight::Nothing => {
                return terminal::warn(
                    "what it does to access is the word of the plan's file: nothing was foreseen anew",
                );
            }
            Sight::Account => "the account as it is now".to_owned(),
            Sight::Baseline => match self.given.as_ref().and_then(|it| it.until(&plan.account)) {
                Some(until) => format!("the baseline, which tells of the time up to {until}"),
                None => "the baseline".to_owned(),
            },
        };
        terminal::note(&format!("Foreseen anew from {from}: no more comes of it"));
        anew::tell(held);
        if let Some(why) = unasked {
            terminal::warn(&format!(
                "when those who lose something last used which service is not known of all: {}",
                visible(why)
            ));
        }
    }
}
