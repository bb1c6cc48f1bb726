//! The same in few lines, the gravest first: what somebody reads before saying yes.
//!
//! What is given comes first, for a fix should give nothing; then what was used and is lost.

use std::collections::BTreeSet;

use trailwarden_model::escape::shorten;

use super::uses::{called, period, used, used_at_all};
use super::words::{NAMES_MAX, Room, shortly};
use super::{Affected, Becomes, Credential, Foreseen, LastUsed, LostWhen};
use super::{Shared, Way, services, ways};

/// How long a phrase of a line may be.
const LINE_MAX: usize = 120;

impl Foreseen {
    /// What it comes to, a line for each thing. Names are as strangers wrote them.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.told(Room::Short)
    }

    /// The same with nothing left out: all whom it hits, and all that each loses. For what is signed off.
    #[must_use]
    pub fn whole_lines(&self) -> Vec<String> {
        let mut lines = self.told(Room::Whole);
        if !self.unlisted.losing.is_empty() {
            let all: Vec<String> = self.unlisted.losing.iter().map(|arn| shortly(arn)).collect();
            lines.push(format!("Beyond the lists these lose something, too: {}", all.join(", ")));
        }
        lines
    }

    fn told(&self, room: Room) -> Vec<String> {
        let mut lines = Vec::new();
        self.gives(room, &mut lines);
        self.breaks(room, &mut lines);
        self.ends(room, &mut lines);
        self.takes(room, &mut lines);
        self.closes(room, &mut lines);
        self.leaves_open(room, &mut lines);
        if self.is_nothing() {
            lines.push("Nobody gains or loses access.".to_owned());
        } else if lines.is_empty() {
            lines
                .push("Access moves in a way that has no short name: read the preview.".to_owned());
        }
        lines.extend(room.limited(self.notes.iter().map(|note| format!("Note: {note}"))));
        lines
    }

    fn gives(&self, room: Room, lines: &mut Vec<String>) {
        let gaining = self.principals.iter().filter(|one| !one.gained.is_empty());
        let said = |one: &Affected| (one.is_latent, one.is_certain, some(one, &one.gained, room));
        let told = alike(gaining, said).into_iter().map(|(all, (is_latent, is_certain, what))| {
            let who = room.names(all.iter().map(|one| shortly(&one.arn)).collect());
            match (is_latent, is_certain) {
                (true, _) => format!("{who} would give {what}, and nobody holds it yet"),
                (false, true) => format!("GIVES {who}: {what}"),
                (false, false) => format!("GIVES (perhaps) {who}: {what}"),
            }
        });
        lines.extend(room.limited(told));
        let capped = self.principals.iter().filter(|one| !one.capped_by.is_empty());
        lines.extend(room.limited(capped.map(|one| {
            let caps = one.capped_by.join(" and ");
            format!(
                "GIVES {} more that counts for nothing while {caps} cuts it off",
                shortly(&one.arn)
            )
        })));
        let given = self.credentials.iter().filter(|one| one.becomes == Becomes::Given);
        lines.extend(room.limited(given.map(credential)));
        let opened = self.doors.iter().filter(|door| door.is_opened);
        lines.extend(
            room.limited_of(opened.map(|it| ways::entered(it, room)), self.unlisted.doors_opened),
        );
        let opens = self.paths_opened.iter().map(|it| ways::opened(it, room));
        lines.extend(room.limited_of(opens, self.unlisted.paths_opened));
    }

    fn breaks(&self, room: Room, lines: &mut Vec<String>) {
        let breaking = self.principals.iter().filter(|one| one.breaks());
        lines.extend(room.limited(breaking.map(|one| {
            let used = one.used.as_deref().unwrap_or_default();
            let mut all: Vec<String> = used.iter().take(room.of(NAMES_MAX)).map(called).collect();
            let hidden = used.len().saturating_sub(room.of(NAMES_MAX)) as u64;
            if let more @ 1.. = one.more_used.saturating_add(hidden) {
                all.push(format!("{more} more"));
            }
            let is_certain = used.iter().any(|one| one.is_certain);
            let word = if is_certain { "BREAKS" } else { "MAY BREAK" };
            format!("{word} {}: it used {}", shortly(&one.arn), all.join(", "))
        })));
        let by_aws = self.principals.iter().filter(|one| !one.services.is_empty());
        lines.extend(room.limited(by_aws.map(|it| services::told(it, room))));
    }

    fn ends(&self, room: Room, lines: &mut Vec<String>) {
        let ended = self.credentials.iter().filter(|one| one.becomes != Becomes::Given);
        lines.extend(room.limited_of(ended.map(credential), self.unlisted.credentials));
        let sessions = self.sessions.iter().map(|one| {
            format!(
                "ENDS the sessions of {} that began before {}; {}",
                shortly(&one.arn),
                one.began_before,
                used(&one.last_used)
            )
        });
        lines.extend(room.limited_of(sessions, self.unlisted.sessions));
        let shut = self.doors.iter().filter(|door| !door.is_opened);
        lines
            .extend(room.limited_of(shut.map(|it| ways::shut(it, room)), self.unlisted.doors_shut));
    }

    fn takes(&self, room: Room, lines: &mut Vec<String>) {
        let losing = self.principals.iter().filter(|one| !one.lost.is_empty());
        // Those that lose the same, such as the members of a group, share a line.
        let said =
            |one: &Affected| (one.lost_when, some(one, &one.lost, room), self.use_of(one, room));
        let told = alike(losing, said).into_iter().map(|(all, (when, what, use_of))| {
            let who = room.names(all.iter().map(|one| shortly(&one.arn)).collect());
            taken(when, &who, &what, &use_of)
        });
        lines.extend(room.limited(told));
        if self.more_principals > 0 {
            lines.push(format!(
                "{} more users, roles or policies gain or lose something",
                self.more_principals
            ));
        }
        let carried = self.principals.iter().filter(|one| {
            !one.carried_by.is_empty() && !one.lost.is_empty() && one.last_used != LastUsed::Never
        });
        lines.extend(room.limited(carried.map(|one| {
            let by = room.names(one.carried_by.clone());
            format!("{} is what {by} acts as; {}", shortly(&one.arn), used(&one.last_used))
        })));
        let others = self.shared.iter().filter(|one| one.holders() > 1 || !one.is_complete);
        lines.extend(room.limited_of(others.map(shared), self.unlisted.shared));
    }

    /// What is to be said of the use of what is lost, where none was seen.
    fn use_of(&self, one: &Affected, room: Room) -> String {
        let no_other = match one.unmapped {
            0 => String::new(),
            unmapped => format!("; {unmapped} of its calls need a permission that nobody can tell"),
        };
        let unrecorded = match one.unrecorded.as_slice() {
            [] => String::new(),
            all => format!(
                "; of {} it is not known: their data events are not in the logs",
                room.names(all.to_vec())
            ),
        };
        match (&one.used, &one.last_used) {
            _ if one.breaks() && unrecorded.is_empty() => String::new(),
            _ if one.breaks() => format!(" ({})", unrecorded.trim_start_matches("; ")),
            (Some(_), _) => format!(" (no use of it was seen{no_other}{unrecorded})"),
            (None, LastUsed::Unknown) if self.observed.is_none() => String::new(),
            (None, LastUsed::Unknown) => " (whether it was used is not known)".to_owned(),
            (None, last) if self.observed.is_some() => {
                format!(" (whether it was used is not known; {})", used_at_all(last))
            }
            // That of the identity: of what is lost nothing is known.
            (None, last) => format!(" ({})", used_at_all(last)),
        }
    }

    fn closes(&self, room: Room, lines: &mut Vec<String>) {
        // A door that is shut is told already.
        let is_door =
            |way: &&Way| self.doors.iter().any(|door| door.role == way.to && door.who == way.from);
        let mut told: Vec<String> = self
            .paths_closed
            .iter()
            .filter(|way| !is_door(way))
            .filter_map(|it| ways::closed(it, room))
            .collect();
        // One loss may close the same way by several techniques.
        let mut seen = BTreeSet::new();
        told.retain(|line| seen.insert(line.clone()));
        lines.extend(room.limited_of(told.into_iter(), self.unlisted.paths_closed));
    }

    fn leaves_open(&self, room: Room, lines: &mut Vec<String>) {
        lines.extend(room.limited(self.not_foreseen.iter().map(|one| {
            format!("NOT FORESEEN: what step {} ({}) does: {}", one.step, one.call, one.why)
        })));
        lines.extend(room.limited(self.unknowns.iter().map(|one| format!("NOT KNOWN: {one}"))));
        let loses = self.principals.iter().any(|one| !one.lost.is_empty());
        match &self.observed {
            None if loses => lines.push(
                "NOT KNOWN: what of it was used, for no logs were given (--logs PATH)".to_owned(),
            ),
            Some(observed) if loses => lines.push(period(observed)),
            _ => {}
        }
    }
}

impl Shared {
    /// How many it counts for.
    fn holders(&self) -> usize {
        self.users.len() + self.roles.len() + self.bounds.len()
    }
}

fn credential(one: &Credential) -> String {
    let id = one.id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
    let (what, owner, last) =
        (format!("{}{id}", one.kind), shortly(&one.owner), used(&one.last_used));
    match one.becomes {
        Becomes::Given => format!("GIVES {owner} a new {what}"),
        Becomes::Deactivated => format!("SWITCHES OFF the {what} of {owner}; {last}"),
        Becomes::Deleted => format!("DELETES the {what} of {owner}; {last}"),
        Becomes::Replaced => format!("REPLACES the {what} of {owner}; {last}"),
        Becomes::MustChange => {
            format!("ASKS {owner} for another {what} at the next sign-in; {last}")
        }
        Becomes::Expired => {
            format!(
                "LOCKS OUT {owner}: the {what} is too old then, and only an administrator sets another; {last}"
            )
        }
    }
}

fn shared(one: &Shared) -> String {
    let counts = [(one.users.len(), "user"), (one.roles.len(), "role")];
    let mut all: Vec<String> = counts.into_iter().filter(|(n, _)| *n > 0).map(counted).collect();
    if !one.bounds.is_empty() {
        all.push(format!("{} as their boundary", one.bounds.len()));
    }
    let more = if one.is_complete { "" } else { ", and perhaps for others" };
    let who = if all.is_empty() { "nobody who is known".to_owned() } else { all.join(", ") };
    format!("{} is shared: it counts for {who}{more}", shortly(&one.arn))
}

fn counted((number, what): (usize, &str)) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Those of whom the same is said, in the order of the first of each.
fn alike<'a, K: PartialEq>(
    all: impl Iterator<Item = &'a Affected>,
    said: impl Fn(&Affected) -> K,
) -> Vec<(Vec<&'a Affected>, K)> {
    let mut groups: Vec<(Vec<&Affected>, K)> = Vec::new();
    for one in all {
        let key = said(one);
        match groups.iter_mut().find(|(_, known)| *known == key) {
            Some((group, _)) => group.push(one),
            None => groups.push((vec![one], key)),
        }
    }
    groups
}

/// A second factor makes the difference between a lockout and a habit, so it is told first.
fn taken(when: LostWhen, who: &str, what: &str, use_of: &str) -> String {
    match when {
        LostWhen::Always => format!("Takes from {who}: {what}{use_of}"),
        LostWhen::WithoutMfa => format!(
            "WITHOUT MFA, and so by an access key alone, no longer for {who}: {what}{use_of}; with MFA all of it stays"
        ),
        LostWhen::SessionWithoutMfa => format!(
            "In sessions WITHOUT MFA no longer for {who}: {what}{use_of}; with MFA, and by access keys, all of it stays"
        ),
    }
}

/// What a policy says of whoever holds it is the same for all, but for the name.
fn own(one: &Affected, text: &str) -> String {
    let name = one.arn.rsplit('/').next().unwrap_or_default();
    if name.is_empty() {
        return text.to_owned();
    }
    text.replace(&format!("/{name}`"), "/(its own name)`")
}

fn some(one: &Affected, lines: &[String], room: Room) -> String {
    // Where a long line ends depends on the name, so that goes first.
    let short = |line: &String| shorten(&own(one, line), room.of(LINE_MAX)).into_owned();
    let mut all: Vec<String> = lines.iter().take(room.of(NAMES_MAX)).map(short).collect();
    if let Some(more @ 1..) = lines.len().checked_sub(room.of(NAMES_MAX)) {
        all.push(format!("and {more} more"));
    }
    all.join("; ")
}
