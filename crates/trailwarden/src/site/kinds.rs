//! The list of each kind of name, in groups.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use trailwarden_catalogue::Depth;
use trailwarden_model::Severity;
use trailwarden_posture::check::Area;

use super::markdown;
use super::names::{self, Names};
use super::shell::Sheet;
use super::topic::{self, FromPage};
use crate::cli::explain::topics::Topic;

/// A kind of name: the folder of its pages, what its list is called, and what it says first.
pub(super) struct Kind {
    folder: &'static str,
    title: &'static str,
    about: &'static str,
}

/// All of them, in the order of the parts of the site.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        folder: "events",
        title: "Events",
        about: "What each event means, what can go wrong with it, and where a reader of logs is misled. An entry in full has every section; the others say what the call does and what can go wrong.",
    },
    Kind {
        folder: "detections",
        title: "Detections",
        about: "What `trailwarden scan` looks for. Each page shows trails on which it fires and on which it stays quiet; the tests run them.",
    },
    Kind {
        folder: "checks",
        title: "Posture checks",
        about: "What `trailwarden assess` looks for in an account as it is. On one page, with examples: [all posture checks](reference/posture-checks.md).",
    },
    Kind {
        folder: "lint-checks",
        title: "Policy checks",
        about: "What `trailwarden lint` looks for in a policy. On one page, and beside other tools: [all checks of policies](reference/lint-checks.md).",
    },
    Kind {
        folder: "techniques",
        title: "Privilege escalation",
        about: "Ways to more permissions: what somebody needs to become more than he is. `trailwarden paths` proves each way against the accounts at hand.",
    },
    Kind {
        folder: "remediations",
        title: "Remediations",
        about: "How things are put right: as a plan in four forms, or by a person where no plan can.",
    },
    Kind {
        folder: "condition-keys",
        title: "Condition keys",
        about: "The keys that every service may know, and when a request has them.",
    },
    Kind {
        folder: "rules",
        title: "Other rules",
        about: "What findings name as their rule, and is no detection and no check.",
    },
];

/// The list of a kind.
pub(super) fn sheet(kind: &Kind, topics: &[Topic], names: &Names) -> Sheet {
    let of_it: Vec<&Topic> =
        topics.iter().filter(|topic| names::folder(topic) == kind.folder).collect();
    let path = format!("{}/index.html", kind.folder);
    let mut groups: BTreeMap<(usize, String), Vec<&Topic>> = BTreeMap::new();
    for topic in of_it {
        groups.entry(group(topic)).or_default().push(topic);
    }
    let mut text = format!("# {}\n\n{}\n", kind.title, kind.about);
    for ((_, name), mut topics) in groups {
        topics.sort_by_key(|topic| topic.name());
        if !name.is_empty() {
            let _ = write!(text, "\n## {name}\n");
        }
        text.push_str(&table(&topics));
    }
    // Its links are written as those of a file in `docs/`.
    let told = markdown::render(&text, &FromPage { names, path: &path, source: "docs/x.md" });
    Sheet {
        title: kind.title.to_owned(),
        kind: "list",
        html: told.html,
        headings: told.headings,
        is_found: true,
        path,
        ..Sheet::default()
    }
}

/// Where a topic stands in the list of its kind.
fn group(topic: &Topic) -> (usize, String) {
    let graver = |severity: Severity| (5 - severity as usize, severity.as_str().to_owned());
    match topic {
        Topic::Event(entry) => {
            let order = ["iam", "sts", "signin"].iter().position(|one| *one == entry.service());
            (order.unwrap_or(3), entry.service().to_owned())
        }
        Topic::Detection(one) => graver(one.severity),
        Topic::Lint(one) => graver(one.severity),
        Topic::Check(one) => {
            let order = Area::ALL.iter().position(|area| *area == one.area);
            (order.unwrap_or_default(), one.area.as_str().to_owned())
        }
        Topic::Technique(_) => (0, topic.title().to_owned()),
        Topic::Remedy(_) => (0, "With a plan".to_owned()),
        Topic::ByHand(_) => (1, "By a person".to_owned()),
        Topic::Verify(_) => (0, "Of the delivery of logs".to_owned()),
        Topic::Named(_) => (1, "Of the program and its work".to_owned()),
        Topic::Key(_) | Topic::Attack(_) | Topic::Sigma(_) => (0, String::new()),
    }
}

fn table(topics: &[&Topic]) -> String {
    let has_severity = topics.iter().any(|topic| topic::severity(topic).is_some());
    let head = match topics.first() {
        Some(Topic::Technique(_)) => "| name | calls that it takes |\n|---|---|",
        _ if has_severity => "| name | what it is | severity |\n|---|---|---|",
        _ => "| name | what it is |\n|---|---|",
    };
    let mut text = format!("\n{head}\n");
    for topic in topics {
        let title = match topic {
            Topic::Technique(technique) => technique.actions.join(", "),
            _ => topic.title().to_owned(),
        };
        let depth = match topic {
            Topic::Event(entry) if entry.header.depth == Depth::Full => " (in full)",
            _ => "",
        };
        let _ = write!(text, "| `{}`{depth} | {} |", topic.name(), title.replace('|', "\\|"));
        let _ = match (has_severity, topic::severity(topic)) {
            (true, severity) => writeln!(text, " {} |", severity.unwrap_or("none")),
            (false, _) => writeln!(text),
        };
    }
    text
}
