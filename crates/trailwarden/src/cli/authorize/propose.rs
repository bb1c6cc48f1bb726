//! A suggestion as files: the policies, what they may ask for, and cases that show what they do.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use trailwarden_authorize::suggest::{Seen, Suggestion, text};
use trailwarden_authorize::{Asked, File, LoadError, Policies};
use trailwarden_model::finding::Verdict;

use super::cases::{Case, Cases};

/// The policies.
pub(super) const POLICIES: &str = "suggested.cedar";
const ENTITIES: &str = "entities.toml";
const CASES: &str = "suggested.cases.toml";
/// What is said at the head of the cases.
const CASES_HEAD: &str = "\
# Changes that were seen, with what the suggested policies say of them. `trailwarden authorize test` runs them.
# Those that are unknown were left to you: turn them into `forbidden` where you forbid the like.
";

/// The files of policies.
pub(super) fn files(suggestion: &Suggestion) -> Vec<File> {
    let file = |name: &str, text: String| File { name: name.to_owned(), text };
    vec![file(POLICIES, text::policies(suggestion)), file(ENTITIES, text::entities().to_owned())]
}

/// Loads what is proposed, and asks it about every change: it must permit what is claimed, and nothing else.
pub(super) fn check(suggestion: &Suggestion, asked: &[Asked]) -> anyhow::Result<()> {
    let load = |faults: Vec<LoadError>| {
        let faults = faults.iter().map(|fault| format!("line {}: {fault}", fault.line));
        anyhow::anyhow!(
            "the proposed policies do not load: {}",
            faults.collect::<Vec<_>>().join("; ")
        )
    };
    let policies = Policies::load(&files(suggestion)).map_err(load)?;
    for one in asked {
        let claimed = by(suggestion, one);
        let decision = policies.decide(one);
        let permitted = decision.verdict == Verdict::Permitted;
        ensure!(
            permitted != claimed.is_empty() && decision.by == claimed,
            "the proposed policies do not decide event `{}` as proposed; please report this",
            one.event_id
        );
    }
    Ok(())
}

/// The permits that cover a change, by id.
fn by(suggestion: &Suggestion, asked: &Asked) -> Vec<String> {
    let covering = suggestion.permits.iter().filter(|permit| permit.covers(asked));
    let ids: BTreeSet<String> = covering.map(|permit| permit.id.clone()).collect();
    ids.into_iter().collect()
}

/// Writes all files into a folder of their own.
pub(super) fn write(folder: &Path, suggestion: &Suggestion, asked: &[Asked]) -> anyhow::Result<()> {
    let shown = folder.display();
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{shown}`"))?;
    let mut files = files(suggestion);
    files.push(File { name: CASES.to_owned(), text: cases(suggestion, asked)? });
    // Nobody's own policies are written over.
    for file in &files {
        let path = folder.join(&file.name);
        ensure!(!path.exists(), "`{}` is there already; name another folder", path.display());
    }
    for file in files {
        let path = folder.join(&file.name);
        // Also not through a link that leads nowhere yet.
        std::fs::File::create_new(&path)
            .and_then(|mut out| out.write_all(file.text.as_bytes()))
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

/// The cases: examples of each permit, and the gravest of what is left.
fn cases(suggestion: &Suggestion, asked: &[Asked]) -> anyhow::Result<String> {
    let examples = suggestion.permits.iter().flat_map(|permit| &permit.seen.examples);
    let left = suggestion.left.iter().flat_map(|left| &left.gravest);
    let mut seen = BTreeSet::new();
    let mut cases = Cases::default();
    for Seen { event_id, time, action, actor, target, .. } in examples.chain(left) {
        let is_same =
            |one: &&Asked| one.event_id == *event_id && one.time == *time && one.action == *action;
        let Some(one) = asked.iter().find(is_same) else { continue };
        if !seen.insert((event_id, time, action)) {
            continue;
        }
        let by = by(suggestion, one);
        let expect = if by.is_empty() { Verdict::Unknown } else { Verdict::Permitted };
        cases.case.push(Case {
            name: format!("{action} on {target} by {actor}, {time}"),
            expect,
            by: Some(by),
            event: None,
            file: None,
            baseline: None,
            record: None,
            effect: None,
            asked: Some(one.clone()),
        });
    }
    let text = toml::to_string(&cases).context("cannot write the cases")?;
    Ok(format!("{CASES_HEAD}\n{text}"))
}
