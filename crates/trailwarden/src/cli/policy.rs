//! What the policy commands share: reading files with policies in them, and pages for people.

pub(crate) mod files;
pub(crate) mod page;
pub(crate) mod source;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use trailwarden_policy::PolicyKind;

/// Takes a kind of policy on the command line.
pub(crate) fn kind_parser() -> impl TypedValueParser<Value = PolicyKind> {
    PossibleValuesParser::new(PolicyKind::ALL.map(PolicyKind::name))
        .try_map(|text| text.parse::<PolicyKind>())
}

/// A kind with its article, as it stands in a sentence.
pub(crate) fn kind_in_words(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Identity => "an identity policy",
        PolicyKind::Resource => "a resource policy",
        PolicyKind::Trust => "a trust policy",
        PolicyKind::Boundary => "a permissions boundary",
        PolicyKind::Session => "a session policy",
        PolicyKind::Scp => "an SCP",
        PolicyKind::Rcp => "an RCP",
        PolicyKind::Endpoint => "an endpoint policy",
    }
}
