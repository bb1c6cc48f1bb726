//! MITRE ATT&CK references, with the version of the matrix they are taken from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The ATT&CK Enterprise release whose ids are used throughout.
pub const VERSION: &str = "17.1";

/// One technique under the tactic it serves here.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord)]
pub struct Attack {
    /// The tactic's name, such as `Persistence`.
    pub tactic: String,
    /// The technique id, such as `T1098.003`.
    pub technique: String,
    /// The ATT&CK release the ids belong to.
    pub version: String,
}

impl Attack {
    /// A technique under the first tactic that our table lists for it; `Unknown` when the table
    /// does not have it, which a registry test forbids for built-in detections.
    pub fn of(technique: &str) -> Self {
        Self {
            tactic: tactic_of(technique).unwrap_or("Unknown").to_owned(),
            technique: technique.to_owned(),
            version: VERSION.to_owned(),
        }
    }
}

/// The tactic under which a technique is listed here, by its id or its parent's id.
pub fn tactic_of(technique: &str) -> Option<&'static str> {
    let parent = technique.split('.').next().unwrap_or(technique);
    Some(match parent {
        "T1021" | "T1550" => "Lateral Movement",
        "T1027" | "T1036" | "T1070" | "T1484" | "T1535" | "T1562" | "T1578" | "T1666" | "T1599" => {
            "Defense Evasion"
        }
        "T1059" | "T1204" | "T1648" | "T1651" => "Execution",
        "T1069" | "T1087" | "T1526" | "T1538" | "T1580" | "T1619" | "T1654" => "Discovery",
        "T1078" | "T1190" | "T1199" => "Initial Access",
        "T1098" | "T1136" | "T1525" | "T1546" => "Persistence",
        "T1110" | "T1528" | "T1552" | "T1555" | "T1556" | "T1557" | "T1606" | "T1621" => {
            "Credential Access"
        }
        "T1485" | "T1486" | "T1489" | "T1496" | "T1531" | "T1565" => "Impact",
        "T1530" => "Collection",
        "T1537" | "T1567" => "Exfiltration",
        "T1548" => "Privilege Escalation",
        "T1588" => "Resource Development",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sub_technique_has_its_parents_tactic() {
        assert_eq!(tactic_of("T1098.003"), Some("Persistence"));
        assert_eq!(Attack::of("T9999").tactic, "Unknown");
    }
}
