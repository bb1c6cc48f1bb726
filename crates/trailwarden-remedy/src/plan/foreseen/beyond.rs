//! What one preview says that another one of the same plan does not.
//!
//! A plan's preview is the word of whoever wrote the file. Foreseen anew, it must say all that comes out
//! then. When something was used, and how often, is left out: it moves with every call that somebody makes.
//!
//! # Invariants
//! - Saying something milder is not saying it: a loss for sessions without MFA does not tell of one for
//!   all, nor a way that opens on a condition of one that opens without.
//! - Names beyond the list of principals count only behind a list that is full, of such that do move, each
//!   told whole. Who stands in the list is told there or not at all.

use std::collections::{BTreeMap, BTreeSet};

use super::{Affected, Becomes, Credential, Door, Foreseen, LostWhen, Sessions, Unlisted, Way};

impl Foreseen {
    /// What of this `told` does not say; nothing of it is left where that says all. The list of principals of
    /// this must not end early; that of `told` may once it has `listed_max`.
    #[must_use]
    pub fn beyond(&self, told: &Self, listed_max: usize) -> Self {
        let said = Said::by(told);
        let is_full = said.is_full_of(&self.principals, told.more_principals, listed_max);
        let of = |one: &Affected| said.left(one, is_full);
        let missing = |one: &&super::NotForeseen| {
            !told.not_foreseen.iter().any(|it| it.step == one.step && it.call == one.call)
        };
        Self {
            principals: self.principals.iter().filter_map(of).collect(),
            credentials: without(&self.credentials, &told.credentials, is_told_of),
            sessions: self.sessions.iter().filter_map(|one| ended(one, &told.sessions)).collect(),
            doors: without(&self.doors, &told.doors, is_door),
            paths_closed: without(&self.paths_closed, &told.paths_closed, is_closed),
            paths_opened: without(&self.paths_opened, &told.paths_opened, is_opened),
            not_foreseen: self.not_foreseen.iter().filter(missing).cloned().collect(),
            unknowns: self.untold_doubts(told),
            notes: without(&self.notes, &told.notes, |a, b| a == b),
            observed: self.observed,
            unlisted: self.untold_rest(told),
            ..Self::default()
        }
    }

    /// What is not known, and what of it may hide that somebody loses something: a doubt must not be told as a
    /// milder one.
    fn untold_doubts(&self, told: &Self) -> Vec<String> {
        let mut left = without(&self.unknowns, &told.unknowns, |a, b| a == b);
        for doubt in without(self.doubts(), told.doubts(), |a, b| a == b) {
            if !left.contains(&doubt) {
                left.push(doubt);
            }
        }
        left
    }

    fn untold_rest(&self, told: &Self) -> Unlisted {
        let (ours, theirs) = (&self.unlisted, &told.unlisted);
        let hit = told.all_hit();
        Unlisted {
            credentials: ours.credentials.saturating_sub(theirs.credentials),
            sessions: ours.sessions.saturating_sub(theirs.sessions),
            doors_opened: ours.doors_opened.saturating_sub(theirs.doors_opened),
            doors_shut: ours.doors_shut.saturating_sub(theirs.doors_shut),
            paths_closed: ours.paths_closed.saturating_sub(theirs.paths_closed),
            paths_opened: ours.paths_opened.saturating_sub(theirs.paths_opened),
            // That a policy is shared moves nothing by itself.
            shared: 0,
            losing: ours.losing.iter().filter(|arn| !hit.contains(*arn)).cloned().collect(),
            more_losing: ours.more_losing.saturating_sub(theirs.more_losing),
        }
    }

    /// Whether it moves access, by all that is known.
    #[must_use]
    pub fn moves(&self) -> bool {
        let known = Self { not_foreseen: Vec::new(), unknowns: Vec::new(), ..self.clone() };
        !known.is_nothing()
    }

    /// The ARNs of all who lose something, in small letters.
    fn all_hit(&self) -> BTreeSet<String> {
        let losing = self.principals.iter().filter(|one| !one.lost.is_empty());
        let ended = self.credentials.iter().filter(|one| one.becomes != Becomes::Given);
        let shut = self.doors.iter().filter(|door| !door.is_opened);
        let all = losing
            .map(|one| &one.arn)
            .chain(ended.map(|one| &one.owner))
            .chain(self.sessions.iter().map(|one| &one.arn))
            .chain(shut.flat_map(|door| [&door.who, &door.role]))
            .chain(self.paths_closed.iter().map(|way| &way.from))
            .chain(&self.unlisted.losing);
        all.map(|arn| arn.to_ascii_lowercase()).collect()
    }
}

fn without<T: Clone, U>(all: &[T], told: &[U], is_told: impl Fn(&T, &U) -> bool) -> Vec<T> {
    all.iter().filter(|one| !told.iter().any(|it| is_told(one, it))).cloned().collect()
}

/// Whose moves are told, by ARN in small letters.
struct Said<'a> {
    listed: BTreeMap<String, Vec<&'a Affected>>,
    unlisted: BTreeSet<String>,
}

impl<'a> Said<'a> {
    fn by(told: &'a Foreseen) -> Self {
        let mut listed: BTreeMap<String, Vec<&Affected>> = BTreeMap::new();
        for one in &told.principals {
            listed.entry(one.arn.to_ascii_lowercase()).or_default().push(one);
        }
        let unlisted = told.unlisted.losing.iter().map(|arn| arn.to_ascii_lowercase()).collect();
        Self { listed, unlisted }
    }

    /// What of somebody's moves is not told. Behind a list that is full a name is enough for a loss.
    fn left(&self, one: &Affected, is_full: bool) -> Option<Affected> {
        let arn = one.arn.to_ascii_lowercase();
        match self.listed.get(&arn) {
            Some(told) => left(one, told, false),
            None => left(one, &[], is_full && self.unlisted.contains(&arn)),
        }
    }

    /// Whether the list ended since it was full, and the rest is counted.
    fn is_full_of(&self, whole: &[Affected], more: u64, listed_max: usize) -> bool {
        let is_told = |one: &&Affected| {
            self.listed.contains_key(&one.arn.to_ascii_lowercase())
                && self.left(one, false).is_none()
        };
        let listed = whole.iter().filter(is_told).count();
        let rest = u64::try_from(whole.len() - listed).unwrap_or(u64::MAX);
        listed >= listed_max && more >= rest
    }
}

/// What of somebody's moves these do not tell.
fn left(one: &Affected, told: &[&Affected], is_named: bool) -> Option<Affected> {
    let of: Vec<&Affected> =
        told.iter().copied().filter(|it| one.is_latent || !it.is_latent).collect();
    let untold = |lines: &[String], is_told: &dyn Fn(&Affected, &String) -> bool| {
        let of = &of;
        let lines = lines.iter().filter(|line| !of.iter().any(|it| is_told(it, line)));
        lines.cloned().collect::<Vec<String>>()
    };
    let as_often =
        |it: &Affected| it.lost_when == LostWhen::Always || it.lost_when == one.lost_when;
    let lost = match is_named {
        true => Vec::new(),
        false => untold(&one.lost, &|it, line| as_often(it) && it.lost.contains(line)),
    };
    let gained = untold(&one.gained, &|it, line| it.gained.contains(line));
    let capped_by = untold(&one.capped_by, &|it, line| it.capped_by.contains(line));
    if lost.is_empty() && gained.is_empty() && capped_by.is_empty() {
        return None;
    }
    // Of use there is nothing to say here: it is told with the whole.
    Some(Affected { lost, gained, capped_by, carried_by: Vec::new(), ..one.clone() })
}

fn is_told_of(one: &Credential, told: &Credential) -> bool {
    one.owner.eq_ignore_ascii_case(&told.owner)
        && (&one.kind, &one.id, one.becomes) == (&told.kind, &told.id, told.becomes)
}

/// What of the end of sessions is not told.
fn ended(one: &Sessions, told: &[Sessions]) -> Option<Sessions> {
    let is_it = |it: &&Sessions| {
        it.arn.eq_ignore_ascii_case(&one.arn) && it.began_before == one.began_before
    };
    let of: Vec<&Sessions> = told.iter().filter(is_it).collect();
    if of.is_empty() {
        return Some(one.clone());
    }
    let lost = without(&one.lost, &of, |line, it| it.lost.contains(line));
    (!lost.is_empty()).then(|| Sessions { lost, ..one.clone() })
}

fn is_door(one: &Door, told: &Door) -> bool {
    let is_same = one.role.eq_ignore_ascii_case(&told.role)
        && one.who.eq_ignore_ascii_case(&told.who)
        && one.is_opened == told.is_opened;
    is_same
        && match one.is_opened {
            true => are_met(&told.conditions, &one.conditions),
            // Shut is more than shut in part, and what is left then must be left.
            false if told.is_partly => one.is_partly && are_same(&told.left, &one.left),
            false => true,
        }
}

fn is_closed(one: &Way, told: &Way) -> bool {
    let is_same = (&one.from, &one.to) == (&told.from, &told.to);
    is_same
        && match (&told.left, &one.left) {
            (None, _) => true,
            (Some(told), Some(left)) => are_same(told, left),
            (Some(_), None) => false,
        }
}

fn is_opened(one: &Way, told: &Way) -> bool {
    (&one.technique, &one.from, &one.to) == (&told.technique, &told.from, &told.to)
        && are_met(&told.conditions, &one.conditions)
}

/// Whether no condition is told that is none.
fn are_met(told: &[String], conditions: &[String]) -> bool {
    told.iter().all(|condition| conditions.contains(condition))
}

fn are_same(one: &[String], other: &[String]) -> bool {
    are_met(one, other) && are_met(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affected(name: &str, lost: &[&str]) -> Affected {
        let value = serde_json::json!({
            "arn": format!("arn:aws:iam::111122223333:user/{name}"), "is_latent": false,
            "grade_before": "admin", "grade_after": "none", "gained": [], "lost": lost,
            "capped_by": [], "is_certain": true, "carried_by": [], "last_used": {"state": "never"},
            "used": null, "more_used": 0, "unmapped": 0 });
        serde_json::from_value(value).unwrap()
    }

    fn of(principals: Vec<Affected>) -> Foreseen {
        Foreseen { principals, ..Foreseen::default() }
    }

    #[test]
    fn what_is_told_leaves_nothing_and_what_is_milder_leaves_all() {
        let whole =
            of(vec![affected("alice", &["`s3:*`", "`sqs:*`"]), affected("bob", &["`s3:*`"])]);
        assert!(!whole.beyond(&whole, 200).moves());
        let left = whole.beyond(&of(vec![affected("ALICE", &["`s3:*`"])]), 200);
        let lost: Vec<(&str, usize)> =
            left.principals.iter().map(|one| (one.arn.as_str(), one.lost.len())).collect();
        assert_eq!(lost.len(), 2);
        assert!(lost[0].0.ends_with("alice") && lost[0].1 == 1, "only what was not told: {lost:?}");
        let mut milder = whole.clone();
        milder.principals[1].lost_when = LostWhen::WithoutMfa;
        assert_eq!(whole.beyond(&milder, 200).principals.len(), 1);
        assert_eq!(milder.beyond(&whole, 200).principals.len(), 0, "more was told");
        milder = whole.clone();
        milder.principals[0].is_latent = true;
        assert_eq!(whole.beyond(&milder, 200).principals.len(), 1);
    }

    /// Who forges a preview may write any names behind its lists, where nobody reads them.
    #[test]
    fn names_beyond_a_list_count_only_behind_a_list_that_is_full() {
        let whole = of(vec![affected("alice", &["`s3:*`"]), affected("bob", &["`s3:*`"])]);
        let named = |principals: Vec<Affected>, more: u64| {
            let mut told = Foreseen { more_principals: more, ..of(principals) };
            told.unlisted.losing =
                ["alice", "bob"].map(|name| affected(name, &[]).arn.to_uppercase()).into();
            told
        };
        let moves = |told: &Foreseen| whole.beyond(told, 1).moves();
        let honest = named(vec![affected("alice", &["`s3:*`"])], 1);
        assert!(!moves(&honest), "another order of a list that ends");
        assert!(whole.beyond(&honest, 2).moves(), "the list ends early");
        assert!(moves(&named(vec![affected("alice", &["`s3:*`"])], 0)), "the rest is not counted");
        assert!(moves(&named(Vec::new(), 2)), "nobody is listed");
        assert!(moves(&named(vec![affected("zoe", &["`s3:*`"])], 2)), "zoe fills the list only");
        let twice = vec![affected("zoe", &["`s3:*`"]), affected("alice", &["`s3:Get*`"])];
        assert!(moves(&named(twice, 2)), "whoever stands in the list is told there");
    }

    /// Lists of other kinds end, too: how many more there are is told, or it is not all.
    #[test]
    fn a_count_beyond_a_list_cannot_be_lowered() {
        let mut whole = Foreseen::default();
        whole.unlisted.doors_opened = 3;
        assert!(whole.beyond(&Foreseen::default(), 200).moves());
        assert!(!whole.beyond(&whole, 200).moves());
    }

    /// The caller is spared by what of the doubts is about losses alone.
    #[test]
    fn a_doubt_about_losses_cannot_be_told_as_one_about_gains() {
        let doubt = || vec!["who is in group ops".to_owned()];
        let whole = Foreseen { unknowns: doubt(), ..Foreseen::default() };
        let milder = Foreseen { unknown_losses: Some(Vec::new()), ..whole.clone() };
        assert_eq!(whole.beyond(&milder, 200).unknowns, doubt());
        assert_eq!(milder.beyond(&whole, 200).unknowns, [] as [&str; 0]);
    }

    #[test]
    fn of_sessions_that_end_only_what_was_not_told_is_left() {
        let ends = |lost: &[&str]| Foreseen {
            sessions: vec![Sessions {
                arn: "arn:aws:iam::111122223333:role/app".to_owned(),
                began_before: "2026-06-01T12:15:00Z".to_owned(),
                lost: lost.iter().map(ToString::to_string).collect(),
                last_used: super::super::LastUsed::Never,
            }],
            ..Foreseen::default()
        };
        let left = ends(&["`s3:*`", "`sqs:*`"]).beyond(&ends(&["`s3:*`"]), 200);
        assert_eq!(left.sessions[0].lost, ["`sqs:*`"]);
        assert!(!ends(&["`s3:*`"]).beyond(&ends(&["`s3:*`"]), 200).moves());
    }

    #[test]
    fn a_condition_that_is_none_makes_a_way_look_harmless() {
        let way = |conditions: &[&str]| Way {
            technique: "pass-role".to_owned(),
            from: "a".to_owned(),
            to: "b".to_owned(),
            conditions: conditions.iter().map(ToString::to_string).collect(),
            left: None,
        };
        let (open, closed) = (way(&[]), way(&["MFA"]));
        assert!(!is_opened(&open, &closed) && is_opened(&closed, &open));
        let left = |left: &[&str]| Way {
            left: Some(left.iter().map(ToString::to_string).collect()),
            ..way(&[])
        };
        assert!(!is_closed(&way(&[]), &left(&[])), "it said that the way stays open");
        assert!(is_closed(&left(&["MFA"]), &way(&[])) && !is_closed(&left(&["MFA"]), &left(&[])));
    }
}
