//! What single policies grant on everything, in one table.

mod table;

use trailwarden_account::PolicyText;

use crate::grants::{Granted, Policy, Source, policies};
use crate::prelude::*;

pub use table::ALL;

/// Which policies are looked at, and for what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grants {
    /// Where they come from.
    pub sources: &'static [Source],
    /// What must not be granted.
    pub what: What,
}

/// What must not be granted on everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Whatever makes an administrator.
    Administrator,
    /// Every one of these actions.
    All(&'static [&'static str]),
    /// Any of these actions.
    Any(&'static [&'static str]),
    /// Every action of some service, whichever.
    WholeService,
}

impl Grants {
    /// Judges each policy.
    pub fn judge(&self, state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
        for policy in policies(state, self.sources, verdicts)? {
            let (granted, what) = self.of(&policy);
            let (resource, label) = (&policy.resource, capital(&policy.resource.label));
            match granted {
                Granted::No => verdicts.pass(resource, format!("{label} does not grant {what}.")),
                Granted::Yes => verdicts.fail(resource, format!("{label} grants {what}.")),
                Granted::Conditionally => verdicts.fail_if(
                    Severity::Low,
                    resource,
                    format!("{label} grants {what}, where its conditions hold."),
                ),
            }
        }
        Ok(())
    }

    /// Whether a document grants it, be it where conditions hold, wherever the document comes from.
    #[must_use]
    pub fn are_in(&self, document: &str) -> bool {
        let resource = Resource::policy("");
        let policy = Policy { account: None, resource, text: PolicyText::new(document) };
        self.of(&policy).0 != Granted::No
    }

    fn of(&self, policy: &Policy) -> (Granted, String) {
        match self.what {
            What::Administrator => (policy.makes_administrator(), "full control".to_owned()),
            What::All(actions) => (policy.grants_all(actions), on_everything(actions)),
            What::Any(actions) => {
                let granted = actions.iter().map(|action| (policy.grants_all(&[action]), *action));
                match granted.max_by_key(|(granted, _)| *granted) {
                    Some((Granted::No, _)) | None => (Granted::No, on_everything(actions)),
                    Some((granted, action)) => (granted, on_everything(&[action])),
                }
            }
            What::WholeService => whole_service(policy),
        }
    }
}

fn on_everything(actions: &[&str]) -> String {
    format!("{} on everything", actions.join(", "))
}

/// The first service that a policy grants whole, among those that it names.
fn whole_service(policy: &Policy) -> (Granted, String) {
    let mut services: Vec<String> = Vec::new();
    if let Ok(document) = policy.text.document() {
        let actions = document.statements.iter().flat_map(|statement| &statement.actions);
        // A policy that grants everything is another check's matter, and grants all of them.
        services
            .extend(actions.filter_map(|action| Some(action.split_once(':')?.0.to_lowercase())));
    }
    services.sort();
    services.dedup();
    let granted = services.iter().filter(|service| !service.contains('*')).map(|service| {
        let all = format!("{service}:*");
        (policy.grants_all(&[all.as_str()]), all)
    });
    match granted.max_by_key(|(granted, _)| *granted) {
        Some((Granted::No, _)) | None => (Granted::No, "all of a service on everything".to_owned()),
        Some((granted, all)) => (granted, format!("{all} on everything")),
    }
}

/// A sentence begins with a capital letter, unless with a name in a path.
fn capital(label: &str) -> String {
    let mut letters = label.chars();
    let is_word = label.starts_with("policy ") || label.starts_with("inline policy ");
    match letters.next().filter(|_| is_word) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => label.to_owned(),
    }
}
