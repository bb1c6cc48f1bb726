//! The documents of one layer, with what is known of the principal put in.

use trailwarden_policy::reach::{Part, Reach};
use trailwarden_policy::{Document, Statement};

use super::principal::Principal;
use crate::fact::Fact;
use crate::query::Held;
use crate::text::PolicyText;

/// The documents of a layer.
#[derive(Debug)]
pub(super) struct Documents {
    texts: Vec<PolicyText>,
    /// What they say to the principal alone, and what no text says.
    parts: Vec<Part>,
    /// Whether these are all, and all could be read.
    pub(super) is_whole: bool,
}

impl Documents {
    pub(super) fn new() -> Self {
        Self { texts: Vec::new(), parts: Vec::new(), is_whole: true }
    }

    /// The identity policies of a principal.
    pub(super) fn of_held(held: &Held, principal: &Principal) -> Self {
        let mut documents = Self { is_whole: held.unknowns.is_empty(), ..Self::new() };
        for policy in &held.policies {
            documents.is_whole &= policy.held.is_known();
            documents.add(&policy.document, principal);
        }
        documents
    }

    /// One document that allows every action.
    pub(super) fn everything() -> Self {
        let document = Document {
            version: Some("2012-10-17".to_owned()),
            statements: vec![Statement::allowing_everything()],
            ..Document::default()
        };
        Self { parts: vec![Part::of(&document)], ..Self::new() }
    }

    /// Adds one, or notes that there is one that is not known.
    pub(super) fn add(&mut self, text: &Fact<PolicyText>, principal: &Principal) {
        let known = text.value().and_then(|text| Some((text, text.document().ok()?)));
        let Some((text, document)) = known else {
            self.is_whole = false;
            return;
        };
        self.parts.extend(text.wording().and_then(|wording| wording.to(document, principal)));
        self.texts.push(text.clone());
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        let common = self.texts.iter().filter_map(|text| Some(text.wording()?.common()));
        common.chain(&self.parts)
    }

    /// What they allow together; there may be more or less when they are not whole.
    pub(super) fn reach(&self) -> Reach {
        let reach = Reach::of_parts(self.parts());
        if self.is_whole { reach } else { reach.union(&Reach::unknown()) }
    }

    /// What they let through. A cap of which a part is unknown lets everything through, perhaps, but
    /// for what a known part denies.
    pub(super) fn cap(&self) -> Reach {
        if self.is_whole {
            return self.reach();
        }
        let everything = Self::everything();
        Reach::of_parts(self.parts().chain(&everything.parts)).or_less()
    }
}
