//! What holds for every lint check: its examples, its names, and what it says it answers.

use std::collections::BTreeSet;

use trailwarden_policy::lint::checks::ALL;
use trailwarden_policy::lint::{Form, Run, Tool, coverage};

#[test]
fn every_check_fires_on_its_examples_and_is_quiet_on_the_others() {
    let mut wrong = Vec::new();
    for check in ALL {
        assert!(!check.fires_on.is_empty(), "{} has no example that fires", check.id);
        assert!(!check.quiet_on.is_empty(), "{} has no example that is quiet", check.id);
        for example in check.fires_on {
            let text = example.policy();
            let findings = example.findings();
            let own: Vec<_> = findings.iter().filter(|f| f.check.id == check.id).collect();
            if own.is_empty() {
                wrong.push(format!("{} stays quiet on {:?}\n{text}", check.id, example.kind));
            }
            if let Some(at) = example.at
                && !own.is_empty()
                && !own.iter().any(|finding| finding.span.of(&text) == at)
            {
                let places: Vec<&str> = own.iter().map(|f| f.span.of(&text)).collect();
                wrong.push(format!("{} stands at {places:?}, not at {at}\n{text}", check.id));
            }
        }
        for example in check.quiet_on {
            if example.findings().iter().any(|f| f.check.id == check.id) {
                wrong.push(format!(
                    "{} fires on {:?}\n{}",
                    check.id,
                    example.kind,
                    example.policy()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// An example of a kind that the check is never shown would prove nothing.
#[test]
fn every_check_is_quiet_on_a_kind_that_it_knows() {
    for check in ALL {
        assert!(!check.kinds.is_empty(), "{} knows no kind", check.id);
        let is_known = check
            .quiet_on
            .iter()
            .any(|example| example.form == Form::File || check.kinds.contains(&example.kind));
        assert!(is_known, "{} has no quiet example of a kind that it is shown", check.id);
    }
}

#[test]
fn every_check_is_named_after_its_file_once() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lint/checks");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| Some(name.strip_suffix(".rs")?.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect();
    let ids: BTreeSet<String> = ALL.iter().map(|check| check.id.to_owned()).collect();
    assert_eq!(ids.len(), ALL.len(), "an id stands twice");
    assert_eq!(ids, files);
}

#[test]
fn every_check_says_why_and_where_it_is_written() {
    for check in ALL {
        let id = check.id;
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        assert!(!check.title.is_empty() && !check.title.ends_with('.'), "{id}: {}", check.title);
        assert!(check.about.ends_with('.') && check.about.len() > 30, "{id}: {}", check.about);
        let is_page = check.source.contains(", \"") && check.source.ends_with('"');
        assert!(is_page, "{id}: a source reads `IAM User Guide, \"Title\"`: {}", check.source);
    }
}

/// Messages begin in lower case or with the value, end without a full stop, and mend something.
#[test]
fn every_finding_reads_well() {
    for check in ALL {
        for example in check.fires_on {
            for finding in example.findings() {
                let (message, fix) = (&finding.message, &finding.fix);
                let id = finding.check.id;
                assert!(!message.is_empty() && !message.ends_with('.'), "{id}: {message}");
                assert!(!message.starts_with(|c: char| c.is_ascii_uppercase()), "{id}: {message}");
                assert!(!fix.is_empty() && !fix.ends_with('.'), "{id}: {fix}");
            }
        }
    }
}

#[test]
fn checks_answer_only_to_ids_that_other_tools_have() {
    for check in ALL {
        for (tool, id) in check.cross {
            assert!(coverage::ids(*tool).contains(id), "{}: {} has no {id}", check.id, tool.name());
        }
    }
    for tool in [Tool::AccessAnalyzer, Tool::Parliament, Tool::Cloudsplaining] {
        assert!(coverage::ids(tool).is_sorted(), "{}", tool.name());
    }
    for (tool, id, reason) in coverage::NOT_CHECKED {
        assert!(coverage::ids(*tool).contains(id) && reason.len() > 20, "{id}: {reason}");
        let is_answered = ALL.iter().any(|check| check.cross.contains(&(*tool, *id)));
        assert!(!is_answered, "{id} is checked, and listed as not checked");
    }
}

/// A text that is no document is shown to some check for every way in which it can be none.
#[test]
fn what_cannot_be_read_is_never_passed_over() {
    assert!(ALL.iter().any(|check| matches!(check.run, Run::Unread(_))));
    let long = " ".repeat(trailwarden_policy::document::BYTES_MAX + 1);
    for text in ["", "{", "%ff%fe", "[]", "null", &long] {
        assert_eq!(trailwarden_policy::lint::lint(text, None).len(), 1, "{}", text.len());
    }
}
