//! From a finding to what its remedies must know of its thing.

use std::collections::BTreeMap;

use trailwarden_account::{Kind, Model};
use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_model::{Arn, Finding, Outcome};
use trailwarden_remedy::subject::{Key, Known as State, Principal, PrincipalKind};
use trailwarden_remedy::{NoPlan, Stop, Subject};

use super::named::{Named, is_of_policy, principal_of};
use super::providers::is_of_provider;
use super::unused::service_of;
use super::young::of_keys;
use super::{APPROVAL, Known};

/// Remediations that are about whoever did it, where the thing that it was done to is no principal.
const OF_THE_ACTOR: &[&str] =
    &["attach-quarantine-policy", "deactivate-access-key", "release-quarantine", "revoke-sessions"];

/// How the ids of roles begin ("IAM identifiers", IAM User Guide).
const OF_ROLES: &str = "AROA";

/// Finds users without any second factor, and such as have a virtual one.
const NO_HARDWARE: &str = "console-user-without-hardware-mfa";

const BY_KEY: &str = "the user has a second factor, and no plan makes it another kind: give the user a security key or a passkey, let it be registered (IAM > Users > the user > Security credentials > Assign MFA device), and remove the virtual device once the new one works";

impl Known<'_> {
    /// What a remedy is asked about for a finding: one subject for each thing that it must change.
    pub(super) fn subjects(&self, finding: &Finding, remedy: &str) -> Result<Vec<Subject>, NoPlan> {
        self.has_happened(finding, remedy)?;
        if remedy == "remove-trust" && is_of_provider(finding) {
            return self.let_in_by_provider(finding);
        }
        if is_of_records(finding, remedy) {
            let subjects = self.restored_or_present(finding, remedy)?.into_iter();
            return subjects.map(|subject| self.with_faults(finding, remedy, subject)).collect();
        }
        let mut subject = self.about(finding, remedy)?;
        if subject.principal.as_ref().is_some_and(|one| one.kind == PrincipalKind::Root) {
            return Err(NoPlan::Stopped(Stop::Root));
        }
        match remedy {
            "grant-trail-reading" => self.fill_readers(&mut subject).map(|()| vec![subject]),
            "rotate-access-key" => {
                let keys = self.keys_of(finding, &subject)?;
                self.fill_dates(&mut subject)?;
                Ok(of_keys(&subject, keys))
            }
            "deactivate-access-key" => {
                self.other_credential(finding)?;
                // A list from before says nothing against a key that was seen in use since.
                let seen = finding.actor.access_key.as_deref();
                let is_listed =
                    |keys: &BTreeMap<String, Key>| seen.is_none_or(|key| keys.contains_key(key));
                if self.snapshot.taken < finding.last_time {
                    subject.keys = subject.keys.filter(is_listed);
                }
                let mut keys = self.keys_of(finding, self.wake(&mut subject))?;
                let told = keys.iter().next().cloned().unwrap_or_default();
                keys.retain(|key| !self.is_off_since(finding, key));
                if keys.is_empty() {
                    return Err(NoPlan::Already(format!("the key `{told}` is inactive")));
                }
                self.are_old_enough(finding, &subject, &keys)?;
                Ok(of_keys(&subject, keys))
            }
            "delete-credential" => {
                self.other_credential(finding).and_then(|()| self.inactive_keys(subject))
            }
            "detach-policy" if is_of_policy(finding) => Err(self.held_by(finding)),
            "detach-policy" => self.at_fault(finding, subject),
            "enable-mfa" if finding.rule == NO_HARDWARE => {
                self.is_somebody(finding, &subject)?;
                self.without_factor(&subject)?;
                Ok(vec![subject])
            }
            "enable-mfa" => {
                self.is_somebody(finding, &subject)?;
                self.is_without_factor(finding, &subject).map(|()| vec![subject])
            }
            "narrow-policy" if let Some(service) = service_of(&finding.rule) => {
                self.of_unused(finding, subject, service)
            }
            "narrow-policy" => {
                let subjects = self.at_fault(finding, subject)?.into_iter();
                subjects.map(|subject| self.with_statements(finding, subject)).collect()
            }
            "require-new-password" | "reset-console-password" => {
                self.is_password_old(finding, &subject).map(|()| vec![subject])
            }
            "revoke-sessions" => self.are_ended(finding, &subject).map(|()| vec![subject]),
            "narrow-trust" | "remove-trust" => {
                subject.statements = self.trust_at_fault(finding, &subject)?;
                Ok(vec![subject])
            }
            _ => Ok(vec![subject]),
        }
    }

    /// The group that is to read the logs.
    fn fill_readers(&self, subject: &mut Subject) -> Result<(), NoPlan> {
        let group = self.reader_group.ok_or(NoPlan::Unknown {
            what: "which group is to read the logs".to_owned(),
            ask: "name it with --reader-group GROUP",
        })?;
        let gone = || NoPlan::unknown(format!("whether there is a group `{group}`"));
        self.fill_identity(self.model()?.find(Kind::Group, group).ok_or_else(gone)?, subject)
    }

    /// Refuses where a second factor is there already, and only of which kind it is was found.
    fn without_factor(&self, subject: &Subject) -> Result<(), NoPlan> {
        let arn = subject.principal.as_ref().map(|principal| principal.arn.as_str());
        let user = arn.and_then(|arn| self.model().ok()?.find_arn(arn));
        let has_one = user.and_then(|user| user.reported.value()?.mfa_active);
        match has_one {
            Some(true) => Err(NoPlan::Person(BY_KEY.to_owned())),
            Some(false) | None => Ok(()),
        }
    }

    /// What is at fault where nobody knows what was before: statements that say too much.
    fn with_faults(
        &self,
        finding: &Finding,
        remedy: &str,
        mut subject: Subject,
    ) -> Result<Subject, NoPlan> {
        subject = self.as_mended(finding, remedy, subject)?;
        match (remedy, &subject.before) {
            ("narrow-policy", State::Unknown) => self.with_statements(finding, subject),
            ("remove-trust", _) => self.with_trust_left(finding, subject),
            _ => Ok(subject),
        }
    }

    /// A subject of which nothing is known yet but the account and the times.
    pub(super) fn blank(&self, finding: Option<&Finding>) -> Subject {
        let mut subject = Subject::new(self.snapshot.account, self.state_time());
        subject.partition.clone_from(&self.snapshot.partition);
        subject.finding = finding.map(|finding| finding.id.clone());
        subject.cutoff = self.now.plus(APPROVAL);
        subject.organization = self.organization();
        subject
    }

    /// All that is known of what the finding is about.
    pub(super) fn about(&self, finding: &Finding, remedy: &str) -> Result<Subject, NoPlan> {
        let mut subject = self.blank(Some(finding));
        let is_of_actor = OF_THE_ACTOR.contains(&remedy);
        let named = match (finding.outcome, principal_of(&finding.target)) {
            // Of a call that was refused the danger is who made it, not whom it was aimed at.
            (Some(Outcome::Denied), target) if is_of_actor => self.actor(finding).or(target),
            (_, None) if is_of_actor => self.actor(finding),
            (_, target) => target,
        };
        // Root that acts on itself names no user; a user may be called root, too.
        let is_root = finding.actor.kind.as_deref() == Some("root");
        let named = named.map(|named| match is_root && named.is_called_root() {
            true => Named { kind: Kind::Root, ..named },
            false => named,
        });
        if let Some(named) = named {
            self.fill_principal(finding, &named, &mut subject)?;
        }
        // Whoever signed in had a password by then, whatever was known before.
        let signed_in = finding.evidence.iter().any(|one| one.event_name == "ConsoleLogin");
        if signed_in && self.login_told(&subject).is_none_or(|at| at < finding.last_time) {
            subject.login_profile = match subject.login_profile {
                State::Absent => State::Unknown,
                known => known,
            };
        }
        if self.is_after(finding) {
            self.fill_settings(finding, remedy, &mut subject)?;
        }
        Ok(subject)
    }

    /// The user or role whose credentials the calls were made with.
    pub(super) fn actor(&self, finding: &Finding) -> Option<Named> {
        if finding.actor.kind.as_deref() == Some("federated_user") {
            return self.issuer(finding);
        }
        let Some(session) = finding.actor.session.as_deref() else {
            return principal_of(&finding.actor);
        };
        let parts = Arn::parse(session)?;
        let role = session.split_once(":assumed-role/")?.1.split('/').next()?;
        let id = finding.actor.id.as_deref().and_then(|id| id.split(':').next());
        let id = id.filter(|id| id.starts_with(OF_ROLES));
        let is_ours = parts.account_id() == Some(self.snapshot.account);
        is_ours.then(|| Named {
            kind: Kind::Role,
            name: role.to_owned(),
            arn: None,
            id: id.map(str::to_owned),
            account: None,
        })
    }

    /// Who made the session of a federated user: what that user is denied, the session is denied, too.
    ///
    /// Source: IAM User Guide, "Disabling permissions for temporary security credentials".
    fn issuer(&self, finding: &Finding) -> Option<Named> {
        let events = finding.evidence.iter();
        let mut events = events.filter_map(|one| self.history?.record(&one.event_id));
        let issuer = events.find_map(|event| Principal::of(&event.caller.issuer_arn))?;
        let kind = match issuer.kind {
            PrincipalKind::User => Kind::User,
            PrincipalKind::Root => Kind::Root,
            PrincipalKind::Group | PrincipalKind::Role => return None,
        };
        Some(Named { kind, name: issuer.name, arn: Some(issuer.arn), id: None, account: None })
    }

    /// Whether the finding's records show that it was there: whoever is missing from the model now was
    /// deleted after them.
    fn was_there(&self, finding: &Finding, named: &Named) -> bool {
        let changes = self.history.into_iter().flat_map(|it| it.changes(self.account(), finding));
        let shows = |model: &Model| model.find(named.kind, &named.name).is_some();
        named.kind == Kind::User && self.is_deleted(&named.name)
            || changes.into_iter().any(|change| shows(&change.before) || shows(&change.after))
    }

    /// Whether the logs show that a user was deleted.
    pub(super) fn is_deleted(&self, user: &str) -> bool {
        let is_there = |model: &Model| model.find(Kind::User, user).is_some();
        self.history.is_some_and(|it| it.is_deleted(self.account(), user))
            && !self.model().is_ok_and(is_there)
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
        let Ok(model) = self.model() else { return self.by_name(finding, named, subject) };
        let found = model.find(named.kind, &named.name);
        let namesake = found.filter(|one| self.is_namesake(finding, named, one));
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
            (None, None) if listed.is_known() || self.was_there(finding, named) => {
                Err(NoPlan::Already(format!("`{label}` is gone")))
            }
            (None, None) => self.by_name(finding, named, subject),
        }
    }
}

/// Whether a remediation brings back what a finding's records changed, rather than what is.
fn is_of_records(finding: &Finding, remedy: &str) -> bool {
    let is_event = finding.kind != FindingKind::Posture && !finding.evidence.is_empty();
    match remedy {
        "add-to-group"
        | "delete-identity-provider"
        | "remove-from-group"
        | "rename-group"
        | "rename-user"
        | "restore-password-policy"
        | "restore-permissions-boundary"
        | "restore-policy"
        | "restore-policy-version"
        | "restore-tags" => true,
        "detach-policy" | "narrow-policy" | "remove-trust" => is_event,
        _ => false,
    }
}
