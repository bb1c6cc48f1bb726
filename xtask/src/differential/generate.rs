//! A case by chance: request, context and the policies of every kind around it.
//!
//! Each case is made for one operator, the *focus*: a statement holds it whose fate decides as
//! often as chance allows, because the other policies mostly let the request through. So outcomes
//! stay balanced, and each operator decides many cases instead of being carried along.

use serde_json::{Map, Value, json};

use super::condition::{self, Operator};
use super::dice::Dice;
use super::element;
use super::named;
use super::plan::{Duty, Layer, duty, focused, layers};
use super::world::Scene;

/// Makes one case.
struct Maker {
    scene: Scene,
    dice: Dice,
    focus: Operator,
}

/// Case number `number` of the run with this seed.
pub(crate) fn case(seed: u64, number: u64) -> Value {
    let mut dice = Dice::new(seed, number);
    let scene = Scene::new(&mut dice);
    let focus = condition::in_turn(number, &mut dice);
    let mut maker = Maker { scene, dice, focus };
    let mut case = maker.case();
    case.insert("id".to_owned(), json!(format!("{seed}-{number}")));
    Value::Object(case)
}

impl Maker {
    fn case(&mut self) -> Map<String, Value> {
        let layers = layers(&self.scene, &mut self.dice);
        let focused = focused(&self.scene, &mut self.dice, &layers);
        let is_deny = focused == Layer::Rcp || self.dice.chance(36);
        let mut case = Map::new();
        for layer in [
            Layer::Identity,
            Layer::Resource,
            Layer::Boundary,
            Layer::Session,
            Layer::Scp,
            Layer::Rcp,
            Layer::Endpoint,
        ] {
            if !layers.contains(&layer) && layer != focused {
                continue;
            }
            let duty = if layer == focused {
                if is_deny { Duty::FocusDeny } else { Duty::FocusAllow }
            } else {
                duty(&self.scene, &mut self.dice, (layer, focused), is_deny)
            };
            let (name, value) = self.layer(layer, duty);
            case.insert(name.to_owned(), value);
        }
        self.request(&mut case);
        case
    }

    fn request(&mut self, case: &mut Map<String, Value>) {
        let scene = &self.scene;
        case.insert("principal".to_owned(), json!(scene.principal));
        case.insert("action".to_owned(), json!(scene.action));
        case.insert("resource".to_owned(), json!(scene.resource));
        if scene.principal.contains("/AWSServiceRoleFor") {
            case.insert("serviceLinkedRole".to_owned(), json!(true));
        }
        // An ARN of S3 names no account, so the case must.
        case.insert("resourceAccount".to_owned(), json!(scene.resource_account));
        let context: Map<String, Value> = scene
            .context
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), value.clone()?)))
            .collect();
        case.insert("context".to_owned(), Value::Object(context));
    }

    fn layer(&mut self, layer: Layer, duty: Duty) -> (&'static str, Value) {
        match layer {
            Layer::Identity => {
                let mut documents = vec![self.document(layer, duty)];
                while self.dice.chance(25) {
                    documents.push(self.document(layer, Duty::Silent));
                }
                ("identityPolicies", Value::Array(documents))
            }
            Layer::Resource => ("resourcePolicy", self.document(layer, duty)),
            Layer::Boundary => {
                let document = self.document(layer, duty);
                // A list of one is the same.
                let is_list = self.dice.chance(20);
                ("boundary", if is_list { json!([document]) } else { document })
            }
            Layer::Session => ("sessionPolicy", self.document(layer, duty)),
            Layer::Endpoint => ("endpointPolicies", json!([self.document(layer, duty)])),
            Layer::Scp => ("scps", self.levels(layer, duty)),
            Layer::Rcp => ("rcps", self.levels(layer, duty)),
        }
    }

    /// One to three levels; the focus stands on one of them.
    fn levels(&mut self, layer: Layer, duty: Duty) -> Value {
        let count = 1 + self.dice.below(3);
        let focused = self.dice.below(count);
        let mut levels = Vec::new();
        for level in 0..count {
            let mut documents = Vec::new();
            if level == focused {
                documents.push(self.document(layer, duty));
            } else if !self.dice.chance(3) {
                documents.push(self.document(layer, Duty::Allow));
            }
            while self.dice.chance(20) {
                documents.push(self.document(layer, Duty::Silent));
            }
            levels.push(Value::Array(documents));
        }
        Value::Array(levels)
    }

    fn document(&mut self, layer: Layer, duty: Duty) -> Value {
        let version = self.dice.weighted(&[88, 6, 6]);
        let is_2012 = version == 0;
        let mut statements = Vec::new();
        match duty {
            Duty::Silent => {}
            Duty::Allow => statements.push(self.statement(layer, "Allow", 93, 12, is_2012)),
            Duty::FocusAllow => statements.push(self.focus(layer, "Allow", is_2012)),
            Duty::FocusDeny => {
                if layer != Layer::Rcp || self.dice.chance(30) {
                    statements.push(self.statement(layer, "Allow", 96, 6, is_2012));
                }
                statements.push(self.focus(layer, "Deny", is_2012));
            }
        }
        while statements.is_empty() || self.dice.chance(25) {
            let effect = if layer == Layer::Rcp || self.dice.chance(25) { "Deny" } else { "Allow" };
            let lean = if effect == "Deny" { 12 } else { 15 };
            statements.push(self.statement(layer, effect, lean, 30, is_2012));
        }
        if self.dice.chance(30) {
            statements.reverse();
        }
        let mut document = Map::new();
        match version {
            0 => document.insert("Version".to_owned(), json!("2012-10-17")),
            1 => document.insert("Version".to_owned(), json!("2008-10-17")),
            _ => None,
        };
        let statements = match statements.pop() {
            Some(only) if statements.is_empty() && self.dice.chance(15) => only,
            Some(last) => {
                statements.push(last);
                Value::Array(statements)
            }
            None => json!([]),
        };
        document.insert("Statement".to_owned(), statements);
        Value::Object(document)
    }

    /// A statement that fits the request in everything but the condition of the case.
    fn focus(&mut self, layer: Layer, effect: &str, is_2012: bool) -> Value {
        let mut statement = self.elements(layer, effect, true, is_2012);
        let mut block = Map::new();
        let focus = self.focus.clone();
        condition::add(&mut block, &focus, &mut self.scene, &mut self.dice, is_2012);
        if self.dice.chance(15) {
            let other = condition::any(&mut self.dice);
            condition::add(&mut block, &other, &mut self.scene, &mut self.dice, is_2012);
        }
        statement.insert("Condition".to_owned(), Value::Object(block));
        Value::Object(statement)
    }

    /// A statement that fits the request in `lean` of a hundred cases, and bears conditions in
    /// `bound` of a hundred.
    fn statement(
        &mut self,
        layer: Layer,
        effect: &str,
        lean: u64,
        bound: u64,
        is_2012: bool,
    ) -> Value {
        let is_match = self.dice.chance(lean);
        let mut statement = self.elements(layer, effect, is_match, is_2012);
        if self.dice.chance(bound) {
            let mut block = Map::new();
            let other = condition::any(&mut self.dice);
            condition::add(&mut block, &other, &mut self.scene, &mut self.dice, is_2012);
            statement.insert("Condition".to_owned(), Value::Object(block));
        }
        Value::Object(statement)
    }

    /// Effect, principal, action and resource. One that must not match misses by one element.
    fn elements(
        &mut self,
        layer: Layer,
        effect: &str,
        is_match: bool,
        is_2012: bool,
    ) -> Map<String, Value> {
        let has_principal = matches!(layer, Layer::Resource | Layer::Endpoint);
        let is_trust = layer == Layer::Resource && self.scene.action.starts_with("sts:");
        let mut missed = if is_match { 3 } else { self.dice.below(3) };
        if missed == 2 && !has_principal || missed == 1 && is_trust {
            missed = 0;
        }
        let mut statement = Map::new();
        statement.insert("Effect".to_owned(), json!(effect));
        if self.dice.chance(10) {
            let number = self.dice.below(100);
            statement.insert("Sid".to_owned(), json!(format!("Statement{number}")));
        }
        if layer == Layer::Resource {
            named::principal(&mut statement, &self.scene, &mut self.dice, missed != 2);
        } else if layer == Layer::Endpoint {
            let (scene, dice) = (&self.scene, &mut self.dice);
            named::endpoint_principal(&mut statement, scene, dice, missed != 2);
        } else if layer == Layer::Rcp {
            statement.insert("Principal".to_owned(), json!("*"));
        }
        element::action(&mut statement, &self.scene, &mut self.dice, missed != 0);
        if !is_trust {
            let scene = &mut self.scene;
            element::resource(&mut statement, scene, &mut self.dice, missed != 1, is_2012);
        }
        statement
    }
}
