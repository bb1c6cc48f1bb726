//! A policy variable that is not written as one.

use crate::lint::conditions::{Variable, texts_with_variables, variables};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "malformed-variable",
    title: "Malformed variable",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A variable is written `${key}` or `${key, 'default'}`; anything else names no key, so the text that holds it matches nothing.",
    source: "IAM User Guide, \"IAM policy elements: Variables and tags\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_BRACE_IN_VARIABLE"), (Tool::AccessAnalyzer, "MISSING_QUOTE_IN_VARIABLE"), (Tool::AccessAnalyzer, "UNSUPPORTED_SPACE_IN_VARIABLE"), (Tool::AccessAnalyzer, "EMPTY_VARIABLE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username/*""#).at(r#""arn:aws:s3:::b/${aws:username/*""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${}""#).at(r#""arn:aws:s3:::b/${}""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${aws:PrincipalTag/team, 'none}"}}"#).at(r#""${aws:PrincipalTag/team, 'none}""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${ aws:username }"}}"#).at(r#""${ aws:username }""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${aws:PrincipalTag/team,'none'}"}}"#).at(r#""${aws:PrincipalTag/team,'none'}""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/${aws:username}/${*}","arn:aws:s3:::b/${aws:PrincipalTag/cost center, 'no one'}"]"#),
Example::document(PolicyKind::Identity, r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username"}]}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !input.knows_variables() {
        return;
    }
    for (text, span) in texts_with_variables(view) {
        let Some((fault, fix)) = variables(text).find_map(fault) else {
            continue;
        };
        found.at(span, view.index, format!("{} has a variable {fault}", quoted(text)), fix);
    }
}

fn fault(variable: Variable<'_>) -> Option<(&'static str, &'static str)> {
    if !variable.is_closed {
        return Some(("without a closing brace", "write `}` after the variable"));
    }
    if variable.inner.trim().is_empty() {
        return Some(("without a key", "write the key between the braces, or remove the variable"));
    }
    let (key, default) = match variable.inner.split_once(',') {
        Some((key, default)) => (key, Some(default)),
        None => (variable.inner, None),
    };
    // A tag's name may hold spaces.
    let head = key.split('/').next().unwrap_or_default();
    if head.contains(char::is_whitespace) || key.trim() != key {
        return Some(("with a space in its key", "remove the space"));
    }
    let default = default?;
    let is_quoted = default.trim().len() > 1
        && default.trim().starts_with('\'')
        && default.trim().ends_with('\'');
    if !is_quoted {
        return Some((
            "whose default value lacks a quote",
            "put the default value in single quotes",
        ));
    }
    // Comma and one space, as the page has it.
    let is_spaced = default.strip_prefix(' ').is_some_and(|rest| rest.starts_with('\''));
    (!is_spaced).then_some((
        "without a comma and one space before its default value",
        "write `${key, 'default'}`",
    ))
}
