//! Divergences in the values of conditions.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::{Divergence, change_texts, conditions, each_document, statements};
use crate::differential::operator::{self, EPOCHS};

pub(super) const EPOCH_AGAINST_ISO: Divergence = Divergence {
    id: "epoch-against-iso",
    reference: "never matches a date in seconds against one in ISO 8601",
    aws: "takes both spellings of a date, in policies and in requests",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\", date condition operators",
    rewriting: "both dates in ISO 8601",
    is_besides: false,
    rewrite: epoch_against_iso,
};

fn epoch_against_iso(case: &mut Value) -> bool {
    let iso = |text: &str| {
        let found = EPOCHS.iter().find(|(_, seconds)| *seconds == text);
        found.map(|(iso, _)| (*iso).to_owned())
    };
    let policies =
        each_block(case, &|name| name.starts_with("Date"), &|_, under| change_texts(under, &iso));
    let context = case.get_mut("context").is_some_and(|context| change_texts(context, &iso));
    policies || context
}

pub(super) const PREFIX_OF_ZERO: Divergence = Divergence {
    id: "prefix-of-zero",
    reference: "`0.0.0.0/0` contains no address",
    aws: "`0.0.0.0/0` contains every IPv4 address",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\", IP address condition operators (CIDR, RFC 4632)",
    rewriting: "the two halves, `0.0.0.0/1` and `128.0.0.0/1`",
    is_besides: false,
    rewrite: prefix_of_zero,
};

fn prefix_of_zero(case: &mut Value) -> bool {
    each_block(case, &|name| name.ends_with("IpAddress"), &|_, under| {
        let all = under.as_object_mut().into_iter().flat_map(Map::values_mut);
        all.fold(false, |is_changed, values| halved(values) | is_changed)
    })
}

fn halved(values: &mut Value) -> bool {
    let all = json!("0.0.0.0/0");
    let halves = [json!("0.0.0.0/1"), json!("128.0.0.0/1")];
    if *values == all {
        *values = json!(halves);
        return true;
    }
    let Some(many) = values.as_array_mut() else {
        return false;
    };
    let count = many.len();
    many.retain(|value| *value != all);
    if many.len() == count {
        return false;
    }
    many.extend(halves);
    true
}

pub(super) const BARE_ADDRESS: Divergence = Divergence {
    id: "bare-address",
    reference: "compares an address without a prefix length as text, and not at all with one of the other family",
    aws: "an address without a prefix length is that one address",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\", IP address condition operators",
    rewriting: "the address with a prefix length of 32 or 128",
    is_besides: false,
    rewrite: bare_address,
};

fn bare_address(case: &mut Value) -> bool {
    let with_length = |text: &str| match text.parse::<IpAddr>().ok()? {
        IpAddr::V4(_) => Some(format!("{text}/32")),
        IpAddr::V6(_) => Some(format!("{text}/128")),
    };
    each_block(case, &|name| name.ends_with("IpAddress"), &|_, under| {
        change_texts(under, &with_length)
    })
}

pub(super) const ESCAPE_IN_EQUALS: Divergence = Divergence {
    id: "escape-in-equals",
    reference: "takes `${*}` and `${?}` for other text under the operators that know no wildcards",
    aws: "they stand for the characters wherever variables are known",
    source: "IAM User Guide, \"IAM policy elements: Variables and tags\", special characters",
    rewriting: "the character itself, which is no wildcard there",
    is_besides: false,
    rewrite: escape_in_equals,
};

fn escape_in_equals(case: &mut Value) -> bool {
    let plain = |text: &str| {
        let plain = text.replace("${*}", "*").replace("${?}", "?");
        (plain != text).then_some(plain)
    };
    let is_equals = |name: &str| name.starts_with("String") && !name.ends_with("Like");
    each_block(case, &is_equals, &|is_2012, under| is_2012 && change_texts(under, &plain))
}

/// Calls `visit` with what stands under each operator that is asked for; the first argument says
/// whether the document knows variables.
fn each_block(
    case: &mut Value,
    is_wanted: &dyn Fn(&str) -> bool,
    visit: &dyn Fn(bool, &mut Value) -> bool,
) -> bool {
    let mut is_changed = false;
    each_document(case, &mut |document| {
        let is_2012 = document.get("Version").and_then(Value::as_str) == Some("2012-10-17");
        for statement in statements(document) {
            for (name, under) in conditions(statement) {
                if operator::base(name).is_some_and(is_wanted) {
                    is_changed |= visit(is_2012, under);
                }
            }
        }
    });
    is_changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(condition: Value) -> Value {
        json!({"context": {}, "identityPolicies": [{"Version": "2012-10-17", "Statement":
            {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}}]})
    }

    #[test]
    fn the_whole_of_ipv4_becomes_two_halves() {
        let mut case = with(json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}));
        assert!(prefix_of_zero(&mut case));
        let place = "/identityPolicies/0/Statement/Condition/IpAddress/aws:SourceIp";
        assert_eq!(case.pointer(place), Some(&json!(["0.0.0.0/1", "128.0.0.0/1"])));
    }

    #[test]
    fn only_bare_addresses_get_a_length() {
        let values = json!(["192.0.2.1", "2001:db8::1", "192.0.2.0/24"]);
        let mut case = with(json!({"NotIpAddressIfExists": {"aws:SourceIp": values}}));
        assert!(bare_address(&mut case));
        let place = "/identityPolicies/0/Statement/Condition/NotIpAddressIfExists/aws:SourceIp";
        let expected = json!(["192.0.2.1/32", "2001:db8::1/128", "192.0.2.0/24"]);
        assert_eq!(case.pointer(place), Some(&expected));
    }

    #[test]
    fn escapes_stay_where_wildcards_are() {
        assert!(!escape_in_equals(&mut with(json!({"StringLike": {"a:b": "x${*}"}}))));
        assert!(escape_in_equals(&mut with(json!({"StringNotEquals": {"a:b": "x${*}"}}))));
    }
}
