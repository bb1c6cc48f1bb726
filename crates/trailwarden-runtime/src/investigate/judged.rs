//! What a change of IAM does to permissions, as the account model judges it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use trailwarden_account::access::World;
use trailwarden_account::effect::{self, Actor};
use trailwarden_account::graph::Graph;
use trailwarden_account::{Change, Id, Models};
use trailwarden_model::AccountId;
use trailwarden_model::finding::Effect;
use trailwarden_policy::reach::Grade;

/// What an effect says of a change that moves no permission, which needs no line of its own.
const NOTHING: &str = "nothing changes";

/// How many accounts a graph may join: the first event of each further one redraws all of it.
const GRAPH_ACCOUNTS_MAX: usize = 64;

/// A change, judged.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Judged {
    pub(super) sentence: Option<String>,
    pub(super) effect: Option<Effect>,
    pub(super) grade_before: Option<String>,
    pub(super) grade_after: Option<String>,
    /// Who gained what, for the story to see whether that is one of its own.
    pub(super) gainers: Vec<Gainer>,
}

/// A principal that gained by a change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Gainer {
    pub(super) account: String,
    pub(super) id: String,
    /// Whether it is whoever made the change.
    pub(super) is_actor: bool,
    pub(super) grade_before: String,
    pub(super) grade_after: String,
    pub(super) gained: Vec<String>,
}

/// Judges changes one after the other: who can become whom is drawn once, and redrawn where a change
/// touches it.
#[derive(Default)]
pub(super) struct Judge {
    graph: Option<Graph>,
    /// How many changes could not be judged, because trailwarden itself failed at them.
    pub(super) failed: u64,
}

impl Judge {
    /// The models are no longer those that were judged before.
    pub(super) fn forget(&mut self) {
        self.graph = None;
    }

    /// Judges a change, and grades whoever made it before and after.
    pub(super) fn judge(
        &mut self,
        change: &Change,
        models: &Models,
        actor: Option<&Actor>,
        graded: Option<(AccountId, &Id)>,
    ) -> Judged {
        let judged = catch_unwind(AssertUnwindSafe(|| self.judged(change, models, actor, graded)));
        judged.unwrap_or_else(|_| {
            // It may have been left in the middle of a change.
            self.graph = None;
            self.failed += 1;
            Judged::default()
        })
    }

    fn judged(
        &mut self,
        change: &Change,
        models: &Models,
        actor: Option<&Actor>,
        graded: Option<(AccountId, &Id)>,
    ) -> Judged {
        let world = World::of(models);
        let mut effect = effect::judge(world, change, actor);
        self.paths(world, change, actor, models, &mut effect);
        let grade =
            |world: World<'_>| graded.and_then(|(account, id)| grade_of(world, account, id));
        let grade_before = grade(world.with(&change.before));
        let grade_after = grade(world.with(&change.after));
        Judged {
            sentence: Some(effect.sentence()).filter(|text| text != NOTHING),
            gainers: gainers(&effect, world.with(&change.before), actor),
            effect: (!effect.is_nothing()).then(|| effect.to_finding()),
            grade_before,
            grade_after,
        }
    }

    /// Adds the ways that opened, counted from what was so before the call: what its record only shows
    /// about its caller is no doing of the call.
    fn paths(
        &mut self,
        world: World<'_>,
        change: &Change,
        actor: Option<&Actor>,
        models: &Models,
        effect: &mut effect::Effect,
    ) {
        if models.iter().count() > GRAPH_ACCOUNTS_MAX {
            self.graph = None;
            return;
        }
        let informed = world.with(&change.informed);
        let graph = match &mut self.graph {
            Some(graph) => {
                graph.update(informed, change);
                graph
            }
            none => none.insert(Graph::of(informed)),
        };
        let delta = graph.update(world, change);
        effect.add_paths(world, graph, (change, &delta), actor);
    }
}

/// The grade of a principal's permissions: of what is known, and said so where that is not all.
pub(super) fn grade_of(world: World<'_>, account: AccountId, id: &Id) -> Option<String> {
    known_grade(world, account, id).map(|(_, text)| text)
}

fn known_grade(world: World<'_>, account: AccountId, id: &Id) -> Option<(Grade, String)> {
    let standing = world.standing(account, id)?;
    let grade = standing.grading().grade;
    let is_whole = grade == Grade::Admin || standing.held.is_complete();
    let text = match (grade, is_whole) {
        (grade, true) => grade.name().to_owned(),
        (Grade::None, false) => "unknown".to_owned(),
        (grade, false) => format!("at least {}", grade.name()),
    };
    Some((grade, text))
}

/// Who gained by an effect: permissions, or a way to become somebody who may do more.
fn gainers(effect: &effect::Effect, before: World<'_>, actor: Option<&Actor>) -> Vec<Gainer> {
    let word = |grade: Option<Grade>| grade.map_or("unknown", Grade::name).to_owned();
    let mut all = Vec::new();
    for moved in effect.moved.iter().filter(|moved| moved.gain.is_some() && !moved.is_latent) {
        all.push(Gainer {
            account: moved.account.to_string(),
            id: moved.id.as_str().to_owned(),
            is_actor: moved.is_actor,
            grade_before: word(moved.grade_before),
            grade_after: word(moved.grade_after),
            gained: moved.gained.to_vec(),
        });
    }
    let mut way = |account: AccountId, id: &Id, grade: Option<Grade>, gained: String| {
        let (own, text) = known_grade(before, account, id).unzip();
        // Whoever can do as much already gains nothing by it.
        if grade.is_some_and(|grade| grade == Grade::None || own.is_some_and(|own| own >= grade)) {
            return;
        }
        all.push(Gainer {
            account: account.to_string(),
            id: id.as_str().to_owned(),
            is_actor: false,
            grade_before: text.unwrap_or_else(|| "unknown".to_owned()),
            grade_after: word(grade),
            gained: vec![gained],
        });
    };
    for entry in effect.entries.iter().filter(|entry| entry.is_gain()) {
        if let (Some(account), Some(id)) = (entry.who.account(), entry.who.id()) {
            way(account, id, entry.grade, entry.in_words());
        }
    }
    for path in effect.ways() {
        let gained = format!("become {} by {}", path.to, path.technique);
        way(effect.account, &path.from_id, path.grade, gained);
    }
    if let Some((actor, id)) = actor.and_then(|actor| Some((actor, actor.id.as_ref()?))) {
        for given in effect.credentials.iter().filter(|given| given.is_gain_of_actor()) {
            let gained = format!("{} of {}", given.means.as_str(), given.label);
            way(actor.account, id, given.grade, gained);
        }
    }
    merged(all)
}

/// One line for each principal: the first tells the grades, the others what else came with it.
fn merged(all: Vec<Gainer>) -> Vec<Gainer> {
    let mut merged: Vec<Gainer> = Vec::new();
    for gainer in all {
        let same = |known: &&mut Gainer| known.account == gainer.account && known.id == gainer.id;
        match merged.iter_mut().find(same) {
            Some(known) => known.gained.extend(gainer.gained),
            None => merged.push(gainer),
        }
    }
    merged
}
