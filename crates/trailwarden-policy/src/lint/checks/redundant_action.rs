//! An action that another pattern of the same list covers.

use std::collections::HashMap;

use crate::lint::prelude::*;
use crate::pattern::action_matches;
use crate::reach::Glob;

/// See the fields.
pub static CHECK: Check = Check {
    id: "redundant-action",
    title: "Action that another one covers",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "The list holds a wider pattern, or the same action again, so nothing changes without this one. It hides how wide the list is.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "REDUNDANT_ACTION")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":["s3:GetObject","s3:Get*"],"Resource":"*""#)
            .at(r#""s3:GetObject""#),
        Example::identity(
            r#""Effect":"Allow","Action":["s3:PutObject", "S3:putobject"],"Resource":"*""#,
        )
        .at(r#""S3:putobject""#),
        Example::scp(r#""Effect":"Deny","NotAction":["iam:Get*","iam:?et*"],"Resource":"*""#)
            .at(r#""iam:Get*""#),
    ],
    quiet_on: &[Example::identity(
        r#""Effect":"Allow","Action":["s3:GetObject","s3:Get*Acl","s3:Ge?","s3:*Object?"],"Resource":"*""#,
    )],
};

/// Patterns beyond these are not held against the rest of the list.
const PATTERNS_MAX: usize = 50;

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let patterns: Vec<(usize, &str)> = view
        .actions()
        .map(|part| part.text)
        .enumerate()
        .filter(|(_, text)| is_pattern(text))
        .take(PATTERNS_MAX)
        .collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, part) in view.actions().enumerate() {
        let text = part.text;
        let first = *seen.entry(text.to_ascii_lowercase()).or_insert(at);
        let wider = patterns.iter().find(|(other, pattern)| {
            // Of two that mean the same, the first stands for both.
            *other != at && covers(pattern, text) && (*other < at || !covers(text, pattern))
        });
        let (message, fix) = match wider {
            _ if first != at => {
                (format!("{} stands in the list already", quoted(text)), "remove it".to_owned())
            }
            Some((_, wider)) => (
                format!("{} is covered by {}", quoted(text), quoted(wider)),
                format!("remove it, or remove {} if that is too wide", quoted(wider)),
            ),
            None => continue,
        };
        found.at(part.span, view.index, message, fix);
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether a pattern covers all that another text covers. To a pattern without `?`, the other's
/// wildcards are letters like any that only a `*` takes, so matching the text is enough.
fn covers(pattern: &str, text: &str) -> bool {
    match pattern.contains('?') {
        true => Glob::action(pattern).covers(&Glob::action(text)),
        false => is_pattern(pattern) && action_matches(pattern, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching_the_text_is_as_good_as_comparing_sets() {
        let texts =
            ["s3:*", "s3:Get*", "s3:G*t", "s3:G?t", "s3:?et", "*", "s3:**", "s3:Get", "s3:g*"];
        for pattern in texts.iter().filter(|text| is_pattern(text)) {
            for text in texts {
                let expected = Glob::action(pattern).covers(&Glob::action(text));
                assert_eq!(covers(pattern, text), expected, "{pattern} {text}");
            }
        }
    }
}
