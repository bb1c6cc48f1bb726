//! In which order the remediations that a finding offers are tried.

use trailwarden_account::Field;
use trailwarden_model::Finding;
use trailwarden_remedy::find;

use super::Known;
use super::answers::{Answer, is_same};
use super::evidence::fields_of;

/// Remediations that lift what another one put on. They are taken only where somebody chooses them.
const LIFTING: [(&str, &str); 1] = [("attach-quarantine-policy", "release-quarantine")];

/// Remediations that cannot be taken back, of findings that offer one that can.
const OF_NO_RETURN: [&str; 1] = ["delete-identity-provider"];

/// The remediations of a finding that were chosen, each once.
pub(super) fn chosen_of<'f>(finding: &'f Finding, chosen: &[String]) -> Vec<&'f str> {
    let offered = finding.remediation.iter().map(String::as_str).chain(lifting(finding));
    let is_chosen = |id: &&str| chosen.iter().any(|one| is_same(one, id));
    let mut fits: Vec<&str> = offered.filter(is_chosen).collect();
    fits.dedup_by(|a, b| is_same(a, b));
    fits
}

/// Why nothing comes of what was chosen, with what a finding offers.
pub(super) fn not_chosen(finding: &Finding) -> String {
    let offered: Vec<&str> =
        finding.remediation.iter().map(String::as_str).chain(lifting(finding)).collect();
    format!("{NOT_CHOSEN}: it offers {}", offered.join(", "))
}

const NOT_CHOSEN: &str = "it offers none of the remediations that were chosen";

/// What lifts what a finding's remediations put on.
fn lifting(finding: &Finding) -> Vec<&'static str> {
    let offers = |id: &str| finding.remediation.iter().any(|one| is_same(one, id));
    LIFTING.into_iter().filter(|(put_on, _)| offers(put_on)).map(|(_, lifts)| lifts).collect()
}

impl Known<'_> {
    /// Names what lifts a remediation beside an answer, where there is something to lift.
    pub(super) fn offer_lifting(&self, finding: &Finding, answer: &mut Answer) {
        let lifts = lifting(finding).into_iter().filter(|id| {
            let remedy = find(id);
            let subjects = self.subjects(finding, id).unwrap_or_default();
            answer.remediation.as_deref() != Some(*id)
                && remedy.is_some_and(|remedy| subjects.iter().any(|it| remedy.draft(it).is_ok()))
        });
        let lifts: Vec<String> = lifts.map(str::to_owned).collect();
        answer.others.extend(lifts);
    }

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
        offered.sort_by_key(|id| OF_NO_RETURN.contains(&id.as_str()));
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
