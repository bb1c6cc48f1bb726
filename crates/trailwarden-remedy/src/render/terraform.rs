//! A plan as Terraform: resources with the state that the plan wants, and `import` blocks for what exists.
//!
//! Terraform takes away only what it manages, so a call that removes something becomes a remark with the
//! address to remove. Where another configuration manages the object, that one must be changed: it
//! would put its own state back.

mod blocks;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::quote::{hcl, line};
use super::short_digest;
use crate::calls::{self, Terraform};
use crate::draft::fill;
use crate::plan::{Argument, Plan, Step};
use blocks::{arguments, label};

/// One resource, of which several steps may set a part.
struct Resource<'a> {
    kind: &'static str,
    import: String,
    is_new: bool,
    ignores: &'static [&'static str],
    arguments: BTreeMap<&'static str, String>,
    region: Option<&'a str>,
    steps: Vec<&'a str>,
}

impl Resource<'_> {
    fn address(&self) -> String {
        format!("{}.{}", self.kind, label(&self.import))
    }
}

/// A configuration, and what Terraform cannot say, as comments.
#[must_use]
pub fn terraform(plan: &Plan) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# Plan {} for account {}, made {}.",
        short_digest(plan),
        line(&plan.account),
        plan.created
    );
    out.push_str("# For Terraform 1.5 and the AWS provider 5, or later. If these objects are managed elsewhere, change\n# them there: the next apply would undo this.\n");
    let mut resources: Vec<Resource<'_>> = Vec::new();
    let mut remarks = Vec::new();
    for step in &plan.steps {
        let Some(call) = calls::find(&step.service, &step.operation) else { continue };
        match call.terraform {
            Terraform::Resource { kind, import, ignores, .. } => {
                let import = filled(import, step, plan);
                let known = resources.iter_mut().find(|it| it.kind == kind && it.import == import);
                let arguments = arguments(call, step);
                if let Some(resource) = known {
                    for (name, (text, is_set)) in arguments {
                        // What an earlier step set counts, not what a later one takes for granted.
                        if is_set {
                            resource.arguments.insert(name, text);
                        } else {
                            resource.arguments.entry(name).or_insert(text);
                        }
                    }
                    resource.steps.push(&step.id);
                    continue;
                }
                let arguments = arguments.into_iter().map(|(name, (text, _))| (name, text)).collect();
                let is_new = is_new(step, kind);
                let steps = vec![step.id.as_str()];
                let region = step.region.as_deref();
                resources.push(Resource { kind, import, is_new, ignores, arguments, region, steps });
            }
            Terraform::Removed { kind, import } => remarks.push(format!(
                "step {}: {}. Terraform removes only what it manages: take the `{kind}` with the id {} out of its configuration, or run the script of this plan.",
                step.id,
                line(&step.said()),
                line(&filled(import, step, plan)),
            )),
            Terraform::None(reason) => {
                remarks.push(format!("step {}: {}. Not said here: {reason}.", step.id, line(&step.said())));
            }
        }
    }
    for remark in remarks {
        let _ = writeln!(out, "#\n# {remark}");
    }
    // In the order of the steps: a trail is refused before its bucket has a policy.
    let mut earlier = None;
    for resource in &resources {
        write_resource(resource, earlier.as_deref(), &mut out);
        earlier = Some(resource.address());
    }
    out
}

fn filled(template: &str, step: &Step, plan: &Plan) -> String {
    let partition = || {
        let resources = step.permissions.iter().map(|it| it.resource.split(':').nth(1));
        resources.flatten().next().unwrap_or("aws").to_owned()
    };
    fill(template, |name| match name {
        "account" => Some(plan.account.clone()),
        "region" => step.region.clone(),
        "partition" => Some(partition()),
        name => input_text(step, name).or_else(|| (name == "Path").then(|| "/".to_owned())),
    })
}

fn input_text(step: &Step, name: &str) -> Option<String> {
    step.input.get(name).and_then(Argument::as_str).map(str::to_owned)
}

/// Whether the thing is not there before the step: then taking the step back removes it, or it is made
/// for good.
fn is_new(step: &Step, kind: &str) -> bool {
    let Some(inverse) = &step.inverse else {
        return step.operation.starts_with("Create");
    };
    let call = calls::find(&inverse.service, &inverse.operation);
    call.is_some_and(|call| matches!(call.terraform, Terraform::Removed { kind: removed, .. } if removed == kind))
}

fn write_resource(resource: &Resource<'_>, earlier: Option<&str>, out: &mut String) {
    let label = label(&resource.import);
    let kind = resource.kind;
    if !resource.is_new {
        let _ = write!(
            out,
            "\nimport {{\n  to = {}\n  id = {}\n}}\n",
            resource.address(),
            hcl(&resource.import)
        );
    }
    let _ = writeln!(out, "\n# Steps: {}.", resource.steps.join(", "));
    if let Some(region) = resource.region {
        let _ = writeln!(out, "# By a provider of the region {}.", line(region));
    }
    let _ = writeln!(out, "resource {} {} {{", hcl(kind), hcl(&label));
    for (name, text) in &resource.arguments {
        if text.starts_with("\n") {
            continue;
        }
        let _ = writeln!(out, "  {name} = {text}");
    }
    for text in resource.arguments.values().filter(|text| text.starts_with('\n')) {
        out.push_str(text);
    }
    if let Some(earlier) = earlier {
        let _ = writeln!(out, "\n  depends_on = [{earlier}]");
    }
    let ignores: Vec<&str> = resource
        .ignores
        .iter()
        .copied()
        .filter(|it| !resource.arguments.contains_key(it))
        .collect();
    if !resource.is_new && !ignores.is_empty() {
        let _ =
            write!(out, "\n  lifecycle {{\n    ignore_changes = [{}]\n  }}\n", ignores.join(", "));
    }
    out.push_str("}\n");
}
