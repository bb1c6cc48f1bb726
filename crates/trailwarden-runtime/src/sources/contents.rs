//! One file's bytes as a whole: what is no log, but comes packed like one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use trailwarden_record::limits::Limits;

use super::gzip::Gzip;
use super::meter::{Counted, Spending};
use super::read::{HEAD, LAYERS_MAX, Packing, packing, zstd_decoder};
use super::trouble::{Budget, Trouble, cause};

/// The largest content that is held whole.
const CONTENT_MAX: u64 = 4 << 30;

/// Reads and unpacks a file: plain, gzip or zstd, told by its first bytes. The error says what is
/// wrong and what to do.
pub fn contents(path: &Path, limits: Limits) -> Result<Vec<u8>, String> {
    let limits = Limits { inflated_max: limits.inflated_max.min(CONTENT_MAX), ..limits };
    let budget = Budget::new(limits);
    let opened = File::open(path);
    let mut file = opened
        .map_err(|error| format!("cannot open it: {error}; check the path and its permissions"))?;
    let source = Counted { source: &mut file, budget: &budget };
    unpacked(Box::new(source), &budget, limits.inflated_max, 0)
}

fn unpacked(
    mut source: Box<dyn Read + '_>,
    budget: &Budget,
    bytes_max: u64,
    layer: u8,
) -> Result<Vec<u8>, String> {
    let mut head = Vec::new();
    let read = (&mut source).take(HEAD as u64).read_to_end(&mut head);
    read.map_err(|error| cause(&error))?;
    let packing = packing(&head);
    let mut whole: Box<dyn Read + '_> = Box::new(io::Cursor::new(head).chain(source));
    match packing {
        Packing::Gzip | Packing::Zstd if layer >= LAYERS_MAX => {
            Err(format!("packed more than {LAYERS_MAX} times; unpack it first"))
        }
        Packing::Gzip => unpacked(Box::new(Gzip::new(whole, budget)), budget, bytes_max, layer + 1),
        Packing::Zstd => {
            let decoder = zstd_decoder(whole).map_err(|error| cause(&error))?;
            let spending = Spending { source: decoder, budget };
            unpacked(Box::new(spending), budget, bytes_max, layer + 1)
        }
        Packing::Tar => Err("a tar archive; unpack it and give the files".to_owned()),
        Packing::Foreign(advice) => Err(advice.to_owned()),
        Packing::Plain => {
            let mut content = Vec::new();
            let read = (&mut whole).take(bytes_max.saturating_add(1)).read_to_end(&mut content);
            read.map_err(|error| cause(&error))?;
            if content.len() as u64 > bytes_max {
                let cause = format!("more than {bytes_max} bytes; split it");
                return Err(Trouble::TooMuch(cause).to_string());
            }
            Ok(content)
        }
    }
}
