//! The bucket of an emulator of AWS: made and filled by its own API, read as any bucket.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use trailwarden_testkit::{Script, skip};

use crate::support::{copy, incident, place, run, text};

const SERVE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../trailwarden-aws/tests/asking/serve.py");

struct Emulator {
    _script: Script,
    port: u64,
}

impl Emulator {
    fn start() -> Option<Self> {
        let python = skip::variable("bucket::emulator", "TRAILWARDEN_TEST_EMULATOR")?;
        let mut script = Script::start(python, Path::new(SERVE), &[]);
        let said: serde_json::Value = serde_json::from_str(&script.line()).unwrap();
        Some(Self { _script: script, port: said["port"].as_u64().unwrap() })
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
