//! What is wrong with a line that is no case, in the words of a case and not of a JSON reader: which
//! field, what it takes, and what it has.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use trailwarden_model::escape;
use trailwarden_policy::cases::Values;
use trailwarden_policy::nearest::nearest;

/// Characters of a stranger's word that a message repeats.
const WORD_CHARS_MAX: usize = 64;

/// A field of a case.
struct Field {
    name: &'static str,
    is_needed: bool,
    takes: &'static str,
    fits: fn(&str) -> bool,
}

const fn needed(name: &'static str, takes: &'static str) -> Field {
    Field { name, is_needed: true, takes, fits: is::<String> }
}

const fn flag(name: &'static str) -> Field {
    Field { name, is_needed: false, takes: "true or false", fits: is::<bool> }
}

const fn anything(name: &'static str, takes: &'static str) -> Field {
    Field { name, is_needed: false, takes, fits: |_| true }
}

const fn field(name: &'static str, takes: &'static str, fits: fn(&str) -> bool) -> Field {
    Field { name, is_needed: false, takes, fits }
}

/// The fields of a case, in the order in which the page lists them.
const FIELDS: [Field; 20] = [
    needed("principal", "a text: an ARN or `anonymous`"),
    needed("action", "a text: `service:Name`"),
    needed("resource", "a text: an ARN or `*`"),
    anything("id", "anything"),
    field("resourceAccount", "a text: an account id of 12 digits", is::<Option<String>>),
    field("context", "an object: keys and their values", is::<BTreeMap<String, Values>>),
    flag("contextComplete"),
    field("unknownContext", "a list of keys", is::<Vec<String>>),
    field("identityPolicies", "a list of policies", is::<Vec<Box<RawValue>>>),
    anything("resourcePolicy", "a policy"),
    field("scps", "a list of policies for each level, in a list", is::<Vec<Vec<Box<RawValue>>>>),
    field("rcps", "a list of policies for each level, in a list", is::<Vec<Vec<Box<RawValue>>>>),
    anything("boundary", "a policy"),
    anything("sessionPolicy", "a policy or a list of them"),
    field("endpointPolicies", "a list of policies", is::<Vec<Box<RawValue>>>),
    flag("wildcardOnly"),
    flag("managementAccount"),
    flag("resourceInManagementAccount"),
    flag("serviceLinkedRole"),
    flag("awsManagedKey"),
];

/// The members of an object, those that stand there twice too.
struct Members(Vec<(String, Box<RawValue>)>);

/// The id of the case, as far as it can be read, and what is wrong with the line.
pub(super) fn of(line: &str) -> (Option<serde_json::Value>, String) {
    let members = match serde_json::from_str::<&RawValue>(line) {
        Err(error) => return (None, not_json(&error)),
        Ok(_) => match serde_json::from_str::<Members>(line) {
            Ok(Members(members)) => members,
            Err(_) => {
                return (None, format!("a case is one JSON object; this is {}", what(line)));
            }
        },
    };
    let id = members.iter().find(|(name, _)| name == "id");
    let id = id.and_then(|(_, value)| serde_json::from_str(value.get()).ok());
    let misfit = members.iter().enumerate().find_map(|(at, (name, value))| {
        let is_second = members.iter().take(at).any(|(earlier, _)| earlier == name);
        if is_second {
            Some(format!("{} is given twice", shown(name)))
        } else {
            misfit(name, value)
        }
    });
    let missing = || {
        let has = |name: &str| members.iter().any(|(given, _)| given == name);
        let field = FIELDS.iter().find(|field| field.is_needed && !has(field.name))?;
        Some(format!("`{}` is missing; it takes {}", field.name, field.takes))
    };
    let fault = misfit.or_else(missing);
    (id, fault.unwrap_or_else(|| "a field has a value that it does not take".to_owned()))
}

fn not_json(error: &serde_json::Error) -> String {
    let column = error.column();
    match error.classify() {
        Category::Eof => {
            "the case is cut short; write each as one JSON object on a line of its own".to_owned()
        }
        _ => format!(
            "not JSON at column {column}; check commas, quotes and brackets there, and write one \
             object per line"
        ),
    }
}

/// What is wrong with one member.
fn misfit(name: &str, value: &RawValue) -> Option<String> {
    let Some(field) = FIELDS.iter().find(|field| field.name == name) else {
        let near = nearest(name, FIELDS.iter().map(|field| field.name));
        let help = near
            .map_or_else(|| "leave it out".to_owned(), |near| format!("did you mean `{near}`?"));
        return Some(format!("{} is no field of a case; {help}", shown(name)));
    };
    let value = value.get();
    if (field.fits)(value) {
        return None;
    }
    let differs = |of: &str, takes: &str, value: &str| {
        let more = if value.trim_start().starts_with('[') && takes.contains("a list") {
            " of something else"
        } else {
            ""
        };
        Some(format!("{of} takes {takes}, and has {}{more}", what(value)))
    };
    if name == "context"
        && let Ok(Members(keys)) = serde_json::from_str(value)
        && let Some((key, value)) = keys.iter().find(|(_, value)| !is::<Values>(value.get()))
    {
        let of = format!("`context`: {}", shown(key));
        return differs(&of, "a text, a number, true or false, or a list of these", value.get());
    }
    differs(&format!("`{name}`"), field.takes, value)
}

fn is<T: DeserializeOwned>(text: &str) -> bool {
    serde_json::from_str::<T>(text).is_ok()
}

/// What a JSON value is, by how it begins.
fn what(value: &str) -> &'static str {
    match value.trim_start().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn shown(word: &str) -> String {
    format!("`{}`", escape::visible(&escape::shorten(word, WORD_CHARS_MAX)))
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Members;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use trailwarden_policy::cases::Case;

    use super::*;

    const GOOD: &str = r#""principal":"anonymous","action":"s3:GetObject","resource":"*""#;

    fn said(line: &str) -> String {
        assert!(Case::parse(line).is_err(), "{line}");
        of(line).1
    }

    #[test]
    fn the_fields_are_those_of_a_case() {
        let error = Case::parse(r#"{"":1}"#).unwrap_err().to_string();
        let (_, listed) = error.split_once("expected one of ").unwrap();
        let mut listed: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
        let mut known: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, listed);
    }

    #[test]
    fn a_value_fits_where_a_case_takes_it() {
        let values = [
            "null",
            "true",
            "1",
            r#""x""#,
            "[]",
            r#"["x"]"#,
            "[[]]",
            "[[{}]]",
            "{}",
            r#"{"k":{}}"#,
        ];
        for field in &FIELDS {
            for value in values {
                let others = GOOD.split_inclusive(',').filter(|one| !one.contains(field.name));
                let others = others.collect::<String>();
                let line =
                    format!(r#"{{{},"{}":{value}}}"#, others.trim_end_matches(','), field.name);
                assert_eq!((field.fits)(value), Case::parse(&line).is_ok(), "{line}");
            }
        }
    }

    #[test]
    fn the_field_and_what_it_takes_are_named() {
        let with = |member: &str| said(&format!("{{{GOOD},{member}}}"));
        for (got, wanted) in [
            (said(r#"{"id":8}"#), "`principal` is missing; it takes a text: an ARN or `anonymous`"),
            (with(r#""acton":1"#), "`acton` is no field of a case; did you mean `action`?"),
            (with(r#""colour":1"#), "`colour` is no field of a case; leave it out"),
            (with(r#""action":"a:B""#), "`action` is given twice"),
            (
                with(r#""contextComplete":"no""#),
                "`contextComplete` takes true or false, and has a text",
            ),
            (with(r#""scps":[{}]"#), "for each level, in a list, and has a list of something else"),
            (
                with(r#""context":{"k":{}}"#),
                "`context`: `k` takes a text, a number, true or false, or",
            ),
            (
                with(r#""context":{"k":[{}]}"#),
                "or a list of these, and has a list of something else",
            ),
            (with(r#""context":[]"#), "`context` takes an object: keys and their values, and has"),
            (said("[]"), "a case is one JSON object; this is a list"),
            (said("{"), "the case is cut short"),
            (said(r#"{"id":1,}"#), "not JSON at column 9"),
            (said("{} {}"), "not JSON at column 4"),
            (with("\"\u{1b}[31m\":1"), "not JSON at column"),
            (with(r#""\u001b[31m":1"#), "`\\u{1b}[31m` is no field"),
        ] {
            assert!(got.contains(wanted), "{wanted}\n{got}");
        }
        assert_eq!(of(r#"{"id":8}"#).0, Some(8.into()));
    }
}
