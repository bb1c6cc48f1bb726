//! An account in memory that answers as AWS does. It breaks off wherever a test says, shows late what was
//! done, refuses, and loses answers.

mod calls;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::resume_unwind;

use serde_json::{Value, json};
use trailwarden_account::snapshot::{Answer, Outcome};
use trailwarden_aws::{Change, Error, Identity, Parameters};
use trailwarden_model::{AccountId, Timestamp};

use super::super::{Progress, Secret, Witness, World};
use super::{NOW, POLICY, allow};

/// Whom the roles of the account trust.
pub(super) const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/corp";

/// What a process that was killed leaves: nothing.
pub(super) struct Crash;

/// The account.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Account {
    /// User, key, status.
    pub(super) keys: BTreeMap<(String, String), String>,
    /// The principal's parameter and name, policy, document.
    pub(super) inline: BTreeMap<(String, String), String>,
    pub(super) attached: BTreeSet<(String, String)>,
    pub(super) groups: BTreeSet<(String, String)>,
    /// User, password, whether it must be changed.
    pub(super) passwords: BTreeMap<String, (String, bool)>,
    /// Policy, default version, documents.
    pub(super) policies: BTreeMap<String, (String, BTreeMap<String, String>)>,
    pub(super) rules: Option<Value>,
}

/// Rules for passwords.
pub(super) fn rules(length: u64, is_strict: bool) -> Value {
    json!({
        "AllowUsersToChangePassword": true,
        "HardExpiry": false,
        "MinimumPasswordLength": length,
        "RequireLowercaseCharacters": is_strict,
        "RequireNumbers": is_strict,
        "RequireSymbols": is_strict,
        "RequireUppercaseCharacters": is_strict,
    })
}

impl Account {
    fn new() -> Self {
        let text = str::to_owned;
        let of = |user: &str| format!("UserName {user}");
        let versions = BTreeMap::from([("v1".to_owned(), allow("s3:*"))]);
        Self {
            keys: [((text("alice"), text("AKIAOLD")), text("Active"))].into(),
            inline: [((of("alice"), text("extra")), allow("iam:*"))].into(),
            attached: BTreeSet::new(),
            groups: [(text("alice"), text("ops")), (text("op"), text("admins"))].into(),
            passwords: [(text("alice"), (text("before"), false))].into(),
            policies: [(POLICY.to_owned(), (text("v1"), versions))].into(),
            rules: Some(rules(8, false)),
        }
    }

    /// The same for whoever does not look at what differs from run to run: the ids of new keys, and
    /// passwords.
    pub(super) fn seen(&self) -> Self {
        let mut seen = self.clone();
        seen.keys.clear();
        for (at, ((user, _), status)) in self.keys.iter().enumerate() {
            seen.keys.insert((user.clone(), at.to_string()), status.clone());
        }
        for password in seen.passwords.values_mut() {
            *password = (String::new(), false);
        }
        seen
    }
}

/// The account, and what may happen to those who ask it.
pub(super) struct Fake {
    pub(super) now: RefCell<Account>,
    old: RefCell<Account>,
    /// At which event to break off, counted from 1; 0: never.
    pub(super) fuse: Cell<usize>,
    pub(super) events: Cell<usize>,
    /// How many waits it takes for a change to show.
    pub(super) lag: Cell<usize>,
    stale: Cell<usize>,
    /// Whether everything shows once a call is made.
    pub(super) shows_at_call: Cell<bool>,
    made: Cell<u32>,
    random: Cell<u64>,
    pub(super) clock: Cell<Timestamp>,
    pub(super) caller: RefCell<String>,
    pub(super) account: Cell<u64>,
    /// Calls and questions that are denied.
    pub(super) denied: RefCell<BTreeSet<String>>,
    /// Calls whose answers are lost, once each, and whether they are carried out.
    pub(super) lost: RefCell<Vec<(String, bool)>>,
    /// Calls that AWS does not carry out, with its words.
    pub(super) refused: RefCell<Vec<(String, &'static str)>>,
    /// Calls that went out.
    pub(super) calls: RefCell<Vec<String>>,
    /// Secrets that were handed over: of whom, what, and the secret.
    pub(super) handed: RefCell<Vec<(String, String, String)>>,
    /// Whether secrets are not taken.
    pub(super) is_full: Cell<bool>,
    /// After how many calls somebody interrupts.
    pub(super) interrupt_after: Cell<usize>,
}

impl Fake {
    pub(super) fn new() -> Self {
        Self {
            now: RefCell::new(Account::new()),
            old: RefCell::new(Account::new()),
            fuse: Cell::new(0),
            events: Cell::new(0),
            lag: Cell::new(0),
            stale: Cell::new(0),
            shows_at_call: Cell::new(false),
            made: Cell::new(0),
            random: Cell::new(1),
            clock: Cell::new(NOW),
            caller: RefCell::new("arn:aws:iam::111122223333:user/staff/op".to_owned()),
            account: Cell::new(111_122_223_333),
            denied: RefCell::default(),
            lost: RefCell::default(),
            refused: RefCell::default(),
            calls: RefCell::default(),
            handed: RefCell::default(),
            is_full: Cell::new(false),
            interrupt_after: Cell::new(usize::MAX),
        }
    }

    /// Something happens, or the process dies.
    fn event(&self) {
        self.events.set(self.events.get() + 1);
        if self.events.get() == self.fuse.get() {
            resume_unwind(Box::new(Crash));
        }
    }

    pub(super) fn deny(&self, api: &str) {
        self.denied.borrow_mut().insert(api.to_owned());
    }

    pub(super) fn lose(&self, api: &str, happens: bool) {
        self.lost.borrow_mut().push((api.to_owned(), happens));
    }

    /// Takes out what is to happen to a call.
    fn taken<T>(list: &RefCell<Vec<(String, T)>>, api: &str) -> Option<T> {
        let at = list.borrow().iter().position(|(of, _)| of == api)?;
        Some(list.borrow_mut().remove(at).1)
    }

    fn carried_out(&self, api: &str, with: &Parameters) -> Result<Value, &'static str> {
        let mut account = self.now.borrow_mut();
        let before = account.clone();
        self.made.set(self.made.get() + 1);
        let reply = calls::make(&mut account, api, with, self.made.get());
        if reply.is_ok() {
            *self.old.borrow_mut() = before;
            self.stale.set(self.lag.get());
        }
        reply
    }
}

impl World for Fake {
    fn identity(&self) -> Result<Identity, Error> {
        self.event();
        let account = AccountId::parse(&self.account.get().to_string()).unwrap();
        let arn = self.caller.borrow().clone();
        Ok(Identity { account, arn, partition: "aws".to_owned() })
    }

    fn ask(&self, api: &str, _region: Option<&str>, parameters: Parameters) -> Answer {
        self.event();
        let is_stale = self.stale.get() > 0;
        let account = if is_stale { self.old.borrow() } else { self.now.borrow() };
        let outcome = match calls::answer(&account, api, &parameters) {
            _ if self.denied.borrow().contains(api) => {
                Outcome::Denied { message: "AccessDenied".to_owned() }
            }
            Some(body) => Outcome::Got { body },
            None => Outcome::Absent { message: "NoSuchEntity".to_owned() },
        };
        let about = parameters
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
        Answer { api: api.to_owned(), region: None, about: about.collect(), time: NOW, outcome }
    }

    fn change(&self, api: &str, _region: Option<&str>, parameters: &Parameters) -> Change {
        self.event();
        self.calls.borrow_mut().push(api.to_owned());
        if self.shows_at_call.get() {
            self.stale.set(0);
        }
        let refused =
            |code: &str| Change::Refused { code: code.to_owned(), message: "no".to_owned() };
        if self.denied.borrow().contains(api) {
            return refused("AccessDenied");
        }
        if let Some(words) = Self::taken(&self.refused, api) {
            let password = parameters.get("Password").and_then(Value::as_str).unwrap_or_default();
            let message = format!("{words} {password}");
            let code = if words.starts_with("NoSuch") { words } else { "ValidationError" };
            return Change::Refused { code: code.to_owned(), message };
        }
        let lost = Self::taken(&self.lost, api);
        if lost == Some(false) {
            return Change::Unanswered { cause: "cut".to_owned() };
        }
        let reply = self.carried_out(api, parameters);
        self.event();
        match reply {
            _ if lost.is_some() => Change::Unanswered { cause: "cut".to_owned() },
            Ok(reply) => Change::Done(reply),
            Err(code) => refused(code),
        }
    }

    fn now(&self) -> Timestamp {
        self.event();
        self.clock.get()
    }

    fn pause(&self, _wait_ms: u64) {
        self.event();
        self.stale.set(self.stale.get().saturating_sub(1));
    }

    /// Chance that a test can repeat (splitmix64).
    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        self.event();
        for byte in bytes {
            self.random.set(self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
            let mixed =
                (self.random.get() ^ (self.random.get() >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 56) as u8;
        }
        Ok(())
    }
}

/// Looks on, and keeps secrets as a person would.
pub(super) struct Looker<'a>(pub(super) &'a Fake);

impl Witness for Looker<'_> {
    fn progress(&mut self, _progress: &Progress<'_>) {}

    fn hand_over(&mut self, secret: &Secret<'_>) -> io::Result<()> {
        self.0.event();
        if self.0.is_full.get() {
            return Err(io::Error::other("the disk is full"));
        }
        let of = secret.about.get("AccessKeyId").or_else(|| secret.about.get("UserName")).unwrap();
        let handed = (of.clone(), secret.what.to_owned(), secret.value().to_owned());
        self.0.handed.borrow_mut().push(handed);
        self.0.event();
        Ok(())
    }

    fn is_interrupted(&self) -> bool {
        self.0.calls.borrow().len() >= self.0.interrupt_after.get()
    }
}
