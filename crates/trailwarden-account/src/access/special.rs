//! Documents with what is known of a principal put in, so that a symbolic answer is about him. What
//! they say to everybody alike is read once for all.
//!
//! Conditions on keys that depend on the principal alone are decided and drop out, or take their
//! statement with them; variables become text. What is not known stays as it is written.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".

use trailwarden_policy::evaluate::{
    Caller, Compiled, Context, Entity, Input, Outcome, Request, decide,
};
use trailwarden_policy::reach::{ActionsOf, Part};
use trailwarden_policy::{Condition, Document, PolicyKind, Statement};

use super::principal::Principal;

/// Keys that depend on the principal alone, in lower case; the last is a family.
const KEYS: [&str; 7] = [
    "aws:username",
    "aws:userid",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principaltype",
    "aws:principalisawsservice",
    "aws:principaltag/",
];

/// What a document says, apart for each of those to whom it says something else.
#[derive(Debug)]
pub(crate) struct Wording {
    /// To everybody alike.
    common: Part,
    /// The places of the statements that depend on who asks, with their actions.
    personal: Vec<(usize, ActionsOf)>,
}

impl Wording {
    pub(crate) fn of(text: &str, document: &Document) -> Self {
        if !mentions(text) {
            return Self { common: Part::of(document), personal: Vec::new() };
        }
        let mut wording = Self { common: Part::none_of(document), personal: Vec::new() };
        let statements = document.statements.iter().zip(ActionsOf::statements(document));
        for (at, (statement, actions)) in statements.enumerate() {
            match is_personal(statement) {
                true => wording.personal.push((at, actions)),
                false => wording.common.add(document, statement, &actions),
            }
        }
        wording
    }

    /// What it says to everybody alike.
    pub(super) fn common(&self) -> &Part {
        &self.common
    }

    /// What it says to one principal beside that, if anything.
    pub(super) fn to(&self, document: &Document, principal: &Principal) -> Option<Part> {
        if self.personal.is_empty() {
            return None;
        }
        let context = principal.context();
        let mut part = Part::none_of(document);
        for (at, actions) in &self.personal {
            let Some(statement) = document.statements.get(*at) else { continue };
            if let Some(statement) = specialised(statement, document, principal, &context) {
                part.add(document, &statement, actions);
            }
        }
        Some(part)
    }
}

/// The statement for this principal; none when it never applies to him.
fn specialised(
    statement: &Statement,
    document: &Document,
    principal: &Principal,
    context: &Context,
) -> Option<Statement> {
    let has_variables = document.version.as_deref() == Some("2012-10-17");
    let mut statement = statement.clone();
    let mut is_met = true;
    statement.conditions.retain(|condition| {
        match holds(condition, has_variables, principal, context) {
            Some(met) => {
                is_met &= met;
                false
            }
            None => true,
        }
    });
    if has_variables {
        put_in(&mut statement, principal);
    }
    is_met.then_some(statement)
}

/// Whether a statement may name a key of the principal.
fn is_personal(statement: &Statement) -> bool {
    let texts = statement.resources.iter().chain(statement.not_resources.iter().flatten());
    let mut conditions = statement.conditions.iter();
    texts.into_iter().any(|text| mentions(text))
        || conditions.any(|condition| {
            mentions(&condition.key) || condition.values.iter().any(|value| mentions(value))
        })
}

/// Whether a text may name a key of the principal. An escape could hide one.
fn mentions(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.contains(&b'\\')
        || bytes.windows(5).any(|window| window.eq_ignore_ascii_case(b"aws:u"))
        || bytes.windows(9).any(|window| window.eq_ignore_ascii_case(b"aws:princ"))
}

/// Whether a condition holds in every request of the principal; none when it depends.
fn holds(
    condition: &Condition,
    has_variables: bool,
    principal: &Principal,
    context: &Context,
) -> Option<bool> {
    let key = condition.key.to_ascii_lowercase();
    let is_ours =
        KEYS.iter().any(|known| key == *known || known.ends_with('/') && key.starts_with(known));
    if !is_ours {
        return None;
    }
    let context = match principal.key(&key) {
        Some(Some(value)) => context.clone().with(&key, &value),
        Some(None) => context.clone().without(&key),
        None => context.clone(),
    };
    let statement =
        Statement { conditions: vec![condition.clone()], ..Statement::allowing_everything() };
    let document = Document {
        version: has_variables.then(|| "2012-10-17".to_owned()),
        statements: vec![statement],
        ..Document::default()
    };
    let identity = [Compiled::new("", &document, PolicyKind::Identity)];
    let entity = Entity { arn: "", partition: "", account: "000000000000", name: "" };
    let request = Request::new(Caller::User(entity), "s3:ListAllMyBuckets", "*", &context);
    match decide(&Input { identity: &identity, ..Input::new(request) }) {
        Outcome::Allow => Some(true),
        Outcome::ImplicitDeny | Outcome::ExplicitDeny => Some(false),
        Outcome::Unknown => None,
    }
}

/// Puts known values in the place of variables, in resources and in the values of conditions.
fn put_in(statement: &mut Statement, principal: &Principal) {
    let resources = statement.resources.iter_mut();
    let others = statement.not_resources.iter_mut().flatten();
    let values = statement.conditions.iter_mut().flat_map(|condition| &mut condition.values);
    for text in resources.chain(others).chain(values) {
        if let Some(put) = replaced(text, principal) {
            *text = put;
        }
    }
}

/// The text with each variable of the principal replaced; none when it has none.
fn replaced(text: &str, principal: &Principal) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut is_changed = false;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push_str("${");
            rest = after;
            continue;
        };
        let key = name.split(',').next().unwrap_or_default().trim().to_ascii_lowercase();
        match principal.key(&key) {
            // In a value, these three are only themselves.
            Some(Some(value)) if !value.contains(['*', '?', '$']) => {
                out.push_str(&value);
                is_changed = true;
            }
            _ => {
                out.push_str("${");
                out.push_str(name);
                out.push('}');
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    is_changed.then_some(out)
}
