//! Actions that together are a known way to more permissions.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use crate::lint::prelude::*;
use crate::lint::scope::{is_everything, lower, only, place_of};
use crate::reach::{ESCALATIONS, Escalation, Reach, Route, grade};

/// See the fields.
pub static CHECK: Check = Check {
    id: "privilege-escalation",
    title: "Known way to more permissions",
    severity: Severity::High,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "With these actions a caller can give himself permissions that the policy does not name: write a policy of his own, take over another principal, or let a service act with a stronger role.",
    source: "IAM User Guide, \"Security best practices in IAM\"",
    cross: &[
        (Tool::Parliament, "PRIVILEGE_ESCALATION"),
        (Tool::Cloudsplaining, "PrivilegeEscalation"),
    ],
    run: Run::Document(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:GetObject","iam:CreatePolicyVersion"],"Resource":"*""#,
        )
        .at(r#""iam:CreatePolicyVersion""#),
        // One half of the way stands in another statement.
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"},{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"}]}"#,
        ),
        // A condition may be met.
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#,
        ),
    ],
    quiet_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}},{"Effect":"Allow","Action":["ec2:DescribeInstances"],"Resource":"*"}]}"#,
        ),
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::*:user/${aws:username}""#,
        ),
        // Told by a check of its own.
        Example::identity(r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"*""#),
        // An administrator needs no way.
        Example::identity(r#""Effect":"Allow","Action":"*","Resource":"*""#),
    ],
};

/// Statements with actions of known ways beyond these are not graded; no quota leaves room for them.
const STATEMENTS_MAX: usize = 60;

/// Denies beyond these are not looked at: a finding too many is better than one too few.
const DENIES_MAX: usize = 12;

/// Beyond so many resources, or pairs of an Allow and a Deny, only what is cheap to compare counts:
/// some resources of each Allow, and Denies of everything.
const RESOURCES_MAX: usize = 100;
const PAIRS_MAX: usize = 100;

/// So many resources of one statement are compared as they are.
const FEW: usize = 8;

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let views = input.statements();
    if views.iter().any(|view| is_everything(view) && view.statement.conditions.is_empty()) {
        return;
    }
    let reach = Reach::of([&reduced(input)]);
    let mut ways = grade(reach.grants()).escalations;
    // Assuming roles is told by a check of its own.
    ways.retain(|way| way.actions != ["sts:AssumeRole"]);
    if ways.is_empty() {
        return;
    }
    ways.sort_by_key(|way| way.route);
    let free: Vec<_> =
        reach.grants().iter().filter(|grant| grant.conditions.is_none()).cloned().collect();
    let free: HashSet<&str> = grade(&free).escalations.iter().map(|way| way.id).collect();
    let mut by_statement: BTreeMap<usize, Vec<&Escalation>> = BTreeMap::new();
    for way in ways {
        if let Some(at) = views.iter().position(|view| brings(input, view, way)) {
            by_statement.entry(at).or_default().push(way);
        }
    }
    for (view, ways) in by_statement.iter().filter_map(|(at, ways)| Some((views.get(*at)?, ways))) {
        let is_free = ways.iter().any(|way| free.contains(way.id));
        // What carries a role already gives no more than that role.
        let leads_anywhere = ways.iter().any(|way| way.route < Route::AssumeRole);
        let severity = if leads_anywhere { CHECK.severity } else { Severity::Medium };
        let severity = if is_free { severity } else { lower(severity) };
        let when = if is_free { "" } else { ", where the conditions hold" };
        let first: Vec<String> =
            ways.iter().take(3).map(|way| format!("`{}`", way.actions.join(" + "))).collect();
        let more = match ways.len().saturating_sub(first.len()) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let message = format!("gives more permissions by {}{more}{when}", first.join(", "));
        let fix = "leave these actions to administrators, or name resources that lead nowhere";
        let set: ActionSet =
            ways.iter().flat_map(|way| deciding(way).iter().collect::<Vec<_>>()).collect();
        found.graded(severity, place_of(input, view, &set), view.index, message, fix);
    }
}

/// The document with nothing but the actions of known ways, which is all that counts here, and much
/// faster to grade.
fn reduced(input: &Input<'_>) -> Document {
    static WANTED: LazyLock<ActionSet> = LazyLock::new(|| {
        let names = ESCALATIONS.iter().flat_map(|way| way.actions);
        names.filter_map(|name| facts().action(name)).map(|action| action.id()).collect()
    });
    let reduce = |view: &StatementView<'_>| {
        let actions = input.actions_of(view).intersection(&WANTED);
        // Exceptions are not shortened, or a Deny would say more than it does.
        let is_short = view.statement.not_resources.iter().flatten().nth(FEW).is_none();
        (!actions.is_empty() && (is_short || view.allows())).then(|| Statement {
            actions: actions.iter().map(|id| id.action().full_name().to_owned()).collect(),
            not_actions: None,
            resources: widest(&view.statement.resources),
            not_resources: (view.statement.not_resources.as_ref())
                .map(|texts| texts.iter().take(FEW).cloned().collect()),
            ..view.statement.clone()
        })
    };
    let views = || input.statements().iter();
    let mut allows: Vec<Statement> =
        views().filter(|view| view.allows()).filter_map(reduce).take(STATEMENTS_MAX).collect();
    let mut denies: Vec<Statement> =
        views().filter(|view| view.denies()).filter_map(reduce).take(DENIES_MAX).collect();
    let resources: usize = allows.iter().map(|statement| statement.resources.len()).sum();
    if resources > RESOURCES_MAX || allows.len() * denies.len() > PAIRS_MAX {
        let is_plain = |deny: &Statement| deny.conditions.is_empty() && deny.resources == ["*"];
        denies.retain(is_plain);
        allows.iter_mut().for_each(|statement| statement.resources.truncate(2));
    }
    allows.append(&mut denies);
    Document { version: input.document.version.clone(), statements: allows, ..Document::default() }
}

/// Of many resources, the widest of each service and type: comparing them all takes long, and a way
/// that is open on one of them is open. A Deny of so many denies less then, and a way that it closes
/// may be told.
fn widest(resources: &[String]) -> Vec<String> {
    if resources.len() <= FEW {
        return resources.to_vec();
    }
    let kind = |text: &str| {
        let mut parts = text.splitn(6, ':');
        let service = parts.nth(2).unwrap_or_default().to_owned();
        let name = parts.nth(2).unwrap_or(text);
        (service, name.split(['/', ':', '*']).next().unwrap_or_default().to_owned())
    };
    // A variable may stand for the caller himself, who is no way to anywhere.
    let width = |text: &String| (text.contains("${"), text.len());
    let mut by_kind: BTreeMap<(String, String), &String> = BTreeMap::new();
    for text in resources {
        let kept = by_kind.entry(kind(text)).or_insert(text);
        if width(text) < width(kept) {
            *kept = text;
        }
    }
    let mut widest: Vec<String> = by_kind.into_values().cloned().collect();
    widest.sort_by_key(width);
    widest
}

/// The action of a way that a reader should look at: not the passing of a role, if there is another.
fn deciding(way: &Escalation) -> ActionSet {
    let other = way.actions.iter().find(|action| **action != "iam:PassRole");
    other.or(way.actions.first()).map(|action| only(action)).unwrap_or_else(ActionSet::empty)
}

fn brings(input: &Input<'_>, view: &StatementView<'_>, way: &Escalation) -> bool {
    view.allows() && !input.actions_of(view).is_disjoint(&deciding(way))
}
