//! The folder of a site: which of its files are ours, and what becomes of those that the new site does not have.
//!
//! # Invariants
//! - What was written is listed in [`LIST`] with its hash. A file that is not listed is neither replaced nor removed, and of
//!   those that are, only one whose bytes are still ours is removed.
//! - No link is followed, and no path of the list leads out of the folder: the list is a file that anybody may have edited.
//!   Nor is it believed that a file is ours which does not look it: `sha256sum *` lists whatever lies there.
//! - A run that is stopped leaves a list that names all that it may have written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use sha2::{Digest, Sha256};

use crate::site::{self, File};

/// The list, as `sha256sum --check` reads it.
pub(super) const LIST: &str = "site.sha256";

/// The hashes of each file by its path. There are two of a file when a run was stopped.
type Listed = BTreeMap<String, BTreeSet<String>>;

/// What became of pages of an earlier site.
#[derive(Default, Debug)]
pub(super) struct Gone {
    /// How many were removed.
    pub(super) removed: usize,
    /// Those that somebody has changed since, or that were never ours, and so stay.
    pub(super) kept: Vec<String>,
}

/// Writes a site where an earlier one may be.
pub(super) fn replace(folder: &Path, files: &[File]) -> anyhow::Result<Gone> {
    refuse_others(folder)?;
    if plain(folder, LIST).is_none() {
        bail!("`{LIST}` in `{}` is a link; remove it, or name another folder", folder.display());
    }
    let before = read(folder)?;
    for (name, text) in files {
        refuse_stranger(folder, name, text, before.as_ref())?;
    }
    let now = listed(files);
    let mut all = before.clone().unwrap_or_default();
    for (name, hashes) in &now {
        all.entry(name.clone()).or_default().extend(hashes.iter().cloned());
    }
    let mut files = files.iter();
    // By the first, the folder is known as ours; then it is listed what may come.
    if let Some((name, text)) = files.next() {
        write(folder, name, text)?;
    }
    write(folder, LIST, &print(&all))?;
    for (name, text) in files {
        write(folder, name, text)?;
    }
    let gone = remove(folder, &before.unwrap_or_default(), &now)?;
    write(folder, LIST, &print(&now))?;
    Ok(gone)
}

/// Refuses a folder that has files of something else, of which ours might replace one. What begins with a dot is no page
/// of anybody's: a checkout has such files.
fn refuse_others(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() || site::is_ours(folder) {
        return Ok(());
    }
    let cannot = || format!("cannot list the folder `{}`", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let name = entry.with_context(cannot)?.file_name();
        if !name.to_string_lossy().starts_with('.') {
            bail!(
                "`{}` holds files of something else, such as `{}`; name a new or an empty folder",
                folder.display(),
                name.to_string_lossy()
            );
        }
    }
    Ok(())
}

/// Refuses to write where a file lies that we did not write. A site without a list is from before there was one.
fn refuse_stranger(
    folder: &Path,
    name: &str,
    text: &str,
    before: Option<&Listed>,
) -> anyhow::Result<()> {
    let path = plain(folder, name)
        .ok_or_else(|| anyhow!("`{name}` in `{}` leads through a link", folder.display()))?;
    let is_known = before.is_none_or(|before| before.contains_key(name));
    if is_known || !path.exists() || fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(());
    }
    bail!("`{}` is a file of something else; move it, or name another folder", path.display())
}

/// The place of a file, if none of the folders on the way and not the file itself is a link.
fn plain(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for part in name.split('/') {
        path.push(part);
        if path.is_symlink() {
            return None;
        }
    }
    Some(path)
}

/// Removes what was written before and is not written any more, and the folders that are empty by it.
fn remove(folder: &Path, before: &Listed, now: &Listed) -> anyhow::Result<Gone> {
    // Some file systems take two names for one that differ in case only.
    let names: BTreeSet<String> = now.keys().map(|name| name.to_lowercase()).collect();
    let mut gone = Gone::default();
    for (name, hashes) in before.iter().filter(|(name, _)| !names.contains(&name.to_lowercase())) {
        let Some(path) = plain(folder, name).filter(|path| path.is_file()) else { continue };
        let cannot = |what: &str| format!("cannot {what} `{}`", path.display());
        let bytes = fs::read(&path).with_context(|| cannot("read"))?;
        if !hashes.contains(&hash(&bytes)) || !site::looks_ours(name, &bytes) {
            gone.kept.push(name.clone());
            continue;
        }
        fs::remove_file(&path).with_context(|| cannot("remove"))?;
        gone.removed += 1;
        let mut parent = path.parent();
        while let Some(empty) = parent.filter(|parent| *parent != folder) {
            // One with anything in it stays.
            if fs::remove_dir(empty).is_err() {
                break;
            }
            parent = empty.parent();
        }
    }
    Ok(gone)
}

/// The list of an earlier site; none when there is no list.
fn read(folder: &Path) -> anyhow::Result<Option<Listed>> {
    let path = folder.join(LIST);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read the list of pages `{}`", path.display()))?;
    let mut listed = Listed::new();
    for line in text.lines() {
        let (hash, name) = line
            .split_once("  ")
            .filter(|(hash, name)| {
                hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) && stays_below(name)
            })
            .ok_or_else(|| {
                anyhow!(
                    "`{}` is no list of pages of ours; remove the folder, or name another",
                    path.display()
                )
            })?;
        listed.entry(name.to_owned()).or_default().insert(hash.to_owned());
    }
    Ok(Some(listed))
}

/// Whether a path of the list leads to below the folder, on every system.
fn stays_below(name: &str) -> bool {
    // Windows drops dots and blanks at the end of a part, by which more than `..` leads upwards.
    let is_plain =
        |part: &str| !part.is_empty() && !part.ends_with(['.', ' ']) && !part.contains(['\\', ':']);
    name.split('/').all(is_plain)
}

fn listed(files: &[File]) -> Listed {
    let hashes = files.iter().map(|(name, text)| (name.clone(), [hash(text.as_bytes())].into()));
    hashes.collect()
}

fn print(listed: &Listed) -> String {
    let lines =
        listed.iter().flat_map(|(name, hashes)| hashes.iter().map(move |hash| (hash, name)));
    lines.map(|(hash, name)| format!("{hash}  {name}\n")).collect()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
    }
    fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site of these pages, besides what makes it ours.
    fn site(pages: &[(&str, &str)]) -> Vec<File> {
        let first = ("search-index.js", "\"use strict\";\nwindow.trailwardenIndex = [\n];\n");
        let all = [first].into_iter().chain(pages.iter().copied());
        let marked = |(name, text): (&str, &str)| match name.ends_with(".html") {
            true => (name.to_owned(), page(text)),
            false => (name.to_owned(), text.to_owned()),
        };
        all.map(marked).collect()
    }

    /// A page as ours end.
    fn page(text: &str) -> String {
        format!("{text}{}", site::MARK)
    }

    fn there(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.push(name);
                if path.is_dir() && !path.is_symlink() {
                    open.push(path);
                }
            }
        }
        found.retain(|name| name != LIST && name != "search-index.js");
        found.sort();
        found
    }

    #[test]
    fn a_page_that_is_gone_is_removed_with_its_empty_folder() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &site(&[("a.html", "a"), ("old/deep/b.html", "b")])).unwrap();
        let gone = replace(folder.path(), &site(&[("a.html", "new")])).unwrap();
        assert_eq!((gone.removed, gone.kept.len()), (1, 0));
        assert_eq!(there(folder.path()), ["a.html"]);
        assert_eq!(fs::read_to_string(folder.path().join("a.html")).unwrap(), page("new"));
        let again = replace(folder.path(), &site(&[("a.html", "new")])).unwrap();
        assert_eq!(again.removed, 0);
    }

    #[test]
    fn what_somebody_else_wrote_or_changed_stays() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &site(&[("old/a.html", "a"), ("old/b.html", "b")])).unwrap();
        fs::write(folder.path().join("old/notes.txt"), "mine").unwrap();
        fs::write(folder.path().join("old/b.html"), "b, and a remark of mine").unwrap();
        let gone = replace(folder.path(), &site(&[])).unwrap();
        assert_eq!((gone.removed, gone.kept), (1, vec!["old/b.html".to_owned()]));
        assert_eq!(there(folder.path()), ["old", "old/b.html", "old/notes.txt"]);
    }

    #[test]
    fn a_new_page_does_not_replace_a_file_of_somebody_else() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &site(&[("a.html", "a")])).unwrap();
        fs::write(folder.path().join("new.html"), "mine").unwrap();
        let refused = replace(folder.path(), &site(&[("a.html", "b"), ("new.html", "n")]));
        assert!(refused.unwrap_err().to_string().contains("new.html"));
        assert_eq!(fs::read_to_string(folder.path().join("new.html")).unwrap(), "mine");
        assert_eq!(fs::read_to_string(folder.path().join("a.html")).unwrap(), page("a"));
    }

    #[test]
    fn a_list_that_leads_out_of_the_folder_is_refused() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("site");
        let mine = outer.path().join("mine.txt");
        fs::write(&mine, "mine").unwrap();
        replace(&folder, &site(&[])).unwrap();
        let absolute = mine.to_str().unwrap();
        let windows = [r"..\mine.txt", "c:mine.txt", "a/.. /../mine.txt", ".../mine.txt"];
        let others = ["../mine.txt", "a/../../mine.txt", absolute, "./mine.txt", ""];
        for name in windows.into_iter().chain(others) {
            fs::write(folder.join(LIST), format!("{}  {name}\n", hash(b"mine"))).unwrap();
            let refused = replace(&folder, &site(&[])).unwrap_err();
            assert!(refused.to_string().contains(LIST), "{name}: {refused}");
        }
        assert!(mine.exists());
    }

    /// Somebody made the list anew by `sha256sum *`.
    #[test]
    fn a_list_that_names_files_of_somebody_else_removes_none_of_them() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &site(&[("old.html", "a")])).unwrap();
        let mine = ["CNAME", "README.md", "logo.png", "mine.html", "data/mine.json"];
        fs::create_dir(folder.path().join("data")).unwrap();
        for name in mine {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let list = folder.path().join(LIST);
        let lines = mine.map(|name| format!("{}  {name}\n", hash(b"{}"))).concat();
        fs::write(&list, fs::read_to_string(&list).unwrap() + &lines).unwrap();
        let gone = replace(folder.path(), &site(&[])).unwrap();
        assert_eq!((gone.removed, gone.kept.len()), (1, mine.len()));
        assert!(mine.iter().all(|name| folder.path().join(name).exists()));
    }

    #[cfg(unix)]
    #[test]
    fn a_list_that_is_a_link_is_refused() {
        let outer = tempfile::tempdir().unwrap();
        let (folder, mine) = (outer.path().join("site"), outer.path().join("mine.txt"));
        replace(&folder, &site(&[])).unwrap();
        fs::remove_file(folder.join(LIST)).unwrap();
        std::os::unix::fs::symlink(&mine, folder.join(LIST)).unwrap();
        let refused = || replace(&folder, &site(&[])).unwrap_err().to_string();
        assert!(refused().contains("is a link"), "{}", refused());
        assert!(!mine.exists());
        fs::write(&mine, "").unwrap();
        assert!(refused().contains("is a link"), "{}", refused());
        assert_eq!(fs::read(&mine).unwrap(), b"");
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        let outer = tempfile::tempdir().unwrap();
        let (folder, other) = (outer.path().join("site"), outer.path().join("other"));
        replace(&folder, &site(&[("old/a.html", "a")])).unwrap();
        fs::rename(folder.join("old"), &other).unwrap();
        std::os::unix::fs::symlink(&other, folder.join("old")).unwrap();
        let gone = replace(&folder, &site(&[])).unwrap();
        assert_eq!(gone.removed, 0);
        assert!(other.join("a.html").exists());
        let refused = replace(&folder, &site(&[("old/a.html", "b")])).unwrap_err();
        assert!(refused.to_string().contains("link"), "{refused}");
        assert_eq!(fs::read_to_string(other.join("a.html")).unwrap(), page("a"));
    }

    #[test]
    fn a_page_renamed_in_case_only_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &site(&[("Page.html", "a")])).unwrap();
        let gone = replace(folder.path(), &site(&[("page.html", "a")])).unwrap();
        assert_eq!(gone.removed, 0);
        assert!(folder.path().join("page.html").exists());
    }

    #[test]
    fn a_stopped_run_leaves_nothing_that_is_not_listed() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), &site(&[("a.html", "a")])).unwrap();
        // A folder where a file has to go stops the run.
        fs::create_dir(folder.path().join("c.html")).unwrap();
        let new = site(&[("a.html", "new"), ("b.html", "b"), ("c.html", "c")]);
        let listed_before = read(folder.path()).unwrap().unwrap();
        assert!(replace(folder.path(), &new).is_err());
        fs::remove_dir(folder.path().join("c.html")).unwrap();
        assert_eq!(read(folder.path()).unwrap().unwrap(), listed_before);
        replace(folder.path(), &new).unwrap();
        replace(folder.path(), &site(&[("a.html", "a")])).unwrap();
        assert_eq!(there(folder.path()), ["a.html"]);
    }
}
