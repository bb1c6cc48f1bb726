//! The process of an emulator of AWS.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use trailwarden_testkit::{Script, skip};

use crate::fake::{Request, Response};

/// An emulator, which ends with it.
pub(crate) struct Emulator {
    script: Script,
    pub(crate) python: PathBuf,
    pub(crate) url: String,
}

impl Emulator {
    /// Starts a script of this crate's folder by the Python that a variable names; says so where there is
    /// none.
    pub(crate) fn start(variable: &str, script: &str, test: &str) -> Option<Self> {
        let python = skip::variable(&format!("apply::{test}"), variable)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
        let mut script = Script::start(&python, &script, &["111122223333".as_ref()]);
        let url = format!("http://127.0.0.1:{}", script.line());
        Some(Self { script, python: python.into(), url })
    }

    /// Says a command of the script.
    pub(crate) fn ask(&mut self, command: &Value) -> Value {
        self.script.ask(command)
    }

    /// The account, without what changes by itself.
    pub(crate) fn state(&mut self) -> Value {
        self.ask(&json!({ "tell": true }))
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
