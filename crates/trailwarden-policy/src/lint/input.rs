//! What a check sees: the document, taken apart with the places of its parts.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::condition::{Condition, Operator};
use crate::document::{
    ConditionPlaces, Document, Effect, Element, Principal, Problem, Statement, StatementPlaces,
};
use crate::facts::{ActionSet, facts};
use crate::kind::PolicyKind;
use crate::pattern::is_every_action;
use crate::span::Span;

/// How many action patterns with wildcards are looked at in one document: to find what each means
/// takes a while, a set takes some kilobytes, and AWS's own longest policies have fewer.
pub(super) const PATTERNS_MAX: usize = 2048;

/// So many patterns within a service take as long as one over all services.
const ANY_SERVICE: usize = 32;

fn weight_of(pattern: &str) -> usize {
    let service = pattern.split_once(':').map_or(pattern, |(service, _)| service);
    match service.contains(['*', '?']) && !is_every_action(pattern) {
        true => ANY_SERVICE,
        false => 1,
    }
}

/// A document of a known kind.
pub struct Input<'d> {
    /// The document.
    pub document: &'d Document,
    /// The text that its places refer to.
    pub text: &'d str,
    /// What kind it is.
    pub kind: PolicyKind,
    statements: Vec<StatementView<'d>>,
    left_out: Vec<usize>,
    /// Action sets by pattern: most checks ask for the same ones, and each takes a while.
    action_sets: RefCell<HashMap<String, Rc<ActionSet>>>,
}

/// A statement that could be read, with its places.
pub struct StatementView<'d> {
    /// Which one, as written; for [`super::Found`].
    pub index: usize,
    /// The statement.
    pub statement: &'d Statement,
    /// Where its parts stand.
    pub places: &'d StatementPlaces,
}

/// One text of an element: an action, a resource.
#[derive(Debug, Clone, Copy)]
pub struct Part<'d> {
    /// The element it stands in, `Action` or `NotAction`, `Resource` or `NotResource`.
    pub element: Element,
    /// The text.
    pub text: &'d str,
    /// Where it stands.
    pub span: Span,
}

/// One principal.
#[derive(Debug, Clone, Copy)]
pub struct PrincipalPart<'d> {
    /// `Principal` or `NotPrincipal`.
    pub element: Element,
    /// The principal; `"Principal": "*"` has none and is not listed
    /// ([`crate::Principals::is_everyone`]).
    pub principal: &'d Principal,
    /// Where its text stands.
    pub span: Span,
    /// Where its key, such as `"AWS"`, stands.
    pub key: Span,
}

/// One condition.
pub struct ConditionView<'d> {
    /// The condition.
    pub condition: &'d Condition,
    /// Its operator, taken apart.
    pub operator: Operator,
    /// Where its parts stand.
    pub places: &'d ConditionPlaces,
}

impl<'d> Input<'d> {
    pub(super) fn new(document: &'d Document, text: &'d str, kind: PolicyKind) -> Self {
        let view = |(index, places): (usize, &'d StatementPlaces)| {
            let statement = document.statements.get(places.kept?)?;
            Some(StatementView { index, statement, places })
        };
        // What they mean is found here and not when it is first asked, so that no check has to spend
        // what is for all of them.
        let mut action_sets: HashMap<String, Rc<ActionSet>> = HashMap::new();
        let mut weight = 0;
        let (mut statements, mut left_out) = (Vec::new(), Vec::new());
        for view in document.places.statements.iter().enumerate().filter_map(view) {
            let texts = view.actions().map(|part| part.text).collect::<HashSet<_>>().into_iter();
            let new = |text: &&str| text.contains(['*', '?']) && !action_sets.contains_key(*text);
            let texts: Vec<&str> = texts.filter(new).collect();
            weight += texts.iter().copied().map(weight_of).sum::<usize>();
            if weight > PATTERNS_MAX {
                left_out.push(view.index);
                continue;
            }
            statements.push(view);
            let found = |text: &str| (text.to_owned(), Rc::new(facts().actions_matching(text)));
            action_sets.extend(texts.into_iter().map(found));
        }
        let action_sets = RefCell::new(action_sets);
        Self { document, text, kind, statements, left_out, action_sets }
    }

    /// The statements, as written, that were left out because the document has too many action
    /// patterns.
    pub(super) fn left_out(&self) -> &[usize] {
        &self.left_out
    }

    /// The statements that could be read, but for those that would take too long.
    pub fn statements(&self) -> &[StatementView<'d>] {
        &self.statements
    }

    /// What reading complained of.
    pub fn problems(&self) -> &'d [Problem] {
        &self.document.problems
    }

    /// The text at a place.
    pub fn text_at(&self, span: Span) -> &'d str {
        span.of(self.text)
    }

    /// Whether the version knows policy variables.
    ///
    /// Source: IAM User Guide, "IAM JSON policy elements: Version".
    pub fn knows_variables(&self) -> bool {
        self.document.version.as_deref() == Some("2012-10-17")
    }

    /// The known actions of an action pattern.
    pub fn actions_matching(&self, pattern: &str) -> Rc<ActionSet> {
        let mut sets = self.action_sets.borrow_mut();
        if let Some(set) = sets.get(pattern) {
            return Rc::clone(set);
        }
        let set = Rc::new(facts().actions_matching(pattern));
        // Names without wildcards are found at once.
        if pattern.contains(['*', '?']) || sets.len() < PATTERNS_MAX {
            sets.insert(pattern.to_owned(), Rc::clone(&set));
        }
        set
    }

    /// The known actions that a statement is about: those of `Action`, or all but those of
    /// `NotAction`.
    pub fn actions_of(&self, view: &StatementView<'_>) -> ActionSet {
        let mut set = ActionSet::empty();
        for part in view.actions() {
            set.union_with(&self.actions_matching(part.text));
        }
        match view.statement.not_actions {
            Some(_) => ActionSet::all().difference(&set),
            None => set,
        }
    }
}

impl<'d> StatementView<'d> {
    /// Whether it allows.
    pub fn allows(&self) -> bool {
        self.statement.effect == Effect::Allow
    }

    /// Whether it denies.
    pub fn denies(&self) -> bool {
        self.statement.effect == Effect::Deny
    }

    /// Whether an element is written, were it an empty list.
    pub fn has(&self, element: Element) -> bool {
        self.places.element(element).is_some()
    }

    /// The place of an element's value, else of the statement.
    pub fn span_of(&self, element: Element) -> Span {
        self.places.find(Some(element), None)
    }

    /// The texts of `Action` and `NotAction`.
    pub fn actions(&self) -> impl Iterator<Item = Part<'d>> {
        let statement = self.statement;
        self.parts(Element::Action, Some(&statement.actions))
            .chain(self.parts(Element::NotAction, statement.not_actions.as_ref()))
    }

    /// The texts of `Resource` and `NotResource`.
    pub fn resources(&self) -> impl Iterator<Item = Part<'d>> {
        let statement = self.statement;
        self.parts(Element::Resource, Some(&statement.resources))
            .chain(self.parts(Element::NotResource, statement.not_resources.as_ref()))
    }

    /// The listed principals of `Principal` and `NotPrincipal`.
    pub fn principals(&self) -> impl Iterator<Item = PrincipalPart<'d>> {
        let places = self.places;
        let parts = move |element, principals: &'d [Principal]| {
            let values = places.values(element).zip(principals);
            values.map(move |(place, principal)| PrincipalPart {
                element,
                principal,
                span: place.span,
                key: place.key.unwrap_or(place.span),
            })
        };
        let excluded = self.statement.not_principals.as_ref();
        parts(Element::Principal, self.statement.principals.listed())
            .chain(parts(Element::NotPrincipal, excluded.map_or(&[][..], |p| p.listed())))
    }

    /// The conditions, one per operator and key.
    pub fn conditions(&self) -> impl Iterator<Item = ConditionView<'d>> {
        let pairs = self.statement.conditions.iter().zip(&self.places.conditions);
        pairs.map(|(condition, places)| ConditionView {
            condition,
            operator: condition.parsed_operator(),
            places,
        })
    }

    fn parts(
        &self,
        element: Element,
        texts: Option<&'d Vec<String>>,
    ) -> impl Iterator<Item = Part<'d>> + use<'d> {
        let places = self.places;
        let texts = texts.map_or(&[][..], Vec::as_slice);
        let pairs = texts.iter().zip(places.values(element));
        pairs.map(move |(text, place)| Part { element, text, span: place.span })
    }
}

impl<'d> ConditionView<'d> {
    /// The values with their places.
    pub fn values(&self) -> impl Iterator<Item = (&'d str, Span)> {
        let pairs = self.condition.values.iter().zip(&self.places.values);
        pairs.map(|(value, place)| (value.as_str(), place.span))
    }

    /// Whether the key is this one; case does not count.
    pub fn is_key(&self, key: &str) -> bool {
        self.condition.key.eq_ignore_ascii_case(key)
    }
}
