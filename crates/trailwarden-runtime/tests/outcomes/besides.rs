//! What the same hand did beside what was found, by whom what is there now was written, and findings that steps for
//! others settle.

use serde_json::json;
use trailwarden_detect::{detections, reference};
use trailwarden_model::Finding;
use trailwarden_runtime::remedies::{History, Known, Made, Outcome as Became, plan};

use super::{account, after, before, events, planned};

fn found(rule: &str, trail: &str) -> Vec<Finding> {
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    reference::judge_example(detection, trail).unwrap()
}

fn purposes(made: &Made) -> Vec<&str> {
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    steps.map(|step| step.purpose.as_str()).collect()
}

/// Writes an inline policy into carol.
fn writes(actor: &str, name: &str, action: &str) -> String {
    let document = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": action, "Resource": "*" }] });
    let request =
        json!({ "request": { "policyName": name, "policyDocument": document.to_string() } });
    format!("{actor} iam:PutUserPolicy user/carol {request}\n")
}

const ATTACHES: &str = "iam:AttachUserPolicy user/carol aws-policy/AdministratorAccess";

/// Of all that is given to carol only the first is found.
fn given(acts: &str) -> Made {
    let first = writes("mallory", "p1", "*");
    let trail = format!("admin iam:CreateUser user/carol\n+1d {first}{acts}");
    let mut findings = found("permissions-widened", &trail);
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    findings.sort_by_key(|one| one.first_time);
    findings.truncate(1);
    planned(&trail, &findings)
}

#[test]
fn what_the_same_hand_gave_besides_is_taken_back_with_it() {
    let made = given(&format!("{}mallory {ATTACHES}", writes("mallory", "p2", "*")));
    let mut all = purposes(&made);
    all.sort_unstable();
    assert_eq!(
        all,
        [
            "delete the inline policy p1 of carol",
            "delete the inline policy p2 of carol",
            "detach arn:aws:iam::aws:policy/AdministratorAccess from carol",
        ],
        "{:?}",
        made.answers
    );
    assert!(made.answers.iter().all(|it| it.stays.is_empty()), "{:?}", made.answers);
    let told = format!("{:?}", made.plan.unwrap().preview.remedies);
    assert_eq!(told.matches("AN ACT BESIDES: ").count(), 2, "{told}");
}

#[test]
fn what_somebody_else_gave_or_another_key_or_long_ago_is_left_and_told() {
    for (act, policy) in [
        (writes("admin", "p2", "*"), "p2"),
        (format!("mallory {ATTACHES} key=AKIAOTHERKEY"), "AdministratorAccess"),
        (format!("+2h mallory {ATTACHES}"), "AdministratorAccess"),
        // By the time of the plan it is somebody else's.
        (format!("{}{}", writes("mallory", "p2", "*"), writes("admin", "p2", "iam:*")), "p2"),
    ] {
        let made = given(&act);
        assert_eq!(purposes(&made), ["delete the inline policy p1 of carol"], "{act}");
        let stays = made.answers[0].stays.join("\n");
        assert!(stays.contains(policy), "{act}: {:?}", made.answers);
    }
}

#[test]
fn what_gives_nobody_more_is_no_act_besides() {
    let made = given(&writes("mallory", "p2", "s3:GetObject"));
    assert_eq!(purposes(&made), ["delete the inline policy p1 of carol"]);
}

/// What of a finding about p1 becomes, where the logs end after mallory and a later baseline shows what admin wrote.
fn mended_after_the_logs(by_admin: &str) -> Made {
    let trail = format!("admin iam:CreateUser user/carol\n+1d {}", writes("mallory", "p1", "*"));
    let whole = format!("{trail}{by_admin}");
    let findings = found("permissions-widened", &trail);
    let (logs, all) = (events(&trail), events(&whole));
    let earlier = before(&all, &findings);
    let then = earlier.baseline().unwrap();
    let later = all.last().unwrap().0.time.plus(86_400);
    let models = History::of_events(all, std::slice::from_ref(&then), &findings);
    let told = after::said(models.models().get(account()).unwrap(), &earlier, later);
    let history = History::of_events(logs, &[then, told.baseline().unwrap()], &findings);
    let now = later.plus(3_600);
    let known = Known { history: Some(&history), ..Known::of(&told, history.models(), now) };
    plan(known, &findings, &[])
}

#[test]
fn whoever_wrote_last_in_the_logs_is_no_author_of_what_a_later_baseline_shows() {
    let made = mended_after_the_logs(&writes("admin", "p1", "s3:GetObject"));
    let answer = &made.answers[0];
    assert_eq!(answer.outcome, Became::Already, "{made:?}");
    // What is there still is the record's own.
    let made = mended_after_the_logs("");
    assert_eq!(purposes(&made), ["delete the inline policy p1 of carol"]);
    let told = format!("{:?}", made.plan.unwrap().preview.remedies);
    assert!(!told.contains("By whom the document was written"), "{told}");
}

const TWICE: &str = "admin iam:CreateRole role/app trust=ec2.amazonaws.com
+1d mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777
mallory iam:UpdateAssumeRolePolicy role/app trust=888877776666";

/// Where the same hand wrote it twice, the writing of a minute earlier is nothing to go back to.
#[test]
fn a_role_goes_back_to_what_was_before_the_first_writing_of_the_same_hand() {
    let findings = found("role-trusts-foreign-account", TWICE);
    assert_eq!(findings.len(), 2);
    let made = planned(TWICE, &findings);
    assert_eq!(purposes(&made), ["change the trust policy of app"], "{:?}", made.answers);
    let document = format!("{:?}", made.plan.unwrap().steps[0].input["PolicyDocument"]);
    assert!(document.contains("ec2.amazonaws.com"), "{document}");
    assert!(!document.contains("999988887777") && !document.contains("888877776666"));
}

#[test]
fn a_role_that_a_step_closes_to_all_answers_every_finding_about_it() {
    let both = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "AWS": "999988887777" }, "Action": "sts:AssumeRole" },
        { "Effect": "Allow", "Principal": { "AWS": "888877776666" }, "Action": "sts:AssumeRole" }] });
    let request = json!({ "request": { "policyDocument": both.to_string() } });
    let trail = format!(
        "admin iam:CreateRole role/app trust=ec2.amazonaws.com\n\
         +1d mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777\n\
         mallory iam:UpdateAssumeRolePolicy role/app {request}"
    );
    let findings = found("role-trusts-foreign-account", &trail);
    assert_eq!(findings.len(), 2);
    let made = planned(&trail, &findings);
    let became: Vec<Became> = made.answers.iter().map(|it| it.outcome).collect();
    assert_eq!(became, [Became::Planned, Became::Same], "{:?}", made.answers);
    assert_eq!(purposes(&made), ["change the trust policy of app"]);
}

#[test]
fn a_finding_of_two_runs_is_answered_once() {
    let findings = found("role-trusts-foreign-account", TWICE);
    let twice: Vec<Finding> = findings.iter().chain(&findings).cloned().collect();
    let made = planned(TWICE, &twice);
    assert_eq!(made.answers.len(), findings.len(), "{:?}", made.answers);
}

/// Whoever the intruder made gets no new password.
#[test]
fn a_planted_user_who_is_quarantined_gets_no_new_password() {
    let trail = "mallory iam:CreateUser user/eve\nmallory iam:CreateLoginProfile user/eve\n\
         mallory iam:CreateAccessKey user/eve issues=AKIAEVE\n\
         mallory iam:AttachUserPolicy user/eve aws-policy/AdministratorAccess\n\
         mallory iam:UpdateLoginProfile user/eve";
    let mut findings = found("new-user-armed", trail);
    let reset = found("console-password-reset-by-another", trail);
    assert_eq!((findings.len(), reset.len()), (1, 1));
    findings.extend(reset);
    let made = planned(trail, &findings);
    assert!(!purposes(&made).iter().any(|it| it.contains("new console password")), "{made:?}");
    let of_reset = |it: &&trailwarden_runtime::remedies::Answer| {
        it.rule == "console-password-reset-by-another" && it.goes_with.is_none()
    };
    let answer = made.answers.iter().find(of_reset).unwrap();
    assert_eq!(answer.outcome, Became::Same, "{answer:?}");
}

/// A trust policy, by the accounts and services that it lets in by one statement.
fn trusts(actor: &str, services: &[&str], accounts: &[&str]) -> String {
    let accounts: Vec<String> =
        accounts.iter().map(|account| format!("arn:aws:iam::{account}:root")).collect();
    let document = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
        "Principal": { "Service": services, "AWS": accounts }, "Action": "sts:AssumeRole" }] });
    let request = json!({ "request": { "policyDocument": document.to_string() } });
    format!("{actor} iam:UpdateAssumeRolePolicy role/app {request}\n")
}

/// Somebody else has named a service since, in one statement with one of those whom the found record let in.
#[test]
fn who_was_named_since_beside_an_outsider_stays_and_nobody_is_let_in_again() {
    let trail = format!(
        "admin iam:CreateRole role/app trust=ec2.amazonaws.com\n+1d {}anna iam:ListUsers\n{}",
        trusts("mallory", &["ec2.amazonaws.com"], &["999988887777", "888877776666"]),
        trusts("anna", &["ec2.amazonaws.com", "codebuild.amazonaws.com"], &["888877776666"]),
    );
    let mut findings = found("role-trusts-foreign-account", &trail);
    findings.retain(|one| one.actor.name.as_deref() == Some("mallory"));
    assert_eq!(findings.len(), 1);
    let made = planned(&trail, &findings);
    let document = format!("{:?}", made.plan.unwrap().steps[0].input["PolicyDocument"]);
    assert_eq!(document.matches("ec2.amazonaws.com").count(), 1, "{document}");
    assert!(document.contains("codebuild.amazonaws.com"), "{document}");
    assert!(!document.contains("999988887777") && !document.contains("888877776666"), "{document}");
}

/// What was before the second record is what the first one left: no plan opens the role to those again.
#[test]
fn no_outsider_of_one_finding_is_let_in_again_for_another() {
    let trail = format!(
        "admin iam:CreateRole role/app trust=ec2.amazonaws.com\n+1d {}+3h {}",
        trusts("mallory", &["ec2.amazonaws.com"], &["999988887777"]),
        trusts("eve", &["ec2.amazonaws.com"], &["888877776666"]),
    );
    let findings = found("role-trusts-foreign-account", &trail);
    assert_eq!(findings.len(), 2);
    let made = planned(&trail, &findings);
    let steps = made.plan.unwrap().steps;
    let document = format!("{:?}", steps[0].input["PolicyDocument"]);
    assert!(document.contains("ec2.amazonaws.com"), "{document}");
    assert!(!document.contains("999988887777") && !document.contains("888877776666"), "{document}");
}
