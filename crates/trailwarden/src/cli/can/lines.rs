//! What there is to say of an answer, one thing to each line.

mod why;

use trailwarden_account::session::INLINE;
use trailwarden_account::{Kind, Proof};
use trailwarden_model::escape;
use trailwarden_policy::document::Effect;
use trailwarden_policy::evaluate::{Deciding, Decision, Layer, Outcome};
use trailwarden_policy::reach::describe_from;

use super::answer::{Answer, By, Verdict};
use super::evidence::Source;
use super::extent::{Cap, Extent, Reached};
use super::question::{Question, Side};
use crate::cli::state::{Deed, State};

/// Statements of one sort that are shown.
const STATEMENTS_MAX: usize = 12;
/// Characters of a statement that are shown.
const STATEMENT_CHARS_MAX: usize = 320;

/// The headline and the lines below it.
pub(super) struct Lines {
    pub(super) headline: String,
    pub(super) lines: Vec<Line>,
}

/// One thing to say.
pub(super) struct Line {
    pub(super) label: &'static str,
    pub(super) text: String,
    /// A statement, word for word.
    pub(super) quote: Option<String>,
}

impl Line {
    fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into(), quote: None }
    }
}

/// Everything that there is to say.
pub(super) fn of(question: &Question<'_>, deed: &Deed, answer: &Answer, state: &State) -> Lines {
    let teller = Teller { question, deed, answer, state };
    let mut lines: Vec<Line> = Vec::new();
    let begun = question.session.iter().map(|begun| Line::new("session", begun.in_words(state)));
    lines.extend(begun);
    lines.extend(match &answer.by {
        By::Request { seen, decided, .. } => teller.of_request(seen, &decided.decision),
        By::Reach(reached) => teller.of_reach(reached),
    });
    if answer.verdict == Verdict::Unknown {
        lines.extend(teller.open());
    }
    if answer.verdict != Verdict::Denied {
        lines.extend(teller.assumed().into_iter().map(|text| Line::new("assumed", text)));
    }
    Lines { headline: teller.headline(), lines }
}

/// What was taken for granted.
pub(super) fn assumptions(question: &Question<'_>, answer: &Answer) -> Vec<String> {
    let mut all: Vec<String> =
        question.standing.assumptions().into_iter().map(str::to_owned).collect();
    if let By::Request { is_owner_assumed: true, .. } = answer.by {
        let account = question.model.account();
        all.push(format!(
            "the resource belongs to account {account}, since its ARN does not tell; say \
             --resource-account"
        ));
    }
    let is_allowed_so_far = match &answer.by {
        By::Request { seen, .. } => seen.outcome == Outcome::Allow,
        By::Reach(reached) => reached.extent != Extent::None,
    };
    if matches!(answer.side, Side::MayAllow) && is_allowed_so_far {
        all.push("no policy of the resource denies it; logs do not show these policies".to_owned());
    }
    all
}

struct Teller<'t> {
    question: &'t Question<'t>,
    deed: &'t Deed,
    answer: &'t Answer,
    state: &'t State,
}

impl Teller<'_> {
    fn headline(&self) -> String {
        let Self { question, deed, answer, .. } = self;
        let principal = &question.standing.principal;
        let extent = match &answer.by {
            By::Reach(Reached { extent: Extent::Some, .. }) => " on some resources",
            By::Reach(Reached { extent: Extent::All, .. }) => " on every resource of its kind",
            By::Reach(_) | By::Request { .. } => "",
        };
        let word = match (answer.verdict, &answer.by) {
            (Verdict::Allowed, _) => format!("ALLOWED{extent}"),
            (Verdict::Denied, _) if question.has_ended() => {
                "DENIED, since the session had ended by then".to_owned()
            }
            (Verdict::Unknown, _) if question.has_ended() => {
                "NOT KNOWN; as far as was seen, the session had ended by then".to_owned()
            }
            (Verdict::Denied, By::Request { decided, .. }) => match decided.decision.outcome {
                Outcome::ExplicitDeny => "DENIED by a statement".to_owned(),
                Outcome::ImplicitDeny => "DENIED, since nothing allows it".to_owned(),
                _ => "DENIED, by a statement or since nothing allows it".to_owned(),
            },
            (Verdict::Denied, By::Reach(reached)) => {
                let mut denies = answer.evidence.about(&deed.action, Effect::Deny);
                match (reached.capped_by, denies.next()) {
                    (Some(Cap::Scp { is_denied: true, .. }), _) => "DENIED by a statement",
                    (Some(Cap::Scp { is_denied: false, .. }) | None, _) | (_, None) => {
                        "DENIED, since nothing allows it"
                    }
                    _ => "DENIED, by a statement or since nothing allows it",
                }
                .to_owned()
            }
            // What decides was not seen at all.
            (Verdict::Unknown, _) if matches!(answer.side, Side::Unseen(..)) => {
                "NOT KNOWN".to_owned()
            }
            (Verdict::Unknown, By::Request { seen, .. }) => match seen.outcome {
                Outcome::Allow => "NOT KNOWN, but allowed by what was seen".to_owned(),
                Outcome::ImplicitDeny | Outcome::ExplicitDeny => {
                    "NOT KNOWN, but denied by what was seen".to_owned()
                }
                Outcome::Unknown => "NOT KNOWN".to_owned(),
            },
            (Verdict::Unknown, By::Reach(reached)) => match reached.extent {
                Extent::None => "NOT KNOWN, but denied by what was seen".to_owned(),
                _ if reached.is_conditional => format!("NOT KNOWN, perhaps{extent}"),
                _ => format!("NOT KNOWN, but allowed{extent} by what was seen"),
            },
        };
        let is_session = [":assumed-role/", ":federated-user/"].iter();
        let is_session = is_session.into_iter().any(|kind| question.caller.contains(kind));
        let who = match (is_session, principal.kind) {
            (true, _) => &question.caller,
            (false, Kind::Root) => "root",
            (false, _) => principal.label.as_str(),
        };
        format!("{word}: {} by {who} of account {}", deed.in_words(), principal.account)
    }

    fn of_request(&self, seen: &Decision, decision: &Decision) -> Vec<Line> {
        let mut lines = Vec::new();
        for deciding in seen.statements.iter().take(STATEMENTS_MAX) {
            let label = match (seen.outcome, deciding.effect) {
                (Outcome::Unknown, Effect::Allow) => "may be allowed by",
                (Outcome::Unknown, Effect::Deny) => "may be denied by",
                (_, Effect::Allow) => self.allowed_by(),
                (_, Effect::Deny) => "denied by",
            };
            lines.extend(self.statement(label, deciding));
        }
        lines.extend(more(seen.statements.len()));
        if decision.outcome == Outcome::ImplicitDeny {
            for layer in &decision.blocked_by {
                lines.push(Line::new("missing", self.lacking(*layer, decision.scp_level)));
            }
        }
        for deciding in seen.overruled.iter().take(STATEMENTS_MAX) {
            lines.extend(self.statement("not enough", deciding));
        }
        lines.extend(more(seen.overruled.len()));
        lines
    }

    fn of_reach(&self, reached: &Reached) -> Vec<Line> {
        let may = if self.question.has_ended() { "could" } else { "may" };
        let mut lines: Vec<Line> =
            self.may(reached).into_iter().map(|text| Line::new(may, text)).collect();
        lines.extend(self.of_roles());
        let evidence = &self.answer.evidence;
        let allow = if reached.extent == Extent::None { "not enough" } else { self.allowed_by() };
        for (label, effect) in [(allow, Effect::Allow), ("limited by", Effect::Deny)] {
            let mut about = evidence.about(&self.deed.action, effect);
            for (source, at) in about.by_ref().take(STATEMENTS_MAX) {
                lines.extend(self.of_source(label, source, at, None));
            }
            lines.extend(more(STATEMENTS_MAX + about.count()));
        }
        if reached.extent == Extent::None && self.answer.roles.is_none() {
            lines.insert(0, self.of_cap(reached.capped_by));
        }
        lines
    }

    fn may(&self, reached: &Reached) -> Vec<String> {
        describe_from(self.question.standing.principal.account, &reached.grants)
    }

    /// What keeps all of it back.
    fn of_cap(&self, cap: Option<Cap>) -> Line {
        let text = match cap {
            None => self.lacking(Layer::Identity, None),
            Some(Cap::Boundary) => self.lacking(Layer::Boundary, None),
            Some(Cap::Scp { level, is_denied: true }) => {
                let text = format!("the SCPs at {}", self.scp_target(Some(level)));
                return Line::new("denied by", text);
            }
            Some(Cap::Scp { level, is_denied: false }) => self.lacking(Layer::Scp, Some(level)),
            Some(Cap::Session) => self.lacking(Layer::Session, None),
            Some(Cap::Together) => {
                "the caps together let nothing of it through, or a Deny takes it away".to_owned()
            }
        };
        Line::new("missing", text)
    }

    /// What a statement does that allows: nothing any more to a session that has ended.
    fn allowed_by(&self) -> &'static str {
        if self.question.has_ended() { "was allowed by" } else { "allowed by" }
    }

    fn statement(&self, label: &'static str, deciding: &Deciding) -> Vec<Line> {
        match self.answer.evidence.source(deciding) {
            Some(source) => {
                self.of_source(label, source, deciding.statement, deciding.sid.as_deref())
            }
            None => vec![Line::new(label, format!("statement {}", deciding.statement + 1))],
        }
    }

    fn of_source(
        &self,
        label: &'static str,
        source: &Source,
        at: usize,
        sid: Option<&str>,
    ) -> Vec<Line> {
        let own = source.statement(at).and_then(|statement| statement.sid.as_deref());
        let sid = sid.or(own).map(|sid| format!(" `{sid}`")).unwrap_or_default();
        let text = format!("statement {}{sid} of {}", at + 1, place(source));
        let quote = source.quote(at);
        let quote = quote.map(|text| escape::shorten(&text, STATEMENT_CHARS_MAX).into_owned());
        let mut lines = vec![Line { label, text, quote }];
        if !source.proofs.is_empty() {
            lines.push(Line::new("  known by", self.proofs(source).join("; ")));
        }
        lines
    }

    /// What proves a policy, each proof once.
    fn proofs(&self, source: &Source) -> Vec<String> {
        let mut shown: Vec<String> = Vec::new();
        for (of, proof) in &source.proofs {
            let text = self.state.proof(proof);
            let text = match proof {
                Proof::Record(_) if *of != "document" => format!("{text} ({of})"),
                _ => text,
            };
            if !shown.contains(&text) {
                shown.push(text);
            }
        }
        shown
    }

    fn assumed(&self) -> Vec<String> {
        assumptions(self.question, self.answer)
    }
}

/// A policy and whose it is.
pub(super) fn place(source: &Source) -> String {
    let Source { policy, holder, .. } = source;
    match source.layer {
        Layer::Identity if source.is_inline => format!("inline policy {policy} of {holder}"),
        Layer::Identity => format!("{policy}, attached to {holder}"),
        Layer::Boundary => format!("{policy}, the permissions boundary of {holder}"),
        Layer::Session if policy == INLINE => "the session policy".to_owned(),
        Layer::Session => format!("{policy}, which the session is limited to"),
        Layer::Scp => format!("the SCP {policy} at {holder}"),
        Layer::Rcp => format!("the RCP {policy} at {holder}"),
        Layer::Resource if holder.contains(":role/") => format!("the trust policy of {holder}"),
        _ => format!("the policy {holder}"),
    }
}

fn more(count: usize) -> Option<Line> {
    let more = count.saturating_sub(STATEMENTS_MAX);
    (more > 0).then(|| Line::new("and", format!("{more} more such statements; see --json")))
}
