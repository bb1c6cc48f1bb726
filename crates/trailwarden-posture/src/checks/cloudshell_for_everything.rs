//! Somebody has AWSCloudShellFullAccess.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "cloudshell-for-everything",
    title: "Somebody may use CloudShell with upload and download",
    area: Area::Permissions,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "CloudShell has a way to the internet and takes files in and out, past whatever watches your networks.",
    fix: "Detach AWSCloudShellFullAccess, and give a policy without file transfer to those who need the shell.",
    needs: &[DETAILS],
    controls: &[
        Control::Cis(["1.22", "1.22", "1.21", "2.21", "2.20"]),
        Control::SecurityHub("IAM.27"),
        Control::Config("iam-policy-blacklisted-check"),
        Control::Prowler("iam_policy_cloudshell_admin_not_attached"),
    ],
    remedies: &["detach-policy"],
    fails_on: &[r#"user alice
user/alice has AWSCloudShellFullAccess"#],
    passes_on: &[r#"user alice
user/alice has ReadOnlyAccess"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let model = state.model()?;
    let arn = format!("arn:{}:iam::aws:policy/AWSCloudShellFullAccess", state.partition());
    let holders = model.attached_to(&arn);
    for holder in holders.ids.iter().filter_map(|id| model.identity(id)) {
        let resource = Resource::identity(state, holder);
        verdicts.fail(&resource, format!("{} has AWSCloudShellFullAccess.", resource.label));
    }
    match holders.unknowns.first() {
        Some(unknown) => {
            verdicts.missing(&account, &Missing::new(&unknown.what, unknown.why.as_str()))
        }
        None if holders.ids.is_empty() => {
            verdicts.pass(
                &account,
                format!("In {}, nobody has AWSCloudShellFullAccess.", account.label),
            );
        }
        None => {}
    }
    Ok(())
}
