//! Lines about ways into roles and ways to more permissions.

use super::uses::{called, used};
use super::words::{Room, shortly};
use super::{Door, Way};

pub(super) fn shut(door: &Door, room: Room) -> String {
    let partly = match (door.is_partly, door.left.is_empty()) {
        (true, false) => format!(", unless {}", room.names(door.left.clone())),
        (true, true) => " (in part, or at times)".to_owned(),
        (false, _) => String::new(),
    };
    let was = match door.conditions.is_empty() {
        true => String::new(),
        false => format!(", which was open if {}", room.names(door.conditions.clone())),
    };
    let seen = match &door.used {
        Some(used) if used.calls > 0 => format!("; it entered roles: {}", called(used)),
        _ => String::new(),
    };
    let role = shortly(&door.role);
    let last = used(&door.last_used);
    format!("SHUTS {role} to {}{was}{partly}{seen}; the role: {last}", who(door))
}

/// None where another way leads there as before.
pub(super) fn closed(way: &Way, room: Room) -> Option<String> {
    let (from, to) = (shortly(&way.from), shortly(&way.to));
    match way.left.as_deref() {
        None => Some(format!("Closes the way of {from} to {to}")),
        Some([]) => None,
        Some(left) => Some(format!(
            "Leaves the way of {from} to {to} open only if {}",
            room.names(left.to_vec())
        )),
    }
}

pub(super) fn entered(door: &Door, room: Room) -> String {
    let (who, role) = (who(door), shortly(&door.role));
    format!("GIVES {who} the way into {role}{}", only_if(&door.conditions, room))
}

pub(super) fn opened(way: &Way, room: Room) -> String {
    let (from, to) = (shortly(&way.from), shortly(&way.to));
    format!("OPENS {from} a way to {to}{}", only_if(&way.conditions, room))
}

/// Whom a door is for; a name of another account is not to be read as one of this account.
fn who(door: &Door) -> String {
    let account = |arn: &str| arn.split(':').nth(4).unwrap_or_default().to_owned();
    let short = shortly(&door.who);
    let of = account(&door.who);
    if of.is_empty() || of == account(&door.role) || short.ends_with(&of) {
        short
    } else {
        format!("{short} of account {of}")
    }
}

/// What must be so besides.
fn only_if(conditions: &[String], room: Room) -> String {
    if conditions.is_empty() {
        String::new()
    } else {
        format!(", if {}", room.names(conditions.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_is_of_another_account_is_told_with_it() {
        let told = |who: &str| {
            let door = json!({ "role": "arn:aws:iam::111122223333:role/app", "who": who,
                "account": null, "is_opened": false, "is_partly": false, "conditions": [],
                "is_certain": true, "last_used": { "state": "unknown" }, "used": null });
            let door: Door = serde_json::from_value(door).unwrap();
            super::who(&door)
        };
        assert_eq!(told("arn:aws:iam::111122223333:role/partner"), "role/partner");
        assert_eq!(
            told("arn:aws:iam::999988887777:role/partner"),
            "role/partner of account 999988887777"
        );
        assert_eq!(told("arn:aws:iam::999988887777:root"), "account 999988887777");
        assert_eq!(told("lambda.amazonaws.com"), "lambda.amazonaws.com");
    }
}
