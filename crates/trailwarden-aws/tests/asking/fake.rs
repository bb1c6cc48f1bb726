//! A server on loopback that answers as a test says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use trailwarden_aws::{Connection, Patience, Settings};

/// What stands for credentials. It must show up nowhere.
pub(crate) const SECRET: &str = "a-word-that-nobody-may-see";

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Request {
    /// The operation, whichever way it is told.
    pub(crate) fn operation(&self) -> String {
        let form = self.body.split('&').find_map(|pair| pair.strip_prefix("Action="));
        let target = || {
            let mut lines = self.headers.lines();
            lines.find_map(|line| line.strip_prefix("x-amz-target: ")?.rsplit('.').next())
        };
        form.or_else(target).map_or_else(|| self.line.clone(), str::to_owned)
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

/// What goes out.
pub(crate) struct Response {
    status: u16,
    kind: &'static str,
    headers: &'static str,
    body: String,
    /// Says that there is more than there is.
    is_cut: bool,
}

impl Response {
    pub(crate) fn xml(body: &str) -> Self {
        Self { status: 200, kind: "text/xml", headers: "", body: body.to_owned(), is_cut: false }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self { kind: "application/x-amz-json-1.1", ..Self::xml(body) }
    }

    pub(crate) fn html(status: u16) -> Self {
        Self { status, kind: "text/html", ..Self::xml("<html><p>not there</p></html>") }
    }

    /// An error of the query protocol.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        let text = format!(
            "<ErrorResponse><Error><Code>{code}</Code><Message>said so</Message></Error></ErrorResponse>"
        );
        Self { status, ..Self::xml(&text) }
    }

    pub(crate) fn with(self, headers: &'static str) -> Self {
        Self { headers, ..self }
    }

    pub(crate) fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(crate) fn cut(self) -> Self {
        Self { is_cut: true, ..self }
    }

    fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let length = self.body.len() + if self.is_cut { 100 } else { 0 };
        write!(
            stream,
            "HTTP/1.1 {} X\r\ncontent-type: {}\r\ncontent-length: {length}\r\nconnection: close\r\n{}\r\n{}",
            self.status, self.kind, self.headers, self.body
        )
    }
}

/// The result of a query operation.
pub(crate) fn result(operation: &str, members: &str) -> Response {
    Response::xml(&format!(
        "<{operation}Response><{operation}Result>{members}</{operation}Result></{operation}Response>"
    ))
}

/// The server; it lives as long as the process of the test.
pub(crate) struct Fake {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    pub(crate) fn new(answer: impl Fn(&Request, usize) -> Response + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let kept = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = read(&stream) else { continue };
                let number = {
                    let mut seen = kept.lock().unwrap();
                    seen.push(request.clone());
                    seen.len()
                };
                let _ = answer(&request, number).write(&mut { stream });
            }
        });
        Self { url, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// A connection to it that does not wait between attempts.
    pub(crate) fn connection(&self) -> Connection {
        connection(&self.url)
    }
}

pub(crate) fn connection(url: &str) -> Connection {
    let credentials = Credentials::new("dummy", SECRET, Some(SECRET.to_owned()), None, "test");
    let settings = Settings {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(url.to_owned()),
        patience: Patience { attempts: 3, first_wait_ms: 0, timeout_ms: 10_000 },
        ..Settings::default()
    };
    Connection::given(&settings, SharedCredentialsProvider::new(credentials)).unwrap()
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (mut headers, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(told) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse().ok()?;
        }
        headers.push_str(&header);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    (!line.is_empty()).then(|| Request { line: line.trim().to_owned(), headers, body })
}
