//! From what was asked for to what there is: files, folders, globs and standard input.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use trailwarden_model::Reject;
use walkdir::WalkDir;

use super::Item;

/// What there is to read, in the order in which it was named, and what there is not.
///
/// `-` is standard input. A path that does not exist may be a glob (`*`, `?`, `[…]`, `{…}`, `**`).
/// In folders, names that begin with a dot are left out, links are followed, and devices and pipes
/// are left alone; a pipe that is named itself is read. The same path is read once.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// What there is.
    pub items: Vec<Item>,
    /// What could not be found or looked into.
    pub rejects: Vec<Reject>,
    seen: HashSet<PathBuf>,
}

/// Names what there is to read on this machine, in the order of `paths` and by name within a folder:
/// see [`Input`].
pub fn expand(paths: &[String]) -> (Vec<Item>, Vec<Reject>) {
    let input = Input::local(paths);
    (input.items, input.rejects)
}

impl Input {
    /// What lies at paths on this machine.
    pub fn local(paths: &[String]) -> Self {
        let mut input = Self::default();
        paths.iter().for_each(|path| input.path(path));
        input
    }

    /// Adds what was found elsewhere.
    pub fn add(&mut self, items: Vec<Item>, rejects: Vec<Reject>) {
        self.items.extend(items);
        self.rejects.extend(rejects);
    }

    /// Bytes as stored, as far as they are known.
    pub fn bytes_stored(&self) -> u64 {
        self.items.iter().map(|item| item.size_stored).sum()
    }

    /// Adds what lies at a path on this machine.
    pub fn path(&mut self, name: &str) {
        if name == "-" {
            if self.seen.insert(PathBuf::from(name)) {
                let open = || Ok(Box::new(std::io::stdin()) as Box<dyn std::io::Read + Send>);
                self.items.push(Item::stream(name.to_owned(), open));
            }
            return;
        }
        let path = Path::new(name);
        match fs::metadata(path) {
            Ok(kind) if kind.is_dir() => self.folder(name, path, None),
            Ok(kind) if kind.is_file() => self.file(path, kind.len()),
            Ok(_) => self.pipe(name),
            Err(error) => match glob(name) {
                Some(Ok((base, matcher))) => self.folder(name, &base, Some(&matcher)),
                Some(Err(cause)) => self.reject(name, cause),
                None => self.reject(name, format!("cannot open it: {error}; check the path")),
            },
        }
    }

    fn file(&mut self, path: &Path, size: u64) {
        if self.seen.insert(path.to_owned()) {
            let name = path.to_string_lossy().into_owned();
            self.items.push(Item::file(name, path.to_owned(), size));
        }
    }

    /// Reads what is no regular file, such as a shell's process substitution, as a stream.
    fn pipe(&mut self, name: &str) {
        let path = PathBuf::from(name);
        if self.seen.insert(path.clone()) {
            let open = move || Ok(Box::new(fs::File::open(path)?) as Box<dyn std::io::Read + Send>);
            self.items.push(Item::stream(name.to_owned(), open));
        }
    }

    fn folder(&mut self, name: &str, base: &Path, matcher: Option<&GlobMatcher>) {
        let before = (self.items.len(), self.rejects.len(), self.seen.len());
        let walk = WalkDir::new(base).follow_links(true).sort_by_file_name();
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
        };
        let mut known = false;
        for entry in walk.into_iter().filter_entry(visible) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    if matcher.is_none_or(|matcher| matcher.is_match(entry.path())) {
                        known |= self.seen.contains(entry.path());
                        let size = entry.metadata().map_or(0, |metadata| metadata.len());
                        self.file(entry.path(), size);
                    }
                }
                Ok(_) => {}
                // A link back to a folder that is being walked: its files are read already.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let place = error.path().unwrap_or(base).to_string_lossy().into_owned();
                    let matches = matcher.is_none_or(|matcher| matcher.is_match(&place));
                    if matches || error.path() == Some(base) {
                        let cause = error.io_error().map_or_else(
                            || error.to_string(),
                            |error| format!("cannot open it: {error}; check its permissions"),
                        );
                        self.reject(&place, cause);
                    }
                }
            }
        }
        if before == (self.items.len(), self.rejects.len(), self.seen.len()) && !known {
            let cause = match matcher {
                Some(_) => "no file has this name or matches this pattern; check the path",
                None => "holds no files; name the folder that the logs were copied to",
            };
            self.reject(name, cause.to_owned());
        }
    }

    fn reject(&mut self, file: &str, cause: String) {
        self.rejects.push(Reject { file: file.to_owned(), offset: None, record: None, cause });
    }
}

/// The folder that a glob searches, and what it matches; `None` if it is none.
fn glob(name: &str) -> Option<Result<(PathBuf, GlobMatcher), String>> {
    let special = |part: &str| part.contains(['*', '?', '[', '{']);
    if !special(name) {
        return None;
    }
    let fixed: PathBuf = Path::new(name)
        .components()
        .take_while(|part| !special(&part.as_os_str().to_string_lossy()))
        .collect();
    let base = if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed };
    // Walking `.` names files `./…`, so the pattern must begin the same way.
    let pattern = if base == Path::new(".") && !name.starts_with("./") {
        format!("./{name}")
    } else {
        name.to_owned()
    };
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
    Some(match glob {
        Ok(glob) => Ok((base, glob.compile_matcher())),
        Err(error) => Err(format!("no such file, and no pattern either: {}", error.kind())),
    })
}
