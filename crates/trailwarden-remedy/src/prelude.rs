//! What a remedy's file needs.

pub use serde_json::{Map, Value, json};

pub use crate::calls::Before;
pub use crate::documents;
pub use crate::draft::Draft;
pub use crate::plan::{Argument, Check, Expected, Made, Part};
pub use crate::remedy::{Effect, NoPlan, Order, Remedy};
pub use crate::subject::{Known, Policy, Principal, PrincipalKind, Subject, Tag, Trail};
