//! Principals of a statement by chance: they are the caller, stand for him, or are somebody else.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::world::{Kind, OTHER, Scene};

/// Sets `Principal` of an endpoint policy: everyone, or somebody else.
pub(crate) fn endpoint_principal(
    statement: &mut Map<String, Value>,
    scene: &Scene,
    dice: &mut Dice,
    is_match: bool,
) {
    let value = match is_match {
        true if dice.chance(50) => json!("*"),
        true => json!({ "AWS": "*" }),
        false => json!({ "AWS": stranger(scene) }),
    };
    statement.insert("Principal".to_owned(), value);
}

/// Sets `Principal` or `NotPrincipal` of a resource policy.
pub(crate) fn principal(
    statement: &mut Map<String, Value>,
    scene: &Scene,
    dice: &mut Dice,
    is_match: bool,
) {
    let is_deny = statement.get("Effect").and_then(Value::as_str) == Some("Deny");
    // A trust policy knows no `NotPrincipal`.
    let is_trust = scene.action == "sts:AssumeRole";
    if !is_trust && dice.chance(if is_deny { 10 } else { 3 }) {
        statement.insert("NotPrincipal".to_owned(), excluded(scene, is_match));
        return;
    }
    let value = if is_match { naming(scene, dice) } else { not_naming(scene, dice) };
    statement.insert("Principal".to_owned(), value);
}

/// `NotPrincipal` that leaves the caller in (`is_match`) or excludes him with everything that
/// stands for him: AWS asks for the account and the role beside a session.
fn excluded(scene: &Scene, is_match: bool) -> Value {
    let mut names = vec![stranger(scene)];
    if !is_match {
        match scene.kind {
            Kind::Service => return json!({ "Service": scene.principal }),
            Kind::Anonymous => return json!({ "AWS": names }),
            _ => {}
        }
        names.push(scene.principal.clone());
        names.extend(scene.role.clone());
        // What AWS does when the account is forgotten is not told.
        names.push(account_arn(scene, scene.account));
    }
    json!({ "AWS": names })
}

fn naming(scene: &Scene, dice: &mut Dice) -> Value {
    let everyone = if dice.chance(50) { json!("*") } else { json!({ "AWS": "*" }) };
    let named = match scene.kind {
        Kind::Anonymous => return everyone,
        Kind::Service => {
            if dice.chance(20) {
                return everyone;
            }
            return if dice.chance(30) {
                json!({ "Service": ["ec2.amazonaws.com", scene.principal] })
            } else {
                json!({ "Service": scene.principal })
            };
        }
        Kind::Session => {
            let role = scene.role.clone().unwrap_or_default();
            match dice.weighted(&[45, 25, 30]) {
                0 => role,
                1 => scene.principal.clone(),
                _ => account_arn(scene, scene.account),
            }
        }
        Kind::Root => account_arn(scene, scene.account),
        Kind::User | Kind::Federated => match dice.weighted(&[65, 35]) {
            0 => scene.principal.clone(),
            _ => account_arn(scene, scene.account),
        },
    };
    if dice.chance(16) {
        return everyone;
    }
    let named =
        if named.ends_with(":root") && dice.chance(40) { scene.account.to_owned() } else { named };
    match dice.weighted(&[60, 25, 15]) {
        0 => json!({ "AWS": named }),
        1 => json!({ "AWS": [stranger(scene), named] }),
        _ => json!({ "Service": "ec2.amazonaws.com", "AWS": [named] }),
    }
}

fn not_naming(scene: &Scene, dice: &mut Dice) -> Value {
    match dice.weighted(&[40, 20, 15, 25]) {
        0 => json!({ "AWS": stranger(scene) }),
        1 => json!({ "Service": "ec2.amazonaws.com" }),
        2 => json!({ "AWS": [account_arn(scene, "777788889999"), stranger(scene)] }),
        // Case counts, and a longer name is another one.
        _ => json!({ "AWS": format!("{}x", named_or(scene)) }),
    }
}

fn named_or(scene: &Scene) -> String {
    if scene.has_identity() && scene.kind != Kind::Root {
        scene.role.clone().unwrap_or_else(|| scene.principal.clone())
    } else {
        stranger(scene)
    }
}

fn stranger(scene: &Scene) -> String {
    format!("arn:{}:iam::{OTHER}:user/zoe", scene.partition)
}

fn account_arn(scene: &Scene, account: &str) -> String {
    format!("arn:{}:iam::{account}:root", scene.partition)
}
