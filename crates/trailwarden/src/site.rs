//! The documentation as a folder of pages that needs nothing else: no server, no network, no script but for the search.
//!
//! What is on it is not written for it. The guides are the Markdown of `docs/`, the reference is what `generate docs` prints,
//! and the page of every name is what `explain` says of it.
//!
//! # Invariants
//! - The same binary writes the same bytes (`tests/site/main.rs`).
//! - Every link leads to a page and an anchor that is there, and nothing is fetched from elsewhere (`tests/site/main.rs`).
//! - Text is escaped on its way into a page; markup within Markdown stays text ([`markdown`]).

mod index;
mod kinds;
pub(crate) mod markdown;
mod names;
mod schema;
mod search;
mod shell;
mod topic;
mod written;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use clap::Command;

use self::names::Names;
use self::shell::Sheet;
use crate::cli::explain::topics;
use crate::cli::generate::docs;

/// A file of the site: where it lies below the folder, and what is in it.
pub(crate) type File = (String, String);

/// Whether a folder has a site that was written before.
pub(crate) fn is_ours(folder: &Path) -> bool {
    let index = std::fs::File::open(folder.join(search::FILE));
    let mut begin = Vec::new();
    let read = index.and_then(|file| file.take(search::BEGIN.len() as u64).read_to_end(&mut begin));
    read.is_ok() && begin == search::BEGIN.as_bytes()
}

/// How each page ends: sites of earlier versions are known by it too.
pub(crate) const MARK: &str =
    "Printed by the program that it describes.</footer>\n</body>\n</html>";

/// Whether a file looks like one of a site, by its name and by what pages and schemas of ours say.
pub(crate) fn looks_ours(name: &str, bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => text.trim_end().ends_with(MARK),
        Some("json") => name.ends_with(".schema.json") && text.contains("\"$schema\""),
        _ => name == search::FILE || shell::ASSETS.iter().any(|(asset, _)| *asset == name),
    }
}

/// Every file: the index of the search, then the others in the order of their paths.
pub(crate) fn files(command: &Command) -> Vec<File> {
    let topics = topics::all();
    let names = Names::of(&topics, command);
    let mut sheets: Vec<Sheet> = topics.iter().map(|topic| topic::sheet(topic, &names)).collect();
    sheets.extend(written::ALL.iter().map(|(path, text)| index::written(path, text, &names)));
    let mut raw = Vec::new();
    for (name, text) in docs::pages(command) {
        if name.ends_with(".json") {
            sheets.extend(schema::sheet(&name, &text, &names));
            raw.push((format!("reference/{name}"), text));
        } else if !names::is_of_topics(&name) {
            sheets.push(index::written(&format!("docs/reference/{name}"), &text, &names));
        }
    }
    sheets.extend(index::sheets(&topics, &sheets, &names));
    let mut files: BTreeMap<String, String> = raw.into_iter().collect();
    files.insert(search::FILE.to_owned(), search::index(&sheets));
    files.extend(shell::ASSETS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    files.extend(sheets.iter().map(|sheet| (sheet.path.clone(), shell::page(sheet))));
    let mut files: Vec<File> = files.into_iter().collect();
    // By it a folder is known as ours, also when the rest could not be written.
    files.sort_by_key(|(name, _)| name != search::FILE);
    files
}
