//! Functions and instances that run what a call gave them.

use trailwarden_record::{Event, Row, hash, json};

use super::super::super::extract::runs_code;
use super::super::super::story::Relation;
use super::super::{Bond, Follow, Who};

/// How many instances of one call are followed.
const INSTANCES_MAX: usize = 100;

impl Follow {
    /// Functions and instances name their sessions after themselves. Sources: Lambda Developer
    /// Guide, "Defining Lambda function permissions with an execution role"; EC2 User Guide, "IAM
    /// roles for Amazon EC2".
    pub(super) fn code(&mut self, from: usize, row: &Row, event: &Event) -> bool {
        let (service, name) = (event.service(), event.name());
        if !runs_code(service, name) {
            return false;
        }
        let mut carriers = Vec::new();
        if service == "lambda" {
            let name = event.response("functionName").or_else(|| event.request("functionName"));
            // A request may name the function by its ARN.
            carriers.extend(name.and_then(|name| name.rsplit(':').next()).map(str::to_owned));
        } else {
            let mut at = 0;
            while let Some(id) = instance(event, at).filter(|_| at < INSTANCES_MAX) {
                carriers.push(id);
                at += 1;
            }
        }
        let mut fresh = false;
        for carrier in carriers {
            let key = (row.account, hash::of(&carrier));
            if self.carriers.contains_key(&key) {
                continue;
            }
            let kind = if service == "lambda" { "function" } else { "instance" };
            let who = Who {
                kind: kind.to_owned(),
                name: carrier.clone(),
                account: event.account.map(|account| account.to_string()),
                ..Who::default()
            };
            let why = format!(
                "the role session of {kind} {carrier}, which runs what it was given, and perhaps more"
            );
            let Some(at) = self.add(Relation::Carrier, who, false, why) else { break };
            self.carriers.insert(key, at);
            let how = if name.starts_with("Update") { "code for" } else { "launched" };
            self.tie(at, Bond { from, how, place: row.place, time: row.time(), count: 1 });
            fresh = true;
        }
        fresh
    }
}

fn instance(event: &Event, at: usize) -> Option<String> {
    use sonic_rs::{JsonContainerTrait, JsonValueTrait};
    let items = json::at(&event.json, "responseElements.instancesSet.items")?.as_array()?;
    Some(items.get(at)?.as_object()?.get(&"instanceId")?.as_str()?.to_owned())
}
