//! Sources: files, folders, archives and streams, in any compression, whole or broken.

mod remote;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use proptest::prelude::*;
use trailwarden_record::Skim;
use trailwarden_record::envelope::{Kind, Place, Sink};
use trailwarden_record::scan::Stop;

use super::*;

/// Writes down what it is told, one line for each thing.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    file: String,
}

impl Sink for Told {
    fn record(&mut self, bytes: &[u8], start: usize, place: Place) -> Result<usize, Stop> {
        let (skim, end) = Skim::read(bytes, start, 64)?;
        self.lines.push(format!("{}#{} {}", self.file, place.record, skim.event_id));
        Ok(end)
    }

    fn reject(&mut self, place: Place, cause: String) {
        self.lines.push(format!("{}#{} rejected: {cause}", self.file, place.record));
    }
}

impl FileSink for Told {
    fn begin(&mut self, file: &str) {
        self.file = short(file);
    }

    fn end(&mut self, end: FileEnd) {
        if end.kind != Kind::LogFile {
            self.lines.push(format!("{} is {:?}", self.file, end.kind));
        }
        self.file.clear();
    }

    fn file_reject(&mut self, file: &str, offset: Option<u64>, cause: String) {
        let offset = offset.map(|offset| format!(" at {offset}")).unwrap_or_default();
        self.lines.push(format!("{}{offset} rejected: {cause}", short(file)));
    }

    fn interrupted(&self) -> bool {
        false
    }
}

/// The name without the folder of the test.
fn short(name: &str) -> String {
    let (path, member) = name.split_once('!').unwrap_or((name, ""));
    let file = Path::new(path).file_name().unwrap().to_string_lossy().into_owned();
    if member.is_empty() { file } else { format!("{file}!{member}") }
}

fn record(number: usize) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser"}},"eventTime":"2026-01-02T03:04:05Z","eventName":"CreateUser","requestParameters":{{"note":"{:0>32x}"}},"eventID":"id-{number}"}}"#,
        (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    )
}

fn log_file(numbers: std::ops::Range<usize>) -> Vec<u8> {
    let records: Vec<_> = numbers.map(record).collect();
    format!(r#"{{"Records":[{}]}}"#, records.join(",")).into_bytes()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn reader() -> Reader {
    Reader::new(Limits::default(), std::env::temp_dir())
}

/// What reading `content` as a file tells.
fn told_with(limits: Limits, content: &[u8]) -> Vec<String> {
    let folder = folder();
    let path = folder.path().join("f");
    fs::write(&path, content).unwrap();
    let (items, rejects) = expand(&[path.to_string_lossy().into_owned()]);
    assert_eq!((items.len(), rejects.len()), (1, 0));
    let mut told = Told::default();
    let volume = Reader::new(limits, folder.path().to_owned()).read(&items[0], &mut told);
    assert!(volume.bytes_stored <= content.len() as u64);
    told.lines
}

fn told(content: &[u8]) -> Vec<String> {
    told_with(Limits::default(), content)
}

fn all(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.enumerate().map(|(place, number)| format!("f#{place} id-{number}")).collect()
}

#[test]
fn every_packing_is_read() {
    let plain = log_file(0..20);
    for (name, content) in [
        ("plain", plain.clone()),
        ("gzip", gzip(&plain)),
        ("zstd", zstd(&plain)),
        ("gzip twice", gzip(&gzip(&plain))),
        ("zstd in gzip", gzip(&zstd(&plain))),
        ("padded gzip", [gzip(&plain), vec![0; 1000]].concat()),
        ("one record in two members", [gzip(&plain[..500]), gzip(&plain[500..])].concat()),
        ("frames", [zstd(&plain[..500]), zstd(&plain[500..])].concat()),
    ] {
        assert_eq!(told(&content), all(0..20), "{name}");
    }
    let members: Vec<_> = (0..40).map(|number| gzip(&log_file(number..number + 1))).collect();
    assert_eq!(told(&members.concat()), all(0..40));
}

#[test]
fn what_is_too_large_to_hold_streams() {
    let records: Vec<_> = (0..20).map(record).collect();
    let filler = format!("{}\n", " ".repeat(1 << 20)).repeat(INFLATED_MAX >> 20);
    let large = format!("{}\n{filler}{}", records[..10].join("\n"), records[10..].join("\n"));
    let mut expected = all(0..20);
    expected.push("f is Records".to_owned());
    for content in [large.clone().into_bytes(), gzip(large.as_bytes()), zstd(large.as_bytes())] {
        assert_eq!(told(&content), expected);
    }
    let mut reader = reader();
    let folder = folder();
    let path = folder.path().join("f");
    fs::write(&path, &large).unwrap();
    let item = Item::file("f".to_owned(), path, large.len() as u64);
    let volume = reader.read(&item, &mut Told::default());
    let size = large.len() as u64;
    assert_eq!(volume, Volume { bytes_stored: size, bytes_inflated: size });
    for buffer in [&reader.buffers.stored, &reader.buffers.inflated, &reader.buffers.window] {
        assert!(buffer.capacity() <= 8 << 20, "a buffer was kept large");
    }
}

#[test]
fn damaged_gzip_gives_what_comes_before_the_damage() {
    let packed = gzip(&log_file(0..2000));
    let cut = told(&packed[..packed.len() / 2]);
    let (reject, records) = cut.split_last().unwrap();
    assert!(records.len() > 900, "{}", records.len());
    assert_eq!(records, &all(0..records.len())[..]);
    assert!(reject.contains("rejected: gzip ends early, at byte "), "{reject}");

    let mut flipped = packed.clone();
    let middle = packed.len() / 2;
    flipped[middle..middle + 8].copy_from_slice(&[0xff; 8]);
    let lines = told(&flipped);
    assert!(lines.len() > 900 && lines[..900] == all(0..900)[..]);
    assert!(lines.iter().any(|line| line.contains("gzip")), "{:?}", lines.last());

    let mut summed = gzip(&log_file(0..3));
    let sum = summed.len() - 8;
    summed[sum] ^= 1;
    let lines = told(&summed);
    assert_eq!(lines[..3], all(0..3));
    assert!(lines[3].contains("the gzip checksum at byte"), "{lines:?}");
}

#[test]
fn a_damaged_member_leaves_its_neighbours() {
    let [first, mut second, third] = [0..3, 3..6, 6..9].map(|numbers| gzip(&log_file(numbers)));
    second.truncate(second.len() / 3);
    let lines = told(&[first, second, third].concat());
    let ids: Vec<_> = lines.iter().filter_map(|line| line.split_once(" id-")).collect();
    let numbers: Vec<_> = ids.iter().map(|(_, number)| *number).collect();
    assert!(
        numbers.starts_with(&["0", "1", "2"]) && numbers.ends_with(&["6", "7", "8"]),
        "{lines:?}"
    );
    assert_eq!(lines.iter().filter(|line| line.contains("rejected")).count(), 1, "{lines:?}");
}

#[test]
fn garbage_behind_gzip_is_told() {
    let lines = told(&[gzip(&log_file(0..2)), b"garbage".to_vec()].concat());
    assert_eq!(lines[..2], all(0..2));
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[2].contains("what follows its gzip data at byte"), "{lines:?}");
    let lines = told(&[zstd(&log_file(0..2)), b"garbage".to_vec()].concat());
    assert_eq!(lines[..2], all(0..2));
    assert!(lines[2].contains("zstd"), "{lines:?}");
    let cut = zstd(&log_file(0..2));
    let lines = told(&cut[..cut.len() - 5]);
    assert!(lines.iter().any(|line| line.contains("incomplete frame")), "{lines:?}");
}

#[test]
fn bombs_are_stopped() {
    let limits = Limits { inflated_max: 1 << 20, ..Limits::default() };
    let spaces = format!("{}\n{}", record(0), " ".repeat(4 << 20)).into_bytes();
    for packed in
        [gzip(&spaces), zstd(&spaces), gzip(&gzip(&spaces)), tar(&[("a", &gzip(&spaces))])]
    {
        let lines = told_with(limits, &packed);
        assert!(lines[0].ends_with("#0 id-0"), "{lines:?}");
        assert!(lines[1].contains("inflates to more than 1048576 bytes"), "{lines:?}");
        assert_eq!(lines.len(), 3);
    }
    let best = flate2::Compression::best();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), best);
    bomb.write_all(&vec![b' '; 80 << 20]).unwrap();
    let lines = told(&bomb.finish().unwrap());
    assert!(lines[0].contains("as gzip bombs do"), "{lines:?}");
}

#[test]
fn archives_are_files_of_files() {
    let long = format!("{}/log.json.gz", "folder".repeat(30));
    let good = gzip(&log_file(0..2));
    let archive = tar(&[
        ("a.json", &log_file(2..3)),
        (&long, &good),
        ("._a.json", b"mac"),
        ("bad.gz", &good[..good.len() / 2]),
        ("notes.txt", b"hello"),
        ("z.zst", &zstd(&log_file(3..4))),
        ("empty", b""),
    ]);
    let expect = |lines: Vec<String>| {
        assert_eq!(lines[0], "f!a.json#0 id-2");
        assert_eq!(lines[1..3], [format!("f!{long}#0 id-0"), format!("f!{long}#1 id-1")]);
        let rest = lines[3..].join("\n");
        assert!(rest.contains("f!bad.gz at"), "{rest}");
        assert!(rest.contains("f!notes.txt#0 rejected: not CloudTrail"), "{rest}");
        assert!(rest.contains("f!z.zst#0 id-3"), "{rest}");
        assert!(rest.ends_with("f!empty is Empty"), "{rest}");
    };
    expect(told(&archive));
    expect(told(&gzip(&archive)));
    expect(told(&zstd(&archive)));
    let nested = told(&gzip(&tar(&[("b.tar.gz", &gzip(&archive))])));
    assert!(nested.iter().any(|line| line.contains("packed more than 3 times")), "{nested:?}");

    let lines = told(&archive[..700]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0], "f!a.json at 188 rejected: the archive ends inside this member");
    assert!(lines[1].starts_with("f rejected: damaged tar archive"), "{lines:?}");
    let joined = told(&[archive.clone(), tar(&[("b", &log_file(5..6))])].concat());
    assert_eq!(joined.last().unwrap(), "f!b#0 id-5");
    let lines = told(&archive[..1024]);
    assert!(lines[1].contains("has no end mark"), "{lines:?}");
    let mut broken = archive.clone();
    broken[1024 + 150] ^= 1;
    let lines = told(&broken);
    assert!(lines.last().unwrap().contains("damaged tar archive"), "{lines:?}");
    assert_eq!(lines[0], "f!a.json#0 id-2");
}

#[test]
fn hostile_archive_headers_are_harmless() {
    let mut header = tar::Header::new_gnu();
    header.set_path("huge").unwrap();
    header.set_size(u64::MAX / 4);
    header.set_cksum();
    let mut long = tar::Header::new_gnu();
    long.set_entry_type(tar::EntryType::GNULongName);
    long.set_size(1 << 40);
    long.set_cksum();
    for header in [header, long] {
        let lines = told(&[header.as_bytes().to_vec(), log_file(0..1)].concat());
        assert!(lines.len() <= 3, "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("rejected")), "{lines:?}");
    }
}

#[test]
fn other_packings_come_with_advice() {
    for (magic, advice) in [
        (&b"PK\x03\x04rest"[..], "unzip it"),
        (b"BZh91AY&SY", "bunzip2"),
        (b"\xfd7zXZ\0rest", "unxz"),
        (b"7z\xbc\xaf\x27\x1c", "unpack it"),
    ] {
        let lines = told(magic);
        assert!(lines.len() == 1 && lines[0].contains(advice), "{lines:?}");
    }
    assert_eq!(told(b""), ["f is Empty"]);
    assert_eq!(told(&gzip(b"")), ["f is Empty"]);
}

#[test]
fn streams_are_read_twice() {
    for size in [3, 40_000] {
        let content = log_file(0..size);
        let item = Item::stream("-".to_owned(), move || {
            Ok(Box::new(std::io::Cursor::new(content)) as Box<dyn Read + Send>)
        });
        let spill = folder();
        let mut reader = Reader::new(Limits::default(), spill.path().to_owned());
        let mut lines = Vec::new();
        for _ in 0..2 {
            let mut told = Told::default();
            reader.read(&item, &mut told);
            assert_eq!(told.lines.len(), size);
            lines.push(told.lines);
        }
        assert_eq!(lines[0], lines[1]);
        // What is kept on disk has no name, so that nothing stays behind however the process ends.
        assert_eq!(fs::read_dir(spill.path()).unwrap().count(), 0);
    }
    let failing = Item::stream("-".to_owned(), || Err(std::io::Error::other("gone")));
    let mut told = Told::default();
    reader().read(&failing, &mut told);
    assert!(told.lines[0].contains("cannot open it: gone"), "{:?}", told.lines);
}

#[test]
fn single_records_are_read_again() {
    let archive = tar(&[("a.gz", &gzip(&log_file(0..9))), ("b", &log_file(10..19)), ("c", b"x")]);
    let folder = folder();
    let path = folder.path().join("logs.tar");
    fs::write(&path, &archive).unwrap();
    let item = Item::file("logs.tar".to_owned(), path, archive.len() as u64);
    let wanted = Wanted::from([
        ("logs.tar!a.gz".to_owned(), [0, 7].into()),
        ("logs.tar!b".to_owned(), [3].into()),
    ]);
    let mut found = Vec::new();
    reader().fetch(&item, &wanted, &mut |file, number, bytes| {
        found.push((file.to_owned(), number, String::from_utf8(bytes.to_vec()).unwrap()));
    });
    let expected = [("logs.tar!a.gz", 0, 0), ("logs.tar!a.gz", 7, 7), ("logs.tar!b", 3, 13)]
        .map(|(file, number, id)| (file.to_owned(), number, record(id)));
    assert_eq!(found, expected);
}

#[test]
fn paths_become_items() {
    let folder = folder();
    let root = folder.path();
    for file in
        ["b/2.json.gz", "b/1.json.gz", "a.json", ".hidden/x.json", "b/.DS_Store", "c/d/e.txt"]
    {
        fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
        fs::write(root.join(file), "x").unwrap();
    }
    fs::create_dir(root.join("empty")).unwrap();
    std::os::unix::fs::symlink(root, root.join("b/loop")).unwrap();
    std::os::unix::fs::symlink(root.join("nowhere"), root.join("c/dangling")).unwrap();
    let under = |name: &str| root.join(name).to_string_lossy().into_owned();
    let names = |paths: &[&str]| {
        let paths: Vec<_> = paths.iter().map(|path| under(path)).collect();
        let (items, rejects) = expand(&paths);
        let strip = |name: &str| name.strip_prefix(&under("")).unwrap_or(name).to_owned();
        let items: Vec<_> = items.iter().map(|item| strip(&item.name)).collect();
        let rejects: Vec<_> = rejects
            .iter()
            .map(|reject| format!("{}: {}", strip(&reject.file), reject.cause))
            .collect();
        (items, rejects)
    };
    let (items, rejects) = names(&["", "a.json", "missing", "empty"]);
    assert_eq!(items, ["a.json", "b/1.json.gz", "b/2.json.gz", "c/d/e.txt"]);
    assert_eq!(rejects.len(), 3, "{rejects:?}");
    assert!(rejects[0].starts_with("c/dangling: cannot open it"), "{rejects:?}");
    assert!(rejects[1].starts_with("missing: cannot open it"), "{rejects:?}");
    assert!(rejects[2].starts_with("empty: holds no files"), "{rejects:?}");

    assert_eq!(names(&["b/*.gz"]).0, ["b/1.json.gz", "b/2.json.gz"]);
    assert_eq!(names(&["**/*.{txt,json}"]).0, ["a.json", "c/d/e.txt"]);
    assert_eq!(names(&["*.gz"]).1.len(), 1);
    assert!(names(&["b/[.gz"]).1[0].contains("no pattern either"));

    let (items, _) = expand(&["-".to_owned(), "-".to_owned()]);
    assert_eq!(items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["-"]);
    let mut told = Told::default();
    let gone = Item::file("gone".to_owned(), root.join("gone"), 1);
    reader().read(&gone, &mut told);
    assert!(told.lines[0].contains("gone rejected: cannot open it"), "{:?}", told.lines);
}

#[test]
fn members_shorter_than_they_claim_are_told() {
    let archive = tar(&[("a", &log_file(0..30))]);
    let lines = told(&archive[..2048]);
    assert_eq!(lines[..7], (0..7).map(|n| format!("f!a#{n} id-{n}")).collect::<Vec<_>>());
    assert!(lines[7].ends_with("the archive ends inside this member"), "{lines:?}");
    assert!(lines[8].starts_with("f rejected: damaged tar archive"), "{lines:?}");
}

/// Headers of members that never end, as close together as they can be.
#[test]
fn hostile_members_do_not_multiply() {
    let member = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255][..], &[0, 0xff, 0xff, 0, 0]].concat();
    let lines = told(&member.repeat(200_000));
    assert!(lines.len() < 2_100, "{}", lines.len());
    assert!(lines.iter().any(|line| line.contains("the rest is given up")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is overwritten or cut: no panic, an end, and nothing lost in silence.
    #[test]
    fn damage_is_survived_and_told(
        which in 0..5_usize,
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let plain = log_file(0..20);
        let mut content = match which {
            0 => gzip(&plain),
            1 => zstd(&plain),
            2 => gzip(&tar(&[("a", &plain), ("b", &gzip(&plain))])),
            3 => [gzip(&plain), gzip(&plain)].concat(),
            _ => tar(&[("a", &gzip(&plain)), ("b", &zstd(&plain))]),
        };
        let whole = told(&content).len();
        for (place, byte) in places {
            let place = place.index(content.len());
            content[place] = byte;
        }
        if let Some(cut) = cut {
            content.truncate(cut.index(content.len()).max(1));
        }
        let lines = told(&content);
        let read = lines.iter().filter(|line| line.contains(" id-")).count();
        let rejected = lines.iter().any(|line| line.contains("rejected"));
        // Bytes between members, in names and in times belong to no record.
        prop_assert!(read == whole || rejected, "{lines:?}");
    }
}
