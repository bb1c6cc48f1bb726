//! From JSON members to statements and their places, noting what does not fit.

use super::places::{ConditionPlaces, Element, ElementPlaces, StatementPlaces};
use super::values::{effect, merge, merge_principals, one_or_many, text, texts};
use super::{Document, Effect, Fault, Principals, Problem, Statement};
use crate::condition::Condition;
use crate::json::{Member, Node, Value};
use crate::span::Span;

/// Faults of one part, with their places.
pub(super) type Faults = Vec<(Fault, Span)>;

/// Reads the members of a document. Every fault becomes a problem.
pub(super) fn document(span: Span, members: &[Member]) -> Document {
    let mut document = Document::default();
    document.places.document = span;
    let mut faults = Faults::new();
    let mut seen = Seen::default();
    let mut statements: Option<Vec<&Node>> = None;
    for member in members {
        let Some(element) = seen.element(member, Element::OF_DOCUMENT, &mut faults) else {
            continue;
        };
        let mut places = ElementPlaces::of(element, member);
        match element {
            Element::Version => document.version = text(&mut places, &member.value, &mut faults),
            Element::Id => document.id = text(&mut places, &member.value, &mut faults),
            _ => statements.get_or_insert_default().extend(one_or_many(&member.value)),
        }
        document.places.elements.push(places);
    }
    if statements.is_none() {
        faults.push((Fault::NoStatement, span));
    }
    document.note(None, faults);
    for (index, node) in statements.unwrap_or_default().into_iter().enumerate() {
        let mut faults = Faults::new();
        let (statement, mut places) = statement(node, &mut faults);
        if let Some(statement) = statement {
            places.kept = Some(document.statements.len());
            document.places.written.push(index);
            document.statements.push(statement);
        }
        document.places.statements.push(places);
        document.note(Some(index), faults);
    }
    document
}

impl Document {
    fn note(&mut self, statement: Option<usize>, faults: Faults) {
        let problem = |(fault, span)| Problem { statement, fault, span };
        self.problems.extend(faults.into_iter().map(problem));
    }
}

/// Elements as they come, before they are judged together.
#[derive(Default)]
struct Draft {
    sid: Option<String>,
    effect: Option<Effect>,
    principals: Option<Principals>,
    not_principals: Option<Principals>,
    actions: Option<Vec<String>>,
    not_actions: Option<Vec<String>>,
    resources: Option<Vec<String>>,
    not_resources: Option<Vec<String>>,
    conditions: Vec<Condition>,
    places: StatementPlaces,
}

fn statement(node: &Node, faults: &mut Faults) -> (Option<Statement>, StatementPlaces) {
    let places = StatementPlaces { span: node.span, ..StatementPlaces::default() };
    let Value::Members(members) = &node.value else {
        faults.push((Fault::NotAStatement, node.span));
        return (None, places);
    };
    let mut draft = Draft { places, ..Draft::default() };
    let mut seen = Seen::default();
    for member in members {
        if let Some(element) = seen.element(member, Element::OF_STATEMENT, faults) {
            draft.set(element, member, faults);
        }
    }
    draft.finish(faults)
}

impl Draft {
    fn set(&mut self, element: Element, member: &Member, faults: &mut Faults) {
        let mut places = ElementPlaces::of(element, member);
        let (at, value) = (&mut places, &member.value);
        match element {
            Element::Sid => self.sid = text(at, value, faults),
            Element::Effect => self.effect = effect(at, value, faults),
            Element::Principal => merge_principals(&mut self.principals, at, value, faults),
            Element::NotPrincipal => merge_principals(&mut self.not_principals, at, value, faults),
            Element::Action => merge(&mut self.actions, at, value, faults),
            Element::NotAction => merge(&mut self.not_actions, at, value, faults),
            Element::Resource => merge(&mut self.resources, at, value, faults),
            Element::NotResource => merge(&mut self.not_resources, at, value, faults),
            Element::Condition => self.add_conditions(value, faults),
            Element::Version | Element::Id | Element::Statement => {}
        }
        self.places.elements.push(places);
    }

    /// Reads every condition that can be read, so that all have their places; one fault costs the
    /// statement.
    fn add_conditions(&mut self, value: &Node, faults: &mut Faults) {
        let form = |span: Span| (Fault::Form("Condition"), span);
        let Value::Members(operators) = &value.value else {
            faults.push(form(value.span));
            return;
        };
        note_doubled(operators, faults);
        for operator in operators {
            self.places.operators.push((operator.name_span, operator.value.span));
            let Value::Members(keys) = &operator.value.value else {
                faults.push(form(operator.value.span));
                continue;
            };
            note_doubled(keys, faults);
            for key in keys {
                let (texts, values) = match texts(&key.value) {
                    Ok(read) => read,
                    Err(span) => {
                        faults.push(form(span));
                        continue;
                    }
                };
                self.conditions.push(Condition {
                    operator: operator.name.clone(),
                    key: key.name.clone(),
                    values: texts,
                });
                self.places.conditions.push(ConditionPlaces {
                    operator: operator.name_span,
                    key: key.name_span,
                    value: key.value.span,
                    values,
                });
            }
        }
    }

    fn finish(self, faults: &mut Faults) -> (Option<Statement>, StatementPlaces) {
        let both = [
            (Element::Principal, Element::NotPrincipal),
            (Element::Action, Element::NotAction),
            (Element::Resource, Element::NotResource),
        ];
        for (plain, negated) in both {
            if !self.is_missing(plain)
                && !self.is_missing(negated)
                && let Some(place) = self.places.element(negated)
            {
                faults.push((Fault::Both(plain.name()), place.name));
            }
        }
        let complains = |faults: &Faults| faults.iter().any(|(f, _)| f.costs_the_statement());
        if self.actions.is_none() && self.not_actions.is_none() && !complains(faults) {
            faults.push((Fault::NoAction, self.places.span));
        }
        if self.places.element(Element::Effect).is_none() {
            faults.push((Fault::NoEffect, self.places.span));
        }
        let Some(effect) = self.effect.filter(|_| !complains(faults)) else {
            return (None, self.places);
        };
        let statement = Statement {
            sid: self.sid,
            effect,
            principals: self.principals.unwrap_or(Principals::List(Vec::new())),
            not_principals: self.not_principals,
            actions: self.actions.unwrap_or_default(),
            not_actions: self.not_actions,
            resources: self.resources.unwrap_or_default(),
            not_resources: self.not_resources,
            conditions: self.conditions,
        };
        (Some(statement), self.places)
    }

    /// Whether an element is absent, or of a form that could not be read.
    fn is_missing(&self, element: Element) -> bool {
        match element {
            Element::Principal => self.principals.is_none(),
            Element::NotPrincipal => self.not_principals.is_none(),
            Element::Action => self.actions.is_none(),
            Element::NotAction => self.not_actions.is_none(),
            Element::Resource => self.resources.is_none(),
            Element::NotResource => self.not_resources.is_none(),
            _ => false,
        }
    }
}

impl ElementPlaces {
    fn of(element: Element, member: &Member) -> Self {
        Self { element, name: member.name_span, value: member.value.span, values: Vec::new() }
    }
}

/// Which elements came already.
#[derive(Default)]
struct Seen(Vec<Element>);

impl Seen {
    /// The element of this name, in any case; notes unknown and doubled ones.
    fn element(
        &mut self,
        member: &Member,
        known: &'static [Element],
        faults: &mut Faults,
    ) -> Option<Element> {
        let name = &member.name;
        let Some(element) = known.iter().find(|k| k.name().eq_ignore_ascii_case(name)) else {
            faults.push((Fault::UnknownElement(name.clone()), member.name_span));
            return None;
        };
        if self.0.contains(element) {
            faults.push((Fault::Twice(name.clone()), member.name_span));
        } else {
            self.0.push(*element);
        }
        Some(*element)
    }
}

/// Notes names that stand twice in one object, in any case: AWS compares them so.
pub(super) fn note_doubled(members: &[Member], faults: &mut Faults) {
    let mut seen = std::collections::HashSet::new();
    for member in members {
        if !seen.insert(member.name.to_ascii_lowercase()) {
            faults.push((Fault::Twice(member.name.clone()), member.name_span));
        }
    }
}
