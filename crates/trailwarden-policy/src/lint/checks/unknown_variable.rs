//! A policy variable that no request fills in.

use crate::facts::global_keys;
use crate::lint::conditions::{Variable, known_key, texts_with_variables, variables};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-variable",
    title: "Unknown variable",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "A variable without a value matches nothing, and neither does the text around it: an Allow gives nothing, a Deny denies nothing, and a negated condition holds. A key with several values cannot be a variable.",
    source: "IAM User Guide, \"IAM policy elements: Variables and tags\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:usrname}/*""#).at(r#""arn:aws:s3:::b/${aws:usrname}/*""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${aws:TagKeys}"}}"#).at(r#""${aws:TagKeys}""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${username}"}}"#).at(r#""${username}""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/${aws:username}/${*}","arn:aws:s3:::b/${www.amazon.com:user_id}","arn:aws:s3:::b/${aws:PrincipalTag/${x}"]"#),
Example::document(PolicyKind::Identity, r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${usrname}"}]}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !input.knows_variables() {
        return;
    }
    for (text, span) in texts_with_variables(view) {
        let Some((key, why)) = variables(text).find_map(flaw) else {
            continue;
        };
        let names = global_keys().filter(|_| !found.is_full()).map(|known| known.name);
        let fix = match crate::nearest::nearest(key, names) {
            Some(near) if known_key(key).is_none() => format!("did you mean `${{{near}}}`?"),
            _ => "use a key that has one value in every request that is meant".to_owned(),
        };
        let message = format!("{} in {} {why}", quoted(&format!("${{{key}}}")), quoted(text));
        found.at(span, view.index, message, fix);
    }
}

fn flaw(variable: Variable<'_>) -> Option<(&str, &'static str)> {
    let key = variable.key();
    // What is malformed, and what belongs to a provider of one's own, is not for here.
    let is_odd = key.is_empty() || key.contains(char::is_whitespace) || key.contains("${");
    if !variable.is_closed || variable.is_escape() || is_odd {
        return None;
    }
    match known_key(key) {
        Some(known) if known.key_type.is_multivalued => Some((key, "can have several values")),
        Some(_) => None,
        None => {
            let prefix = key.split_once(':').map(|(prefix, _)| prefix);
            let is_ours = prefix
                .is_none_or(|p| p.eq_ignore_ascii_case("aws") || facts().service(p).is_some());
            is_ours.then_some((key, "is not a known key"))
        }
    }
}
