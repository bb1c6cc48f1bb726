//! From JSON values to the texts of an element and their places.

use super::places::{ElementPlaces, ValuePlace};
use super::read::{Faults, note_doubled};
use super::{Effect, Fault, Principal, PrincipalKind, Principals};
use crate::json::{Node, Value};
use crate::span::Span;

pub(super) fn effect(at: &mut ElementPlaces, value: &Node, faults: &mut Faults) -> Option<Effect> {
    let Value::Text(text) = &value.value else {
        faults.push((Fault::Effect, value.span));
        return None;
    };
    at.values.push(ValuePlace::of(value));
    let effect = if text.eq_ignore_ascii_case("Allow") {
        Effect::Allow
    } else if text.eq_ignore_ascii_case("Deny") {
        Effect::Deny
    } else {
        faults.push((Fault::Effect, value.span));
        return None;
    };
    if !matches!(text.as_str(), "Allow" | "Deny") {
        faults.push((Fault::EffectCase(text.clone()), value.span));
    }
    Some(effect)
}

pub(super) fn text(at: &mut ElementPlaces, value: &Node, faults: &mut Faults) -> Option<String> {
    let read = one_text(value);
    match read {
        Some(_) => at.values.push(ValuePlace::of(value)),
        None => faults.push((Fault::Form(at.element.name()), value.span)),
    }
    read
}

pub(super) fn merge(
    into: &mut Option<Vec<String>>,
    at: &mut ElementPlaces,
    value: &Node,
    faults: &mut Faults,
) {
    match texts(value) {
        Ok((mut read, mut places)) => {
            into.get_or_insert_default().append(&mut read);
            at.values.append(&mut places);
        }
        Err(span) => faults.push((Fault::Form(at.element.name()), span)),
    }
}

pub(super) fn merge_principals(
    into: &mut Option<Principals>,
    at: &mut ElementPlaces,
    value: &Node,
    faults: &mut Faults,
) {
    let Some(read) = principals(at, value, faults) else {
        return;
    };
    *into = Some(match (into.take(), read) {
        (None, read) => read,
        (Some(Principals::List(mut before)), Principals::List(mut more)) => {
            before.append(&mut more);
            Principals::List(before)
        }
        (Some(Principals::Any), _) | (_, Principals::Any) => Principals::Any,
    });
}

fn principals(at: &mut ElementPlaces, value: &Node, faults: &mut Faults) -> Option<Principals> {
    let form = |span: Span| (Fault::Form(at.element.name()), span);
    let members = match &value.value {
        Value::Text(text) if text == "*" => {
            at.values.push(ValuePlace::of(value));
            return Some(Principals::Any);
        }
        Value::Members(members) => members,
        Value::Null | Value::Literal(_) | Value::Text(_) | Value::List(_) => {
            faults.push(form(value.span));
            return None;
        }
    };
    note_doubled(members, faults);
    let mut list = Vec::new();
    for member in members {
        let kinds = [
            ("AWS", PrincipalKind::Aws),
            ("Service", PrincipalKind::Service),
            ("Federated", PrincipalKind::Federated),
            ("CanonicalUser", PrincipalKind::CanonicalUser),
        ];
        let known = kinds.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(&member.name));
        let Some((_, kind)) = known else {
            faults.push((Fault::UnknownPrincipalKind(member.name.clone()), member.name_span));
            return None;
        };
        let (texts, places) = match texts(&member.value) {
            Ok(read) => read,
            Err(span) => {
                faults.push(form(span));
                return None;
            }
        };
        list.extend(texts.into_iter().map(|value| Principal { kind, value }));
        let key = Some(member.name_span);
        at.values.extend(places.into_iter().map(|place| ValuePlace { key, ..place }));
    }
    Some(Principals::List(list))
}

/// One text or many, with their places; else the place of what is neither.
pub(super) fn texts(value: &Node) -> Result<(Vec<String>, Vec<ValuePlace>), Span> {
    let nodes = one_or_many(value);
    let read = |node: &&Node| one_text(node).ok_or(node.span);
    let texts = nodes.iter().map(read).collect::<Result<_, _>>()?;
    Ok((texts, nodes.iter().map(|node| ValuePlace::of(node)).collect()))
}

impl ValuePlace {
    fn of(node: &Node) -> Self {
        let is_literal = matches!(node.value, Value::Literal(_));
        Self { span: node.span, key: None, is_literal }
    }
}

fn one_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) | Value::Literal(text) => Some(text.clone()),
        Value::Null | Value::List(_) | Value::Members(_) => None,
    }
}

pub(super) fn one_or_many(value: &Node) -> Vec<&Node> {
    match &value.value {
        Value::List(list) => list.iter().collect(),
        Value::Null | Value::Literal(_) | Value::Text(_) | Value::Members(_) => vec![value],
    }
}
