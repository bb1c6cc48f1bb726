//! Words that the renderings share. Everything that comes out of here has been through
//! [`escape::visible`].

use trailwarden_model::escape;
use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{
    Identity, Left, Link, Relation, Stands, Step, StepKind,
};

use crate::formats::{Style, text};

/// A stranger's text may be long; its beginning is enough to tell it apart.
const CHARS_MAX: usize = 140;
const SENTENCE_MAX: usize = 1_000;

/// A text as it may be shown, and not too long.
pub(super) fn shown(text: &str) -> String {
    escape::visible(&escape::shorten(text, CHARS_MAX)).into_owned()
}

/// A sentence of ours with such names in it, whole unless the names are a flood.
pub(super) fn sentence(text: &str) -> String {
    escape::visible(&escape::shorten(text, SENTENCE_MAX)).into_owned()
}

/// `mallory (user)`, `app/build-7 (session)`, `alice by key AKIA...`.
pub(super) fn label(identity: &Identity) -> String {
    let name = if identity.name.is_empty() { "somebody" } else { &identity.name };
    if let Some(key) = &identity.access_key {
        return format!("{} by key {}", shown(name), shown(key));
    }
    match identity.kind.as_str() {
        "" | "unknown" => shown(name),
        kind if kind == identity.name => shown(name),
        kind => format!("{} ({})", shown(name), shown(&kind.replace('_', " "))),
    }
}

/// The same for a number; a number that is nobody's is said to be.
pub(super) fn label_of(story: &Investigation, number: u32) -> String {
    identity(story, number).map_or_else(|| "unknown".to_owned(), label)
}

pub(super) fn identity(story: &Investigation, number: u32) -> Option<&Identity> {
    story.identities.get(number as usize)
}

/// `Story of mallory (user)`.
pub(super) fn title(story: &Investigation) -> String {
    let subjects: Vec<&Identity> = story.subjects().collect();
    match subjects.as_slice() {
        [] => format!("Nobody is called {}", shown(&story.asked_for)),
        [only] if story.taken_for == "name" || story.taken_for.ends_with("name") => {
            format!("The story of {}", label(only))
        }
        [only] => {
            format!("The story of {} {}: {}", story.taken_for, shown(&story.asked_for), label(only))
        }
        many => format!(
            "The story of {} {}: {}",
            story.taken_for,
            shown(&story.asked_for),
            text::counted(many.len() as u64, "principal")
        ),
    }
}

/// The story in a sentence or two.
pub(super) fn lead(story: &Investigation) -> String {
    let steps = |kind: StepKind| story.timeline.iter().filter(move |step| step.kind == kind);
    let calls = |kind: StepKind| steps(kind).map(|step| step.count).sum::<u64>();
    let mut parts = vec![text::counted(story.summary.own_records, "call")];
    for (number, words) in [
        (calls(StepKind::Changed), "changed something"),
        (calls(StepKind::Read), "read"),
        (calls(StepKind::Denied), "were denied"),
        (calls(StepKind::Failed), "failed"),
    ] {
        if number > 0 {
            parts.push(format!("{} {words}", text::count(number)));
        }
    }
    let others = story.identities.iter();
    let became = others
        .filter(|who| !matches!(who.relation, Relation::Subject | Relation::Origin))
        .count() as u64;
    let mut sentences = vec![format!("{}.", parts.join(", "))];
    if became > 0 {
        sentences.push(match became {
            1 => "It became, made or armed one other identity.".to_owned(),
            _ => format!("It became, made or armed {} other identities.", text::count(became)),
        });
    }
    let standing = story.left_behind.iter().filter(|left| left.stands == Stands::Yes);
    let number = standing.map(|left| left.count).sum::<u64>();
    let all = story.left_behind.iter().map(|left| left.count).sum::<u64>();
    if all > 0 {
        sentences.push(format!(
            "Of {} that it left behind, {} still stood at the end of the logs.",
            text::counted(all, "thing"),
            text::count(number)
        ));
    }
    sentences.join(" ")
}

/// When an identity was at work.
pub(super) fn at_work(identity: &Identity, style: &Style) -> Option<String> {
    Some(text::period(identity.first_time?, identity.last_time?, style))
}

/// `12 calls, 3 denied`.
pub(super) fn calls(identity: &Identity) -> String {
    match (identity.relation, identity.calls, identity.denied) {
        (Relation::Origin, ..) => "not followed".to_owned(),
        (_, 0, _) => "no call in these logs".to_owned(),
        (_, calls, 0) => text::counted(calls, "call"),
        (_, calls, denied) => {
            format!("{}, {} denied", text::counted(calls, "call"), text::count(denied))
        }
    }
}

/// The grade of an identity's permissions, if it was judged.
pub(super) fn grade(identity: &Identity) -> Option<String> {
    let grade = match (identity.grade_first.as_deref(), identity.grade_last.as_deref()) {
        (Some(first), Some(last)) if first != last => {
            Some(format!("permissions: {} at first, {} at the end", shown(first), shown(last)))
        }
        (_, Some(grade)) | (Some(grade), None) => Some(format!("permissions: {}", shown(grade))),
        (None, None) => None,
    };
    let limit = limit(identity);
    match (grade, limit) {
        (Some(grade), Some(limit)) => Some(format!("{grade}, {limit}")),
        (grade, limit) => grade.or(limit.map(|limit| format!("permissions: {limit}"))),
    }
}

/// What the policies that a session began with let it do at most.
fn limit(identity: &Identity) -> Option<String> {
    const LINES_MAX: usize = 3;
    let lines = identity.limited_to.iter().take(LINES_MAX).map(|line| shown(line));
    let more = match identity.limited_to.len().saturating_sub(LINES_MAX) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty())
        .then(|| format!("limited by its session policy to: {}{more}", lines.join("; ")))
}

/// How an identity came from another: `assumed by mallory (user), 3 times`.
pub(super) fn came(story: &Investigation, link: &Link) -> String {
    let from = label_of(story, link.from);
    let times = match link.count {
        1 => String::new(),
        many => format!(", {} times", text::count(many)),
    };
    let how = match link.how.as_str() {
        "assumed" => "assumed by",
        "federated" => "federated by",
        "created" => "created by",
        "key for" => "key made by",
        "reactivated" => "key woken by",
        "password for" => "password set by",
        "opened" => "its role's trust changed by",
        "launched" => "launched by",
        "code for" => "code replaced by",
        "changed" => "changed by",
        other => other,
    };
    format!("{how} {from}{times}")
}

/// The links that lead to an identity.
pub(super) fn links_to(story: &Investigation, number: u32) -> impl Iterator<Item = &Link> {
    story.links.iter().filter(move |link| link.to == number)
}

/// `iam:PutUserPolicy x3`.
pub(super) fn call(step: &Step) -> String {
    let call = format!("{}:{}", shown(&step.service), shown(&step.event_name));
    if step.count == 1 { call } else { format!("{call} x{}", text::count(step.count)) }
}

/// What a step was done to.
pub(super) fn targets(step: &Step) -> String {
    let mut names: Vec<String> = step.targets.iter().map(|target| shown(target)).collect();
    let more = step.count.saturating_sub(step.event_ids.len() as u64);
    if more > 0 && names.len() > 1 {
        names.push("...".to_owned());
    }
    names.join(", ")
}

/// How a step moved the permissions of whoever did it; none where it did not.
pub(super) fn step_grade(step: &Step) -> Option<String> {
    let (before, after) = (step.grade_before.as_deref()?, step.grade_after.as_deref()?);
    let moved = format!("its own permissions: {} -> {}", shown(before), shown(after));
    (before != after).then_some(moved)
}

/// What change policies say of a step; none where none were asked.
pub(super) fn authorized(step: &Step) -> Option<String> {
    let said = step.authorized.as_ref()?;
    let told = crate::formats::authorized::verdict(said);
    Some(told.unwrap_or_else(|| "no change policy speaks of it".to_owned()))
}

/// `access key AKIA... of user/alice`, `3 ec2 instance more of the same`.
pub(super) fn left(left: &Left) -> String {
    let count = match left.count {
        1 => String::new(),
        many => format!("{} ", text::count(many)),
    };
    format!("{count}{}", thing(left))
}

/// The same without the number. What has no name of its own goes by what it belongs to.
pub(super) fn thing(left: &Left) -> String {
    let of = left.of.as_deref().unwrap_or_default();
    let own = of.rsplit('/').next().unwrap_or_default();
    match (of, own == left.name) {
        ("", _) => format!("{} {}", shown(&left.kind), shown(&left.name)),
        (of, true) => format!("{} of {}", shown(&left.kind), shown(of)),
        (of, false) => format!("{} {} of {}", shown(&left.kind), shown(&left.name), shown(of)),
    }
}

/// How it came about and how it stands.
pub(super) fn left_since(story: &Investigation, left: &Left, style: &Style) -> String {
    let verb = if left.altered { "altered" } else { "made" };
    let who = label_of(story, left.identity);
    let when = text::time(left.time, style);
    format!("{verb} by {who} with {}, {when}", shown(&left.event_name))
}

/// Why it is said to stand or not.
pub(super) fn left_because(left: &Left, style: &Style) -> String {
    match &left.ended_by {
        Some(ended) => {
            let who = if ended.by_itself { " by the story itself" } else { "" };
            format!(
                "ended with {}{who}, {}",
                shown(&ended.event_name),
                text::time(ended.time, style)
            )
        }
        None => shown(&left.because),
    }
}

/// What was left behind, what stands first, then what is unknown.
pub(super) fn left_ordered(story: &Investigation) -> Vec<&Left> {
    let mut all: Vec<&Left> = story.left_behind.iter().collect();
    let rank = |stands: Stands| match stands {
        Stands::Yes => 0,
        Stands::Unknown => 1,
        Stands::No => 2,
    };
    all.sort_by_key(|left| (rank(left.stands), left.time));
    all
}

/// What was read, by whom, in words: what the logs are of.
pub(super) fn read(story: &Investigation, style: &Style) -> String {
    let summary = &story.summary;
    let mut parts = vec![text::counted(summary.records, "record")];
    parts.push(text::counted(summary.files, "file"));
    if let (Some(first), Some(last)) = (summary.first_time, summary.last_time) {
        parts.push(text::period(first, last, style));
    }
    match summary.accounts.as_slice() {
        [] => {}
        [account] => parts.push(format!("account {}", shown(account))),
        accounts => parts.push(text::counted(accounts.len() as u64, "account")),
    }
    parts.join(", ")
}

/// The steps of some kinds, in order.
pub(super) fn steps_of<'s>(
    story: &'s Investigation,
    kinds: &'static [StepKind],
) -> impl Iterator<Item = &'s Step> {
    story.timeline.iter().filter(move |step| kinds.contains(&step.kind))
}

/// What is said before the reason why an identity of the story may have been used by another person.
pub(super) const NOT_SURE: &str = "Its calls may be somebody else's";

/// What happens one by one; reads and refusals have lists of their own.
pub(super) const DEEDS: &[StepKind] = &[StepKind::Became, StepKind::Changed, StepKind::DoneTo];
/// What was read.
pub(super) const READS: &[StepKind] = &[StepKind::Read];
/// What was tried in vain.
pub(super) const TRIES: &[StepKind] = &[StepKind::Denied, StepKind::Failed];
