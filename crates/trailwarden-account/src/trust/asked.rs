//! What a grant of a trust policy asks of whoever enters, in words.

use std::sync::Arc;

use trailwarden_model::escape;
use trailwarden_policy::Condition;
use trailwarden_policy::reach::Predicate;
use trailwarden_policy::trust::{Grant, is_conditioned, known_issuer};

/// A condition as it stands after "if". The external id is a shared secret, near enough.
pub(crate) fn asked(condition: &Condition, grant: &Grant) -> String {
    let is_asked = condition.demands_a_match(&grant.conditions);
    let asks_absence = asks_absence(condition);
    let asks_presence = condition.parsed_operator().base == "null"
        && condition.values.iter().all(|value| value.eq_ignore_ascii_case("false"));
    match condition.key.to_ascii_lowercase().as_str() {
        "sts:externalid" if is_asked && takes_any(condition) => {
            "it gives some external id".to_owned()
        }
        "sts:externalid" if is_asked => "it gives the external id".to_owned(),
        "sts:externalid" if asks_absence => "it gives no external id".to_owned(),
        "sts:externalid" if asks_presence => "it gives some external id".to_owned(),
        "sts:externalid" => "its external id fits".to_owned(),
        "aws:multifactorauthpresent" if is_asked && condition.values == ["true"] => {
            "MFA is present".to_owned()
        }
        "aws:principalorgid" if tells_who(condition, grant) => {
            format!("it is of organization {}", condition.values.join(" or "))
        }
        "aws:principalorgpaths" if tells_who(condition, grant) => {
            let places: Vec<String> = condition.values.iter().map(|path| place(path)).collect();
            format!("it is of {}", places.join(" or "))
        }
        _ if asks_absence => format!("`{}` is not given", escape::visible(&condition.key)),
        _ => Predicate::of(condition, true).to_string(),
    }
}

/// Whether a condition holds only where its key is absent.
///
/// Source: IAM User Guide, "Condition operators", to check existence of condition keys.
pub(crate) fn asks_absence(condition: &Condition) -> bool {
    condition.parsed_operator().base == "null"
        && !condition.values.is_empty()
        && condition.values.iter().all(|value| value.eq_ignore_ascii_case("true"))
}

/// Whether any text fits: what has to be given then is no secret.
fn takes_any(condition: &Condition) -> bool {
    let is_any = |value: &String| !value.is_empty() && value.bytes().all(|byte| byte == b'*');
    condition.parsed_operator().has_wildcards() && condition.values.iter().any(is_any)
}

/// A place in an organization, by the path of its accounts: `o-abc/*` is all of it.
///
/// Source: IAM User Guide, "AWS global condition context keys", `aws:PrincipalOrgPaths`.
pub(crate) fn place(path: &str) -> String {
    match path.split_once('/') {
        Some((organization, "*" | "")) => format!("organization {organization}"),
        _ => format!("organization path `{path}`"),
    }
}

/// Whether a condition alone tells who it is.
pub(crate) fn tells_who(condition: &Condition, grant: &Grant) -> bool {
    let alone = Grant { conditions: Arc::new([condition.clone()]), ..grant.clone() };
    condition.demands_a_match(&grant.conditions)
        && (is_conditioned(&alone) || condition.parsed_operator().for_all_values)
}

/// Whether a condition is about a claim of that issuer's tokens.
pub(crate) fn is_claim(condition: &Condition, issuer: &str, claim: &str) -> bool {
    condition.key.rsplit_once(':').is_some_and(|(of, name)| {
        of.eq_ignore_ascii_case(issuer) && name.eq_ignore_ascii_case(claim)
    })
}

/// Whether a condition says for whom a token was made, and so nothing about its bearer.
pub(crate) fn is_audience(grant: &Grant, condition: &Condition) -> bool {
    is_about_audience(grant, condition) && condition.demands_a_match(&grant.conditions)
}

fn is_about_audience(grant: &Grant, condition: &Condition) -> bool {
    match grant.who.issuer() {
        Some(issuer) => is_claim(condition, issuer, "aud") && !is_pool(issuer),
        None => condition.key.eq_ignore_ascii_case("saml:aud"),
    }
}

/// Whether a condition keeps out the tokens that were made for a client, whatever others it lets in.
pub(crate) fn refuses_client(grant: &Grant, condition: &Condition, client: &str) -> bool {
    const NOT: [&str; 2] = ["stringnotequals", "stringnotequalsignorecase"];
    is_about_audience(grant, condition)
        && NOT.contains(&condition.parsed_operator().base.as_str())
        && condition.values.iter().any(|value| value == client)
}

/// Whether the audience of an issuer is the tenant.
fn is_pool(issuer: &str) -> bool {
    known_issuer(issuer).is_some_and(|known| known.tenant_claims.contains(&known.audience_claim))
}
