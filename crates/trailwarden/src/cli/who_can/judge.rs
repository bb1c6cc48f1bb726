//! Every principal of the models, asked for one deed.
//!
//! Most hold no statement about an action, and that is told by the statements alone: nothing is
//! compiled for them.

use trailwarden_account::access::{Principal, World};
use trailwarden_account::query::{Held, Unknown};
use trailwarden_account::{Id, Kind, Model, Standing};
use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::document::Effect;
use trailwarden_policy::evaluate::Outcome;

use super::enter::Doors;
use super::ways::{Way, ways};
use crate::cli::can::answer::{Answer, By, Verdict};
use crate::cli::can::extent::Extent;
use crate::cli::can::question::{Question, Side, is_on_trust};
use crate::cli::state::{Asked, Target};

/// What is asked of each.
pub(super) struct Judging<'j> {
    pub(super) world: World<'j>,
    pub(super) asked: &'j Asked,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Judged {
    /// Those who have it, or may: the surest first, then by account and name.
    pub(super) holders: Vec<Holder>,
    /// Accounts whose root user has it.
    pub(super) roots: Vec<AccountId>,
    /// Those who have it by nothing that was seen, but may hold more.
    pub(super) unseen: Vec<Principal>,
    /// What else may let somebody in, and was not seen.
    pub(super) note: Option<String>,
    /// Accounts that may have users or roles which nobody has seen.
    pub(super) unlisted: Vec<AccountId>,
    /// Users and roles that were asked.
    pub(super) asked: usize,
}

/// Somebody who has it, or may.
pub(super) struct Holder {
    pub(super) principal: Principal,
    pub(super) certainty: Certainty,
    /// Where no single resource was named.
    pub(super) extent: Option<Extent>,
    /// Condition keys that decide.
    pub(super) keys: Vec<String>,
    /// The policies by which he has it.
    pub(super) by: Vec<Way>,
    pub(super) unknowns: Vec<Unknown>,
    /// Of a role: who may enter it.
    pub(super) entered_by: Vec<String>,
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// For certain.
    Certain,
    /// Where conditions hold.
    Conditional,
    /// By what was seen; there may be a Deny or a cap that was not.
    Seen,
}

impl Certainty {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Conditional => "conditional",
            Self::Seen => "seen",
        }
    }
}

impl Judged {
    /// Whether somebody may have it of whom that is not known.
    pub(super) fn is_partial(&self) -> bool {
        !self.unseen.is_empty()
            || !self.unlisted.is_empty()
            || self.note.is_some()
            || self.holders.iter().any(|one| one.certainty == Certainty::Seen)
    }
}

impl<'j> Judging<'j> {
    /// Asks all.
    pub(super) fn all(&self, models: impl Iterator<Item = &'j Model>) -> Judged {
        let mut judged = Judged::default();
        let mut doors = Doors::of(self.world);
        for model in models {
            if !is_listed(model) {
                judged.unlisted.push(model.account());
            }
            for identity in model.principals() {
                self.one(model, &identity.id, &mut judged, &mut doors);
            }
        }
        judged.holders.sort_by(|a, b| {
            let key = |one: &Holder| {
                let Principal { account, kind, name, .. } = &one.principal;
                (one.certainty, *account, *kind, name.clone())
            };
            key(a).cmp(&key(b))
        });
        judged.unseen.sort_by(|a, b| (a.account, &a.label).cmp(&(b.account, &b.label)));
        judged
    }

    fn one(&self, model: &'j Model, id: &Id, judged: &mut Judged, doors: &mut Doors<'j>) {
        let Some(mut question) = Question::about(self.world, model.account(), id) else { return };
        let kind = question.standing.principal.kind;
        judged.asked += usize::from(kind != Kind::Root);
        let is_told = speaks(&question.standing.held, &self.asked.deed.action);
        if kind != Kind::Root && !is_told && !self.may_be_named() {
            if !question.standing.held.is_complete() {
                judged.unseen.push(question.standing.principal);
            }
            self.note(model, judged);
            return;
        }
        self.asked.put(&mut question.context);
        let answer = Answer::of(&question, &self.asked.deed, self.asked.owner.as_deref(), None);
        self.note_of(&answer.side, judged);
        if kind == Kind::Root {
            if answer.verdict == Verdict::Allowed {
                judged.roots.push(model.account());
            }
            return;
        }
        match certainty(&question.standing, &answer) {
            Some(certainty) => {
                let holder = self.holder(&question, &answer, certainty, doors);
                judged.holders.push(holder);
            }
            None if answer.verdict == Verdict::Unknown && !is_silent(&answer.side) => {}
            None if answer.verdict == Verdict::Unknown => {
                judged.unseen.push(question.standing.principal);
            }
            None => {}
        }
    }

    fn holder(
        &self,
        question: &Question<'j>,
        answer: &Answer,
        certainty: Certainty,
        doors: &mut Doors<'j>,
    ) -> Holder {
        let standing = &question.standing;
        let (extent, keys) = match &answer.by {
            By::Request { .. } => (None, answer.keys()),
            By::Reach(reached) => (Some(reached.extent), answer.keys()),
        };
        Holder {
            principal: standing.principal.clone(),
            certainty,
            extent,
            keys: if certainty == Certainty::Certain { Vec::new() } else { keys },
            by: ways(question.model, &standing.held, answer, &self.asked.deed.action),
            unknowns: match certainty {
                Certainty::Seen => answer.unknowns(question),
                Certainty::Certain | Certainty::Conditional => Vec::new(),
            },
            entered_by: match standing.principal.kind {
                Kind::Role => doors.of_role(question.model, &standing.principal),
                Kind::User | Kind::Group | Kind::Root => Vec::new(),
            },
        }
    }

    /// Whether the resource may name somebody who needs no policy of his own.
    fn may_be_named(&self) -> bool {
        let is_role =
            Arn::parse(self.asked.deed.resource()).is_some_and(|arn| arn.kind() == "role");
        is_role
            && is_on_trust(&self.asked.deed.action)
            && matches!(self.asked.deed.target, Target::One(_))
    }

    /// Policies of resources are the same for all, so the first principal tells.
    fn note(&self, model: &'j Model, judged: &mut Judged) {
        if judged.note.is_some() {
            return;
        }
        let root = Question::about(self.world, model.account(), &Id::root());
        if let Some(root) = root {
            let side = root.side(&self.asked.deed, self.asked.owner.as_deref());
            self.note_of(&side, judged);
        }
    }

    fn note_of(&self, side: &Side, judged: &mut Judged) {
        if judged.note.is_some() {
            return;
        }
        judged.note = match side {
            Side::Unseen(what, why) => Some(format!("{what}: {}", why.as_str())),
            Side::MayAllow => Some(
                "policies of the resources themselves, which logs do not show, may let in others"
                    .to_owned(),
            ),
            Side::Silent | Side::Says { .. } => None,
        };
    }
}

/// Whether all users and roles of an account are known.
pub(crate) fn is_listed(model: &Model) -> bool {
    let listed = model.listed();
    listed.users.is_known() && listed.roles.is_known()
}

fn is_silent(side: &Side) -> bool {
    !matches!(side, Side::Unseen(..) | Side::MayAllow)
}

/// Whether a policy that was seen allows the action on anything.
fn speaks(held: &Held, action: &str) -> bool {
    held.policies.iter().any(|policy| {
        let document = policy.document.value().and_then(|text| text.document().ok());
        document.is_some_and(|document| {
            document.statements.iter().any(|statement| {
                statement.effect == Effect::Allow && statement.covers_action(action)
            })
        })
    })
}

fn certainty(standing: &Standing, answer: &Answer) -> Option<Certainty> {
    match answer.verdict {
        Verdict::Allowed => return Some(Certainty::Certain),
        Verdict::Denied => return None,
        Verdict::Unknown => {}
    }
    let is_whole = standing.unknowns().is_empty() && answer.guards.is_empty();
    match &answer.by {
        By::Request { seen, decided, .. } => {
            if decided.may_be_allowed_there {
                return None;
            }
            match seen.outcome {
                Outcome::Allow => Some(Certainty::Seen),
                Outcome::Unknown if seen.allowed.is_false() => None,
                Outcome::Unknown if is_whole && is_silent(&answer.side) => {
                    Some(Certainty::Conditional)
                }
                Outcome::Unknown => Some(Certainty::Seen),
                Outcome::ExplicitDeny | Outcome::ImplicitDeny => None,
            }
        }
        By::Reach(reached) if reached.extent == Extent::None => None,
        By::Reach(_) if is_whole && !matches!(answer.side, Side::Unseen(..)) => {
            Some(Certainty::Conditional)
        }
        By::Reach(_) => Some(Certainty::Seen),
    }
}
