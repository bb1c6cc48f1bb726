//! Modifiers: from `field|contains|all: [...]` to what is wanted of the field.
//!
//! Transformations (`windash`, `wide`, `base64`, ...) apply in the order written; the others are
//! one choice each, so two of a kind are refused rather than guessed at.

use std::collections::BTreeMap;

use regex::RegexBuilder;
use rsigma_parser::value::SigmaValue;
use rsigma_parser::{DetectionItem, Modifier};

use super::comparison::{Comparison, DatePart, Network, Part};
use super::encoding::{expand, transform};
use super::expression::{Item, Matcher, Wanted};
use super::pattern::{Pattern, Token, tokens};
use super::record::Field;
use super::value::{is_nested, numeric, plain};

/// Values for `expand` placeholders, by the name between the percent signs.
pub type Placeholders = BTreeMap<String, Vec<String>>;

/// Compiled size of one regular expression, bytes.
const REGEX_SIZE_MAX: usize = 4 << 20;

/// The modifiers of one field, sorted out.
#[derive(Default)]
struct Chain {
    part: Option<Part>,
    all: bool,
    cased: bool,
    differs: bool,
    exists: bool,
    regex: bool,
    flags: Flags,
    network: bool,
    comparison: Option<Comparison>,
    reference: bool,
    date: Option<DatePart>,
    expand: bool,
    transformations: Vec<Modifier>,
}

#[derive(Default)]
struct Flags {
    ignore_case: bool,
    multi_line: bool,
    dot_all: bool,
}

/// Compiles one field of a rule with its modifiers and values.
pub(crate) fn compile(item: &DetectionItem, placeholders: &Placeholders) -> Result<Item, String> {
    let name = item.field.name.as_ref();
    let field = name.map(|name| Field::new(rsigma_parser::fieldpath::unescape_brackets(name)));
    let wanted = Chain::read(&item.field.modifiers)
        .and_then(|chain| chain.wanted(&item.values, field.is_none(), placeholders))
        .map_err(|cause| match &field {
            Some(field) => format!("`{}`: {cause}", field.path()),
            None => cause,
        })?;
    Ok(Item { field, wanted })
}

impl Chain {
    fn read(modifiers: &[Modifier]) -> Result<Self, String> {
        let mut chain = Self::default();
        for modifier in modifiers {
            match modifier {
                Modifier::Contains => once(&mut chain.part, Part::Anywhere)?,
                Modifier::StartsWith => once(&mut chain.part, Part::Start)?,
                Modifier::EndsWith => once(&mut chain.part, Part::End)?,
                Modifier::All => chain.all = true,
                Modifier::Cased => chain.cased = true,
                Modifier::Neq => chain.differs = true,
                Modifier::Exists => chain.exists = true,
                Modifier::Re => chain.regex = true,
                Modifier::IgnoreCase => chain.flags.ignore_case = true,
                Modifier::Multiline => chain.flags.multi_line = true,
                Modifier::DotAll => chain.flags.dot_all = true,
                Modifier::Cidr => chain.network = true,
                Modifier::Gt => once(&mut chain.comparison, Comparison::Greater)?,
                Modifier::Gte => once(&mut chain.comparison, Comparison::GreaterOrEqual)?,
                Modifier::Lt => once(&mut chain.comparison, Comparison::Less)?,
                Modifier::Lte => once(&mut chain.comparison, Comparison::LessOrEqual)?,
                Modifier::FieldRef => chain.reference = true,
                Modifier::Expand => chain.expand = true,
                Modifier::Minute => once(&mut chain.date, DatePart::Minute)?,
                Modifier::Hour => once(&mut chain.date, DatePart::Hour)?,
                Modifier::Day => once(&mut chain.date, DatePart::Day)?,
                Modifier::Week => once(&mut chain.date, DatePart::Week)?,
                Modifier::Month => once(&mut chain.date, DatePart::Month)?,
                Modifier::Year => once(&mut chain.date, DatePart::Year)?,
                Modifier::Base64
                | Modifier::Base64Offset
                | Modifier::Wide
                | Modifier::Utf16be
                | Modifier::Utf16
                | Modifier::WindAsh => chain.transformations.push(*modifier),
            }
        }
        chain.check()?;
        Ok(chain)
    }

    fn check(&self) -> Result<(), String> {
        let kinds = [
            self.exists,
            self.regex,
            self.network,
            self.reference,
            self.comparison.is_some() || self.date.is_some(),
        ];
        let kinds = kinds.iter().filter(|kind| **kind).count();
        let flags = self.flags.ignore_case || self.flags.multi_line || self.flags.dot_all;
        let texts = !self.transformations.is_empty() || self.expand;
        if kinds > 1 {
            return Err("these modifiers exclude each other".to_owned());
        }
        if flags && !self.regex {
            return Err("the modifiers `i`, `m` and `s` belong to `re`".to_owned());
        }
        if kinds == 1 && texts {
            return Err("a modifier that changes text needs a text to compare".to_owned());
        }
        if self.part.is_some() && kinds == 1 && !self.reference && !self.regex {
            return Err(
                "`contains`, `startswith` and `endswith` compare text, which the other modifier \
                 does not"
                    .to_owned(),
            );
        }
        if self.regex && matches!(self.part, Some(Part::Start | Part::End)) {
            return Err("write `^` or `$` into the regular expression instead".to_owned());
        }
        Ok(())
    }

    fn wanted(
        &self,
        values: &[SigmaValue],
        keywords: bool,
        placeholders: &Placeholders,
    ) -> Result<Wanted, String> {
        if values.is_empty() {
            return Err("an empty list matches nothing; give at least one value".to_owned());
        }
        if values.iter().any(is_nested) {
            return Err("a map as a value or a list within a list is not Sigma; write nested \
                        fields with dots, such as `userIdentity.type`"
                .to_owned());
        }
        if self.exists {
            return match values {
                [SigmaValue::Bool(wanted)] if !keywords => {
                    Ok(Wanted::Exists(*wanted != self.differs))
                }
                _ => Err("`exists` takes a field and `true` or `false`".to_owned()),
            };
        }
        let matchers = values.iter().map(|value| self.matchers(value, keywords, placeholders));
        let matchers: Vec<Vec<Matcher>> = matchers.collect::<Result<_, _>>()?;
        let wanted = if self.all {
            Wanted::AllOf(matchers)
        } else {
            Wanted::AnyOf(matchers.into_iter().flatten().collect())
        };
        Ok(if self.differs { Wanted::Differs(Box::new(wanted)) } else { wanted })
    }

    /// One value becomes one matcher, or several of which any will do.
    fn matchers(
        &self,
        value: &SigmaValue,
        keywords: bool,
        placeholders: &Placeholders,
    ) -> Result<Vec<Matcher>, String> {
        if self.regex {
            return Ok(vec![self.regex(&plain(value)?)?]);
        }
        if self.network {
            let text = plain(value)?;
            let network = Network::parse(&text)
                .ok_or_else(|| format!("`{text}` is not a network such as 10.0.0.0/8"))?;
            return Ok(vec![Matcher::Network(network)]);
        }
        if self.reference {
            if keywords {
                return Err("`fieldref` compares two fields; name the first".to_owned());
            }
            let part = self.part.unwrap_or(Part::Whole);
            return Ok(vec![Matcher::Reference {
                field: Field::new(plain(value)?),
                part,
                cased: self.cased,
            }]);
        }
        if self.comparison.is_some() || self.date.is_some() {
            let wanted = numeric(value)?;
            let comparison = self.comparison.unwrap_or(Comparison::Equal);
            return Ok(vec![match self.date {
                Some(part) => Matcher::Date(part, comparison, wanted),
                None => Matcher::Compare(comparison, wanted),
            }]);
        }
        let texts = self.part.is_some() || !self.transformations.is_empty() || self.expand;
        Ok(match value {
            SigmaValue::Null if texts || keywords => {
                return Err("null has no text; compare the field with null alone".to_owned());
            }
            SigmaValue::Null => vec![Matcher::Null],
            SigmaValue::Bool(wanted) if !texts && !keywords => vec![Matcher::Bool(*wanted)],
            SigmaValue::Integer(whole) if !texts && !keywords => vec![Matcher::Number {
                #[expect(clippy::cast_precision_loss, reason = "`whole` decides where both are")]
                value: *whole as f64,
                whole: Some(*whole),
                text: whole.to_string(),
            }],
            SigmaValue::Float(value) if !texts && !keywords => {
                vec![Matcher::Number { value: *value, whole: None, text: value.to_string() }]
            }
            value => self
                .texts(value, placeholders)?
                .into_iter()
                .map(|tokens| Matcher::Text(self.pattern(tokens, keywords)))
                .collect(),
        })
    }

    fn regex(&self, text: &str) -> Result<Matcher, String> {
        // Within the text, where the index sees it too.
        let flag = if self.flags.ignore_case { "(?i)" } else { "" };
        RegexBuilder::new(&format!("{flag}{text}"))
            .multi_line(self.flags.multi_line)
            .dot_matches_new_line(self.flags.dot_all)
            .size_limit(REGEX_SIZE_MAX)
            .build()
            .map(Matcher::Regex)
            .map_err(|error| {
                let cause = error.to_string();
                let cause = cause.lines().last().unwrap_or_default();
                format!(
                    "the regular expression `{text}` cannot be used: {}",
                    cause.trim().trim_start_matches("error: ")
                )
            })
    }

    /// The value after all transformations.
    fn texts(
        &self,
        value: &SigmaValue,
        placeholders: &Placeholders,
    ) -> Result<Vec<Vec<Token>>, String> {
        let texts = match value {
            SigmaValue::String(text) if self.expand => expand(&text.original, placeholders)?,
            SigmaValue::String(text) => vec![tokens(text)],
            other => vec![vec![Token::Literal(other.to_string())]],
        };
        let mut out = Vec::new();
        for tokens in texts {
            out.extend(transform(tokens, &self.transformations)?);
        }
        Ok(out)
    }

    fn pattern(&self, mut tokens: Vec<Token>, keywords: bool) -> Pattern {
        // A keyword is found anywhere in a text unless the rule says where.
        let part = self.part.unwrap_or(if keywords { Part::Anywhere } else { Part::Whole });
        if matches!(part, Part::Anywhere | Part::End) {
            tokens.insert(0, Token::Many);
        }
        if matches!(part, Part::Anywhere | Part::Start) {
            tokens.push(Token::Many);
        }
        Pattern::new(&tokens, self.cased)
    }
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err("two modifiers of one kind: keep one".to_owned()),
    }
}
