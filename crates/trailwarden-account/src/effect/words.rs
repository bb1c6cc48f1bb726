//! An effect in one short sentence.

use trailwarden_policy::reach::Grade;

use super::{Bearer, Cap, Effect, Entrance, Entrant, Moved, Verdict};

/// How many parts a sentence has.
const PARTS_MAX: usize = 2;

impl Effect {
    /// One short sentence for a table's cell. Names are as strangers wrote them.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.gains());
        parts.extend(self.ways_in());
        parts.extend(self.paths());
        parts.extend(self.capped());
        if parts.is_empty() {
            parts.extend(self.losses());
        }
        if parts.is_empty() {
            parts.push(self.nothing());
        }
        parts.truncate(PARTS_MAX);
        let sentence = parts.join("; ");
        if self.is_attempt { format!("in vain, else: {sentence}") } else { sentence }
    }

    fn gains(&self) -> Option<String> {
        let first = self.moved.iter().find(|moved| moved.gain.is_some())?;
        let same = self
            .moved
            .iter()
            .filter(|other| other.gained == first.gained && other.is_latent == first.is_latent);
        let who = people(same.map(Moved::plain_name).collect());
        let unheld = if first.is_latent { " (held by nobody yet)" } else { "" };
        let what = first.gained.first().map_or("do more".to_owned(), |line| verb(line));
        let more = match first.gained.len() {
            0 | 1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        let through = first.through.iter().map(|how| format!("; {how}")).collect::<String>();
        Some(format!("{who}{unheld} may now {what}{more} {}{through}", first.grades()))
    }

    fn ways_in(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(entry) =
            self.entries.iter().max_by_key(|entry| (entry.severity(), entry.is_gain()))
        {
            let same = self.entries.iter().filter(|other| other.role == entry.role);
            let who = people(same.map(|entry| entry.who.plain_name()).collect());
            let of = graded(entry.grade);
            parts.push(format!("{who} may now enter {}{of}", plain(&entry.label)));
        }
        if let Some(given) = self.credentials.first() {
            let of = graded(given.grade);
            let (means, label) = (given.means.as_str(), plain(&given.label));
            parts.push(format!("{label} has {means} more{of}"));
        }
        if let Some(carrier) = self.carriers.first() {
            let role = carrier.after.as_deref().map_or("no role".to_owned(), plain);
            let of = graded(carrier.grade_after);
            parts.push(format!("machines with profile {} act as {role}{of}", carrier.profile));
        }
        parts
    }

    fn paths(&self) -> Option<String> {
        let first = self.opened.first()?;
        let more = match self.opened.len() {
            1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        let (from, to, of) = (plain(&first.from), plain(&first.to), graded(Some(first.grade)));
        Some(format!("opens a way from {from} to {to}{of}{more}"))
    }

    fn capped(&self) -> Option<String> {
        let first =
            self.moved.iter().find(|moved| moved.gain.is_none() && !moved.capped.is_empty())?;
        let same = self.moved.iter().filter(|other| other.capped == first.capped);
        let who = people(same.map(Moved::plain_name).collect());
        let caps: Vec<String> = first.capped.iter().map(Cap::in_words).collect();
        let else_grade = match first.uncapped {
            Some(grade) => format!(", else {grade}"),
            None => String::new(),
        };
        Some(format!("nothing for {who}: wholly capped by {}{else_grade}", caps.join(" and ")))
    }

    fn losses(&self) -> Option<String> {
        if let Some(first) = self.moved.iter().find(|moved| moved.is_deleted) {
            return Some(format!("{} is gone", first.plain_name()));
        }
        if let Some(first) = self.moved.iter().find(|moved| !moved.lost.is_empty()) {
            let same = self.moved.iter().filter(|other| other.lost == first.lost);
            let who = people(same.map(Moved::plain_name).collect());
            let what = first.lost.first().map_or("do as much".to_owned(), |line| verb(line));
            let more = match first.lost.len() {
                0 | 1 => String::new(),
                many => format!(" and {} more", many - 1),
            };
            return Some(format!("narrower: {who} may no longer {what}{more}"));
        }
        let shut = self.shut.first()?;
        let who = people(self.shut.iter().map(|entry| entry.who.plain_name()).collect());
        Some(format!("narrower: {who} may no longer enter {}", plain(&shut.label)))
    }

    fn nothing(&self) -> String {
        match (self.verdict(), self.unknowns.first(), self.notes.first()) {
            (Verdict::Unknown, Some(unknown), _) => format!("unknown: {unknown}"),
            (Verdict::Unknown, None, _) => "unknown: the record does not say enough".to_owned(),
            (_, _, Some(note)) => format!("nothing changes: {note}"),
            _ => "nothing changes".to_owned(),
        }
    }
}

impl Moved {
    /// The name without what nearly all have.
    fn plain_name(&self) -> String {
        match self.bearer {
            Bearer::User | Bearer::Root | Bearer::Role | Bearer::Group => plain(&self.label),
            _ => self.label.clone(),
        }
    }

    fn grades(&self) -> String {
        let word = |grade: Option<Grade>| grade.map_or("unknown", Grade::name);
        let (before, after) = (word(self.grade_before), word(self.grade_after));
        match before == after {
            true => format!("({after})"),
            false => format!("({before} → {after})"),
        }
    }
}

impl Cap {
    /// In words, by name.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Boundary(name) => format!("boundary {name}"),
            Self::Scp(names) if names.is_empty() => "a service control policy".to_owned(),
            Self::Scp(names) => format!("service control policy {names}"),
        }
    }
}

impl Entrant {
    /// Its name in plain words.
    #[must_use]
    pub fn plain_name(&self) -> String {
        match self {
            Self::Principal { label, .. } => plain(label),
            Self::Named(_, text) => text.clone(),
            Self::Account(account) => format!("account {account}"),
            Self::Service(name) => format!("service {name}"),
            Self::Federated(arn) => {
                format!("people of {}", arn.rsplit('/').next().unwrap_or_default())
            }
            Self::Anyone => "anyone".to_owned(),
        }
    }
}

impl Entrance {
    /// Such as `bob may enter role app`.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} may enter {}", self.who.plain_name(), plain(&self.label))
    }
}

/// `bob` for `user/bob`, `role app` for `role/app`.
fn plain(label: &str) -> String {
    match label.split_once('/') {
        Some(("user", name)) => name.to_owned(),
        Some(("root", _)) => "root".to_owned(),
        Some((kind, name)) => format!("{kind} {name}"),
        None => label.to_owned(),
    }
}

/// A line of a description behind "may": some begin with a noun.
fn verb(line: &str) -> String {
    let takes = |verb: &str, starts: &[&str]| {
        starts.iter().any(|start| line.starts_with(start)).then(|| format!("{verb} {line}"))
    };
    takes("have", &["full control"])
        .or_else(|| takes("perform", &["every action", "nearly every action", "actions that"]))
        .unwrap_or_else(|| line.to_owned())
}

fn graded(grade: Option<Grade>) -> String {
    grade.map_or(String::new(), |grade| format!(" ({grade})"))
}

/// `mallory and 2 others`.
fn people(mut names: Vec<String>) -> String {
    names.dedup();
    match names.as_slice() {
        [] => "somebody".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, rest @ ..] => format!("{one} and {} others", rest.len()),
    }
}
