//! What an Allow gives without naming a resource, told for the checks of breadth.

use std::sync::LazyLock;

use trailwarden_model::Severity;

use super::Scope;
use crate::document::Element;
use crate::facts::{Action, ActionSet, Level, facts};
use crate::lint::{Input, StatementView};
use crate::pattern::{is_every_action, is_match_all};
use crate::span::Span;

/// Denies beyond these are not looked at: a finding too many is better than one too few.
const DENIES_MAX: usize = 64;

/// What an Allow gives without naming a resource.
pub(in crate::lint) struct Broad {
    /// The actions, in the order of the table; at least one.
    pub(in crate::lint) actions: Vec<&'static Action>,
    /// The one text of the element that brings them all, else the element.
    pub(in crate::lint) span: Span,
    /// Whether conditions stand in the statement.
    pub(in crate::lint) is_conditioned: bool,
}

impl Broad {
    /// Those of the wanted actions that an Allow gives on every resource. Nothing for a statement
    /// that gives everything, of which `full-administrator` speaks, and for what a Deny of the same
    /// document takes back without condition.
    pub(in crate::lint) fn of(
        input: &Input<'_>,
        view: &StatementView<'_>,
        wanted: &ActionSet,
    ) -> Option<Self> {
        if !view.allows() || is_everything(view) {
            return None;
        }
        let mut actions = input.actions_of(view);
        actions.intersect_with(wanted);
        if actions.is_empty() {
            return None;
        }
        let mut actions = Scope::of(input, view).open(&actions);
        if !actions.is_empty() {
            actions.difference_with(&denied(input));
        }
        if actions.is_empty() {
            return None;
        }
        Some(Self {
            span: place_of(input, view, &actions),
            actions: actions.iter().map(|id| id.action()).collect(),
            is_conditioned: !view.statement.conditions.is_empty(),
        })
    }

    /// The severity, one lower under a condition: that may narrow it, and may be met by anyone.
    pub(in crate::lint) fn severity(&self, severity: Severity) -> Severity {
        if self.is_conditioned { lower(severity) } else { severity }
    }

    /// The first names and how many more there are.
    pub(in crate::lint) fn names(&self) -> String {
        names(&self.actions)
    }
}

/// The next lower severity.
pub(in crate::lint) fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium => Severity::Low,
        Severity::Low | Severity::Info => Severity::Info,
    }
}

/// Whether an Allow gives every action on every resource.
pub(in crate::lint) fn is_everything(view: &StatementView<'_>) -> bool {
    view.allows()
        && view.statement.actions.iter().any(|text| is_every_action(text))
        && view.statement.resources.iter().any(|text| is_match_all(text))
}

/// The first names and how many more there are.
pub(in crate::lint) fn names(actions: &[&Action]) -> String {
    const SHOWN: usize = 3;
    let quoted = |action: &&Action| format!("`{}`", action.full_name());
    let shown: Vec<String> = actions.iter().take(SHOWN).map(quoted).collect();
    match actions.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The only text that brings some of the actions, or the whole element.
pub(in crate::lint) fn place_of(
    input: &Input<'_>,
    view: &StatementView<'_>,
    actions: &ActionSet,
) -> Span {
    if view.statement.not_actions.is_some() {
        return view.span_of(Element::NotAction);
    }
    let mut bringing = view
        .actions()
        .filter(|part| !input.actions_matching(part.text).is_disjoint(actions))
        .map(|part| part.span);
    match (bringing.next(), bringing.next()) {
        (Some(only), None) => only,
        _ => view.span_of(Element::Action),
    }
}

/// What the document denies on everything, without condition.
fn denied(input: &Input<'_>) -> ActionSet {
    let mut denied = ActionSet::empty();
    let is_whole = |view: &&StatementView<'_>| {
        let statement = view.statement;
        view.denies()
            && statement.conditions.is_empty()
            && statement.not_resources.is_none()
            && statement.resources.iter().any(|text| is_match_all(text))
    };
    for view in input.statements().iter().filter(is_whole).take(DENIES_MAX) {
        denied.union_with(&input.actions_of(view));
    }
    denied
}

/// The known actions by what they do; each is in one of these at most.
pub(in crate::lint) struct Kinds {
    /// Hand out credentials.
    pub(in crate::lint) credentials: ActionSet,
    /// Decide who may do what.
    pub(in crate::lint) permissions: ActionSet,
    /// Hand out what people keep in a service.
    pub(in crate::lint) data: ActionSet,
    /// Change something else, that can be named.
    pub(in crate::lint) changes: ActionSet,
    /// Read what a service knows about itself, of resources that can be named.
    pub(in crate::lint) reading: ActionSet,
}

/// The known actions by what they do. Without those that have a check of their own: `iam:PassRole`,
/// `iam:CreateServiceLinkedRole` and `sts:AssumeRole`.
pub(in crate::lint) fn kinds() -> &'static Kinds {
    static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
        let empty = ActionSet::empty;
        let mut kinds = Kinds {
            credentials: empty(),
            permissions: empty(),
            data: empty(),
            changes: empty(),
            reading: empty(),
        };
        let own = ["iam:PassRole", "iam:CreateServiceLinkedRole", "sts:AssumeRole"].map(only);
        for action in facts().actions() {
            if own.iter().any(|own| own.contains(action.id())) {
                continue;
            }
            let set = if action.issues_credentials() {
                &mut kinds.credentials
            } else if action.our_level() == Level::PermissionsManagement {
                &mut kinds.permissions
            } else if action.reads_data() {
                &mut kinds.data
            } else if action.is_wildcard_only() {
                continue;
            } else if action.our_level().is_mutating() {
                &mut kinds.changes
            } else {
                &mut kinds.reading
            };
            set.insert(action.id());
        }
        kinds
    });
    &KINDS
}

/// The set of one action.
pub(in crate::lint) fn only(name: &str) -> ActionSet {
    facts().action(name).map(|action| action.id()).into_iter().collect()
}
