//! Trust in OpenID Connect issuers: does the grant say *whose* tokens?
//!
//! A shared issuer signs tokens for every customer it has. Unless the trust policy names the tenant
//! in a claim, any of them can assume the role.
//!
//! Sources: IAM User Guide, "IAM and AWS STS condition context keys" (OIDC federation keys, and the
//! issuers' own claims added in January 2026), "Create a role for OpenID Connect federation" (the
//! subject condition that GitHub roles need), "Amazon Cognito identity pools" (role trust); the
//! issuers' own pages on tokens for AWS: GitHub, GitLab, HCP Terraform, CircleCI, Bitbucket, Azure
//! DevOps, Buildkite; Amazon EKS User Guide, "IAM roles for service accounts".

use crate::condition::Condition;
use crate::pattern::{is_match_all, literal_prefix};

use super::narrowing::Narrowing;
use super::{Grant, Who};

/// What is weak in a grant to an OIDC issuer, worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OidcWeakness {
    /// Nothing in the grant says whose tokens count. On a shared issuer: anybody's.
    NoSubject,
    /// The claim that should name the tenant is a pattern as good as none: it fits strangers
    /// (`repo:*`), or every workload of the one tenant (`system:serviceaccount:*`).
    WildcardSubject {
        /// The pattern.
        value: String,
    },
    /// The audience is not checked by the policy. For issuers that AWS knows by itself (Cognito,
    /// Google, Facebook, Login with Amazon) nothing else checks it; for the others the provider's
    /// own list of audiences does, so this is low.
    NoAudience,
    /// One tenant or namespace, but all of it: `repo:org/*`, `system:serviceaccount:prod:*`. Wide,
    /// and often meant.
    WideSubject {
        /// The pattern.
        value: String,
    },
}

/// What is known about an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issuer {
    /// Issuer without scheme; for issuers with a path per tenant, the part before it.
    pub name: &'static str,
    /// Whether one issuer URL serves many customers, so that only a claim tells them apart.
    pub is_shared: bool,
    /// Claims that name the tenant; one is enough.
    pub tenant_claims: &'static [&'static str],
    /// The claim that names the audience.
    pub audience_claim: &'static str,
}

const fn shared(name: &'static str, tenant_claims: &'static [&'static str]) -> Issuer {
    Issuer { name, is_shared: true, tenant_claims, audience_claim: "aud" }
}

const fn per_tenant(name: &'static str) -> Issuer {
    Issuer { name, is_shared: false, tenant_claims: &["sub"], audience_claim: "aud" }
}

/// Longer names stand before their prefixes.
const ISSUERS: &[Issuer] = &[
    // An enterprise may have an issuer of its own, by path.
    per_tenant("token.actions.githubusercontent.com/"),
    // `job_workflow_ref` names the called workflow, which strangers may call too; an actor acts in
    // any repository he likes. Neither names the tenant.
    shared(
        "token.actions.githubusercontent.com",
        &["sub", "repository", "repository_id", "enterprise_id"],
    ),
    shared("gitlab.com", &["sub"]),
    shared("app.terraform.io", &["sub"]),
    shared("agent.buildkite.com", &["sub"]),
    // `oaud` is chosen by whoever asks for the token.
    shared("accounts.google.com", &["sub", "aud"]),
    // An identity id means nothing without the pool, which is the audience.
    shared("cognito-identity.amazonaws.com", &["aud"]),
    shared("cognito-identity-us-gov.amazonaws.com", &["aud"]),
    shared("cognito-identity.cn-north-1.amazonaws.com.cn", &["aud"]),
    Issuer {
        name: "www.amazon.com",
        is_shared: true,
        tenant_claims: &["app_id"],
        audience_claim: "app_id",
    },
    Issuer {
        name: "graph.facebook.com",
        is_shared: true,
        tenant_claims: &["app_id"],
        audience_claim: "app_id",
    },
    per_tenant("oidc.circleci.com/org/"),
    per_tenant("vstoken.dev.azure.com/"),
    per_tenant("api.bitbucket.org/2.0/workspaces/"),
    per_tenant("oidc.eks."),
];

/// Facts about an issuer (with or without scheme or provider ARN); `None` for one that is not in
/// the list, which is then taken for somebody's own.
pub fn known_issuer(issuer: &str) -> Option<&'static Issuer> {
    let issuer = issuer_of(issuer);
    ISSUERS.iter().find(|known| {
        let is_prefix = known.name.ends_with(['/', '.']);
        let start = issuer.get(..known.name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(known.name))
            && (is_prefix || issuer.len() == known.name.len())
    })
}

/// The worst weakness of a grant to an OIDC issuer; `None` when there is none, or when the grant is
/// no such grant.
///
/// Conditions that an absent claim satisfies count as missing. Where several conditions bear on the
/// tenant, the best counts; among the values of one, the worst.
pub fn oidc_weakness(grant: &Grant, issuer: &str) -> Option<OidcWeakness> {
    if !matches!(grant.who, Who::Oidc(_)) {
        return None;
    }
    let issuer = issuer_of(issuer);
    let facts = known_issuer(issuer).copied().unwrap_or(per_tenant(""));
    let demanded = |claims: &[&str]| -> Vec<&Condition> {
        let conditions = grant.conditions.iter();
        conditions
            .filter(|c| c.demands_a_match(&grant.conditions))
            .filter(|c| {
                claim_of(&c.key, issuer)
                    .is_some_and(|claim| claims.iter().any(|k| k.eq_ignore_ascii_case(claim)))
            })
            .collect()
    };
    let best = demanded(facts.tenant_claims)
        .into_iter()
        .map(|condition| (reach(issuer, facts, condition), condition))
        .min_by_key(|(reach, _)| reach.0);
    let wide = match best {
        None if facts.tenant_claims.contains(&"sub") => return Some(OidcWeakness::NoSubject),
        None => return Some(OidcWeakness::NoAudience),
        Some(((Reach::Strangers, value), condition)) => {
            let is_audience = claim_of(&condition.key, issuer)
                .is_some_and(|claim| claim.eq_ignore_ascii_case(facts.audience_claim));
            let value = value.to_owned();
            return Some(match is_audience {
                true => OidcWeakness::NoAudience,
                false => OidcWeakness::WildcardSubject { value },
            });
        }
        Some(((Reach::Tenant, value), _)) => {
            Some(OidcWeakness::WideSubject { value: value.to_owned() })
        }
        Some(((Reach::Part, _), _)) => None,
    };
    let names_audience = demanded(&[facts.audience_claim])
        .into_iter()
        .any(|c| !c.values.iter().any(|value| is_match_all(value)));
    if names_audience { wide } else { Some(OidcWeakness::NoAudience) }
}

/// How far a condition on a claim of the grant's own issuer narrows it.
pub(super) fn claim_narrowing(issuer: &str, claim: &str, condition: &Condition) -> Narrowing {
    let facts = known_issuer(issuer).copied().unwrap_or(per_tenant(""));
    let is = |known: &&str| known.eq_ignore_ascii_case(claim);
    if facts.tenant_claims.iter().any(is) {
        return match reach(issuer, facts, condition).0 {
            Reach::Strangers => Narrowing::None,
            Reach::Tenant | Reach::Part => Narrowing::Effective,
        };
    }
    // Any customer can ask for a token with this audience.
    if is(&facts.audience_claim) || condition.values.iter().any(|value| is_match_all(value)) {
        return Narrowing::None;
    }
    Narrowing::Weak
}

/// The issuer in a provider ARN or URL.
pub(super) fn issuer_of(text: &str) -> &str {
    let text = match text.split_once(":oidc-provider/") {
        Some((_, issuer)) => issuer,
        None => text,
    };
    let text = text.strip_prefix("https://").unwrap_or(text);
    text.trim_end_matches('/')
}

/// The claim of a condition key that belongs to this issuer: `ISSUER:sub` gives `sub`.
pub(super) fn claim_of<'k>(key: &'k str, issuer: &str) -> Option<&'k str> {
    // An issuer may hold a port, so the claim is after the last colon.
    let (prefix, claim) = key.rsplit_once(':')?;
    prefix.eq_ignore_ascii_case(issuer).then_some(claim)
}

/// Whose tokens a value of the tenant claim lets in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// A part of one tenant.
    Part,
    /// One tenant, all of it.
    Tenant,
    /// Strangers too.
    Strangers,
}

/// The widest value of a condition.
fn reach<'c>(issuer: &str, facts: Issuer, condition: &'c Condition) -> (Reach, &'c str) {
    let wildcards = condition.parsed_operator().has_wildcards();
    let claim = claim_of(&condition.key, issuer).unwrap_or_default();
    let each = condition.values.iter().map(|value| {
        let (prefix, is_open) = literal_prefix(value);
        let reach = if is_match_all(value) {
            Reach::Strangers
        } else if !is_open || (!wildcards && !value.contains("${")) {
            // `*` is a plain character outside the Like operators: such a value fits no token.
            Reach::Part
        } else {
            open_reach(facts, claim, prefix)
        };
        (reach, value.as_str())
    });
    each.max_by_key(|(reach, _)| *reach).unwrap_or((Reach::Strangers, ""))
}

/// What a pattern lets in, judged by its text before the first wildcard.
fn open_reach(facts: Issuer, claim: &str, prefix: &str) -> Reach {
    // Kubernetes: `system:serviceaccount:NAMESPACE:NAME`.
    if let Some(rest) = prefix.strip_prefix("system:serviceaccount:") {
        return if rest.is_empty() { Reach::Strangers } else { Reach::Tenant };
    }
    if !facts.is_shared {
        // The issuer is the tenant already; a pattern without any beginning is still no subject.
        return if prefix.is_empty() || "system:serviceaccount:".starts_with(prefix) {
            Reach::Strangers
        } else {
            Reach::Part
        };
    }
    // `repository` holds `OWNER/NAME`; subjects begin with the name of the field that follows:
    // `repo:OWNER/NAME:...`, `project_path:GROUP/NAME:...`, `organization:ORG:project:NAME:...`.
    let fields = match claim.to_ascii_lowercase().as_str() {
        "repository" => Some(prefix),
        "sub" => prefix.split_once(':').map(|(_, fields)| fields),
        // Ids: a part of one is none.
        _ => None,
    };
    let Some(end) = fields.and_then(|f| f.find(['/', ':'])).filter(|at| *at > 0) else {
        return Reach::Strangers;
    };
    let fields = fields.unwrap_or_default();
    let rest = fields.get(end + 1..).unwrap_or_default();
    let names_project = if fields.get(end..).is_some_and(|f| f.starts_with('/')) {
        rest.find(':').is_some_and(|at| at > 0)
    } else {
        // After `organization:ORG:` comes a field name, its value, and a colon.
        let mut parts = rest.split(':').skip(1);
        parts.next().is_some_and(|value| !value.is_empty()) && parts.next().is_some()
    };
    if names_project { Reach::Part } else { Reach::Tenant }
}
