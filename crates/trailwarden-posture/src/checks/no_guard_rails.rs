//! No service control policy restricts the account.

use crate::prelude::*;
use trailwarden_account::organization::OrganizationPolicy;
use trailwarden_policy::has_deny;

/// See the fields.
pub static CHECK: Check = Check {
    id: "no-guard-rails",
    title: "No policy of the organization restricts the account",
    area: Area::Organization,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Whoever becomes administrator of the account may do anything, stopping the trail first.",
    fix: "Attach a service control policy that protects trails, watchers and what nobody there should touch.",
    needs: &[DETAILS, "organizations:DescribePolicy"],
    controls: &[Control::Cis(["-", "-", "-", "-", "2.1.2"])],
    remedies: &[],
    fails_on: &[r#"user alice
organizations:DescribePolicy PolicyId=p-FullAWSAccess {"Policy":{"PolicySummary":{"Id":"p-FullAWSAccess","Name":"FullAWSAccess","Type":"SERVICE_CONTROL_POLICY"},"Content":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}
organizations:ListTargetsForPolicy PolicyId=p-FullAWSAccess {"Targets":[{"TargetId":"r-1"},{"TargetId":"111122223333"}]}
organizations:ListParents ChildId=111122223333 {"Parents":[{"Id":"r-1"}]}"#],
    passes_on: &[r#"user alice
organizations:DescribePolicy PolicyId=p-1 {"Policy":{"PolicySummary":{"Id":"p-1","Name":"guard","Type":"SERVICE_CONTROL_POLICY"},"Content":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"cloudtrail:StopLogging\",\"Resource\":\"*\"}]}"}}
organizations:ListTargetsForPolicy PolicyId=p-1 {"Targets":[{"TargetId":"r-1"}]}
organizations:ListParents ChildId=111122223333 {"Parents":[{"Id":"r-1"}]}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    if state.is_outside_organization(verdicts) {
        return Ok(());
    }
    state.answer("organizations:DescribePolicy")?;
    state.model()?;
    let account = Resource::account(state);
    let label = &account.label;
    let organization = state.organization()?;
    let levels = organization.levels_of(&state.account().to_string());
    let restricts = |policy: &&OrganizationPolicy| {
        policy.document().value().is_some_and(|text| text.document().is_ok_and(has_deny))
    };
    let guard =
        levels.targets.iter().flat_map(|target| organization.attached_at(target)).find(restricts);
    match (guard, levels.missing) {
        (Some(policy), _) => {
            let name = policy.name.value().unwrap_or(&policy.id);
            verdicts
                .pass(&account, format!("Policy {name} of the organization restricts {label}."));
        }
        (None, Some(why)) => {
            verdicts.missing(
                &account,
                &Missing::new("where the account lies in the organization:", why.as_str()),
            );
        }
        (None, None) => {
            verdicts.fail(&account, format!("No policy of the organization restricts {label}."));
        }
    }
    Ok(())
}
