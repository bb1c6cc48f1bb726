//! Users, groups and roles.

use std::sync::Arc;

use trailwarden_account::change::Touched;
use trailwarden_account::identity::{Credential, CredentialKind, KeyStatus};
use trailwarden_account::{Field, Id, Identity, Kind, Listing, Presence};
use trailwarden_model::Arn;
use trailwarden_remedy::people::{option, word};

use super::super::policies_gone::made_anew;
use super::{Undoing, Was, is_made, item, known, tag};

impl Undoing<'_> {
    /// The steps that take back what was done to a user, group or role.
    pub(super) fn of_identity(&self, kind: Kind, id: &Id, touched: &Touched) -> Vec<String> {
        let after = self.change.after.identity(id);
        let is = self.now.identity(id).or_else(|| {
            let found = self.now.find(kind, &after?.name)?;
            // Another one of that name is somebody else.
            (id.is_provisional() || found.id.is_provisional()).then_some(found)
        });
        // Whose id the record tells first is there under it only with what the record tells.
        let was = self.change.before.identity(id).or_else(|| self.change.informed.identity(id));
        match (is, kind) {
            (Some(is), Kind::User | Kind::Group | Kind::Role) => {
                let is_new = self
                    .change
                    .touched
                    .iter()
                    .any(|one| one.field == Field::Existence && one.subject == touched.subject);
                Whose { undoing: *self, kind, was, after, is, is_new }.taken_back(touched)
            }
            _ => Vec::new(),
        }
    }
}

/// A user, group or role before the change and now.
struct Whose<'a> {
    undoing: Undoing<'a>,
    kind: Kind,
    was: Option<&'a Identity>,
    after: Option<&'a Identity>,
    is: &'a Identity,
    /// Whether the record made it.
    is_new: bool,
}

impl Whose<'_> {
    fn taken_back(&self, touched: &Touched) -> Vec<String> {
        let kind = self.kind.as_str();
        let named = option(&format!("--{kind}-name"), &self.is.name);
        if self.is_new && touched.field != Field::Existence {
            return Vec::new();
        }
        let step = match (touched.field, touched.item.as_deref()) {
            (Field::Existence, _) => return self.made(&named),
            (Field::Tags, Some(key)) => {
                let unseen = Listing::default();
                let before = item(self.was.map_or(&unseen, |was| &was.tags), key);
                tag(kind, &named, key, &Was { before, now: item(&self.is.tags, key) })
            }
            (Field::Name | Field::Path, _) => self.name(kind, &named),
            (Field::Groups, Some(group)) => self.membership(&Id::unique(group), &named),
            (Field::Attached, Some(arn)) => {
                let step = self.attached(arn, kind, &named);
                return self.with_policy(Some(arn), step);
            }
            (Field::Inline, Some(name)) => self.inline(name, kind, &named),
            (Field::Boundary, _) => {
                let before = known(self.was.map(|was| &was.boundary)).and_then(Option::as_deref);
                return self.with_policy(before, self.boundary(kind, &named));
            }
            (Field::SessionLength, _) => self.session_length(&named),
            (Field::Credentials, Some(id)) => self.credential(id, &named),
            (Field::Mfa, Some(serial)) => self.device(serial, &named),
            _ => None,
        };
        step.into_iter().collect()
    }

    /// Whoever was made.
    fn made(&self, named: &str) -> Vec<String> {
        let kind = self.kind.as_str();
        if !is_made(Field::Existence, self.was.is_some(), true) {
            return Vec::new();
        }
        let name = &self.is.name;
        let mut steps = vec![format!(
            "The {kind} {} is new: ask whoever made it what for (`aws iam get-{kind} {named}`).",
            word(name)
        )];
        if self.kind == Kind::User {
            steps.push(format!(
                "Until that is clear it gets nothing: `aws iam attach-user-policy {named} --policy-arn arn:aws:iam::aws:policy/AWSDenyAll`; `aws iam detach-user-policy {named} --policy-arn arn:aws:iam::aws:policy/AWSDenyAll` takes it back."
            ));
        }
        steps.push(format!(
            "Nobody needs it: take away what it has, and delete it: `aws iam delete-{kind} {named}`. That cannot be taken back. In the console: IAM > {}.",
            match self.kind {
                Kind::User => "Users",
                Kind::Group => "User groups",
                Kind::Role | Kind::Root => "Roles",
            }
        ));
        steps
    }

    fn name(&self, kind: &str, named: &str) -> Option<String> {
        let was = self.was?;
        if self.kind == Kind::Role {
            return None;
        }
        let (before, now) = (was.path.value(), self.is.path.value());
        let mut back = String::new();
        if was.name != self.is.name {
            back.push_str(&format!(" {}", option(&format!("--new-{kind}-name"), &was.name)));
        }
        match before {
            Some(path) if Some(path) != now => {
                back.push_str(&format!(" --new-path {}", word(path)));
            }
            None if back.is_empty() => back.push_str(" --new-path OLD_PATH"),
            _ => {}
        }
        (!back.is_empty()).then(|| {
            format!("Give the {kind} its name and path back: `aws iam update-{kind} {named}{back}`; the same with what is there now takes it back. There is no place for paths in the console.")
        })
    }

    fn membership(&self, group: &Id, named: &str) -> Option<String> {
        let there = |one: &Identity| is_there(&one.groups.get(group));
        let was_added = self.was_added(there)?;
        let of = self.undoing.now.identity(group);
        let of = of.or_else(|| self.undoing.change.before.identity(group))?;
        let group = option("--group-name", &of.name);
        let (add, remove) = (
            format!("`aws iam add-user-to-group {named} {group}`"),
            format!("`aws iam remove-user-from-group {named} {group}`"),
        );
        Some(match was_added {
            true => format!(
                "Take the user out of the group: {remove}; {add} takes it back. In the console: IAM > Users > the user > Groups."
            ),
            false => format!(
                "Put the user into the group again: {add}; {remove} takes it back. In the console: IAM > Users > the user > Groups."
            ),
        })
    }

    fn attached(&self, arn: &str, kind: &str, named: &str) -> Option<String> {
        let arn: Arc<str> = arn.into();
        let was_added = self.was_added(|one| is_there(&one.attached.get(&arn)))?;
        let policy = format!("--policy-arn {}", word(&arn));
        let (attach, detach) = (
            format!("`aws iam attach-{kind}-policy {named} {policy}`"),
            format!("`aws iam detach-{kind}-policy {named} {policy}`"),
        );
        Some(match was_added {
            true => format!("Detach the policy: {detach}; {attach} takes it back."),
            false => format!("Attach the policy again: {attach}; {detach} takes it back."),
        })
    }

    /// A step that puts a managed policy to use, and before it the one that makes the policy where it is gone.
    fn with_policy(&self, arn: Option<&str>, step: Option<String>) -> Vec<String> {
        let now = self.undoing.now;
        let is_gone = |arn: &&str| {
            let is_ours = Arn::parse(arn).and_then(|it| it.account_id()) == Some(now.account());
            let was = self.undoing.change.before.policy(arn);
            let is_deleted = was.is_some_and(|policy| now.tombstone(&policy.id).is_some());
            is_ours && now.policy(arn).is_none() && (is_deleted || now.listed().policies.is_known())
        };
        // Only what is to be there again is made.
        let gives = |step: &&String| {
            ["Attach the policy again", "Put the boundary"].iter().any(|it| step.starts_with(it))
        };
        let gone = step.as_ref().filter(gives).and(arn).filter(is_gone);
        let made = gone.and_then(|arn| made_anew(self.undoing.change, arn));
        made.into_iter().chain(step).collect()
    }

    /// Whether the record added something, or took it away; none where it is as before by now.
    fn was_added(&self, there: impl Fn(&Identity) -> Option<bool>) -> Option<bool> {
        let before = self.was.and_then(&there);
        let was_added = self.after.and_then(&there)?;
        let is_undone = there(self.is) == Some(!was_added);
        (before != Some(was_added) && !is_undone).then_some(was_added)
    }

    fn inline(&self, name: &str, kind: &str, named: &str) -> Option<String> {
        let (key, unseen): (Arc<str>, _) = (name.into(), Listing::default());
        let before = self.was.map_or(&unseen, |was| &was.inline).get(&key);
        let both = Was { before, now: self.is.inline.get(&key) };
        if both.is_as_before() {
            return None;
        }
        let policy = format!("{named} {}", option("--policy-name", name));
        let get =
            format!("`aws iam get-{kind}-policy {policy} --query PolicyDocument > present.json`");
        let before = match both.before {
            Presence::Present(text) => text.value().map(|text| word(text.as_str())),
            Presence::Absent => {
                return Some(format!(
                    "Keep the policy ({get}), and take it away, for it is new: `aws iam delete-{kind}-policy {policy}`; `aws iam put-{kind}-policy {policy} --policy-document file://present.json` takes it back."
                ));
            }
            Presence::Unknown(_) => None,
        };
        let document = before.unwrap_or_else(|| "file://before.json".to_owned());
        let keep = match both.now {
            Presence::Absent => String::new(),
            _ => format!("Keep the policy as it is ({get}). "),
        };
        Some(format!(
            "{keep}Put the document of before back: `aws iam put-{kind}-policy {policy} --policy-document {document}`."
        ))
    }

    fn boundary(&self, kind: &str, named: &str) -> Option<String> {
        let before = known(self.was.map(|was| &was.boundary));
        if before.is_some() && before == self.is.boundary.value() {
            return None;
        }
        Some(match before {
            Some(Some(arn)) => format!(
                "Put the boundary of before back: `aws iam put-{kind}-permissions-boundary {named} --permissions-boundary {}`.",
                word(arn)
            ),
            Some(None) => format!(
                "Take the boundary away, for there was none: `aws iam delete-{kind}-permissions-boundary {named}`."
            ),
            None => format!(
                "Put the boundary of before back, which no log shows: `aws iam put-{kind}-permissions-boundary {named} --permissions-boundary POLICY_ARN`."
            ),
        })
    }

    fn session_length(&self, named: &str) -> Option<String> {
        let before = known(self.was.map(|was| &was.max_session));
        if self.kind != Kind::Role || before.is_some() && before == self.is.max_session.value() {
            return None;
        }
        let seconds = before.map_or_else(|| "SECONDS".to_owned(), ToString::to_string);
        Some(format!(
            "Give the role its longest session back: `aws iam update-role {named} --max-session-duration {seconds}`. In the console: IAM > Roles > the role > Edit."
        ))
    }

    /// A credential that is no access key: switched off, and kept.
    fn credential(&self, id: &str, named: &str) -> Option<String> {
        let Presence::Present(fact) = self.is.credentials.get(&id.into()) else { return None };
        let Credential { kind, status } = fact.value()?;
        if *status == Some(KeyStatus::Inactive) {
            return None;
        }
        let (call, parameter) = match kind {
            CredentialKind::SshKey => ("update-ssh-public-key", "--ssh-public-key-id"),
            CredentialKind::SigningCertificate => {
                ("update-signing-certificate", "--certificate-id")
            }
            CredentialKind::ServiceSpecific => {
                ("update-service-specific-credential", "--service-specific-credential-id")
            }
        };
        let id = word(id);
        Some(format!(
            "Switch the credential off: `aws iam {call} {named} {parameter} {id} --status Inactive`; `--status Active` takes it back. In the console: IAM > Users > the user > Security credentials."
        ))
    }

    /// An MFA device that was enabled: asked about first.
    fn device(&self, serial: &str, named: &str) -> Option<String> {
        let was = self.was?;
        let key: Arc<str> = serial.into();
        let is_there = matches!(self.is.mfa.get(&key), Presence::Present(_));
        if !is_there || matches!(was.mfa.get(&key), Presence::Present(_)) {
            return None;
        }
        let serial = word(serial);
        Some(format!(
            "The device is not the user's: `aws iam deactivate-mfa-device {named} --serial-number {serial}`. It cannot be taken back: the device must be registered anew. In the console: IAM > Users > the user > Security credentials."
        ))
    }
}

/// Whether something is there, if that is known.
fn is_there<V>(presence: &Presence<'_, V>) -> Option<bool> {
    match presence {
        Presence::Present(_) => Some(true),
        Presence::Absent => Some(false),
        Presence::Unknown(_) => None,
    }
}
