//! Whom a person means by a name: a user, role or root of the models.

use anyhow::{anyhow, bail};
use trailwarden_account::query::name_of;
use trailwarden_account::{Id, Identity, Kind, Model, Models};
use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::nearest::nearest;

use super::known;

/// Names that a message lists.
const NAMES_MAX: usize = 8;

/// A principal that was named.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) account: AccountId,
    pub(crate) id: Id,
    /// The session, where an ARN named one.
    pub(crate) session: Option<String>,
}

/// Finds the principal of an ARN, an id, an access key, or a name such as `alice` or `role/app`.
pub(crate) fn find(models: &Models, accounts: &[AccountId], text: &str) -> anyhow::Result<Named> {
    let text = text.trim();
    let asked =
        || models.iter().filter(|model| accounts.is_empty() || accounts.contains(&model.account()));
    if text.starts_with("arn:") {
        return by_arn(models, text);
    }
    if let Some(account) = AccountId::parse(text) {
        let model = models.get(account).ok_or_else(|| unknown_account(models, account))?;
        return Ok(Named { account: model.account(), id: Id::root(), session: None });
    }
    let found: Vec<(&Model, &Identity)> =
        asked().flat_map(|model| in_model(model, text).map(move |found| (model, found))).collect();
    match found.as_slice() {
        [(model, one)] => {
            refuse_group(one)?;
            Ok(Named { account: model.account(), id: one.id.clone(), session: None })
        }
        [] => bail!("no principal `{text}` is known{}", near(asked(), text)),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(NAMES_MAX)
                .map(|(model, one)| format!("{} of {}", name_of(one), model.account()))
                .collect();
            bail!("`{text}` may be {}; give the ARN, or --account", names.join(" or "))
        }
    }
}

fn by_arn(models: &Models, text: &str) -> anyhow::Result<Named> {
    let arn = Arn::parse(text)
        .and_then(|arn| Some((arn, arn.account_id()?)))
        .ok_or_else(|| anyhow!("`{text}` is no ARN of a user, role, session or root"))?;
    let (arn, account) = arn;
    let model = models.get(account).ok_or_else(|| unknown_account(models, account))?;
    let is_session = arn.kind() == "assumed-role";
    let Some(identity) = model.find_arn(text) else {
        let name = if is_session { arn.session_role().unwrap_or_default() } else { arn.name() };
        bail!(
            "no principal `{text}` is known in account {account}{}",
            near(std::iter::once(model), name)
        );
    };
    refuse_group(identity)?;
    let session = is_session.then(|| text.to_owned());
    Ok(Named { account, id: identity.id.clone(), session })
}

/// What a name can mean in a model.
fn in_model<'m>(model: &'m Model, text: &str) -> impl Iterator<Item = &'m Identity> {
    let kinds: &[Kind] = match text.split_once('/') {
        Some(("user", _)) => &[Kind::User],
        Some(("role", _)) => &[Kind::Role],
        Some(("group", _)) => &[Kind::Group],
        _ => &[Kind::User, Kind::Role],
    };
    let name = text.rsplit('/').next().unwrap_or(text).to_owned();
    let mut found: Vec<&Identity> =
        kinds.iter().filter_map(|kind| model.find(*kind, &name)).collect();
    if text == "root" {
        found.extend(model.identity(&Id::root()));
    }
    if found.is_empty() && !text.contains('/') {
        // A group is found only to say that it asks for nothing.
        let id = Id::unique(text);
        let owner = model.owner_of_key(text).and_then(|owner| model.identity(owner));
        found.extend(model.identity(&id).or(owner).or_else(|| model.find(Kind::Group, &name)));
    }
    found.into_iter()
}

fn refuse_group(identity: &Identity) -> anyhow::Result<()> {
    if identity.kind == Kind::Group {
        bail!(
            "`{}` is a group, which makes no requests itself; ask about one of its members",
            name_of(identity)
        );
    }
    Ok(())
}

fn unknown_account(models: &Models, account: AccountId) -> anyhow::Error {
    anyhow!("nothing is known of account {account}; these are: {}", known(models))
}

/// What may have been meant: a former name, or one that is near.
fn near<'m>(models: impl Iterator<Item = &'m Model>, text: &str) -> String {
    let name = text.rsplit('/').next().unwrap_or(text);
    let principals: Vec<&Identity> =
        models.flat_map(Model::principals).filter(|identity| identity.kind != Kind::Root).collect();
    let is_former = |identity: &&&Identity| {
        identity.former_names.iter().any(|former| former.eq_ignore_ascii_case(name))
    };
    if let Some(renamed) = principals.iter().find(is_former) {
        return format!("; it was renamed and is now `{}`", name_of(renamed));
    }
    let found = nearest(name, principals.iter().map(|identity| &*identity.name));
    match found.and_then(|found| principals.iter().find(|one| &*one.name == found)) {
        Some(near) => format!("; did you mean `{}`?", name_of(near)),
        None if principals.is_empty() => "; no user and no role is known".to_owned(),
        None => {
            let mut names: Vec<String> =
                principals.iter().take(NAMES_MAX).map(|one| name_of(one)).collect();
            names.sort();
            let more = if principals.len() > NAMES_MAX { ", ..." } else { "" };
            format!("; known are {}{more}", names.join(", "))
        }
    }
}
