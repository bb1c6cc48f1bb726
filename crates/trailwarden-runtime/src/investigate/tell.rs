//! From what was collected to the story as it is written.

mod leftovers;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::access::World;
use trailwarden_account::{Id, Kind};
use trailwarden_model::AccountId;
use trailwarden_record::row::{Actions, Place};

use super::collect::Collected;
use super::follow::{Persona, Who};
use super::judged::{Gainer, grade_of};
use super::query::Query;
use super::story::{Gain, Identity, Investigation, Link, Relation, SCHEMA, Step, StepKind};
use super::words::{Library, Words};

/// How many user agents of an identity are told.
const AGENTS_MAX: usize = 5;

/// Everything at hand for the telling.
pub(super) struct Teller<'a> {
    pub(super) query: &'a Query,
    pub(super) asked_for: &'a str,
    pub(super) actions: &'a Actions,
    pub(super) collected: Collected,
    pub(super) words: BTreeMap<Place, Words>,
}

/// The records whose words the story needs.
pub(super) fn wanted(collected: &Collected) -> BTreeSet<Place> {
    let mut places: BTreeSet<Place> = collected.told.iter().map(|told| told.row.place).collect();
    for (_, group) in &collected.groups {
        places.extend(&group.samples);
    }
    for persona in &collected.follow.personas {
        places.extend(persona.sample);
        places.extend(persona.addresses.iter().map(|(_, place)| *place));
        places.extend(persona.bonds.iter().map(|bond| bond.place));
    }
    for made in &collected.things.made {
        places.extend(made.each.iter().map(|each| each.place));
    }
    places
}

/// Reads the words that the story needs.
pub(super) fn read(library: &Library<'_>, collected: &Collected) -> BTreeMap<Place, Words> {
    library.read(&wanted(collected))
}

impl Teller<'_> {
    /// The story, without the counts of the run.
    pub(super) fn tell(mut self) -> Investigation {
        self.introduce();
        let timeline = self.steps();
        let gained = self.gains();
        let identities = self.identities(&timeline);
        let notes = self.notes();
        Investigation {
            schema: SCHEMA.to_owned(),
            asked_for: self.asked_for.to_owned(),
            taken_for: self.query.meaning().to_owned(),
            found: identities.iter().any(|who| who.relation == Relation::Subject),
            near: Vec::new(),
            notes,
            links: self.links(),
            left_behind: self.left_behind(),
            identities,
            timeline,
            gained,
            rejects: Vec::new(),
            summary: super::story::Counts::default(),
        }
    }

    /// Gives names to those whom only a record names, and ids to those whom only a name does.
    fn introduce(&mut self) {
        let models = &self.collected.models;
        for persona in &mut self.collected.follow.personas {
            if !persona.who.name.is_empty() {
                let who = &mut persona.who;
                let account = who.account.as_deref().and_then(AccountId::parse);
                if let Some(model) = account.and_then(|account| models.get(account))
                    && who.id.is_none()
                    && who.kind == "user"
                    && let Some(user) = model.find(Kind::User, &who.name)
                {
                    who.id = Some(user.id.as_str().to_owned());
                    who.id = who.id.take().filter(|_| !user.id.is_provisional());
                }
                continue;
            }
            let Some(words) = persona.sample.and_then(|place| self.words.get(&place)) else {
                continue;
            };
            let party = &words.caller;
            persona.who = Who {
                kind: party.kind.clone().unwrap_or_default(),
                name: party.label().to_owned(),
                arn: party.arn.clone(),
                id: party.id.clone(),
                account: party.account.clone(),
                key: None,
            };
        }
    }

    fn identities(&self, timeline: &[Step]) -> Vec<Identity> {
        let personas = self.collected.follow.personas.iter();
        let numbered = (0_u32..).zip(personas);
        numbered.map(|(number, persona)| self.identity(number, persona, timeline)).collect()
    }

    fn identity(&self, number: u32, persona: &Persona, timeline: &[Step]) -> Identity {
        let who = &persona.who;
        let own = || {
            timeline.iter().filter(|step| step.identity == number && step.kind != StepKind::DoneTo)
        };
        let mut agents: Vec<String> = Vec::new();
        let told = self.collected.told.iter().filter(|told| told.who == number as usize);
        let places = told.map(|told| told.row.place).chain(persona.sample);
        let places = places.chain(persona.addresses.iter().map(|(_, place)| *place));
        for words in places.filter_map(|place| self.words.get(&place)) {
            let is_own = persona.relation != Relation::Origin && !words.agent.is_empty();
            if is_own && agents.len() < AGENTS_MAX && !agents.contains(&words.agent) {
                agents.push(words.agent.clone());
            }
        }
        let addresses = persona.addresses.iter().filter_map(|(_, place)| self.words.get(place));
        Identity {
            number,
            relation: persona.relation,
            kind: who.kind.clone(),
            name: who.name.clone(),
            former_names: persona.names.clone(),
            arn: who.arn.clone(),
            id: who.id.clone(),
            account: who.account.clone(),
            access_key: who.key.clone(),
            sure: persona.is_sure,
            why: persona.why.clone(),
            first_time: persona.first,
            last_time: persona.last,
            calls: persona.calls,
            denied: persona.denied,
            addresses: addresses.map(|words| words.address.clone()).collect(),
            user_agents: agents,
            grade_first: own().find_map(|step| step.grade_before.clone()),
            grade_last: match persona.relation {
                Relation::Origin => None,
                _ => self.grade_last(who),
            },
            limited_to: self.limited_to(persona),
        }
    }

    /// What a session was limited to when it began. All sessions of a role have no limit in common.
    fn limited_to(&self, persona: &Persona) -> Vec<String> {
        if !matches!(persona.who.kind.as_str(), "session" | "federated_user") {
            return Vec::new();
        }
        let places = persona.bonds.iter().map(|bond| bond.place);
        let mut limits =
            places.filter_map(|place| self.words.get(&place)).map(|one| &one.limited_to);
        limits.find(|limit| !limit.is_empty()).cloned().unwrap_or_default()
    }

    fn model_id(&self, who: &Who) -> Option<(AccountId, Id)> {
        let account = AccountId::parse(who.account.as_deref()?)?;
        let model = self.collected.models.get(account)?;
        let id = match who.kind.as_str() {
            "root" => Id::root(),
            _ => Id::unique(who.id.as_deref()?),
        };
        model.identity(&id).map(|_| (account, id))
    }

    fn grade_last(&self, who: &Who) -> Option<String> {
        let (account, id) = self.model_id(who)?;
        grade_of(World::of(&self.collected.models), account, &id)
    }

    fn links(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (to, persona) in (0_u32..).zip(&self.collected.follow.personas) {
            for bond in &persona.bonds {
                let words = self.words.get(&bond.place);
                links.push(Link {
                    from: u32::try_from(bond.from).unwrap_or(u32::MAX),
                    to,
                    how: bond.how.to_owned(),
                    count: bond.count,
                    time: bond.time,
                    event_id: words.map(|words| words.event_id.clone()).unwrap_or_default(),
                    event_name: words.map(|words| words.event_name.clone()).unwrap_or_default(),
                });
            }
        }
        links.sort_by_key(|link| (link.time, link.from, link.to));
        links
    }

    /// What the story's own identities gained, by whomever's step.
    fn gains(&self) -> Vec<Gain> {
        let mut gains = Vec::new();
        for told in &self.collected.told {
            for gainer in &told.judged.gainers {
                let Some(identity) = self.one_of_us(gainer, told.who) else { continue };
                let words = self.words.get(&told.row.place);
                gains.push(Gain {
                    time: told.row.time(),
                    identity: u32::try_from(identity).unwrap_or(u32::MAX),
                    by: u32::try_from(told.who).unwrap_or(u32::MAX),
                    event_id: words.map(|words| words.event_id.clone()).unwrap_or_default(),
                    event_name: words.map(|words| words.event_name.clone()).unwrap_or_default(),
                    grade_before: gainer.grade_before.clone(),
                    grade_after: gainer.grade_after.clone(),
                    gained: gainer.gained.clone(),
                });
            }
        }
        gains
    }

    /// The identity of the story that gained: whoever made the change, if that is it.
    fn one_of_us(&self, gainer: &Gainer, by: usize) -> Option<usize> {
        let is_it = |persona: &Persona| {
            let who = &persona.who;
            let id = if who.kind == "root" { Some("root") } else { who.id.as_deref() };
            persona.relation != Relation::Origin
                && who.account.as_deref() == Some(&gainer.account)
                && id == Some(&gainer.id)
        };
        let personas = &self.collected.follow.personas;
        let itself = personas.get(by).is_some_and(|persona| {
            persona.relation != Relation::Origin && (gainer.is_actor || is_it(persona))
        });
        if itself { Some(by) } else { personas.iter().position(is_it) }
    }

    fn notes(&self) -> Vec<String> {
        let collected = &self.collected;
        let mut notes = Vec::new();
        let personas = collected.follow.personas.iter();
        let subjects: Vec<&Persona> =
            personas.filter(|persona| persona.relation == Relation::Subject).collect();
        if subjects.len() > 1 && !matches!(self.query, Query::Address(_)) {
            let mut names: Vec<String> = subjects
                .iter()
                .take(8)
                .map(|persona| {
                    let who = &persona.who;
                    let account = who.account.as_deref().unwrap_or("an unknown account");
                    format!("{} {} of {account}", who.kind.replace('_', " "), who.name)
                })
                .collect();
            if subjects.len() > names.len() {
                names.push(format!("{} more", subjects.len() - names.len()));
            }
            notes.push(format!(
                "`{}` means {} principals here, and this is the story of all: {}. An ARN, a unique \
                 id or --account narrows it.",
                self.asked_for,
                subjects.len(),
                names.join(", ")
            ));
        }
        if subjects.iter().all(|persona| persona.calls == 0) && !subjects.is_empty() {
            notes.push("No call of it is in these logs; this is what others did to it.".to_owned());
        }
        if collected.unjudged > 0 {
            notes.push(format!(
                "trailwarden itself failed to judge {} changes; their effect is not known. Please \
                 report it.",
                collected.unjudged
            ));
        }
        let limits = [
            (collected.follow.is_truncated, "identities"),
            (collected.left.is_truncated, "things left behind"),
            (collected.things.is_truncated, "deletions"),
            (collected.is_truncated, "steps"),
        ];
        for (_, what) in limits.iter().filter(|(is_hit, _)| *is_hit) {
            notes.push(format!(
                "There were more {what} than one story holds; narrow it with --since and --until."
            ));
        }
        notes
    }
}
