//! Actions and resources of a statement by chance: they match the request, or just miss it.

use serde_json::{Map, Value, json};

use super::condition::variable;
use super::dice::Dice;
use super::world::{Holder, OWN, Scene};

const OTHER_ACTIONS: &[&str] = &[
    "s3:GetObjectAcl",
    "s3:Get",
    "dynamodb:PutItem",
    "sqs:ReceiveMessage",
    "iam:ListUsers",
    "ec2:Describe?",
    "kms:Encrypt",
    "sts:AssumeRoleWithSAML",
    "lambda:Invoke",
];

/// Sets `Action` or `NotAction`.
pub(crate) fn action(
    statement: &mut Map<String, Value>,
    scene: &Scene,
    dice: &mut Dice,
    is_match: bool,
) {
    let is_negative = dice.chance(9);
    let covers = is_match != is_negative;
    let mut patterns = Vec::new();
    if covers {
        patterns.push(covering_action(scene, dice));
    }
    while patterns.is_empty() || dice.chance(25) {
        patterns.push(missing_action(scene, dice));
    }
    if dice.chance(30) {
        patterns.reverse();
    }
    let name = if is_negative { "NotAction" } else { "Action" };
    statement.insert(name.to_owned(), one_or_many(dice, patterns));
}

fn covering_action(scene: &Scene, dice: &mut Dice) -> String {
    let (service, name) = scene.action.split_once(':').unwrap_or((scene.action, ""));
    match dice.weighted(&[35, 15, 15, 10, 10, 8, 7]) {
        0 => scene.action.to_owned(),
        1 => format!("{service}:*"),
        2 => format!("{service}:{}*", head(name, 3)),
        3 => "*".to_owned(),
        4 => dice.recased(scene.action),
        5 => format!("{service}:{}?{}", head(name, 2), tail(name, 3)),
        _ => format!("{service}:*{}*", tail(name, name.len().saturating_sub(4))),
    }
}

fn missing_action(scene: &Scene, dice: &mut Dice) -> String {
    let name = scene.action;
    match dice.weighted(&[45, 15, 10, 10, 10, 10]) {
        0 => {
            let other = dice.word(OTHER_ACTIONS);
            if other.eq_ignore_ascii_case(name) {
                "iam:ListUsers".to_owned()
            } else {
                other.to_owned()
            }
        }
        1 => format!("{name}?"),
        2 => format!("{name}x*"),
        // A comma or white space makes one pattern that matches nothing.
        3 => format!("{name},s3:PutObjectAcl"),
        4 => format!("{name} "),
        _ => format!("{}:{}", scene.service(), tail(name, name.len().saturating_sub(2))),
    }
}

/// Sets `Resource` or `NotResource`.
pub(crate) fn resource(
    statement: &mut Map<String, Value>,
    scene: &mut Scene,
    dice: &mut Dice,
    is_match: bool,
    is_2012: bool,
) {
    let is_negative = dice.chance(9);
    let covers = is_match != is_negative;
    let mut patterns = Vec::new();
    if covers {
        patterns.push(covering_resource(scene, dice, is_2012));
    }
    while patterns.is_empty() || dice.chance(20) {
        patterns.push(missing_resource(scene, dice));
    }
    if dice.chance(30) {
        patterns.reverse();
    }
    let name = if is_negative { "NotResource" } else { "Resource" };
    statement.insert(name.to_owned(), one_or_many(dice, patterns));
}

/// Services whose resources have no type before their name.
const WITHOUT_TYPE: &[&str] = &["s3", "sns", "sqs"];

/// What holds no wildcard here, and the rest: the five segments of an ARN and the type of the
/// resource, of which AWS says that wildcards are not allowed, and its name.
fn parts(resource: &str) -> (String, String) {
    let mut colons = resource.match_indices(':').map(|(at, _)| at);
    let end = colons.nth(4).map_or(0, |at| at + 1);
    let service = resource.split(':').nth(2).unwrap_or("");
    let own = resource.get(end..).unwrap_or("");
    let kind = if WITHOUT_TYPE.contains(&service) { None } else { own.find([':', '/']) };
    let end = end + kind.map_or(0, |at| at + 1);
    (resource.get(..end).unwrap_or("").to_owned(), resource.get(end..).unwrap_or("").to_owned())
}

fn covering_resource(scene: &mut Scene, dice: &mut Dice, is_2012: bool) -> String {
    if scene.holder == Holder::Wildcard {
        return "*".to_owned();
    }
    let whole = scene.resource.clone();
    let (front, own) = parts(&whole);
    let length = own.chars().count();
    let variables = if is_2012 { 20 } else { 4 };
    match dice.weighted(&[24, 14, 16, 8, 10, 6, 6, variables]) {
        0 => whole,
        1 => "*".to_owned(),
        2 => format!("{front}{}*", head(&own, dice.below(length))),
        3 => {
            let at = dice.below(length);
            format!("{front}{}?{}", head(&own, at), tail(&own, at + 1))
        }
        // `*` crosses slashes, and the colons of the resource's own part.
        4 => {
            let from = dice.below(length);
            let to = from + dice.below(length - from + 1);
            format!("{front}{}*{}", head(&own, from), tail(&own, to))
        }
        5 => format!("arn:{}:{}:*", scene.partition, whole.split(':').nth(2).unwrap_or("s3")),
        6 => {
            let (region, account) = segments(&whole);
            let region = if region.is_empty() { region } else { "*" };
            let account = if account.is_empty() { account } else { "*" };
            let service = whole.split(':').nth(2).unwrap_or("s3");
            let rest = whole.splitn(6, ':').nth(5).unwrap_or("");
            format!("arn:{}:{service}:{region}:{account}:{rest}", scene.partition)
        }
        _ => with_variable(scene, dice, &front, &own),
    }
}

fn segments(whole: &str) -> (&str, &str) {
    let mut segments = whole.split(':').skip(3);
    (segments.next().unwrap_or(""), segments.next().unwrap_or(""))
}

fn with_variable(scene: &mut Scene, dice: &mut Dice, front: &str, own: &str) -> String {
    for word in ["alice", "core", "bob"] {
        if own.contains(word) {
            let variable = variable(scene, dice, word);
            return format!("{front}{}", own.replacen(word, &variable, 1));
        }
    }
    format!("{front}{}*", head(own, 2))
}

fn missing_resource(scene: &Scene, dice: &mut Dice) -> String {
    let partition = scene.partition;
    if scene.holder == Holder::Wildcard {
        // An action without a resource is matched by `*` alone.
        return dice.pick(
            &[format!("arn:{partition}:s3:::*"), format!("arn:{partition}:iam::{OWN}:user/*")],
            "x".to_owned(),
        );
    }
    let (front, own) = parts(&scene.resource);
    match dice.weighted(&[25, 20, 20, 10, 15, 10]) {
        0 => format!("arn:{partition}:s3:::elsewhere/*"),
        // Case counts in resources.
        1 => match own.find(|c: char| c.is_ascii_lowercase()) {
            Some(at) => {
                let upper = own.get(at..=at).unwrap_or("").to_ascii_uppercase();
                let rest = own.get(at.saturating_add(1)..).unwrap_or("");
                format!("{front}{}{upper}{rest}", own.get(..at).unwrap_or(""))
            }
            None => format!("{front}{own}?"),
        },
        2 => format!("{}?", scene.resource),
        3 => format!("{}/*", scene.resource),
        4 => format!("{front}{}", tail(&own, 1)),
        _ => format!("{front}{}", head(&own, own.chars().count().saturating_sub(1))),
    }
}

/// A list, or its only element by itself.
fn one_or_many(dice: &mut Dice, mut patterns: Vec<String>) -> Value {
    if patterns.len() == 1 && dice.chance(60) {
        return json!(patterns.pop());
    }
    json!(patterns)
}

/// The first characters.
fn head(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

/// What remains after the first characters.
fn tail(text: &str, skipped: usize) -> String {
    text.chars().skip(skipped).collect()
}
