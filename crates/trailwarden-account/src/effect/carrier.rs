//! Instance profiles: what hands a role to machines.

use trailwarden_model::Severity;
use trailwarden_policy::reach::Grade;

use super::entrance::{Entrance, Entrant, grade_of, roles_trusting};
use super::naming::arn_of;
use super::severity::of_gain;
use super::{Effect, Judging, Width};
use crate::change::{Field, Subject};
use crate::identity::{Id, Kind};
use crate::model::Model;
use crate::query::name_of;

/// An instance profile that got another role, or none.
#[derive(Clone, PartialEq, Debug)]
pub struct Carrier {
    /// The instance profile's name.
    pub profile: String,
    /// The role before, such as `role/app`.
    pub before: Option<String>,
    /// The role now.
    pub after: Option<String>,
    /// How far the role of before goes, if known.
    pub grade_before: Option<Grade>,
    /// How far the role goes now, if known.
    pub grade_after: Option<Grade>,
}

impl Carrier {
    /// Whether machines that have the profile may do more.
    #[must_use]
    pub fn is_gain(&self) -> bool {
        self.after.is_some() && self.grade_after > self.grade_before
    }

    /// The severity. A profile without a role before has no machines that had any use of it, and who
    /// may start one is told by the paths.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        let grade = self.grade_after.filter(|_| self.is_gain() && self.before.is_some())?;
        of_gain(grade, false, Width::Wide)
    }
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    for touched in &judging.change.touched {
        match (&touched.subject, touched.field) {
            (Subject::InstanceProfile(name), Field::Role) => profile(judging, name, effect),
            (Subject::Provider(arn), field) => provider(judging, arn, field, effect),
            _ => {}
        }
    }
}

fn profile(judging: &Judging<'_>, name: &str, effect: &mut Effect) {
    let role = |model: &Model| -> Option<Id> {
        model.instance_profile(name)?.role.value().cloned().flatten()
    };
    let account = judging.change.after.account();
    let (before, after) = (role(&judging.change.informed), role(&judging.change.after));
    if before == after {
        return;
    }
    let named = |model: &Model, id: &Option<Id>| model.identity(id.as_ref()?).map(name_of);
    let carrier = Carrier {
        profile: name.to_owned(),
        grade_before: before.as_ref().and_then(|id| grade_of(judging.before, account, id)),
        grade_after: after.as_ref().and_then(|id| grade_of(judging.after, account, id)),
        before: named(&judging.change.informed, &before),
        after: named(&judging.change.after, &after),
    };
    if let (Some(label), None) = (&carrier.after, carrier.grade_after) {
        effect.doubt(format!("what {label} may do"));
    }
    effect.carriers.push(carrier);
}

/// Whoever the provider vouches for may enter the roles that trust it.
fn provider(judging: &Judging<'_>, arn: &str, field: Field, effect: &mut Effect) {
    let change = judging.change;
    let find = |model: &Model| model.providers().find(|one| *one.arn == *arn).cloned();
    let (before, after) = (find(&change.informed), find(&change.after));
    let is_wider = match (&before, &after) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(after)) => {
            let clients =
                |one: &crate::managed::Provider| one.clients.keys().cloned().collect::<Vec<_>>();
            let had = clients(before);
            before.metadata != after.metadata
                || before.thumbprints != after.thumbprints
                || clients(after).iter().any(|client| !had.contains(client))
        }
    };
    let model = if after.is_some() { &change.after } else { &change.informed };
    let world = if after.is_some() { judging.after } else { judging.before };
    let is_gone = before.is_some() && after.is_none();
    if !is_wider && !is_gone || field == Field::Tags {
        return;
    }
    let mut trusting = roles_trusting(model, arn).peekable();
    if trusting.peek().is_none() {
        let trusts = |role: &crate::Identity| role.trust.is_known();
        let are_known = model.listed().roles.is_known() && model.of_kind(Kind::Role).all(trusts);
        match (before.is_some(), are_known) {
            (true, false) => effect.doubt("which roles trust it".to_owned()),
            (_, true) => effect.note("no role trusts it"),
            (false, false) => effect.note("no role that was seen trusts it"),
        }
    }
    for (role, grant) in trusting {
        let entrance = Entrance {
            account: model.account(),
            role: role.id.clone(),
            label: name_of(role),
            role_arn: arn_of(model, role),
            who: Entrant::Federated(arn.to_owned()),
            grade: grade_of(world, model.account(), &role.id),
            grant,
            instead_of: Vec::new(),
            doubts: Vec::new(),
            has_already: false,
            is_actor: false,
            is_certain: false,
        };
        if is_gone {
            effect.shut.push(entrance);
        } else if !effect.entries.contains(&entrance) {
            effect.entries.push(entrance);
        }
    }
}
