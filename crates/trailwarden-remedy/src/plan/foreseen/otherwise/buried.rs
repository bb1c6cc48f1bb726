//! False lines among true ones. Each kind of line ends after a few, so who writes more that does not happen than
//! fits has the true one counted and not read.

use super::super::words::NAMES_MAX;
use super::super::{Becomes, Foreseen};

/// Of each kind: what comes, what is told, and what of that does not come.
pub(super) fn against(anew: &Foreseen, told: &Foreseen, lines: &mut Vec<String>) {
    let less = told.beyond(anew, usize::MAX);
    let (is, said, not) = (Kinds::of(anew), Kinds::of(told), Kinds::of(&less));
    for (at, what) in KINDS.iter().enumerate() {
        let [is, said, not] =
            [&is, &said, &not].map(|it| it.0.get(at).copied().unwrap_or_default());
        if is > 0 && not >= NAMES_MAX && said > NAMES_MAX {
            lines.push(format!(
                "the plan tells of {said} {what}, of which {not} do not come of it now, and so hides what does"
            ));
        }
    }
}

const KINDS: [&str; 11] = [
    "gains",
    "losses",
    "new passwords and keys",
    "passwords and keys that end or change",
    "ends of sessions",
    "ways into roles that open",
    "ways into roles that shut",
    "ways to more permissions that open",
    "ways to more permissions that close",
    "steps whose doing is not foreseen",
    "notes",
];

/// How many there are of each.
struct Kinds([usize; 11]);

impl Kinds {
    fn of(one: &Foreseen) -> Self {
        let given = one.credentials.iter().filter(|it| it.becomes == Becomes::Given).count();
        let opened = one.doors.iter().filter(|door| door.is_opened).count();
        Self([
            one.principals.iter().filter(|it| !it.gained.is_empty()).count(),
            one.principals.iter().filter(|it| !it.lost.is_empty()).count(),
            given,
            one.credentials.len() - given,
            one.sessions.len(),
            opened,
            one.doors.len() - opened,
            one.paths_opened.len(),
            one.paths_closed.len(),
            one.not_foreseen.len(),
            one.notes.len(),
        ])
    }
}
