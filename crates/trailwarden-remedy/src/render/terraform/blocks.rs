//! Arguments and blocks of a resource, from the parameters of a call.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::calls::{Call, Filled, Kind, Terraform, method};
use crate::documents;
use crate::plan::{Argument, Expected, Part, Step};
use crate::render::quote::{hcl, hcl_value};

/// The arguments of the resource of a call, and whether the call sets them or only takes them for granted;
/// a text that begins with a line's end is blocks.
pub(super) fn arguments(call: &Call, step: &Step) -> BTreeMap<&'static str, (String, bool)> {
    let Terraform::Resource { arguments, .. } = call.terraform else {
        return BTreeMap::new();
    };
    let filled = arguments.iter().map(|(name, filled)| {
        let is_set = !matches!(filled, Filled::Known(_));
        Some((*name, (argument(call, step, name, filled)?, is_set)))
    });
    filled.flatten().collect()
}

fn argument(call: &Call, step: &Step, name: &str, filled: &Filled) -> Option<String> {
    let plain = |parameter: &str| step.input.get(parameter).and_then(Argument::as_plain);
    match filled {
        Filled::Parameter(parameter) => {
            let value = plain(parameter)?;
            let kind = call.parameter(parameter).map(|parameter| parameter.kind);
            if kind == Some(Kind::Document) {
                let document = documents::parse(value.as_str()?)?;
                return Some(format!("jsonencode({})", hcl_value(&document, 2)));
            }
            Some(hcl_value(value, 2))
        }
        Filled::Else(parameter, otherwise) => Some(
            plain(parameter).map_or_else(|| (*otherwise).to_owned(), |value| hcl_value(value, 2)),
        ),
        Filled::Flag(flag) => Some(flag.to_string()),
        Filled::Member(parameter, member) => {
            plain(parameter)?.get(member).map(|value| hcl_value(value, 2))
        }
        Filled::Listed(parameter) => Some(format!("[{}]", hcl(plain(parameter)?.as_str()?))),
        Filled::Known(member) => known(step, member).map(|value| hcl_value(value, 2)),
        Filled::Blocks(parameter) => {
            let mut out = String::new();
            for item in plain(parameter)?.as_array()? {
                write_block(name, item, 2, &mut out);
            }
            Some(out)
        }
    }
}

/// What a precondition says that a member is.
fn known<'a>(step: &'a Step, member: &str) -> Option<&'a Value> {
    step.preconditions.iter().find_map(|check| match (&check.expected, check.path.last()) {
        (Expected::Equals(Argument::Plain(value)), Some(Part::Member(name))) if name == member => {
            Some(value)
        }
        _ => None,
    })
}

/// A structure as a block: lists of structures are blocks in it, named in the singular.
fn write_block(name: &str, value: &Value, indent: usize, out: &mut String) {
    let space = " ".repeat(indent);
    let _ = writeln!(out, "\n{space}{name} {{");
    for (member, value) in value.as_object().into_iter().flatten() {
        let name = method(member);
        let is_blocks = value.as_array().is_some_and(|items| items.iter().any(Value::is_object));
        if is_blocks {
            let singular = name.trim_end_matches('s');
            for item in value.as_array().into_iter().flatten() {
                write_block(singular, item, indent + 2, out);
            }
        } else if value.as_array().is_none_or(|items| !items.is_empty()) {
            let _ = writeln!(out, "{space}  {name} = {}", hcl_value(value, indent + 2));
        }
    }
    let _ = writeln!(out, "{space}}}");
}

/// A resource's label of its id: what Terraform does not allow in names is replaced, and the rest of
/// the id told by a number, so that different ids have different labels.
pub(super) fn label(id: &str) -> String {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let plain: String =
        id.chars().map(|c| if is_allowed(c) { c.to_ascii_lowercase() } else { '_' }).collect();
    let number = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("tw_{plain}_{:08x}", number & 0xffff_ffff)
}
