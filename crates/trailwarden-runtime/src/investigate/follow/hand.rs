//! What a call of a followed identity hands on: sessions, keys, users, roles, passwords, code.

mod code;
mod keys;

use trailwarden_account::{Kind, Models};
use trailwarden_model::Arn;
use trailwarden_record::events::Call;
use trailwarden_record::row::Flags;
use trailwarden_record::{Event, Row, hash};

use super::super::extract::session;
use super::super::story::Relation;
use super::{Bond, Follow, Scope, Who, actor_of};

impl Follow {
    /// Follows what a call of `from` gave it. Whether anything new is followed.
    pub(in super::super) fn hand_on(
        &mut self,
        from: usize,
        row: &Row,
        event: &Event,
        models: &Models,
        people: &dyn Fn(&str, &str) -> Option<u64>,
    ) -> bool {
        if row.flags.has(Flags::DENIED) || row.flags.has(Flags::FAILED) {
            return false;
        }
        if row.issued != 0 {
            return self.session(Some(from), row, event);
        }
        match &event.call {
            Call::CreateAccessKey(_) => self.key(from, row, event),
            Call::UpdateAccessKey(_) => self.reactivated(from, row, event, models),
            Call::CreateUser(_) => self.user(from, row, event),
            Call::CreateRole(_) => self.role(from, row, event),
            Call::UpdateAssumeRolePolicy(_) => self.trust(from, event),
            Call::CreateLoginProfile(_) | Call::UpdateLoginProfile(_) => {
                self.password(from, row, event, models, people)
            }
            _ => self.code(from, row, event),
        }
    }

    /// Follows a session that somebody else obtained of a role whose trust the story has changed.
    pub(in super::super) fn through_opened_role(&mut self, row: &Row, event: &Event) -> bool {
        let role = event.request("roleArn").and_then(Arn::parse);
        let Some(role) = role else { return false };
        let key = (role.account.to_owned(), role.name().to_ascii_lowercase());
        let Some(opener) = self.opened.get(&key).copied() else { return false };
        let caller = event.caller.account.map(|account| account.to_string());
        let federated = matches!(
            event.call,
            Call::StsAssumeRoleWithSAML(_) | Call::StsAssumeRoleWithWebIdentity(_)
        );
        if !federated && caller.as_deref() == Some(role.account) {
            return false;
        }
        let fresh = self.session(None, row, event);
        let Some(at) = self.keys.get(&row.issued).copied() else { return fresh };
        if let Some(persona) = self.personas.get_mut(at)
            && persona.relation == Relation::Session
        {
            persona.relation = Relation::Backdoor;
            persona.is_sure = false;
            persona.why = format!(
                "somebody from outside the account assumed role {} after its trust policy was changed",
                role.name()
            );
        }
        let bond =
            Bond { from: opener, how: "opened", place: row.place, time: row.time(), count: 1 };
        self.tie(at, bond);
        self.origin(at, row.actor, "assumed", row.place, row.time(), None);
        fresh
    }

    fn session(&mut self, from: Option<usize>, row: &Row, event: &Event) -> bool {
        if self.keys.contains_key(&row.issued) {
            return false;
        }
        let text = |path: &str| event.response(path).map(str::to_owned);
        let arn = text("assumedRoleUser.arn").or_else(|| text("federatedUser.arn"));
        let Some(arn) = arn else {
            // GetSessionToken: the same user under another key. AssumeRoot: root of a member.
            return match (&event.call, from) {
                (Call::StsAssumeRoot(_), Some(from)) => self.member_root(from, row, event),
                (_, Some(from)) => self.keys.insert(row.issued, from).is_none(),
                (_, None) => false,
            };
        };
        let parsed = Arn::parse(&arn);
        let account = parsed.map(|arn| arn.account.to_owned());
        let id = text("assumedRoleUser.assumedRoleId");
        let id = id.as_deref().and_then(|id| id.split(':').next()).map(str::to_owned);
        let name = parsed.map_or(String::new(), |arn| {
            arn.resource.split_once('/').map_or("", |(_, name)| name).to_owned()
        });
        let actor = match (&id, &account) {
            (Some(id), Some(account)) => actor_of(id, account),
            _ => 0,
        };
        let of_role = match (&id, &account, parsed) {
            (Some(_), Some(_), Some(arn)) => {
                let session_name = arn.resource.splitn(3, '/').nth(2).unwrap_or_default();
                session(actor, hash::of(session_name))
            }
            _ => hash::of(&arn),
        };
        let known = self.handed.get(&of_role).or_else(|| self.sessions.get(&of_role));
        let known = known.or_else(|| self.asked.get(&(actor, of_role))).copied();
        let kind = if arn.contains(":assumed-role/") { "session" } else { "federated_user" };
        let at = match known {
            Some(at) => at,
            None => {
                let who =
                    Who { kind: kind.to_owned(), name, arn: Some(arn), id, account, key: None };
                let added = self.add(Relation::Session, who, true, String::new());
                let Some(at) = added else { return false };
                self.handed.insert(of_role, at);
                at
            }
        };
        self.keys.insert(row.issued, at);
        if let Some(from) = from.filter(|from| *from != at) {
            let how = if kind == "session" { "assumed" } else { "federated" };
            self.tie(at, Bond { from, how, place: row.place, time: row.time(), count: 1 });
        }
        true
    }

    fn member_root(&mut self, from: usize, row: &Row, event: &Event) -> bool {
        let target = event.request("targetPrincipal").unwrap_or_default().to_owned();
        let account = Arn::parse(&target).map_or(target.clone(), |arn| arn.account.to_owned());
        let who = Who {
            kind: "root".to_owned(),
            name: format!("root of {account}"),
            account: Some(account),
            ..Who::default()
        };
        let Some(at) = self.add(Relation::Session, who, true, String::new()) else { return false };
        self.keys.insert(row.issued, at);
        self.tie(at, Bond { from, how: "assumed", place: row.place, time: row.time(), count: 1 });
        true
    }

    fn user(&mut self, from: usize, row: &Row, event: &Event) -> bool {
        self.made(from, row, event, "user", "user.userId", "user.userName", "user.arn", Scope::All)
    }

    fn role(&mut self, from: usize, row: &Row, event: &Event) -> bool {
        let scope = Scope::NotForServices;
        self.made(from, row, event, "role", "role.roleId", "role.roleName", "role.arn", scope)
    }

    #[expect(clippy::too_many_arguments, reason = "the paths of one response, once for each kind")]
    fn made(
        &mut self,
        from: usize,
        row: &Row,
        event: &Event,
        kind: &str,
        id: &str,
        name: &str,
        arn: &str,
        scope: Scope,
    ) -> bool {
        let (Some(id), Some(account)) = (event.response(id), event.account) else { return false };
        let actor = actor_of(id, &account.to_string());
        if self.actors.contains_key(&actor) {
            return false;
        }
        let bond = Bond { from, how: "created", place: row.place, time: row.time(), count: 1 };
        // Somebody who calls from the address asked for is in the story already.
        if let Some(at) = self.asked.get(&(actor, 0)).copied() {
            self.actors.insert(actor, (at, scope));
            self.tie(at, bond);
            return true;
        }
        let who = Who {
            kind: kind.to_owned(),
            name: event.response(name).unwrap_or_default().to_owned(),
            arn: event.response(arn).map(str::to_owned),
            id: Some(id.to_owned()),
            account: Some(account.to_string()),
            key: None,
        };
        // A new user is its maker's; into a new role its trust may let others.
        let why = match kind {
            "user" => String::new(),
            _ => "anyone whom its trust policy lets in may use it".to_owned(),
        };
        let Some(at) = self.add(Relation::Made, who, kind == "user", why) else { return false };
        self.actors.insert(actor, (at, scope));
        self.tie(at, bond);
        true
    }

    fn trust(&mut self, from: usize, event: &Event) -> bool {
        let (Some(role), Some(account)) = (event.request("roleName"), event.account) else {
            return false;
        };
        let key = (account.to_string(), role.to_ascii_lowercase());
        self.opened.insert(key, from).is_none()
    }

    fn password(
        &mut self,
        from: usize,
        row: &Row,
        event: &Event,
        models: &Models,
        people: &dyn Fn(&str, &str) -> Option<u64>,
    ) -> bool {
        let (Some(user), Some(account)) = (event.request("userName"), event.account) else {
            return false;
        };
        let text = account.to_string();
        let found = models.get(account).and_then(|model| model.find(Kind::User, user));
        let id = found.map(|user| &user.id).filter(|id| !id.is_provisional());
        let actor = match id {
            Some(id) => Some(actor_of(id.as_str(), &text)),
            None => people(user, &text),
        };
        let Some(actor) = actor else { return false };
        if event.is_on_caller() || self.actors.contains_key(&actor) {
            return false;
        }
        let who = Who {
            kind: "user".to_owned(),
            name: user.to_owned(),
            id: id.map(|id| id.as_str().to_owned()),
            account: Some(text),
            ..Who::default()
        };
        let why = format!(
            "console calls of {user} after its password was set, and {user} may have been told it"
        );
        let Some(at) = self.add(Relation::Password, who, false, why) else { return false };
        self.actors.insert(actor, (at, Scope::Console));
        let how = "password for";
        self.tie(at, Bond { from, how, place: row.place, time: row.time(), count: 1 });
        true
    }
}
