//! From a parsed rule to an [`Expression`], with every reference resolved or refused.

use rsigma_parser::{
    ConditionExpr, Detection, Detections, Quantifier, SelectorPattern, detection_name_matches,
};

use super::expression::{Expression, Item};
use super::modifier::{self, Placeholders};

/// Compiles a detection section: its conditions, any of which will do.
pub(crate) fn compile(
    detections: &Detections,
    placeholders: &Placeholders,
) -> Result<Expression, String> {
    let conditions = detections
        .conditions
        .iter()
        .map(|condition| condition_of(condition, detections, placeholders))
        .collect::<Result<Vec<_>, _>>()?;
    if conditions.is_empty() {
        return Err("the condition is an empty list; name at least one selection".to_owned());
    }
    // A selection that no condition names is compiled too, so that its faults are not hidden.
    for (name, detection) in &detections.named {
        detection_of(detection, placeholders).map_err(|cause| format!("`{name}`: {cause}"))?;
    }
    Ok(any(conditions))
}

fn condition_of(
    condition: &ConditionExpr,
    detections: &Detections,
    placeholders: &Placeholders,
) -> Result<Expression, String> {
    let several = |parts: &[ConditionExpr]| {
        parts
            .iter()
            .map(|part| condition_of(part, detections, placeholders))
            .collect::<Result<Vec<_>, _>>()
    };
    match condition {
        ConditionExpr::And(parts) => several(parts).map(Expression::All),
        ConditionExpr::Or(parts) => several(parts).map(any),
        ConditionExpr::Not(part) => {
            condition_of(part, detections, placeholders).map(|part| Expression::Not(Box::new(part)))
        }
        ConditionExpr::Identifier(name) => match detections.named.get(name) {
            Some(detection) => {
                detection_of(detection, placeholders).map_err(|cause| format!("`{name}`: {cause}"))
            }
            None => Err(format!(
                "the condition names `{name}`, which is not defined; the rule has {}",
                listed(detections)
            )),
        },
        ConditionExpr::Selector { quantifier, pattern } => {
            let mut names: Vec<&String> =
                detections.named.keys().filter(|name| selects(pattern, name)).collect();
            names.sort();
            if names.is_empty() {
                return Err(format!(
                    "`{condition}` fits no selection; the rule has {}",
                    listed(detections)
                ));
            }
            let parts = names
                .iter()
                .filter_map(|name| detections.named.get(*name))
                .map(|detection| detection_of(detection, placeholders))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(match quantifier {
                Quantifier::Any => any(parts),
                Quantifier::All => Expression::All(parts),
                Quantifier::Count(wanted) => Expression::AtLeast(*wanted, parts),
            })
        }
    }
}

/// Whether a pattern of a condition such as `selection_*` takes in this name; `*` may stand
/// anywhere and often.
pub(crate) fn selects(pattern: &SelectorPattern, name: &str) -> bool {
    match pattern {
        SelectorPattern::Them => !name.starts_with('_'),
        SelectorPattern::Pattern(pattern) if pattern.matches('*').count() < 2 => {
            detection_name_matches(pattern, name)
        }
        SelectorPattern::Pattern(pattern) => {
            let text = rsigma_parser::SigmaString::new(pattern);
            super::pattern::Pattern::new(&super::pattern::tokens(&text), true).is_match(name)
        }
    }
}

fn listed(detections: &Detections) -> String {
    let mut names: Vec<String> = detections.named.keys().map(|name| format!("`{name}`")).collect();
    names.sort();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn detection_of(detection: &Detection, placeholders: &Placeholders) -> Result<Expression, String> {
    let item = |item| modifier::compile(item, placeholders).map(Expression::Item);
    match detection {
        Detection::AllOf(items) if items.is_empty() => Err(nothing()),
        Detection::AnyOf(parts) | Detection::And(parts) if parts.is_empty() => Err(nothing()),
        Detection::Keywords(values) if values.is_empty() => Err(nothing()),
        Detection::AllOf(items) => {
            items.iter().map(item).collect::<Result<Vec<_>, _>>().map(Expression::All)
        }
        Detection::AnyOf(parts) => parts
            .iter()
            .map(|part| detection_of(part, placeholders))
            .collect::<Result<Vec<_>, _>>()
            .map(any),
        Detection::And(parts) => parts
            .iter()
            .map(|part| detection_of(part, placeholders))
            .collect::<Result<Vec<_>, _>>()
            .map(Expression::All),
        Detection::Keywords(values) => item(&rsigma_parser::DetectionItem {
            field: rsigma_parser::FieldSpec::new(None, Vec::new()),
            values: values.clone(),
        }),
        Detection::ArrayMatch { field, .. } => Err(format!(
            "`{field}[...]` is not part of Sigma 2.1; a plain `{field}` matches any element"
        )),
        Detection::Conditional { .. } => {
            Err("a condition inside a selection is not part of Sigma 2.1".to_owned())
        }
    }
}

fn nothing() -> String {
    "an empty selection; give at least one field or keyword".to_owned()
}

fn any(mut parts: Vec<Expression>) -> Expression {
    match parts.len() {
        1 => parts.remove(0),
        _ => Expression::Any(parts),
    }
}

/// Every item of an expression, for those who want to know its fields.
pub(crate) fn items<'e>(expression: &'e Expression, out: &mut Vec<&'e Item>) {
    match expression {
        Expression::All(parts) | Expression::Any(parts) | Expression::AtLeast(_, parts) => {
            parts.iter().for_each(|part| items(part, out));
        }
        Expression::Not(part) => items(part, out),
        Expression::Item(item) => out.push(item),
    }
}
