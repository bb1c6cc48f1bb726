//! A row in a run, and its bytes on disk.
//!
//! What every row has stands in a head of one length. What few have comes behind it, and the head says
//! what: all that is spilled is copied several times on its way to the disk and back.

use std::io::{self, Read, Write};

use trailwarden_model::Timestamp;
use trailwarden_record::Row;
use trailwarden_record::row::{ActionId, Flags, Order, Place};

/// A row, and where what is kept of its record stands in the arena.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) row: Row,
    pub(super) at: u32,
    pub(super) record_length: u32,
    pub(super) matches_length: u32,
}

/// Bytes that every slot has on disk.
pub(super) const HEAD_BYTES: usize = 72;

/// The row issued a key.
const ISSUED: u8 = 1;
/// It has a country or a network.
const ORIGIN: u8 = 1 << 1;
/// Something is kept of its record.
const KEPT: u8 = 1 << 2;

/// Writes a slot, without what is kept of its record.
pub(super) fn encode(slot: &Slot, out: &mut impl Write) -> io::Result<()> {
    let row = &slot.row;
    let has_origin = row.asn != 0 || row.country != [0; 2];
    let is_kept = slot.record_length != 0 || slot.matches_length != 0;
    let more = (u8::from(row.issued != 0) * ISSUED)
        | (u8::from(has_origin) * ORIGIN)
        | (u8::from(is_kept) * KEPT);
    let mut head = [0; HEAD_BYTES];
    let mut writer = &mut head[..];
    let mut put = |bytes: &[u8]| {
        // The parts add up to HEAD_BYTES; a test encodes and decodes every field.
        let _ = writer.write_all(bytes);
    };
    put(&row.order.id.to_le_bytes());
    put(&row.order.time.seconds().to_le_bytes());
    for number in [row.account, row.actor, row.key, row.address] {
        put(&number.to_le_bytes());
    }
    for number in [row.action.0, row.place.file, row.place.record] {
        put(&number.to_le_bytes());
    }
    put(&row.flags.0.to_le_bytes());
    put(&[row.order.rank, more]);
    out.write_all(&head)?;
    if more == 0 {
        return Ok(());
    }
    if more & ISSUED != 0 {
        out.write_all(&row.issued.to_le_bytes())?;
    }
    if more & ORIGIN != 0 {
        out.write_all(&row.asn.to_le_bytes())?;
        out.write_all(&row.country)?;
    }
    if more & KEPT != 0 {
        out.write_all(&slot.record_length.to_le_bytes())?;
        out.write_all(&slot.matches_length.to_le_bytes())?;
    }
    Ok(())
}

/// The slot of a head, with what comes behind it.
pub(super) fn decode(head: &[u8; HEAD_BYTES], behind: &mut impl Read) -> io::Result<Slot> {
    let (mut slot, more) = of_head(head);
    if more == 0 {
        return Ok(slot);
    }
    if more & ISSUED != 0 {
        slot.row.issued = u64::from_le_bytes(taken(behind)?);
    }
    if more & ORIGIN != 0 {
        slot.row.asn = u32::from_le_bytes(taken(behind)?);
        slot.row.country = taken(behind)?;
    }
    if more & KEPT != 0 {
        slot.record_length = u32::from_le_bytes(taken(behind)?);
        slot.matches_length = u32::from_le_bytes(taken(behind)?);
    }
    Ok(slot)
}

/// The order of the row whose head this is.
pub(super) fn order_in(head: &[u8; HEAD_BYTES]) -> Order {
    of_head(head).0.row.order
}

/// What a head says, and what comes behind it.
fn of_head(head: &[u8; HEAD_BYTES]) -> (Slot, u8) {
    let mut reader = &head[..];
    fn take<const N: usize>(reader: &mut &[u8]) -> [u8; N] {
        let mut out = [0; N];
        let _ = reader.read_exact(&mut out);
        out
    }
    let id = u128::from_le_bytes(take(&mut reader));
    let time = Timestamp::from_seconds(i64::from_le_bytes(take(&mut reader)));
    let [account, actor, key, address] = [(); 4].map(|()| u64::from_le_bytes(take(&mut reader)));
    let [action, file, record] = [(); 3].map(|()| u32::from_le_bytes(take(&mut reader)));
    let flags = Flags(u16::from_le_bytes(take(&mut reader)));
    let [rank, more] = take(&mut reader);
    let row = Row {
        order: Order { time, rank, id },
        account,
        actor,
        key,
        issued: 0,
        address,
        action: ActionId(action),
        place: Place { file, record },
        asn: 0,
        country: [0; 2],
        flags,
    };
    (Slot { row, at: 0, record_length: 0, matches_length: 0 }, more)
}

fn taken<const N: usize>(behind: &mut impl Read) -> io::Result<[u8; N]> {
    let mut out = [0; N];
    behind.read_exact(&mut out)?;
    Ok(out)
}
