//! The documents of one layer, with what is known of the principal put in.

use trailwarden_policy::evaluate::Compiled;
use trailwarden_policy::reach::Reach;
use trailwarden_policy::{Document, PolicyKind, Statement};

use super::principal::Principal;
use super::special::specialised;
use crate::fact::Fact;
use crate::query::Held;
use crate::text::PolicyText;

/// Documents with their names.
#[derive(Debug)]
pub(super) struct Documents {
    all: Vec<Named>,
    /// Whether these are all, and all could be read.
    pub(super) is_whole: bool,
}

#[derive(Debug)]
struct Named {
    name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// As it is written.
    Text(PolicyText),
    /// With the principal put in.
    Special(Box<Document>),
}

impl Documents {
    pub(super) fn new() -> Self {
        Self { all: Vec::new(), is_whole: true }
    }

    /// The identity policies of a principal.
    pub(super) fn of_held(held: &Held, principal: &Principal) -> Self {
        let mut documents = Self { all: Vec::new(), is_whole: held.unknowns.is_empty() };
        for policy in &held.policies {
            documents.is_whole &= policy.held.is_known();
            documents.add(policy.source.name().to_owned(), &policy.document, principal);
        }
        documents
    }

    /// One document that allows every action.
    pub(super) fn everything(name: &str) -> Self {
        let document = Document {
            version: Some("2012-10-17".to_owned()),
            statements: vec![Statement::allowing_everything()],
            ..Document::default()
        };
        let content = Content::Special(Box::new(document));
        Self { all: vec![Named { name: name.to_owned(), content }], is_whole: true }
    }

    /// Adds one, or notes that there is one that is not known.
    pub(super) fn add(&mut self, name: String, text: &Fact<PolicyText>, principal: &Principal) {
        let Some(text) = text.value() else {
            self.is_whole = false;
            return;
        };
        let Ok(document) = text.document() else {
            self.is_whole = false;
            return;
        };
        let content = match specialised(text.as_str(), document, principal) {
            Some(special) => Content::Special(Box::new(special)),
            None => Content::Text(text.clone()),
        };
        self.all.push(Named { name, content });
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &Document)> {
        self.all.iter().filter_map(|named| {
            let document = match &named.content {
                Content::Text(text) => text.document().ok()?,
                Content::Special(document) => document,
            };
            Some((named.name.as_str(), document))
        })
    }

    /// What they allow together; there may be more or less when they are not whole.
    pub(super) fn reach(&self) -> Reach {
        let reach = Reach::of(self.iter().map(|(_, document)| document));
        if self.is_whole { reach } else { reach.union(&Reach::unknown()) }
    }

    /// What they let through. A cap of which a part is unknown lets everything through, perhaps, but
    /// for what a known part denies.
    pub(super) fn cap(&self) -> Reach {
        if self.is_whole {
            return self.reach();
        }
        let everything = Self::everything("");
        let all = self.iter().chain(everything.iter());
        Reach::of(all.map(|(_, document)| document)).or_less()
    }

    pub(super) fn compiled(&self, kind: PolicyKind) -> Vec<Compiled> {
        self.iter().map(|(name, document)| Compiled::new(name, document, kind)).collect()
    }
}
