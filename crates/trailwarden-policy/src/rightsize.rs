//! Identity policies without what nobody used: [`narrow`].
//!
//! [`Needs`] says what must stay, from calls that were seen and from what no log can show; `narrow` takes
//! everything else out of a document. Nothing is invented: resources, conditions and statement ids stay as
//! they are, and of the actions a part stays.
//!
//! # Invariants
//! - What is left allows nothing that the document did not allow (`tests/rightsize.rs`).
//! - A Deny stays word for word, and so does a document of which any part is in doubt.
//! - What was used stays, wherever the document allowed it.

mod beside;
mod lean;
mod needs;
mod recorded;
mod table;
mod unseen;
mod write;

use std::collections::BTreeSet;

use crate::document::{Document, Effect, Statement};
use crate::facts::{ActionSet, facts};
use crate::json::{self, Member, Node, Value};
use crate::reach::Actions;
use crate::span::Span;
pub use beside::privileged;
use lean::Lean;
pub use needs::{Called, Needs, Reason, Sight};
pub use recorded::{data_types, services_with_data_events};
pub use unseen::{is_never_seen, is_unseen};

/// What must stay: known actions, and services of which every action must.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    actions: ActionSet,
    /// By prefix in small letters; also services that the table of actions does not know.
    services: BTreeSet<String>,
    /// The known actions of both.
    all: ActionSet,
    /// Actions that stay where a document names them itself, and not where a wildcard covers them.
    if_named: ActionSet,
}

/// A document after [`narrow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    /// What is left, without white space between its parts; none when nothing is.
    pub text: Option<String>,
    /// What became of each statement, as they are written.
    pub fates: Vec<Fate>,
    /// The known actions that the document allowed anywhere and allows nowhere now.
    pub dropped: ActionSet,
    /// The known actions that it still allows somewhere.
    pub left: ActionSet,
    /// The services of [`Kept`] of which something stayed here.
    pub services: BTreeSet<String>,
    /// Patterns that stayed because the table of actions knows nothing that they cover.
    pub not_known: BTreeSet<String>,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is as it was.
    Whole,
    /// It allows fewer actions.
    Narrowed,
    /// Nothing of it was used.
    Gone,
}

/// A document that is left as it is, because not all of it can be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the document is left as it is, since a part of it is in doubt: {0}")]
pub struct InDoubt(String);

impl Kept {
    /// These actions, and all of these services, by prefix.
    #[must_use]
    pub fn new(actions: ActionSet, services: impl IntoIterator<Item = String>) -> Self {
        let services: BTreeSet<String> =
            services.into_iter().map(|prefix| prefix.to_ascii_lowercase()).collect();
        let mut all = actions.clone();
        let known = services.iter().filter_map(|prefix| facts().service(prefix));
        all.extend(known.flat_map(|service| service.actions().iter().map(|action| action.id())));
        Self { actions, services, all, if_named: ActionSet::empty() }
    }

    /// With actions that stay besides where a document names them itself.
    #[must_use]
    pub fn or_named(self, if_named: ActionSet) -> Self {
        Self { if_named, ..self }
    }

    /// With these services whole, too.
    #[must_use]
    pub fn with_services(&self, services: impl IntoIterator<Item = String>) -> Self {
        let services = self.services.iter().cloned().chain(services);
        Self::new(self.actions.clone(), services).or_named(self.if_named.clone())
    }

    /// The actions that must stay by themselves.
    #[must_use]
    pub fn actions(&self) -> &ActionSet {
        &self.actions
    }

    /// The actions that stay only where a document names them itself.
    #[must_use]
    pub fn if_named(&self) -> &ActionSet {
        &self.if_named
    }

    /// The services that must stay whole.
    #[must_use]
    pub fn services(&self) -> &BTreeSet<String> {
        &self.services
    }

    /// Whatever must stay by either, as for a policy that several hold.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            actions: self.actions.union(&other.actions),
            services: self.services.union(&other.services).cloned().collect(),
            all: self.all.union(&other.all),
            if_named: self.if_named.union(&other.if_named),
        }
    }
}

impl Narrowed {
    /// Whether the document is another one now.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.fates.iter().any(|fate| *fate != Fate::Whole)
    }
}

/// An identity policy without the actions that need not stay.
///
/// # Errors
/// A part of the document cannot be told, so nothing is taken out of it.
pub fn narrow(text: &str, kept: &Kept) -> Result<Narrowed, InDoubt> {
    let in_doubt = |cause: String| InDoubt(cause);
    let text = Document::decode(text).map_err(|error| in_doubt(error.to_string()))?;
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let document = Document::parse(text).map_err(|error| in_doubt(error.to_string()))?;
    if let Some(problem) = document.problems.first() {
        return Err(in_doubt(problem.fault.to_string()));
    }
    let mut root = json::parse(text).map_err(|error| in_doubt(error.to_string()))?;
    let mut narrowing = Narrowing::new(kept);
    let left: Vec<Option<Vec<String>>> =
        document.statements.iter().map(|statement| narrowing.statement(statement)).collect();
    let Narrowing { fates, before, after, services, not_known, .. } = narrowing;
    let statements = statements(&mut root).ok_or_else(|| in_doubt("no statements".to_owned()))?;
    if statements.len() != left.len() {
        return Err(in_doubt("statements that were not read".to_owned()));
    }
    rewrite(statements, left, &fates);
    let text = (!statements.is_empty()).then(|| write::compact(&root));
    let dropped = before.difference(&after);
    Ok(Narrowed { text, fates, dropped, left: after, services, not_known })
}

/// A document as people like to read it; none for a text that is no JSON.
#[must_use]
pub fn pretty(text: &str) -> Option<String> {
    json::parse(text).ok().map(|root| write::pretty(&root))
}

struct Narrowing<'k> {
    kept: &'k Kept,
    fates: Vec<Fate>,
    before: ActionSet,
    after: ActionSet,
    services: BTreeSet<String>,
    not_known: BTreeSet<String>,
}

impl<'k> Narrowing<'k> {
    fn new(kept: &'k Kept) -> Self {
        Self {
            kept,
            fates: Vec::new(),
            before: ActionSet::empty(),
            after: ActionSet::empty(),
            services: BTreeSet::new(),
            not_known: BTreeSet::new(),
        }
    }

    /// The actions of a statement that is to be another one.
    fn statement(&mut self, statement: &Statement) -> Option<Vec<String>> {
        if statement.effect == Effect::Deny {
            self.fates.push(Fate::Whole);
            return None;
        }
        let before = match &statement.not_actions {
            Some(excluded) => Actions::all_but(excluded),
            None => Actions::of(&statement.actions),
        };
        self.before.union_with(before.known());
        let mut lean = Lean::new(self.kept, statement);
        let is_told = match &statement.not_actions {
            Some(excluded) => lean.all_but(excluded, before.known()),
            None => {
                statement.actions.iter().for_each(|pattern| lean.pattern(pattern));
                true
            }
        };
        let is_same = statement.not_actions.is_none() && lean.are(&statement.actions);
        let patterns = lean.patterns();
        if !is_told || is_same {
            self.after.union_with(before.known());
            self.fates.push(Fate::Whole);
        } else {
            self.after.union_with(Actions::of(&patterns).known());
            self.fates.push(if patterns.is_empty() { Fate::Gone } else { Fate::Narrowed });
        }
        self.services.append(&mut lean.services);
        self.not_known.append(&mut lean.not_known);
        (is_told && !is_same).then_some(patterns)
    }
}

/// The statements of a document, as a list.
fn statements(root: &mut Node) -> Option<&mut Vec<Node>> {
    let Value::Members(members) = &mut root.value else { return None };
    let found = members.iter_mut().find(|one| one.name.eq_ignore_ascii_case("Statement"))?;
    if let Value::Members(_) = found.value.value {
        let one = found.value.clone();
        found.value.value = Value::List(vec![one]);
    }
    match &mut found.value.value {
        Value::List(items) => Some(items),
        _ => None,
    }
}

/// Gives the statements their new actions, and takes those out that have none.
fn rewrite(statements: &mut Vec<Node>, left: Vec<Option<Vec<String>>>, fates: &[Fate]) {
    for (statement, patterns) in statements.iter_mut().zip(left) {
        let (Some(patterns), Value::Members(members)) = (patterns, &mut statement.value) else {
            continue;
        };
        for member in members {
            let is_action = |name: &str| member.name.eq_ignore_ascii_case(name);
            if is_action("Action") || is_action("NotAction") {
                *member = actions(&patterns);
            }
        }
    }
    let mut fates = fates.iter();
    statements.retain(|_| fates.next() != Some(&Fate::Gone));
}

fn actions(patterns: &[String]) -> Member {
    let nowhere = Span::new(0, 0);
    let text = |text: &String| Node { span: nowhere, value: Value::Text(text.clone()) };
    let value = match patterns {
        [one] => Value::Text(one.clone()),
        several => Value::List(several.iter().map(text).collect()),
    };
    Member { name: "Action".to_owned(), name_span: nowhere, value: Node { span: nowhere, value } }
}
