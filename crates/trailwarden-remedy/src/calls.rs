//! The closed table of calls that a plan may make, and all that is to be known of each.
//!
//! A row says what a call takes, which question shows that it worked, how it is taken back, what it
//! needs, and how the console and Terraform say the same. Plans, the checks before and after a call,
//! and all renderings follow from it; none of them knows a call by name.
//!
//! # Invariants
//! - Nothing outside [`all`] stands in a plan ([`crate::Plan::check`]).
//! - A call whose undo is [`Undo::Never`] says why.
//!
//! Sources: the API references of IAM, CloudTrail and Amazon S3; Service Authorization Reference.

mod buckets;
mod grants;
mod identities;
mod kinds;
mod names;
mod passwords;
mod policies;
mod shown;
mod tags;
mod taking;
mod trails;
mod undone;

pub use kinds::Kind;
pub use names::{flag, method};
pub use passwords::PASSWORD_POLICY;
pub use shown::{given, shown};
pub use taking::{Takes, Taking, same_language, statements_in, taking};
pub(crate) use undone::restorable;
pub use undone::{Before, Undone, undone};

/// A call.
#[derive(Debug)]
pub struct Call {
    /// The service, as the AWS CLI calls it, but `s3` where that says `s3api`.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// The question whose answer shows that it worked.
    pub shows: Shows,
    /// How it is taken back.
    pub undo: Undo,
    /// Whether it takes access away.
    pub takes: Takes,
    /// The permission: action, and resource with `{Parameter}` where a name stands.
    pub permission: (&'static str, &'static str),
    /// How Terraform says it.
    pub terraform: Terraform,
    /// Where the console has it, with `{Parameter}` where a name stands.
    pub console: &'static str,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether the call cannot be made without.
    pub is_required: bool,
}

/// The question that shows that a call worked.
#[derive(Clone, Copy, Debug)]
pub enum Shows {
    /// A question, with the call's parameters under the question's own names.
    Asked {
        /// The operation.
        read: &'static str,
        /// The question's parameter, and the call's.
        with: &'static [(&'static str, &'static str)],
        /// Where in the answer.
        path: &'static [At],
        /// What is there.
        held: Held,
    },
    /// Only the call's own reply.
    Reply {
        /// The members of it that are secret: told once, to whoever asked for them, and never kept.
        reveals: &'static [&'static [&'static str]],
    },
}

/// A step into an answer.
#[derive(Clone, Copy, Debug)]
pub enum At {
    /// A member.
    Member(&'static str),
    /// The item whose member has the value of a parameter; see [`given`].
    Where(&'static str, &'static str),
}

/// What is at the place.
#[derive(Clone, Copy, Debug)]
pub enum Held {
    /// The value of a parameter; see [`given`].
    Value(&'static str),
    /// The document that a parameter gave.
    Document(&'static str),
    /// A flag.
    Flag(bool),
    /// Members: the call's parameter, and the answer's member. Only those that were given.
    Members(&'static [(&'static str, &'static str)]),
    /// The same of a call that resets what it is not given, and what is then at other places.
    Whole(&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str, Unset)]),
    /// Something.
    Present,
    /// Nothing.
    Absent,
}

/// What an answer has of a parameter that was not given.
#[derive(Clone, Copy, Debug)]
pub enum Unset {
    /// Nothing.
    Absent,
    /// A flag that is off.
    Off,
}

/// How a call is taken back.
#[derive(Clone, Copy, Debug)]
pub enum Undo {
    /// By the same call with these parameters as they were, or by another where nothing was.
    Restore {
        /// The parameters that are restored; the others stay.
        parameters: &'static [&'static str],
        /// The call where nothing was.
        absent: Option<&'static str>,
    },
    /// By another call.
    By {
        /// The operation.
        operation: &'static str,
        /// Its parameters: the other call's name, and where the value is from.
        with: &'static [(&'static str, From)],
        /// What of the state is not brought back.
        volatile: &'static [&'static str],
        /// What a reader should know.
        reason: Option<&'static str>,
    },
    /// By the same call with the one item of a parameter as it was, or by another where there was none.
    Item {
        /// The parameter.
        parameter: &'static str,
        /// The call where there was none.
        absent: &'static str,
        /// That call's list of one name, and where the name is; see [`given`].
        named: (&'static str, &'static str),
    },
    /// By nothing, and why.
    Never(&'static str),
}

/// Where a parameter of an undo comes from.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// A parameter of the call.
    Parameter(&'static str),
    /// What was before.
    Before(&'static str),
    /// What the call replied.
    Reply(&'static [&'static str]),
    /// A secret that is made then.
    Made,
    /// Yes.
    True,
}

/// How Terraform says a call.
#[derive(Clone, Copy, Debug)]
pub enum Terraform {
    /// By arguments of a resource.
    Resource {
        /// Its type.
        kind: &'static str,
        /// Its arguments, and the parameters that they hold.
        arguments: &'static [(&'static str, Filled)],
        /// The id for an import, with `{Parameter}` where a name stands.
        import: &'static str,
        /// Arguments of an imported resource that are left as they are.
        ignores: &'static [&'static str],
    },
    /// By removing a resource from where it is managed; Terraform removes nothing else.
    Removed {
        /// Its type.
        kind: &'static str,
        /// Its id.
        import: &'static str,
    },
    /// Not at all, and why.
    None(&'static str),
}

/// What an argument of a resource holds.
#[derive(Clone, Copy, Debug)]
pub enum Filled {
    /// The value of a parameter, left out when that was not given.
    Parameter(&'static str),
    /// The value of a parameter of a call that resets what it is not given, else this.
    Else(&'static str, &'static str),
    /// A flag.
    Flag(bool),
    /// A member of the structure that a parameter gave.
    Member(&'static str, &'static str),
    /// A list of the one value of a parameter.
    Listed(&'static str),
    /// What a precondition says that a member is.
    Known(&'static str),
    /// A block for each item of the structure that a parameter gave.
    Blocks(&'static str),
}

impl Call {
    /// The parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// The secret members of its reply, as ways into it.
    #[must_use]
    pub fn reveals(&self) -> &'static [&'static [&'static str]] {
        match self.shows {
            Shows::Reply { reveals } => reveals,
            Shows::Asked { .. } => &[],
        }
    }
}

/// All calls.
pub fn all() -> impl Iterator<Item = &'static Call> {
    let grants = grants::USERS.iter().chain(grants::GROUPS).chain(grants::ROLES);
    let identities = policies::ALL.iter().chain(identities::ALL).chain(passwords::ALL);
    let tags = tags::USERS.iter().chain(tags::ROLES);
    grants.chain(identities).chain(tags).chain(trails::ALL).chain(buckets::ALL)
}

/// The call of that name.
#[must_use]
pub fn find(service: &str, operation: &str) -> Option<&'static Call> {
    all().find(|call| call.service == service && call.operation == operation)
}

/// A parameter that must be given.
const fn needs(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, is_required: true }
}

/// A parameter that may be given.
const fn takes(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, is_required: false }
}

/// Text that must be given.
const fn text(name: &'static str) -> Parameter {
    needs(name, Kind::Text)
}
