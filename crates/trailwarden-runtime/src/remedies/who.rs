//! Who did what steps take back: whoever keeps the credentials does it again.

use trailwarden_account::Kind;
use trailwarden_model::Finding;
use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_remedy::people::{option, word};
use trailwarden_remedy::{Draft, Subject};

use super::Known;
use super::keys::OF_USERS;

impl Known<'_> {
    /// Says who did it, where that is somebody else than whom the steps are about.
    pub(super) fn note_actor(&self, finding: &Finding, subject: &Subject, draft: &mut Draft) {
        if finding.kind == FindingKind::Posture || finding.evidence.is_empty() {
            return;
        }
        let Some(who) = self.actor(finding) else { return };
        let is_about = subject.principal.as_ref().is_some_and(|one| {
            one.kind.word() == who.kind.as_str() && one.name.eq_ignore_ascii_case(&who.name)
        });
        if is_about {
            return;
        }
        let key = finding.actor.access_key.as_deref().filter(|key| key.starts_with(OF_USERS));
        let stop = match (who.kind, key) {
            (Kind::User, Some(key)) => format!(
                "switch the key off, `aws iam update-access-key {} {} --status Inactive` (`--status Active` takes it back), and end the sessions (revoke-sessions)",
                option("--user-name", &who.name),
                option("--access-key-id", key),
            ),
            (Kind::User, None) => {
                "reset the password (reset-console-password), and end the sessions (revoke-sessions)"
                    .to_owned()
            }
            (Kind::Role, _) => format!(
                "find who entered the role, `trailwarden investigate {} LOGS`, and end its sessions (revoke-sessions)",
                option("--principal", &who.name)
            ),
            _ => return,
        };
        let by = match (who.kind, key) {
            (Kind::Role, _) => "in a session".to_owned(),
            (_, Some(key)) => format!("by the key {}", word(key)),
            (_, None) => "in the console or by temporary credentials".to_owned(),
        };
        draft.note(format!(
            "{}/{} did it, {by}: ask. Whoever does not know of it has lost credentials, and it is done again as long as they work: {stop}.",
            who.kind.as_str(),
            word(&who.name),
        ));
    }
}
