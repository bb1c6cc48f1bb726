//! Identities under another name, and identities that go.

use trailwarden_model::Arn;

use super::{Fold, subject};
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::{FORMER_NAMES_MAX, Id, Kind};
use crate::model::{Tombstone, lower};
use crate::text::PolicyText;

impl Fold<'_> {
    /// The ARN changes, the id stays, and so does all that is attached.
    ///
    /// Source: IAM User Guide, "Rename an IAM user": policies that name the old ARN do not follow.
    pub(super) fn renamed(
        &mut self,
        kind: Kind,
        name: &Option<String>,
        new_name: &Option<String>,
        new_path: &Option<String>,
    ) -> bool {
        let Some(id) = self.target(kind, name) else { return self.any(kind, Field::Name) };
        if kind == Kind::User
            && let Some(name) = name
        {
            self.trust_under(name, new_name.as_deref(), new_path.as_deref());
        }
        if let Some(new_name) = new_name {
            self.take_name(&id, kind, new_name);
            self.touch_identity(&id, Field::Name, None);
        }
        if let Some(new_path) = new_path {
            let path = self.known(new_path.as_str().into());
            self.edit(&id, |identity| identity.path = path);
            self.touch_identity(&id, Field::Path, None);
        }
        true
    }

    /// Trust policies keep a user by his unique id, and show his ARN of today.
    ///
    /// Source: IAM User Guide, "AWS JSON policy elements: Principal", IAM user principals.
    fn trust_under(&mut self, name: &str, new_name: Option<&str>, new_path: Option<&str>) {
        self.tell_in_trusts(Kind::User, name, |who, arn| {
            let start = who.strip_suffix(arn.resource)?;
            let head = match new_path {
                Some(path) => format!("{start}user{path}"),
                None => format!("{}/", who.rsplit_once('/')?.0),
            };
            Some(format!("{head}{}", new_name.unwrap_or(arn.name())))
        });
    }

    /// Of whoever is gone trust policies show the unique id: nobody who takes the name is meant.
    /// Where the id was never seen, the ARN stays.
    ///
    /// Source: IAM User Guide, "AWS JSON policy elements: Principal", IAM user and role principals.
    pub(super) fn trust_no_more(&mut self, kind: Kind, name: &str, id: &Id) {
        if !id.is_provisional() {
            self.tell_in_trusts(kind, name, |_, _| Some(id.as_str().to_owned()));
        }
    }

    /// Puts another text where trust policies of the account name a principal of it. `instead` gets
    /// the principal as written, and its parts.
    fn tell_in_trusts(
        &mut self,
        kind: Kind,
        name: &str,
        instead: impl Fn(&str, &Arn<'_>) -> Option<String>,
    ) {
        let account = self.model.account();
        let of_it = |who: &str| -> Option<String> {
            let arn = Arn::parse(who)?;
            let is_it = arn.account_id() == Some(account)
                && arn.service == "iam"
                && arn.kind() == kind.as_str()
                && arn.name().eq_ignore_ascii_case(name);
            if is_it { instead(who, &arn) } else { None }
        };
        let told = |text: &PolicyText| -> Option<PolicyText> {
            let document = text.document().ok()?;
            let named = document.statements.iter().flat_map(|one| {
                let spared = one.not_principals.iter().flat_map(|list| list.listed());
                one.principals.listed().iter().chain(spared)
            });
            let mut now = text.as_str().to_owned();
            for principal in named {
                if let Some(new) = of_it(&principal.value) {
                    now = now.replace(&format!("\"{}\"", principal.value), &format!("\"{new}\""));
                }
            }
            (now != text.as_str()).then(|| PolicyText::new(&now))
        };
        let roles = self.model.of_kind(Kind::Role).filter_map(|role| {
            let Fact::Known { value, .. } = &role.trust else { return None };
            Some((role.id.clone(), told(value)?))
        });
        for (id, text) in roles.collect::<Vec<_>>() {
            self.edit(&id, |role| {
                if let Fact::Known { value, .. } = &mut role.trust {
                    *value = text;
                }
            });
        }
    }

    /// Gives an identity a name; whoever had it must be gone.
    pub(super) fn take_name(&mut self, id: &Id, kind: Kind, name: &str) {
        let other = self.model.find(kind, name).map(|other| other.id.clone());
        if let Some(other) = other.filter(|other| other != id) {
            self.gap(GapKind::MadeTwice, &subject(kind, name), other.as_str());
            self.bury(&other);
        }
        let Some(old) = self.edit(id, |identity| {
            let old = std::mem::replace(&mut identity.name, name.into());
            if identity.former_names.len() < FORMER_NAMES_MAX {
                identity.former_names.push(old.clone());
            }
            old
        }) else {
            return;
        };
        self.model.names.remove_mut(&(kind, lower(&old)));
        self.model.names.insert_mut((kind, lower(name)), id.clone());
    }

    pub(super) fn deleted(&mut self, kind: Kind, name: &Option<String>) -> bool {
        let Some(name) = name else { return self.any(kind, Field::Existence) };
        let subject = subject(kind, name);
        let Some(found) = self.model.find(kind, name) else {
            let id = Id::provisional(kind.as_str(), &lower(name), &self.entry.proof);
            if self.listed(kind).is_some_and(Fact::is_known) {
                self.gap(GapKind::MadeUnseen, &subject, "");
            }
            self.touch(Subject::Identity(kind, id.clone()), Field::Existence, None);
            // Trust policies may name it, and mean nobody now.
            let deleted = self.entry.proof.clone();
            self.entomb(Tombstone { id, subject, arn: None, deleted });
            return true;
        };
        let id = found.id.clone();
        // Made and deleted in one second: that deletion was the one of the bearer before.
        if found.created.value() == Some(&self.entry.order.time)
            && self.settle(GapKind::MadeTwice, &subject, None)
        {
            return true;
        }
        for left in self.left_inside(&id) {
            self.gap(GapKind::DeletedInUse, &subject, &left);
        }
        self.bury(&id);
        if self.is_unordered(&id, Field::Existence, "").is_some() {
            self.model.tombstones.remove_mut(&id);
        }
        true
    }
}
