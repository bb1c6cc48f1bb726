//! The documents of all layers that decide for one principal.

use super::Standing;
use super::documents::Documents;
use crate::fact::Fact;
use crate::identity::Kind;

/// The documents of all layers.
#[derive(Debug)]
pub(super) struct Layered {
    pub(super) identity: Documents,
    pub(super) boundary: Option<Documents>,
    pub(super) scps: Vec<Documents>,
    pub(super) session: Option<Documents>,
}

impl Layered {
    /// What `known` has of the same principal is not worked out again.
    pub(super) fn of(standing: &Standing, known: Option<&Self>) -> Self {
        let principal = &standing.principal;
        let identity = match principal.kind {
            Kind::Root => Documents::everything(),
            _ => Documents::of_held(&standing.held, principal, known.map(|known| &known.identity)),
        };
        let boundary = match &standing.boundary {
            Fact::Known { value: Some(boundary), .. } => {
                let mut documents = Documents::new();
                let known = known.and_then(|known| known.boundary.as_ref());
                documents.add(&boundary.document, principal, known);
                Some(documents)
            }
            // What it was last may still hold, but only a known cap takes something away.
            Fact::Known { value: None, .. } | Fact::Unknown { .. } => None,
        };
        let scps = standing.scps.levels.iter().enumerate().map(|(at, level)| {
            let mut documents = Documents::new();
            documents.is_whole = level.is_whole;
            for (_, text) in &level.policies {
                documents.add(text, principal, known.and_then(|known| known.scps.get(at)));
            }
            documents
        });
        let session = standing.session.as_ref().and_then(|one| one.layer(principal));
        Self { identity, boundary, scps: scps.collect(), session }
    }
}
