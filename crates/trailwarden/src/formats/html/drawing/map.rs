//! Who stands in which box, and in which column.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::finding::PathOpened;

/// More arrows are a thicket, and the list below the drawing has them.
pub(super) const EDGES_MAX: usize = 24;

/// Boxes by number, and the ways between them.
pub(super) struct Map<'a> {
    /// Who is in each box.
    pub(super) boxes: Vec<Vec<&'a str>>,
    /// The techniques that lead from one box to another.
    pub(super) edges: BTreeMap<(usize, usize), Vec<&'a str>>,
}

impl<'a> Map<'a> {
    /// Who is where, and what leads on.
    pub(super) fn of(paths: &'a [PathOpened]) -> Self {
        let mut map = Self { boxes: Vec::new(), edges: BTreeMap::new() };
        for (members, ways) in groups(paths) {
            for (to, technique) in ways {
                let from = map.place(&members);
                let to = map.place(&[to]);
                let is_new = !map.edges.contains_key(&(from, to));
                if map.edges.len() >= EDGES_MAX && is_new {
                    return map.without_loose_ends();
                }
                map.edges.entry((from, to)).or_default().push(technique);
            }
        }
        map
    }

    /// The box of somebody; a new one when there is none.
    fn place(&mut self, members: &[&'a str]) -> usize {
        let is_here = |one: &Vec<&str>| members.iter().all(|member| one.contains(member));
        match self.boxes.iter().position(is_here) {
            Some(number) => number,
            None => {
                self.boxes.push(members.to_vec());
                self.boxes.len() - 1
            }
        }
    }

    /// Without the boxes at the end that no way touches.
    fn without_loose_ends(mut self) -> Self {
        let used = self.edges.keys().map(|(from, to)| from.max(to) + 1).max().unwrap_or_default();
        self.boxes.truncate(used);
        self
    }

    /// The boxes of each column.
    pub(super) fn layers(&self) -> Vec<Vec<usize>> {
        let mut depths = vec![0_usize; self.boxes.len()];
        // As many rounds as the longest way without a circle has steps; a circle stops there, too.
        for _ in 1..self.boxes.len() {
            for (from, to) in self.edges.keys().filter(|(from, to)| from != to) {
                let depth = depths.get(*from).map_or(0, |depth| depth + 1);
                if let Some(known) = depths.get_mut(*to).filter(|known| **known < depth) {
                    *known = depth.min(self.boxes.len() - 1);
                }
            }
        }
        let mut used: Vec<usize> = depths.clone();
        used.sort_unstable();
        used.dedup();
        let at_depth = |wanted: usize| -> Vec<usize> {
            let boxes = depths.iter().enumerate().filter(|(_, depth)| **depth == wanted);
            boxes.map(|(at, _)| at).collect()
        };
        used.into_iter().map(at_depth).collect()
    }
}

/// Where ways lead, each with its technique.
type Ways<'a> = BTreeSet<(&'a str, &'a str)>;

/// Principals with all their ways, in the order in which they come; those that have the same ways,
/// and to whom none leads, are one group.
fn groups(paths: &[PathOpened]) -> Vec<(Vec<&str>, Ways<'_>)> {
    let targets: BTreeSet<&str> = paths.iter().map(|path| path.to.as_str()).collect();
    let mut ways: BTreeMap<&str, Ways<'_>> = BTreeMap::new();
    let mut order = Vec::new();
    for path in paths {
        let known = ways.entry(&path.from).or_default();
        if known.is_empty() {
            order.push(path.from.as_str());
        }
        known.insert((&path.to, &path.technique));
    }
    let mut groups: Vec<(Vec<&str>, Ways<'_>)> = Vec::new();
    let mut places: BTreeMap<Ways<'_>, usize> = BTreeMap::new();
    for from in order {
        let own = ways.remove(from).unwrap_or_default();
        let place = places.get(&own).filter(|_| !targets.contains(from)).copied();
        match place.and_then(|place| groups.get_mut(place)) {
            Some((members, _)) => members.push(from),
            None => {
                if !targets.contains(from) {
                    places.insert(own.clone(), groups.len());
                }
                groups.push((vec![from], own));
            }
        }
    }
    groups
}
