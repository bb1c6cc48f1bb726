//! What one document says, read once for all sums that it is a part of.

use super::actions::Actions;
use super::grant::Grant;
use super::{Precision, steps_for};
use crate::document::{Document, Effect, Statement};
use crate::fuel;

/// What a document, or some of its statements, allows and denies: no Deny is taken out yet.
#[derive(Debug, Clone)]
pub struct Part {
    pub(super) allows: Vec<Grant>,
    pub(super) denies: Vec<Grant>,
    pub(super) precision: Precision,
    /// How long the document is.
    pub(super) characters: usize,
    /// Steps for further statements: one limit for all, so that many are no way around it.
    left: u64,
    /// Whether reading it was too much work, so that it may say anything.
    pub(super) is_too_complex: bool,
}

/// The actions of a statement, which are dear to find: the same whatever its other elements become.
#[derive(Debug, Clone)]
pub struct ActionsOf {
    actions: Actions,
    is_too_complex: bool,
}

impl ActionsOf {
    /// Those of each statement, by either element.
    pub fn statements(document: &Document) -> Vec<Self> {
        let read = |statement: &Statement| {
            let actions = match &statement.not_actions {
                Some(excluded) => Actions::all_but(excluded),
                None => Actions::of(&statement.actions),
            };
            Self { actions, is_too_complex: fuel::is_spent() }
        };
        let all = || document.statements.iter().map(read).collect();
        fuel::limited(steps_for(characters(document)), all).value
    }
}

impl Part {
    /// All of a document.
    pub fn of(document: &Document) -> Self {
        let mut part = Self::none_of(document);
        for (statement, actions) in document.statements.iter().zip(ActionsOf::statements(document))
        {
            part.add(document, statement, &actions);
        }
        part
    }

    /// No statement of a document yet; whether all of it could be read counts already.
    pub fn none_of(document: &Document) -> Self {
        let precision = match document.is_complete() {
            true => Precision::Exact,
            false => Precision::Unknown,
        };
        let characters = characters(document);
        Self {
            allows: Vec::new(),
            denies: Vec::new(),
            precision,
            characters,
            left: steps_for(characters),
            is_too_complex: false,
        }
    }

    /// Adds a statement of the document, or what has taken its place; the actions are its own.
    pub fn add(&mut self, document: &Document, statement: &Statement, actions: &ActionsOf) {
        self.add_for(document, statement, actions, &[]);
    }

    /// [`Part::add`] for somebody whose requests certainly lack these keys, which are in lower case.
    pub fn add_for(
        &mut self,
        document: &Document,
        statement: &Statement,
        actions: &ActionsOf,
        lacking: &[String],
    ) {
        // Before this version, `${...}` is plain text (IAM User Guide, "IAM policy elements:
        // Variables and tags").
        let variables = document.version.as_deref() == Some("2012-10-17");
        let read = fuel::limited(self.left, || {
            Grant::of_statement(statement, actions.actions.clone(), variables)
        });
        self.left -= read.used;
        self.is_too_complex |= read.is_spent || actions.is_too_complex;
        let asks_for = |grant: &Grant| grant.conditions.all().iter().any(|one| one.asks(lacking));
        let met = read.value.into_iter().filter(|grant| !asks_for(grant));
        match statement.effect {
            Effect::Allow => self.allows.extend(met),
            Effect::Deny => self.denies.extend(met),
        }
    }
}

/// The characters that say what statements are about.
fn characters(document: &Document) -> usize {
    let of_statement = |statement: &Statement| {
        let lists = [&statement.actions, &statement.resources];
        let excluded = [&statement.not_actions, &statement.not_resources];
        let values = statement.conditions.iter().map(|condition| &condition.values);
        let texts = lists.into_iter().chain(excluded.into_iter().flatten()).chain(values).flatten();
        texts.map(String::len).sum::<usize>()
    };
    document.statements.iter().map(of_statement).sum()
}
