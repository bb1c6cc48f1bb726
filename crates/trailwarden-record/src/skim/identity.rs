//! Who called, in the few fields that select work.

use wide::u8x16;

use super::Text;

/// The selecting fields of `userIdentity`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Identity<'a> {
    /// `type`.
    pub kind: Text<'a>,
    /// `principalId`.
    pub principal_id: Text<'a>,
    /// `arn`.
    pub arn: Text<'a>,
    /// `accountId`.
    pub account: Text<'a>,
    /// `accessKeyId`.
    pub access_key: Text<'a>,
    /// `userName`.
    pub user_name: Text<'a>,
    /// `invokedBy`.
    pub invoked_by: Text<'a>,
    /// `sessionContext.sessionIssuer.arn`.
    pub issuer_arn: Text<'a>,
}

impl<'a> Identity<'a> {
    /// What stays the same for one principal: the unique id without a session's name, else the
    /// issuing role, else the ARN, else the service. Empty when the record names nobody.
    ///
    /// Names change (`UpdateUser`), ids do not; a role's sessions share the role's id.
    #[inline]
    pub fn stable(&self) -> Text<'a> {
        self.stable_by(self.id_and_session().0)
    }

    /// The same, where the id is at hand.
    #[inline]
    pub(crate) fn stable_by(&self, id: Text<'a>) -> Text<'a> {
        if !id.is_empty() && self.kind != "Root" && self.kind != "FederatedUser" {
            return id;
        }
        if self.kind == "Root" {
            return self.account;
        }
        if self.kind == "FederatedUser" {
            return self.arn;
        }
        [self.issuer_arn, self.arn, self.user_name, self.invoked_by, self.account]
            .into_iter()
            .find(|part| !part.is_empty())
            .unwrap_or_default()
    }

    /// Whether this is a session of an EC2 instance's role: its name is the instance id.
    pub fn is_instance_session(&self) -> bool {
        is_instance_id(self.id_and_session().1)
    }

    /// `principalId` at its first colon; the session is empty when there is none.
    #[inline]
    pub(crate) fn id_and_session(&self) -> (Text<'a>, Text<'a>) {
        let id = self.principal_id.0;
        let Some(colon) = first_colon(id) else {
            return (self.principal_id, Text::default());
        };
        let (id, session) = id.split_at_checked(colon).unwrap_or_default();
        let session = session.get(1..).unwrap_or_default();
        let end = first_colon(session).unwrap_or(session.len());
        (Text(id), Text(session.get(..end).unwrap_or_default()))
    }
}

/// Where the first colon stands. It is asked twice of each record, for texts of some thirty bytes, for which
/// choosing the best search for long ones takes longer than this one.
#[inline]
fn first_colon(bytes: &[u8]) -> Option<usize> {
    let found = |chunk: &[u8; 16]| {
        let colons = u8x16::new(*chunk).simd_eq(u8x16::splat(b':')).to_bitmask();
        (colons != 0).then(|| colons.trailing_zeros() as usize)
    };
    let mut rest = bytes;
    while let Some((chunk, later)) = rest.split_first_chunk() {
        if let Some(place) = found(chunk) {
            return Some(bytes.len() - rest.len() + place);
        }
        rest = later;
    }
    match bytes.last_chunk() {
        // What was looked at before holds none.
        Some(last) => found(last).map(|place| bytes.len() - 16 + place),
        None => rest.iter().position(|byte| *byte == b':'),
    }
}

/// Whether a session is named for an EC2 instance.
#[inline]
pub(crate) fn is_instance_id(session: Text<'_>) -> bool {
    let Some(id) = session.0.strip_prefix(b"i-") else { return false };
    matches!(id.len(), 8 | 17) && id.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_colon_is_found_wherever_it_stands() {
        for length in 0..50 {
            let mut text = vec![b'a'; length];
            assert_eq!(first_colon(&text), None);
            for place in (0..length).rev() {
                text[place] = b':';
                assert_eq!(first_colon(&text), Some(place));
            }
        }
    }
}
