//! The root user signed in or called within the last weeks.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "root-used-lately",
    title: "The root user was used lately",
    area: Area::Root,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "What the root user does cannot be limited, and is rarely needed: it is either a habit or somebody else.",
    fix: "Find out who it was and why, and give that work a role.",
    needs: &[REPORT],
    controls: &[
        Control::Cis(["1.7", "1.7", "1.6", "2.6", "2.7"]),
        Control::SecurityHub("IAM.20"),
        Control::Prowler("iam_avoid_root_usage"),
    ],
    remedies: &[],
    fails_on: &["report root password_last_used=2026-05-03T00:00:00Z"],
    passes_on: &[
        "report root password_last_used=2026-05-01T00:00:00Z",
        "report root password_last_used=no_information",
    ],
    logic: Logic::Each(judge),
};

/// A day, as others look at, forgets what happened on Friday by Monday.
const DAYS: i64 = 30;

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let root = Resource::root(state);
    let row = row(state.report()?, ROOT)?;
    let uses = std::iter::once(("its password", row.password_used))
        .chain(row.keys.iter().map(|key| ("an access key", key.used)));
    let (mut latest, mut is_unknown) = (None, false);
    for (what, used) in uses {
        match used {
            LastUse::At(time) => latest = latest.max(Some((time, what))),
            LastUse::Never => {}
            LastUse::Unknown => is_unknown = true,
        }
    }
    match latest {
        Some((time, what)) if state.days_since(time) < DAYS => {
            let ago = days(state.days_since(time));
            verdicts.fail(
                &root,
                format!("The root user used {what} {ago} before this was taken, at {time}."),
            );
        }
        _ if is_unknown => {
            verdicts.unknown(&root, "the credential report does not say when it was used")
        }
        Some((time, _)) => verdicts.pass(&root, format!("The root user was last used at {time}.")),
        None => verdicts.pass(&root, "The root user was never used, as far as AWS has kept track."),
    }
    Ok(())
}
