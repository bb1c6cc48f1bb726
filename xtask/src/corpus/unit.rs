//! One unit of work: all records of one account in one stretch of time, for all regions.
//!
//! A unit depends on nothing but the world and its own number, so units can be made in any order
//! and by any thread, and the corpus is the same.

mod cast;

use anyhow::{Context, Result};
use serde::Serialize;

use super::actor::Actor;
use super::calendar;
use super::random::{Random, mix};
use super::record::{self, Draft};
use super::script::{Script, Step};
use super::session::{self, Session, Window};
use super::world::{Account, World};
use cast::Run;

/// The order of a unit.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) account: usize,
    /// The unit's number within its account.
    pub(crate) number: usize,
    pub(crate) window: Window,
    pub(crate) before: Option<Window>,
    pub(crate) records: u64,
    /// Indexes of the incidents to plant.
    pub(crate) incidents: Vec<usize>,
}

/// A planted incident, as the truth file lists it.
#[derive(Debug, Serialize)]
pub(crate) struct Truth {
    pub(crate) kind: String,
    pub(crate) account: String,
    pub(crate) principal: String,
    pub(crate) time: String,
    pub(crate) last_time: String,
    pub(crate) region: String,
    pub(crate) event_names: Vec<String>,
    pub(crate) event_ids: Vec<String>,
}

/// Records that stay together, and where they belong in time.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) time: i64,
    pub(crate) texts: Vec<String>,
}

/// Everything made for a unit; regions as in the world.
pub(crate) struct Made {
    pub(crate) regions: Vec<Vec<Entry>>,
    pub(crate) truths: Vec<Truth>,
}

/// A session and the time in which this unit may use it.
struct Live {
    session: Session,
    usable: Window,
}

struct Maker<'a> {
    world: &'a World,
    account: &'a Account,
    order: &'a Order,
    live: Vec<Live>,
    random: Random,
    regions: Vec<Vec<Entry>>,
    made: u64,
}

/// Sessions per hundred records: a busy account assumes roles all day.
const SESSIONS_PER_HUNDRED: u64 = 17;

/// Makes a unit.
pub(crate) fn make(world: &World, order: &Order) -> Result<Made> {
    let account = world.accounts.get(order.account).context("no such account")?;
    let count = order.records * SESSIONS_PER_HUNDRED / 100;
    let own = session::sessions(world, order.account, order.number, order.window, count);
    let mut maker = Maker {
        world,
        account,
        order,
        live: Vec::new(),
        random: Random::new(mix(&[world.seed, order.account as u64, order.number as u64, 31])),
        regions: world.regions.iter().map(|_| Vec::new()).collect(),
        made: 0,
    };
    for session in &own {
        maker.open(session)?;
    }
    maker.live = live(&own, order.window);
    if let (Some(before), Some(number)) = (order.before, order.number.checked_sub(1)) {
        let earlier = session::sessions(world, order.account, number, before, count / 6);
        maker.live.extend(live(&earlier, order.window));
    }
    let mut idle = 0;
    while maker.made < order.records && idle < 1_000 {
        let made = maker.made;
        if let Some(script) = world.ordinary(&mut maker.random) {
            maker.run(script)?;
        }
        idle = if maker.made == made { idle + 1 } else { 0 };
    }
    let truths = maker.plant()?;
    maker.duplicate();
    let mut regions = maker.regions;
    for entries in &mut regions {
        arrange(entries, &mut maker.random);
    }
    Ok(Made { regions, truths })
}

fn live(sessions: &[Session], window: Window) -> Vec<Live> {
    let usable = |session: &Session| Window {
        begin: session.start.max(window.begin) + 1,
        end: session.end.min(window.end),
    };
    sessions
        .iter()
        .map(|session| Live { session: session.clone(), usable: usable(session) })
        .filter(|live| live.usable.begin < live.usable.end)
        .collect()
}

/// Files are nearly in the order of time. A third of them is not quite.
fn arrange(entries: &mut [Entry], random: &mut Random) {
    entries.sort_by_key(|entry| entry.time);
    if random.below(3) == 0 {
        for index in 0..entries.len() {
            let other = index + usize::try_from(random.below(12)).unwrap_or(0);
            if random.below(4) == 0 && other < entries.len() {
                entries.swap(index, other);
            }
        }
    }
}

impl<'a> Maker<'a> {
    /// Writes how a session begins.
    fn open(&mut self, session: &Session) -> Result<()> {
        let script = self.world.opening(session.opening)?;
        let mut run = self.begin(script, session.start, session.region);
        run.session = Some(session.clone());
        run.actor = Some(Actor::Session(session.clone()));
        self.write(run).map(|_| ())
    }

    /// Runs an ordinary script once, if somebody is there to do it.
    fn run(&mut self, script: &'a Script) -> Result<()> {
        let mut random = Random::new(self.random.next());
        if let Some(run) = self.cast(script, &mut random) {
            self.write(run)?;
        }
        Ok(())
    }

    /// Plants the incidents and says what they are.
    fn plant(&mut self) -> Result<Vec<Truth>> {
        let mut truths = Vec::new();
        for index in &self.order.incidents {
            let incidents = &self.world.incidents;
            let number = index.checked_rem(incidents.len()).unwrap_or(0);
            let script = incidents.get(number).context("no incidents in incidents.txt")?;
            let mut random = Random::new(mix(&[self.world.seed, *index as u64, 32]));
            let run = (0..64).find_map(|_| self.cast(script, &mut random));
            let run = run.with_context(|| format!("nobody can do `{}`", script.name))?;
            truths.push(self.write(run)?);
        }
        Ok(truths)
    }

    /// Writes the records of a script and sums them up.
    fn write(&mut self, mut run: Run<'a>) -> Result<Truth> {
        let mut truth = Truth {
            kind: run.script.name.clone(),
            account: self.account.id.clone(),
            principal: String::new(),
            time: calendar::instant(run.start),
            last_time: calendar::instant(run.start + run.script.length()),
            region: String::new(),
            event_names: Vec::new(),
            event_ids: Vec::new(),
        };
        let script = run.script;
        for step in &script.steps {
            for repeat in 0..step.times.max(1) {
                let time = run.start + step.at + step.every * i64::from(repeat);
                let (region, arn, event_id) = self.record(&mut run, step, time)?;
                if truth.event_ids.is_empty() {
                    truth.principal = arn;
                    let name = self.world.regions.get(region).map_or("", |(name, _)| name);
                    name.clone_into(&mut truth.region);
                }
                truth.event_names.push(step.name.clone());
                truth.event_ids.push(event_id);
            }
        }
        if let Some(principal) = &run.script.principal {
            truth.principal = principal.filled(&self.filling(&run, run.start, run.region, ""));
        }
        if !run.reversed.is_empty() {
            let texts = run.reversed.into_iter().rev().collect();
            self.push(0, Entry { time: run.start, texts });
        }
        Ok(truth)
    }

    fn record(
        &mut self,
        run: &mut Run<'a>,
        step: &Step,
        time: i64,
    ) -> Result<(usize, String, String)> {
        let region = if step.is_global { 0 } else { run.region };
        let actor = self.actor(run, step).with_context(|| {
            format!("`{}` in script `{}` has no actor", step.name, run.script.name)
        })?;
        let arn = actor.arn(&self.account.id);
        let draft = Draft {
            step,
            actor: &actor,
            from: step.from.as_ref().or(run.script.from.as_ref()),
            agent: step.agent.as_ref().or(run.script.agent.as_ref()),
            filling: self.filling(run, time, region, &arn),
        };
        let (event_id, text) = record::write(&draft);
        if run.script.is_reversed {
            run.reversed.push(text);
        } else {
            self.push(region, Entry { time, texts: vec![text] });
        }
        self.made += 1;
        Ok((region, arn, event_id))
    }

    fn push(&mut self, region: usize, entry: Entry) {
        if let Some(entries) = self.regions.get_mut(region) {
            entries.push(entry);
        }
    }

    /// One record in two hundred also lies in another region's file, as real trails show.
    fn duplicate(&mut self) {
        let regions = self.regions.len() as u64;
        if regions < 2 {
            return;
        }
        for _ in 0..self.made.div_ceil(200) {
            let from = self.random.below(regions);
            let to = (from + 1 + self.random.below(regions - 1)) % regions;
            let source = usize::try_from(from).ok().and_then(|from| self.regions.get(from));
            let copy = source.and_then(|entries| self.random.pick(entries)).cloned();
            if let (Some(copy), Ok(to)) = (copy, usize::try_from(to)) {
                self.push(to, copy);
            }
        }
    }
}
