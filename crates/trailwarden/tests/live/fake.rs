//! A server on loopback that answers as a test says, several questions at a time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The operation, whichever way it is told; of REST the method and the path.
    pub(crate) operation: String,
    pub(crate) body: String,
    /// The account in the signature's key, as the tests write it.
    pub(crate) key: String,
}

/// What goes out; none drops the connection.
#[derive(Debug)]
pub(crate) struct Response {
    status: u16,
    kind: &'static str,
    body: String,
}

impl Response {
    pub(crate) fn xml(status: u16, body: String) -> Self {
        Self { status, kind: "text/xml", body }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self { status: 200, kind: "application/json", body: body.to_owned() }
    }

    /// An error of the query protocol.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        let error = format!("<Error><Code>{code}</Code><Message>said so</Message></Error>");
        Self::xml(status, format!("<ErrorResponse>{error}</ErrorResponse>"))
    }

    /// With another text in place of one in the body.
    pub(crate) fn replaced(self, old: &str, new: &str) -> Self {
        Self { body: self.body.replace(old, new), ..self }
    }

    /// What an emulator says that does not have it.
    pub(crate) fn nothing() -> Self {
        Self { kind: "text/html", ..Self::xml(404, "<html></html>".to_owned()) }
    }
}

/// The result of a query operation.
pub(crate) fn result(operation: &str, members: &str) -> Response {
    let result = format!("<{operation}Result>{members}</{operation}Result>");
    Response::xml(200, format!("<{operation}Response>{result}</{operation}Response>"))
}

/// The server; it lives as long as the process of the test.
pub(crate) struct Fake {
    pub(crate) url: String,
    seen: Arc<AtomicUsize>,
}

impl Fake {
    /// `answer` gets the number of the request, from one.
    pub(crate) fn new(
        answer: impl Fn(&Request, usize) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (answer, seen) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
        let counted = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, counted) = (answer.clone(), counted.clone());
                std::thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
                    if let Some(response) = answer(&request, number) {
                        let _ = write(&stream, &response);
                    }
                });
            }
        });
        Self { url, seen }
    }

    /// How many requests came.
    pub(crate) fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

fn write(mut stream: &TcpStream, response: &Response) -> std::io::Result<()> {
    let Response { status, kind, body } = response;
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (mut target, mut key, mut length) = (None, String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim();
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "x-amz-target" => target = value.rsplit('.').next().map(str::to_owned),
            "authorization" => {
                let from = value.find("Credential=")? + "Credential=".len();
                key = value[from..].split('/').next()?.to_owned();
            }
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    let form = body.split('&').find_map(|pair| pair.strip_prefix("Action=")).map(str::to_owned);
    let path = line.rsplit_once(' ').map(|(path, _)| path.to_owned());
    let operation = form.or(target).or(path)?;
    Some(Request { operation, body, key })
}
