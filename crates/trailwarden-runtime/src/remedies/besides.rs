//! Acts beside what was found: what the same hand gave to the same one at about the same time, and by which the gain
//! would stay.
//!
//! Who gives somebody full control twice over moves nothing by the second call, and no finding is about that.
//!
//! # Invariants
//! - Nothing is taken that somebody else gave, or that another credential of the same one gave: who works with two may
//!   have lost one of them.
//! - Nothing is taken that somebody wrote anew since.
//! - What meets a stop is left, and told as what stays; it holds nothing else back.

use trailwarden_account::{Identity, Model, Presence};
use trailwarden_model::Finding;
use trailwarden_policy::reach::Grade;
use trailwarden_remedy::documents::is_same_policy;
use trailwarden_remedy::subject::{Known as State, Policy};
use trailwarden_remedy::{Subject, find};

use super::answers::{Answer, Outcome, is_same};
use super::copies::BURST;
use super::faults::may_stay;
use super::fitting::Fitting;
use super::history::{Gift, Given};
use super::statements::graded;
use super::stays::is_risen;
use super::{Known, Planning};

/// Remediations that take a gain away.
const TAKING: [&str; 4] =
    ["detach-policy", "narrow-policy", "remove-from-group", "restore-policy-version"];

/// So many acts are taken back beside one that was found.
const BESIDES_MAX: usize = 20;

/// An act that is taken back besides.
struct Besides {
    remedy: &'static str,
    subject: Subject,
    told: String,
}

impl Planning<'_> {
    /// Takes back what keeps the gain of a finding alive and is of the same hand.
    pub(super) fn take_besides(&mut self, finding: &Finding, first: usize) {
        let Some(head) = self.answers.get(first) else { return };
        let id = head.remediation.clone().unwrap_or_default();
        if !matches!(head.outcome, Outcome::Planned | Outcome::Same)
            || !TAKING.iter().any(|one| is_same(one, &id))
        {
            return;
        }
        let known = self.known;
        for one in known.besides(finding).into_iter().take(BESIDES_MAX) {
            let Some(remedy) = find(one.remedy) else { continue };
            let told = one.told;
            let may_stay = |document: &str| may_stay(&finding.rule, document);
            let fitting =
                self.drafts_of(vec![one.subject], remedy.effect, Some(&may_stay), |subject| {
                    let mut draft = remedy.draft(subject)?;
                    known.note_actor(finding, subject, &mut draft);
                    draft.because(format!(
                        "{} ({}): {}",
                        finding.title,
                        finding.severity.as_str(),
                        finding.explanation
                    ));
                    draft.note(told.clone());
                    Ok(draft)
                });
            let Ok(Fitting { drafts, .. }) = fitting else { continue };
            if drafts.is_empty() {
                continue;
            }
            let at = self.drafts.len();
            self.drafts.extend(drafts);
            let made = (at..self.drafts.len()).collect();
            let mut answer = Answer::planned(finding, remedy.id, made);
            answer.goes_with(&id);
            self.answers.push(answer);
        }
    }
}

impl Known<'_> {
    /// What keeps the gain of a finding alive, and is of the same hand at about the same time.
    fn besides(&self, finding: &Finding) -> Vec<Besides> {
        let (Some(history), Ok(model)) = (self.history, self.model()) else { return Vec::new() };
        let is_evidence = |id: &str| finding.evidence.iter().any(|one| one.event_id == id);
        let by = finding.evidence.iter().find_map(|one| history.since().author(&one.event_id));
        let (Some(by), Some(key)) = (by, finding.actor.access_key.as_deref()) else {
            return Vec::new();
        };
        let is_near = |gift: &Gift| {
            finding.evidence.iter().any(|one| one.event_time.since(gift.time).abs() <= BURST)
        };
        let risen = finding.effect.iter().flat_map(|effect| &effect.principals);
        let risen = risen.filter(|one| is_risen(one)).filter_map(|one| model.find_arn(&one.arn));
        let mut all: Vec<Besides> = Vec::new();
        for holder in risen {
            for gift in history.gifts(self.account(), &holder.id) {
                let is_its = gift.by == by && gift.key == key && !is_evidence(&gift.event_id);
                if !is_its || !is_near(gift) {
                    continue;
                }
                let Some(new) = self.act(finding, (model, holder), gift) else { continue };
                let is_had = |had: &Besides| {
                    had.remedy == new.remedy
                        && (&had.subject.principal, &had.subject.policy, &had.subject.group)
                            == (&new.subject.principal, &new.subject.policy, &new.subject.group)
                };
                // Of several writings of one policy the first tells what was before.
                if !all.iter().any(is_had) {
                    all.push(new);
                }
            }
        }
        all
    }

    /// An act, where it gives by itself what lets its holder become more, and is as it was done.
    fn act(
        &self,
        finding: &Finding,
        (model, holder): (&Model, &Identity),
        gift: &Gift,
    ) -> Option<Besides> {
        let mut subject = self.blank(Some(finding));
        self.fill_identity(holder, &mut subject).ok()?;
        let gives = |text: &str| graded(text).is_some_and(|(grade, _)| grade >= Grade::Privesc);
        let (kind, name) = (holder.kind.as_str(), &holder.name);
        let (remedy, did) = match &gift.what {
            Given::Inline { name: policy, wrote, before } => {
                let Presence::Present(now) = holder.inline.get(policy) else { return None };
                let now = now.value()?.as_str();
                if !is_same_policy(&now.into(), &wrote.as_str().into()) || !gives(now) {
                    return None;
                }
                subject.before =
                    before.as_ref().map_or(State::Absent, |it| State::Is(it.as_str().to_owned()));
                subject.policy = Some(Policy::Inline(policy.to_string()));
                ("narrow-policy", format!("wrote the inline policy {policy} into {kind}/{name}"))
            }
            Given::Attached(arn) => {
                let is_held = matches!(holder.attached.get(arn), Presence::Present(_));
                let document = model.document_of(arn);
                if !is_held || !document.value().is_some_and(|text| gives(text.as_str())) {
                    return None;
                }
                subject.policy = Some(self.managed(finding, arn));
                let policy = arn.rsplit('/').next().unwrap_or(arn);
                ("detach-policy", format!("attached the policy {policy} to {kind}/{name}"))
            }
            Given::Group(id) => {
                let group = model.identity(id)?;
                let is_in = matches!(holder.groups.get(id), Presence::Present(_));
                let attached = group.attached.keys().map(|arn| model.document_of(arn));
                let mut attached = attached.filter_map(|text| text.value().cloned());
                let mut inline = group.inline.iter().filter_map(|(_, text)| text.value());
                let is_strong = attached.any(|text| gives(text.as_str()))
                    || inline.any(|text| gives(text.as_str()));
                if !is_in || !is_strong {
                    return None;
                }
                subject.group = Some(group.name.to_string());
                subject.is_member = Some(true);
                ("remove-from-group", format!("put {kind}/{name} into the group {}", group.name))
            }
        };
        let told = format!(
            "AN ACT BESIDES: the same one, with the same credential, {did} at {} (record {}). No finding needs to be about it, and by it alone what was found would stay.",
            gift.time, gift.event_id
        );
        Some(Besides { remedy, subject, told })
    }
}
