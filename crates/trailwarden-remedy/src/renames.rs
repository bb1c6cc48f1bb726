//! A user or group gets the name and the path back that it had.

use crate::prelude::*;

/// How IAM speaks of what is renamed.
pub(crate) struct Renamed {
    /// In sentences.
    pub word: &'static str,
    /// The call, and its parameters for the name and the new name.
    pub call: (&'static str, &'static str, &'static str),
    /// The question about one of a name, and the member of its answer.
    pub read: (&'static str, &'static str),
}

/// The call that renames or moves it back.
pub(crate) fn draft(
    subject: &Subject,
    name: &str,
    renamed: &Renamed,
    draft: &mut Draft,
) -> Result<(), NoPlan> {
    let Renamed { word, call: (call, parameter, new), read: (read, member) } = renamed;
    let before = subject.name_before.as_deref();
    let before = before.ok_or_else(|| NoPlan::unknown_before("the name before the change"))?;
    let path = subject.principal.as_ref().and_then(|principal| path_of(&principal.arn));
    let moved = subject.path_before.as_deref().filter(|before| Some(*before) != path.as_deref());
    if before == name && moved.is_none() {
        return Err(NoPlan::Already(format!("the {word} has that name and path")));
    }
    let mut input = vec![(*parameter, name.into()), (*new, before.into())];
    // Where the path stays there is none to bring back.
    let mut was = Map::new();
    if let (Some(wanted), Some(present)) = (moved, path) {
        input.push(("NewPath", wanted.into()));
        was.insert("NewPath".to_owned(), present.into());
    }
    let purpose = match before == name {
        true => format!("move {name} back to its path"),
        false => format!("rename {name} to {before}"),
    };
    draft.call(purpose, call, input, &Before::Was(was))?;
    if before != name {
        draft.require(Check {
            service: "iam".to_owned(),
            operation: (*read).to_owned(),
            input: [((*parameter).to_owned(), before.into())].into(),
            path: vec![Part::Member((*member).to_owned())],
            expected: Expected::Absent,
        });
    }
    Ok(())
}

/// The path in an ARN: `/` or `/staff/`.
fn path_of(arn: &str) -> Option<String> {
    let (_, resource) = arn.rsplit_once(':')?;
    let (_, resource) = resource.split_once('/')?;
    let path = resource.rsplit_once('/').map_or("", |(path, _)| path);
    Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
}
