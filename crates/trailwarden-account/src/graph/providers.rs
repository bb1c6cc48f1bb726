//! Roles through the identity providers that they trust.
//!
//! Source: IAM User Guide, "Identity providers and federation into AWS".

use std::sync::{Arc, LazyLock};

use trailwarden_policy::trust::{Grant, Who};

use super::access::Cx;
use super::answer::{Proof, of_key};
use super::digest::Mask;
use super::source::{On, Source};
use super::target::Target;
use crate::trust::unseen;

/// The actions that turn a provider.
pub(super) static TURNING: LazyLock<Mask> = LazyLock::new(|| Mask::of(&ACTIONS));

const ACTIONS: [&str; 4] = [
    "iam:AddClientIDToOpenIDConnectProvider",
    "iam:CreateSAMLProvider",
    "iam:UpdateOpenIDConnectProviderThumbprint",
    "iam:UpdateSAMLProvider",
];

pub(super) fn draw(
    cx: &Cx<'_>,
    source: &Source,
    target: &Target,
    put: &mut impl FnMut(&'static str, Option<Proof>),
) {
    if !source.mask.intersects(*TURNING) {
        return;
    }
    for grant in target.grants() {
        let (provider, is_saml) = match &grant.who {
            Who::Saml(arn) => (arn, true),
            Who::Oidc(arn) if arn.starts_with("arn:") => (arn, false),
            _ => continue,
        };
        if grant.who.account() != Some(target.account) {
            continue;
        }
        let arn: Arc<str> = provider.as_str().into();
        let on = On::thing(&arn, provider);
        let unseen = unseen(&grant.who, target.account, |account| cx.world.model(account));
        let met = |proof: Proof| conditions(grant, proof, &target.label);
        // What was never seen may not be there, and cannot be turned then.
        let turned = |action| {
            let proof = source.ask(action, on, &[]).map(met)?;
            Some(unseen.iter().fold(proof, |proof, doubt| proof.provided(doubt.as_str())))
        };
        if is_saml {
            put("x-iam-28", turned("iam:UpdateSAMLProvider"));
            if unseen.is_some() {
                let doubt = "the provider that the role trusts does not exist";
                let made = source.ask("iam:CreateSAMLProvider", on, &[]);
                put("x-iam-04", made.map(met).map(|proof| proof.provided(doubt)));
            }
            continue;
        }
        let client = turned("iam:AddClientIDToOpenIDConnectProvider");
        let doubt = "the provider issues tokens to a client that you control";
        put("x-iam-01", client.map(|proof| proof.provided(doubt)));
        let print = turned("iam:UpdateOpenIDConnectProviderThumbprint");
        let doubt = "AWS checks the provider by its thumbprint, and its address can be taken over";
        put("x-iam-27", print.map(|proof| proof.provided(doubt)));
    }
}

/// What a token says about its bearer is up to whoever signs it; the rest is not.
fn conditions(grant: &Grant, proof: Proof, label: &str) -> Proof {
    let issuer = grant.who.issuer().map(str::to_ascii_lowercase);
    let is_claim = |key: &str| {
        let key = key.to_ascii_lowercase();
        let of_issuer = issuer.as_ref().is_some_and(|issuer| key.starts_with(issuer.as_str()));
        key.starts_with("saml:") || of_issuer
    };
    let open = grant.conditions.iter().filter(|condition| !is_claim(&condition.key));
    open.fold(proof, |proof, condition| proof.provided(of_key(&condition.key, label)))
}
