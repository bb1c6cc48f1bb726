//! From JSON members to statements, noting what does not fit.

use super::node::Node;
use super::{Document, Effect, Fault, Principal, PrincipalKind, Principals, Problem, Statement};
use crate::condition::Condition;

type Members = Vec<(String, Node)>;

/// Reads the members of a document. Every fault becomes a problem.
pub(super) fn document(members: Members) -> Document {
    let mut document = Document::default();
    let mut faults = Vec::new();
    let mut seen = Seen::default();
    let mut statements: Option<Vec<Node>> = None;
    for (name, value) in members {
        match seen.element(&name, &["Version", "Id", "Statement"], &mut faults) {
            Some("Version") => document.version = text("Version", value, &mut faults),
            Some("Id") => document.id = text("Id", value, &mut faults),
            Some(_) => statements.get_or_insert_default().append(&mut one_or_many(value)),
            None => {}
        }
    }
    if statements.is_none() {
        faults.push(Fault::NoStatement);
    }
    document.note(None, faults);
    for (index, node) in statements.unwrap_or_default().into_iter().enumerate() {
        let mut faults = Vec::new();
        let statement = statement(node, &mut faults);
        document.statements.extend(statement);
        document.note(Some(index), faults);
    }
    document
}

impl Document {
    fn note(&mut self, statement: Option<usize>, faults: Vec<Fault>) {
        let problems = faults.into_iter().map(|fault| Problem { statement, fault });
        self.problems.extend(problems);
    }
}

const ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

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
}

fn statement(node: Node, faults: &mut Vec<Fault>) -> Option<Statement> {
    let Node::Members(members) = node else {
        faults.push(Fault::NotAStatement);
        return None;
    };
    let mut draft = Draft::default();
    let mut seen = Seen::default();
    for (name, value) in members {
        if let Some(element) = seen.element(&name, ELEMENTS, faults) {
            draft.set(element, value, faults);
        }
    }
    draft.finish(faults)
}

impl Draft {
    fn set(&mut self, element: &'static str, value: Node, faults: &mut Vec<Fault>) {
        match element {
            "Sid" => self.sid = text(element, value, faults),
            "Effect" => self.effect = effect(value, faults),
            "Principal" => merge_principals(&mut self.principals, element, value, faults),
            "NotPrincipal" => merge_principals(&mut self.not_principals, element, value, faults),
            "Action" => merge(&mut self.actions, element, value, faults),
            "NotAction" => merge(&mut self.not_actions, element, value, faults),
            "Resource" => merge(&mut self.resources, element, value, faults),
            "NotResource" => merge(&mut self.not_resources, element, value, faults),
            _ => match conditions(value) {
                Some(mut read) => self.conditions.append(&mut read),
                None => faults.push(Fault::Form("Condition")),
            },
        }
    }

    fn finish(self, faults: &mut Vec<Fault>) -> Option<Statement> {
        if self.principals.is_some() && self.not_principals.is_some() {
            faults.push(Fault::Both("Principal"));
        }
        if self.actions.is_some() && self.not_actions.is_some() {
            faults.push(Fault::Both("Action"));
        }
        if self.resources.is_some() && self.not_resources.is_some() {
            faults.push(Fault::Both("Resource"));
        }
        let complains = |faults: &[Fault]| faults.iter().any(Fault::costs_the_statement);
        if self.actions.is_none() && self.not_actions.is_none() && !complains(faults) {
            faults.push(Fault::NoAction);
        }
        if self.effect.is_none() && !faults.contains(&Fault::Effect) {
            faults.push(Fault::Effect);
        }
        if complains(faults) {
            return None;
        }
        Some(Statement {
            sid: self.sid,
            effect: self.effect?,
            principals: self.principals.unwrap_or(Principals::List(Vec::new())),
            not_principals: self.not_principals,
            actions: self.actions.unwrap_or_default(),
            not_actions: self.not_actions,
            resources: self.resources.unwrap_or_default(),
            not_resources: self.not_resources,
            conditions: self.conditions,
        })
    }
}

/// Which elements came already.
#[derive(Default)]
struct Seen(Vec<&'static str>);

impl Seen {
    /// The element of this name, in any case; notes unknown and doubled ones.
    fn element(
        &mut self,
        name: &str,
        known: &[&'static str],
        faults: &mut Vec<Fault>,
    ) -> Option<&'static str> {
        let Some(element) = known.iter().find(|k| k.eq_ignore_ascii_case(name)) else {
            faults.push(Fault::UnknownElement(name.to_owned()));
            return None;
        };
        if self.0.contains(element) {
            faults.push(Fault::Twice(name.to_owned()));
        } else {
            self.0.push(element);
        }
        Some(element)
    }
}

fn effect(value: Node, faults: &mut Vec<Fault>) -> Option<Effect> {
    let Node::Text(text) = value else {
        faults.push(Fault::Effect);
        return None;
    };
    let effect = if text.eq_ignore_ascii_case("Allow") {
        Effect::Allow
    } else if text.eq_ignore_ascii_case("Deny") {
        Effect::Deny
    } else {
        faults.push(Fault::Effect);
        return None;
    };
    if !matches!(text.as_str(), "Allow" | "Deny") {
        faults.push(Fault::EffectCase(text));
    }
    Some(effect)
}

fn text(element: &'static str, value: Node, faults: &mut Vec<Fault>) -> Option<String> {
    match value {
        Node::Text(text) => Some(text),
        Node::Null | Node::List(_) | Node::Members(_) => {
            faults.push(Fault::Form(element));
            None
        }
    }
}

fn merge(
    into: &mut Option<Vec<String>>,
    element: &'static str,
    value: Node,
    faults: &mut Vec<Fault>,
) {
    match texts(value) {
        Some(mut read) => into.get_or_insert_default().append(&mut read),
        None => faults.push(Fault::Form(element)),
    }
}

fn merge_principals(
    into: &mut Option<Principals>,
    element: &'static str,
    value: Node,
    faults: &mut Vec<Fault>,
) {
    let read = match principals(value) {
        Ok(read) => read,
        Err(fault) => {
            faults.push(fault.unwrap_or(Fault::Form(element)));
            return;
        }
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

/// `Err(None)` is a wrong form; `Err(Some(_))` a fault of its own.
fn principals(value: Node) -> Result<Principals, Option<Fault>> {
    let members = match value {
        Node::Text(text) if text == "*" => return Ok(Principals::Any),
        Node::Members(members) => members,
        Node::Null | Node::Text(_) | Node::List(_) => return Err(None),
    };
    let mut list = Vec::new();
    for (key, value) in members {
        let kinds = [
            ("AWS", PrincipalKind::Aws),
            ("Service", PrincipalKind::Service),
            ("Federated", PrincipalKind::Federated),
            ("CanonicalUser", PrincipalKind::CanonicalUser),
        ];
        let Some((_, kind)) = kinds.into_iter().find(|(k, _)| k.eq_ignore_ascii_case(&key)) else {
            return Err(Some(Fault::UnknownPrincipalKind(key)));
        };
        let values = texts(value).ok_or(None)?;
        list.extend(values.into_iter().map(|value| Principal { kind, value }));
    }
    Ok(Principals::List(list))
}

fn conditions(value: Node) -> Option<Vec<Condition>> {
    let Node::Members(operators) = value else {
        return None;
    };
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let Node::Members(keys) = keys else {
            return None;
        };
        for (key, values) in keys {
            conditions.push(Condition { operator: operator.clone(), key, values: texts(values)? });
        }
    }
    Some(conditions)
}

fn texts(value: Node) -> Option<Vec<String>> {
    one_or_many(value)
        .into_iter()
        .map(|node| match node {
            Node::Text(text) => Some(text),
            Node::Null | Node::List(_) | Node::Members(_) => None,
        })
        .collect()
}

fn one_or_many(value: Node) -> Vec<Node> {
    match value {
        Node::List(list) => list,
        one => vec![one],
    }
}
