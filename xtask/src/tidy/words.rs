//! Words that do not belong in the repository: paths of one machine, and a list of our own.

use std::path::Path;

use anyhow::Result;

use super::place;
use super::sources;
use crate::workspace;

/// Paths of one machine. Written in pieces so that this file passes its own rule.
const MACHINE_PATHS: &[&str] = &[concat!("/ho", "me/"), concat!("/wo", "rk"), concat!("/t", "mp/")];

/// Words that no file of ours may hold, each with what to do instead.
const FORBIDDEN_WORDS: &[(&str, &str)] = &[
    (concat!("todo", "!("), "finish it, or say in prose what is missing"),
    (concat!("#[ig", "nore"), "a test that never runs proves nothing; assert today's behaviour"),
    (concat!("#[should", "_panic"), "assert the error instead"),
];

/// Endings of the files that are read.
const ENDINGS: &[&str] = &[".rs", ".md", ".toml", ".sh", ".yml", ".yaml", ".html", ".js", ".css"];

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut paths = workspace::files(root, ENDINGS);
    paths.extend(workspace::files(&root.join(".ci"), &[""]));
    paths.extend(workspace::files(&root.join(".github"), ENDINGS));
    for path in paths {
        let place = place(root, &path);
        if !place.starts_with("fixtures/") && !place.starts_with("fuzz/corpus/") {
            faults.extend(faults_of(&place, &workspace::read(&path)?));
        }
    }
    Ok(faults)
}

fn faults_of(place: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (word, instead) in FORBIDDEN_WORDS.iter().filter(|(word, _)| line.contains(word)) {
            faults.push(format!("{place}:{}: `{word}`: {instead}", index + 1));
        }
    }
    if place.ends_with(".rs") && sources::is_test_file(place) {
        return faults;
    }
    for (index, line) in sources::product_lines(text).enumerate() {
        for path in MACHINE_PATHS.iter().filter(|path| names_path(line, path)) {
            faults.push(format!("{place}:{}: `{path}` is a path of one machine", index + 1));
        }
    }
    faults
}

/// Whether `line` names `path` as the beginning of an absolute path: nothing that could belong to
/// a longer path stands before it, and it does not run on into another word.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + path.len()..).and_then(|text| text.chars().next());
        let is_word = |c: char| c.is_alphanumeric() || "_-.$}".contains(c);
        let starts = !before.is_some_and(is_word);
        starts && (path.ends_with('/') || !after.is_some_and(is_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_one_machine_are_faults() {
        assert_eq!(faults_of("a.md", concat!("see /wo", "rk/main\n")).len(), 1);
        assert_eq!(faults_of("a.md", concat!("see /ho", "me/me/x\n")).len(), 1);
        let fine = concat!(".github/wo", "rkflows and /wo", "rkspace and $DIR/t", "mp/x\n");
        assert_eq!(faults_of("a.md", fine), Vec::<String>::new());
        let test = concat!("fn a() {}\n#[cfg(test)]\nmod tests {\n    \"/t", "mp/x\"\n}\n");
        assert_eq!(faults_of("a.rs", test), Vec::<String>::new());
    }

    #[test]
    fn forbidden_words_are_faults_in_tests_too() {
        let ignored = concat!("#[cfg(test)]\nmod tests {\n    #[ig", "nore]\n}\n");
        assert_eq!(faults_of("a.rs", ignored).len(), 1);
    }
}
