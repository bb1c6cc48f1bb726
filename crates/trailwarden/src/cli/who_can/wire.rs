//! The list for programs: `trailwarden.who-can/1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::judge::{Holder, Judged};
use crate::cli::can::extent::Extent;
use crate::cli::can::{WirePrincipal, WireUnknown};
use crate::cli::state::{Deed, WireSources};
use crate::formats::answer_schema;

/// The name of the schema.
const SCHEMA: &str = "trailwarden.who-can/1";

/// The answer of `who-can --json`.
#[derive(Serialize, JsonSchema, Debug)]
#[schemars(title = "WhoCan", inline)]
pub(crate) struct Wire {
    /// Always `trailwarden.who-can/1`.
    schema: &'static str,
    action: String,
    /// As asked; null when none was named.
    resource: Option<String>,
    /// How many users and roles were asked.
    asked: usize,
    /// Those who have it, or may: the surest first.
    holders: Vec<WireHolder>,
    /// Accounts whose root user has it.
    roots: Vec<String>,
    /// Those who have it by nothing that was seen, but may hold more.
    unseen: Vec<WirePrincipal>,
    /// Accounts that may have users or roles which nobody has seen.
    unlisted: Vec<String>,
    /// What else may let somebody in, and was not seen.
    note: Option<String>,
    sources: WireSources,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireHolder {
    principal: WirePrincipal,
    /// `certain`; `conditional`: where conditions hold; `seen`: by what was seen, unless something
    /// that was not forbids it.
    certainty: &'static str,
    /// Where no single resource was named: `all` or `some`.
    extent: Option<&'static str>,
    /// Condition keys that decide.
    depends_on: Vec<String>,
    by: Vec<WireWay>,
    unknowns: Vec<WireUnknown>,
    /// Of a role: who may enter it, one step away.
    entered_by: Vec<String>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireWay {
    /// The name of an inline policy, the ARN of a managed one.
    policy: String,
    is_inline: bool,
    /// The group through which a user has it.
    group: Option<String>,
}

impl Wire {
    /// The schema of the answer.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }

    /// Of what was judged.
    pub(super) fn of(judged: &Judged, deed: &Deed, sources: WireSources) -> Self {
        Self {
            schema: SCHEMA,
            action: deed.action.clone(),
            resource: Some(deed.resource().to_owned()).filter(|resource| resource != "*"),
            asked: judged.asked,
            holders: judged.holders.iter().map(holder).collect(),
            roots: judged.roots.iter().map(ToString::to_string).collect(),
            unseen: judged.unseen.iter().map(WirePrincipal::of).collect(),
            unlisted: judged.unlisted.iter().map(ToString::to_string).collect(),
            note: judged.note.clone(),
            sources,
        }
    }
}

fn holder(holder: &Holder) -> WireHolder {
    let unknowns = holder.unknowns.iter();
    let by = holder.by.iter().map(|way| WireWay {
        policy: way.policy.clone(),
        is_inline: way.is_inline,
        group: way.group.clone(),
    });
    WireHolder {
        principal: WirePrincipal::of(&holder.principal),
        certainty: holder.certainty.name(),
        extent: holder.extent.map(Extent::name),
        depends_on: holder.keys.clone(),
        by: by.collect(),
        unknowns: unknowns
            .map(|one| WireUnknown { what: one.what.clone(), why: one.why.as_str() })
            .collect(),
        entered_by: holder.entered_by.clone(),
    }
}
