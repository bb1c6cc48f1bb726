//! Identity providers: whoever one vouches for may enter the roles that trust it.

use std::sync::Arc;

use trailwarden_model::Arn;
use trailwarden_policy::trust::Grant;

use super::entrance::{Entrance, Entrant, grade_of, roles_trusting};
use super::naming::arn_of;
use super::{Effect, Judging};
use crate::change::{Field, Subject};
use crate::identity::{Identity, Kind};
use crate::managed::{Provider, ProviderKind};
use crate::model::Model;
use crate::query::name_of;
use crate::trust::{is_audience, refuses_client};

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    for touched in &judging.change.touched {
        let Subject::Provider(arn) = &touched.subject else { continue };
        if touched.field != Field::Tags {
            provider(judging, arn, touched.field, effect);
        }
    }
}

/// The provider's name, or the issuer of its tokens.
pub(super) fn name(arn: &str) -> &str {
    let resource = Arn::parse(arn).map_or(arn, |arn| arn.resource);
    resource.split_once('/').map_or(resource, |(_, name)| name)
}

fn find<'m>(model: &'m Model, arn: &str) -> Option<&'m Provider> {
    model.providers().find(|one| *one.arn == *arn)
}

fn provider(judging: &Judging<'_>, arn: &str, field: Field, effect: &mut Effect) {
    let change = judging.change;
    let (before, after) = (find(&change.informed, arn), find(&change.after, arn));
    let mut admitted: Vec<(&Identity, Grant)> = Vec::new();
    let (model, world) = match (before, after) {
        (_, Some(after)) => {
            let is_made = field == Field::Existence;
            let news = if is_made { News::Made } else { news(before, after) };
            if let News::Nothing(why) = news {
                why.into_iter().for_each(|why| effect.note(why));
                return;
            }
            let trusting = roles_trusting(&change.after, arn);
            let admits = |(_, grant): &(&Identity, Grant)| news.admits(grant);
            let (let_in, others): (Vec<_>, Vec<_>) = trusting.partition(admits);
            if let_in.is_empty() && !others.is_empty() {
                effect.note("the roles that trust it ask for other clients");
                return;
            }
            effect.vouching = news.who(name(arn));
            admitted = let_in;
            (&change.after, judging.after)
        }
        // What goes was there, whoever saw it: baselines do not tell of providers.
        (_, None) if before.is_some() || field == Field::Existence => {
            admitted.extend(roles_trusting(&change.informed, arn));
            (&change.informed, judging.before)
        }
        (_, None) => return,
    };
    if admitted.is_empty() {
        let trusts = |role: &Identity| role.trust.is_known();
        let are_known = model.listed().roles.is_known() && model.of_kind(Kind::Role).all(trusts);
        match (before.is_some() || after.is_none(), are_known) {
            (true, false) => effect.doubt("which roles trust it".to_owned()),
            (_, true) => effect.note("no role trusts it"),
            (false, false) => effect.note("no role that was seen trusts it"),
        }
    }
    for (role, grant) in admitted {
        let entrance = Entrance {
            account: model.account(),
            role: role.id.clone(),
            label: name_of(role),
            role_arn: arn_of(model, role),
            who: Entrant::Federated(arn.to_owned()),
            grade: grade_of(world, model.account(), &role.id),
            grant,
            instead_of: Vec::new(),
            doubts: Vec::new(),
            has_already: false,
            is_perhaps_old: false,
            is_actor: false,
            is_certain: false,
        };
        if after.is_none() {
            effect.shut.push(entrance);
        } else if !effect.entries.contains(&entrance) {
            effect.entries.push(entrance);
        }
    }
}

/// What is new of a provider, and so who comes in by it.
enum News<'p> {
    Nothing(Option<&'static str>),
    Made,
    Client(&'p Arc<str>),
    Metadata,
    Thumbprints,
}

/// Issuers whose certificates AWS looks up by itself: their thumbprints are kept and not asked for.
///
/// Source: IAM API Reference, `UpdateOpenIDConnectProviderThumbprint`.
const KNOWN_BY_CERTIFICATE: [&str; 4] =
    ["token.actions.githubusercontent.com", "gitlab.com", "accounts.google.com", "auth0.com"];

fn is_known_by_certificate(issuer: &str) -> bool {
    let host = issuer.split('/').next().unwrap_or_default().to_ascii_lowercase();
    KNOWN_BY_CERTIFICATE.iter().any(|known| {
        host.strip_suffix(known).is_some_and(|start| start.is_empty() || start.ends_with('.'))
    })
}

fn news<'p>(before: Option<&Provider>, after: &'p Provider) -> News<'p> {
    let had = |client: &Arc<str>| {
        before.is_some_and(|before| before.clients.keys().any(|known| known == client))
    };
    if let Some(client) = after.clients.keys().find(|client| !had(client)) {
        return News::Client(client);
    }
    let is_other = |of: fn(&Provider) -> Option<&[Arc<str>]>| {
        before.is_none_or(|before| of(before) != of(after)) || of(after).is_none()
    };
    let is_new = match after.kind {
        ProviderKind::Saml => is_other(|one| one.metadata.value().map(std::slice::from_ref)),
        ProviderKind::OpenIdConnect => is_other(|one| one.thumbprints.value().map(Vec::as_slice)),
    };
    match (is_new, after.kind) {
        (false, _) => News::Nothing(None),
        (true, ProviderKind::Saml) => News::Metadata,
        (true, ProviderKind::OpenIdConnect) if is_known_by_certificate(name(&after.arn)) => {
            News::Nothing(Some("AWS does not ask for the thumbprint of this issuer"))
        }
        (true, ProviderKind::OpenIdConnect) => News::Thumbprints,
    }
}

impl News<'_> {
    /// Others than those who came in before.
    fn who(&self, name: &str) -> Option<String> {
        match self {
            Self::Nothing(_) | Self::Made => None,
            Self::Client(client) => {
                Some(format!("bearers of tokens of {name} for client {client}"))
            }
            Self::Metadata => Some(format!("whoever the new metadata of {name} vouches for")),
            Self::Thumbprints => {
                Some(format!("whoever signs as {name} with a certificate of the new thumbprint"))
            }
        }
    }

    /// Whether a trust policy lets them in: one that asks for a client lets in its tokens alone.
    fn admits(&self, grant: &Grant) -> bool {
        let Self::Client(client) = self else { return true };
        if grant.conditions.iter().any(|one| refuses_client(grant, one, client)) {
            return false;
        }
        let mut asked = grant.conditions.iter().filter(|one| is_audience(grant, one));
        asked.all(|one| {
            let is_it = |value: &String| value.contains("${") || value.eq_ignore_ascii_case(client);
            one.parsed_operator().has_wildcards() || one.values.iter().any(is_it)
        })
    }
}
