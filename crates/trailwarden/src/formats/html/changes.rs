//! The table of changes on the page.

use std::collections::BTreeSet;

use trailwarden_model::finding::Verdict;
use trailwarden_model::{Outcome, escape};

use super::effect::EffectView;
use super::prose::Prose;
use crate::formats::changes::{self, Change, Counts, Group, Tally};
use crate::formats::{Style, text};

/// A browser opens no page with more; the other formats list them all.
const ROWS_SHOWN: usize = 5_000;

/// The table.
pub(super) struct ChangesView {
    pub(super) headline: String,
    pub(super) tally: Option<String>,
    pub(super) rows: Vec<RowView>,
    pub(super) more: Option<String>,
    pub(super) actors: Vec<String>,
    /// The groups to choose from, each with its meaning.
    pub(super) groups: Vec<(&'static str, &'static str)>,
    /// The accounts to choose from; empty when there is but one.
    pub(super) accounts: Vec<String>,
    /// Whether change policies speak of any.
    pub(super) has_policies: bool,
}

/// One change.
pub(super) struct RowView {
    /// Its place in the order of events.
    pub(super) order: usize,
    pub(super) when: String,
    /// The word in the column of severities.
    pub(super) tag: &'static str,
    /// The severity as a class; empty when there is none.
    pub(super) severity: &'static str,
    /// From 0 for none to 5 for critical.
    pub(super) rank: usize,
    /// What a filter asks for.
    pub(super) kind: &'static str,
    pub(super) who: String,
    pub(super) call: String,
    pub(super) service: String,
    pub(super) target: String,
    pub(super) account: String,
    pub(super) sentence: Prose,
    pub(super) outcome: Option<&'static str>,
    /// What change policies say of it.
    pub(super) authorized: &'static str,
    pub(super) authorization: Option<String>,
    pub(super) effect: Option<EffectView>,
    pub(super) findings: Vec<Link>,
    pub(super) event_id: String,
    pub(super) place: Option<String>,
}

/// A finding, and whether it is on the page.
pub(super) struct Link {
    pub(super) id: String,
    pub(super) is_here: bool,
}

impl ChangesView {
    pub(super) fn of(changes: &[Change], here: &BTreeSet<&str>, style: &Style) -> Self {
        let more = changes.len().saturating_sub(ROWS_SHOWN) as u64;
        let rows: Vec<RowView> = changes
            .iter()
            .take(ROWS_SHOWN)
            .enumerate()
            .map(|(order, change)| RowView::of(order, change, here, style))
            .collect();
        let choices = |part: fn(&RowView) -> &String| -> Vec<String> {
            rows.iter().map(part).collect::<BTreeSet<_>>().into_iter().cloned().collect()
        };
        let accounts = choices(|row| &row.account);
        Self {
            headline: changes::headline(Counts::of(changes)),
            tally: Tally::of(changes).words(),
            more: (more > 0).then(|| text::count(more)),
            groups: Group::ALL.map(|group| (group.as_str(), group.meaning())).to_vec(),
            actors: choices(|row| &row.who),
            accounts: if accounts.len() > 1 { accounts } else { Vec::new() },
            has_policies: rows.iter().any(|row| row.authorization.is_some()),
            rows,
        }
    }
}

impl RowView {
    fn of(order: usize, change: &Change, here: &BTreeSet<&str>, style: &Style) -> Self {
        let visible = |text: &str| escape::visible(text).into_owned();
        Self {
            order,
            when: change.time.display_in(&style.zone),
            tag: changes::tag(change),
            severity: change.severity.map(|severity| severity.as_str()).unwrap_or_default(),
            rank: change.severity.map_or(0, |severity| severity as usize + 1),
            kind: Group::of(change).as_str(),
            who: changes::who(change),
            call: changes::call(change),
            service: visible(&change.event),
            target: changes::on_what(change).unwrap_or_default(),
            account: change.account.as_deref().map_or_else(|| "unknown".to_owned(), visible),
            sentence: Prose::of(&change.sentence),
            outcome: (change.outcome != Outcome::Succeeded).then(|| change.outcome.as_str()),
            authorized: match change.authorized.verdict {
                Verdict::Permitted => "permitted",
                Verdict::Forbidden => "forbidden",
                Verdict::Unknown => "unknown",
            },
            authorization: changes::authorization(change),
            effect: change.effect.as_ref().map(EffectView::of),
            findings: change
                .findings
                .iter()
                .map(|id| Link { id: visible(id), is_here: here.contains(id.as_str()) })
                .collect(),
            event_id: visible(&change.event_id),
            place: changes::places(change),
        }
    }
}
