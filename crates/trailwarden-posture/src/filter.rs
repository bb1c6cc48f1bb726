//! Filter patterns of CloudWatch Logs, as far as they look into JSON.
//!
//! A metric filter is judged by what it matches: the records that an alarm is about are put to it.
//! How it is written does not matter.
//!
//! Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters".

use serde_json::Value;

/// How deep parentheses may nest.
const DEPTH_MAX: usize = 32;

/// A pattern that was read.
#[derive(Clone, PartialEq, Debug)]
pub enum Pattern {
    /// The empty pattern.
    Everything,
    /// Both, or each.
    All(Vec<Pattern>),
    /// Either.
    Any(Vec<Pattern>),
    /// A comparison.
    Compare {
        /// The way to the value.
        path: Vec<String>,
        /// How.
        operator: Operator,
        /// The text or number to compare with.
        value: String,
    },
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "they are the operators' own words")]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Exists,
    NotExists,
    IsNull,
    IsTrue,
    IsFalse,
}

impl Pattern {
    /// Reads a pattern; none when it is not understood: terms, space-delimited fields and regular
    /// expressions are not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Self::Everything);
        }
        let inner = text.strip_prefix('{')?.strip_suffix('}')?;
        let tokens = tokens(inner)?;
        let mut parser = Parser { tokens: &tokens, depth: 0 };
        let pattern = parser.any()?;
        parser.tokens.is_empty().then_some(pattern)
    }

    /// Whether it matches a record.
    #[must_use]
    pub fn matches(&self, record: &Value) -> bool {
        match self {
            Self::Everything => true,
            Self::All(all) => all.iter().all(|one| one.matches(record)),
            Self::Any(any) => any.iter().any(|one| one.matches(record)),
            Self::Compare { path, operator, value } => {
                let found = path.iter().try_fold(record, |at, name| match at {
                    Value::Array(items) => items.get(name.parse::<usize>().ok()?),
                    at => at.get(name),
                });
                compare(found, *operator, value)
            }
        }
    }
}

fn compare(found: Option<&Value>, operator: Operator, value: &str) -> bool {
    let Some(found) = found else { return operator == Operator::NotExists };
    let number = || Some((found.as_f64()?, value.parse::<f64>().ok()?));
    let is_equal = || match found {
        Value::String(text) => is_like(text, value),
        Value::Number(_) => number().is_some_and(|(a, b)| (a - b).abs() < f64::EPSILON),
        _ => false,
    };
    match operator {
        Operator::Exists => true,
        Operator::NotExists => false,
        Operator::IsNull => found.is_null(),
        Operator::IsTrue => found.as_bool() == Some(true),
        Operator::IsFalse => found.as_bool() == Some(false),
        Operator::Equal => is_equal(),
        Operator::NotEqual => !is_equal(),
        Operator::Less => number().is_some_and(|(a, b)| a < b),
        Operator::LessOrEqual => number().is_some_and(|(a, b)| a <= b),
        Operator::Greater => number().is_some_and(|(a, b)| a > b),
        Operator::GreaterOrEqual => number().is_some_and(|(a, b)| a >= b),
    }
}

/// `*` stands for anything, case counts.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Symbol(&'static str),
    Path(Vec<String>),
    Word(String),
    Text(String),
}

const SYMBOLS: [&str; 6] = ["!=", "<=", ">=", "=", "<", ">"];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
        let (token, length) = match (first, symbol) {
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('&', _) => (Token::And, rest.starts_with("&&").then_some(2)?),
            ('|', _) => (Token::Or, rest.starts_with("||").then_some(2)?),
            (_, Some(symbol)) => (Token::Symbol(symbol), symbol.len()),
            ('"', _) => {
                let inner = rest.get(1..)?;
                let end = inner.find('"')?;
                (Token::Text(inner.get(..end)?.to_owned()), end + 2)
            }
            ('%', _) => return None,
            _ => {
                let ends = |c: char| c.is_whitespace() || "()&|=!<>\"".contains(c);
                let end = rest.find(ends).unwrap_or(rest.len()).max(1);
                let word = rest.get(..end)?;
                let token = match word.strip_prefix("$.") {
                    Some(path) => Token::Path(steps(path)?),
                    None => Token::Word(word.to_owned()),
                };
                (token, end)
            }
        };
        tokens.push(token);
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

/// `a.b[0].c`
fn steps(path: &str) -> Option<Vec<String>> {
    let steps: Vec<String> =
        path.split(['.', '[']).map(|step| step.trim_end_matches(']').to_owned()).collect();
    steps.iter().all(|step| !step.is_empty()).then_some(steps)
}

struct Parser<'t> {
    tokens: &'t [Token],
    depth: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn any(&mut self) -> Option<Pattern> {
        let mut parts = vec![self.all()?];
        while self.tokens.first() == Some(&Token::Or) {
            self.next()?;
            parts.push(self.all()?);
        }
        Some(if parts.len() == 1 { parts.pop()? } else { Pattern::Any(parts) })
    }

    fn all(&mut self) -> Option<Pattern> {
        let mut parts = vec![self.one()?];
        while self.tokens.first() == Some(&Token::And) {
            self.next()?;
            parts.push(self.one()?);
        }
        Some(if parts.len() == 1 { parts.pop()? } else { Pattern::All(parts) })
    }

    fn one(&mut self) -> Option<Pattern> {
        match self.next()? {
            Token::Open => {
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return None;
                }
                let inner = self.any()?;
                self.depth -= 1;
                (self.next()? == Token::Close).then_some(inner)
            }
            Token::Path(path) => self.comparison(path),
            _ => None,
        }
    }

    fn comparison(&mut self, path: Vec<String>) -> Option<Pattern> {
        let word = |token: Option<Token>| match token {
            Some(Token::Word(word)) => Some(word.to_ascii_uppercase()),
            _ => None,
        };
        let plain = |operator| Some((operator, String::new()));
        let (operator, value) = match self.next()? {
            Token::Symbol(symbol) => {
                let value = match self.next()? {
                    Token::Word(value) | Token::Text(value) => value,
                    _ => return None,
                };
                let operator = match symbol {
                    "=" => Operator::Equal,
                    "!=" => Operator::NotEqual,
                    "<" => Operator::Less,
                    "<=" => Operator::LessOrEqual,
                    ">" => Operator::Greater,
                    _ => Operator::GreaterOrEqual,
                };
                Some((operator, value))
            }
            Token::Word(first) => match first.to_ascii_uppercase().as_str() {
                "EXISTS" => plain(Operator::Exists),
                "NOT" if word(self.next())? == "EXISTS" => plain(Operator::NotExists),
                "IS" => match word(self.next())?.as_str() {
                    "NULL" => plain(Operator::IsNull),
                    "TRUE" => plain(Operator::IsTrue),
                    "FALSE" => plain(Operator::IsFalse),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }?;
        Some(Pattern::Compare { path, operator, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matches(pattern: &str, record: &Value) -> bool {
        Pattern::parse(pattern).unwrap().matches(record)
    }

    #[test]
    fn and_binds_closer_than_or() {
        let pattern = r#"{ ($.a = "x*") || $.b = 2 && $.c NOT EXISTS }"#;
        assert!(matches(pattern, &json!({"a": "xyz", "c": 1})));
        assert!(matches(pattern, &json!({"b": 2})));
        assert!(!matches(pattern, &json!({"b": 2, "c": 1})));
        assert!(!matches(pattern, &json!({"a": "yx"})));
    }

    #[test]
    fn what_is_not_there_equals_nothing() {
        assert!(!matches("{ $.a.b != x }", &json!({})));
        assert!(matches("{ $.a.b != x }", &json!({"a": {"b": "y"}})));
        assert!(matches("{ $.a[1].b IS TRUE }", &json!({"a": [0, {"b": true}]})));
        assert!(matches(
            r#"{ $.a = "*Unauthorized*" }"#,
            &json!({"a": "Client.UnauthorizedOperation"})
        ));
        assert!(matches("", &json!({})));
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let deep = format!("{{ {}$.a = b{} }}", "(".repeat(99), ")".repeat(99));
        for pattern in
            ["ERROR", "{ $.a = %x% }", "{ $.a }", "{ $.a = b ) }", "{ $.a & b }", "{", &deep]
        {
            assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        }
    }
}
