//! What was left behind, in IAM and elsewhere, with its standing at the end.

use super::super::left::{self, Leftover};
use super::super::story::{Ended, Left, Stands};
use super::super::things::Made;
use super::super::words::{Words, noun};
use super::Teller;

impl Teller<'_> {
    pub(super) fn left_behind(&self) -> Vec<Left> {
        let items = self.collected.left.items.iter();
        let mut all: Vec<Left> = items.map(|item| self.in_iam(item)).collect();
        for made in &self.collected.things.made {
            self.elsewhere(made, &mut all);
        }
        all.sort_by_key(|left| left.time);
        all
    }

    fn in_iam(&self, item: &Leftover) -> Left {
        let (stands, because) = item.verdict(self.collected.models.get(item.account));
        let ended = item.ended.as_ref().filter(|_| stands == Stands::No);
        Left {
            kind: item.kind.to_owned(),
            name: item.name.clone(),
            of: item.of.clone(),
            account: Some(item.account.to_string()),
            altered: item.altered,
            identity: number(item.made.who),
            time: item.made.time,
            event_id: item.made.event_id.clone(),
            event_name: item.made.event_name.clone(),
            count: 1,
            stands,
            because,
            ended_by: ended.map(ended_by),
        }
    }

    fn elsewhere(&self, made: &Made, all: &mut Vec<Left>) {
        let action = self.actions.get(made.action);
        let kind = words_of(noun(&action.name));
        let mut told = 0;
        for each in &made.each {
            let Some(words) = self.words.get(&each.place) else { continue };
            told += 1;
            let end = self.collected.things.ended(words, each);
            let altered = action.name.starts_with("Update") || action.name.starts_with("Modify");
            let (stands, because) = match (end, words.things.is_empty()) {
                (Some(end), _) => (Stands::No, format!("ended by {}", end.event.event_name)),
                (None, false) if !altered => {
                    (Stands::Yes, "no call in the logs ended it; only IAM is in the model".into())
                }
                (None, _) => {
                    (Stands::Unknown, "only IAM is in the account model; look at it".to_owned())
                }
            };
            all.push(Left {
                kind: format!("{} {kind}", action.service),
                name: name_of(words),
                of: None,
                account: words.account.clone(),
                altered,
                identity: number(Some(made.who)),
                time: each.time,
                event_id: words.event_id.clone(),
                event_name: action.name.clone(),
                count: 1,
                stands,
                because,
                ended_by: end.map(|end| ended_by(&end.event)),
            });
        }
        let (Some(last), more) = (made.each.last(), made.count.saturating_sub(told)) else {
            return;
        };
        if more > 0 {
            all.push(Left {
                kind: format!("{} {kind}", action.service),
                name: "more of the same".to_owned(),
                of: None,
                account: None,
                altered: false,
                identity: number(Some(made.who)),
                time: last.time,
                event_id: String::new(),
                event_name: action.name.clone(),
                count: more,
                stands: Stands::Unknown,
                because: "too many to tell one by one".to_owned(),
                ended_by: None,
            });
        }
    }
}

fn name_of(words: &Words) -> String {
    // A name reads better than an ARN, where there are both.
    let first = words.things.iter().find(|thing| !thing.starts_with("arn:"));
    let first = first.or(words.things.first()).cloned();
    first.or_else(|| words.target.clone()).unwrap_or_else(|| "of unknown name".to_owned())
}

fn ended_by(event: &left::Event) -> Ended {
    Ended {
        time: event.time,
        event_id: event.event_id.clone(),
        event_name: event.event_name.clone(),
        by_itself: event.who.is_some(),
    }
}

fn number(who: Option<usize>) -> u32 {
    who.and_then(|who| u32::try_from(who).ok()).unwrap_or(u32::MAX)
}

/// `bucket policy` of `BucketPolicy`.
fn words_of(noun: &str) -> String {
    let mut text = String::with_capacity(noun.len() + 4);
    let mut after_small = false;
    for c in noun.chars() {
        if c.is_ascii_uppercase() && after_small {
            text.push(' ');
        }
        after_small = c.is_ascii_lowercase();
        text.push(c.to_ascii_lowercase());
    }
    text
}
