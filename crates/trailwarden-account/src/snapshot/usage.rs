//! Whose use of a service is worth asking about: whoever may use it, for all that is known.

use serde_json::json;
use trailwarden_policy::Document;
use trailwarden_policy::reach::{Precision, Reach};

use super::Snapshot;
use crate::{Identity, Kind, Model, Models, Standing, World};

impl Snapshot {
    /// The ARNs of users and roles that may use one of these services, or of which that is not known;
    /// without those that belong to services of AWS. None when the account cannot be read.
    #[must_use]
    pub fn may_use(&self, services: &[&str]) -> Vec<String> {
        let Ok(baseline) = self.baseline() else { return Vec::new() };
        let models = Models::from_baselines(&[baseline]);
        let world = World::of(&models);
        let Some(model) = world.model(self.account) else { return Vec::new() };
        let all: Vec<Option<Reach>> =
            services.iter().map(|service| everything_of(service)).collect();
        let may = principals(model).filter(|identity| {
            let standing = world.standing(self.account, &identity.id);
            standing.is_none_or(|standing| {
                let most = standing.ceiling();
                all.iter().any(|all| touches(&most, all.as_ref()))
            })
        });
        may.filter_map(|identity| identity.arn(&self.partition, self.account)).collect()
    }
}

impl Snapshot {
    /// The ARNs of all users and roles, but for those that services look after themselves.
    #[must_use]
    pub fn principals(&self) -> Vec<String> {
        let Ok(baseline) = self.baseline() else { return Vec::new() };
        let models = Models::from_baselines(&[baseline]);
        let all = models.get(self.account).into_iter().flat_map(principals);
        all.filter_map(|identity| identity.arn(&self.partition, self.account)).collect()
    }
}

fn principals(model: &Model) -> impl Iterator<Item = &Identity> {
    model.identities().filter(|identity| {
        matches!(identity.kind, Kind::User | Kind::Role) && !identity.is_service_linked()
    })
}

/// Whether somebody may use a service: false only when nothing of it is allowed, for certain.
#[must_use]
pub fn may_use(standing: &Standing, service: &str) -> bool {
    touches(&standing.ceiling(), everything_of(service).as_ref())
}

/// An unknown cap, such as the organization's policies as a member account sees them, leaves no doubt: it
/// can only take away. An unknown policy of somebody's own does, and is in the most that he may do.
fn touches(most: &Reach, all: Option<&Reach>) -> bool {
    all.is_none_or(|all| {
        let met = all.intersect(most);
        !met.is_nothing() || met.precision() == Precision::Unknown
    })
}

/// All of a service; none when that is no service's name.
fn everything_of(service: &str) -> Option<Reach> {
    let text = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": format!("{service}:*"), "Resource": "*"}
    ]});
    Some(Reach::of([&Document::parse(&text.to_string()).ok()?]))
}
