//! How to respond: what a remediation does, in every form that its plan has.
//!
//! A plan needs an account, and an explanation has none. So the plan is that of the remediation's own example, and every
//! form of it says that its names are invented.

use std::collections::BTreeSet;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_catalogue::Entry;
use trailwarden_remedy::people::{self, ByHand};
use trailwarden_remedy::{Plan, Remedy, render};

use super::concerns;

/// What all examples say of themselves.
pub(crate) const INVENTED: &str = "An example with invented names";
/// How a reader gets the same for what was found.
pub(crate) const YOURS: &str =
    "trailwarden remediate plan --findings FILE --id ID --baseline FILE --output plan.json";

/// A form of a plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Form {
    /// Steps in the AWS console
    Console,
    /// A script of the AWS CLI for bash
    Cli,
    /// A Python program with boto3
    Boto3,
    /// Terraform
    Terraform,
}

impl Form {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Console, Self::Cli, Self::Boto3, Self::Terraform];

    /// As a heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Console => "AWS console",
            Self::Cli => "AWS CLI",
            Self::Boto3 => "Python with boto3",
            Self::Terraform => "Terraform",
        }
    }

    /// As an option of the command line.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Cli => "cli",
            Self::Boto3 => "boto3",
            Self::Terraform => "terraform",
        }
    }
}

/// One way to respond.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Response {
    /// The remediation.
    pub(crate) remediation: &'static str,
    /// What it does, in a few words.
    pub(crate) title: &'static str,
    /// What a person does, where there is no plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by_hand: Option<Steps>,
    /// The plan of an example, in every form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) example: Option<Example>,
}

/// What a person does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Steps {
    /// Why there is no plan.
    pub(crate) why: &'static str,
    /// Step by step.
    pub(crate) steps: Vec<String>,
}

/// A plan of an invented account, in every form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Example {
    /// That its names are invented, and how to get a plan of one's own.
    note: String,
    /// Steps in the AWS console.
    console: String,
    /// A script of the AWS CLI for bash.
    cli: String,
    /// A Python program with boto3.
    boto3: String,
    /// Terraform.
    terraform: String,
    /// What is the plan's own in the program of the AWS CLI.
    #[serde(skip)]
    cli_own: String,
    /// What is the plan's own in the Python program.
    #[serde(skip)]
    boto3_own: String,
}

impl Response {
    /// Of a remediation with a plan.
    pub(super) fn of(remedy: &'static Remedy) -> Self {
        let plan = remedy.example().and_then(|subject| {
            let draft = remedy.draft(&subject).ok()?;
            Some(Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft]))
        });
        Self {
            remediation: remedy.id,
            title: remedy.title,
            by_hand: None,
            example: plan.as_ref().map(Example::of),
        }
    }

    /// Of one that a person carries out.
    pub(super) fn by_hand(by_hand: &'static ByHand) -> Self {
        Self {
            remediation: by_hand.id,
            title: by_hand.title,
            by_hand: Some(Steps { why: by_hand.why, steps: people::of_any(by_hand.how) }),
            example: None,
        }
    }
}

impl Example {
    fn of(plan: &Plan) -> Self {
        Self {
            note: format!("{INVENTED}. For a finding of yours: {YOURS}"),
            console: render::console(plan),
            cli: render::cli(plan),
            boto3: render::boto3(plan),
            terraform: render::terraform(plan),
            cli_own: render::cli::body(plan),
            boto3_own: render::boto3::body(plan),
        }
    }

    /// The whole of a form.
    pub(crate) fn form(&self, form: Form) -> &str {
        match form {
            Form::Console => &self.console,
            Form::Cli => &self.cli,
            Form::Boto3 => &self.boto3,
            Form::Terraform => &self.terraform,
        }
    }

    /// A form without what is the same in every program.
    pub(crate) fn own(&self, form: Form) -> &str {
        match form {
            Form::Cli => &self.cli_own,
            Form::Boto3 => &self.boto3_own,
            Form::Console | Form::Terraform => self.form(form),
        }
    }
}

/// The ways to respond to an event: those that its entry names, else those of the detections that name it.
pub(super) fn to_event(entry: &Entry) -> Vec<Response> {
    let own: Vec<&str> = entry.header.remedies.iter().map(String::as_str).collect();
    let named = match own.is_empty() {
        true => {
            concerns::naming(entry).iter().flat_map(|one| one.remedies.iter().copied()).collect()
        }
        false => own,
    };
    let mut seen = BTreeSet::new();
    named.into_iter().filter_map(find).filter(|one| seen.insert(one.remediation)).collect()
}

/// The response of an id or alias.
pub(super) fn find(id: &str) -> Option<Response> {
    let by_plan = trailwarden_remedy::find(id).map(Response::of);
    by_plan.or_else(|| people::find(id).map(Response::by_hand))
}

/// One form of all that have it, each marked as an example.
pub(super) fn in_form(responses: &[Response], form: Form) -> Vec<String> {
    let examples = responses.iter().filter_map(|one| Some((one, one.example.as_ref()?)));
    let told = examples.map(|(response, example)| {
        format!(
            "# {} (`{}`). {INVENTED}. For a finding of yours:\n# {YOURS}\n# trailwarden remediate show plan.json --as {}\n\n{}\n",
            response.title,
            response.remediation,
            form.option(),
            example.form(form).trim_end()
        )
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_remedy::remedies;

    #[test]
    fn every_remediation_with_a_plan_has_all_four_forms_of_its_example() {
        for remedy in remedies::ALL {
            let response = Response::of(remedy);
            let example = response.example.unwrap();
            for form in Form::ALL {
                assert!(example.form(form).lines().count() > 3, "{}: {form:?}", remedy.id);
                assert!(
                    example.form(form).contains(example.own(form).trim()),
                    "{}: {form:?}",
                    remedy.id
                );
            }
        }
    }

    #[test]
    fn every_form_says_that_it_is_an_example() {
        let entry = trailwarden_catalogue::find("iam:PutGroupPolicy").unwrap();
        let responses = to_event(entry);
        for form in Form::ALL {
            let told = in_form(&responses, form);
            assert!(!told.is_empty());
            assert!(told.iter().all(|text| text.contains(INVENTED) && text.starts_with("# ")));
        }
    }
}
