//! A record as one compact row: who, what kind, from where, and how it ended.
//!
//! Behaviour (windows, first sightings, dormancy) needs something of *every* record, and a tree of
//! every record costs ten times what reading it costs. So each record becomes a row of fixed size,
//! texts as hashes, with the place to read it again when a finding needs its words.

mod action;

use trailwarden_model::{AccountId, Outcome, Timestamp};
use wide::u8x16;

use crate::hash;
use crate::skim::{Skim, is_instance_id};

pub use action::{Action, ActionId, Actions, Call};

/// The one order of events: time, then what depends on what, then event id.
///
/// Times have a resolution of one second, and real logs hold a user's creation, its policy and its
/// key in one second in reverse. Without a total order two runs differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Order {
    /// Event time.
    pub time: Timestamp,
    /// Within a second: makes (0), makes for something made (1), the rest (2), takes off (3),
    /// deletes (4).
    pub rank: u8,
    /// The event id's 128 bits.
    pub id: u128,
}

/// Where a record stands: a file of the run and the record's number in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Place {
    /// Index into the run's list of files.
    pub file: u32,
    /// Number of the record in its file, from 0.
    pub record: u32,
}

/// Facts about a record, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(pub u16);

impl Flags {
    /// Authorization was refused.
    pub const DENIED: Self = Self(1);
    /// Another error.
    pub const FAILED: Self = Self(1 << 1);
    /// The call reads, by its name.
    pub const READS: Self = Self(1 << 2);
    /// The root user called.
    pub const ROOT: Self = Self(1 << 3);
    /// A session of an EC2 instance's role called.
    pub const INSTANCE_SESSION: Self = Self(1 << 4);
    /// AWS called, or a service did on somebody's behalf.
    pub const INVOKED_BY_SERVICE: Self = Self(1 << 5);
    /// The event id is no UUID, so its text must be read again.
    pub const ID_HASHED: Self = Self(1 << 6);
    /// An IAM user called.
    pub const USER: Self = Self(1 << 7);
    /// A role session called.
    pub const ROLE: Self = Self(1 << 8);
    /// The source address is an IP address, not a service's name.
    pub const FROM_ADDRESS: Self = Self(1 << 9);
    /// The source address is a private or link-local one: the call came through a VPC.
    pub const FROM_PRIVATE: Self = Self(1 << 10);
    /// A federated user (`GetFederationToken`) called.
    pub const FEDERATED: Self = Self(1 << 11);

    /// Whether all bits of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn set(&mut self, other: Self, on: bool) {
        if on {
            self.0 |= other.0;
        }
    }

    /// What became of the call.
    pub fn outcome(self) -> Outcome {
        if self.has(Self::DENIED) {
            Outcome::Denied
        } else if self.has(Self::FAILED) {
            Outcome::Failed
        } else {
            Outcome::Succeeded
        }
    }
}

/// A record's row. Hashes are those of [`hash::of`]; 0 means that the record does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Row {
    /// Its place in the total order.
    pub order: Order,
    /// Account number plus one; 0 when unknown.
    pub account: u64,
    /// The caller: see [`crate::skim::Identity::stable`], within its account.
    pub actor: u64,
    /// The access key that signed the call.
    pub key: u64,
    /// The temporary key that an STS call issued.
    pub issued: u64,
    /// The source address.
    pub address: u64,
    /// The call.
    pub action: ActionId,
    /// Where to read it again.
    pub place: Place,
    /// Autonomous system number of the address; 0 without a GeoIP database.
    pub asn: u32,
    /// ISO country of the address, two ASCII letters; zeros without a GeoIP database.
    pub country: [u8; 2],
    /// Facts.
    pub flags: Flags,
}

impl Row {
    /// The row of a skimmed record, whose bytes stand in for an event id where it has none.
    pub fn of(skim: &Skim<'_>, record: &[u8], call: Call, place: Place) -> Self {
        let identity = &skim.identity;
        let account = account_code(skim.account_id());
        let mut flags = call.flags();
        match skim.outcome() {
            Outcome::Succeeded => {}
            Outcome::Denied => flags.set(Flags::DENIED, true),
            Outcome::Failed => flags.set(Flags::FAILED, true),
        }
        let (id, session) = identity.id_and_session();
        match identity.kind.as_bytes() {
            b"AssumedRole" => {
                flags.set(Flags::ROLE, true);
                flags.set(Flags::INSTANCE_SESSION, is_instance_id(session));
            }
            b"IAMUser" => flags.set(Flags::USER, true),
            b"Root" => flags.set(Flags::ROOT, true),
            b"FederatedUser" => flags.set(Flags::FEDERATED, true),
            _ => {}
        }
        let by_service = !identity.invoked_by.is_empty() || identity.kind == "AWSService";
        flags.set(Flags::INVOKED_BY_SERVICE, by_service || skim.is_service_event);
        let (event, is_uuid) = match skim.event_id.is_empty() {
            true => (hash::wide_bytes(record), false),
            false => skim.event_key(),
        };
        flags.set(Flags::ID_HASHED, !is_uuid);
        flags.0 |= address_flags(skim.address.as_bytes()).0;
        Self {
            order: Order { time: skim.time, rank: call.rank, id: event },
            account,
            actor: actor(identity.stable_by(id).as_bytes(), identity.account.as_bytes()),
            key: hash::of_bytes(identity.access_key.as_bytes()),
            issued: hash::of_bytes(skim.issued_key.as_bytes()),
            address: hash::of_bytes(skim.address.as_bytes()),
            action: call.action,
            place,
            asn: 0,
            country: [0; 2],
            flags,
        }
    }

    /// The account, when known.
    pub fn account_id(&self) -> Option<AccountId> {
        self.account.checked_sub(1).and_then(AccountId::from_number)
    }

    /// Event time.
    pub fn time(&self) -> Timestamp {
        self.order.time
    }
}

fn account_code(account: Option<AccountId>) -> u64 {
    account.map_or(0, |account| account.number() + 1)
}

/// The hash that stands for a principal: its stable id within its own account.
pub fn actor(stable: &[u8], account: &[u8]) -> u64 {
    if stable.is_empty() { 0 } else { hash::pair(hash::of_bytes(stable), hash::of_bytes(account)) }
}

/// Whether a source address is an IP address, and whether a private one.
///
/// Anonymised logs hold octets with leading zeros, which are addresses for us all the same.
#[inline]
fn address_flags(address: &[u8]) -> Flags {
    // Service names and `AWS Internal` end in a letter; an IPv4 address is digits and dots.
    if let Some(octets) = ipv4(address) {
        let private = match octets {
            [10 | 127, _] | [192, 168] | [169, 254] => true,
            [172, second] => (16..32).contains(&second),
            _ => false,
        };
        return if private {
            Flags::FROM_ADDRESS.and(Flags::FROM_PRIVATE)
        } else {
            Flags::FROM_ADDRESS
        };
    }
    if !address.contains(&b':') {
        return Flags::default();
    }
    match std::str::from_utf8(address).unwrap_or_default().parse::<std::net::Ipv6Addr>() {
        Ok(ip) if ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback() => {
            Flags::FROM_ADDRESS.and(Flags::FROM_PRIVATE)
        }
        Ok(_) => Flags::FROM_ADDRESS,
        Err(_) => Flags::default(),
    }
}

/// The first two of four decimal octets, leading zeros allowed; those above 255 are kept at 255.
#[inline]
fn ipv4(address: &[u8]) -> Option<[u8; 2]> {
    let mut chunk = [0; 16];
    if !matches!(address.len(), 7..=15) {
        return None;
    }
    // All bytes at once: where a dot stands is not foreseen.
    chunk.get_mut(..address.len())?.copy_from_slice(address);
    let chunk = u8x16::new(chunk);
    let dots = chunk.simd_eq(u8x16::splat(b'.')).to_bitmask();
    let values = chunk - u8x16::splat(b'0');
    let digits = values.simd_eq(values.min(u8x16::splat(9))).to_bitmask();
    let others = !digits & ((1 << address.len()) - 1);
    if dots != others || dots.count_ones() != 3 {
        return None;
    }
    let after = |dots: u32| dots & dots.wrapping_sub(1);
    let place = |dots: u32| dots.trailing_zeros() as usize;
    let (first, second, third) = (place(dots), place(after(dots)), place(after(after(dots))));
    let lengths = [first, second - first - 1, third - second - 1, address.len() - third - 1];
    if !lengths.iter().all(|length| matches!(length, 1..=3)) {
        return None;
    }
    let octet = |digits: &[u8]| {
        let value = digits.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'));
        u8::try_from(value).unwrap_or(u8::MAX)
    };
    Some([octet(address.get(..first)?), octet(address.get(first + 1..second)?)])
}

/// The causal rank within one second.
pub fn rank(service: &str, name: &str) -> u8 {
    /// What holds other things, which are made after it and deleted before it.
    const WHOLES: [&str; 9] = [
        "User",
        "Group",
        "Role",
        "Policy",
        "InstanceProfile",
        "VirtualMFADevice",
        "SAMLProvider",
        "OpenIDConnectProvider",
        "TrustAnchor",
    ];
    let is_iam = service == "iam" || service == "rolesanywhere";
    let is_whole =
        |verb| is_iam && name.strip_prefix(verb).is_some_and(|kind| WHOLES.contains(&kind));
    if is_whole("Create") {
        0
    } else if name.starts_with("Create") || name.starts_with("Upload") {
        1
    } else if is_whole("Delete") || (name.starts_with("Delete") && !is_iam) {
        4
    } else if ["Delete", "Detach", "Remove", "Deactivate", "Disable"]
        .iter()
        .any(|verb| name.starts_with(verb))
    {
        3
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_a_second_things_are_made_before_they_are_used_and_deleted_last() {
        let order = |name| rank("iam", name);
        assert!(order("CreateUser") < order("CreateAccessKey"));
        assert!(order("CreateAccessKey") < order("AttachUserPolicy"));
        assert!(order("AttachUserPolicy") < order("DetachUserPolicy"));
        assert!(order("DetachUserPolicy") < order("DeleteUser"));
        // AWS deletes nothing that still holds something (IAM API Reference, DeletePolicy, DeleteRole).
        assert!(order("DeletePolicyVersion") < order("DeletePolicy"));
        assert!(order("DeleteRolePolicy") < order("DeleteRole"));
        assert!(order("PutRolePolicy") < order("DeleteRolePolicy"));
        assert_eq!(rank("cloudtrail", "DeleteTrail"), order("DeleteUser"));
    }

    #[test]
    fn addresses_are_told_from_service_names() {
        let kind = |address: &str| address_flags(address.as_bytes());
        let numbers =
            ["1.2.3", "1.2.3.4.5", "1..2.3", "1.2.3.", ".1.2.3.4", "1.2.3.4444", "1.2.3.4a"];
        for name in numbers.into_iter().chain(["cloudtrail.amazonaws.com", "AWS Internal", ""]) {
            assert_eq!(kind(name), Flags::default(), "{name}");
        }
        for public in ["075.050.255.67", "08.1.250.216", "172.32.0.1", "2001:db8::1"] {
            assert_eq!(kind(public), Flags::FROM_ADDRESS, "{public}");
        }
        for private in ["10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "fd00::1"] {
            assert_eq!(kind(private), Flags::FROM_ADDRESS.and(Flags::FROM_PRIVATE), "{private}");
        }
    }

    #[test]
    fn actions_keep_their_number() {
        let actions = Actions::default();
        let first = actions.intern("iam.amazonaws.com", "CreateUser");
        assert_eq!(first, actions.intern("iam.amazonaws.com", "CreateUser"));
        assert_ne!(first, actions.intern("identitystore.amazonaws.com", "CreateUser"));
        assert_eq!(actions.get(first).service, "iam");
        assert_eq!(actions.get(ActionId::OVERFLOW), Action::default());
    }
}
