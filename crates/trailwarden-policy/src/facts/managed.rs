//! The documents of AWS managed policies, packed into the program.
//!
//! AWS changes its managed policies without an event in anybody's trail and without asking. The
//! table is the state of one day ([`managed_date`]): a newer version may grant more or less, and a
//! policy that is not here is unknown, which says nothing about what it grants.

use std::sync::LazyLock;

use super::{compare, unpack};

/// An AWS managed policy as it was on the day of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ManagedPolicy {
    /// Its name, such as `AdministratorAccess`.
    pub name: &'static str,
    /// Its path, such as `/` or `/service-role/`.
    pub path: &'static str,
    /// The version that was the default, such as `v1`.
    pub version: &'static str,
    /// The day of that version, as `2015-02-06`.
    pub updated: &'static str,
    /// The document: JSON without white space.
    pub document: &'static str,
}

impl ManagedPolicy {
    /// Its ARN in a partition (`aws`, `aws-cn`, `aws-us-gov`, ...).
    #[must_use]
    pub fn arn(&self, partition: &str) -> String {
        format!("arn:{partition}:iam::aws:policy{}{}", self.path, self.name)
    }
}

const HEADING: &str = "trailwarden-managed\t1\t";

struct Table {
    date: &'static str,
    policies: Vec<ManagedPolicy>,
}

fn table() -> &'static Table {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| unpack(include_bytes!("../../data/managed.txt.zst")));
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        #[expect(
            clippy::expect_used,
            reason = "the text is part of the program; a test reads all of it"
        )]
        read(&TEXT).expect("the packed table of managed policies can be read")
    });
    &TABLE
}

fn read(text: &'static str) -> Option<Table> {
    let mut lines = text.lines();
    let date = lines.next()?.strip_prefix(HEADING)?;
    let policies = lines.map(|line| {
        let mut fields = line.splitn(5, '\t');
        Some(ManagedPolicy {
            name: fields.next()?,
            path: fields.next()?,
            version: fields.next()?,
            updated: fields.next()?,
            document: fields.next()?,
        })
    });
    Some(Table { date, policies: policies.collect::<Option<_>>()? })
}

/// All managed policies of the table, sorted by name. The table is unpacked at the first call.
#[must_use]
pub fn managed_policies() -> &'static [ManagedPolicy] {
    &table().policies
}

/// The day of the newest policy or version in the table.
#[must_use]
pub fn managed_date() -> &'static str {
    table().date
}

/// The managed policy of a name, or of an ARN in any partition; none when the table has none.
///
/// IAM compares names of policies without case, and their paths as they are.
#[must_use]
pub fn managed_policy(name_or_arn: &str) -> Option<&'static ManagedPolicy> {
    let Some(rest) = name_or_arn.strip_prefix("arn:") else {
        return by_name(name_or_arn);
    };
    let (_partition, rest) = rest.split_once(':')?;
    let path_and_name = rest.strip_prefix("iam::aws:policy")?;
    let (path, name) = path_and_name.split_at_checked(path_and_name.rfind('/')? + 1)?;
    by_name(name).filter(|policy| policy.path == path)
}

fn by_name(name: &str) -> Option<&'static ManagedPolicy> {
    let policies = managed_policies();
    let at = policies.binary_search_by(|policy| compare(policy.name, name)).ok()?;
    policies.get(at)
}
