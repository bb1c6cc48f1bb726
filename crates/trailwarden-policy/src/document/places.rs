//! Where the parts of a document stand, for whoever points at them.
//!
//! Statements count as they are written, those that were left out too; [`Places::written_index`]
//! leads from a kept one to its place. Within a statement, values stand in the order of the lists
//! of [`super::Statement`], so that the third of `actions` has the third place, also when an element
//! stands twice.

use std::fmt;

use crate::span::Span;

/// The elements of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element {
    /// `Version`.
    Version,
    /// `Id`.
    Id,
    /// `Statement`.
    Statement,
    /// `Sid`.
    Sid,
    /// `Effect`.
    Effect,
    /// `Principal`.
    Principal,
    /// `NotPrincipal`.
    NotPrincipal,
    /// `Action`.
    Action,
    /// `NotAction`.
    NotAction,
    /// `Resource`.
    Resource,
    /// `NotResource`.
    NotResource,
    /// `Condition`.
    Condition,
}

impl Element {
    /// The elements of a document.
    pub const OF_DOCUMENT: &[Element] = &[Element::Version, Element::Id, Element::Statement];
    /// The elements of a statement.
    pub const OF_STATEMENT: &[Element] = &[
        Element::Sid,
        Element::Effect,
        Element::Principal,
        Element::NotPrincipal,
        Element::Action,
        Element::NotAction,
        Element::Resource,
        Element::NotResource,
        Element::Condition,
    ];

    /// Its name, as AWS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Element::Version => "Version",
            Element::Id => "Id",
            Element::Statement => "Statement",
            Element::Sid => "Sid",
            Element::Effect => "Effect",
            Element::Principal => "Principal",
            Element::NotPrincipal => "NotPrincipal",
            Element::Action => "Action",
            Element::NotAction => "NotAction",
            Element::Resource => "Resource",
            Element::NotResource => "NotResource",
            Element::Condition => "Condition",
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the parts of a document stand.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The whole document.
    pub document: Span,
    /// `Version`, `Id` and `Statement`, in order of the text; one twice when it stands twice.
    pub elements: Vec<ElementPlaces>,
    /// Every statement as written, left out or not.
    pub statements: Vec<StatementPlaces>,
    /// Values that a template leaves open, in order; their text says nothing
    /// ([`crate::locate::UNKNOWN`]).
    pub unknown: Vec<Span>,
    /// For every kept statement, which one it is as written.
    pub(super) written: Vec<usize>,
}

/// Where the parts of a statement stand.
#[derive(Debug, Clone, Default)]
pub struct StatementPlaces {
    /// The whole statement.
    pub span: Span,
    /// Its index in [`super::Document::statements`]; `None` when it was left out.
    pub kept: Option<usize>,
    /// Its elements in order of the text; one twice when it stands twice.
    pub elements: Vec<ElementPlaces>,
    /// Names of operators in `Condition`, each with the object of its keys, also an empty one.
    pub operators: Vec<(Span, Span)>,
    /// One per operator and key, in the order of [`super::Statement::conditions`].
    pub conditions: Vec<ConditionPlaces>,
}

/// Where an element stands.
#[derive(Debug, Clone)]
pub struct ElementPlaces {
    /// Which one.
    pub element: Element,
    /// Its name, with quotes.
    pub name: Span,
    /// Its whole value, with quotes or brackets.
    pub value: Span,
    /// Its texts one by one; none for `Statement` and `Condition`.
    pub values: Vec<ValuePlace>,
}

/// Where one value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValuePlace {
    /// The value, with its quotes.
    pub span: Span,
    /// For a principal, the key that it stands under.
    pub key: Option<Span>,
    /// Whether it is a number or Boolean, without quotes.
    pub is_literal: bool,
}

/// Where one condition stands.
#[derive(Debug, Clone)]
pub struct ConditionPlaces {
    /// The operator's name, with quotes; shared by all its keys.
    pub operator: Span,
    /// The key, with quotes.
    pub key: Span,
    /// The values together, with brackets when there are any.
    pub value: Span,
    /// The values one by one.
    pub values: Vec<ValuePlace>,
}

impl Places {
    /// The place of a kept statement.
    pub fn of_kept(&self, kept: usize) -> Option<&StatementPlaces> {
        self.statements.get(self.written_index(kept)?)
    }

    /// Which statement, as written, a kept one is.
    pub fn written_index(&self, kept: usize) -> Option<usize> {
        self.written.get(kept).copied()
    }

    /// An element of the document; the last when it stands twice, as that one counts.
    pub fn element(&self, element: Element) -> Option<&ElementPlaces> {
        self.elements.iter().rev().find(|place| place.element == element)
    }

    /// Whether a place lies within a value that a template leaves open.
    pub fn is_unknown(&self, span: Span) -> bool {
        let after = self.unknown.partition_point(|open| open.start <= span.start);
        let before = after.checked_sub(1).and_then(|at| self.unknown.get(at));
        before.is_some_and(|open| span.end <= open.end)
    }

    /// The innermost place there is for a statement as written, its element, and a value of that:
    /// where the value is missing, the element; where that is missing, the statement; and so on.
    pub fn find(
        &self,
        statement: Option<usize>,
        element: Option<Element>,
        value: Option<usize>,
    ) -> Span {
        let of_document = || {
            let place = element.and_then(|element| self.element(element));
            place.map_or(self.document, |place| place.value)
        };
        let place = statement.and_then(|index| self.statements.get(index));
        place.map_or_else(of_document, |place| place.find(element, value))
    }
}

impl StatementPlaces {
    /// An element; the last when it stands twice.
    pub fn element(&self, element: Element) -> Option<&ElementPlaces> {
        self.elements.iter().rev().find(|place| place.element == element)
    }

    /// The values of an element in the order of the statement's list.
    pub fn values(&self, element: Element) -> impl Iterator<Item = &ValuePlace> {
        let places = self.elements.iter().filter(move |place| place.element == element);
        places.flat_map(|place| &place.values)
    }

    /// The innermost place there is for an element and one of its values.
    pub fn find(&self, element: Option<Element>, value: Option<usize>) -> Span {
        let Some(element) = element else {
            return self.span;
        };
        let value = value.and_then(|index| self.values(element).nth(index));
        let whole = || self.element(element).map_or(self.span, |place| place.value);
        value.map_or_else(whole, |value| value.span)
    }
}
