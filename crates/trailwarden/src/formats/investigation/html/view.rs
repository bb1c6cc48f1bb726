//! What the page shows, as plain text ready to be escaped.

use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Relation, Stands, StepKind};

use super::super::words;
use crate::formats::effect::{self, Bounds};
use crate::formats::{Style, text};

/// More of one kind would be a page that no browser opens; JSON has them all.
const SHOWN_MAX: usize = 2_000;

/// A number under a word.
pub(super) struct Tally {
    pub(super) number: String,
    pub(super) word: &'static str,
    pub(super) tone: &'static str,
    pub(super) link: &'static str,
}

/// The story in numbers.
pub(super) fn tallies(story: &Investigation) -> Vec<Tally> {
    let calls = |kind: StepKind| {
        let steps = story.timeline.iter().filter(|step| step.kind == kind);
        steps.map(|step| step.count).sum::<u64>()
    };
    let standing = story.left_behind.iter().filter(|left| left.stands != Stands::No);
    let others = story.identities.iter();
    let others = others.filter(|who| !matches!(who.relation, Relation::Subject | Relation::Origin));
    let tally = |number: u64, word, tone, link| Tally {
        number: text::count(number),
        word,
        tone: if number == 0 { "info" } else { tone },
        link,
    };
    vec![
        tally(others.count() as u64, "other identities", "medium", "#who"),
        tally(calls(StepKind::Changed), "changes", "high", "#happened"),
        tally(calls(StepKind::Read), "reads", "low", "#read"),
        tally(calls(StepKind::Denied), "denied", "critical", "#tried"),
        tally(standing.map(|left| left.count).sum(), "may still stand", "critical", "#left"),
    ]
}

/// Somebody of the story.
pub(super) struct WhoView {
    pub(super) number: u32,
    pub(super) tone: &'static str,
    pub(super) label: String,
    pub(super) relation: &'static str,
    pub(super) calls: String,
    pub(super) came: Vec<String>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) doubt: Option<String>,
}

/// How an identity is coloured, in the list and in both drawings.
pub(super) fn tone(relation: Relation) -> &'static str {
    match relation {
        Relation::Subject => "subject",
        Relation::Origin => "origin",
        Relation::Session | Relation::Carrier => "session",
        Relation::Key | Relation::Made | Relation::Password | Relation::Backdoor => "armed",
    }
}

/// How an identity belongs to the story, in a word or two.
fn belongs(relation: Relation) -> &'static str {
    match relation {
        Relation::Subject => "asked for",
        Relation::Session => "session",
        Relation::Key => "by key",
        Relation::Made => "made",
        Relation::Password => "by password",
        Relation::Backdoor => "through an opened role",
        Relation::Carrier => "runs its code",
        Relation::Origin => "not followed",
    }
}

pub(super) fn people(story: &Investigation, style: &Style) -> Vec<WhoView> {
    let shown = story.identities.iter().take(SHOWN_MAX);
    shown
        .map(|identity| {
            let join = |texts: &[String]| {
                let texts: Vec<String> = texts.iter().map(|text| words::shown(text)).collect();
                (!texts.is_empty()).then(|| texts.join(", "))
            };
            let some = |text: &Option<String>| text.as_deref().map(words::shown);
            let facts = [
                ("At work", words::at_work(identity, style)),
                ("ARN", some(&identity.arn)),
                ("Unique id", some(&identity.id)),
                ("Account", some(&identity.account)),
                ("Access key", some(&identity.access_key)),
                ("Also called", join(&identity.former_names)),
                ("Addresses", join(&identity.addresses)),
                ("Programs", join(&identity.user_agents)),
                (
                    "Permissions",
                    words::grade(identity).map(|text| text.replacen("permissions: ", "", 1)),
                ),
            ];
            let came = words::links_to(story, identity.number).map(|link| {
                format!("{}, {}", words::came(story, link), text::time(link.time, style))
            });
            WhoView {
                number: identity.number,
                tone: tone(identity.relation),
                label: words::label(identity),
                relation: belongs(identity.relation),
                calls: words::calls(identity),
                came: came.collect(),
                facts: facts.into_iter().filter_map(|(name, text)| Some((name, text?))).collect(),
                doubt: (!identity.sure)
                    .then(|| format!("{}: {}", words::NOT_SURE, words::shown(&identity.why))),
            }
        })
        .collect()
}

/// One thing that happened.
pub(super) struct Deed {
    pub(super) id: usize,
    pub(super) time: String,
    pub(super) number: u32,
    pub(super) who: String,
    pub(super) tone: &'static str,
    pub(super) call: String,
    pub(super) target: String,
    pub(super) is_done_to: bool,
    pub(super) sentence: Option<String>,
    pub(super) effect: Vec<String>,
    pub(super) grade: Option<String>,
    pub(super) authorized: Option<String>,
    pub(super) place: String,
}

pub(super) fn deeds(story: &Investigation, style: &Style) -> Vec<Deed> {
    let numbered = story.timeline.iter().enumerate();
    let deeds = numbered.filter(|(_, step)| words::DEEDS.contains(&step.kind)).take(SHOWN_MAX);
    deeds
        .map(|(id, step)| {
            let identity = words::identity(story, step.identity);
            let mut place: Vec<String> = Vec::new();
            place.extend(
                step.address.as_deref().map(|address| format!("from {}", words::shown(address))),
            );
            place.extend(step.event_ids.first().map(|id| words::shown(id)));
            let lines = step.effect.iter().flat_map(|effect| effect::lines(effect, Bounds::BRIEF));
            Deed {
                id,
                time: step.time.display_in(&style.zone),
                number: step.identity,
                who: words::label_of(story, step.identity),
                tone: identity.map_or("origin", |identity| tone(identity.relation)),
                call: words::call(step),
                target: words::targets(step),
                is_done_to: step.kind == StepKind::DoneTo,
                sentence: step.sentence.as_deref().map(words::shown),
                effect: lines.map(|line| line.plain()).collect(),
                grade: words::step_grade(step),
                authorized: words::authorized(step),
                place: place.join(", "),
            }
        })
        .collect()
}

/// A gain.
pub(super) struct GainView {
    pub(super) time: String,
    pub(super) who: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) event: String,
    pub(super) gained: String,
}

pub(super) fn gains(story: &Investigation, style: &Style) -> Vec<GainView> {
    let gains = story.gained.iter().take(SHOWN_MAX);
    gains
        .map(|gain| {
            let gained: Vec<String> = gain.gained.iter().map(|text| words::shown(text)).collect();
            GainView {
                time: gain.time.display_in(&style.zone),
                who: words::label_of(story, gain.identity),
                before: words::shown(&gain.grade_before),
                after: words::shown(&gain.grade_after),
                event: words::shown(&gain.event_name),
                gained: gained.join("; "),
            }
        })
        .collect()
}

/// Something left behind.
pub(super) struct LeftView {
    pub(super) stands: &'static str,
    pub(super) tone: &'static str,
    pub(super) what: String,
    pub(super) since: String,
    pub(super) because: String,
}

pub(super) fn left(story: &Investigation, style: &Style) -> Vec<LeftView> {
    let left = words::left_ordered(story).into_iter().take(SHOWN_MAX);
    left.map(|left| LeftView {
        stands: left.stands.as_str(),
        tone: match left.stands {
            Stands::Yes => "critical",
            Stands::Unknown => "medium",
            Stands::No => "info",
        },
        what: words::left(left),
        since: words::left_since(story, left, style),
        because: words::left_because(left, style),
    })
    .collect()
}

/// Calls alike.
pub(super) struct GroupView {
    pub(super) id: usize,
    pub(super) when: String,
    pub(super) number: u32,
    pub(super) who: String,
    pub(super) call: String,
    pub(super) count: String,
    pub(super) targets: String,
    pub(super) error: String,
}

pub(super) fn groups(
    story: &Investigation,
    kinds: &'static [StepKind],
    style: &Style,
) -> Vec<GroupView> {
    let numbered = story.timeline.iter().enumerate();
    let groups = numbered.filter(|(_, step)| kinds.contains(&step.kind)).take(SHOWN_MAX);
    groups
        .map(|(id, step)| GroupView {
            id,
            when: text::period(step.time, step.last_time, style),
            number: step.identity,
            who: words::label_of(story, step.identity),
            call: format!("{}:{}", words::shown(&step.service), words::shown(&step.event_name)),
            count: text::count(step.count),
            targets: words::targets(step),
            error: step.error_code.as_deref().map(words::shown).unwrap_or_default(),
        })
        .collect()
}
