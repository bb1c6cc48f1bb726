//! A row in a run, and its bytes on disk.

use std::io::{Read, Write};

use trailwarden_model::Timestamp;
use trailwarden_record::Row;
use trailwarden_record::row::{ActionId, Flags, Order, Place};

const ROW_BYTES: usize = 96;

/// A row, and where what is kept of its record stands in the arena.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) row: Row,
    pub(super) at: u32,
    pub(super) record_length: u32,
    pub(super) matches_length: u32,
}

/// Bytes of a slot on disk.
pub(super) const HEAD_BYTES: usize = ROW_BYTES + 8;

pub(super) fn encode(slot: &Slot) -> [u8; HEAD_BYTES] {
    let row = &slot.row;
    let mut out = [0; HEAD_BYTES];
    let mut writer = &mut out[..];
    let mut put = |bytes: &[u8]| {
        // The parts add up to HEAD_BYTES; a test encodes and decodes every field.
        let _ = writer.write_all(bytes);
    };
    put(&row.order.id.to_le_bytes());
    put(&row.order.time.seconds().to_le_bytes());
    for number in [row.account, row.actor, row.key, row.issued, row.address] {
        put(&number.to_le_bytes());
    }
    for number in [row.action.0, row.place.file, row.place.record, row.asn] {
        put(&number.to_le_bytes());
    }
    put(&row.country);
    put(&row.flags.0.to_le_bytes());
    put(&[row.order.rank, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    put(&slot.record_length.to_le_bytes());
    put(&slot.matches_length.to_le_bytes());
    out
}

pub(super) fn decode(head: &[u8; HEAD_BYTES]) -> Slot {
    let mut reader = &head[..];
    fn take<const N: usize>(reader: &mut &[u8]) -> [u8; N] {
        let mut out = [0; N];
        let _ = reader.read_exact(&mut out);
        out
    }
    let id = u128::from_le_bytes(take(&mut reader));
    let time = Timestamp::from_seconds(i64::from_le_bytes(take(&mut reader)));
    let [account, actor, key, issued, address] =
        [(); 5].map(|()| u64::from_le_bytes(take(&mut reader)));
    let [action, file, record, asn] = [(); 4].map(|()| u32::from_le_bytes(take(&mut reader)));
    let country = take(&mut reader);
    let flags = Flags(u16::from_le_bytes(take(&mut reader)));
    let [rank, ..] = take::<12>(&mut reader);
    let record_length = u32::from_le_bytes(take(&mut reader));
    let matches_length = u32::from_le_bytes(take(&mut reader));
    let row = Row {
        order: Order { time, rank, id },
        account,
        actor,
        key,
        issued,
        address,
        action: ActionId(action),
        place: Place { file, record },
        asn,
        country,
        flags,
    };
    Slot { row, at: 0, record_length, matches_length }
}

/// The order of the row that is encoded in these bytes.
pub(super) fn order_in(head: &[u8; HEAD_BYTES]) -> Order {
    decode(head).row.order
}
