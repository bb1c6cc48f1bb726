//! Managed policies, instance profiles, identity providers, policies of an organization.

use std::sync::Arc;

use trailwarden_account::change::Touched;
use trailwarden_account::fact::Fact;
use trailwarden_account::managed::{Provider, ProviderKind};
use trailwarden_account::{Field, Id, Identity, ManagedPolicy, Model, Presence, Subject as Thing};
use trailwarden_remedy::people::{option, word};

use super::{Undoing, Was, is_made, item, known, tag};
use crate::remedies::holders::having;

impl Undoing<'_> {
    /// The steps that take back what was done to a thing that is no user, group or role.
    pub(super) fn of_other(&self, touched: &Touched) -> Vec<String> {
        match &touched.subject {
            Thing::Policy(id) => self.of_policy(id, touched),
            Thing::InstanceProfile(name) => self.of_profile(name, touched),
            Thing::Provider(arn) => self.of_provider(arn, touched),
            Thing::OrganizationPolicy(id) => self.of_organization(id, touched),
            _ => Vec::new(),
        }
    }

    fn of_policy(&self, id: &Id, touched: &Touched) -> Vec<String> {
        let of = |model: &Model| model.policies().find(|policy| policy.id == *id).cloned();
        let (was, is) = (of(&self.change.before), of(self.now).or_else(|| of(&self.change.after)));
        let Some(is) = is else { return Vec::new() };
        let named = format!("--policy-arn {}", word(&is.arn));
        match touched.field {
            Field::Existence if is_made(Field::Existence, was.is_some(), true) => vec![
                format!(
                    "The policy is new. Read it: `trailwarden lint FILE` on what `aws iam get-policy-version {named} --version-id v1 --query PolicyVersion.Document` prints. Who holds it: `aws iam list-entities-for-policy {named}`."
                ),
                format!(
                    "{} delete it with `aws iam delete-policy {named}`. That cannot be taken back: keep the document. In the console: IAM > Policies.",
                    taken_from_holders(self.now, &is.arn, &named)
                ),
            ],
            Field::Version | Field::Default => {
                was.as_ref().and_then(|was| default_back(was, &is, &named)).into_iter().collect()
            }
            Field::Tags => was
                .iter()
                .flat_map(|was| tags_back("policy", &named, &was.tags, &is.tags))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn of_profile(&self, name: &str, touched: &Touched) -> Vec<String> {
        let (was, is) = (
            self.change.before.instance_profile(name),
            self.now.instance_profile(name).or_else(|| self.change.after.instance_profile(name)),
        );
        let Some(is) = is else { return Vec::new() };
        let named = option("--instance-profile-name", &is.name);
        if touched.field == Field::Tags {
            return was
                .iter()
                .flat_map(|was| tags_back("instance-profile", &named, &was.tags, &is.tags))
                .collect();
        }
        let before = known(was.map(|was| &was.role));
        if touched.field != Field::Role || before.is_some() && before == is.role.value() {
            return Vec::new();
        }
        let role = |id: &Option<Id>| {
            let id = id.as_ref()?;
            let of = self.now.identity(id).or_else(|| self.change.after.identity(id));
            let of = of.or_else(|| self.change.before.identity(id))?;
            Some(option("--role-name", &of.name))
        };
        let mut steps = Vec::new();
        if let Some(now) = is.role.value().and_then(role) {
            steps.push(format!("Take the role out of the instance profile: `aws iam remove-role-from-instance-profile {named} {now}`; `aws iam add-role-to-instance-profile {named} {now}` takes it back. Instances that run lose it within minutes, and sessions that they have live on until they end (revoke-sessions)."));
        }
        if let Some(before) = before.and_then(role) {
            steps.push(format!("Put the role of before back: `aws iam add-role-to-instance-profile {named} {before}`."));
        }
        steps
    }

    fn of_provider(&self, arn: &str, touched: &Touched) -> Vec<String> {
        let of = |model: &Model| model.providers().find(|one| *one.arn == *arn).cloned();
        let (was, is) = (of(&self.change.before), of(self.now).or_else(|| of(&self.change.after)));
        let Some(is) = is else { return Vec::new() };
        match touched.field {
            Field::Existence if is_made(Field::Existence, was.is_some(), true) => made(&is),
            Field::Clients => clients_back(was.as_ref(), &is),
            Field::Certificates => certificates_back(was.as_ref(), &is).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn of_organization(&self, id: &Arc<str>, touched: &Touched) -> Vec<String> {
        let (Field::Targets, Some(target)) = (touched.field, &touched.item) else {
            return Vec::new();
        };
        let of = |model: &Model| model.organization().policies.get(id).cloned();
        let Some(was) = of(&self.change.before) else { return Vec::new() };
        let named = format!("--policy-id {} --target-id {}", word(id), word(target));
        let (attach, detach) = (
            format!("`aws organizations attach-policy {named}`"),
            format!("`aws organizations detach-policy {named}`"),
        );
        vec![match was.targets.get(target) {
            Presence::Present(_) => format!(
                "From the management account, attach the policy again: {attach}; {detach} takes it back. In the console: AWS Organizations > Policies > the policy > Targets."
            ),
            _ => format!(
                "From the management account, detach the policy: {detach}; {attach} takes it back. In the console: AWS Organizations > Policies > the policy > Targets."
            ),
        }]
    }
}

fn default_back(was: &ManagedPolicy, is: &ManagedPolicy, named: &str) -> Option<String> {
    let set = |version: &str| {
        format!("`aws iam set-default-policy-version {named} --version-id {}`", word(version))
    };
    let now = is.default.value();
    let back = now.map(|now| format!("; {} takes it back", set(now))).unwrap_or_default();
    let Some(before) = was.default.value() else {
        return Some(format!(
            "Which version was the default before no log shows: read them (`aws iam list-policy-versions {named}`), then {}. {VERSIONS}",
            set("VERSION")
        ));
    };
    if Some(before) == now {
        return None;
    }
    if matches!(is.versions.get(before), Presence::Absent) {
        let document = was.document();
        let document = document.value().map(|text| word(text.as_str()));
        let is_told = if document.is_some() { "" } else { ", which no log shows: ask its owner" };
        return Some(format!(
            "The version of before, {}, is deleted: make a new one of its document{is_told}: `aws iam create-policy-version {named} --policy-document {} --set-as-default`{back}. {VERSIONS}",
            word(before),
            document.as_deref().unwrap_or("file://before.json")
        ));
    }
    Some(format!("Make the version of before the default again: {}{back}. {VERSIONS}", set(before)))
}

const VERSIONS: &str = "In the console: IAM > Policies > the policy > Policy versions.";

type Tags = trailwarden_account::Listing<Arc<str>, Arc<str>>;

fn tags_back(thing: &str, named: &str, was: &Tags, is: &Tags) -> Vec<String> {
    let mut keys: Vec<&Arc<str>> = was.keys().chain(is.keys()).collect();
    keys.sort();
    keys.dedup();
    let step = |key: &&Arc<str>| {
        let both = Was { before: item(was, key), now: item(is, key) };
        tag(thing, named, key, &both)
    };
    keys.iter().filter_map(step).collect()
}

fn made(provider: &Provider) -> Vec<String> {
    let arn = word(&provider.arn);
    let (get, delete) = match provider.kind {
        ProviderKind::Saml => (
            format!("aws iam get-saml-provider --saml-provider-arn {arn}"),
            format!("aws iam delete-saml-provider --saml-provider-arn {arn}"),
        ),
        ProviderKind::OpenIdConnect => (
            format!("aws iam get-open-id-connect-provider --open-id-connect-provider-arn {arn}"),
            format!("aws iam delete-open-id-connect-provider --open-id-connect-provider-arn {arn}"),
        ),
    };
    vec![format!(
        "The provider is new. Which roles trust it: search the trust policies for {arn}. Keep what it says (`{get}`), and delete it: `{delete}`. In the console: IAM > Identity providers."
    )]
}

fn clients_back(was: Option<&Provider>, is: &Provider) -> Vec<String> {
    let unseen = trailwarden_account::Listing::default();
    let before = was.map_or(&unseen, |was| &was.clients);
    let named = format!("--open-id-connect-provider-arn {}", word(&is.arn));
    let mut all: Vec<&Arc<str>> = before.keys().chain(is.clients.keys()).collect();
    all.sort();
    all.dedup();
    let step = |client: &&Arc<str>| {
        let both = Was { before: before.get(client), now: is.clients.get(client) };
        if both.is_as_before() || is_twice(&both) {
            return None;
        }
        let client = option("--client-id", client);
        let (add, remove) = (
            format!("`aws iam add-client-id-to-open-id-connect-provider {named} {client}`"),
            format!("`aws iam remove-client-id-from-open-id-connect-provider {named} {client}`"),
        );
        Some(match both.before {
            Presence::Present(_) => format!("Add the client again: {add}; {remove} takes it back."),
            _ => format!(
                "Take the client out again: {remove}; {add} takes it back. In the console: IAM > Identity providers > the provider > Audiences."
            ),
        })
    };
    all.iter().filter_map(step).collect()
}

/// Whether it was there and is there.
fn is_twice<V>(both: &Was<'_, V>) -> bool {
    matches!((&both.before, &both.now), (Presence::Present(_), Presence::Present(_)))
}

fn certificates_back(was: Option<&Provider>, is: &Provider) -> Option<String> {
    let arn = word(&is.arn);
    match is.kind {
        ProviderKind::Saml => Some(format!(
            "Get the metadata anew from who runs the provider, and keep what is there (`aws iam get-saml-provider --saml-provider-arn {arn} --query SAMLMetadataDocument --output text > present.xml`). Then `aws iam update-saml-provider --saml-provider-arn {arn} --saml-metadata-document file://metadata.xml`; the kept file takes it back."
        )),
        ProviderKind::OpenIdConnect => {
            let before: Option<&Vec<Arc<str>>> =
                was.map(|was| &was.thumbprints).and_then(Fact::value);
            if before.is_some() && before == is.thumbprints.value() {
                return None;
            }
            let list = before.map_or_else(
                || "THUMBPRINTS".to_owned(),
                |list| list.iter().map(|one| word(one)).collect::<Vec<_>>().join(" "),
            );
            Some(format!(
                "Put the thumbprints of before back: `aws iam update-open-id-connect-provider-thumbprint --open-id-connect-provider-arn {arn} --thumbprint-list {list}`."
            ))
        }
    }
}

/// What to do first about those who have a policy, up to its deletion.
fn taken_from_holders(now: &Model, arn: &str, named: &str) -> String {
    let (held, bounded) = having(now, arn);
    let told = |all: &[&Identity]| {
        let all = all.iter().map(|one| format!("{}/{}", one.kind.as_str(), one.name));
        all.collect::<Vec<_>>().join(", ")
    };
    if !bounded.is_empty() {
        return format!(
            "It is the permissions boundary of {}, and limits there: it stays as long as it is one. Of no use to anybody any more:",
            told(&bounded)
        );
    }
    if held.is_empty() {
        return "Nobody is known to hold it. Nobody needs it:".to_owned();
    }
    let calls = held.iter().map(|one| {
        let kind = one.kind.as_str();
        format!(
            "`aws iam detach-{kind}-policy {} {named}`",
            option(&format!("--{kind}-name"), &one.name)
        )
    });
    format!(
        "Nobody needs it: take it from {} ({}; `attach-` instead of `detach-` takes that back), and",
        told(&held),
        calls.collect::<Vec<_>>().join(", ")
    )
}
