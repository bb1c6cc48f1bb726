//! Characters in ARNs and actions that nobody sees, or takes for others.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "hidden-character",
    title: "Character that cannot be seen or looks like another",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A blank at the end, a character without width or a letter of another alphabet makes a text that no ARN or action equals, although it looks right. An Allow gives nothing, and a Deny is a hole.",
    source: "IAM User Guide, \"IAM JSON policy elements: Resource\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::app/* ""#,
        )
        .at(r#""arn:aws:s3:::app/* ""#),
        Example::identity(
            "\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::my\u{200b}bucket/*\"",
        ),
        Example::identity(
            r#""Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::\u0430pp/*""#,
        ),
        Example::identity(
            r#""Effect":"Deny","Action":"s3:GetObj\u0435ct","Resource":"arn:aws:s3:::app/*""#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/\u0430pp"},"Action":"sts:AssumeRole""#,
        ),
    ],
    quiet_on: &[
        // Names of objects may hold what they like.
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::app/\u0444\u043e\u0442\u043e/*","arn:aws:s3:::app/na\u00efve file.txt"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::app/*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let actions = view.actions().map(|part| (part.text, part.span, true));
    let resources = view.resources().map(|part| (part.text, part.span, false));
    let principals =
        view.principals().map(|part| (part.principal.value.as_str(), part.span, false));
    for (text, span, is_action) in actions.chain(resources).chain(principals) {
        let Some(wrong) = Wrong::of(text, is_action) else {
            continue;
        };
        let (what, fix) = match wrong {
            Wrong::BlankAtTheEnd => ("ends with a blank".to_owned(), "remove the blank"),
            Wrong::Unseen(c) => (
                format!("has a character that cannot be seen, U+{:04X}", u32::from(c)),
                "type the text anew, without it",
            ),
            Wrong::LookAlike(c) => (
                format!("has a letter of another alphabet, U+{:04X}", u32::from(c)),
                "type the text anew in plain Latin letters",
            ),
        };
        found.at(span, view.index, format!("{} {what}", quoted(text)), fix);
    }
}

/// What is wrong with a text.
enum Wrong {
    BlankAtTheEnd,
    Unseen(char),
    LookAlike(char),
}

impl Wrong {
    fn of(text: &str, is_action: bool) -> Option<Self> {
        if text.is_ascii() {
            let is_padded = text.ends_with(|c: char| c.is_ascii_whitespace());
            // A text of blanks alone, or one that begins with them, is told by other checks.
            let is_first = text.starts_with(|c: char| c.is_ascii_whitespace());
            return (is_padded && !is_first).then_some(Wrong::BlankAtTheEnd);
        }
        if let Some(c) = text.chars().find(|c| is_unseen(*c)) {
            return Some(Wrong::Unseen(c));
        }
        if text.ends_with(char::is_whitespace) {
            return Some(Wrong::BlankAtTheEnd);
        }
        if is_action {
            return text.chars().find(|c| !c.is_ascii()).map(Wrong::LookAlike);
        }
        // What follows the first slash of an S3 resource is the name of an object, in any language.
        // What a template leaves open stands there as U+FFFC.
        let rigid = match text.split_once(":s3:::") {
            Some((_, resource)) => {
                let key = resource.find('/').map_or(0, |at| resource.len() - at);
                text.get(..text.len() - key).unwrap_or(text)
            }
            None => text,
        };
        rigid.chars().find(|c| looks_latin(*c)).map(Wrong::LookAlike)
    }
}

/// Without width, or as wide as a blank and none: never meant, wherever it stands.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{a0}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202f}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

/// Greek, Cyrillic, Armenian, Cherokee and letters of full width: those that pass for Latin ones.
fn looks_latin(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}' | '\u{ff01}'..='\u{ff5e}')
}
