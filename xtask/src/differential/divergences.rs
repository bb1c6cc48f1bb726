//! Where the reference is not AWS: the written list of known divergences.
//!
//! A divergence is a *rewriting*: it says the same to AWS in other words, which the reference gets
//! right. The reference is always asked the rewritten case, so an entry excuses nothing: our
//! evaluator must say what the reference says about the same case in words that it understands.
//! (One cannot be said in a single case; it is asked besides, and an allow of either counts.)
//!
//! `docs/policy-divergences.md` is made from this table (`cargo xtask differential --bless`).

mod principals;
mod text;
mod values;

use serde_json::Value;

/// One known divergence.
pub(crate) struct Divergence {
    pub(crate) id: &'static str,
    /// What the reference does.
    pub(crate) reference: &'static str,
    /// What AWS does.
    pub(crate) aws: &'static str,
    /// The page that says so.
    pub(crate) source: &'static str,
    /// How the case is put to the reference instead.
    pub(crate) rewriting: &'static str,
    /// Whether the rewritten case is asked besides the other, and an allow of either counts.
    pub(crate) is_besides: bool,
    /// Rewrites a case; `false` when it has nothing to do with this divergence.
    pub(crate) rewrite: fn(&mut Value) -> bool,
}

/// All of them, in the order in which they are applied.
pub(crate) const ALL: &[Divergence] = &[
    text::VARIABLES_BEFORE_2012,
    text::VARIABLE_WITHOUT_VALUE,
    text::VARIABLE_IN_BARE_NAME,
    text::SHORT_PATTERN_IN_RCP,
    values::ESCAPE_IN_EQUALS,
    values::EPOCH_AGAINST_ISO,
    values::PREFIX_OF_ZERO,
    values::BARE_ADDRESS,
    principals::ROOT_USER,
    principals::FEDERATED_WITHOUT_SESSION_POLICY,
    principals::SESSION_POLICY_BYPASS,
    principals::SERVICE_LINKED_ROLE,
    principals::MISSING_TRUST_POLICY,
    principals::RCP_OF_OTHER_SERVICE,
    principals::ENDPOINT_PRINCIPAL,
];

/// What the reference is asked about one case.
pub(crate) struct Questions {
    /// The case in words that the reference understands, then what is asked besides.
    pub(crate) cases: Vec<Value>,
    /// The divergences that had something to say.
    pub(crate) applied: Vec<&'static str>,
}

/// Puts a case into words that the reference understands, all divergences or all but one.
pub(crate) fn questions(case: &Value, left_out: Option<&str>) -> Questions {
    let mut main = case.clone();
    let mut applied = Vec::new();
    let in_use = || ALL.iter().filter(|divergence| Some(divergence.id) != left_out);
    for divergence in in_use().filter(|divergence| !divergence.is_besides) {
        if (divergence.rewrite)(&mut main) {
            applied.push(divergence.id);
        }
    }
    let mut cases = vec![main.clone()];
    for divergence in in_use().filter(|divergence| divergence.is_besides) {
        let mut besides = main.clone();
        if (divergence.rewrite)(&mut besides) {
            cases.push(besides);
            applied.push(divergence.id);
        }
    }
    Questions { cases, applied }
}

/// The page for readers.
pub(crate) fn page() -> String {
    let mut page = String::from(HEAD);
    for divergence in ALL {
        page.push_str(&format!(
            "\n## `{}`\n\n- AWS: {}\n- The reference: {}\n- Put to the reference as: {}\n- Source: {}\n",
            divergence.id,
            divergence.aws,
            divergence.reference,
            divergence.rewriting,
            divergence.source
        ));
    }
    page
}

const HEAD: &str = "# Where the reference evaluator is not AWS

<!-- Made by `cargo xtask differential --bless` from xtask/src/differential/divergences.rs. -->

`cargo xtask differential` compares our evaluator with `@cloud-copilot/iam-simulate` on generated cases. Where the two
differ, the documentation of AWS decides. The differences below are known, and nothing else is excused: each is a way to put
the same case to the reference in other words, of which the reference then says what AWS would. Our evaluator is asked the case
itself. The run counts for each entry the cases in which it made a difference. What AWS does not define (a set operator with `IfExists` and no value, `Null` on an empty list, numbers that are
none under a negated operator, a Deny with `NotPrincipal` that leaves out an account or role of whom it lists, wildcards in the service of an action) is not generated.
";

/// Calls `visit` with every policy document of a case.
pub(super) fn each_document(case: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    for kind in super::count::KINDS {
        if let Some(value) = case.get_mut(kind) {
            documents(value, visit);
        }
    }
}

pub(super) fn documents(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| documents(item, visit)),
        Value::Object(_) => visit(value),
        _ => {}
    }
}

/// The statements of a document, one or many.
pub(super) fn statements(document: &mut Value) -> Vec<&mut serde_json::Map<String, Value>> {
    match document.get_mut("Statement") {
        Some(Value::Array(items)) => items.iter_mut().filter_map(Value::as_object_mut).collect(),
        Some(Value::Object(one)) => vec![one],
        _ => Vec::new(),
    }
}

/// Operators of a statement's condition block with what stands under them.
pub(super) fn conditions(
    statement: &mut serde_json::Map<String, Value>,
) -> Vec<(&str, &mut Value)> {
    match statement.get_mut("Condition") {
        Some(Value::Object(block)) => {
            block.iter_mut().map(|(name, under)| (name.as_str(), under)).collect()
        }
        _ => Vec::new(),
    }
}

/// Changes every string in a value; says whether one became another.
pub(super) fn change_texts(value: &mut Value, change: &dyn Fn(&str) -> Option<String>) -> bool {
    match value {
        Value::String(text) => match change(text) {
            Some(new) => {
                *text = new;
                true
            }
            None => false,
        },
        Value::Array(items) => {
            items.iter_mut().fold(false, |is_changed, item| change_texts(item, change) | is_changed)
        }
        Value::Object(members) => members
            .values_mut()
            .fold(false, |is_changed, item| change_texts(item, change) | is_changed),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn the_page_is_made_from_the_table() {
        let kept = workspace::read(&workspace::root().join(super::super::PAGE)).unwrap();
        assert_eq!(kept, page(), "run `cargo xtask differential --bless`");
    }

    #[test]
    fn ids_are_different() {
        let mut ids: Vec<&str> = ALL.iter().map(|divergence| divergence.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
    }
}
