//! Country and network of an address, from databases in the MaxMind format.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use foldhash::HashMap;

/// Databases given with `--geoip`; a country (or city) and an ASN database may be given together.
#[derive(Clone)]
pub struct GeoIp {
    readers: Arc<[maxminddb::Reader<Vec<u8>>]>,
}

/// A database could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the GeoIP database `{path}`; it must be a file in MaxMind's .mmdb format")]
pub struct GeoIpError {
    path: String,
    #[source]
    source: maxminddb::MaxMindDbError,
}

/// What is known of an address; zeros for what is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Origin {
    /// ISO country code, two ASCII letters.
    pub country: [u8; 2],
    /// Autonomous system number.
    pub asn: u32,
}

impl GeoIp {
    /// Opens databases.
    pub fn open(paths: &[impl AsRef<Path>]) -> Result<Self, GeoIpError> {
        let mut readers = Vec::new();
        for path in paths {
            let path = path.as_ref();
            readers.push(
                maxminddb::Reader::open_readfile(path)
                    .map_err(|source| GeoIpError { path: path.display().to_string(), source })?,
            );
        }
        Ok(Self { readers: readers.into() })
    }

    /// Looks an address up in every database.
    pub fn look_up(&self, address: IpAddr) -> Origin {
        let mut origin = Origin::default();
        for reader in self.readers.iter() {
            let Ok(found) = reader.lookup(address) else { continue };
            if let Ok(Some(code)) =
                found.decode_path::<&str>(&maxminddb::path!["country", "iso_code"])
                && let &[first, second] = code.as_bytes()
            {
                origin.country = [first, second];
            }
            if let Ok(Some(asn)) =
                found.decode_path::<u32>(&maxminddb::path!["autonomous_system_number"])
            {
                origin.asn = asn;
            }
        }
        origin
    }
}

/// A worker's memory of addresses, so that busy ones are looked up once.
#[derive(Default)]
pub struct GeoCache {
    known: HashMap<u64, Origin>,
}

/// How many addresses a worker remembers.
const KNOWN_MAX: usize = 100_000;

impl GeoCache {
    /// The origin of an address given as text, with its hash.
    pub fn origin(&mut self, geoip: &GeoIp, hash: u64, address: &str) -> Origin {
        if let Some(origin) = self.known.get(&hash) {
            return *origin;
        }
        let origin = address.parse().map(|address| geoip.look_up(address)).unwrap_or_default();
        if self.known.len() >= KNOWN_MAX {
            self.known.clear();
        }
        self.known.insert(hash, origin);
        origin
    }
}
