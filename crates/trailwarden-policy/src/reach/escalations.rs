//! The known ways from permissions to more permissions, as sets of actions.
//!
//! A way counts here by the reach alone; whether a target exists and is stronger is for a model of the
//! account to say. So the table says for each way on which resources the actions must be granted to
//! count without knowing more ([`Route`]).
//!
//! Sets that contain another way at least as certain are left out, and so are those of a retired
//! service (AWS `CodeStar`, closed in July 2024). Ids are those of the collection that this project
//! keeps: pathfinding.cloud's where it has one; ids with `x-` gather what Prowler, `PMapper`, Pacu,
//! cloudsplaining, parliament and Rhino Security Labs list, and analysis of our own.

mod analysis;
mod compute;
mod delivery;
mod principals;

/// One way to more permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    /// A stable id.
    pub id: &'static str,
    /// What the actions do for the caller.
    pub route: Route,
    /// All of them are needed.
    pub actions: &'static [&'static str],
    /// The services that take the role, one of which `iam:PassRole` must be allowed for.
    pub passed_to: &'static [&'static str],
}

/// What an escalation works through, and so which grants count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// Writes a policy that may apply to the caller. Counts on any resource.
    OwnPolicy,
    /// Takes over another principal. Counts unless the caller himself is the only resource.
    Credentials,
    /// Passes a role to something new that runs code. Counts when the role is not named.
    NewCarrier,
    /// Enters a role that trusts the caller. Counts when the role is not named.
    AssumeRole,
    /// Uses something that has a role already. Counts when it is not named.
    ExistingCarrier,
    /// Helps only in a state of the account that a reach does not tell. Never counts by itself.
    Situational,
}

const fn one(id: &'static str, route: Route, actions: &'static [&'static str]) -> Escalation {
    Escalation { id, route, actions, passed_to: &[] }
}

const fn carrier(
    id: &'static str,
    actions: &'static [&'static str],
    passed_to: &'static [&'static str],
) -> Escalation {
    Escalation { id, route: Route::NewCarrier, actions, passed_to }
}

/// All known ways, by group and id.
pub static ESCALATIONS: &[Escalation] = &joined();

const GROUPS: [&[Escalation]; 4] =
    [principals::WAYS, compute::WAYS, delivery::WAYS, analysis::WAYS];

const COUNT: usize = GROUPS[0].len() + GROUPS[1].len() + GROUPS[2].len() + GROUPS[3].len();

#[expect(
    clippy::indexing_slicing,
    reason = "runs in the compiler, which refuses what is out of bounds"
)]
const fn joined() -> [Escalation; COUNT] {
    let mut all = [GROUPS[0][0]; COUNT];
    let (mut group, mut next) = (0, 0);
    while group < GROUPS.len() {
        let mut at = 0;
        while at < GROUPS[group].len() {
            all[next] = GROUPS[group][at];
            at += 1;
            next += 1;
        }
        group += 1;
    }
    all
}
