//! The process of an emulator of AWS.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::fake::{Request, Response};

/// An emulator, which ends with it.
pub(crate) struct Emulator {
    process: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
    pub(crate) python: PathBuf,
    pub(crate) url: String,
}

impl Emulator {
    /// Starts a script of this crate's folder by the Python that a variable names; says so where there is
    /// none.
    pub(crate) fn start(variable: &str, script: &str, test: &str) -> Option<Self> {
        let Some(python) = std::env::var_os(variable) else {
            skipped(&format!("{variable} is not set"), test);
            return None;
        };
        let mut process = Command::new(&python)
            // Leaves no byte code beside the script.
            .arg("-B")
            .arg(format!("{}/{script}", env!("CARGO_MANIFEST_DIR")))
            .arg("111122223333")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = process.stdin.take().unwrap();
        let mut told = BufReader::new(process.stdout.take().unwrap());
        let mut port = String::new();
        told.read_line(&mut port).unwrap();
        let url = format!("http://127.0.0.1:{}", port.trim());
        Some(Self { process, asked, told, python: python.into(), url })
    }

    /// Says a command of the script.
    pub(crate) fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.asked, "{command}").unwrap();
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the emulator ended on {command}"))
    }

    /// The account, without what changes by itself.
    pub(crate) fn state(&mut self) -> Value {
        self.ask(&json!({ "tell": true }))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks the emulator what the binary asked of whoever stands between; only of IAM and STS.
pub(crate) fn forwarded(address: &str, request: &Request) -> Response {
    let service = if request.operation == "GetCallerIdentity" { "sts" } else { "iam" };
    let credential = format!("Credential=dummy/20260601/us-east-1/{service}/aws4_request");
    let text = format!(
        "POST / HTTP/1.0\r\nHost: {service}.amazonaws.com\r\nAuthorization: AWS4-HMAC-SHA256 {credential}, \
         SignedHeaders=host, Signature=none\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
        request.body.len(),
        request.body
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Response::xml(status, body.to_owned())
}

fn skipped(why: &str, test: &str) {
    let line = format!("skipped: apply::{test}: {why}");
    println!("{line}");
    if let Some(log) = std::env::var_os("TRAILWARDEN_SKIP_LOG") {
        let mut log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        writeln!(log, "{line}").unwrap();
    }
}
