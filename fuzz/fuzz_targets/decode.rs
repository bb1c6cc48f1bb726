//! Any bytes as a record: decoding never panics, and the skim agrees with the tree where it says so.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailwarden_record::{Event, Skim, redact};

fuzz_target!(|data: &[u8]| {
    let _ = Event::decode(data);
    let _ = redact::bytes(data);
    let Ok((skim, end)) = Skim::read(data, 0, 64) else { return };
    let record = data.get(..end).unwrap_or_default();
    let Ok(tree) = serde_json::from_slice::<serde_json::Value>(record) else { return };
    if skim.plain {
        assert_eq!(skim, Skim::of_value(&tree));
    }
});
