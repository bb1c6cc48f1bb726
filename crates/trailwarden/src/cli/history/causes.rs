//! The records between two instants, by what they touched.

use std::collections::BTreeMap;

use trailwarden_account::fact::Proof;
use trailwarden_account::query::PolicySource;
use trailwarden_account::{Field, Id, Kind, Model, Subject, Timeline};
use trailwarden_model::Timestamp;
use trailwarden_record::row::Order;

/// Records by the identity or policy that they touched, in order.
#[derive(Default)]
pub(super) struct Causes {
    by_id: BTreeMap<Id, Vec<Cause>>,
    /// Records that may be about any identity or policy, or about the organization.
    wide: Vec<Cause>,
}

/// A record, and what it touched.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Cause {
    proof: Proof,
    field: Field,
}

impl Causes {
    /// Of the changes after `since` and up to `until`.
    pub(super) fn of(timeline: &mut Timeline, since: Timestamp, until: Option<Timestamp>) -> Self {
        let mut causes = Self::default();
        let from = Order { time: since.plus(1), ..Order::default() };
        timeline.changes_from(from, |change| {
            let time = change.proof.time();
            if until.zip(time).is_some_and(|(until, time)| time > until) {
                return;
            }
            for touched in &change.touched {
                let cause = Cause { proof: change.proof.clone(), field: touched.field };
                let list = match &touched.subject {
                    Subject::Identity(_, id) | Subject::Policy(id) => {
                        causes.by_id.entry(id.clone()).or_default()
                    }
                    Subject::Organization
                    | Subject::OrganizationPolicy(_)
                    | Subject::AnyIdentity(_)
                    | Subject::AnyPolicy => &mut causes.wide,
                    _ => continue,
                };
                if !list.contains(&cause) {
                    list.push(cause);
                }
            }
        });
        causes
    }

    /// The records behind a change of an identity: about itself, its groups and its policies, and
    /// about those whom its new way passes.
    pub(super) fn behind(
        &self,
        before: Option<&Model>,
        after: &Model,
        id: &Id,
        passed: &[Id],
    ) -> Vec<Proof> {
        let mut others: Vec<Id> =
            before.into_iter().chain([after]).flat_map(|model| related(model, id)).collect();
        others.sort();
        others.dedup();
        let own = self.by_id.get(id).into_iter().flatten();
        let own = own
            .filter(|cause| !matches!(cause.field, Field::FirstSeen | Field::Id | Field::Members));
        let on_way = passed.iter().filter_map(|id| self.by_id.get(id)).flatten();
        let on_way = on_way.filter(|cause| !matches!(cause.field, Field::FirstSeen | Field::Id));
        let others = others.iter().filter_map(|id| self.by_id.get(id)).flatten();
        let others = others.filter(|cause| {
            matches!(cause.field, Field::Inline | Field::Attached | Field::Version | Field::Default)
        });
        let mut found: Vec<&Proof> =
            own.chain(on_way).chain(others).chain(&self.wide).map(|cause| &cause.proof).collect();
        found.sort_by_key(|proof| order(proof));
        found.dedup();
        found.into_iter().cloned().collect()
    }
}

/// A proof's place in the total order.
pub(super) fn order(proof: &Proof) -> Order {
    match proof {
        Proof::Record(record) => record.order,
        Proof::Baseline { .. } | Proof::Published { .. } => Order::default(),
    }
}

/// The groups of a user, and the customer managed policies that it holds.
fn related(model: &Model, id: &Id) -> Vec<Id> {
    let mut ids = Vec::new();
    if model.identity(id).is_some_and(|identity| identity.kind == Kind::User) {
        ids.extend(model.groups_of(id).ids);
    }
    let held = model.policies_of(id);
    let boundary = model.boundary_of(id);
    let boundary = boundary.value().and_then(Option::as_ref).map(|boundary| boundary.arn.clone());
    let managed = held.policies.iter().filter_map(|held| match &held.source {
        PolicySource::Managed(arn) => Some(arn.clone()),
        PolicySource::Inline(_) => None,
    });
    let policies = managed.chain(boundary).filter_map(|arn| Some(model.policy(&arn)?.id.clone()));
    ids.extend(policies);
    ids
}
