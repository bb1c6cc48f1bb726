//! Files that may hold policies: named, in folders, matched by globs, or on standard input.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use trailwarden_model::Reject;
use trailwarden_policy::locate::FILE_BYTES_MAX;
use trailwarden_runtime::sources::expand;

/// What is wrong with a file in which no policy is found.
pub(crate) const NO_POLICY: &str = "holds no policy that is recognised; give a policy document, a \
Terraform plan in JSON, a CloudFormation template in JSON or a reply of the AWS CLI";

/// A file to read.
pub(crate) struct Named {
    /// As given on the command line; `-` is standard input.
    pub(crate) name: String,
    /// Whether it was asked for by its own name, as opposed to lying in a folder.
    pub(crate) is_explicit: bool,
}

/// Names what the paths mean, in their order and by name within a folder. In folders, only JSON
/// files and templates count; elsewhere whatever is named.
pub(crate) fn gather(paths: &[String]) -> (Vec<Named>, Vec<Reject>) {
    let mut files = Vec::new();
    let mut rejects = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        let is_folder = Path::new(path).is_dir();
        let (items, unread) = expand(std::slice::from_ref(path));
        let is_wanted = |name: &str| !is_folder || may_hold_policies(name);
        let names: Vec<String> =
            items.into_iter().map(|item| item.name).filter(|name| is_wanted(name)).collect();
        if is_folder && names.is_empty() {
            let cause = "holds no *.json and no *.template file; name the file itself";
            rejects.push(reject(path, cause));
            continue;
        }
        rejects.extend(unread);
        for name in names {
            if seen.insert(name.clone()) {
                let is_explicit = !is_folder && name == *path;
                files.push(Named { name, is_explicit });
            }
        }
    }
    (files, rejects)
}

/// Reads a file, or standard input for `-`.
pub(crate) fn read(name: &str) -> Result<String, String> {
    let opened = match name {
        "-" => Ok(Box::new(std::io::stdin().lock()) as Box<dyn Read>),
        path => std::fs::File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
    };
    let reader = opened.map_err(|error| format!("cannot open it: {error}; check the path"))?;
    let mut bytes = Vec::new();
    let limit = FILE_BYTES_MAX as u64;
    reader
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot read it: {error}"))?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(format!("it has more than {FILE_BYTES_MAX} bytes; give the policies alone"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("byte {at} is not UTF-8; save it as UTF-8 text")
    })
}

/// A file as messages name it.
pub(crate) fn shown(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}

fn may_hold_policies(name: &str) -> bool {
    let ending = Path::new(name).extension();
    ending
        .is_some_and(|end| end.eq_ignore_ascii_case("json") || end.eq_ignore_ascii_case("template"))
}

/// A file that could not be read.
pub(crate) fn reject(file: &str, cause: impl Into<String>) -> Reject {
    Reject { file: file.to_owned(), offset: None, record: None, cause: cause.into() }
}
