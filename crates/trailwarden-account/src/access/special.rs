//! Documents with what is known of a principal put in, so that a symbolic answer is about him. What
//! they say to everybody alike is read once for all.
//!
//! Conditions on keys that depend on the principal alone, or on the time, are decided and drop out, or
//! take their statement with them; variables become text. What is not known stays as it is written,
//! and so does a window of time that is open now and will close.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".

mod filled;

use trailwarden_model::Timestamp;
use trailwarden_policy::evaluate::Context;
use trailwarden_policy::reach::{ActionsOf, Part};
use trailwarden_policy::{Condition, Document, Effect, Statement};

use super::hour::{END, is_met, is_time};
use super::principal::Principal;
use filled::put_in;

/// Keys that depend on the principal alone or on the time, in lower case; the last is a family.
const KEYS: [&str; 10] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:tokenissuetime",
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
            let mut lacking = Vec::new();
            let special = specialised(statement, document, principal, &context, &mut lacking);
            if let Some(statement) = special {
                part.add_for(document, &statement, actions, &lacking);
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
    lacking: &mut Vec<String>,
) -> Option<Statement> {
    let has_variables = document.version.as_deref() == Some("2012-10-17");
    let mut statement = statement.clone();
    if has_variables && !put_in(&mut statement, principal, lacking) {
        return None;
    }
    let mut is_met = true;
    let allows = statement.effect == Effect::Allow;
    let holds_at = |condition: &Condition, now: Option<Timestamp>| {
        holds(condition, has_variables, principal, context, now)
    };
    let holds_for_ever = |condition: &Condition| {
        !is_time(&condition.key.to_ascii_lowercase())
            || holds_at(condition, Some(END)) == Some(true)
    };
    statement.conditions.retain(|condition| match holds_at(condition, principal.now) {
        Some(true) if allows && !holds_for_ever(condition) => true,
        Some(met) => {
            is_met &= met;
            false
        }
        None => true,
    });
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
        || bytes.windows(9).any(|window| {
            [b"aws:princ", b"aws:curre", b"aws:epoch", b"aws:token"]
                .iter()
                .any(|start| window.eq_ignore_ascii_case(*start))
        })
}

/// Whether a condition holds in every request of the principal at that time; none when it depends.
fn holds(
    condition: &Condition,
    has_variables: bool,
    principal: &Principal,
    context: &Context,
    now: Option<Timestamp>,
) -> Option<bool> {
    let key = condition.key.to_ascii_lowercase();
    let is_ours =
        KEYS.iter().any(|known| key == *known || known.ends_with('/') && key.starts_with(known));
    if !is_ours {
        return None;
    }
    let context = principal.tell_at(&key, context.clone(), now);
    is_met(condition, has_variables, &context)
}
