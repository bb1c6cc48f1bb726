//! The binary as a process of its own, and what it ended with.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde::de::DeserializeOwned;
use serde_json::Value;
use trailwarden_model::{Finding, Report};

/// The command of the binary, in a folder for what tests write, told nothing by whoever runs the tests.
///
/// A macro, because cargo names both to integration tests only, while it compiles them.
#[macro_export]
macro_rules! trailwarden {
    ($arguments:expr) => {
        $crate::ran::command(
            env!("CARGO_BIN_EXE_trailwarden"),
            env!("CARGO_TARGET_TMPDIR").as_ref(),
            $arguments,
        )
    };
}

/// A folder for one test, which goes with it.
#[macro_export]
macro_rules! folder {
    () => {
        $crate::ran::folder_in(env!("CARGO_TARGET_TMPDIR").as_ref())
    };
}

/// What [`trailwarden!`] makes.
pub fn command(binary: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.args(arguments).current_dir(folder);
    for name in ["HOME", "XDG_CONFIG_HOME", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// What [`folder!`] makes.
///
/// # Panics
///
/// When no folder can be made.
pub fn folder_in(parent: &Path) -> tempfile::TempDir {
    tempfile::tempdir_in(parent).unwrap()
}

/// Writes a file below a folder, with the folders on its way; returns its path as an argument.
///
/// # Panics
///
/// When it cannot be written.
pub fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What a run ended with.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub said: String,
}

impl Ran {
    /// Runs a command to its end.
    ///
    /// # Panics
    ///
    /// When it cannot be started, is killed, or writes what is no text.
    pub fn of(command: &mut Command) -> Self {
        Self::from_output(command.output().unwrap())
    }

    /// Runs a command to its end, with something on its standard input.
    ///
    /// # Panics
    ///
    /// As [`Ran::of`], and when the command does not read all of it.
    pub fn of_with(command: &mut Command, input: &[u8]) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // Beside it: whoever writes while nobody reads waits for ever.
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        Self::from_output(output)
    }

    /// What a process left that has ended.
    ///
    /// # Panics
    ///
    /// When it was killed, or wrote what is no text.
    pub fn from_output(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The output as JSON of a type.
    ///
    /// # Panics
    ///
    /// When it is not that.
    #[track_caller]
    pub fn parsed<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The output as JSON.
    ///
    /// # Panics
    ///
    /// When it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        self.parsed()
    }

    /// The output on one line, however it is wrapped.
    pub fn words(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The report of a `json` run.
    ///
    /// # Panics
    ///
    /// When the output is none.
    #[track_caller]
    pub fn report(&self) -> Report {
        self.parsed()
    }

    /// The findings of an `ndjson` run.
    ///
    /// # Panics
    ///
    /// When a line is none.
    #[track_caller]
    pub fn findings(&self) -> Vec<Finding> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The rules that found something in an `ndjson` run.
    ///
    /// # Panics
    ///
    /// As [`Ran::findings`].
    #[track_caller]
    pub fn rules(&self) -> BTreeSet<String> {
        self.findings().into_iter().map(|finding| finding.rule).collect()
    }
}
