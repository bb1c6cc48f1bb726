//! Which records lie before and after each baseline.
//!
//! Records from before a baseline are judged by what the logs show, so whoever gave it must learn
//! which these are; and a baseline that does not say when it was taken may be of a later time than it
//! seems.

use trailwarden_account::Baseline;
use trailwarden_model::AccountId;
use trailwarden_model::report::BaselineUse;
use trailwarden_record::Row;

/// Baselines with the records around them.
#[derive(Debug, Default)]
pub struct Around {
    uses: Vec<(AccountId, BaselineUse)>,
}

impl Around {
    /// Of baselines, by account; of two of one account each for itself.
    pub fn of(baselines: &[Baseline]) -> Self {
        let uses = baselines.iter().map(|baseline| {
            let account = baseline.account();
            let one = BaselineUse {
                account: account.to_string(),
                taken: baseline.taken(),
                is_dated: baseline.is_dated(),
                earlier_records: 0,
                first_earlier: None,
                last_earlier: None,
                later_records: 0,
            };
            (account, one)
        });
        Self { uses: uses.collect() }
    }

    /// Counts a record. They come in the order of time.
    pub fn note(&mut self, row: &Row) {
        let time = row.time();
        for (account, one) in &mut self.uses {
            if row.account_id() != Some(*account) {
                continue;
            }
            if time > one.taken {
                one.later_records += 1;
            } else {
                one.earlier_records += 1;
                one.first_earlier.get_or_insert(time);
                one.last_earlier = Some(time);
            }
        }
    }

    /// What came of it.
    pub fn told(self) -> Vec<BaselineUse> {
        self.uses.into_iter().map(|(_, one)| one).collect()
    }
}
