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
        let way = self.acting_key(finding).map(|key| self.way_to(key)).unwrap_or_default();
        let key = match self.links(&way).first().filter(|link| link.is_key()) {
            Some(link) => link.key.clone().map(|key| (link.name.clone(), key)),
            None => {
                let key = finding.actor.access_key.clone();
                key.filter(|key| key.starts_with(OF_USERS)).map(|key| (who.name.clone(), key))
            }
        };
        let is_through = way.first().is_some_and(|first| first.call.starts_with("AssumeRole"));
        let off = key.as_ref().map(|(user, key)| {
            format!(
                "switch the key off, `aws iam update-access-key {} {} --status Inactive` (`--status Active` takes it back), and end the sessions (revoke-sessions)",
                option("--user-name", user),
                option("--access-key-id", key),
            )
        });
        let stop = match (who.kind, off) {
            (Kind::User | Kind::Role, Some(off)) => off,
            (Kind::User, None) => {
                "reset the password (reset-console-password), and end the sessions (revoke-sessions)"
                    .to_owned()
            }
            (Kind::Role, None) => format!(
                "find who entered the role, `trailwarden investigate {} LOGS`, and end its sessions (revoke-sessions)",
                option("--principal", &who.name)
            ),
            _ => return,
        };
        let by = match (who.kind, &key) {
            (Kind::Role, _) => "in a session".to_owned(),
            (_, Some((_, key))) if way.is_empty() => format!("by the key {}", word(key)),
            (_, Some((_, key))) => {
                format!("by temporary credentials that the key {} made", word(key))
            }
            (_, None) => "in the console or by temporary credentials".to_owned(),
        };
        let told = self.story(&way).filter(|_| is_through);
        let told = told.map(|told| format!(" {told}")).unwrap_or_default();
        draft.note(format!(
            "{}/{} did it, {by}: ask. Whoever does not know of it has lost credentials, and it is done again as long as they work: {stop}.{told}",
            who.kind.as_str(),
            word(&who.name),
        ));
    }
}
