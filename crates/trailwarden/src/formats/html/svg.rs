//! What every drawing of a page has in common: an axis of time, and a scene of nodes and lines.
//!
//! Positions are numbers of ours; every text has been through `escape::visible` and is escaped by
//! the template.

pub(in crate::formats) mod axis;
pub(in crate::formats) mod scene;
