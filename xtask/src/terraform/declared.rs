//! Declarations of a resource's arguments, as the package has them in TypeScript.
//!
//! They are written by a machine, so they are read line by line: an `interface` for the resource and one
//! for each block, a `readonly` line for each member, and above it the member's name in Terraform.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{Member, Members};

/// A member as it is declared.
struct Declared<'a> {
    /// Its name in Terraform.
    name: &'a str,
    /// Its type in TypeScript.
    of: &'a str,
    is_required: bool,
}

/// Members of each `interface`, and the name of the resource's own.
#[derive(Default)]
struct Interfaces<'a> {
    all: BTreeMap<&'a str, Vec<Declared<'a>>>,
    resource: Option<&'a str>,
}

/// The provider's version, from the address of any page of its documentation.
pub(super) fn provider(text: &str) -> Option<&str> {
    text.split("/hashicorp/aws/").nth(1)?.split('/').next()
}

/// What the resource takes.
pub(super) fn members(text: &str) -> Result<Members> {
    let interfaces = interfaces(text);
    let resource = interfaces.resource.context("no interface of a resource")?;
    of_interface(&interfaces, resource)
}

fn interfaces(text: &str) -> Interfaces<'_> {
    let mut found = Interfaces::default();
    let (mut interface, mut name) = (None, None);
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("export interface ") {
            let own = rest.split(' ').next().unwrap_or(rest);
            if rest.contains("extends cdktf.TerraformMetaArguments") {
                found.resource = Some(own);
            }
            found.all.insert(own, Vec::new());
            interface = Some(own);
        } else if line == "}" {
            interface = None;
        }
        let Some(own) = interface else { continue };
        let line = line.trim();
        if line.starts_with('*') {
            // `... Docs at Terraform Registry: {@link ADDRESS#NAME Cloudtrail#NAME}`
            let link = line.split_once("{@link ").map(|(_, link)| link);
            let anchor = link.filter(|_| line.contains("Docs at Terraform Registry"));
            name = anchor.and_then(|link| link.trim_end_matches('}').rsplit('#').next()).or(name);
        } else if let Some(member) = line.strip_prefix("readonly ")
            && let Some((spelled, of)) = member.split_once(": ")
            && let Some(name) = name.take()
        {
            let is_required = !spelled.ends_with('?');
            let of = of.trim_end_matches(';').trim_end_matches(" | cdktf.IResolvable");
            found.all.entry(own).or_default().push(Declared { name, of, is_required });
        }
    }
    found
}

fn of_interface(interfaces: &Interfaces<'_>, name: &str) -> Result<Members> {
    let declared = interfaces.all.get(name).with_context(|| format!("no interface `{name}`"))?;
    let members = declared.iter().map(|member| {
        let Declared { name, of, is_required } = *member;
        let (one, several) = of.strip_suffix("[]").map_or((of, ""), |one| (one, "[]"));
        let plain = match one {
            "string" | "number" => Some(one),
            // Either may be the result of an expression.
            "boolean" | "(boolean | cdktf.IResolvable)" => Some("boolean"),
            "{" => Some("map"),
            _ => None,
        };
        let members = match plain {
            Some(_) => Members::new(),
            None => of_interface(interfaces, one)?,
        };
        let of = format!("{}{several}", plain.unwrap_or("block"));
        Ok((name.to_owned(), Member { of, is_required, members }))
    });
    members.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made up, in the shape of the package's files.
    const TEXT: &str = "\
export interface ThingConfig extends cdktf.TerraformMetaArguments {
    /**
    * Docs at Terraform Registry: {@link https://example.net/hashicorp/aws/6.1.0/docs/thing#label Thing#label}
    */
    readonly label: string;
    /**
    * Docs at Terraform Registry: {@link https://example.net/hashicorp/aws/6.1.0/docs/thing#tags Thing#tags}
    *
    * See [more](https://example.net/#other).
    */
    readonly tags?: {
        [key: string]: string;
    };
    /**
    * rule block
    *
    * Docs at Terraform Registry: {@link https://example.net/hashicorp/aws/6.1.0/docs/thing#rule Thing#rule}
    */
    readonly rule?: ThingRule[] | cdktf.IResolvable;
}
export interface ThingRule {
    /**
    * Docs at Terraform Registry: {@link https://example.net/hashicorp/aws/6.1.0/docs/thing#equals Thing#equals}
    */
    readonly equalTo?: string[];
}
export declare class Thing {
    readonly other: string;
}
";

    #[test]
    fn arguments_and_blocks_are_read_by_their_names_in_terraform() {
        assert_eq!(provider(TEXT), Some("6.1.0"));
        let members = members(TEXT).unwrap();
        let told: Vec<(&str, &str, bool)> = members
            .iter()
            .map(|(name, member)| (name.as_str(), member.of.as_str(), member.is_required))
            .collect();
        assert_eq!(
            told,
            [("label", "string", true), ("rule", "block[]", false), ("tags", "map", false)]
        );
        assert_eq!(members["rule"].members["equals"].of, "string[]");
    }

    #[test]
    fn an_unknown_type_is_an_error() {
        let text = TEXT.replace("ThingRule[]", "Unknown[]");
        assert!(members(&text).is_err());
    }
}
