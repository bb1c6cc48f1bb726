//! Any bytes, in any windows: the walk ends, passes everything, and windows do not show.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailwarden_record::Skim;
use trailwarden_record::envelope::{Place, Sink, Walker};
use trailwarden_record::limits::Limits;
use trailwarden_record::scan::Stop;

#[derive(Default, PartialEq, Debug)]
struct Taken(Vec<(Place, String)>);

impl Sink for Taken {
    fn record(&mut self, bytes: &[u8], start: usize, place: Place) -> Result<usize, Stop> {
        let (skim, end) = Skim::read(bytes, start, 64)?;
        self.0.push((place, skim.event_id.to_string()));
        Ok(end)
    }

    fn reject(&mut self, place: Place, cause: String) {
        self.0.push((place, cause));
    }
}

fuzz_target!(|data: &[u8]| {
    let limits = Limits {
        record_max: 4_000,
        packed_max: 100_000,
        inflated_max: 1_000_000,
        depth_max: 64,
        ..Limits::default()
    };
    let size = data.first().map_or(1, |byte| usize::from(*byte) + 1);
    let mut whole = Taken::default();
    assert_eq!(Walker::new(limits).feed(data, true, &mut whole), data.len());
    let mut parts = Taken::default();
    let mut walker = Walker::new(limits);
    let (mut window, mut rest) = (Vec::new(), data);
    loop {
        let (now, later) = rest.split_at(size.min(rest.len()));
        window.extend_from_slice(now);
        rest = later;
        let done = walker.feed(&window, rest.is_empty(), &mut parts);
        window.drain(..done);
        if rest.is_empty() {
            break;
        }
    }
    assert_eq!(whole, parts);
});
