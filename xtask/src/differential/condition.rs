//! Conditions by chance, and the context that they ask for.
//!
//! A key gets its value when the first condition asks for it, and keeps it for the whole case.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::operator::{
    EPOCHS, FORMS, OPERATORS, Type, form, multi_keys, policy_values, request_values, single_keys,
};
use super::world::Scene;

/// An operator as it will stand in a policy.
#[derive(Debug, Clone)]
pub(crate) struct Operator {
    pub(crate) name: String,
    kind: Type,
    is_set: bool,
}

/// The operator that a case is made for: all take turns, so that each is seen as often.
pub(crate) fn in_turn(case: u64, dice: &mut Dice) -> Operator {
    let index = usize::try_from(case).unwrap_or(0).checked_rem(OPERATORS.len()).unwrap_or(0);
    operator(index, dice)
}

/// Any operator.
pub(crate) fn any(dice: &mut Dice) -> Operator {
    let index = dice.below(OPERATORS.len());
    operator(index, dice)
}

fn operator(index: usize, dice: &mut Dice) -> Operator {
    let (name, kind) = OPERATORS.get(index).copied().unwrap_or(("StringEquals", Type::Text));
    if kind == Type::Null {
        return Operator { name: name.to_owned(), kind, is_set: false };
    }
    let weights: Vec<u64> = FORMS.iter().map(|(_, _, weight)| *weight).collect();
    let (set, exists, _) = FORMS.get(dice.weighted(&weights)).copied().unwrap_or(("", "", 0));
    let mut name = format!("{set}{name}{exists}");
    if dice.chance(4) {
        name = dice.recased(&name);
    }
    Operator { name, kind, is_set: !set.is_empty() }
}

/// Adds one condition to a block. `is_2012` says whether the document knows variables.
pub(crate) fn add(
    block: &mut Map<String, Value>,
    operator: &Operator,
    scene: &mut Scene,
    dice: &mut Dice,
    is_2012: bool,
) {
    // Now and then a key of several values without the set operator that it needs, or the reverse.
    let takes_many = if operator.is_set { dice.chance(88) } else { dice.chance(3) };
    let keys = if takes_many && operator.kind != Type::Null {
        multi_keys(operator.kind)
    } else {
        single_keys(operator.kind)
    };
    let mut key = dice.word(keys);
    let mut present = context_values(scene, dice, operator, key);
    // What a plain operator does with an empty list is not defined.
    if !operator.is_set && takes_many && present.is_empty() {
        key = dice.word(single_keys(operator.kind));
        present = context_values(scene, dice, operator, key);
    }
    let written_key = if dice.chance(6) { dice.recased(key) } else { key.to_owned() };
    let values = if operator.kind == Type::Null {
        let word = dice.word(&["true", "false"]);
        if dice.chance(25) { json!(word == "true") } else { json!(word) }
    } else {
        policy_side(scene, dice, operator, &present, is_2012)
    };
    // AWS does not say what this form does without a value; the reference and others disagree.
    let is_undefined = present.is_empty() && form(&operator.name) == "ForAnyValue+IfExists";
    let length = operator.name.len() - if is_undefined { "IfExists".len() } else { 0 };
    // One operator or key in two spellings would be a duplicate, which AWS refuses.
    let name = operator.name.get(..length).unwrap_or(&operator.name);
    let known = block.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
    let name = known.unwrap_or_else(|| name.to_owned());
    let Some(under) = block.entry(name).or_insert_with(|| json!({})).as_object_mut() else {
        return;
    };
    if !under.keys().any(|known| known.eq_ignore_ascii_case(&written_key)) {
        under.insert(written_key, values);
    }
}

/// Decides what the request carries for a key, once.
fn context_values(
    scene: &mut Scene,
    dice: &mut Dice,
    operator: &Operator,
    key: &str,
) -> Vec<String> {
    if let Some(known) = scene.context.get(key) {
        return texts(known.as_ref());
    }
    let is_many = multi_keys(operator.kind).contains(&key);
    let chance = if operator.kind == Type::Null { 50 } else { 86 };
    let value = dice.chance(chance).then(|| {
        if key == "aws:PrincipalArn" && scene.has_identity() {
            return json!(scene.role.clone().unwrap_or_else(|| scene.principal.clone()));
        }
        if is_many {
            // An empty set of values is rare in life; one value is not.
            let count = dice.pick(&[0, 1, 1, 2, 2, 2, 3], 1);
            let mut many: Vec<Value> = Vec::new();
            for _ in 0..count {
                let value = json!(request_value(scene, dice, operator.kind, key));
                if !many.contains(&value) {
                    many.push(value);
                }
            }
            return Value::Array(many);
        }
        json!(request_value(scene, dice, operator.kind, key))
    });
    let present = texts(value.as_ref());
    scene.context.insert(key.to_owned(), value);
    present
}

fn request_value(scene: &Scene, dice: &mut Dice, kind: Type, key: &str) -> String {
    let value = dice.word(request_values(kind)).replace("PARTITION", scene.partition);
    if key == "aws:EpochTime" { in_seconds(&value) } else { value }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(many)) => {
            many.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// The values that the policy asks for: one or several, about half of them fitting.
fn policy_side(
    scene: &mut Scene,
    dice: &mut Dice,
    operator: &Operator,
    present: &[String],
    is_2012: bool,
) -> Value {
    let count = dice.pick(&[1, 1, 1, 2, 3], 1);
    let mut values = Vec::new();
    for _ in 0..count {
        let text = if dice.chance(52) && !present.is_empty() {
            let index = dice.below(present.len());
            present.get(index).cloned().unwrap_or_default()
        } else if dice.chance(55) {
            dice.word(policy_values(operator.kind)).replace("PARTITION", scene.partition)
        } else {
            dice.word(request_values(operator.kind)).replace("PARTITION", scene.partition)
        };
        let text = with_variable(scene, dice, operator.kind, text, is_2012);
        let value = typed(dice, operator.kind, text);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    match values.pop() {
        Some(only) if values.is_empty() && dice.chance(75) => only,
        Some(last) => {
            values.push(last);
            Value::Array(values)
        }
        None => json!([]),
    }
}

/// JSON as people write it: numbers and Booleans with and without quotes, dates in both spellings.
fn typed(dice: &mut Dice, kind: Type, text: String) -> Value {
    match kind {
        Type::Bool if dice.chance(30) => json!(text.eq_ignore_ascii_case("true")),
        Type::Number if dice.chance(20) => match text.parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) => json!(text),
        },
        Type::Date if dice.chance(15) => json!(in_seconds(&text)),
        _ => json!(text),
    }
}

/// The text with a policy variable in the place of its value, now and then.
fn with_variable(
    scene: &mut Scene,
    dice: &mut Dice,
    kind: Type,
    text: String,
    is_2012: bool,
) -> String {
    let chance = if is_2012 { 12 } else { 4 };
    if !matches!(kind, Type::Text | Type::Arn) || !dice.chance(chance) {
        return text;
    }
    for word in ["alice", "bob", "core"] {
        if text.contains(word) {
            return text.replacen(word, &variable(scene, dice, word), 1);
        }
    }
    if kind == Type::Text && text.contains('*') { text.replace('*', "${*}") } else { text }
}

/// A variable whose value is often the word that it stands for.
pub(crate) fn variable(scene: &mut Scene, dice: &mut Dice, word: &str) -> String {
    let key = dice.word(&["aws:username", "aws:PrincipalTag/team", "aws:ResourceTag/team"]);
    if !scene.context.contains_key(key) {
        let value = match dice.weighted(&[55, 15, 15, 15]) {
            0 => Some(json!(word)),
            1 => Some(json!(dice.word(request_values(Type::Text)))),
            // Would fit if a value could hold a wildcard, which it cannot.
            2 => Some(json!(format!("{}*", word.get(..1).unwrap_or("")))),
            _ => None,
        };
        scene.context.insert(key.to_owned(), value);
    }
    let written = if dice.chance(10) { dice.recased(key) } else { key.to_owned() };
    if dice.chance(30) {
        let default = if dice.chance(60) { word } else { "other" };
        return format!("${{{written}, '{default}'}}");
    }
    format!("${{{written}}}")
}

fn in_seconds(date: &str) -> String {
    EPOCHS
        .iter()
        .find(|(iso, _)| *iso == date)
        .map_or_else(|| date.to_owned(), |(_, seconds)| (*seconds).to_owned())
}
