//! Parts of users and roles, and of the world around trails, that findings are about.

use serde_json::Value;

use super::Known;

/// A tag of a user or role, with its value as it is; what it was is the subject's `before`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Its key, as it is written now.
    pub key: String,
    /// Its value.
    pub value: Known<String>,
}

/// A bucket and its policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: Option<String>,
    /// Its policy.
    pub policy: Known<String>,
    /// Its block of public access, as `GetPublicAccessBlock` tells.
    pub public_access_block: Known<Value>,
}
