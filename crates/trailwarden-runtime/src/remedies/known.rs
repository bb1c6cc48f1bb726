//! What plans are made from.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::report::{Credentials, Report};
use trailwarden_account::snapshot::Outcome as Asked;
use trailwarden_account::{Model, Models, Snapshot};
use trailwarden_model::{AccountId, Finding, Timestamp};
use trailwarden_remedy::NoPlan;
use trailwarden_remedy::plan::foreseen::LastUsed;
use trailwarden_remedy::subject::Known as State;

use super::History;
use crate::previews::activity::last_used;
use crate::sightings::Since;
use crate::usage::Usage;

/// What is known of one account.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What AWS said.
    pub snapshot: &'a Snapshot,
    /// What AWS said before that, of any account: it tells how trails and buckets were.
    pub older: &'a [Snapshot],
    /// The models of the account, and of its neighbours where there are baselines of them.
    pub models: &'a Models,
    /// What the findings' records changed; none where no logs were given.
    pub history: Option<&'a History>,
    /// ARNs or names of principals that are kept for emergencies.
    pub break_glass: &'a BTreeSet<String>,
    /// The organization's id.
    pub organization: Option<&'a str>,
    /// Accounts that are ours besides.
    pub accounts: &'a BTreeSet<AccountId>,
    /// The bucket that a new trail is to write to, which the plan makes; else one named after the account.
    pub trail_bucket: Option<&'a str>,
    /// The group that is to read logs where nobody can.
    pub reader_group: Option<&'a str>,
    /// What a rule tells a person to do where no remediation is known, by the rule's id.
    pub advice: fn(&str) -> Option<&'static str>,
    /// Whether a policy's document, standing alone, is what a rule finds, by the rule's id.
    pub finds_in: fn(&str, &str) -> bool,
    /// Who called what, by the logs; none where no logs were given.
    pub usage: Option<&'a Usage>,
    /// Since when keys of the account are inactive, by what our runs did and what we saw; none where no
    /// state folder was given.
    pub inactive: Option<&'a BTreeMap<String, Since>>,
    /// The credential report, which is read once for all.
    pub report: Option<&'a Report>,
    /// The time at which the plan is made.
    pub now: Timestamp,
}

static NOBODY: BTreeSet<String> = BTreeSet::new();
static NOWHERE: BTreeSet<AccountId> = BTreeSet::new();

impl<'a> Known<'a> {
    /// What AWS and nobody else told of an account, at the time at which the plan is made.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot, models: &'a Models, now: Timestamp) -> Self {
        Self {
            snapshot,
            older: &[],
            models,
            history: None,
            break_glass: &NOBODY,
            organization: None,
            accounts: &NOWHERE,
            trail_bucket: None,
            reader_group: None,
            advice: |_| None,
            finds_in: |_, _| false,
            usage: None,
            inactive: None,
            report: None,
            now,
        }
    }

    /// The same with the credential report, read.
    pub(crate) fn with_report<'b>(self, report: &'b Report) -> Known<'b>
    where
        'a: 'b,
    {
        Known { report: Some(report), ..self }
    }

    /// A user's row of the credential report.
    pub(crate) fn credentials(&self, user: &str) -> Option<&'a Credentials> {
        self.report?.row(user)
    }

    /// The account's model.
    pub(super) fn model(&self) -> Result<&'a Model, NoPlan> {
        let model = self.models.get(self.snapshot.account);
        model.ok_or_else(|| NoPlan::unknown("who and what is in the account"))
    }

    pub(super) fn account(&self) -> AccountId {
        self.snapshot.account
    }

    /// The organization's id, as AWS or the settings told it.
    pub(super) fn organization(&self) -> State<String> {
        if let Some(id) = self.organization {
            return State::Is(id.to_owned());
        }
        let Some(answer) = self.snapshot.answer("organizations:DescribeOrganization") else {
            return State::Unknown;
        };
        let id = answer.body().and_then(|body| body.get("Organization")?.get("Id")?.as_str());
        match (&answer.outcome, id) {
            (_, Some(id)) => State::Is(id.to_owned()),
            (Asked::Absent { .. }, None) => State::Absent,
            (_, None) => State::Unknown,
        }
    }

    /// The time that the model is of: that of the baseline, or of the last record behind it.
    pub(super) fn state_time(&self) -> Timestamp {
        let until = self.history.and_then(History::until);
        until.map_or(self.snapshot.taken, |until| until.max(self.snapshot.taken))
    }

    /// What was known right before a time, where AWS was asked earlier than for the state that is.
    pub(super) fn earlier(&self, time: Timestamp) -> Option<Self> {
        let is_one = |one: &&Snapshot| one.account == self.account() && one.taken < time;
        let all = self.older.iter().filter(|one| is_one(one) && self.snapshot.taken >= time);
        all.max_by_key(|one| one.taken).map(|snapshot| Self { snapshot, ..*self })
    }

    /// Whether the model is of a time after what was found.
    pub(super) fn is_after(&self, finding: &Finding) -> bool {
        self.state_time() >= finding.last_time
    }

    /// When whoever a finding is about was last seen to act; none where nothing tells it.
    pub(super) fn last_seen(&self, finding: &Finding) -> Option<Timestamp> {
        let found = self.model().ok()?.find_arn(finding.target.arn.as_deref()?)?;
        match last_used(*self, found) {
            LastUsed::At { time, .. } => Some(time),
            LastUsed::Never | LastUsed::Unknown => None,
        }
    }
}
