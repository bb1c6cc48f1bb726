//! Commands that are advised, with the flags that were given: without them they would look for another journal
//! or ask another account.

/// How a command begins that is advised; it ends at the next backtick.
const BEGINS: &str = "`trailwarden remediate ";

/// The flags that were given, as words of a shell.
#[derive(Clone, Debug, Default)]
pub(in crate::cli::remediate) struct Given {
    /// Where the journal lies.
    pub(in crate::cli::remediate) state: Option<String>,
    /// How to reach the account.
    pub(in crate::cli::remediate) reach: Vec<String>,
}

impl Given {
    /// A text with the flags behind each command of it. `history` asks the journal alone.
    pub(in crate::cli::remediate) fn added(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(BEGINS) {
            out.push_str(before);
            out.push_str(BEGINS);
            let Some((command, behind)) = after.split_once('`') else {
                rest = after;
                break;
            };
            out.push_str(command);
            let is_history = command.starts_with("history");
            let reach = if is_history { &[][..] } else { &self.reach };
            for flag in self.state.iter().chain(reach) {
                out.push(' ');
                out.push_str(flag);
            }
            out.push('`');
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_gets_the_flags_that_it_takes() {
        let given = Given {
            state: Some("--state 'a b'".to_owned()),
            reach: vec!["--role ops/Repair".to_owned(), "--profile p".to_owned()],
        };
        let text =
            "see `trailwarden remediate history r`, or `trailwarden remediate undo r`, of `x`";
        assert_eq!(
            given.added(text),
            "see `trailwarden remediate history r --state 'a b'`, or \
             `trailwarden remediate undo r --state 'a b' --role ops/Repair --profile p`, of `x`"
        );
        assert_eq!(Given::default().added(text), text);
        // What does not end is no command.
        assert_eq!(given.added("`trailwarden remediate undo"), "`trailwarden remediate undo");
    }
}
