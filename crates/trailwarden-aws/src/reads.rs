//! The closed list of what may be asked: every operation reads, and each names the permission it needs.
//!
//! # Invariants
//! - Only what stands in [`ALL`] and [`OF_PLANS`] can be sent; a [`Read`] cannot be made outside this crate.
//! - Each operation's name begins with a verb that reads; two of IAM's make something, a report of
//!   credentials or of services used, which IAM keeps for some hours (`reads/tests.rs`).
//!
//! Sources: the API references of the services; Service Authorization Reference for the actions, which
//! for S3 differ from the operations' names.

mod plans;
mod row;
pub(crate) mod services;
mod table;
#[cfg(test)]
mod tests;

pub use plans::OF_PLANS;
pub use table::ALL;

/// An operation that reads.
#[derive(Debug)]
pub struct Read {
    pub(crate) api: &'static str,
    pub(crate) action: Option<&'static str>,
    pub(crate) service: &'static Service,
    pub(crate) place: Place,
    pub(crate) pages: Option<&'static Pages>,
    pub(crate) absent: &'static [&'static str],
    pub(crate) part: Part,
    pub(crate) why: &'static str,
}

/// For what something is asked: a part of a baseline, or logs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// The account itself.
    Core,
    /// What stands around it.
    Full,
    /// Which accounts there are.
    Accounts,
    /// What happened, without a trail.
    History,
    /// What trails delivered to a bucket.
    Bucket,
    /// What proves that log files are as they were delivered.
    Integrity,
    /// What a plan takes for granted.
    Plan,
}

/// A service, and how it is spoken to.
#[derive(Debug)]
pub(crate) struct Service {
    /// As signatures name it.
    pub(crate) name: &'static str,
    /// As its host begins.
    pub(crate) host: &'static str,
    pub(crate) protocol: Protocol,
    /// How many requests a second are made at most.
    pub(crate) per_second: u32,
}

/// How requests and replies are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Protocol {
    /// A form, and XML back.
    Query { version: &'static str },
    /// The same, and XML of another form back.
    Ec2 { version: &'static str },
    /// JSON with the operation in a header.
    Json { target: &'static str, version: &'static str },
    /// A path with JSON, or with parameters in the query.
    RestJson,
    /// S3: a path, and XML or JSON back.
    S3,
}

/// Where a REST operation lies; the other protocols need none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The operation's name says it.
    Name,
    /// `GET` of a path, parameters in the query.
    Get(&'static str),
    /// `POST` to a path, parameters as JSON.
    Post(&'static str),
    /// `GET` of a path, the account in the host and in a header.
    Account(&'static str),
    /// `GET` of a part of a bucket.
    Bucket(&'static str),
    /// `GET` of a list of what lies in a bucket.
    Objects,
    /// `GET` of what lies there.
    Object,
}

/// How long answers are cut.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Pages {
    /// The parameter that asks for the next page.
    pub(crate) ask: &'static str,
    /// The member that tells it.
    pub(crate) told: &'static str,
    /// The parameter for the length of a page, and the most that is allowed.
    pub(crate) size: Option<(&'static str, u32)>,
}

impl Read {
    /// The service's prefix in policies, and the operation: `iam:GetAccountSummary`.
    #[must_use]
    pub fn api(&self) -> &'static str {
        self.api
    }

    /// The permission that it needs; none for what everybody may ask.
    #[must_use]
    pub fn action(&self) -> Option<&'static str> {
        self.action
    }

    /// What it is asked for.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// What the answer is for.
    #[must_use]
    pub fn why(&self) -> &'static str {
        self.why
    }

    pub(crate) fn service(&self) -> &'static Service {
        self.service
    }

    /// The operation without its service.
    pub(crate) fn operation(&self) -> &'static str {
        self.api.split_once(':').map_or(self.api, |(_, operation)| operation)
    }
}

/// The operation of that name, such as `iam:GetAccountSummary`.
#[must_use]
pub fn find(api: &str) -> Option<&'static Read> {
    ALL.iter().chain(OF_PLANS).find(|read| read.api == api)
}
