//! What was put right since, and no model holds: passwords that others set, and providers that were deleted.

use std::collections::BTreeMap;

use trailwarden_account::{Change, Field, PolicyText, Presence, Subject, Touched};
use trailwarden_model::{AccountId, Finding, Outcome, Timestamp};
use trailwarden_record::Event;

use crate::remedies::mended::thing;

/// When something was put right last.
#[derive(Debug, Default)]
pub(in crate::remedies) struct Since {
    /// By account and user in small letters, with who did it.
    passwords: BTreeMap<(AccountId, String), (Timestamp, String)>,
    /// Who made a user, by account and user in small letters.
    makers: BTreeMap<(AccountId, String), String>,
    /// By ARN.
    deleted: BTreeMap<String, Timestamp>,
    /// Who wrote a document last, and what, by whose it is and its name.
    writers: BTreeMap<(AccountId, String), (String, Option<PolicyText>)>,
    /// Who made the calls that findings are about, by event id.
    authors: BTreeMap<String, String>,
}

impl Since {
    /// Notes what a call put right, and who made a call that findings are about.
    pub(super) fn note(&mut self, event: &Event, is_wanted: bool) {
        if is_wanted {
            self.authors.insert(event.id.clone(), event.caller.stable.clone());
        }
        if event.outcome != Outcome::Succeeded || event.service() != "iam" {
            return;
        }
        match event.name() {
            "UpdateLoginProfile" => {
                let (Some(user), Some(account)) = (event.request("userName"), event.account) else {
                    return;
                };
                // Whoever took an identity over may set its password, too.
                if !event.caller.is_user(user) {
                    self.passwords.insert(
                        (account, user.to_lowercase()),
                        (event.time, event.caller.stable.clone()),
                    );
                }
            }
            "CreateUser" => {
                if let (Some(user), Some(account)) = (event.request("userName"), event.account) {
                    let user = (account, user.to_lowercase());
                    self.makers.insert(user, event.caller.stable.clone());
                }
            }
            "DeleteOpenIDConnectProvider" | "DeleteSAMLProvider" => {
                self.deleted.extend(provider(event).map(|arn| (arn.to_owned(), event.time)));
            }
            "CreateOpenIDConnectProvider" | "CreateSAMLProvider" => {
                provider(event).map(|arn| self.deleted.remove(arn));
            }
            _ => {}
        }
    }

    /// Notes who changed a document.
    pub(super) fn note_change(&mut self, event: &Event, change: &Change) {
        let Some(account) = event.account else { return };
        for touched in &change.touched {
            let item = touched.item.as_deref();
            if let Some(thing) = thing(change, &touched.subject, touched.field, item) {
                let wrote = written(change, touched);
                self.writers.insert((account, thing), (event.caller.stable.clone(), wrote));
            }
        }
    }

    /// Whether the last one in the logs who wrote a document is one who made a finding's calls, and what was written;
    /// none where no log shows by whom.
    pub(in crate::remedies) fn last_by(
        &self,
        account: AccountId,
        thing: &str,
        finding: &Finding,
    ) -> Option<(bool, Option<&PolicyText>)> {
        let (last, wrote) = self.writers.get(&(account, thing.to_owned()))?;
        Some((self.is_author(last, finding), wrote.as_ref()))
    }

    /// Who made a call that findings are about.
    pub(in crate::remedies) fn author(&self, event_id: &str) -> Option<&str> {
        self.authors.get(event_id).map(String::as_str)
    }

    /// Whether somebody made one of a finding's calls.
    fn is_author(&self, who: &str, finding: &Finding) -> bool {
        let mut evidence = finding.evidence.iter();
        evidence.any(|one| self.authors.get(&one.event_id).is_some_and(|it| it == who))
    }

    /// When a user was last given another password, by somebody who is neither the user nor made a finding's calls.
    pub(in crate::remedies) fn password_set(
        &self,
        account: AccountId,
        user: &str,
        finding: &Finding,
    ) -> Option<Timestamp> {
        let (time, by) = self.passwords.get(&(account, user.to_lowercase()))?;
        (!self.is_author(by, finding)).then_some(*time)
    }

    /// Whether a user was made by one who made calls that findings are about.
    pub(in crate::remedies) fn is_made_by_an_author(&self, account: AccountId, user: &str) -> bool {
        let maker = self.makers.get(&(account, user.to_lowercase()));
        maker.is_some_and(|maker| self.authors.values().any(|author| author == maker))
    }

    /// When an identity provider was deleted, if it was not made again.
    pub(in crate::remedies) fn provider_deleted(&self, arn: &str) -> Option<Timestamp> {
        self.deleted.get(arn).copied()
    }
}

/// The document that a change left.
fn written(change: &Change, touched: &Touched) -> Option<PolicyText> {
    match (&touched.subject, touched.field) {
        (Subject::Identity(_, id), Field::Inline) => {
            match change.after.identity(id)?.inline.get(touched.item.as_ref()?) {
                Presence::Present(text) => text.value().cloned(),
                Presence::Absent | Presence::Unknown(_) => None,
            }
        }
        (Subject::Identity(_, id), Field::Trust) => {
            change.after.identity(id)?.trust.value().cloned()
        }
        (Subject::Policy(id), _) => {
            let policy = change.after.policies().find(|policy| policy.id == *id)?;
            policy.document().value().cloned()
        }
        _ => None,
    }
}

/// The ARN of the provider that a call is about.
fn provider(event: &Event) -> Option<&str> {
    let names = ["openIDConnectProviderArn", "sAMLProviderArn"];
    names.iter().find_map(|name| event.request(name).or_else(|| event.response(name)))
}
