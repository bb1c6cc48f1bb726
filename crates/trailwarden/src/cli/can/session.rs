//! A session that is asked about: whose it is, and what it was limited to when it began.
//!
//! A model knows principals and not their sessions, so the records that began the session come with
//! the question. One name may have begun several; an access key is one session's alone.
//!
//! Source: IAM User Guide, "Policies and permissions in AWS Identity and Access Management", "Session
//! policies".

use std::sync::Arc;

use anyhow::{anyhow, bail};
use trailwarden_account::fact::Why;
use trailwarden_account::session::{Limited, Session, Token};
use trailwarden_account::{Id, Kind, Model, Models};
use trailwarden_model::Timestamp;

use crate::cli::state::{self, Named, State};

/// Who is asked about.
pub(super) struct Asker {
    pub(super) named: Named,
    /// Of a session, how it began.
    pub(super) session: Option<Begun>,
}

/// How a session began.
pub(crate) enum Begun {
    /// No record shows it.
    Unseen,
    /// So; and how many others of its name, alive at the same time, are limited to something else.
    Seen { session: Box<Session>, others: usize, has_ended: bool },
}

/// Whether a text means a session: its ARN or id, or a temporary access key.
///
/// Source: IAM User Guide, "IAM identifiers" (unique id prefixes).
fn is_session(text: &str) -> bool {
    text.starts_with("ASIA")
        || text.contains(":assumed-role/")
        || text.contains(":federated-user/")
        || text.starts_with("AROA") && text.contains(':')
}

/// Finds whom a person means.
pub(super) fn find(
    models: &Models,
    state: &State,
    text: &str,
    at: Option<Timestamp>,
) -> anyhow::Result<Asker> {
    let text = text.trim();
    if !is_session(text) {
        let named = state::find(models, &state.accounts, text)?;
        return Ok(Asker { named, session: None });
    }
    let Some((session, others)) = latest(&state.told.sessions) else {
        if text.contains(":assumed-role/") {
            let named = state::find(models, &state.accounts, text)?;
            return Ok(Asker { named, session: Some(Begun::Unseen) });
        }
        bail!(
            "no record shows how the session `{text}` began, and so not whose it is; give the ARN \
             of the session, or logs from before it began"
        );
    };
    let model = models.get(session.account).ok_or_else(|| {
        anyhow!("nothing is known of account {}, which the session is of", session.account)
    })?;
    let id = owner(model, session).ok_or_else(|| {
        let (kind, name) = (session.kind.as_str(), &session.name);
        anyhow!(
            "the session is of a {kind}/{name} of account {} that is not there at that time, \
             though another of that name may be; ask about a time when it was, with --at",
            session.account
        )
    })?;
    let own = session.arn.as_deref().map(str::to_owned);
    let named = Named { account: session.account, id, session: own };
    let told = &state.told.sessions;
    let has_ended = at.is_some_and(|at| told.iter().all(|one| one.has_ended(at)));
    let session = Box::new(session.clone());
    Ok(Asker { named, session: Some(Begun::Seen { session, others, has_ended }) })
}

fn owner(model: &Model, session: &Session) -> Option<Id> {
    match session.kind {
        Kind::Root => Some(Id::root()),
        kind => {
            let found = model.find(kind, &session.name)?;
            let is_other = |id: &Arc<str>| !found.id.is_provisional() && found.id.as_str() != &**id;
            // Who was deleted has left the session nothing, and who took the name gives it nothing.
            (!session.owner.as_ref().is_some_and(is_other)).then(|| found.id.clone())
        }
    }
}

/// The session that began last, and how many others that were alive then are limited otherwise.
fn latest(sessions: &[Session]) -> Option<(&Session, usize)> {
    let last = sessions.last()?;
    let mut others: Vec<&Session> = Vec::new();
    for session in sessions {
        let is_alike = |known: &&Session| {
            known.limit.inline.value() == session.limit.inline.value()
                && known.limit.managed == session.limit.managed
        };
        // The trails of two accounts tell of one session.
        let is_it = session.key.is_some() && session.key == last.key;
        if !is_it
            && !session.has_ended(last.begun())
            && !is_alike(&last)
            && !others.iter().any(is_alike)
        {
            others.push(session);
        }
    }
    Some((last, others.len()))
}

impl Begun {
    /// What it is limited to.
    pub(super) fn limited(&self, model: &Model) -> Limited {
        match self {
            Self::Unseen => Limited::unseen(Why::NeverSeen),
            Self::Seen { others: 1.., session, .. } => {
                Limited::unseen(Why::Several(session.proof.clone()))
            }
            Self::Seen { session, .. } => session.limit.documents(model),
        }
    }

    /// The session, where it is certain which.
    pub(super) fn session(&self) -> Option<&Session> {
        match self {
            Self::Seen { session, others: 0, .. } => Some(session),
            Self::Seen { .. } | Self::Unseen => None,
        }
    }

    /// Whether it is certain that a text means no other, and how long it lasted.
    pub(super) fn is_sure(&self, text: &str) -> bool {
        self.session().is_some_and(|session| {
            session.key.as_deref() == Some(text) && session.limit.inline.is_known()
        })
    }

    /// How it began, in a sentence.
    pub(super) fn in_words(&self, state: &State) -> String {
        let Self::Seen { session, others, has_ended } = self else {
            return "no record shows how it began, so a session policy may limit it".to_owned();
        };
        let record = state.proof(&session.proof);
        if *others > 0 {
            return format!(
                "the last of its name began by {record}; others of that name, limited otherwise, \
                 were alive then; ask by the temporary access key"
            );
        }
        let limit = match (session.limit.is_none(), session.limit.is_federated) {
            (true, false) => match session.limit.token {
                Some(Token::WithoutSecondFactor) => {
                    "without a session policy and without a second factor"
                }
                Some(Token::WithSecondFactor) => "without a session policy, with a second factor",
                None => "without a session policy",
            },
            (true, true) => "without the session policy that a federated user needs",
            (false, _) if !session.limit.inline.is_known() => {
                "and the record does not tell its session policy"
            }
            (false, _) => "with a session policy, which limits it",
        };
        let ended = if *has_ended { ", and had ended by then" } else { "" };
        format!("began by {record}, {limit}{ended}")
    }
}
