//! Values that an exact comparison names and that its key never has.
//!
//! `StringEquals` takes `*` and `?` for themselves, and ids, names and addresses hold no such character:
//! a value with one fits nothing. ARNs may hold one, but only in some parts: in the path of a role, or
//! at the end of a log group. Where any text may be, as in the tag of a resource, every value counts as
//! possible.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" (only the Like operators and
//! those for ARNs take wildcards), "IAM and AWS STS quotas" (characters of names), "AWS global condition
//! context keys" (types); IAM API Reference, `Tag` and `CreateRole` (a path holds any visible ASCII
//! character); AWS STS API Reference, `AssumeRole` (characters of tags, external ids, session names and
//! source identities); Amazon CloudWatch Logs API Reference, `LogGroup` (an ARN that ends with `:*`).

use std::net::IpAddr;

use trailwarden_model::Arn;

use crate::facts::{ValueType, facts, global_keys};

/// Keys of text of which no value holds a wildcard, in lower case; the last is a family.
const PLAIN: [&str; 31] = [
    "aws:ec2instancesourcevpc",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:sourceaccount",
    "aws:sourceidentity",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:username",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "iam:passedtoservice",
    "kms:calleraccount",
    "s3:resourceaccount",
    "sts:awsservicename",
    "sts:externalid",
    "sts:rolesessionname",
    "sts:sourceidentity",
    "aws:principaltag/",
];

/// Whether a key may have exactly that value. A value with variables may be anything.
pub(crate) fn is_possible(key: &str, value: &str) -> bool {
    let has_wildcard = holds_wildcard(value);
    if !has_wildcard && !value.contains('/') || value.contains("${") {
        return true;
    }
    let key = key.to_ascii_lowercase();
    let is_plain = |known: &&str| key == **known || known.ends_with('/') && key.starts_with(*known);
    if has_wildcard && (PLAIN.iter().any(is_plain) || !is_possible_arn(&key, value)) {
        return false;
    }
    let known = global_keys().find(|known| known.name.eq_ignore_ascii_case(&key));
    match known.map(|known| known.key_type.value) {
        // A network is no address either.
        Some(ValueType::IpAddress) => value.parse::<IpAddr>().is_ok(),
        Some(ValueType::Bool | ValueType::Numeric | ValueType::Date) => !has_wildcard,
        _ => true,
    }
}

/// Whether a value with wildcards may be the ARN that a key holds; true of keys that hold none.
fn is_possible_arn(key: &str, value: &str) -> bool {
    let (is_principal, is_source) = (key == "aws:principalarn", key == "aws:sourcearn");
    if !is_principal && !is_source {
        return true;
    }
    Arn::parse(value).is_some_and(|arn| {
        let fields = [arn.partition, arn.service, arn.region, arn.account];
        // Of a principal, only the path between its kind and its name is free.
        let ends = if is_principal { [arn.kind(), arn.name()] } else { [""; 2] };
        !fields.into_iter().chain(ends).any(holds_wildcard)
    })
}

fn holds_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether requests may have several values of a key: then an operator without a set prefix matches
/// none of them, negated or not.
pub(crate) fn is_multivalued(key: &str) -> bool {
    facts().condition_key(key).is_some_and(|known| known.key_type.is_multivalued)
}

/// Whether an operator, in lower case and without prefix and `IfExists`, compares text exactly, so that
/// wildcards are characters.
pub(crate) fn is_exact(base: &str) -> bool {
    matches!(
        base,
        "stringequals" | "stringequalsignorecase" | "stringnotequals" | "stringnotequalsignorecase"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_names_and_addresses_hold_no_wildcards() {
        for (key, value) in [
            ("aws:SourceIp", "*"),
            ("aws:sourceip", "10.0.0.0/8"),
            ("aws:PrincipalOrgID", "o-*"),
            ("sts:ExternalId", "?"),
            ("aws:PrincipalTag/team", "*"),
            ("aws:MultiFactorAuthPresent", "*"),
            ("aws:CurrentTime", "2026-*"),
            ("aws:PrincipalArn", "*"),
            ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"),
            ("aws:PrincipalArn", "arn:aws:iam::*:role/team/ci"),
            ("aws:SourceArn", "arn:aws:sns:*:111122223333:topic"),
        ] {
            assert!(!is_possible(key, value), "{key} {value}");
        }
        for (key, value) in [
            ("aws:SourceIp", "192.0.2.1"),
            ("aws:RequestTag/team", "*"),
            ("s3:prefix", "*"),
            ("aws:UserAgent", "curl/*"),
            ("aws:PrincipalOrgPaths", "o-abc/r-abc/"),
            ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/*/ci"),
            ("aws:SourceArn", "arn:aws:logs:eu-west-1:111122223333:log-group:app:*"),
            ("aws:username", "${aws:PrincipalTag/*}"),
        ] {
            assert!(is_possible(key, value), "{key} {value}");
        }
    }
}
