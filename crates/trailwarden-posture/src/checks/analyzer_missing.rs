//! A region has no analyzer of external access.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "analyzer-missing",
    title: "Region without an analyzer of external access",
    area: Area::Watchers,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "What a policy opens to another account or to everybody is not noticed.",
    fix: "Make an analyzer of external access in each region that is in use.",
    needs: &["access-analyzer:ListAnalyzers", "account:ListRegions"],
    controls: &[
        Control::Cis(["1.20", "1.20", "1.19", "2.19", "2.18"]),
        Control::SecurityHub("IAM.28"),
        Control::Config("iam-external-access-analyzer-enabled"),
        Control::Prowler("accessanalyzer_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
access-analyzer:ListAnalyzers @us-east-1 {"analyzers":[]}"#,
    ],
    passes_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
access-analyzer:ListAnalyzers @us-east-1 {"analyzers":[{"name":"a","type":"ACCOUNT","status":"ACTIVE"}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "access-analyzer:ListAnalyzers";
    for answer in state.regional(CALL, verdicts)? {
        let name = answer.region.as_deref().unwrap_or("of the caller");
        let region = Resource::region(state, name);
        let body = match answers::body(answer) {
            Ok(body) => body,
            Err(missing) => {
                verdicts.missing(&region, &missing);
                continue;
            }
        };
        let watches = |one: &&serde_json::Value| {
            matches!(text(one, "type"), "ACCOUNT" | "ORGANIZATION")
                && text(one, "status") == "ACTIVE"
        };
        let label = &region.label;
        match items(CALL, body, "analyzers")?.iter().find(watches) {
            Some(one) => {
                verdicts
                    .pass(&region, format!("In {label}, analyzer {} watches.", text(one, "name")));
            }
            None => {
                verdicts.fail(&region, format!("In {label}, no analyzer watches external access."))
            }
        }
    }
    Ok(())
}
