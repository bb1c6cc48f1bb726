//! The two evaluators as programs: ours, an example of the policy crate, and the reference.
//!
//! Ours runs as a program too, so this tool stays free of product crates, and a planted fault is
//! judged by exactly what judges the real evaluator.
//!
//! The reference is a script from outside the repository over the npm package [`PACKAGE`], whose
//! licence (AGPL) lets it be run beside us, not copied or linked.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::workspace;

/// The folder with `reference-evaluator.mjs`.
pub(crate) const TOOLS: &str = "TRAILWARDEN_TEST_TOOLS";
const SCRIPT: &str = "reference-evaluator.mjs";
const PACKAGE: &str = "@cloud-copilot/iam-simulate";
/// The script reaches into the package's inside, so the version is exact.
const VERSION: &str = "0.1.173";

/// What an evaluator said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Allow,
    ExplicitDeny,
    ImplicitDeny,
    Unknown,
    Error(String),
}

impl std::fmt::Display for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Answer::Allow => out.write_str("allow"),
            Answer::ExplicitDeny => out.write_str("explicit_deny"),
            Answer::ImplicitDeny => out.write_str("implicit_deny"),
            Answer::Unknown => out.write_str("unknown"),
            Answer::Error(message) => write!(out, "error ({message})"),
        }
    }
}

/// Where the programs lie.
pub(crate) struct Programs {
    pub(crate) ours: PathBuf,
    script: PathBuf,
    modules: PathBuf,
    /// Where cases and answers are written.
    folder: PathBuf,
}

/// Answers in the order of the cases, and how long they took.
pub(crate) struct Answers {
    pub(crate) all: Vec<Answer>,
    pub(crate) took: Duration,
}

impl Programs {
    /// Finds the reference and builds ours. The inner error says what is missing.
    pub(crate) fn find() -> Result<Result<Self, String>> {
        let target = workspace::target_directory()?;
        let Some(tools) = std::env::var_os(TOOLS) else {
            return Ok(Err(format!("{TOOLS} names no folder with {SCRIPT}")));
        };
        let script = Path::new(&tools).join(SCRIPT);
        if !script.is_file() {
            return Ok(Err(format!("the folder that {TOOLS} names has no {SCRIPT}")));
        }
        if !workspace::answers(Command::new("node").arg("--version")) {
            return Ok(Err("node is not installed".to_owned()));
        }
        let modules = modules(&target);
        if installed_version(&modules).as_deref() != Some(VERSION) {
            return Ok(Err(format!(
                "{PACKAGE} {VERSION} is not installed; `cargo xtask setup` does it"
            )));
        }
        let ours = build(&workspace::root(), &target)?;
        // One folder per process, so that a test and a run by hand do not disturb each other.
        let folder = target.join(format!("differential/{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make folder `{}`", folder.display()))?;
        Ok(Ok(Self { ours, script, modules, folder }))
    }

    /// What our evaluator says.
    pub(crate) fn ours(&self, cases: &[Value]) -> Result<Answers> {
        self.answers(&mut Command::new(&self.ours), cases, "ours")
    }

    /// What a build of our evaluator with a planted fault says.
    pub(crate) fn other(&self, program: &Path, cases: &[Value]) -> Result<Answers> {
        self.answers(&mut Command::new(program), cases, "other")
    }

    /// What the reference says.
    pub(crate) fn reference(&self, cases: &[Value]) -> Result<Answers> {
        let told: Vec<Value> = cases.iter().map(for_reference).collect();
        let mut command = Command::new("node");
        command.arg(&self.script).arg("--json").env("ORACLE_NODE_MODULES", &self.modules);
        self.answers(&mut command, &told, "reference")
    }

    fn answers(&self, command: &mut Command, cases: &[Value], name: &str) -> Result<Answers> {
        if cases.is_empty() {
            return Ok(Answers { all: Vec::new(), took: Duration::ZERO });
        }
        let input = self.folder.join(format!("{name}.cases.ndjson"));
        let output = self.folder.join(format!("{name}.answers.ndjson"));
        let mut text = String::new();
        for case in cases {
            text.push_str(&case.to_string());
            text.push('\n');
        }
        workspace::write(&input, &text)?;
        let open =
            File::open(&input).with_context(|| format!("cannot read `{}`", input.display()))?;
        let create = File::create(&output)
            .with_context(|| format!("cannot write `{}`", output.display()))?;
        let started = Instant::now();
        workspace::run(command.stdin(Stdio::from(open)).stdout(Stdio::from(create)))?;
        let took = started.elapsed();
        let all: Vec<Answer> =
            workspace::read(&output)?.lines().map(answer).collect::<Result<_>>()?;
        if all.len() != cases.len() {
            bail!("{name} gave {} answers to {} cases", all.len(), cases.len());
        }
        Ok(Answers { all, took })
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        // What stays behind is only build output.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The reference is told that an action takes no resource, because it has no table of actions.
fn for_reference(case: &Value) -> Value {
    let mut told = case.clone();
    if told.get("resource").and_then(Value::as_str) == Some("*")
        && let Some(members) = told.as_object_mut()
    {
        members.insert("wildcardOnly".to_owned(), json!(true));
    }
    told
}

fn answer(line: &str) -> Result<Answer> {
    let said: Value = serde_json::from_str(line)
        .with_context(|| format!("an evaluator wrote no JSON: `{line}`"))?;
    let word = |name: &str| said.get(name).and_then(Value::as_str);
    let message = || {
        let cause = said.get("message").or_else(|| said.get("error"));
        cause.map_or_else(|| line.to_owned(), Value::to_string)
    };
    // The reference says `deny` for both kinds, and which one in `kind`.
    Ok(match word("kind").or_else(|| word("decision")) {
        Some("allow" | "Allowed") => Answer::Allow,
        Some("explicit_deny" | "ExplicitlyDenied") => Answer::ExplicitDeny,
        Some("implicit_deny" | "ImplicitlyDenied") => Answer::ImplicitDeny,
        Some("unknown") => Answer::Unknown,
        _ => Answer::Error(message()),
    })
}

/// Builds the example that answers cases.
fn build(root: &Path, target: &Path) -> Result<PathBuf> {
    build_with(root, target, "--locked")
}

/// The same in a copy of the workspace, whose lock file may lose what the copy leaves out.
pub(crate) fn build_offline(root: &Path, target: &Path) -> Result<PathBuf> {
    build_with(root, target, "--offline")
}

fn build_with(root: &Path, target: &Path, lock: &str) -> Result<PathBuf> {
    let mut command = workspace::cargo();
    command.current_dir(root).args(["build", "--quiet", lock]);
    command.args(["--package", "trailwarden-policy", "--example", "decide", "--target-dir"]);
    // Warnings are for whoever works on the crate; a planted fault makes many.
    let output = command.arg(target).output().context("cannot start cargo")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` ended with {}:\n{said}", workspace::shown(&command), output.status);
    }
    Ok(target.join("debug/examples").join(format!("decide{}", std::env::consts::EXE_SUFFIX)))
}

fn modules(target: &Path) -> PathBuf {
    target.join("oracle/node_modules")
}

fn installed_version(modules: &Path) -> Option<String> {
    let text = workspace::read(&modules.join(PACKAGE).join("package.json")).ok()?;
    let manifest: Value = serde_json::from_str(&text).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}

/// Installs the reference's package; what stands in the way is the inner error.
pub(crate) fn install(is_dry_run: bool) -> Result<Result<(), String>> {
    let target = workspace::target_directory()?;
    if installed_version(&modules(&target)).as_deref() == Some(VERSION) {
        return Ok(Ok(()));
    }
    if !workspace::answers(Command::new("npm").arg("--version")) {
        return Ok(Err("npm is not installed".to_owned()));
    }
    let folder = target.join("oracle");
    let mut command = Command::new("npm");
    command.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"]);
    command.arg(format!("{PACKAGE}@{VERSION}"));
    eprintln!("setup: {}", workspace::shown(&command));
    if is_dry_run {
        return Ok(Ok(()));
    }
    // A manifest keeps npm from looking for one in the folders above.
    workspace::write(&folder.join("package.json"), "{ \"private\": true }\n")?;
    command.current_dir(&folder);
    Ok(workspace::run(&mut command).map_err(|error| format!("{error:#}")))
}
