//! Areas for people, on one line.

use std::fmt;

use super::Area;

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, glob) in self.within.iter().enumerate() {
            let before = if at == 0 { "" } else { " within " };
            write!(f, "{before}`{glob}`")?;
        }
        for (at, glob) in self.except.iter().enumerate() {
            let before = if at == 0 { " except " } else { ", " };
            write!(f, "{before}`{glob}`")?;
        }
        Ok(())
    }
}
