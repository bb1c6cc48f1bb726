//! Readings that several checks share: users with their credentials, who is or can become
//! administrator, whom roles trust.

mod access;
mod roles;
mod root;
mod trails;

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use trailwarden_account::graph::{Certainty, Node, Path};
use trailwarden_account::techniques::ADMINISTRATOR;
use trailwarden_account::{Identity, Kind};
use trailwarden_model::{Severity, Timestamp};
use trailwarden_policy::reach::Grade;
use trailwarden_policy::trust::{Grant, grants};

use crate::answers::{Known, Missing};
use crate::report::{Credentials, KeySlot, LastUse};
use crate::state::State;
use crate::verdicts::{Resource, Verdicts};

pub use access::stale_access;
pub use roles::{Source, services_say_for_whom, some_role_has};
pub use root::root_credential;
pub use trails::{Readers, object_events, own_trails, trail_buckets, trail_readers};

/// The users of the credential report, each as the thing that a verdict is about.
///
/// A user of the model that the report has no row of is unknown: the report may be four hours old.
pub fn users<'s>(
    state: &'s State<'_>,
    verdicts: &mut Verdicts,
) -> Known<Vec<(Resource, &'s Credentials)>> {
    let report = state.report()?;
    let model = state.model().ok();
    let known = |name: &str| model.and_then(|model| model.find(Kind::User, name));
    let rows = report.users().map(|row| match known(&row.user) {
        Some(user) => (Resource::identity(state, user), row),
        None => (Resource::arn("user", format!("user/{}", row.user), row.arn.as_str()), row),
    });
    let rows: Vec<_> = rows.collect();
    for user in model.into_iter().flat_map(|model| model.identities()) {
        if user.kind == Kind::User && report.row(&user.name).is_none() {
            let what = Missing::new("its row in the credential report", "is missing");
            verdicts.missing(&Resource::identity(state, user), &what);
        }
    }
    Ok(rows)
}

/// A key of a user, which the report knows by its slot alone.
#[must_use]
pub fn key_of(user: &Resource, key: &KeySlot) -> Resource {
    user.part("access_key", &format!("access key {}", key.slot))
}

/// Judges each user, group or role by whether its permissions, after all caps, are full control.
pub fn administrators(state: &State<'_>, kind: Kind, verdicts: &mut Verdicts) -> Known<()> {
    for identity in state.all(kind, verdicts)? {
        if identity.is_service_linked() {
            continue;
        }
        let resource = Resource::identity(state, identity);
        let label = &resource.label;
        let Some(standing) = state.standing(identity) else {
            verdicts.missing(&resource, &Missing::new("its permissions", "are not known"));
            continue;
        };
        let grading = standing.grading();
        if grading.unconditional == Grade::Admin {
            verdicts.fail(&resource, format!("{label} has full control of the account."));
        } else if grading.grade == Grade::Admin {
            let sentence =
                format!("{label} has full control of the account where conditions hold.");
            verdicts.fail_if(Severity::Medium, &resource, sentence);
        } else {
            match standing.unknowns().first() {
                // What was not seen may give it.
                Some(unknown) => {
                    verdicts.missing(&resource, &Missing::new(&unknown.what, unknown.why.as_str()));
                }
                None => verdicts.pass(&resource, format!("{label} has no full control.")),
            }
        }
    }
    Ok(())
}

/// Judges each user or role that is no administrator by whether the graph leads to one.
pub fn escalations(state: &State<'_>, kind: Kind, verdicts: &mut Verdicts) -> Known<()> {
    let doubtful = LazyCell::new(|| doubtful(state));
    for identity in state.all(kind, verdicts)? {
        if identity.is_service_linked() {
            continue;
        }
        let resource = Resource::identity(state, identity);
        let label = &resource.label;
        match state.graph().way(&state.node(identity)) {
            Some(path) if is_administrator(&path) => {
                let sentence = format!("{label} is an administrator already.");
                verdicts.not_applicable(&resource, sentence);
            }
            Some(path) => way(&resource, &path, verdicts),
            None => match doubtful.get(&state.node(identity)) {
                Some(missing) => verdicts.missing(&resource, missing),
                None => verdicts.pass(&resource, format!("{label} has no way to administrator.")),
            },
        }
    }
    Ok(())
}

fn is_administrator(path: &Path) -> bool {
    path.techniques() == [ADMINISTRATOR]
}

fn way(resource: &Resource, path: &Path, verdicts: &mut Verdicts) {
    let told = format!("{} can become administrator by {}", resource.label, steps(path));
    match path.certainty() {
        Certainty::Yes => verdicts.fail(resource, format!("{told}.")),
        Certainty::Conditional(reasons) => {
            let sentence = format!("{told}, if {}.", reasons.join(" and "));
            verdicts.fail_if(Severity::Medium, resource, sentence);
        }
    }
}

/// `iam:PassRole and lambda:CreateFunction, then iam:PutRolePolicy`.
fn steps(path: &Path) -> String {
    let taken = path.edges.iter().filter(|edge| edge.technique != ADMINISTRATOR).map(|edge| {
        let mut actions: Vec<&str> = edge.steps.iter().map(|step| step.action).collect();
        actions.dedup();
        match actions.is_empty() {
            true => edge.technique.to_owned(),
            false => actions.join(" and "),
        }
    });
    taken.collect::<Vec<_>>().join(", then ")
}

/// What is unknown of somebody, or of one whom he can become: where that one leads then, nobody knows.
fn doubtful(state: &State<'_>) -> BTreeMap<Node, Missing> {
    let mut into: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
    for edge in state.graph().edges() {
        into.entry(&edge.to).or_default().push(&edge.from);
    }
    let identities = state.model().into_iter().flat_map(|model| model.identities());
    let of_own = |identity| Some((state.node(identity), doubt(state, identity)?));
    let mut found: BTreeMap<Node, Missing> = identities.filter_map(of_own).collect();
    let mut open: Vec<Node> = found.keys().cloned().collect();
    while let Some(node) = open.pop() {
        let Some(missing) = found.get(&node).cloned() else { continue };
        for from in into.get(&node).into_iter().flatten() {
            if let Entry::Vacant(place) = found.entry((*from).clone()) {
                open.push(place.key().clone());
                place.insert(missing.clone());
            }
        }
    }
    found
}

fn doubt(state: &State<'_>, identity: &Identity) -> Option<Missing> {
    if state.graph().is_truncated() {
        return Some(Missing::new("the graph of ways", "is larger than fits into memory"));
    }
    let unknowns = state.standing(identity)?.unknowns();
    let first = unknowns.first()?;
    Some(Missing::new(&first.what, first.why.as_str()))
}

/// Whom each role lets in. A trust policy that is not known, or cannot be read, is unknown.
pub fn trusts(state: &State<'_>, verdicts: &mut Verdicts) -> Known<Vec<(Resource, Vec<Grant>)>> {
    let mut found = Vec::new();
    for role in state.all(Kind::Role, verdicts)? {
        if role.is_service_linked() {
            continue;
        }
        let resource = Resource::identity(state, role);
        match role.trust.value().map(|text| text.document()) {
            Some(Ok(document)) => found.push((resource, grants(document))),
            Some(Err(_)) => verdicts.unknown(&resource, "its trust policy cannot be read"),
            None => {
                let why = role.trust.why().map_or("is not known", |why| why.as_str());
                verdicts.missing(&resource, &Missing::new("its trust policy:", why));
            }
        }
    }
    Ok(found)
}

/// Judges the active keys of all users by when they were last used, or made if never.
pub fn unused_keys(state: &State<'_>, most: i64, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        for key in row.keys.iter().filter(|key| key.is_active) {
            let resource = key_of(&user, key);
            let label = format!("The {}", resource.label);
            unused(state, most, &resource, &label, (key.used, key.rotated), verdicts);
        }
        if !row.keys.iter().any(|key| key.is_active) {
            verdicts.pass(&user, format!("{} has no active access key.", user.label));
        }
    }
    Ok(())
}

/// Judges the console passwords of all users by when they were last used, or set if never.
pub fn unused_passwords(state: &State<'_>, most: i64, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = format!("The password of {}", user.label);
        match row.has_password {
            Some(true) => {
                let since = row.password_changed.or(row.created);
                unused(state, most, &user, &label, (row.password_used, since), verdicts);
            }
            Some(false) => verdicts.pass(&user, format!("{} has no console password.", user.label)),
            None => verdicts
                .unknown(&user, "the credential report does not say whether there is a password"),
        }
    }
    Ok(())
}

fn unused(
    state: &State<'_>,
    most: i64,
    resource: &Resource,
    label: &str,
    (used, made): (LastUse, Option<Timestamp>),
    verdicts: &mut Verdicts,
) {
    let (time, how) = match (used, made) {
        (LastUse::At(time), _) => (time, "was last used"),
        (LastUse::Never, Some(time)) => (time, "was never used since it was made"),
        _ => {
            verdicts.unknown(resource, "the credential report does not say when it was used");
            return;
        }
    };
    let ago = state.days_since(time);
    let told = || format!("{label} {how} {} ago, at {time}.", crate::prelude::days(ago));
    verdicts.judge(resource, ago > most, told, told);
}
