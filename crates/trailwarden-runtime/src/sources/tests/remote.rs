//! What lies elsewhere is read like a file, and what does not come costs only itself.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Gives so many bytes of a content, then fails; opens at most so many times.
struct Elsewhere {
    content: Vec<u8>,
    given: usize,
    opens: AtomicUsize,
}

impl Elsewhere {
    fn item(content: &[u8], given: usize, opens: usize) -> Item {
        let (content, size) = (content.to_vec(), content.len() as u64);
        let origin = Self { content, given, opens: AtomicUsize::new(opens) };
        Item::remote("s3://logs/f".to_owned(), size, Arc::new(origin))
    }
}

impl Remote for Elsewhere {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let left =
            self.opens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
        left.map_err(|_| io::Error::other("AccessDenied; ask for s3:GetObject"))?;
        let given = self.content[..self.given.min(self.content.len())].to_vec();
        let is_whole = self.given >= self.content.len();
        let end: Box<dyn Read + Send> =
            if is_whole { Box::new(io::empty()) } else { Box::new(Broken) };
        Ok(Box::new(io::Cursor::new(given).chain(end)))
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the transfer broke: reset; run again"))
    }
}

fn told(item: &Item) -> Vec<String> {
    let mut told = Told::default();
    reader().read(item, &mut told);
    told.lines
}

#[test]
fn it_is_read_like_a_file_and_again_for_single_records() {
    for content in [gzip(&log_file(0..3)), log_file(0..3), zstd(&log_file(0..3))] {
        let item = Elsewhere::item(&content, usize::MAX, 2);
        assert_eq!(told(&item), ["f#0 id-0", "f#1 id-1", "f#2 id-2"]);
        let wanted = Wanted::from([("s3://logs/f".to_owned(), BTreeSet::from([1]))]);
        let mut found = Vec::new();
        reader().fetch(&item, &wanted, &mut |file, number, bytes| {
            found.push((file.to_owned(), number, String::from_utf8(bytes.to_vec()).unwrap()));
        });
        assert_eq!(found, [("s3://logs/f".to_owned(), 1, record(1))]);
    }
}

#[test]
fn what_does_not_open_is_told_in_its_own_words() {
    let item = Elsewhere::item(b"", 0, 0);
    assert_eq!(told(&item), ["f rejected: AccessDenied; ask for s3:GetObject"]);
    // Nobody who pressed Ctrl-C wants to hear that it ended.
    let mut told = Told::default();
    let stop = Arc::new(AtomicBool::new(true));
    reader().stopped_by(stop).read(&item, &mut told);
    assert_eq!(told.lines, Vec::<String>::new());
}

#[test]
fn what_came_before_a_transfer_broke_is_read() {
    let plain = log_file(0..3);
    let second = record(0).len() + record(1).len() + 20;
    let lines = told(&Elsewhere::item(&plain, second, 1));
    let cause = "rejected: cannot read on: the transfer broke: reset; run again";
    assert_eq!(lines[..2], ["f#0 id-0", "f#1 id-1"]);
    assert!(lines.iter().any(|line| line.ends_with(cause)), "{lines:?}");
    let lines = told(&Elsewhere::item(&gzip(&log_file(0..200)), 4_000, 1));
    assert!(lines.iter().any(|line| line.ends_with(cause)), "{lines:?}");
}
