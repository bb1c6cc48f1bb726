//! Copies of an attachment: the same policy, attached by the same one at about the same time to others, who gained
//! nothing by it as long as they had it another way.

use trailwarden_account::{Kind, Presence};
use trailwarden_model::Finding;
use trailwarden_remedy::subject::Policy;
use trailwarden_remedy::{Draft, Remedy, Subject};

use super::{Known, Planning};

/// A copy, and what is said of it.
pub(super) type Copied = (Subject, String);

/// Seconds between calls that belong together.
pub(super) const BURST: i64 = 3_600;

impl Planning<'_> {
    /// Copies whose detaching would be planned by itself: one that must stay holds nothing else back.
    pub(super) fn copies(
        &self,
        finding: &Finding,
        remedy: &Remedy,
        subjects: &[Subject],
    ) -> Vec<Copied> {
        if remedy.id != "detach-policy" {
            return Vec::new();
        }
        let mut copies = self.known.copies(finding, subjects);
        copies.retain(|copy| {
            let (mut copy, touched) = (copy.0.clone(), self.known.touched(&copy.0));
            self.administrators.guard(&mut copy, &touched, remedy.effect).is_ok()
                && remedy.draft(&copy).is_ok()
        });
        copies
    }
}

impl Known<'_> {
    fn copies(&self, finding: &Finding, subjects: &[Subject]) -> Vec<Copied> {
        let (Some(history), Ok(model)) = (self.history, self.model()) else { return Vec::new() };
        let mut copies: Vec<Copied> = Vec::new();
        let is_evidence = |id: &str| finding.evidence.iter().any(|one| one.event_id == id);
        let all = history.attached(self.account());
        let own: Vec<_> = all.iter().filter(|one| is_evidence(&one.event_id)).collect();
        for one in all.iter().filter(|one| !is_evidence(&one.event_id)) {
            let is_copy = own.iter().any(|own| {
                own.policy == one.policy
                    && own.by == one.by
                    && own.time.since(one.time).abs() <= BURST
            });
            let holder = model.identity(&one.to).filter(|_| is_copy);
            let Some(holder) = holder.filter(|holder| {
                matches!(holder.attached.get(&one.policy), Presence::Present(_))
                    && [Kind::User, Kind::Group, Kind::Role].contains(&holder.kind)
            }) else {
                continue;
            };
            let mut subject = self.blank(Some(finding));
            if self.fill_identity(holder, &mut subject).is_err() {
                continue;
            }
            subject.policy = Some(self.managed(finding, &one.policy));
            let had = subjects.iter().chain(copies.iter().map(|(had, _)| had));
            if !had.into_iter().any(|had| is_one(had, &subject)) {
                let told = format!(
                    "A COPY, which is no finding of its own: the same one attached the same policy to {}/{} at {} (record {}), and what was found would stay for whoever has it there.",
                    holder.kind.as_str(),
                    holder.name,
                    one.time,
                    one.event_id
                );
                copies.push((subject, told));
            }
        }
        copies
    }
}

/// Says of a group of steps that it is about a copy.
pub(super) fn note_copy(copies: &[Copied], subject: &Subject, draft: &mut Draft) {
    let told = copies.iter().find(|(copy, _)| is_one(copy, subject));
    told.into_iter().for_each(|(_, told)| draft.note(told.clone()));
}

/// Whether two are about one attachment.
fn is_one(one: &Subject, other: &Subject) -> bool {
    (&one.principal, arn_of(one)) == (&other.principal, arn_of(other))
}

fn arn_of(subject: &Subject) -> Option<&str> {
    match &subject.policy {
        Some(Policy::Managed { arn, .. }) => Some(arn),
        Some(Policy::Inline(_)) | None => None,
    }
}
