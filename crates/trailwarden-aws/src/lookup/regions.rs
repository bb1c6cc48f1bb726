//! Which regions an account has, and the one that keeps what IAM, STS and sign-in write.

use serde_json::{Value, json};
use trailwarden_account::snapshot::Answer;

use crate::connection::Connection;
use crate::protocol::Parameters;
use crate::{endpoint, reads};

/// The regions of an account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Regions {
    /// Those that are on, by name.
    pub on: Vec<String>,
    /// Why the list may lack some.
    pub why_not_all: Option<String>,
}

impl Connection {
    /// The region whose event history has the events of IAM, and with them those of the global
    /// endpoint of STS.
    ///
    /// Sources: CloudTrail User Guide, "Global service events" (us-east-1, since 22 November 2021). For
    /// the other partitions it is IAM's own region; AWS documents that for China's two regions only for
    /// CloudFront.
    #[must_use]
    pub fn home_region(&self) -> &'static str {
        endpoint::partition(self.region()).iam
    }

    /// Asks which regions are on.
    #[must_use]
    pub fn regions(&self) -> Regions {
        let Some(read) = reads::find("account:ListRegions") else {
            return Regions::default();
        };
        // Being switched off takes hours, in which the region still works.
        let states = json!(["ENABLED", "ENABLED_BY_DEFAULT", "DISABLING"]);
        let parameters = Parameters::from_iter([("RegionOptStatusContains".to_owned(), states)]);
        listed(&self.ask(read, None, parameters))
    }
}

/// The regions that an answer says are on.
pub(crate) fn listed(answer: &Answer) -> Regions {
    let regions =
        answer.body_so_far().and_then(|body| body.get("Regions")).and_then(Value::as_array);
    let names = regions.into_iter().flatten().filter_map(|region| {
        // What does not heed the parameter lists the others as well.
        let is_off = region.get("RegionOptStatus").and_then(Value::as_str) == Some("DISABLED");
        region.get("RegionName").and_then(Value::as_str).filter(|_| !is_off).map(str::to_owned)
    });
    let mut on: Vec<String> = names.collect();
    on.sort_unstable();
    Regions { on, why_not_all: answer.why_not() }
}
