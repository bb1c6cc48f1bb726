//! Grants for people: [`describe`] in at most eight lines, [`list`] in full.
//!
//! Lines are verb phrases that fit behind "may" or "may no longer", the most dangerous first:
//! `pass any role to Lambda`, `full control of S3`, `read objects in bucket `x``. Text from policies
//! stands in backticks, without control characters; escaping for HTML or a terminal is up to the
//! caller.

mod excluded;
mod full;
mod objects;
mod phrases;
mod target;
#[cfg(test)]
mod tests;
mod written;

use trailwarden_model::AccountId;

use super::actions::is_future;
use super::area::Area;
use super::areas::Areas;
use super::grade::{grade, of_actions, of_actions_where, of_unlisted};
use super::grant::Grant;
use super::relevance::{relevant, restrict};
use super::{Grade, steps_for_grants};
use crate::facts::{Action, ActionSet, Service, facts};
use crate::fuel;
use excluded::nearly_everything;
pub use full::list;
use objects::objects;
use phrases::PHRASES;
use target::{brief, passed_to, places, things, when};

/// Lines that are shown.
const LINES_MAX: usize = 8;

/// Names that are shown in one line.
const NAMES_MAX: usize = 4;

struct Line {
    grade: Grade,
    /// Within a grade: what has a phrase comes before what is only counted.
    order: usize,
    text: String,
    actions: ActionSet,
}

/// What the grants allow, shortly: at most eight lines, the most dangerous first.
pub fn describe(grants: &[Grant]) -> Vec<String> {
    told(grants, View::default())
}

/// The same to somebody of that account: what others own is told with their account.
pub fn describe_from(account: AccountId, grants: &[Grant]) -> Vec<String> {
    told(grants, View { home: Some(&account.to_string()), ..View::default() })
}

/// The same for a resource policy, whose `*` is the one resource that carries it: `decrypt with this
/// KMS key` (KMS Developer Guide, "Key policies in AWS KMS").
pub fn describe_on_resource(grants: &[Grant]) -> Vec<String> {
    told(grants, View { is_of_resource: true, ..View::default() })
}

/// How grants are looked at: whether a resource carries the policy, and whose resources are told without
/// their account.
#[derive(Clone, Copy, Default)]
struct View<'v> {
    is_of_resource: bool,
    home: Option<&'v str>,
}

fn told(grants: &[Grant], view: View<'_>) -> Vec<String> {
    fuel::limited(steps_for_grants(grants), || told_within_limit(grants, view)).value
}

fn told_within_limit(grants: &[Grant], view: View<'_>) -> Vec<String> {
    let grading = grade(grants);
    let ways = grading.escalations.iter().flat_map(|one| one.actions.iter());
    let dangerous: ActionSet =
        ways.filter_map(|name| facts().action(name)).map(Action::id).collect();
    let mut lines: Vec<Line> =
        grants.iter().flat_map(|grant| lines_of(grant, view, &dangerous, grading.grade)).collect();
    lines.sort_by(|a, b| {
        b.grade.cmp(&a.grade).then(a.order.cmp(&b.order)).then_with(|| a.text.cmp(&b.text))
    });
    lines.dedup_by(|a, b| a.text == b.text);
    if lines.len() <= LINES_MAX {
        return lines.into_iter().map(|line| line.text).collect();
    }
    let rest = lines.split_off(LINES_MAX - 1);
    let mut texts: Vec<String> = lines.into_iter().map(|line| line.text).collect();
    let mut more = ActionSet::empty();
    for line in &rest {
        more.union_with(&line.actions);
    }
    texts.push(match more.len() {
        0 => format!("{} more", rest.len()),
        count => format!("{count} more actions: {}", some_names(&more)),
    });
    texts
}

fn lines_of(grant: &Grant, view: View<'_>, dangerous: &ActionSet, highest: Grade) -> Vec<Line> {
    let actions = relevant(grant);
    let is_own = view.is_of_resource && is_of_one_resource(&actions);
    let view = View { is_of_resource: is_own, ..view };
    let mut lines = Vec::new();
    let mut say = |order: usize, text: String, actions: ActionSet| {
        let own = match actions.is_disjoint(dangerous) {
            true => of_actions_where(&actions, &grant.conditions),
            false => Grade::Privesc,
        };
        lines.push(Line { grade: own.min(highest), order, text, actions });
    };
    let place = places(&grant.resources, is_own);
    let condition = when(&grant.conditions, &[]);
    let mut rest = actions.clone();
    if actions == ActionSet::all() {
        say(0, format!("do everything{place}{condition}"), actions.clone());
        rest = ActionSet::empty();
    }
    let (full, partial) = by_service(&rest, &grant.resources);
    // So many at once are an Allow with NotAction: say what it leaves out.
    if full.len() > facts().services().len() / 2 {
        let text = format!("{}{place}{condition}", nearly_everything(&full, &actions));
        say(0, text, actions.clone());
        say_phrases(grant, view, &mut rest, &mut say);
    } else {
        for Held { service, held, missing } in full {
            rest.difference_with(&held);
            let except = match missing.is_empty() {
                true => String::new(),
                false => format!(" except {}", some_names(&missing)),
            };
            let text = format!("full control of {}{except}{place}{condition}", title(service));
            say(1, text, held);
        }
        say_phrases(grant, view, &mut rest, &mut say);
        let partial: Vec<&'static Service> = partial.iter().map(|one| one.service).collect();
        say_rest(&partial, &rest, &format!("{place}{condition}"), &mut say);
    }
    lines.extend(line_of_unlisted(grant, &format!("{place}{condition}")));
    lines
}

/// Whether the actions can be those on one resource. A policy of many services that looks like a
/// resource policy may be that of an endpoint; a bucket's policy must name its bucket, and nothing of
/// IAM has a policy about other actions than those of STS.
fn is_of_one_resource(actions: &ActionSet) -> bool {
    let mut prefixes = actions.iter().map(|id| id.action().prefix());
    let Some(first) = prefixes.next() else {
        return false;
    };
    !matches!(first, "iam" | "s3") && prefixes.all(|prefix| prefix == first)
}

/// Actions that the facts table does not have: those of today, or, when there is nothing else, those
/// that AWS may add.
fn line_of_unlisted(grant: &Grant, tail: &str) -> Option<Line> {
    let unknown = grant.actions.unknown();
    let today: Vec<&Area> = unknown.iter().filter(|area| !is_future(area)).collect();
    let (start, areas) = match (today.as_slice(), grant.actions.known().is_empty()) {
        ([], false) => return None,
        ([], true) => ("actions that AWS may add to", unknown.iter().collect()),
        _ => ("actions that are not known here,", today),
    };
    let names: Vec<String> = areas.iter().take(NAMES_MAX).map(|area| brief(area)).collect();
    let more = if areas.len() > NAMES_MAX { ", ..." } else { "" };
    let grade = areas.into_iter().map(of_unlisted).max()?;
    let text = format!("{start} {}{more}{tail}", names.join(", "));
    Some(Line { grade, order: UNLISTED, text, actions: ActionSet::empty() })
}

/// Behind all that is known.
const UNLISTED: usize = 1_000;

/// A service of which something is held.
struct Held {
    service: &'static Service,
    held: ActionSet,
    /// The rest of what can meet the resources.
    missing: ActionSet,
}

/// The services of which all that can meet the resources is held, and the others.
fn by_service(actions: &ActionSet, resources: &Areas) -> (Vec<Held>, Vec<Held>) {
    let mut services: Vec<&'static Service> =
        actions.iter().map(|id| id.action().service()).collect();
    services.dedup_by_key(|service| std::ptr::from_ref(*service));
    let own =
        |service: &Service| -> ActionSet { service.actions().iter().map(Action::id).collect() };
    let mut all = ActionSet::empty();
    services.iter().for_each(|service| all.union_with(&own(service)));
    // Of all services at once, because the resources are looked at for each call.
    let meeting = restrict(&all, resources);
    let held = services.into_iter().map(|service| {
        let own = own(service);
        let held = own.intersection(actions);
        Held { service, missing: own.intersection(&meeting).difference(&held), held }
    });
    // A service of few actions is better told by their names.
    let is_full =
        |one: &Held| one.held.len() > NAMES_MAX && one.missing.len() * 10 <= one.held.len();
    held.partition(is_full)
}

/// Says what has a phrase, and takes it out of the rest.
fn say_phrases(
    grant: &Grant,
    view: View<'_>,
    rest: &mut ActionSet,
    say: &mut impl FnMut(usize, String, ActionSet),
) {
    for (at, phrase) in PHRASES.iter().enumerate() {
        let named = phrase.actions.iter().filter_map(|name| facts().action(name));
        let held: ActionSet =
            named.map(Action::id).filter(|action| rest.contains(*action)).collect();
        let Some(first) = held.iter().next() else {
            continue;
        };
        let (to, said) = match phrase.actions {
            ["iam:PassRole"] => passed_to(&grant.conditions),
            _ => (String::new(), Vec::new()),
        };
        let action = first.action();
        let (verb, things) = match phrase.verb.strip_suffix(" objects in") {
            Some(verb) => (verb, objects(&grant.resources, action)),
            None => (phrase.verb, things(&grant.resources, action, phrase.noun, view)),
        };
        let when = when(&grant.conditions, &said);
        rest.difference_with(&held);
        say(2 + at, format!("{verb} {things}{to}{when}"), held);
    }
}

/// Says what is left of some services: by name when it is little, else by count; together when
/// there are many services.
fn say_rest(
    services: &[&'static Service],
    rest: &ActionSet,
    tail: &str,
    say: &mut impl FnMut(usize, String, ActionSet),
) {
    let changing: ActionSet =
        rest.iter().filter(|id| of_actions(&ActionSet::from_iter([*id])) >= Grade::Write).collect();
    for (kind, set) in [("read", rest.difference(&changing)), ("change", changing)] {
        let own: Vec<(&Service, ActionSet)> = services
            .iter()
            .map(|service| {
                let all: ActionSet = service.actions().iter().map(Action::id).collect();
                (*service, all.intersection(&set))
            })
            .filter(|(_, own)| !own.is_empty())
            .collect();
        if own.len() >= LINES_MAX {
            let (services, count) = (own.len(), set.len());
            say(500, format!("{kind} in {services} services ({count} actions){tail}"), set);
            continue;
        }
        for (service, own) in own {
            let names = some_names(&own);
            let text = match own.len() {
                1..=NAMES_MAX => format!("call {names}{tail}"),
                count => format!("{kind} {} by {count} actions: {names}{tail}", title(service)),
            };
            say(500, text, own);
        }
    }
}

fn some_names(actions: &ActionSet) -> String {
    let shown: Vec<&str> =
        actions.iter().take(NAMES_MAX).map(|id| id.action().full_name()).collect();
    let dots = if actions.len() > NAMES_MAX { ", ..." } else { "" };
    format!("{}{dots}", shown.join(", "))
}

/// The name without the maker, and the prefix where that would not be recognised.
fn title(service: &Service) -> String {
    let title = service.title();
    if let Some((_, short)) = title.strip_suffix(')').and_then(|title| title.rsplit_once('(')) {
        return short.to_owned();
    }
    let maker = ["AWS ", "Amazon "].iter().find_map(|maker| title.strip_prefix(maker));
    let name = maker.unwrap_or(title);
    let letters = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    if letters(name).contains(&letters(service.prefix())) {
        name.to_owned()
    } else {
        format!("{name} ({})", service.prefix())
    }
}
