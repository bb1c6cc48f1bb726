//! Any bytes as a digest file, as a saved reply of `head-object` and as a list of public keys: reading
//! ends, and a digest without a proof is never valid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailwarden_record::integrity::chain::judge;
use trailwarden_record::integrity::{
    Digest, DigestName, Held, LogName, PublicKeys, Sha256, Stamp, Window,
};

fuzz_target!(|bytes: &[u8]| {
    let mut keys = PublicKeys::default();
    let _ = keys.add(bytes);
    let stamp = Stamp::parse(bytes).ok();
    let path = String::from_utf8_lossy(bytes).into_owned();
    let _ = (DigestName::parse(&path), LogName::parse(&path));
    let Ok(digest) = Digest::parse(bytes) else {
        return;
    };
    let content = Ok((digest, Sha256::of(bytes)));
    let held = [Held { path, content, is_in_place: true, stamp }];
    let judged = judge(&held, &keys, Window::default());
    assert!(!judged.verdicts.iter().any(|verdict| verdict.is_valid()));
});
