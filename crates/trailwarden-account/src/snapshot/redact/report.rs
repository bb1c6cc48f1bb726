//! The credential report: users and their ARNs are replaced, dates and flags stay.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::words::Words;

/// The report, as the AWS CLI prints it. One that cannot be read becomes empty.
pub(super) fn redacted(words: &Words, body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(content) = body.get_mut("Content") {
        let csv = content.as_str().and_then(|text| STANDARD.decode(text.trim()).ok());
        let csv = csv.and_then(|csv| rows(words, &csv)).unwrap_or_default();
        *content = STANDARD.encode(csv).into();
    }
    body
}

fn rows(words: &Words, csv: &[u8]) -> Option<Vec<u8>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let headers = reader.headers().ok()?.clone();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(&headers).ok()?;
    for row in reader.records() {
        let row = row.ok()?;
        let cells = row.iter().zip(headers.iter()).map(|(cell, header)| match header {
            "user" if cell == "<root_account>" => cell.to_owned(),
            "user" | "arn" => words.text(cell),
            // The service that a key was used for, dates and flags; additional columns are dates.
            _ => cell.to_owned(),
        });
        writer.write_record(cells.collect::<Vec<_>>()).ok()?;
    }
    writer.into_inner().ok()
}
