//! Answers simulation cases: one JSON case to a line on standard input, one answer to a line on
//! standard output, in order.
//!
//! ```text
//! echo '{"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:s3:::b/k"}' \
//!   | cargo run --package trailwarden-policy --example decide
//! ```

use std::io::{self, BufRead, BufWriter, Write};

use trailwarden_policy::cases;

fn main() -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        serde_json::to_writer(&mut output, &cases::answer(&line))?;
        output.write_all(b"\n")?;
    }
    output.flush()
}
