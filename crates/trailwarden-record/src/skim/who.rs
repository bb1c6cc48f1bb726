//! The caller of a record as compact numbers.

use super::Identity;
use crate::hash;
use crate::row::{self, Flags};

/// Who called, by hash: see [`Row`](crate::Row).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Who {
    /// The caller: see [`Identity::stable`], within its account; 0 for nobody.
    pub actor: u64,
    /// The access key that signed the call; 0 for none.
    pub key: u64,
    /// What kind of caller it is.
    pub flags: Flags,
}

impl Who {
    /// The numbers of an identity.
    pub fn of(identity: &Identity<'_>) -> Self {
        let mut flags = Flags::default();
        match identity.kind.as_bytes() {
            b"AssumedRole" => {
                flags.set(Flags::ROLE, true);
                flags.set(Flags::INSTANCE_SESSION, identity.is_instance_session());
            }
            b"IAMUser" => flags.set(Flags::USER, true),
            b"Root" => flags.set(Flags::ROOT, true),
            b"FederatedUser" => flags.set(Flags::FEDERATED, true),
            b"AWSService" => flags.set(Flags::INVOKED_BY_SERVICE, true),
            _ => {}
        }
        flags.set(Flags::INVOKED_BY_SERVICE, !identity.invoked_by.is_empty());
        Self {
            actor: row::actor(identity.stable().as_bytes(), identity.account.as_bytes()),
            key: hash::of_bytes(identity.access_key.as_bytes()),
            flags,
        }
    }
}
