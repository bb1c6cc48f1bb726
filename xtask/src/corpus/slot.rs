//! The `<slots>` of the templates, and what fills them.
//!
//! A slot's value depends only on the record's (or, with `$`, the script's) number, on the slot and
//! on its `#n`; so the same slot twice in a record is the same value twice.

use anyhow::{Context as _, Result, bail};

use super::calendar;
use super::random::{self, Random, mix};
use super::session::Session;

/// A place in a text.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    kind: Kind,
    is_shared: bool,
    salt: u64,
}

#[derive(Debug, Clone)]
enum Kind {
    Account,
    Region,
    Time,
    TimeText,
    TimeMillis,
    ActorArn,
    SessionRole,
    SessionRoleId,
    SessionName,
    SessionKey,
    SessionEnd,
    Uuid,
    Characters(&'static [u8], usize),
    Number(u64),
    Word(&'static [&'static str]),
    Pool(usize),
    Let(usize),
    LetId(usize),
    LetKey(usize),
}

/// Names that a text may use.
pub(crate) struct Known<'a> {
    pub(crate) pools: Vec<&'a str>,
    pub(crate) lets: Vec<&'a str>,
}

/// What the slots of one record are filled from.
#[derive(Clone, Copy)]
pub(crate) struct Filling<'a> {
    pub(crate) account: &'a str,
    pub(crate) pools: &'a [Vec<String>],
    pub(crate) region: &'a str,
    pub(crate) time: i64,
    pub(crate) record_number: u64,
    pub(crate) script_number: u64,
    pub(crate) lets: &'a [String],
    pub(crate) actor_arn: &'a str,
    pub(crate) session: Option<&'a Session>,
}

pub(crate) fn parse(text: &str, known: &Known<'_>) -> Result<Slot> {
    let (is_shared, name) = match text.strip_prefix('$') {
        Some(name) => (true, name),
        None => (false, text),
    };
    let (name, salt) = match name.split_once('#') {
        Some((name, salt)) => (name, salt.parse().context("what follows `#` is not a number")?),
        None => (name, 0),
    };
    let kind = match name {
        "account" => Kind::Account,
        "region" => Kind::Region,
        "time" => Kind::Time,
        "time.text" => Kind::TimeText,
        "time.millis" => Kind::TimeMillis,
        "actor.arn" => Kind::ActorArn,
        "session.role" => Kind::SessionRole,
        "session.role.id" => Kind::SessionRoleId,
        "session.name" => Kind::SessionName,
        "session.key" => Kind::SessionKey,
        "session.end" => Kind::SessionEnd,
        "uuid" => Kind::Uuid,
        "word" => Kind::Word(WORDS),
        "name" => Kind::Word(NAMES),
        "surname" => Kind::Word(SURNAMES),
        "team" => Kind::Word(TEAMS),
        _ => named(name, known)?,
    };
    Ok(Slot { kind, is_shared, salt })
}

fn named(name: &str, known: &Known<'_>) -> Result<Kind> {
    let position = |list: &[&str], name: &str| list.iter().position(|item| *item == name);
    if let Some(index) = position(&known.lets, name) {
        return Ok(Kind::Let(index));
    }
    if let Some(index) = name.strip_suffix(".id").and_then(|name| position(&known.lets, name)) {
        return Ok(Kind::LetId(index));
    }
    if let Some(index) = name.strip_suffix(".key").and_then(|name| position(&known.lets, name)) {
        return Ok(Kind::LetKey(index));
    }
    if let Some(index) = position(&known.pools, name) {
        return Ok(Kind::Pool(index));
    }
    let (kind, length) = name.rsplit_once('-').with_context(|| format!("unknown slot `{name}`"))?;
    let length: usize = length.parse().with_context(|| format!("unknown slot `{name}`"))?;
    Ok(match kind {
        "hex" => Kind::Characters(random::HEX, length),
        "upper" => Kind::Characters(random::UPPER, length),
        "alnum" => Kind::Characters(random::ALPHANUMERIC, length),
        "base64" => Kind::Characters(random::BASE64, length),
        "int" => Kind::Number(length as u64),
        _ => bail!("unknown slot `{name}`"),
    })
}

impl Slot {
    /// Appends the slot's value.
    pub(crate) fn fill(&self, filling: &Filling<'_>, out: &mut String) {
        let number = if self.is_shared { filling.script_number } else { filling.record_number };
        let own = |kind: u64| mix(&[number, kind, self.salt]);
        let of_let = |index: usize| filling.lets.get(index).map_or("", String::as_str);
        match &self.kind {
            Kind::Account => out.push_str(filling.account),
            Kind::Region => out.push_str(filling.region),
            Kind::Time => out.push_str(&calendar::instant(filling.time)),
            Kind::TimeText => out.push_str(&calendar::text(filling.time)),
            Kind::TimeMillis => {
                let instant = calendar::instant(filling.time);
                out.push_str(instant.trim_end_matches('Z'));
                out.push_str(".000+0000");
            }
            Kind::ActorArn => out.push_str(filling.actor_arn),
            Kind::SessionRole
            | Kind::SessionRoleId
            | Kind::SessionName
            | Kind::SessionKey
            | Kind::SessionEnd => self.fill_session(filling, out),
            Kind::Uuid => random::uuid(own(1), out),
            Kind::Characters(alphabet, length) => {
                Random::new(own(2 + *length as u64)).characters(alphabet, *length, out);
            }
            Kind::Number(bound) => out.push_str(&Random::new(own(3)).below(*bound).to_string()),
            Kind::Word(words) => {
                out.push_str(Random::new(own(4 + words.len() as u64)).pick(words).unwrap_or(&""));
            }
            Kind::Pool(index) => out.push_str(pool_item(filling.pools, *index, number, self.salt)),
            Kind::Let(index) => out.push_str(of_let(*index)),
            Kind::LetId(index) => {
                out.push_str(&random::unique_id(filling.account, of_let(*index)));
            }
            Kind::LetKey(index) => {
                out.push_str(&random::access_key(filling.account, of_let(*index)));
            }
        }
    }

    fn fill_session(&self, filling: &Filling<'_>, out: &mut String) {
        let Some(session) = filling.session else {
            return;
        };
        match self.kind {
            Kind::SessionRole => out.push_str(&session.role),
            Kind::SessionRoleId => {
                out.push_str("AROA");
                out.push_str(&random::unique_id(filling.account, &session.role));
            }
            Kind::SessionName => out.push_str(&session.name),
            Kind::SessionKey => out.push_str(&session.access_key),
            _ => out.push_str(&calendar::text(session.end)),
        }
    }
}

/// Items at the front of a pool are used most, as in life. Different salts give different items,
/// so that two people of one script are two people.
fn pool_item(pools: &[Vec<String>], pool: usize, number: u64, salt: u64) -> &str {
    let Some(items) = pools.get(pool) else {
        return "";
    };
    let mut random = Random::new(mix(&[number, 100 + pool as u64]));
    let count = items.len() as u64;
    let skewed = random.below(count).min(random.below(count));
    let index = (skewed + salt).checked_rem(count).unwrap_or(0);
    usize::try_from(index).ok().and_then(|index| items.get(index)).map_or("", String::as_str)
}

const TEAMS: &[&str] = &["AdministratorAccess", "PowerUserAccess", "ViewOnlyAccess"];
const WORDS: &[&str] = &[
    "amber", "apron", "atlas", "basket", "beacon", "billing", "bramble", "cargo", "catalog",
    "cedar", "checkout", "clover", "copper", "delta", "ember", "fabric", "falcon", "garnet",
    "harbor", "hazel", "indigo", "invoice", "ivory", "juniper", "kernel", "lantern", "ledger",
    "linen", "maple", "meadow", "mercury", "mosaic", "nectar", "notify", "nutmeg", "onyx",
    "orchard", "orders", "pebble", "pepper", "pricing", "quartz", "quiver", "raven", "reports",
    "river", "saffron", "search", "signal", "slate", "spruce", "stock", "summit", "tango",
    "thistle", "timber", "topaz", "tracker", "umber", "velvet", "violet", "walnut", "willow",
    "zephyr",
];
const NAMES: &[&str] = &[
    "ada", "amir", "anika", "ben", "carla", "chen", "dana", "diego", "elif", "emma", "farid",
    "freya", "goran", "hana", "ines", "ivan", "jonas", "kofi", "lara", "leila", "marek", "mina",
    "nadia", "noah", "olga", "omar", "petra", "ravi", "rosa", "sami", "sven", "tara", "uma",
    "viktor", "wanda", "yuki", "zara",
];
const SURNAMES: &[&str] = &[
    "abbott", "baker", "berg", "castro", "conti", "costa", "dubois", "fischer", "fontaine",
    "garcia", "haddad", "hansen", "ito", "jensen", "kaya", "keller", "kovac", "larsen", "lopez",
    "meyer", "moreau", "novak", "okafor", "patel", "petrov", "rossi", "santos", "sato", "silva",
    "tanaka", "varga", "weber", "yilmaz", "zhang",
];
