//! Texts with policy variables and wildcards.

use super::compares;
use crate::facts::ValueType;
use crate::lint::StatementView;
use crate::span::Span;

/// A `${...}` in a text of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable<'t> {
    /// Between the braces; to the end of the text when nothing closes it.
    pub inner: &'t str,
    /// Whether it is closed.
    pub is_closed: bool,
}

impl<'t> Variable<'t> {
    /// Whether it stands for a character: `${*}`, `${?}` and `${$}`.
    pub fn is_escape(&self) -> bool {
        matches!(self.inner, "*" | "?" | "$")
    }

    /// The key, without a default value.
    pub fn key(&self) -> &'t str {
        self.inner.split(',').next().unwrap_or_default().trim()
    }
}

/// The variables of a text, in order.
pub fn variables(text: &str) -> impl Iterator<Item = Variable<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once("${")?;
        let (variable, next) = match after.split_once('}') {
            Some((inner, next)) => (Variable { inner, is_closed: true }, next),
            None => (Variable { inner: after, is_closed: false }, ""),
        };
        rest = next;
        Some(variable)
    })
}

/// The texts of a statement that variables may stand in, where they hold any: resources and the
/// values of text and ARN conditions.
pub fn texts_with_variables<'d>(
    view: &StatementView<'d>,
) -> impl Iterator<Item = (&'d str, Span)> + use<'d> {
    let mut texts: Vec<(&'d str, Span)> =
        view.resources().map(|part| (part.text, part.span)).collect();
    for condition in view.conditions() {
        if matches!(compares(&condition.operator), Some(ValueType::String | ValueType::Arn)) {
            texts.extend(condition.values());
        }
    }
    texts.into_iter().filter(|(text, _)| text.contains("${"))
}

/// Whether a text has `*` or `?` outside `${...}`.
pub fn has_wildcard(text: &str) -> bool {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if before.contains(['*', '?']) {
            return true;
        }
        rest = after.split_once('}').map_or("", |(_, next)| next);
    }
    rest.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_and_wildcards_in_them_are_none() {
        let found: Vec<_> = variables("a${b:c, 'x'}${*}${d").collect();
        assert_eq!(found.iter().map(Variable::key).collect::<Vec<_>>(), ["b:c", "*", "d"]);
        assert!(found[1].is_escape() && found[1].is_closed && !found[2].is_closed);
        assert!(!has_wildcard("a${*}b") && has_wildcard("a${*}b?") && has_wildcard("*${x"));
    }
}
