//! JSON with the order of its keys, for the reference.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

pub(crate) fn parse(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

impl Json {
    /// The text of a top-level field, as a caller of `RuleSet::plan` passes it.
    pub(crate) fn top_text(&self, field: &str) -> &str {
        let Json::Object(fields) = self else { return "" };
        let mut found = fields.iter().filter(|(key, _)| key == field);
        match (found.next(), found.next()) {
            (Some((_, Json::Text(text))), None) => text,
            _ => "",
        }
    }

    /// Compact JSON, with or without escapes in its texts.
    pub(crate) fn text(&self, escape: bool) -> String {
        let quoted = |text: &String| {
            if escape { serde_json::to_string(text).unwrap() } else { format!("\"{text}\"") }
        };
        match self {
            Json::Null => "null".into(),
            Json::Bool(value) => value.to_string(),
            Json::Number(value) => value.to_string(),
            Json::Text(text) => quoted(text),
            Json::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.text(escape)).collect();
                format!("[{}]", items.join(","))
            }
            Json::Object(fields) => {
                let field = |(key, value): &(String, Json)| {
                    format!("{}:{}", quoted(key), value.text(escape))
                };
                let fields: Vec<String> = fields.iter().map(field).collect();
                format!("{{{}}}", fields.join(","))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Ordered)
    }
}

struct Ordered;

impl<'de> Visitor<'de> for Ordered {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(serde_json::Number::from_f64(value).unwrap()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.into()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = list.next_element()? {
            out.push(item);
        }
        Ok(Json::List(out))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut out = Vec::new();
        while let Some(entry) = map.next_entry()? {
            out.push(entry);
        }
        Ok(Json::Object(out))
    }
}
