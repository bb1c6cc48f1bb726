//! The bucket of an emulator of AWS: made and filled by its own API, read as any bucket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::support::{copy, incident, place, run, text};

const EMULATOR: &str = "TRAILWARDEN_TEST_EMULATOR";

struct Emulator {
    server: Child,
    port: u64,
}

impl Emulator {
    fn start() -> Option<Self> {
        let Some(python) = std::env::var_os(EMULATOR) else {
            let line = format!("skipped: bucket::emulator: {EMULATOR} is not set");
            println!("{line}");
            if let Some(log) = std::env::var_os("TRAILWARDEN_SKIP_LOG") {
                let mut log =
                    std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
                writeln!(log, "{line}").unwrap();
            }
            return None;
        };
        let script =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../trailwarden-aws/tests/asking/serve.py");
        let mut server = Command::new(python)
            .args(["-B", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        Some(Self { server, port: said["port"].as_u64().unwrap() })
    }

    /// Puts something; the emulator asks nobody who he is.
    fn put(&self, path: &str, bytes: &[u8]) {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port)).unwrap();
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            self.port,
            bytes.len()
        );
        stream.write_all(&[head.as_bytes(), bytes].concat()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200"), "{path}: {reply}");
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

#[test]
fn an_emulators_bucket_gives_the_findings_of_its_copy() {
    let Some(emulator) = Emulator::start() else { return };
    let rules = incident();
    let bucket = place("").trim_start_matches("s3:/").trim_end_matches('/').to_owned();
    // `serve.py` has made a bucket of that name, in its own region.
    for (key, bytes) in &rules.objects {
        emulator.put(&format!("{bucket}/{key}"), bytes);
    }
    let odd = "{\"Records\":[]}";
    emulator.put(&format!("{bucket}/archive/a%20b%2Bc%C3%BC%26.json"), odd.as_bytes());
    let folder = copy(&rules);
    let expected = run(&["scan", text(folder.path()), "--json"]);
    let url = format!("http://127.0.0.1:{}", emulator.port);
    let ran = run(&[
        "scan",
        &place("archive/"),
        "--json",
        "--region",
        "eu-west-1",
        "--endpoint-url",
        &url,
    ]);
    assert_eq!((ran.code, ran.rejects()), (0, vec![]), "{}", ran.said);
    assert_eq!(ran.findings(), expected.findings());
    assert_eq!(ran.report().summary.files, expected.report().summary.files + 1);
}
