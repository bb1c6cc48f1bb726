//! What only a person can tell, in one table: frameworks ask for it, and no answer of AWS decides it.

use crate::prelude::*;

const fn row(
    id: &'static str,
    title: &'static str,
    area: Area,
    risk: &'static str,
    look: &'static str,
    controls: &'static [Control],
) -> Check {
    Check {
        id,
        title,
        area,
        severity: Severity::Low,
        confidence: Confidence::Low,
        risk,
        fix: look,
        needs: &[],
        controls,
        remedies: &[],
        fails_on: &[],
        passes_on: &[],
        logic: Logic::Manual(look),
    }
}

const REACHED: &str = "AWS warns of abuse by mail, and a warning that nobody gets does not help.";

/// Every row.
pub static ALL: &[Check] = &[
    row(
        "contact-details-outdated",
        "Contact details of the account may be outdated",
        Area::Root,
        REACHED,
        "Look at the account's contact information and call the number: somebody who knows the account should answer.",
        &[
            Control::Cis(["1.1", "1.1", "1.1", "2.1", "2.2"]),
            Control::Prowler("account_maintain_current_contact_details"),
        ],
    ),
    row(
        "security-questions-missing",
        "Security questions may not be registered",
        Area::Root,
        "Without them, proving to AWS whose the account is takes longer.",
        "Look at the account's page for them. AWS takes no new ones, and newer benchmarks dropped this.",
        &[
            Control::Cis(["1.3", "1.3", "-", "-", "-"]),
            Control::Prowler("account_security_questions_are_registered_in_the_aws_account"),
        ],
    ),
    row(
        "instance-with-stored-keys",
        "Instances may use stored keys instead of roles",
        Area::Keys,
        "A key on a disk is copied with every image and outlives the instance.",
        "Look for instances without an instance profile, and on them for credential files and environment variables.",
        &[Control::Cis(["1.18", "1.18", "1.17", "2.17", "2.16"])],
    ),
    row(
        "management-account-runs-workloads",
        "The management account may run workloads",
        Area::Organization,
        "No policy of the organization restricts its management account, so whatever breaks in there has no fence.",
        "Look at what runs in the management account: it should hold the organization, its bills and nothing else.",
        &[Control::Cis(["-", "-", "-", "-", "2.1.3"])],
    ),
    row(
        "organization-units-unstructured",
        "Units of the organization may not follow environments",
        Area::Organization,
        "Policies of a unit fit all of its accounts, or are made loose until they do.",
        "Look at the tree of units: accounts of one environment and sensitivity should lie together.",
        &[Control::Cis(["-", "-", "-", "-", "2.1.4"])],
    ),
    row(
        "resource-policy-open-to-everybody",
        "Resources other than roles may have policies for everybody",
        Area::Trust,
        "Whoever has an AWS account, or none, can use what a policy opens to `*`.",
        "Look at Access Analyzer's findings of external access in each region; roles are judged by `role-trusts-everybody`.",
        &[Control::Cis(["-", "-", "-", "-", "2.21"])],
    ),
    row(
        "front-end-access-not-logged",
        "Front ends may keep no access log",
        Area::Watchers,
        "What came in from outside cannot be told afterwards.",
        "Look at load balancers, distributions and API stages: each should write its access log.",
        &[Control::Cis(["-", "-", "-", "-", "4.10"])],
    ),
];
