//! Identity providers: whoever one vouches for may enter the roles that trust it.

use std::sync::Arc;

use trailwarden_model::Arn;

use super::entrance::{Entrance, Entrant, grade_of, roles_trusting};
use super::naming::arn_of;
use super::{Effect, Judging};
use crate::change::{Field, Subject};
use crate::identity::{Identity, Kind};
use crate::managed::{Provider, ProviderKind};
use crate::model::Model;
use crate::query::name_of;

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
    let (model, world) = match (before, after) {
        (_, Some(after)) => {
            let is_made = field == Field::Existence;
            let news = news(before, after);
            if !is_made && news.is_none() {
                return;
            }
            effect.vouching = news.filter(|_| !is_made);
            (&change.after, judging.after)
        }
        // What goes was there, whoever saw it: baselines do not tell of providers.
        (_, None) if before.is_some() || field == Field::Existence => {
            (&change.informed, judging.before)
        }
        (_, None) => return,
    };
    let mut trusting = roles_trusting(model, arn).peekable();
    if trusting.peek().is_none() {
        let trusts = |role: &Identity| role.trust.is_known();
        let are_known = model.listed().roles.is_known() && model.of_kind(Kind::Role).all(trusts);
        match (before.is_some() || after.is_none(), are_known) {
            (true, false) => effect.doubt("which roles trust it".to_owned()),
            (_, true) => effect.note("no role trusts it"),
            (false, false) => effect.note("no role that was seen trusts it"),
        }
    }
    for (role, grant) in trusting {
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

/// Who comes in by what is new of a provider, which is others than those who came in before; none when
/// nothing is.
fn news(before: Option<&Provider>, after: &Provider) -> Option<String> {
    let name = name(&after.arn);
    let had = |client: &Arc<str>| {
        before.is_some_and(|before| before.clients.keys().any(|known| known == client))
    };
    if let Some(client) = after.clients.keys().find(|client| !had(client)) {
        return Some(format!("bearers of tokens of {name} for client {client}"));
    }
    let is_other = |of: fn(&Provider) -> Option<&[Arc<str>]>| {
        before.is_none_or(|before| of(before) != of(after)) || of(after).is_none()
    };
    match after.kind {
        ProviderKind::Saml => is_other(|one| one.metadata.value().map(std::slice::from_ref))
            .then(|| format!("whoever the new metadata of {name} vouches for")),
        ProviderKind::OpenIdConnect => is_other(|one| one.thumbprints.value().map(Vec::as_slice))
            .then(|| format!("whoever signs as {name} with a certificate of the new thumbprint")),
    }
}
