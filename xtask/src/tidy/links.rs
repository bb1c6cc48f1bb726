//! Links between our pages lead somewhere.

use std::path::Path;

use anyhow::Result;

use super::place;
use crate::workspace;

const PAGES: &[&str] = &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut pages = workspace::files(&root.join("docs"), &[".md"]);
    pages.extend(PAGES.iter().map(|page| root.join(page)).filter(|page| page.exists()));
    for page in pages {
        let folder = page.parent().unwrap_or(root);
        for (line, link) in links(&workspace::read(&page)?) {
            let target = link.split(['#', '?']).next().unwrap_or("");
            let is_inside = !target.is_empty() && !link.contains("://") && !link.contains(':');
            if is_inside && !folder.join(target).exists() {
                let place = place(root, &page);
                faults.push(format!("{place}:{line}: the link `{link}` leads nowhere"));
            }
        }
    }
    Ok(faults)
}

/// The targets of `[text](target)` with their lines; code is not read.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        // Every second piece between backticks is code.
        for prose in line.split('`').step_by(2) {
            let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            found.extend(targets.map(|target| (index + 1, target.trim().to_owned())));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_code_is_left_alone() {
        let text = "see [a](a.md) and [`b`](b.md#c)\n```\n[x](y.md)\n```\n`[c](d.md)`\n";
        let found: Vec<String> = links(text).into_iter().map(|(_, target)| target).collect();
        assert_eq!(found, ["a.md", "b.md#c"]);
    }

    #[test]
    fn a_dead_link_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        workspace::write(&folder.path().join("docs/a.md"), "[b](b.md) [c](c.md) [w](https://x.y)")
            .unwrap();
        workspace::write(&folder.path().join("docs/b.md"), "[up](../README.md#top)").unwrap();
        let faults = check(folder.path()).unwrap();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].contains("`c.md` leads nowhere"));
    }
}
