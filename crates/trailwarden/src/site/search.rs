//! What the search looks through: a script that sets one variable, because a page of the file system may not read files.

use std::fmt::Write as _;

use serde::Serialize;

use super::shell::Sheet;

/// The file.
pub(super) const FILE: &str = "search-index.js";
/// How it begins, by which a site is known as ours.
pub(super) const BEGIN: &str = "\"use strict\";\nwindow.trailwardenIndex = [\n";

/// A page as the search knows it. The names are short, as each stands there a thousand times.
#[derive(Serialize)]
struct Found<'a> {
    /// Path.
    p: &'a str,
    /// Name.
    n: &'a str,
    /// Kind.
    k: &'a str,
    /// Title.
    t: &'a str,
    /// Other words.
    w: &'a str,
}

/// The script.
pub(super) fn index(sheets: &[Sheet]) -> String {
    let mut text = BEGIN.to_owned();
    for sheet in sheets.iter().filter(|sheet| sheet.is_found) {
        let found = Found {
            p: &sheet.path,
            n: &sheet.title,
            k: sheet.kind,
            t: &sheet.lead,
            w: &sheet.words,
        };
        // Texts of ours always print.
        let line = serde_json::to_string(&found).unwrap_or_default();
        let _ = writeln!(text, "{},", line.replace('<', "\\u003c"));
    }
    text.push_str("];\n");
    text
}
