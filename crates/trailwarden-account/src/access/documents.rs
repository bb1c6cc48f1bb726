//! The documents of one layer, with what is known of the principal put in.

mod recent;

use std::sync::Arc;

use trailwarden_policy::reach::{Part, Reach};
use trailwarden_policy::{Document, Statement};

use super::principal::Principal;
use crate::fact::Fact;
use crate::query::Held;
use crate::text::PolicyText;

/// The documents of a layer.
#[derive(Debug)]
pub(super) struct Documents {
    /// With what they say to the principal alone.
    texts: Vec<(PolicyText, Option<Arc<Part>>)>,
    /// What no text says.
    others: Vec<Part>,
    /// Whether these are all, and all could be read.
    pub(super) is_whole: bool,
}

impl Documents {
    pub(super) fn new() -> Self {
        Self { texts: Vec::new(), others: Vec::new(), is_whole: true }
    }

    /// The identity policies of a principal.
    pub(super) fn of_held(held: &Held, principal: &Principal, known: Option<&Self>) -> Self {
        let mut documents = Self { is_whole: held.unknowns.is_empty(), ..Self::new() };
        for policy in &held.policies {
            documents.is_whole &= policy.held.is_known();
            documents.add(&policy.document, principal, known);
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
        Self { others: vec![Part::of(&document)], ..Self::new() }
    }

    /// Adds one, or notes that there is one that is not known. What `known` has of the same principal
    /// is not worked out again.
    pub(super) fn add(
        &mut self,
        text: &Fact<PolicyText>,
        principal: &Principal,
        known: Option<&Self>,
    ) {
        let earlier = |text: &PolicyText| {
            let mut texts = known?.texts.iter();
            texts.find(|(other, _)| other.is_shared_with(text)).map(|(_, part)| part.clone())
        };
        let known = text.value().and_then(|text| Some((text, text.document().ok()?)));
        let Some((text, document)) = known else {
            self.is_whole = false;
            return;
        };
        let part = earlier(text).unwrap_or_else(|| {
            let part = text.wording().and_then(|wording| wording.to(document, principal));
            part.map(Arc::new)
        });
        self.texts.push((text.clone(), part));
    }

    /// Documents as they are for principals of whom nothing is known.
    pub(super) fn of_anybody<'t>(texts: impl Iterator<Item = &'t Fact<PolicyText>>) -> Self {
        let mut documents = Self::new();
        for text in texts {
            match text.value().filter(|text| text.document().is_ok()) {
                Some(text) => documents.texts.push((text.clone(), None)),
                None => documents.is_whole = false,
            }
        }
        documents
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        let common = self.texts.iter().filter_map(|(text, _)| Some(text.wording()?.common()));
        let personal = self.texts.iter().filter_map(|(_, part)| part.as_deref());
        common.chain(personal).chain(&self.others)
    }

    /// What they allow together; there may be more or less when they are not whole.
    pub(super) fn reach(&self) -> Reach {
        let reach = Reach::of_parts(self.parts());
        if self.is_whole { reach } else { reach.union(&Reach::unknown()) }
    }

    /// The same to that principal.
    pub(super) fn reach_in(&self, principal: &Principal) -> Arc<Reach> {
        let Principal { account, partition, .. } = principal;
        let work = || self.reach().in_account(*account, partition);
        let is_common = self.others.is_empty() && self.texts.iter().all(|(_, part)| part.is_none());
        match is_common {
            true => {
                let texts = self.texts.iter().map(|(text, _)| text);
                recent::or_worked_out(texts, self.is_whole, (*account, partition), work)
            }
            false => Arc::new(work()),
        }
    }

    /// What they let through. A cap of which a part is unknown lets everything through, perhaps, but
    /// for what a known part denies.
    pub(super) fn cap(&self) -> Reach {
        if self.is_whole {
            return self.reach();
        }
        let everything = Self::everything();
        Reach::of_parts(self.parts().chain(&everything.others)).or_less()
    }
}
