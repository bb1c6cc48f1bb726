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

/// What is wrong with YAML, which nothing here reads.
const YAML: &str = "is YAML, which is not read, so nothing in it was checked; give it as JSON (of a \
stack: aws cloudformation get-template, or any converter)";

/// What is wrong with Terraform's own source, where the policies are not written out.
const TERRAFORM: &str = "is Terraform source, which is not read, so nothing in it was checked; give \
the plan: terraform show -json PLAN";

/// Endings of files that may hold policies in a form that is not read.
const OTHER_ENDINGS: [&str; 4] = ["yaml", "yml", "tf", "hcl"];

/// What paths mean.
pub(crate) struct Gathered {
    /// Files to read.
    pub(crate) files: Vec<Named>,
    /// What there is not.
    pub(crate) rejects: Vec<Reject>,
    /// Files in folders that may hold policies in a form that is not read.
    pub(crate) skipped: usize,
}

/// A file to read.
pub(crate) struct Named {
    /// As given on the command line; `-` is standard input.
    pub(crate) name: String,
    /// Whether it was asked for by its own name, as opposed to lying in a folder.
    pub(crate) is_explicit: bool,
}

/// Names what the paths mean, in their order and by name within a folder. In folders, only JSON
/// files and templates count; elsewhere whatever is named.
pub(crate) fn gather(paths: &[String]) -> Gathered {
    let mut files = Vec::new();
    let mut rejects = Vec::new();
    let mut skipped = HashSet::new();
    let mut seen = HashSet::new();
    for path in paths {
        let is_folder = Path::new(path).is_dir();
        let (items, unread) = expand(std::slice::from_ref(path));
        let is_wanted = |name: &String| !is_folder || ends_with(name, &["json", "template"]);
        let (names, others): (Vec<String>, Vec<String>) =
            items.into_iter().map(|item| item.name).partition(is_wanted);
        let is_other = |name: &String| ends_with(name, &OTHER_ENDINGS);
        let has_others = others.iter().any(is_other);
        skipped.extend(others.into_iter().filter(is_other));
        if is_folder && names.is_empty() && has_others {
            continue;
        }
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
    skipped.retain(|name| !seen.contains(name));
    Gathered { files, rejects, skipped: skipped.len() }
}

/// What language a text is in that is not JSON, when that can be told; a cause to reject it.
///
/// JSON is YAML as well, so a text that begins as JSON is taken as such whatever its name.
pub(crate) fn other_language(name: &str, text: &str) -> Option<&'static str> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() || text.starts_with(['{', '[', '"', '%']) {
        return None;
    }
    if ends_with(name, &["yaml", "yml"]) {
        return Some(YAML);
    }
    if ends_with(name, &["tf", "hcl"]) {
        return Some(TERRAFORM);
    }
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let first = text.lines().find(is_code)?;
    let word: &str = first.split([' ', ':', '{', '=']).next().unwrap_or_default();
    let is_block = matches!(
        word,
        "resource"
            | "data"
            | "variable"
            | "locals"
            | "module"
            | "provider"
            | "terraform"
            | "output"
    );
    if is_block && first.trim_end().ends_with(['{', '}']) {
        return Some(TERRAFORM);
    }
    let is_key = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    let rest = first.get(word.len()..).unwrap_or_default();
    let is_pair = is_key && (rest.trim_end() == ":" || rest.starts_with(": "));
    (first.trim_end() == "---" || is_pair).then_some(YAML)
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

fn ends_with(name: &str, endings: &[&str]) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|end| endings.iter().any(|wanted| end.eq_ignore_ascii_case(wanted)))
}

/// A file that could not be read.
pub(crate) fn reject(file: &str, cause: impl Into<String>) -> Reject {
    Reject { file: file.to_owned(), offset: None, record: None, cause: cause.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_languages_are_told_from_broken_json() {
        for (name, text, expected) in [
            ("a.yaml", "a: 1", Some(YAML)),
            ("a.yml", " {\"Version\": 1}", None),
            ("main.tf", "resource \"aws_iam_policy\" \"p\" {\n", Some(TERRAFORM)),
            ("-", "# of the team\nAWSTemplateFormatVersion: '2010-09-09'\n", Some(YAML)),
            ("a.template", "---\nResources:\n", Some(YAML)),
            ("-", "Resources:\n", Some(YAML)),
            ("-", "data \"aws_iam_policy_document\" \"p\" {\n", Some(TERRAFORM)),
            ("-", "%7B%22Version%22%3A1%7D", None),
            ("a.json", "Effect = Allow", None),
            ("a.json", "{\n  \"Version\": '2012-10-17'\n}", None),
            ("a.json", "", None),
        ] {
            assert_eq!(other_language(name, text), expected, "{name} {text}");
        }
    }
}
