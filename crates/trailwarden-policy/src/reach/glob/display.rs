//! Patterns as policies of version 2012-10-17 write them.

use std::fmt;

use super::{Glob, Token};
use crate::reach::text;

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

impl fmt::Display for Glob {
    /// As a policy of version 2012-10-17 would write it, control characters escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut next = self.tokens.iter().skip(1);
        for token in self.tokens.iter() {
            let next = next.next();
            match token {
                Token::Many | Token::Within => f.write_str("*")?,
                Token::Char('$') if next == Some(&Token::Char('{')) => f.write_str("${$}")?,
                Token::One => f.write_str("?")?,
                Token::Char(c @ ('*' | '?')) => write!(f, "${{{c}}}")?,
                Token::Char(c) => text::write_char(f, *c)?,
                Token::Variable(name) => write!(f, "${{{}}}", text::visible(name))?,
            }
        }
        Ok(())
    }
}
