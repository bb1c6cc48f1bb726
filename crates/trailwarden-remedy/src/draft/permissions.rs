//! What a step keeps of the state before, and the permissions that all of it needs.

use std::collections::BTreeSet;

use super::{Draft, fill};
use crate::calls::{self, shown};
use crate::plan::{Argument, Capture, Input, Permission, Step};
use crate::reads;

impl Draft {
    /// Captures and permissions, from the checks and the calls.
    pub(super) fn complete(&self, step: &mut Step) {
        step.capture.clear();
        for check in &step.preconditions {
            let capture = Capture {
                service: check.service.clone(),
                operation: check.operation.clone(),
                input: check.input.clone(),
            };
            if !step.capture.contains(&capture) {
                step.capture.push(capture);
            }
        }
        let mut permissions = BTreeSet::new();
        let inverse = step.inverse.iter().map(|it| (&it.service, &it.operation, &it.input));
        let calls = [(&step.service, &step.operation, &step.input)].into_iter().chain(inverse);
        for (service, operation, input) in calls {
            let Some(call) = calls::find(service, operation) else { continue };
            for check in step.preconditions.iter().chain(&shown(call, input)) {
                let Some(read) = reads::find(&check.service, &check.operation) else { continue };
                let Some(action) = read.action else { continue };
                permissions.extend(self.on(action, read.resource(), &check.input, step));
            }
            let (action, resource) = call.permission;
            permissions.extend(self.on(action, resource, input, step));
        }
        step.permissions = permissions.into_iter().collect();
    }

    /// A permission on each resource that a template may mean.
    fn on(&self, action: &str, template: &str, input: &Input, step: &Step) -> Vec<Permission> {
        let resources = self.resources(template, input, step).into_iter();
        resources.map(|resource| Permission { action: action.to_owned(), resource }).collect()
    }

    /// ARNs from a template: the principal's own path is known, that of another user, group or role is
    /// not, and an ARN has it ("IAM identifiers", IAM User Guide).
    fn resources(&self, template: &str, input: &Input, step: &Step) -> Vec<String> {
        for kind in ["User", "Group", "Role"] {
            let parameter = format!("{kind}Name");
            if !template.ends_with(&format!("/{{{parameter}}}")) {
                continue;
            }
            let principal = self.principal.as_ref().filter(|it| it.kind.as_str() == kind);
            let name = input.get(&parameter).and_then(Argument::as_str);
            let place = principal.and_then(|it| it.arn.strip_suffix(&it.name));
            if let (Some(name), Some(place)) = (name, place) {
                return vec![format!("{place}{name}")];
            }
            let anywhere = template.replace("/{", "/*/{");
            return [template, &anywhere].map(|it| self.filled(it, input, step)).into();
        }
        vec![self.filled(template, input, step)]
    }

    fn filled(&self, template: &str, input: &Input, step: &Step) -> String {
        fill(template, |name| match (name, input.get(name)) {
            ("partition", _) => Some(self.partition.clone()),
            ("account", _) => Some(self.account.to_string()),
            ("region", _) => self.region.clone(),
            ("Path", None) => Some("/".to_owned()),
            (_, Some(Argument::Result { result })) => {
                // What a call makes is what that call needs its permission on.
                let maker = self.steps.iter().chain([step]).find(|it| it.id == result.step)?;
                let call = calls::find(&maker.service, &maker.operation)?;
                let made = call.permission.1;
                let is_made = name == "PolicyArn" && call.operation == "CreatePolicy";
                is_made.then(|| self.filled(made, &maker.input, maker))
            }
            (_, argument) => argument.and_then(Argument::as_str).map(str::to_owned),
        })
    }
}
