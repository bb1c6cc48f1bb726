//! Everything that has a name, and how a name that somebody types is found.

use trailwarden_account::techniques::{self, Technique};
use trailwarden_catalogue::Entry;
use trailwarden_detect::detection::Detection;
use trailwarden_detect::detections;
use trailwarden_detect::sigma::RuleInfo;
use trailwarden_model::escape::visible;
use trailwarden_policy::facts::{KnownKey, facts, global_keys};
use trailwarden_policy::lint;
use trailwarden_posture::assess;
use trailwarden_posture::check::Check;
use trailwarden_remedy::people::{self, ByHand};
use trailwarden_remedy::{Remedy, remedies};
use trailwarden_runtime::verify::{RULES, Rule};

use super::page::Page;
use super::rules::Named;
use super::{attack, detection, events, rules, sigma, units};

/// Something that has a name.
pub(crate) enum Topic {
    /// An event of the catalogue.
    Event(&'static Entry),
    /// A detection.
    Detection(&'static Detection),
    /// A posture check.
    Check(&'static Check),
    /// A check of policies.
    Lint(&'static lint::Check),
    /// A way to more permissions.
    Technique(&'static Technique),
    /// A remediation with a plan.
    Remedy(&'static Remedy),
    /// A remediation that a person carries out.
    ByHand(&'static ByHand),
    /// A condition key.
    Key(KnownKey),
    /// A technique of ATT&CK.
    Attack(&'static str),
    /// A rule of `verify`.
    Verify(&'static Rule),
    /// A rule that has no file of its own.
    Named(&'static Named),
    /// A Sigma rule that was loaded.
    Sigma(Box<RuleInfo>),
}

/// All of them, in the order in which they are listed.
pub(crate) fn all() -> Vec<Topic> {
    let mut all: Vec<Topic> = trailwarden_catalogue::all().iter().map(Topic::Event).collect();
    all.extend(detections::ALL.iter().map(|one| Topic::Detection(one)));
    all.extend(assess::all().iter().map(|one| Topic::Check(one)));
    all.extend(lint::checks::ALL.iter().map(|one| Topic::Lint(one)));
    all.extend(techniques::all().iter().map(Topic::Technique));
    all.extend(remedies::ALL.iter().map(|one| Topic::Remedy(one)));
    all.extend(people::ALL.iter().map(Topic::ByHand));
    all.extend(global_keys().map(Topic::Key));
    all.extend(attack::all().into_iter().map(Topic::Attack));
    all.extend(RULES.iter().map(|one| Topic::Verify(one)));
    all.extend(rules::ALL.iter().map(Topic::Named));
    all
}

/// The condition key of a service that is meant by a name; the list has those of every service only.
pub(crate) fn key(name: &str) -> Option<Topic> {
    facts().condition_key(name).map(Topic::Key)
}

impl Topic {
    /// What it is.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) => "event",
            Self::Detection(_) => "detection",
            Self::Check(_) => "check",
            Self::Lint(_) => "lint check",
            Self::Technique(_) => "technique",
            Self::Remedy(_) | Self::ByHand(_) => "remediation",
            Self::Key(_) => "condition key",
            Self::Attack(_) => "ATT&CK technique",
            Self::Verify(_) | Self::Named(_) => "rule",
            Self::Sigma(_) => sigma::KIND,
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Event(entry) => entry.name,
            Self::Detection(detection) => detection.id,
            Self::Check(check) => check.id,
            Self::Lint(check) => check.id,
            Self::Technique(technique) => technique.id,
            Self::Remedy(remedy) => remedy.id,
            Self::ByHand(by_hand) => by_hand.id,
            Self::Key(key) => key.name,
            Self::Attack(id) => id,
            Self::Verify(rule) => rule.id,
            Self::Named(rule) => rule.id,
            Self::Sigma(rule) => &rule.id,
        }
    }

    /// What it is in a few words.
    pub(crate) fn title(&self) -> &str {
        match self {
            Self::Event(entry) => &entry.header.title,
            Self::Detection(detection) => detection.title,
            Self::Check(check) => check.title,
            Self::Lint(check) => check.title,
            Self::Technique(technique) => units::told(technique.pattern),
            Self::Remedy(remedy) => remedy.title,
            Self::ByHand(by_hand) => by_hand.title,
            Self::Key(key) => units::key_title(key),
            Self::Attack(id) => attack::name(id),
            Self::Verify(rule) => rule.title,
            Self::Named(rule) => rule.title,
            Self::Sigma(rule) => &rule.title,
        }
    }

    /// Whether somebody who types `name` means it: in any case, and for an event without its service too.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
            || match self {
                Self::Event(entry) => entry.event().eq_ignore_ascii_case(name),
                Self::Remedy(remedy) => {
                    remedy.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
                }
                Self::Technique(technique) => {
                    techniques::find(&name.to_ascii_lowercase()) == Some(*technique)
                }
                Self::Sigma(rule) => {
                    rule.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name))
                        || rule.title.eq_ignore_ascii_case(name)
                }
                _ => false,
            }
    }

    /// Its page.
    pub(crate) fn page(&self) -> Page {
        match self {
            Self::Event(entry) => events::page(entry),
            Self::Detection(detection) => detection::page(detection),
            Self::Check(check) => units::check(check),
            Self::Lint(check) => units::lint(check),
            Self::Technique(technique) => units::technique(technique),
            Self::Remedy(remedy) => units::remedy(remedy),
            Self::ByHand(by_hand) => units::by_hand(by_hand),
            Self::Key(key) => units::key(key),
            Self::Attack(id) => attack::page(id),
            Self::Verify(rule) => rules::verify(rule),
            Self::Named(rule) => rules::page(rule),
            Self::Sigma(rule) => sigma::page(rule),
        }
    }
}

/// How alike two names must be for one to be offered for the other.
const ALIKE: f64 = 0.75;

/// Names that are most like what somebody typed, or contain it, the most alike first.
pub(crate) fn similar(topics: &[Topic], name: &str, most: usize) -> Vec<String> {
    let name = name.to_ascii_lowercase();
    let likeness = |topic: &Topic| {
        let own = topic.name().to_ascii_lowercase();
        let short = own.split_once(':').map_or(own.as_str(), |(_, event)| event);
        let contained = if name.len() > 3 && own.contains(&name) { 0.9 } else { 0.0 };
        strsim::jaro_winkler(&own, &name).max(strsim::jaro_winkler(short, &name)).max(contained)
    };
    let mut rated: Vec<(f64, &str)> =
        topics.iter().map(|topic| (likeness(topic), topic.name())).collect();
    rated.retain(|(likeness, _)| *likeness >= ALIKE);
    rated.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    rated.dedup_by(|a, b| a.1 == b.1);
    if rated.is_empty() {
        rated = by_words(topics, &name);
    }
    rated.into_iter().take(most).map(|(_, name)| format!("`{}`", visible(name))).collect()
}

/// Words of a question that say nothing of what is meant.
const COMMON: &[&str] = &[
    "a", "an", "the", "of", "in", "on", "to", "for", "by", "is", "can", "do", "does", "how", "i",
    "what", "who", "with",
];

/// Names that have words of a question, in themselves or in their titles, those with the most first, events before others.
fn by_words<'a>(topics: &'a [Topic], question: &str) -> Vec<(f64, &'a str)> {
    let asked = question.split(|c: char| !c.is_alphanumeric());
    let asked: Vec<&str> = asked.filter(|word| word.len() > 2 && !COMMON.contains(word)).collect();
    let rate = |topic: &'a Topic| {
        let (name, title) = (words(topic.name()), words(topic.title()));
        let begins = |own: &[String], word: &str| {
            let other = other_word(word);
            own.iter()
                .any(|one| one.starts_with(word) || other.is_some_and(|it| one.starts_with(it)))
        };
        let of = |word: &&str| match (begins(&name, word), begins(&title, word)) {
            (true, _) => 1.0,
            (false, true) => 0.9,
            (false, false) => 0.0,
        };
        let event = if matches!(topic, Topic::Event(_)) { 0.5 } else { 0.0 };
        let sum: f64 = asked.iter().map(of).sum();
        if sum > 0.0 { sum + event } else { 0.0 }
    };
    let mut rated: Vec<(f64, &str)> =
        topics.iter().map(|topic| (rate(topic), topic.name())).collect();
    rated.retain(|(rate, _)| *rate > 0.0);
    rated.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| a.1.len().cmp(&b.1.len())).then_with(|| a.1.cmp(b.1))
    });
    rated
}

/// How AWS calls what people call otherwise.
fn other_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "disable" | "disabled" => "deactivate",
        "remove" | "removed" => "delete",
        "login" | "logon" => "sign",
        "scp" => "organization",
        "add" | "new" => "create",
        "change" | "changed" => "update",
        _ => return None,
    })
}

/// The words of a name or a title in small letters: `DeactivateMFADevice` has three.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let is_hump = c.is_uppercase()
            && (before.is_some_and(|one| one.is_lowercase())
                || before.is_some_and(|one| one.is_uppercase())
                    && after.is_some_and(|one| one.is_lowercase()));
        if is_hump || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str) -> Vec<(&'static str, String)> {
        let topics = all();
        let named = topics.iter().filter(|topic| topic.is_named(name));
        named.map(|topic| (topic.kind(), topic.name().to_owned())).collect()
    }

    fn first(name: &str) -> (&'static str, String) {
        names(name).remove(0)
    }

    #[test]
    fn names_are_found_in_any_case_and_events_without_their_service() {
        let told = |kind, name: &str| (kind, name.to_owned());
        assert_eq!(first("updateuser"), told("event", "iam:UpdateUser"));
        assert_eq!(names("IAM:PutGroupPolicy"), [told("event", "iam:PutGroupPolicy")]);
        assert_eq!(names("iam-001"), [told("technique", "iam-001")]);
        assert_eq!(names("AWS:principalorgid"), [told("condition key", "aws:PrincipalOrgID")]);
        assert_eq!(names("narrow-policy"), [told("remediation", "narrow-policy")]);
        assert_eq!(names("t1098.003"), [told("ATT&CK technique", "T1098.003")]);
        assert_eq!(names("log-file-changed"), [told("rule", "log-file-changed")]);
        assert_eq!(first("activity-after-containment").0, "rule");
        assert!(key("iam:passedtoservice").is_some_and(|key| key.name() == "iam:PassedToService"));
    }

    #[test]
    fn what_is_like_a_name_is_offered() {
        assert_eq!(similar(&all(), "UpdateUsr", 1), ["`iam:UpdateUser`"]);
        assert_eq!(similar(&all(), "zzzzqqq", 5), [] as [&str; 0]);
    }

    #[test]
    fn a_question_is_answered_with_names_that_have_its_words() {
        let offered = |question| similar(&all(), question, 5);
        assert_eq!(words("iam:DeactivateMFADevice"), ["iam", "deactivate", "mfa", "device"]);
        let mfa = offered("mfa disable");
        assert!(mfa.contains(&"`iam:DeactivateMFADevice`".to_owned()), "{mfa:?}");
        assert!(offered("who can assume").contains(&"`sts:AssumeRole`".to_owned()));
        assert_eq!(offered("who can"), [] as [&str; 0]);
    }

    #[test]
    fn every_page_has_something_to_read() {
        for topic in all() {
            let page = topic.page();
            assert!(!page.sections.is_empty() || !page.responses.is_empty(), "{}", topic.name());
            assert!(page.to_markdown().starts_with(&format!("# {}\n", topic.name())));
        }
    }

    #[test]
    fn every_page_is_what_its_schema_says() {
        let schema = crate::cli::explain::Told::schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for topic in all() {
            let told = serde_json::to_value(crate::cli::explain::Told::of(&[topic.page()]));
            let fault = validator.validate(&told.unwrap()).err().map(|fault| fault.to_string());
            assert_eq!(fault, None, "{}", topic.name());
        }
    }

    #[test]
    fn a_check_without_a_plan_is_told_step_by_step() {
        let mut told = 0;
        for check in assess::all() {
            let page = Topic::Check(check).page();
            let steps = page.sections.iter().find(|one| one.heading == "Step by step");
            let by_hand = people::for_check(check.id);
            assert_eq!(steps.is_some(), by_hand.is_some(), "{}", check.id);
            let Some((steps, by_hand)) = steps.zip(by_hand) else { continue };
            let last = format!("\n{}. ", by_hand.how.len());
            assert!(steps.markdown.contains(&last), "{}: {}", check.id, steps.markdown);
            assert!(!steps.markdown.contains("{name}"), "{}", check.id);
            told += 1;
        }
        assert!(told > 20, "{told}");
    }

    /// What an entry names exists, so that a reader can go on.
    #[test]
    fn entries_name_remediations_and_checks_that_exist() {
        let checks: Vec<&str> = assess::all().iter().map(|check| check.id).collect();
        for entry in trailwarden_catalogue::all() {
            for id in &entry.header.remedies {
                let is_there = trailwarden_remedy::find(id).is_some() || people::find(id).is_some();
                assert!(is_there, "{}: no remediation `{id}`", entry.name);
            }
            for id in &entry.header.checks {
                assert!(checks.contains(&id.as_str()), "{}: no check `{id}`", entry.name);
            }
        }
    }
}
