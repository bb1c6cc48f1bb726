//! Who stands behind a call, and how a sentence names them.

use trailwarden_model::finding::Party;
use trailwarden_record::Event;
use trailwarden_record::caller::CallerKind as Kind;
use trailwarden_record::row::Place;

use super::Records;

/// The principal behind an event, and how a sentence names it.
pub(super) fn actor(event: &Event, chain: &[Place], records: &Records) -> (Party, String) {
    let direct = event.caller.party(&event.address);
    let label = match origin(&event.caller.stable, chain, records) {
        Some(origin) => format!("{} (through {})", label(origin), described(event)),
        None => label(event),
    };
    (behind(direct, &event.caller.stable, chain, records), label)
}

/// The principal behind a direct caller, who keeps the session, key and address used.
pub(crate) fn behind(direct: Party, stable: &str, chain: &[Place], records: &Records) -> Party {
    let Some(origin) = origin(stable, chain, records) else { return direct };
    Party {
        session: direct.session,
        access_key: direct.access_key,
        ..origin.caller.party(direct.address.as_deref().unwrap_or_default())
    }
}

/// The last issuing call that could be read again belongs to whoever began the chain.
fn origin<'r>(stable: &str, chain: &[Place], records: &'r Records) -> Option<&'r Event> {
    let begun = chain.iter().rev().find_map(|place| records.get(place));
    begun.filter(|origin| origin.caller.stable != stable)
}

fn label(event: &Event) -> String {
    let caller = &event.caller;
    let who = described(event);
    if caller.source_identity.is_empty() {
        who
    } else {
        format!("{who} (source identity {})", caller.source_identity)
    }
}

fn described(event: &Event) -> String {
    let caller = &event.caller;
    match caller.kind {
        Kind::Root => "the root user".to_owned(),
        Kind::User => format!("user {}", caller.name()),
        Kind::Role => match caller.session_name() {
            // Identity Center names the session after the person; the role is shared by many.
            Some(person) if caller.is_identity_center_role() => {
                format!("{person} (through role {})", caller.name())
            }
            Some(session) => format!("role {} (session {session})", caller.name()),
            None => format!("role {}", caller.name()),
        },
        Kind::Service => format!("the service {}", caller.name()),
        Kind::FederatedUser => format!("federated user {}", caller.name()),
        Kind::Account => match caller.account {
            Some(account) => format!("a principal of account {account}"),
            None => "a principal of another account".to_owned(),
        },
        Kind::IdentityCenterUser => "an Identity Center user".to_owned(),
        Kind::Federated => format!("federated identity {}", caller.name()),
        Kind::Unknown => "an unknown caller".to_owned(),
    }
}
