//! When users and roles last used a service that they may use: IAM makes a report for each, and says
//! when it is there.
//!
//! Unless all are asked for, only those are asked about who may use one of the services that checks want to
//! know of; a report for everybody would be most of the calls of a baseline.
//!
//! Source: IAM API Reference, `GenerateServiceLastAccessedDetails`, `GetServiceLastAccessedDetails`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use trailwarden_account::snapshot::{Answer, Outcome};

use super::{Asking, text};
use crate::collect::parameters;
use crate::collect::several::together;
use crate::connection::Connection;
use crate::reads;

/// Services of which unused permissions are looked for.
const SERVICES: &[&str] = &["bedrock", "sagemaker"];
const GENERATE: &str = "iam:GenerateServiceLastAccessedDetails";
const GET: &str = "iam:GetServiceLastAccessedDetails";
/// How often one looks whether a report is there. With the waits between, almost half a minute.
const LOOKS_MAX: u32 = 12;

/// Whose last access is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::collect) enum Whose {
    /// Of those who may use a service that checks want to know of.
    OfChecks,
    /// Of all users and roles.
    All,
}

pub(super) fn ask(asking: &mut Asking<'_>, whose: Whose) {
    let arns = match whose {
        Whose::OfChecks => asking.snapshot.may_use(SERVICES),
        Whose::All => asking.snapshot.principals(),
    };
    let connection = asking.connection;
    asking.each(&arns, |arn| of_one(connection, arn));
}

/// The same of some, in their order. Where the first is not answered nobody else is asked about: the others would
/// fail alike.
pub(in crate::collect) fn of_some(connection: &Connection, arns: &[String]) -> Vec<Answer> {
    let Some((first, others)) = arns.split_first() else { return Vec::new() };
    let mut answers: Vec<Answer> = of_one(connection, first).into_iter().collect();
    if answers.iter().any(Answer::is_known) {
        let all = together(others, |arn| of_one(connection, arn), &mut |_| {});
        answers.extend(all.into_iter().flatten());
    }
    answers
}

/// The report of one principal, as an answer about him; else why there is none.
fn of_one(connection: &Connection, arn: &str) -> Option<Answer> {
    let about = BTreeMap::from([("Arn".to_owned(), arn.to_owned())]);
    let begun = connection.ask(reads::find(GENERATE)?, None, parameters(json!({"Arn": arn})));
    let Some(job) = begun.body().and_then(|body| text(body, "JobId")) else {
        let outcome = match begun.outcome {
            // An answer without a job is none.
            Outcome::Got { .. } => failed("no report was begun"),
            other => other,
        };
        return Some(Answer { api: GET.to_owned(), about, outcome, ..begun });
    };
    let mut look = 1;
    loop {
        let told = connection.ask(reads::find(GET)?, None, parameters(json!({"JobId": job})));
        let is_unfinished = told.body().is_some_and(|body| status(body) == Some("IN_PROGRESS"));
        if is_unfinished && look < LOOKS_MAX {
            std::thread::sleep(Duration::from_millis(connection.first_wait_ms() * u64::from(look)));
            look += 1;
            continue;
        }
        let outcome = match told.outcome {
            Outcome::Got { body } => match status(&body) {
                Some("COMPLETED") => Outcome::Got { body },
                Some("IN_PROGRESS") => failed("the report was not made in time; ask again later"),
                _ => failed("IAM could not make the report; ask again later"),
            },
            other => other,
        };
        return Some(Answer { about, outcome, ..told });
    }
}

fn failed(message: &str) -> Outcome {
    Outcome::Failed { message: message.to_owned() }
}

fn status(body: &Value) -> Option<&str> {
    text(body, "JobStatus")
}
