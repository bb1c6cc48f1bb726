//! The files of a folder of change policies.

use std::ffi::OsStr;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use trailwarden_authorize::File;

/// How many files are read, and how long each may be: people write them by hand.
const FILES_MAX: usize = 1_000;
const BYTES_MAX: u64 = 1 << 20;

/// The folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It or a file in it could not be read.
    #[error("cannot read the change policies at `{path}`")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There are too many files in it, or a file is too long.
    #[error("the change policies at `{path}` are too large: {cause}")]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// What the limit is.
        cause: String,
    },
    /// It holds no policy, which somebody who gave it did not mean.
    #[error(
        "there is no change policy in `{path}`; policies stand in files whose names end in .cedar"
    )]
    Empty {
        /// Which.
        path: PathBuf,
    },
}

/// The policies of a folder and what they need, by name: `*.cedar`, `entities.toml` and
/// `entities.json`. Other files, such as cases, are left alone; so are folders in it. What is named like
/// a policy and cannot be read is a fault: a forbid that is passed over in silence forbids nothing.
pub fn files(folder: &Path) -> Result<Vec<File>, FolderError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Read { path, source }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail(folder))? {
        let path = entry.map_err(fail(folder))?.path();
        if !is_ours(&path) {
            continue;
        }
        if files.len() >= FILES_MAX {
            let cause = format!("more than {FILES_MAX} files");
            return Err(FolderError::TooLarge { path: folder.to_owned(), cause });
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(File { name, text: read(&path).map_err(fail(&path))?? });
    }
    if !files.iter().any(|file| is_policies(Path::new(&file.name))) {
        return Err(FolderError::Empty { path: folder.to_owned() });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The text of a file. Nothing else is opened: a pipe would be waited for.
fn read(path: &Path) -> io::Result<Result<String, FolderError>> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    // A file may grow while it is read.
    let mut text = String::new();
    std::fs::File::open(path)?.take(BYTES_MAX + 1).read_to_string(&mut text)?;
    let length = about.len().max(text.len() as u64);
    if length > BYTES_MAX {
        let cause = format!("{length} bytes; at most {BYTES_MAX} are read");
        return Ok(Err(FolderError::TooLarge { path: path.to_owned(), cause }));
    }
    Ok(Ok(text))
}

fn is_ours(path: &Path) -> bool {
    let is_entities = |name: &OsStr| {
        name.eq_ignore_ascii_case("entities.toml") || name.eq_ignore_ascii_case("entities.json")
    };
    is_policies(path) || path.file_name().is_some_and(is_entities)
}

/// Also `A.CEDAR`, as some systems write it.
fn is_policies(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("cedar"))
}
