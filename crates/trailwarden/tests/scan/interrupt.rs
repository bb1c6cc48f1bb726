//! Ctrl-C ends a scan with what was found so far.
//!
//! There is no waiting for a time here: a pipe holds a limited number of bytes, so once much more
//! than that has been written to it, the scan has read the beginning; and once a write fails, the
//! scan has stopped reading.

#![cfg(target_os = "linux")]

use std::io::{ErrorKind, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::support::{Ran, folder, put, records, trailwarden};

/// Far more than a pipe and the reader's own buffers hold before they hand records on.
const PLENTY_BYTES: usize = 8 << 20;

fn begin(args: &[&str]) -> (Child, ChildStdin) {
    let mut child = trailwarden(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take().unwrap();
    (child, stdin)
}

fn filler() -> Vec<u8> {
    let line = format!("{}\n", records("ann s3:ListBuckets")[0]);
    line.repeat((64 << 10) / line.len()).into_bytes()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn ctrl_c_prints_what_was_found_and_exits_with_130() {
    let (child, mut stdin) = begin(&["scan", "-", "--json"]);
    let found = format!("{}\n", records("mallory iam:CreateAccessKey user/alice")[0]);
    stdin.write_all(found.as_bytes()).unwrap();
    let filler = filler();
    for _ in 0..PLENTY_BYTES / filler.len() {
        stdin.write_all(&filler).unwrap();
    }
    signal(&child, "INT");
    // Reading goes on until the scan has noticed; then nobody is left to write to.
    let error = loop {
        if let Err(error) = stdin.write_all(&filler) {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    let ran = Ran::from_output(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.said);
    let report = ran.report();
    assert!(report.summary.interrupted);
    let rules: Vec<&str> = report.findings.iter().map(|one| one.rule.as_str()).collect();
    assert!(rules.contains(&"access-key-for-another-user"), "{rules:?}");
    assert!(report.summary.records > 1_000);
}

/// Whoever ends it from outside waits for nothing: no signal but Ctrl-C is caught. A shell calls that
/// 143.
#[test]
fn sigterm_ends_it_at_once() {
    use std::os::unix::process::ExitStatusExt;
    for command in [&["scan", "-"][..], &["changes", "-"], &["paths", "--logs", "-"]] {
        let (mut child, mut stdin) = begin(command);
        stdin.write_all(&filler()).unwrap();
        signal(&child, "TERM");
        assert_eq!(child.wait().unwrap().signal(), Some(15), "{command:?}");
    }
}

/// While the scan waits for more input, what it has spilled lies open: it holds no secret.
#[test]
fn what_is_spilled_is_redacted() {
    let folder = folder();
    let spill = folder.path().join("spill");
    std::fs::create_dir(&spill).unwrap();
    let log = put(folder.path(), "log.json", crate::secrets::leaky());
    let flags = ["--memory-max", "1", "--threads", "1", "--spill-dir", spill.to_str().unwrap()];
    let (child, mut stdin) = begin(&[&["scan", &log, "-", "--json"], &flags[..]].concat());
    // One worker reads standard input only when it is done with the file.
    let filler = filler();
    for _ in 0..4 {
        stdin.write_all(&filler).unwrap();
    }
    let mut spilled = Vec::new();
    for entry in std::fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap() {
        let path = entry.unwrap().path();
        let Ok(target) = std::fs::read_link(&path) else { continue };
        if target.to_string_lossy().contains("/spill/") {
            spilled.extend(std::fs::read(&path).unwrap());
        }
    }
    let spilled = String::from_utf8_lossy(&spilled).into_owned();
    assert!(spilled.contains("CreateLoginProfile"), "records were spilled");
    for secret in ["Hunter2-password", "Tr0ub4dor-password", "IQoJb3-token", "wJalrXUt-key"] {
        assert!(!spilled.contains(secret), "{secret} was spilled");
    }
    drop(stdin);
    assert_eq!(Ran::from_output(child.wait_with_output().unwrap()).code, 0);
}
