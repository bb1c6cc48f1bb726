//! From a row of the story to a step: told by itself, or counted among others alike.

use trailwarden_account::effect::Actor;
use trailwarden_account::{Change, Field, Id, Subject};
use trailwarden_model::{AccountId, Outcome};
use trailwarden_record::Row;
use trailwarden_record::row::{Action, Flags};

use super::super::follow::Who;
use super::super::judged::Judged;
use super::super::query::Query;
use super::super::story::{Relation, StepKind};
use super::super::things::makes;
use super::{Collector, Group, Told};

/// How many records of a group are read for their words.
const SAMPLES_MAX: usize = 5;
/// How many calls of one kind by one identity are told one by one; IAM changes always are.
const EACH_MAX: u64 = 40;
/// How many steps are told one by one.
const TOLD_MAX: usize = 20_000;
/// How many changes are judged.
const JUDGED_MAX: usize = 5_000;

impl Collector<'_> {
    pub(super) fn step(
        &mut self,
        who: usize,
        row: &Row,
        action: &Action,
        change: Option<&Change>,
        actor: Option<&Actor>,
        is_asked_for: bool,
    ) {
        let kind = kind(row, action, change.is_some());
        if kind == StepKind::Changed && makes(action) {
            self.out.things.make(who, row, action);
        }
        let key = (who, kind, row.action);
        let count = self.counts.entry(key).or_default();
        *count += 1;
        let is_deed = matches!(kind, StepKind::Changed | StepKind::Became)
            && (change.is_some() || *count <= EACH_MAX);
        let by_itself = (is_deed || is_asked_for) && self.out.told.len() < TOLD_MAX;
        if by_itself {
            let judged = change.map(|change| self.judge(who, change, actor)).unwrap_or_default();
            self.out.told.push(Told { row: *row, who, kind, judged });
            return;
        }
        let group = self.groups.entry(key).or_insert_with(|| Group {
            first: *row,
            last: row.time(),
            count: 0,
            samples: Vec::new(),
        });
        group.count += 1;
        group.last = row.time();
        if group.samples.len() < SAMPLES_MAX {
            group.samples.push(row.place);
        }
    }

    pub(super) fn judge(&mut self, who: usize, change: &Change, actor: Option<&Actor>) -> Judged {
        self.judged += 1;
        if self.judged > JUDGED_MAX {
            self.out.is_truncated = true;
            return Judged::default();
        }
        let persona = self.out.follow.personas.get(who);
        let graded = persona.and_then(|persona| {
            let account = AccountId::parse(persona.who.account.as_deref()?)?;
            let model = self.out.models.get(account)?;
            let id = match persona.who.id.as_deref() {
                _ if persona.who.kind == "root" => Id::root(),
                Some(id) => Id::unique(id),
                None => {
                    let kind = trailwarden_account::Kind::User;
                    model.find(kind, &persona.who.name)?.id.clone()
                }
            };
            Some((account, id))
        });
        let models = &self.out.models;
        let graded = graded.as_ref().map(|(account, id)| (*account, id));
        self.judge.judge(change, models, actor, graded)
    }

    /// Notes the names of those of the story who are called otherwise from now on.
    pub(super) fn renamed(&mut self, change: &Change) {
        let account = change.after.account().to_string();
        for touched in &change.touched {
            let (Subject::Identity(_, id), Field::Name) = (&touched.subject, touched.field) else {
                continue;
            };
            if let Some(identity) = change.after.identity(id) {
                self.out.follow.called(identity, &account);
            }
        }
    }

    /// A session that somebody outside took through a role that the story opened.
    pub(super) fn intrusion(&mut self, row: &Row) {
        let Some(who) = self.out.follow.intruder(row) else { return };
        if self.out.told.len() < TOLD_MAX {
            let (kind, judged) = (StepKind::Became, Judged::default());
            self.out.told.push(Told { row: *row, who, kind, judged });
        }
    }

    /// A change by somebody outside the story: told when it concerns somebody asked for.
    pub(super) fn done_to(&mut self, row: &Row, change: &Change, actor: Option<&Actor>) {
        let Some(subject) = self.concerned(change) else { return };
        if self.out.told.len() >= TOLD_MAX {
            self.out.is_truncated = true;
            return;
        }
        let (place, time) = (row.place, row.time());
        let origin = self.out.follow.origin(subject, row.actor, "changed", place, time, None);
        let Some(origin) = origin else { return };
        let judged = self.judge(subject, change, actor);
        self.out.told.push(Told { row: *row, who: origin, kind: StepKind::DoneTo, judged });
    }

    /// The identity asked for that a change touches.
    pub(super) fn concerned(&mut self, change: &Change) -> Option<usize> {
        let account = change.after.account();
        for touched in &change.touched {
            let Subject::Identity(_, id) = &touched.subject else { continue };
            let found = change.after.identity(id).or_else(|| change.before.identity(id));
            let Some(identity) = found else { continue };
            // Of a key, what is done to the key counts, and not all that is done to its owner.
            if let Query::Key(key) = self.query
                && touched.item.as_deref() != Some(key.as_str())
            {
                continue;
            }
            let own = account.to_string();
            let known = self.out.follow.personas.iter().position(|persona| {
                persona.relation == Relation::Subject
                    && persona.who.kind != "session"
                    && persona.who.is(identity, &own)
            });
            if known.is_some() {
                return known;
            }
            let key = (account, id.clone());
            if let Some(at) = self.silent.get(&key) {
                return Some(*at);
            }
            let partition = change.after.partition();
            if !self.query.names(identity, partition, account) {
                continue;
            }
            let who = Who {
                kind: identity.kind.as_str().to_owned(),
                name: identity.name.to_string(),
                arn: identity.arn(partition, account),
                id: (!id.is_provisional()).then(|| id.as_str().to_owned()),
                account: Some(account.to_string()),
                key: None,
            };
            let at = self.out.follow.silent(who)?;
            self.silent.insert(key, at);
            return Some(at);
        }
        None
    }
}

/// What a call of the story is, among the kinds of steps.
fn kind(row: &Row, action: &Action, changes_iam: bool) -> StepKind {
    let becomes = row.issued != 0
        || action.service == "signin"
        || action.service == "sts" && !row.flags.has(Flags::READS);
    match row.flags.outcome() {
        Outcome::Denied => StepKind::Denied,
        Outcome::Failed => StepKind::Failed,
        Outcome::Succeeded if becomes => StepKind::Became,
        Outcome::Succeeded if row.flags.has(Flags::READS) && !changes_iam => StepKind::Read,
        Outcome::Succeeded => StepKind::Changed,
    }
}
