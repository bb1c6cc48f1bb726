//! Rust files: a module says what it is, stays readable in size, and hubs are generated.
//!
//! Sizes are ratcheted in `xtask/tidy-ratchet.toml`: a file above the aim, or a function that does
//! not fit a screen, is listed with its size and may shrink, never grow.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::place;
use crate::codegen::MARKER;
use crate::workspace;

/// Lines of non-test code that a file aims to stay under.
const FILE_LINES_AIM: usize = 300;
/// The ceiling, which no ratchet lifts.
const FILE_LINES_MAX: usize = 600;
/// Lines of a function that fit a screen.
const FUNCTION_LINES_MAX: usize = 70;

const RATCHET: &str = "xtask/tidy-ratchet.toml";

/// The known offenders: path, or `path::function`, to lines.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Ratchet {
    #[serde(default)]
    files: BTreeMap<String, usize>,
    #[serde(default)]
    functions: BTreeMap<String, usize>,
}

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let path = root.join(RATCHET);
    let ratchet: Ratchet = if path.exists() {
        toml::from_str(&workspace::read(&path)?)
            .with_context(|| format!("cannot read `{RATCHET}`"))?
    } else {
        Ratchet::default()
    };
    let mut faults = Vec::new();
    for (place, text) in sources(root)? {
        faults.extend(faults_of_shape(&place, &text));
    }
    let today = measure(root)?;
    for (place, lines) in today.files.iter().filter(|(_, lines)| **lines > FILE_LINES_MAX) {
        faults.push(format!(
            "{place}: {lines} lines of code; the ceiling is {FILE_LINES_MAX}, split the file"
        ));
    }
    faults.extend(compare(&ratchet.files, &today.files, FILE_LINES_AIM));
    faults.extend(compare(&ratchet.functions, &today.functions, FUNCTION_LINES_MAX));
    Ok(faults)
}

/// Writes the sizes of today.
pub(crate) fn bless(root: &Path) -> Result<()> {
    let body = toml::to_string(&measure(root)?)?;
    let head = "# Files and functions that are longer than they should be. They may shrink, never grow;\n\
                # `cargo xtask tidy --bless` writes this file.\n\n";
    workspace::write(&root.join(RATCHET), &format!("{head}{body}"))
}

/// Every Rust file of ours with its text.
fn sources(root: &Path) -> Result<Vec<(String, String)>> {
    ["crates", "xtask", "fuzz"]
        .iter()
        .flat_map(|folder| workspace::files(&root.join(folder), &[".rs"]))
        .map(|path| Ok((place(root, &path), workspace::read(&path)?)))
        .collect()
}

fn measure(root: &Path) -> Result<Ratchet> {
    let mut today = Ratchet::default();
    for (place, text) in sources(root)? {
        // Nobody writes or reads through a generated hub.
        if is_test_file(&place) || text.lines().any(|line| line == MARKER) {
            continue;
        }
        let lines = product_lines(&text).count();
        if lines > FILE_LINES_AIM {
            today.files.insert(place.clone(), lines);
        }
        for (name, lines) in functions(&text) {
            if lines > FUNCTION_LINES_MAX {
                let longest = today.functions.entry(format!("{place}::{name}")).or_default();
                *longest = lines.max(*longest);
            }
        }
    }
    Ok(today)
}

fn compare(
    ratchet: &BTreeMap<String, usize>,
    today: &BTreeMap<String, usize>,
    aim: usize,
) -> Vec<String> {
    let mut faults = Vec::new();
    for (place, lines) in today {
        match ratchet.get(place) {
            Some(allowed) if lines <= allowed => {}
            Some(allowed) => faults.push(format!(
                "{place}: {lines} lines; it had {allowed} and may shrink, never grow"
            )),
            None => faults.push(format!(
                "{place}: {lines} lines, more than {aim}; split it, or list it in {RATCHET}"
            )),
        }
    }
    for (place, allowed) in ratchet {
        let lines = today.get(place).copied().unwrap_or(0);
        if lines < *allowed {
            faults.push(format!(
                "{RATCHET}: `{place}` has shrunk from {allowed} lines; run `cargo xtask tidy --bless` to keep it so"
            ));
        }
    }
    faults
}

fn faults_of_shape(place: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("//!") {
        faults.push(format!("{place}: open with `//!` and say what this module is"));
    }
    let is_hub = place.ends_with("/mod.rs");
    if is_hub && !text.lines().any(|line| line == MARKER) {
        faults.push(format!("{place}: a `mod.rs` is generated, never written; use `name.rs`"));
    }
    faults
}

/// Whether a file holds tests only.
pub(crate) fn is_test_file(place: &str) -> bool {
    place.ends_with("/tests.rs") || place.contains("/tests/") || place.contains("/benches/")
}

/// The lines before the test module, which is the last item of a file.
pub(crate) fn product_lines(text: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = text.lines().collect();
    let is_test_module = |index: usize| {
        let next = lines.get(index + 1).copied().unwrap_or("");
        lines.get(index) == Some(&"#[cfg(test)]")
            && next.starts_with("mod tests")
            && !next.ends_with(';')
    };
    let end = (0..lines.len()).find(|index| is_test_module(*index)).unwrap_or(lines.len());
    lines.into_iter().take(end)
}

/// Functions of the product code with their lines, signature and closing brace included.
///
/// Reads indentation, not syntax: formatted code closes a function with a brace under the `f` of
/// its first line.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = product_lines(text).collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let rest = lines.iter().skip(index);
        let has_body = rest
            .clone()
            .find(|line| line.ends_with('{') || line.ends_with(';') || line.ends_with('}'))
            .is_some_and(|line| line.ends_with('{'));
        if let (true, Some(offset)) = (has_body, rest.clone().position(|line| *line == closing)) {
            found.push((name.to_owned(), offset + 1));
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    if rest.starts_with("pub(") {
        rest = rest.split_once(") ")?.1;
    }
    for word in ["pub ", "const ", "async "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let rest = rest.strip_prefix("fn ")?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    rest.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_words_is_a_fault() {
        assert!(faults_of_shape("crates/a/src/b.rs", "//! What it is.\n").is_empty());
        assert_eq!(faults_of_shape("crates/a/src/b.rs", "use std::fmt;\n").len(), 1);
    }

    #[test]
    fn only_machines_write_mod_rs() {
        let written = "//! Hub.\n\nmod a;\n";
        assert_eq!(faults_of_shape("crates/a/src/b/mod.rs", written).len(), 1);
        let generated = format!("//! Hub.\n{MARKER}\n\nmod a;\n");
        assert!(faults_of_shape("crates/a/src/b/mod.rs", &generated).is_empty());
    }

    #[test]
    fn functions_are_measured_at_any_depth() {
        let text = "//! x\n\npub(crate) const fn a() -> u8 {\n    1\n}\n\nimpl X {\n    pub fn b(\n        self,\n    ) -> Result<()> {\n        if x {\n        }\n    }\n    fn c(&self);\n}\n\n#[cfg(test)]\nmod tests {\n    fn d() {\n    }\n}\n";
        assert_eq!(functions(text), vec![("a".to_owned(), 3), ("b".to_owned(), 6)]);
    }

    #[test]
    fn test_code_does_not_count() {
        assert_eq!(product_lines("a\n#[cfg(test)]\nmod tests {\n}\n").count(), 1);
        // A test module in a file of its own leaves the rest of this file to be counted.
        assert_eq!(product_lines("#[cfg(test)]\nmod tests;\n\nfn a() {}\n").count(), 4);
        assert!(is_test_file("crates/a/src/b/tests.rs"));
    }

    #[test]
    fn the_ratchet_only_tightens() {
        let list = |lines| BTreeMap::from([("a.rs".to_owned(), lines)]);
        assert!(compare(&list(310), &list(310), 300).is_empty());
        assert!(compare(&list(310), &list(311), 300)[0].contains("never grow"));
        assert!(compare(&list(310), &list(305), 300)[0].contains("has shrunk"));
        assert!(compare(&list(310), &BTreeMap::new(), 300)[0].contains("has shrunk"));
        assert!(compare(&BTreeMap::new(), &list(301), 300)[0].contains("more than 300"));
    }
}
