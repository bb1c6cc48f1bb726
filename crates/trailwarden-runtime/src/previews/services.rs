//! When somebody last used the services of what he loses, by what AWS keeps: more than a year, whatever logs are at
//! hand, and of data events too.
//!
//! Source: IAM API Reference, `GetServiceLastAccessedDetails`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use trailwarden_account::effect::Moved;
use trailwarden_account::snapshot::may_use;
use trailwarden_model::Timestamp;
use trailwarden_policy::reach::Grant;
use trailwarden_remedy::plan::foreseen::ServiceUsed;

use super::{Telling, closing};

const LAST_ACCESSED: &str = "iam:GetServiceLastAccessedDetails";

impl<'a> Telling<'a> {
    /// The services of what is lost that were used, the latest first.
    pub(super) fn services_of(&self, moved: &Moved, lost: &[Grant]) -> Vec<ServiceUsed> {
        let accessed = self.accessed.get_or_init(|| self.accessed());
        if lost.is_empty() || accessed.is_empty() {
            return Vec::new();
        }
        let Some(body) = accessed.get(&moved.arn.to_ascii_lowercase()) else { return Vec::new() };
        let touched: BTreeSet<&str> = lost
            .iter()
            .flat_map(|grant| grant.actions.known().iter())
            .map(|id| id.action().prefix())
            .collect();
        let after = closing::world(self.known).with(&self.change.after);
        let left = after.standing(self.known.snapshot.account, &moved.id);
        let is_whole = |service: &str| left.as_ref().is_some_and(|left| !may_use(left, service));
        let listed = body.get("ServicesLastAccessed").and_then(Value::as_array);
        let used = listed.into_iter().flatten().filter_map(|one| {
            let service = one.get("ServiceNamespace")?.as_str()?.to_ascii_lowercase();
            let last = Timestamp::parse(one.get("LastAuthenticated")?.as_str()?)?;
            let is_lost = touched.contains(service.as_str());
            is_lost.then(|| ServiceUsed { is_whole: is_whole(&service), service, last })
        });
        let mut used: Vec<ServiceUsed> = used.collect();
        used.sort_by(|a, b| (b.last, &a.service).cmp(&(a.last, &b.service)));
        used
    }

    fn accessed(&self) -> BTreeMap<String, &'a Value> {
        let answers = self.known.snapshot.answers(LAST_ACCESSED);
        let of = answers
            .filter_map(|one| Some((one.about.get("Arn")?.to_ascii_lowercase(), one.body()?)));
        of.collect()
    }
}
