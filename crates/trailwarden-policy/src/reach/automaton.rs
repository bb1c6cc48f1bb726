//! Whether any text is in all of some patterns and in none of others, by walking their automata
//! together.
//!
//! A pattern's state is the set of places where a match may stand. A place before the last `*`
//! reached adds nothing (whatever it could still match, that `*` can), so sets stay small. Walks
//! that grow beyond a budget end as "not known", which every caller takes as the doubtful case.

use std::collections::HashMap;

use super::glob::{Glob, Token};
use crate::fuel;

/// What is known about a set of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Emptiness {
    /// No text, for certain.
    Empty,
    /// This text, for certain when no pattern has variables.
    Holds(Glob),
    /// The budget or the fuel ended first.
    Unknown,
}

/// Nodes that one walk may visit. A pair of ordinary ARN patterns needs some hundred.
const NODES_MAX: usize = 3_000;

/// Steps of single patterns that one walk may take: what bounds a walk over many patterns.
const STEPS_MAX: usize = 200_000;

/// What it takes to make, keep and find again the places of one pattern, in steps over tokens.
const NODE_STEPS: usize = 12;

/// Patterns longer than this are left alone; a resource has at most 2,048 characters.
const TOKENS_MAX: usize = 4_096;

type Places = Vec<u16>;

/// Whether the pattern takes a text; a variable in it is taken as a letter of its own. A "no" says
/// nothing when there is no fuel.
pub(crate) fn accepts(glob: &Glob, text: &[Letter]) -> bool {
    if glob.tokens().len() > TOKENS_MAX {
        return false;
    }
    let mut places = start(glob);
    for letter in text {
        places = step(glob, &places, letter);
        if places.is_empty() || !fuel::spend(NODE_STEPS + places.len()) {
            return false;
        }
    }
    is_final(glob, &places)
}

/// Whether some text is in all of `within` and in none of `except`.
pub(crate) fn emptiness(within: &[Glob], except: &[Glob]) -> Emptiness {
    let all = || within.iter().chain(except);
    if all().any(|glob| glob.tokens().len() > TOKENS_MAX) {
        return Emptiness::Unknown;
    }
    if within.iter().any(|glob| except.iter().any(|wide| wide.covers_plainly(glob))) {
        return Emptiness::Empty;
    }
    let relaxed: Vec<Glob>;
    let within = if is_widened(within) {
        relaxed = within.iter().map(Glob::widened).collect();
        &relaxed
    } else {
        within
    };
    // An exclusion that begins differently excludes nothing.
    let except: Vec<&Glob> = except
        .iter()
        .filter(|except| within.iter().all(|glob| glob.may_share_prefix(except)))
        .collect();
    Walk { within, except: &except }.run()
}

/// Whether variables in these patterns must be taken for any text: two patterns with variables may
/// meet in values that letters of their own cannot show. What is found then is no certain member.
pub(crate) fn is_widened(within: &[Glob]) -> bool {
    within.len() > 1 && within.iter().any(Glob::has_variables)
}

struct Walk<'a> {
    within: &'a [Glob],
    except: &'a [&'a Glob],
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Node {
    within: Vec<Places>,
    except: Vec<Places>,
}

impl Node {
    fn patterns(&self) -> usize {
        self.within.len() + self.except.len()
    }
}

/// One letter of a text: a [`Token::Char`] or a [`Token::Variable`].
type Letter = Token;

impl Walk<'_> {
    fn run(&self) -> Emptiness {
        let root = Node {
            within: self.within.iter().map(start).collect(),
            except: self.except.iter().map(|glob| start(glob)).collect(),
        };
        let mut nodes = vec![(root.clone(), None)];
        let mut seen = HashMap::from([(root, ())]);
        let mut at = 0;
        let mut steps = 0;
        while let Some((node, _)) = nodes.get(at) {
            let node = node.clone();
            if self.is_witness(&node) {
                return Emptiness::Holds(spell(&nodes, at));
            }
            let places = node.within.iter().chain(&node.except).map(Vec::len).sum::<usize>();
            for letter in self.letters(&node) {
                steps += node.patterns();
                if steps > STEPS_MAX || !fuel::spend(NODE_STEPS * node.patterns() + places) {
                    return Emptiness::Unknown;
                }
                let Some(next) = self.next(&node, &letter) else {
                    continue;
                };
                if seen.insert(next.clone(), ()).is_none() {
                    if nodes.len() >= NODES_MAX {
                        return Emptiness::Unknown;
                    }
                    nodes.push((next, Some((at, letter))));
                }
            }
            at += 1;
        }
        Emptiness::Empty
    }

    fn is_witness(&self, node: &Node) -> bool {
        self.within.iter().zip(&node.within).all(|(glob, places)| is_final(glob, places))
            && !self.except.iter().zip(&node.except).any(|(glob, places)| is_final(glob, places))
    }

    /// The node behind a letter; `None` when no text leads on from there.
    fn next(&self, node: &Node, letter: &Letter) -> Option<Node> {
        let mut within = Vec::with_capacity(node.within.len());
        for (glob, places) in self.within.iter().zip(&node.within) {
            let places = step(glob, places, letter);
            if places.is_empty() {
                return None;
            }
            within.push(places);
        }
        let mut except = Vec::with_capacity(node.except.len());
        for (glob, places) in self.except.iter().zip(&node.except) {
            let places = step(glob, places, letter);
            if takes_everything(glob, &places) {
                return None;
            }
            except.push(places);
        }
        Some(Node { within, except })
    }

    /// Letters that lead to different nodes: those that some pattern asks for here, and one that
    /// none asks for, which stands for all others.
    fn letters(&self, node: &Node) -> Vec<Letter> {
        let mut letters = Vec::new();
        let mut is_open = true;
        for (glob, places) in self.within.iter().zip(&node.within) {
            let (asked, open) = asked(glob, places);
            is_open &= open;
            letters.extend(asked);
        }
        if is_open {
            for (glob, places) in self.except.iter().zip(&node.except) {
                let plain = |letter: &Letter| matches!(letter, Token::Char(_));
                letters.extend(asked(glob, places).0.into_iter().filter(plain));
            }
            letters.push(Token::Char(fresh(&letters)));
        }
        letters.sort();
        letters.dedup();
        letters
    }
}

/// The letters a pattern asks for by name, and whether it takes others too.
fn asked(glob: &Glob, places: &Places) -> (Vec<Letter>, bool) {
    let mut letters = Vec::new();
    let mut open = false;
    for place in places {
        match glob.tokens().get(usize::from(*place)) {
            Some(Token::Char(c)) => letters.push(Token::Char(*c)),
            Some(Token::Variable(name)) => letters.push(Token::Variable(name.clone())),
            Some(Token::One | Token::Many) => open = true,
            Some(Token::Within) => {
                letters.push(Token::Char(':'));
                open = true;
            }
            None => {}
        }
    }
    (letters, open)
}

/// A character that nobody asked for, readable in a witness.
fn fresh(asked: &[Letter]) -> char {
    ('a'..='z')
        .rev()
        .chain('0'..='9')
        .chain('\u{4e00}'..='\u{9fff}')
        .find(|c| !asked.contains(&Token::Char(*c)))
        .unwrap_or('\u{a0}')
}

fn start(glob: &Glob) -> Places {
    close(glob, vec![0])
}

fn step(glob: &Glob, places: &Places, letter: &Letter) -> Places {
    let mut next = Vec::with_capacity(places.len() + 1);
    for place in places {
        let moves = match (glob.tokens().get(usize::from(*place)), letter) {
            (Some(Token::Many), _) => {
                next.push(*place);
                false
            }
            (Some(Token::Within), Token::Char(c)) => {
                if *c != ':' {
                    next.push(*place);
                }
                false
            }
            (Some(Token::One), Token::Char(_)) => true,
            (Some(Token::Char(wanted)), Token::Char(c)) => wanted == c,
            (Some(Token::Variable(wanted)), Token::Variable(name)) => wanted == name,
            _ => false,
        };
        if moves {
            next.push(place.saturating_add(1));
        }
    }
    close(glob, next)
}

/// Adds the places behind each `*` and drops those before the last one.
fn close(glob: &Glob, mut places: Places) -> Places {
    let is_many = |place: u16| glob.tokens().get(usize::from(place)) == Some(&Token::Many);
    let is_star = |place: u16| {
        matches!(glob.tokens().get(usize::from(place)), Some(Token::Many | Token::Within))
    };
    let mut at = 0;
    while let Some(place) = places.get(at).copied() {
        if is_star(place) && !places.contains(&(place + 1)) {
            places.push(place + 1);
        }
        at += 1;
    }
    places.sort_unstable();
    places.dedup();
    if let Some(last) = places.iter().rposition(|place| is_many(*place)) {
        places.drain(..last);
    }
    places
}

fn is_final(glob: &Glob, places: &Places) -> bool {
    places.last().is_some_and(|place| usize::from(*place) == glob.tokens().len())
}

/// Whether whatever follows is taken: the pattern stands at its last `*`.
fn takes_everything(glob: &Glob, places: &Places) -> bool {
    glob.tokens().last() == Some(&Token::Many) && is_final(glob, places)
}

fn spell(nodes: &[(Node, Option<(usize, Letter)>)], from: usize) -> Glob {
    let mut letters = Vec::new();
    let mut at = from;
    while let Some((_, Some((parent, letter)))) = nodes.get(at) {
        letters.push(letter.clone());
        at = *parent;
    }
    letters.reverse();
    Glob::of_letters(letters)
}
