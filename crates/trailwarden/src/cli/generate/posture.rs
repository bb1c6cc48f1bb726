//! The pages of posture checks: each with its reason, needs and examples; and what others look for.

use std::fmt::Write as _;

use trailwarden_posture::assess::{all, references};
use trailwarden_posture::check::{Area, Check, Logic};
use trailwarden_posture::coverage::{self, ROWS};

use super::docs::MARK;

/// The page of checks.
pub(super) fn page() -> String {
    let checks = all();
    let mut text = format!(
        "# Posture checks\n\n{MARK}{} checks are built in. Each is proven by accounts in which it fails and in which it \
         passes, and by taking away each answer that it needs: then nothing passes. The accounts are written as lines; \
         what they do not say is sound.\n",
        checks.len()
    );
    for area in Area::ALL {
        let of_area: Vec<_> = checks.iter().filter(|check| check.area == area).collect();
        let _ =
            write!(text, "\n# {}\n\n| severity | check | title |\n|---|---|---|\n", area.as_str());
        for check in &of_area {
            let (severity, id) = (check.severity.as_str(), check.id);
            let _ = writeln!(text, "| {severity} | [{id}](#{id}) | {} |", check.title);
        }
        of_area.iter().for_each(|check| one(&mut text, check));
    }
    text
}

fn one(text: &mut String, check: &Check) {
    let (id, title, severity) = (check.id, check.title, check.severity.as_str());
    let _ = write!(
        text,
        "\n## {id}\n\n{title}. Severity **{severity}**. {}\n\n{}\n\n",
        check.risk, check.fix
    );
    let needs: Vec<String> = check.needs.iter().map(|call| format!("`{call}`")).collect();
    if !needs.is_empty() {
        let _ = writeln!(text, "- Needs: {}", needs.join(", "));
    }
    if let Logic::Alarm(alarm) = &check.logic {
        let records: Vec<String> =
            alarm.records().into_iter().map(|(name, _)| format!("`{name}`")).collect();
        let _ = writeln!(text, "- A metric filter must match: {}", records.join(", "));
    }
    let controls: Vec<String> = references(check)
        .iter()
        .map(|one| format!("{} {} `{}`", one.name, one.version, one.control))
        .collect();
    if !controls.is_empty() {
        let _ = writeln!(text, "- Answers: {}", controls.join("; "));
    }
    // Those of alarms differ in their patterns alone.
    if matches!(check.logic, Logic::Alarm(_)) {
        return;
    }
    for (what, example) in [("Fails", check.fails_on.first()), ("Passes", check.passes_on.first())]
    {
        if let Some(example) = example {
            let _ = write!(text, "\n{what}:\n\n```text\n{example}\n```\n");
        }
    }
}

/// The page of what others look for.
pub(super) fn coverage() -> String {
    let answered = ROWS.iter().filter(|row| !coverage::answered_by(row.id).is_empty()).count();
    let reasoned = ROWS.iter().filter(|row| coverage::reason(row).is_some()).count();
    let mut text = format!(
        "# Posture beside others\n\n{MARK}What Prowler, CIS AWS Foundations, AWS Security Hub CSPM, AWS Config and \
         GuardDuty look for around IAM and CloudTrail: {} rows, {answered} answered by a check, {reasoned} left out \
         with a reason.\n\n| by | looks for | checks, or why none |\n|---|---|---|\n",
        ROWS.len()
    );
    for row in ROWS {
        let checks: Vec<String> = coverage::answered_by(row.id)
            .into_iter()
            .map(|id| format!("[{id}](posture-checks.md#{id})"))
            .collect();
        let answer = match coverage::reason(row) {
            Some(reason) => reason.to_owned(),
            None => checks.join(", "),
        };
        let _ = writeln!(text, "| {} | `{}` | {answer} |", row.source, row.id);
    }
    text
}
