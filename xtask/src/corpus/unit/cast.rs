//! Casting: who runs a script, when, where, and with which values.

use super::super::actor::Actor;
use super::super::random::{self, Random, mix};
use super::super::script::{Script, Step, Who};
use super::super::session::{self, Session, Window};
use super::super::slot::Filling;
use super::super::text::Text;
use super::Maker;

/// A script on its way: what its records share.
pub(super) struct Run<'a> {
    pub(super) script: &'a Script,
    pub(super) actor: Option<Actor>,
    pub(super) session: Option<Session>,
    pub(super) number: u64,
    pub(super) start: i64,
    pub(super) region: usize,
    pub(super) lets: Vec<String>,
    pub(super) reversed: Vec<String>,
}

/// A moment at which a whole script fits into a window.
fn fitting(window: Window, script: &Script, random: &mut Random) -> Option<i64> {
    let last = window.end - script.length();
    (last >= window.begin).then(|| random.between(window.begin, last - 1))
}

impl<'a> Maker<'a> {
    /// Finds the actor, the time and the place of a script; `None` when nobody is free for it.
    pub(super) fn cast(&mut self, script: &'a Script, random: &mut Random) -> Option<Run<'a>> {
        let first = match (&script.who, script.steps.first()) {
            (Who::Inherit, Some(step)) => &step.who,
            (who, _) => who,
        };
        let window = self.order.window;
        if let Who::Classes(classes) = first {
            return match random.pick(classes)?.as_str() {
                "robot" => self.cast_robot(script, random),
                class => self.cast_session(script, class, random),
            };
        }
        let start = if script.is_daytime {
            session::daytime(random, window, script.length())?
        } else {
            fitting(window, script, random).unwrap_or(window.begin)
        };
        let region = self.world.region(random);
        Some(self.begin(script, start, region))
    }

    fn cast_robot(&mut self, script: &'a Script, random: &mut Random) -> Option<Run<'a>> {
        let name = random.pick(self.world.pool(self.account, "robot"))?.clone();
        let key = random::access_key(&self.account.id, &name);
        let start = fitting(self.order.window, script, random)?;
        let region = self.world.region(random);
        let mut run = self.begin(script, start, region);
        run.actor = Some(Actor::User { name, key });
        Some(run)
    }

    fn cast_session(
        &mut self,
        script: &'a Script,
        class: &str,
        random: &mut Random,
    ) -> Option<Run<'a>> {
        let live = (0..40)
            .find_map(|_| random.pick(&self.live).filter(|live| live.session.class == class))?;
        let start = fitting(live.usable, script, random)?;
        // Most calls of a session stay in the region where it began.
        let region = match random.below(12) {
            0 => self.world.region(random),
            _ => live.session.region,
        };
        let session = live.session.clone();
        let mut run = self.begin(script, start, region);
        run.actor = Some(Actor::Session(session.clone()));
        run.session = Some(session);
        Some(run)
    }

    pub(super) fn begin(&mut self, script: &'a Script, start: i64, region: usize) -> Run<'a> {
        let mut run = Run {
            script,
            actor: None,
            session: None,
            number: self.random.next(),
            start,
            region,
            lets: Vec::new(),
            reversed: Vec::new(),
        };
        for (_, text) in &script.lets {
            let value = text.filled(&self.filling(&run, run.start, run.region, ""));
            run.lets.push(value);
        }
        run
    }

    pub(super) fn filling<'b>(
        &'b self,
        run: &'b Run<'_>,
        time: i64,
        region: usize,
        actor_arn: &'b str,
    ) -> Filling<'b> {
        Filling {
            account: &self.account.id,
            pools: &self.account.pools,
            region: self.world.regions.get(region).map_or("us-east-1", |(name, _)| name),
            time,
            record_number: mix(&[run.number, self.made, 33]),
            script_number: run.number,
            lets: &run.lets,
            actor_arn,
            session: run.session.as_ref(),
        }
    }

    pub(super) fn actor(&self, run: &Run<'_>, step: &Step) -> Option<Actor> {
        let who = match &step.who {
            Who::Inherit => &run.script.who,
            who => who,
        };
        let filling = self.filling(run, run.start, run.region, "");
        let text = |text: &Text| text.filled(&filling);
        let start = run.start;
        Some(match who {
            Who::Inherit => run.actor.clone()?,
            Who::Classes(classes) if classes.iter().any(|class| class == "robot") => {
                match &run.actor {
                    Some(actor @ Actor::User { .. }) => actor.clone(),
                    Some(actor) if classes.len() > 1 => actor.clone(),
                    _ => self.robot(run)?,
                }
            }
            Who::Classes(_) => run.actor.clone()?,
            Who::Service(name) => Actor::Service(text(name)),
            Who::User(name, key) => Actor::User { name: text(name), key: text(key) },
            Who::SignIn(name) => Actor::SignIn { name: text(name) },
            Who::Console(name, key, has_mfa) => {
                Actor::Console { name: text(name), key: text(key), has_mfa: *has_mfa, start }
            }
            Who::Saml(name) => Actor::Saml { name: text(name) },
            Who::Web(provider, subject) => {
                Actor::Web { provider: text(provider), subject: text(subject) }
            }
            Who::Foreign(account) => Actor::Foreign { account: text(account) },
            Who::Federated(name, key, user) => {
                Actor::Federated { name: text(name), key: text(key), user: text(user), start }
            }
            Who::Root => Actor::Root,
        })
    }

    /// The automation that opens a session with its long-term key.
    fn robot(&self, run: &Run<'_>) -> Option<Actor> {
        let robots = self.world.pool(self.account, "robot");
        let name = Random::new(mix(&[run.number, 34])).pick(robots)?.clone();
        let key = random::access_key(&self.account.id, &name);
        Some(Actor::User { name, key })
    }
}
