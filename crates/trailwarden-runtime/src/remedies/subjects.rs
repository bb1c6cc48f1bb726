//! From a finding to what its remedies must know of its thing.

use std::collections::BTreeMap;

use trailwarden_account::fact::Fact;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Identity, Kind, PolicyText};
use trailwarden_model::finding::Party;
use trailwarden_model::{AccountId, Arn, Finding};
use trailwarden_remedy::subject::{Key, Known as State, Principal, PrincipalKind};
use trailwarden_remedy::{NoPlan, Subject};

use super::{APPROVAL, Known};

/// Remediations that are about whoever did it, where the thing that it was done to is no principal.
const OF_THE_ACTOR: &[&str] =
    &["attach-quarantine-policy", "deactivate-access-key", "revoke-sessions"];

/// How to get to know what only a record tells.
pub(super) const ASK_RECORD: &str =
    "read it in the record that the finding names as evidence, and do this one by hand";

impl Known<'_> {
    /// What a remedy is asked about for a finding: one subject for each thing that it must change.
    pub(super) fn subjects(&self, finding: &Finding, remedy: &str) -> Result<Vec<Subject>, NoPlan> {
        let mut subject = self.about(finding, remedy)?;
        match remedy {
            "deactivate-access-key" => {
                subject.access_key = Some(self.key_of(finding, &subject)?);
                Ok(vec![subject])
            }
            "delete-credential" => self.inactive_keys(subject),
            "detach-policy" => self.at_fault(finding, subject),
            "narrow-policy" => {
                let subjects = self.at_fault(finding, subject)?.into_iter();
                subjects.map(|subject| self.with_statements(finding, subject)).collect()
            }
            "narrow-trust" | "remove-trust" => {
                subject.statements = self.trust_at_fault(finding, &subject)?;
                Ok(vec![subject])
            }
            "remove-from-group" if subject.group.is_none() => {
                let what = "which user was put into which group".to_owned();
                Err(NoPlan::Unknown { what, ask: ASK_RECORD })
            }
            _ => Ok(vec![subject]),
        }
    }

    /// All that is known of what the finding is about.
    fn about(&self, finding: &Finding, remedy: &str) -> Result<Subject, NoPlan> {
        let mut subject = Subject::new(self.snapshot.account, self.snapshot.taken);
        subject.partition.clone_from(&self.snapshot.partition);
        subject.finding = Some(finding.id.clone());
        subject.cutoff = self.now.plus(APPROVAL);
        subject.organization = self.organization.map(str::to_owned).or_else(|| self.organization());
        let named = match principal_of(&finding.target) {
            None if OF_THE_ACTOR.contains(&remedy) => self.actor(finding),
            named => named,
        };
        if let Some(named) = named {
            self.fill_principal(finding, &named, &mut subject)?;
        }
        if self.is_after(finding) {
            self.fill_settings(finding, remedy, &mut subject)?;
        }
        Ok(subject)
    }

    /// The organization's id, as AWS told it.
    fn organization(&self) -> Option<String> {
        let answer = self.snapshot.answer("organizations:DescribeOrganization")?;
        let id = answer.body()?.get("Organization")?.get("Id")?;
        id.as_str().map(str::to_owned)
    }

    /// The user or role whose credentials the calls were made with.
    fn actor(&self, finding: &Finding) -> Option<Named> {
        let Some(session) = finding.actor.session.as_deref() else {
            return principal_of(&finding.actor);
        };
        let parts = Arn::parse(session)?;
        let role = session.split_once(":assumed-role/")?.1.split('/').next()?;
        let is_ours = parts.account_id() == Some(self.snapshot.account);
        is_ours.then(|| Named {
            kind: Kind::Role,
            name: role.to_owned(),
            arn: None,
            id: None,
            account: None,
        })
    }

    fn fill_principal(
        &self,
        finding: &Finding,
        named: &Named,
        subject: &mut Subject,
    ) -> Result<(), NoPlan> {
        let account = named.arn.as_deref().and_then(|arn| Arn::parse(arn)?.account_id());
        if let Some(other) = account.or(named.account).filter(|it| *it != subject.account) {
            return Err(NoPlan::Person(format!(
                "`{}` lies in account {other}: put it right there",
                named.name
            )));
        }
        if named.kind == Kind::Root {
            let arn = format!("arn:{}:iam::{}:root", subject.partition, subject.account);
            subject.principal = Principal::of(&arn);
            return Ok(());
        }
        let label = format!("{}/{}", named.kind.as_str(), named.name);
        let model = self.model()?;
        let found = model.find(named.kind, &named.name);
        let namesake = found.filter(|one| {
            !one.id.is_provisional() && named.id.as_deref().is_some_and(|id| id != one.id.as_str())
        });
        let listed = match named.kind {
            Kind::User => &model.listed().users,
            Kind::Group => &model.listed().groups,
            Kind::Role | Kind::Root => &model.listed().roles,
        };
        if !self.is_after(finding) {
            // What is there now is not known: only its name is used, and asked about before each call.
            let arn = found.and_then(|one| one.arn(model.partition(), model.account()));
            subject.principal = named.arn.clone().or(arn).as_deref().and_then(Principal::of);
            return match subject.principal {
                Some(_) => Ok(()),
                None => Err(NoPlan::unknown(format!("what became of `{label}`"))),
            };
        }
        match (found, namesake) {
            (_, Some(_)) => Err(NoPlan::Already(format!(
                "the `{label}` that was found is gone, and another one has its name"
            ))),
            (Some(identity), None) => self.fill_identity(identity, subject),
            (None, None) if listed.is_known() => Err(NoPlan::Already(format!("`{label}` is gone"))),
            (None, None) => Err(NoPlan::unknown(format!("whether there is a `{label}`"))),
        }
    }

    fn fill_identity(&self, identity: &Identity, subject: &mut Subject) -> Result<(), NoPlan> {
        let arn = identity.arn(&subject.partition, subject.account);
        let arn = arn.ok_or_else(|| NoPlan::unknown(format!("the path of `{}`", identity.name)))?;
        subject.principal = Principal::of(&arn);
        subject.keys = keys(identity);
        subject.login_profile = match (identity.login.value(), identity.reported.value()) {
            (Some(None), _) => State::Absent,
            (Some(Some(login)), _) => login.reset_required.map_or(State::Unknown, State::Is),
            (None, Some(row)) if row.password_enabled == Some(false) => State::Absent,
            (None, _) => State::Unknown,
        };
        subject.inline = whole(identity.inline.is_complete(), identity.inline.iter());
        if identity.attached.is_complete() {
            subject.attached = Some(identity.attached.keys().map(|arn| arn.to_string()).collect());
        }
        subject.boundary = match identity.boundary.value() {
            Some(Some(arn)) => State::Is(arn.to_string()),
            Some(None) => State::Absent,
            None => State::Unknown,
        };
        if identity.kind == Kind::Role
            && let Some(text) = identity.trust.value()
        {
            subject.trust = State::Is(text.as_str().to_owned());
        }
        subject.may_change_password = self.may_change_password(identity, &subject.partition);
        Ok(())
    }
}

/// A user, group, role or root as a finding names it.
pub(super) struct Named {
    kind: Kind,
    name: String,
    arn: Option<String>,
    id: Option<String>,
    account: Option<AccountId>,
}

/// The principal that a party is, or is a part of: a posture row about a key has its user's ARN.
fn principal_of(party: &Party) -> Option<Named> {
    let kind = party.kind.as_deref()?;
    let principal = party.arn.as_deref().and_then(Principal::of);
    let id = party.id.as_deref().and_then(|id| id.split('/').next());
    let kind = match (kind, principal.as_ref().map(|one| one.kind)) {
        (
            "user" | "group" | "role" | "access_key" | "inline_policy" | "trust_policy",
            Some(kind),
        ) => match kind {
            PrincipalKind::User => Kind::User,
            PrincipalKind::Group => Kind::Group,
            PrincipalKind::Role => Kind::Role,
            PrincipalKind::Root => Kind::Root,
        },
        ("user", None) => Kind::User,
        ("group", None) => Kind::Group,
        ("role", None) => Kind::Role,
        ("root", _) => Kind::Root,
        _ => return None,
    };
    let name = match &principal {
        Some(principal) => principal.name.clone(),
        None => {
            let name = party.name.as_deref().unwrap_or_default();
            name.strip_prefix(&format!("{}/", kind.as_str())).unwrap_or(name).to_owned()
        }
    };
    let arn = principal.map(|principal| principal.arn);
    (kind == Kind::Root || !name.is_empty()).then(|| Named {
        kind,
        name,
        arn,
        id: id.map(str::to_owned),
        account: party.account.as_deref().and_then(AccountId::parse),
    })
}

/// The user's keys, when all are known.
fn keys(identity: &Identity) -> Option<BTreeMap<String, Key>> {
    let reported = identity.reported.value();
    if reported.is_some_and(|row| row.keys_active.is_empty()) && identity.keys.is_empty() {
        return Some(BTreeMap::new());
    }
    if !identity.keys.is_complete() {
        return None;
    }
    let key =
        |status: &KeyStatus| Key { is_active: *status == KeyStatus::Active, inactive_since: None };
    let all = identity.keys.iter().map(|(id, status)| Some((id.to_string(), key(status.value()?))));
    all.collect()
}

/// The texts of all policies, when all are known.
fn whole<'i>(
    is_complete: bool,
    items: impl Iterator<Item = (&'i std::sync::Arc<str>, &'i Fact<PolicyText>)>,
) -> Option<BTreeMap<String, String>> {
    let text = |text: &Fact<PolicyText>| Some(text.value()?.as_str().to_owned());
    let mut all = items.map(|(name, policy)| Some((name.to_string(), text(policy)?)));
    is_complete.then(|| all.by_ref().collect()).flatten()
}
