//! Texts of `Resource`, taken apart and held against the resource types that AWS publishes.
//!
//! # Invariants
//! - Doubt is no fault: a wildcard, a policy variable or a placeholder could stand for whatever
//!   would make the text right.
//! - The time is that of the text's length times the number of templates of one service.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Resource" and "IAM identifiers" (fields of an
//! ARN); Service Authorization Reference, resource types of each service.

mod template;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::facts::facts;
use crate::kind::PolicyKind;
use crate::pattern::is_match_all;
use template::Template;

/// Kinds whose statements have resources: all but trust policies, which are about their role.
pub(super) const KINDS_WITH_RESOURCES: &[PolicyKind] = &[
    PolicyKind::Identity,
    PolicyKind::Resource,
    PolicyKind::Boundary,
    PolicyKind::Session,
    PolicyKind::Scp,
    PolicyKind::Rcp,
    PolicyKind::Endpoint,
];

/// What the text of a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form<'t> {
    /// `*`, however often.
    Everything,
    /// A policy variable stands where `arn:` should, so nothing can be said.
    Variable,
    /// No ARN.
    NotArn,
    /// Fewer than six fields, the last of which ends with `*`, which reaches beyond colons.
    OpenEnded,
    /// Fewer than six fields.
    Short {
        /// How many.
        fields: usize,
    },
    /// Six fields.
    Whole(Fields<'t>),
}

/// The fields of an ARN after `arn`, each of which may hold wildcards and variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fields<'t> {
    pub(super) partition: &'t str,
    pub(super) service: &'t str,
    pub(super) region: &'t str,
    pub(super) account: &'t str,
    pub(super) resource: &'t str,
}

/// How an ARN differs from all resource types of its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    /// The part after the account fits none.
    Resource,
    /// Those that it fits have a Region in their ARNs.
    NoRegion,
    /// Those that it fits have none.
    Region,
    /// Those that it fits have an account in their ARNs.
    NoAccount,
    /// Those that it fits have none.
    Account,
}

/// Takes the text of a resource apart.
pub(super) fn form(text: &str) -> Form<'_> {
    if is_match_all(text) && !text.contains('?') {
        return Form::Everything;
    }
    if text.starts_with("${") {
        return Form::Variable;
    }
    let parts = split(text);
    match parts.as_slice() {
        ["arn", partition, service, region, account, resource] => {
            Form::Whole(Fields { partition, service, region, account, resource })
        }
        ["arn", .., last] if last.ends_with('*') => Form::OpenEnded,
        ["arn", _, ..] => Form::Short { fields: parts.len() },
        _ => Form::NotArn,
    }
}

/// The fields of a whole ARN.
pub(super) fn fields(text: &str) -> Option<Fields<'_>> {
    match form(text) {
        Form::Whole(fields) => Some(fields),
        _ => None,
    }
}

/// Whether a field could be more than its text.
pub(super) fn is_open(field: &str) -> bool {
    field.contains(['*', '?']) || field.contains("${")
}

/// Splits at the first five colons, but not inside policy variables.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::with_capacity(6);
    let (mut start, mut in_variable) = (0, false);
    let mut before = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if before == b'$' => in_variable = true,
            b'}' => in_variable = false,
            b':' if !in_variable && parts.len() < 5 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
        before = byte;
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// The templates of all resource types, by the service in their ARNs, each once.
static TEMPLATES: LazyLock<HashMap<&'static str, Vec<Template>>> = LazyLock::new(|| {
    let types = facts().services().iter().flat_map(|service| service.resource_types());
    let texts: BTreeSet<&'static str> = types.flat_map(|kind| kind.arn_patterns()).collect();
    let mut templates: HashMap<&'static str, Vec<Template>> = HashMap::new();
    for template in texts.into_iter().filter_map(Template::new) {
        templates.entry(template.service).or_default().push(template);
    }
    templates
});

fn templates(service: &str) -> &'static [Template] {
    TEMPLATES.get(service).map_or(&[], Vec::as_slice)
}

/// Names that stand in the third field of ARNs: services, and a few that only ARNs have.
pub(super) fn services() -> impl Iterator<Item = &'static str> {
    let prefixes = facts().services().iter().map(|service| service.prefix());
    prefixes.chain(TEMPLATES.keys().copied().filter(|name| !name.contains('$')))
}

/// Whether ARNs have this service in their third field. Case counts.
pub(super) fn is_service(name: &str) -> bool {
    facts().service(name).is_some_and(|service| service.prefix() == name)
        || TEMPLATES.contains_key(name)
}

/// Whether some ARN of a service has this word where others have an account: `aws`.
pub(super) fn is_word_for_account(service: &str, word: &str) -> bool {
    word == "aws" || templates(service).iter().any(|template| template.account == word)
}

/// The ARN patterns, as facts write them, of the resource types that an ARN could be of.
pub(super) fn types_of<'t>(arn: &Fields<'t>) -> impl Iterator<Item = &'static str> + use<'t> {
    let resource = arn.resource;
    let of_service = templates(arn.service).iter();
    of_service.filter(move |template| template.fits(resource)).map(|template| template.text)
}

/// How an ARN differs from all resource types of its service; `None` when it need not differ, or
/// when nothing is known of the service.
pub(super) fn misfit(arn: &Fields<'_>) -> Option<Misfit> {
    let all = templates(arn.service);
    // What AWS itself owns is not all published: `arn:aws:cloudformation:us-east-1:aws:transform/...`.
    if all.is_empty() || is_open(arn.service) || arn.account == "aws" {
        return None;
    }
    let fitting: Vec<&Template> = all.iter().filter(|t| t.fits(arn.resource)).collect();
    if fitting.is_empty() {
        return Some(Misfit::Resource);
    }
    let in_region: Vec<&&Template> =
        fitting.iter().filter(|t| field_fits(t.region, arn.region)).collect();
    if in_region.is_empty() {
        return Some(if arn.region.is_empty() { Misfit::NoRegion } else { Misfit::Region });
    }
    if in_region.iter().any(|template| field_fits(template.account, arn.account)) {
        return None;
    }
    match arn.account.is_empty() {
        true if OWNED_BY_AWS_TOO.contains(&arn.service) => None,
        true => Some(Misfit::NoAccount),
        false => Some(Misfit::Account),
    }
}

/// Services with resources of AWS beside those of customers, whose ARNs leave the account empty.
///
/// Source: the documents of AWS managed policies; AWS Systems Manager User Guide, "Working with
/// public parameters".
const OWNED_BY_AWS_TOO: [&str; 2] = ["resource-explorer-2", "ssm"];

/// Whether a Region or account can stand where the template has this.
fn field_fits(template: &str, field: &str) -> bool {
    match template {
        "" => field.is_empty() || is_open(field),
        "*" => true,
        // A word instead of an account, or one Region: another check's matter.
        _ => !field.is_empty(),
    }
}
