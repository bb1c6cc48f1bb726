//! Does a condition of a grant really limit who may assume the role?
//!
//! Many conditions look like a lock and are none: a value `*`, an operator that an absent key
//! satisfies, a negation, an attribute that the caller chooses himself. Doubt counts as no lock.
//!
//! Sources: IAM User Guide, "AWS global condition context keys", "IAM and AWS STS condition context
//! keys", "Condition operators"; "The confused deputy problem".

use crate::condition::Condition;
use crate::pattern::{is_match_all, literal_prefix};

use super::oidc;
use super::{Grant, Who};

/// How far the conditions of a grant limit who may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Narrowing {
    /// Not at all, or in no way that is understood here.
    None,
    /// A hurdle that does not say who: a second factor, or an attribute that anyone may give
    /// himself in an account of his own.
    Weak,
    /// To a secret, network, organization, account, principal, resource or token subject.
    Effective,
}

/// Whether some condition effectively narrows who may assume the role.
pub fn is_conditioned(grant: &Grant) -> bool {
    narrowing(grant) == Narrowing::Effective
}

/// The strongest narrowing among the conditions of a grant.
pub fn narrowing(grant: &Grant) -> Narrowing {
    grant
        .conditions
        .iter()
        .filter(|condition| condition.demands_a_match(&grant.conditions))
        .map(|condition| strength(grant, condition))
        .max()
        .unwrap_or(Narrowing::None)
}

fn strength(grant: &Grant, condition: &Condition) -> Narrowing {
    if let Some(issuer) = grant.who.issuer() {
        let claim = oidc::claim_of(&condition.key, issuer);
        if let Some(claim) = claim {
            return oidc::claim_narrowing(issuer, claim, condition);
        }
    }
    let key = condition.key.to_ascii_lowercase();
    let Some(kind) = KeyKind::of(&key) else {
        return Narrowing::None;
    };
    // The values are alternatives, so the widest one counts.
    let wildcards = condition.parsed_operator().has_wildcards();
    let holds = |value: &String| kind.is_bound_by(value, wildcards, &grant.who);
    if !condition.values.iter().all(holds) {
        return Narrowing::None;
    }
    match kind {
        KeyKind::Mfa | KeyKind::ChosenByFirstCaller => Narrowing::Weak,
        // Anyone can name or tag a user so, in an account of his own.
        KeyKind::UserName | KeyKind::PrincipalTag if grant.who == Who::Anyone => Narrowing::Weak,
        _ => Narrowing::Effective,
    }
}

/// What kind of fact a key tells about a caller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    /// A secret both sides know, an exact name, a network.
    Plain,
    /// An account, organization, VPC or similar identifier: part of one is none.
    Identifier,
    /// `o-id/r-id/ou-id/...`: the organization must be named.
    OrganizationPath,
    /// The ARN of the calling principal.
    PrincipalArn,
    /// The ARN of a resource on whose behalf a service calls.
    ResourceArn,
    /// `AROA...:session`.
    UserId,
    UserName,
    PrincipalTag,
    Address,
    Mfa,
    /// `aws:SourceIdentity`: whoever assumed the first role of the chain chose it.
    ChosenByFirstCaller,
}

impl KeyKind {
    /// The kind of a key in lower case; `None` for keys that do not tell who calls.
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "sts:externalid" | "aws:principalservicename" | "aws:principalservicenameslist" => {
                Self::Plain
            }
            "aws:principalorgid"
            | "aws:principalaccount"
            | "aws:sourceaccount"
            | "aws:sourceorgid"
            | "aws:sourceowner"
            | "aws:sourcevpc"
            | "aws:sourcevpce"
            | "aws:vpceaccount"
            | "aws:vpceorgid"
            | "aws:ec2instancesourcevpc" => Self::Identifier,
            "aws:principalorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => {
                Self::OrganizationPath
            }
            "aws:principalarn" => Self::PrincipalArn,
            "aws:sourcearn"
            | "aws:sourcevpcarn"
            | "ec2:sourceinstancearn"
            | "lambda:sourcefunctionarn" => Self::ResourceArn,
            "aws:userid" => Self::UserId,
            "aws:username" => Self::UserName,
            "aws:sourceip" | "aws:vpcsourceip" | "aws:ec2instancesourceprivateipv4" => {
                Self::Address
            }
            "aws:multifactorauthpresent" => Self::Mfa,
            "aws:sourceidentity" => Self::ChosenByFirstCaller,
            // The audience is AWS's sign-in page for nearly every provider, and the type of a
            // subject is no subject.
            "saml:aud" | "saml:sub_type" => return None,
            _ if key.starts_with("saml:") => Self::Plain,
            _ if key.starts_with("aws:principaltag/") => Self::PrincipalTag,
            _ => return None,
        })
    }

    /// Whether a value leaves out somebody who could otherwise come.
    fn is_bound_by(self, value: &str, wildcards: bool, who: &Who) -> bool {
        let lower = value.to_ascii_lowercase();
        // `*` is literal without a Like operator and then fits nobody; still, whoever wrote it meant
        // everybody, and it takes one word to make it so.
        if value.is_empty() || is_match_all(value) {
            return false;
        }
        // Variables about the role's own side are constants here; others echo the caller, who
        // always equals himself.
        let own_side =
            ["${aws:resourceaccount}", "${aws:resourceorgid}", "${aws:resourceorgpaths}"];
        let constant = own_side.iter().fold(lower, |text, variable| text.replace(variable, "own"));
        let pattern = if wildcards {
            constant
        } else {
            // Plain characters here, which must not look like wildcards below.
            constant.replace(['*', '?'], "_")
        };
        let fixed = who.account().map(|account| account.to_string());
        let (prefix, is_open) = literal_prefix(&pattern);
        match self {
            Self::Mfa => pattern == "true",
            Self::Address => is_narrow_network(&pattern),
            // The principal says so already; saying it again leaves nobody out.
            Self::Identifier if fixed.as_ref() == Some(&pattern) => false,
            _ if !is_open && self != Self::PrincipalArn && self != Self::ResourceArn => true,
            Self::Identifier => false,
            Self::OrganizationPath => prefix.contains('/'),
            // A type prefix such as AROA is shared by all roles of the world.
            Self::UserId => prefix.len() > 4,
            Self::PrincipalArn => is_bound_arn(&pattern, fixed.as_deref()),
            Self::ResourceArn => is_bound_arn(&pattern, None),
            Self::Plain | Self::UserName | Self::PrincipalTag | Self::ChosenByFirstCaller => {
                !prefix.is_empty()
            }
        }
    }
}

/// An ARN pattern binds when it names the account: a role of a given name is made in any account.
/// Where the account is fixed already, the pattern must name more than that.
fn is_bound_arn(pattern: &str, fixed_account: Option<&str>) -> bool {
    let mut parts = pattern.splitn(6, ':').skip(4);
    let (Some(account), Some(resource)) = (parts.next(), parts.next()) else {
        // Not six parts: an ARN cut short by `*` can reach into any account.
        return !literal_prefix(pattern).1;
    };
    let (resource_prefix, resource_is_open) = literal_prefix(resource);
    let names_resource = !resource_is_open
        || !matches!(
            resource_prefix,
            "" | "role" | "role/" | "user" | "user/" | "assumed-role" | "assumed-role/"
        );
    let names_account = !account.is_empty() && !literal_prefix(account).1;
    match fixed_account {
        Some(fixed) if account == fixed => names_resource,
        Some(_) => names_account || names_resource,
        // Buckets have no account in their ARN; their names are unique.
        None => names_account || (account.is_empty() && names_resource),
    }
}

/// Networks of this size or larger are no address of anyone's.
const IPV4_PREFIX_MIN: u8 = 8;
const IPV6_PREFIX_MIN: u8 = 16;

fn is_narrow_network(value: &str) -> bool {
    let (address, prefix) = match value.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (value, None),
    };
    let Ok(address) = address.parse::<std::net::IpAddr>() else {
        return false;
    };
    let least = if address.is_ipv4() { IPV4_PREFIX_MIN } else { IPV6_PREFIX_MIN };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|bits| bits >= least))
}
