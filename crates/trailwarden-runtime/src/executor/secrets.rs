//! Secrets: passwords that are made here, and what AWS's replies hold.
//!
//! # Invariants
//! - A password is made of chance alone, and is one that the account's policy takes, as it is and as a
//!   plan of ours would set it.
//! - What is taken out of a reply goes to the witness and nowhere else.

use std::io;

use serde_json::{Map, Value};
use trailwarden_aws::Change;
use trailwarden_remedy::passwords::{LENGTH_MAX, broken, strengthened};

use super::World;

/// Members that AWS gives or takes secrets in, when they are text.
pub(super) const MEMBERS: &[&str] = &["Password", "PrivateKey", "SecretAccessKey", "SessionToken"];

/// Characters that nobody confuses, and that no shell or form takes for its own.
const ALPHABET: &[u8] =
    b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!@#%^*()_+-=[]{}";
/// More than 120 bits of chance.
const LENGTH: u64 = 24;
/// So often chance leaves out a kind of characters at most; once in a hundred passwords does.
const ATTEMPTS_MAX: usize = 100;

/// A password that an account's policy takes; `None` is an account that set none.
///
/// # Errors
/// The machine gives no chance.
pub(super) fn password(
    world: &dyn World,
    policy: Option<&Map<String, Value>>,
) -> io::Result<String> {
    let target = strengthened(policy);
    let least = target.get("MinimumPasswordLength").and_then(Value::as_u64).unwrap_or(LENGTH);
    let length = usize::try_from(least.clamp(LENGTH, LENGTH_MAX)).unwrap_or(LENGTH as usize);
    for _ in 0..ATTEMPTS_MAX {
        let password = drawn(world, length)?;
        if broken(&password, policy).is_empty() && broken(&password, Some(&target)).is_empty() {
            return Ok(password);
        }
    }
    Err(io::Error::other("no password fits the account's policy"))
}

/// So many characters of the alphabet, each as likely as any other.
fn drawn(world: &dyn World, length: usize) -> io::Result<String> {
    let mut password = String::with_capacity(length);
    let mut bytes = [0; 64];
    while password.len() < length {
        world.random(&mut bytes)?;
        // A byte beyond the last whole round would favour the first characters.
        let most = 256 - 256 % ALPHABET.len();
        let fair = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < most);
        let drawn = fair.filter_map(|byte| ALPHABET.get(byte % ALPHABET.len()));
        password.extend(drawn.take(length - password.len()).map(|byte| char::from(*byte)));
    }
    Ok(password)
}

/// What came of a call, should AWS's words repeat the password that it was given.
pub(super) fn hidden(change: Change, password: Option<&str>) -> Change {
    let Some(password) = password else { return change };
    let hide = |text: String| text.replace(password, "(hidden)");
    match change {
        Change::Done(reply) => Change::Done(reply),
        Change::Refused { code, message } => {
            Change::Refused { code: hide(code), message: hide(message) }
        }
        Change::NotSent { cause } => Change::NotSent { cause: hide(cause) },
        Change::Unanswered { cause } => Change::Unanswered { cause: hide(cause) },
    }
}

/// Takes the secrets out of a reply, with their names.
pub(super) fn taken_out(reply: &mut Value) -> Vec<(&'static str, String)> {
    let mut secrets = Vec::new();
    take_out(reply, &mut secrets);
    secrets
}

fn take_out(value: &mut Value, secrets: &mut Vec<(&'static str, String)>) {
    match value {
        Value::Object(members) => {
            for name in MEMBERS {
                if let Some(Value::String(secret)) = members.get(*name).cloned() {
                    members.remove(*name);
                    secrets.push((name, secret));
                }
            }
            members.values_mut().for_each(|value| take_out(value, secrets));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| take_out(value, secrets)),
        _ => {}
    }
}
