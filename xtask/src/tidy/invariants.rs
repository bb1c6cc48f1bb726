//! The invariants of `ARCHITECTURE.md` name the tests that keep them, and those tests exist.
//!
//! A test is cited after `test:` in backticks, as `crate::path::name` or `file.rs::name`.

use std::path::Path;

use anyhow::Result;

use super::place;
use crate::workspace;

const PAGE: &str = "ARCHITECTURE.md";

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let page = root.join(PAGE);
    if !page.exists() {
        return Ok(vec![format!("{PAGE}: missing; it opens with the invariants and their tests")]);
    }
    let mut sources = Vec::new();
    for folder in ["crates", "xtask"] {
        for path in workspace::files(&root.join(folder), &[".rs"]) {
            sources.push((place(root, &path), workspace::read(&path)?));
        }
    }
    let cited = cited(&workspace::read(&page)?);
    if cited.is_empty() {
        return Ok(vec![format!("{PAGE}: no invariant names its test (`test:` and a name)")]);
    }
    Ok(cited
        .into_iter()
        .filter(|(_, test)| !exists(test, &sources))
        .map(|(line, test)| format!("{PAGE}:{line}: there is no test `{test}`"))
        .collect())
}

/// Names in backticks that follow `test:` (or `tests:`), up to the end of the paragraph.
fn cited(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_citing = false;
    for (index, line) in text.lines().enumerate() {
        let starts_item = line.trim_start().starts_with(['-', '|', '#']) || line.trim().is_empty();
        is_citing = is_citing && !starts_item;
        let mut rest = line;
        if !is_citing {
            let at = ["test: ", "tests: ", "test:\n"].iter().find_map(|mark| line.find(mark));
            let Some(at) = at.or_else(|| line.trim_end().ends_with("test:").then_some(line.len()))
            else {
                continue;
            };
            is_citing = true;
            rest = line.get(at..).unwrap_or("");
        }
        let names = rest.split('`').skip(1).step_by(2).filter(|name| name.contains("::"));
        found.extend(names.map(|name| (index + 1, name.to_owned())));
    }
    found
}

fn exists(test: &str, sources: &[(String, String)]) -> bool {
    let Some((path, name)) = test.rsplit_once("::") else {
        return false;
    };
    let first = path.split("::").next().unwrap_or("");
    let is_place = |place: &str| {
        if first.ends_with(".rs") {
            place == first || place.ends_with(&format!("/{first}"))
        } else {
            let name = first.replace('_', "-");
            place.starts_with(&format!("crates/{name}/")) || place.starts_with(&format!("{name}/"))
        }
    };
    let marks = [format!("fn {name}("), format!("fn {name}<")];
    sources
        .iter()
        .filter(|(place, _)| is_place(place))
        .any(|(_, text)| marks.iter().any(|mark| text.contains(mark.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_read_to_the_end_of_their_item() {
        let text = "- Nothing is lost; test: `trailwarden_record::decode::keeps_all`\n  and `fold.rs::replays`.\n- Prose with `a::b`.\n";
        let names: Vec<String> = cited(text).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["trailwarden_record::decode::keeps_all", "fold.rs::replays"]);
    }

    #[test]
    fn a_test_that_is_gone_is_noticed() {
        let sources = [(
            "crates/trailwarden-record/src/decode.rs".to_owned(),
            "#[test]\nfn keeps_all() {}".to_owned(),
        )];
        assert!(exists("trailwarden_record::decode::tests::keeps_all", &sources));
        assert!(exists("decode.rs::keeps_all", &sources));
        assert!(!exists("trailwarden_policy::decode::keeps_all", &sources));
        assert!(!exists("decode.rs::keeps", &sources));
    }
}
