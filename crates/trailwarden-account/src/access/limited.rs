//! What a session was limited to, as a layer.

use super::documents::Documents;
use super::principal::Principal;
use crate::fact::{Fact, Why};
use crate::query::{Unknown, why_unknown};
use crate::session::Limited;

impl Limited {
    /// The documents of a session; none where nothing is known of them, or where they are no limit.
    pub(super) fn layer(&self, principal: &Principal) -> Option<Documents> {
        let policies = self.policies.value()?;
        if policies.is_empty() && !self.is_federated {
            return None;
        }
        let mut documents = Documents::new();
        for (_, text) in policies {
            documents.add(text, principal, None);
        }
        Some(documents)
    }

    pub(super) fn unknowns(&self) -> Vec<Unknown> {
        let unknown = |what: String, why: &Why| Unknown { what, why: why.clone() };
        match &self.policies {
            Fact::Unknown { why, .. } => vec![unknown("session policy".to_owned(), why)],
            Fact::Known { value, .. } => {
                let unread =
                    value.iter().filter_map(|(name, text)| Some((name, why_unknown(text)?)));
                unread.map(|(name, why)| unknown(format!("session policy {name}"), why)).collect()
            }
        }
    }
}
