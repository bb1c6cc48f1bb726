//! Access keys that a call made or woke: whoever holds one may be the story's.

use trailwarden_account::Models;
use trailwarden_record::{Event, Row};

use super::super::super::story::Relation;
use super::super::{Bond, Follow, Who, key_of};

impl Follow {
    pub(super) fn key(&mut self, from: usize, row: &Row, event: &Event) -> bool {
        let Some(key) = event.response("accessKey.accessKeyId") else { return false };
        if self.keys.contains_key(&key_of(key)) {
            return false;
        }
        // Somebody followed as a whole stays one, whichever key it takes.
        if event.is_on_caller() && self.whole(row.actor) == Some(from) {
            self.keys.insert(key_of(key), from);
            return true;
        }
        let user = event.response("accessKey.userName").or_else(|| event.request("userName"));
        let user = user.unwrap_or(event.caller.name()).to_owned();
        self.holder(from, row, event, key, &user, "key for")
    }

    pub(super) fn reactivated(
        &mut self,
        from: usize,
        row: &Row,
        event: &Event,
        models: &Models,
    ) -> bool {
        let is_active = event.request("status") == Some("Active");
        let Some(key) = event.request("accessKeyId").filter(|_| is_active) else { return false };
        let model = event.account.and_then(|account| models.get(account));
        let owner = model.and_then(|model| model.identity(model.owner_of_key(key)?));
        let user = event.request("userName").map(str::to_owned);
        let user = user.or_else(|| owner.map(|owner| owner.name.to_string()));
        let user = user.unwrap_or_else(|| event.caller.name().to_owned());
        if event.is_on_caller() || self.keys.contains_key(&key_of(key)) {
            return false;
        }
        self.holder(from, row, event, key, &user, "reactivated")
    }

    fn holder(
        &mut self,
        from: usize,
        row: &Row,
        event: &Event,
        key: &str,
        user: &str,
        how: &'static str,
    ) -> bool {
        let account = event.account.map(|account| account.to_string());
        // A user that the story made has one box, and its keys lead there.
        let made = self.personas.iter().position(|persona| {
            (persona.relation == Relation::Made || !self.asked.is_empty())
                && persona.relation != Relation::Origin
                && persona.who.account == account
                && persona.who.kind == "user"
                && persona.who.name.eq_ignore_ascii_case(user)
        });
        if let Some(at) = made {
            self.keys.insert(key_of(key), at);
            self.tie(at, Bond { from, how, place: row.place, time: row.time(), count: 1 });
            return true;
        }
        let who = Who {
            kind: "user".to_owned(),
            name: user.to_owned(),
            account,
            key: Some(key.to_owned()),
            ..Who::default()
        };
        let why = format!("whoever holds key {key}");
        let Some(at) = self.add(Relation::Key, who, true, why) else { return false };
        self.keys.insert(key_of(key), at);
        self.tie(at, Bond { from, how, place: row.place, time: row.time(), count: 1 });
        true
    }
}
