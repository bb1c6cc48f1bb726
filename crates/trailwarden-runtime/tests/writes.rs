//! What a plan may do and ask is what the connection to AWS can send, no less and no more.

use std::collections::BTreeSet;

use trailwarden_aws::{reads, writes};
use trailwarden_remedy::calls;
use trailwarden_remedy::reads::ALL as QUESTIONS;

#[test]
fn every_call_of_a_plan_can_be_made_and_no_other() {
    let planned: BTreeSet<String> =
        calls::all().map(|call| format!("{}:{}", call.service, call.operation)).collect();
    let sendable: BTreeSet<String> =
        writes::ALL.iter().map(|write| write.api().to_owned()).collect();
    let missing: Vec<&String> = planned.difference(&sendable).collect();
    assert!(missing.is_empty(), "add these to the table of writes: {missing:?}");
    let surplus: Vec<&String> = sendable.difference(&planned).collect();
    assert!(surplus.is_empty(), "no plan makes these calls: {surplus:?}");
}

#[test]
fn every_question_of_a_plan_can_be_asked() {
    for question in QUESTIONS {
        let api = format!("{}:{}", question.service, question.operation);
        let read = reads::find(&api).unwrap_or_else(|| panic!("add {api} to the table of reads"));
        assert_eq!(read.action(), question.action, "{api}");
    }
}
