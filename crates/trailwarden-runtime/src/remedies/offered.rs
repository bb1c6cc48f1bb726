//! In which order the remediations that a finding offers are tried.

use trailwarden_account::Field;
use trailwarden_model::Finding;

use super::Known;
use super::answers::is_same;
use super::evidence::fields_of;

impl Known<'_> {
    /// The remediations that a finding offers, those that bring back what its records changed first; of a user who
    /// acts by an access key the key before the sessions.
    pub(super) fn offered<'f>(&self, finding: &'f Finding) -> Vec<&'f String> {
        let mut offered: Vec<&String> = finding.remediation.iter().collect();
        let changes = self.history.into_iter().flat_map(|it| it.changes(self.account(), finding));
        let touched: Vec<Field> =
            changes.flat_map(|change| &change.touched).map(|touched| touched.field).collect();
        let undoes = |id: &str| {
            let fields = fields_of(id).unwrap_or_default();
            // The version before is nearer than a new version of its document.
            let is_second = id == "narrow-policy" && !touched.contains(&Field::Inline);
            match fields.iter().any(|field| touched.contains(field)) {
                true => u8::from(is_second),
                false => 2,
            }
        };
        offered.sort_by_key(|id| undoes(id));
        // Who never had a password needs none: to set a new one would leave a way in that was not there.
        if finding.evidence.iter().any(|one| one.event_name == "CreateLoginProfile") {
            offered.sort_by_key(|id| *id != "delete-login-profile");
        }
        let place = |id: &str| offered.iter().position(|one| is_same(one, id));
        if let (Some(ends), Some(key)) = (place("revoke-sessions"), place("deactivate-access-key"))
            && ends < key
            && self.acts_by_key(finding)
        {
            let key = offered.remove(key);
            offered.insert(ends, key);
        }
        offered
    }
}
