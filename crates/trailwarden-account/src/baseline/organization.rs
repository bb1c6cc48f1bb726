//! The organization's policies, packed from the outputs of `aws organizations describe-policy` and
//! `list-targets-for-policy`, with the tree from `list-parents`.
//!
//! ```json
//! {"Policies": [{"PolicySummary": {"Id": "p-1", "Name": "x", "Type": "SERVICE_CONTROL_POLICY"},
//!                "Content": "{...}", "Targets": [{"TargetId": "r-1"}]}],
//!  "Parents": [{"Id": "111122223333", "ParentId": "r-1"}]}
//! ```

use serde::Deserialize;
use trailwarden_model::AccountId;

use super::Error;
use super::details::Text;

/// Policies and tree of an organization.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct OrganizationBaseline {
    /// Policies.
    pub policies: Vec<BaselinePolicy>,
    pub(super) parents: Vec<Parent>,
    #[serde(skip)]
    pub(super) manager: Option<AccountId>,
}

impl OrganizationBaseline {
    /// Says which account manages it, where it is kept with the baseline of another.
    #[must_use]
    pub fn managed_by(self, manager: AccountId) -> Self {
        Self { manager: Some(manager), ..self }
    }
}

/// A policy with what it is attached to.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BaselinePolicy {
    pub(super) policy_summary: Summary,
    pub(super) content: Option<Text>,
    /// Absent when nobody asked.
    pub(super) targets: Option<Vec<Target>>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Summary {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) r#type: String,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Target {
    pub(super) target_id: String,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Parent {
    pub(super) id: String,
    pub(super) parent_id: String,
}

/// Reads the packed policies of an organization.
pub fn organization_policies(json: &[u8]) -> Result<OrganizationBaseline, Error> {
    let wrong = |source| Error::Json { what: "file of organization policies", source };
    serde_json::from_slice(json).map_err(wrong)
}
