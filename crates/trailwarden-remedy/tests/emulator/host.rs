//! The emulator's process, and the process that runs programs against it.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use trailwarden_testkit::{Script, skip};

const EMULATOR: &str = "TRAILWARDEN_TEST_EMULATOR";
/// What a program that asks for a password is given: letters that need quoting in every language.
pub(crate) const SECRET: &str = "Other-\"1\"-\\pass'word$(id)";
/// A part of it that is written alike in every language.
pub(crate) const OF_SECRET: &str = "word$(id)";

/// Where the emulator and the AWS CLI are, when both are; says so where they are not.
pub(crate) fn found(test: &str) -> Option<Installed> {
    let test = format!("emulator::{test}");
    // The AWS CLI is installed beside it, so that its version is always the same.
    let python = PathBuf::from(skip::variable(&test, EMULATOR)?);
    if !python.with_file_name("aws").exists() {
        let why = "there is no `aws` beside the emulator's Python; `cargo xtask setup` installs it";
        skip::skipped(&test, why);
        return None;
    }
    Some(Installed { python })
}

/// The emulator's environment.
pub(crate) struct Installed {
    python: PathBuf,
}

/// How programs are started.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// As a user does.
    Plainly,
    /// In forks of a process that has imported what takes long.
    Forked,
}

/// An emulator and what runs programs against it; both end with it.
pub(crate) struct Emulator {
    script: Script,
    url: String,
    programs: Option<Programs>,
    python: PathBuf,
}

/// The process that runs programs, and the folder of their names.
struct Programs {
    _script: Script,
    folder: tempfile::TempDir,
}

impl Installed {
    /// Starts it.
    pub(crate) fn start(&self, start: Start) -> Emulator {
        let python = self.python.clone();
        let programs = (start == Start::Forked).then(|| Programs::start(&python));
        let mut script = started(&python, "serve.py", "111122223333".as_ref());
        let url = format!("http://127.0.0.1:{}", script.line());
        Emulator { script, url, programs, python }
    }
}

/// A script of this folder, with a pipe to it and one from it.
fn started(python: &Path, script: &str, argument: &Path) -> Script {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emulator");
    Script::start(python, &folder.join(script), &[argument.as_os_str()])
}

impl Programs {
    fn start(python: &Path) -> Self {
        // Not in the build folder: the name of a socket may have a hundred letters.
        let folder = tempfile::tempdir().unwrap();
        let mut script = started(python, "programs.py", &folder.path().join("socket"));
        assert_eq!(script.line(), "ready");
        // Without what a site adds, Python starts in a third of the time.
        let client = format!("#!{} -IS\n{}", python.display(), include_str!("client.py"));
        for name in ["aws", "boto3"] {
            let path = folder.path().join(name);
            fs::write(&path, &client).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        }
        Self { _script: script, folder }
    }
}

impl Emulator {
    /// Says a command of `serve.py`.
    pub(crate) fn ask(&mut self, command: &Value) -> Value {
        self.script.ask(command)
    }

    /// The account, without what changes by itself.
    pub(crate) fn state(&mut self) -> Value {
        self.ask(&json!({ "tell": true }))
    }

    /// Runs a program in its own folder, with lines on its standard input. No secret of theirs is left
    /// in what it said and kept, nor any file where temporary ones are made.
    pub(crate) fn run(&self, program: &Path, arguments: Option<&str>, lines: &str) -> Ended {
        let folder = program.parent().unwrap();
        let temporary = folder.join("temporary");
        fs::create_dir_all(&temporary).unwrap();
        let mut command = self.command(program);
        // A profile, an endpoint or a proxy of whoever runs the tests would lead elsewhere.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        let mut process = command
            .args(arguments.into_iter().flat_map(|it| it.split(' ')))
            .current_dir(folder)
            .env("TMPDIR", &temporary)
            .env("TRAILWARDEN_TEST_CALLS", folder.join("calls.ndjson"))
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_ACCESS_KEY_ID", "dummy")
            .env("AWS_SECRET_ACCESS_KEY", "dummy")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that asks for nothing does not read it.
        let _ = process.stdin.take().unwrap().write_all(lines.as_bytes());
        let ended = Ended::of(program, &process.wait_with_output().unwrap());
        let left: Vec<_> = fs::read_dir(&temporary).unwrap().collect();
        assert!(left.is_empty(), "{}: leaves {left:?}\n{}", ended.place, ended.said);
        assert!(!ended.said.contains(OF_SECRET), "{}: {}", ended.place, ended.said);
        keeps_no_secret(folder);
        ended
    }

    /// The same with a password to be asked for.
    pub(crate) fn run_with_secret(&self, program: &Path, arguments: Option<&str>) -> Ended {
        self.run(program, arguments, &format!("{SECRET}\n"))
    }

    fn command(&self, program: &Path) -> Command {
        let is_python = program.extension().is_some_and(|ending| ending == "py");
        let beside = self.python.parent().unwrap();
        let folder = self.programs.as_ref().map_or(beside, |programs| programs.folder.path());
        let mut path = OsString::from(folder);
        if let Some(others) = std::env::var_os("PATH") {
            path.push(":");
            path.push(others);
        }
        let mut command = match (is_python, &self.programs) {
            (false, _) => Command::new("bash"),
            (true, None) => Command::new(&self.python),
            (true, Some(programs)) => Command::new(programs.folder.path().join("boto3")),
        };
        command.arg(program).env("PATH", path);
        if let Some(programs) = &self.programs {
            command.env("TRAILWARDEN_TEST_PROGRAMS", programs.folder.path().join("socket"));
        }
        command
    }
}

/// No file below a folder has the secret.
fn keeps_no_secret(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            keeps_no_secret(&path);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(OF_SECRET), "{}: has the secret", path.display());
    }
}

/// How a program ended.
pub(crate) struct Ended {
    place: String,
    is_success: bool,
    /// What it wrote, to both streams.
    pub(crate) said: String,
}

impl Ended {
    fn of(program: &Path, output: &Output) -> Self {
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        Self {
            place: program.display().to_string(),
            is_success: output.status.success(),
            said: String::from_utf8_lossy(&said).into_owned(),
        }
    }

    /// It went well, and said this.
    #[track_caller]
    pub(crate) fn is_well(&self, words: &str) -> &Self {
        assert!(self.is_success, "{}: {}", self.place, self.said);
        self.has_said(words)
    }

    /// It stopped, and said why.
    #[track_caller]
    pub(crate) fn is_stopped(&self, words: &str) -> &Self {
        assert!(!self.is_success, "{}: {}", self.place, self.said);
        self.has_said(words)
    }

    #[track_caller]
    fn has_said(&self, words: &str) -> &Self {
        assert!(self.said.contains(words), "{}: no `{words}` in {}", self.place, self.said);
        self
    }
}
