//! Copies of the fixtures, and what can be done to them without a key.

use std::path::{Path, PathBuf};

use trailwarden_model::{Finding, Integrity};
pub(crate) use trailwarden_testkit::Ran;
use trailwarden_testkit::trailwarden;

/// The fixtures (`cargo xtask corpus digests`).
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/integrity")
}

/// A copy of a fixture, in a folder that goes with it.
pub(crate) struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    pub(crate) fn of(fixture: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let from = fixtures().join(fixture);
        for file in files(&from) {
            let to = folder.path().join(file.strip_prefix(&from).unwrap());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(&file, to).unwrap();
        }
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The one file whose path has this part.
    pub(crate) fn file(&self, part: &str) -> PathBuf {
        let mut found = files(self.path());
        found.retain(|path| path.to_str().unwrap().contains(part));
        found.retain(|path| path.extension().is_some_and(|extension| extension == "gz"));
        assert_eq!(found.len(), 1, "{part}: {found:?}");
        found.remove(0)
    }

    pub(crate) fn remove(&self, part: &str) {
        std::fs::remove_file(self.file(part)).unwrap();
    }

    /// Rewrites what is packed in a file.
    pub(crate) fn rewrite(&self, part: &str, from: &str, to: &str) {
        let path = self.file(part);
        let text = unpacked(&path);
        assert!(text.contains(from), "{text}");
        std::fs::write(path, packed(&text.replacen(from, to, 1))).unwrap();
    }

    /// Removes the saved replies of `head-object`.
    pub(crate) fn without_signatures(self) -> Self {
        for file in files(self.path()) {
            if file.extension().is_some_and(|extension| extension == "json") {
                std::fs::remove_file(file).unwrap();
            }
        }
        self
    }

    pub(crate) fn verify(&self, flags: &[&str]) -> Ran {
        let keys = fixtures().join("public-keys.json");
        let mut flags = flags.to_vec();
        if !flags.contains(&"--public-keys") {
            flags.extend(["--public-keys", keys.to_str().unwrap()]);
        }
        verify(&[self.path()], &flags)
    }
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub(crate) fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).unwrap();
    text
}

pub(crate) fn packed(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// What `verify` tells.
pub(crate) trait Told {
    fn integrity(&self) -> Integrity;
    /// The only finding of a rule.
    fn finding(&self, rule: &str) -> Finding;
    /// Exit code and rules, most severe first; the pause that all copies have is left out.
    fn told(&self) -> (i32, Vec<String>);
}

impl Told for Ran {
    fn integrity(&self) -> Integrity {
        self.report().summary.integrity.unwrap()
    }

    fn finding(&self, rule: &str) -> Finding {
        let mut found = self.report().findings;
        found.retain(|finding| finding.rule == rule);
        assert_eq!(found.len(), 1, "{rule}: {}", self.out);
        found.remove(0)
    }

    fn told(&self) -> (i32, Vec<String>) {
        let rules = self.report().findings.into_iter().map(|finding| finding.rule);
        (self.code, rules.filter(|rule| rule != "digest-chain-gap").collect())
    }
}

pub(crate) fn run(args: &[&str]) -> Ran {
    Ran::of(&mut trailwarden!(args))
}

/// Verifies, and prints JSON unless the flags name a format.
pub(crate) fn verify(paths: &[&Path], flags: &[&str]) -> Ran {
    let mut args = vec!["verify"];
    args.extend(paths.iter().map(|path| path.to_str().unwrap()));
    args.extend(flags);
    if !flags.contains(&"--format") {
        args.push("--json");
    }
    run(&args)
}

pub(crate) fn rules(told: &[&str]) -> Vec<String> {
    told.iter().map(|&rule| rule.to_owned()).collect()
}
