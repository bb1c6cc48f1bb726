//! `trailwarden.toml`: what an organization knows about itself. Everything works without it.
//!
//! It never excludes by user agent or network: an attacker can type the one and rent the other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use trailwarden_detect::Settings;
use trailwarden_detect::conclude::health;
use trailwarden_detect::conclude::unauthorized::UNAUTHORIZED;
use trailwarden_detect::detection::Detection;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::lints::is_check;
use trailwarden_model::finding::Status;
use trailwarden_model::{AccountId, Finding, Timestamp};

/// The file's name in the working folder and in the user's configuration folder.
pub const FILE_NAME: &str = "trailwarden.toml";

/// The configuration. Unknown keys are errors.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The organization's id, such as `o-exampleorgid`.
    pub organization: Option<String>,
    /// Accounts that are ours, twelve digits each, as text. Trust in any other account is external.
    pub accounts: Vec<String>,
    /// ARNs or names of break-glass principals.
    pub break_glass: BTreeSet<String>,
    /// ARNs, names or access key ids of decoys, which nobody has a reason to use.
    pub decoys: BTreeSet<String>,
    /// How many distinct values make a finding, by detection id.
    pub thresholds: BTreeMap<String, usize>,
    /// Length of windows, by detection id, such as `"10m"` or `"2h"`.
    pub windows: BTreeMap<String, String>,
    /// Folder of change policies. A relative one lies beside this file.
    pub change_policies: Option<PathBuf>,
    /// Findings not to show, each with a reason and an expiry.
    pub suppressions: Vec<Suppression>,
}

/// A person's dated, reasoned decision not to show a finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// Rule id.
    pub rule: String,
    /// The subject: ARN, id or name of the finding's target or actor. Exact; `*` stands for all.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// Until when, RFC 3339, as text or as a date-time of TOML. After this the finding shows again.
    #[serde(deserialize_with = "written_time")]
    pub expires: Timestamp,
}

/// The configuration could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read the configuration `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML, or has an unknown key or a value of the wrong kind.
    #[error("the configuration `{path}` is wrong:\n{cause}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Place and cause, as the parser tells it.
        cause: String,
    },
    /// A value makes no sense.
    #[error("the configuration's {key} is wrong: {cause}")]
    Value {
        /// Which key.
        key: String,
        /// What is wrong and what would be right.
        cause: String,
    },
}

impl Config {
    /// Reads the given file; else the one in the working folder; else the one in the user's folder;
    /// else the defaults.
    pub fn find(given: Option<&Path>, user_folder: Option<&Path>) -> Result<Self, ConfigError> {
        if let Some(path) = given {
            return Self::read(path);
        }
        let here = PathBuf::from(FILE_NAME);
        let candidates = [Some(here), user_folder.map(|folder| folder.join(FILE_NAME))];
        match candidates.into_iter().flatten().find(|path| path.is_file()) {
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    /// Reads one file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let config: Self = toml::from_str(&text).map_err(|error| ConfigError::Parse {
            path: path.to_owned(),
            cause: error.to_string(),
        })?;
        config.settings(false)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let change_policies = config.change_policies.as_ref().map(|policies| folder.join(policies));
        Ok(Self { change_policies, ..config })
    }

    /// What the engine needs of it.
    pub fn settings(&self, has_geoip: bool) -> Result<Settings, ConfigError> {
        let mut accounts = BTreeSet::new();
        for text in &self.accounts {
            let account: AccountId = text.parse().map_err(|error| ConfigError::Value {
                key: "accounts".to_owned(),
                cause: format!("{error}; write it as text, with leading zeros"),
            })?;
            accounts.insert(account);
        }
        let mut windows = BTreeMap::new();
        for (id, text) in &self.windows {
            let seconds = seconds(text).ok_or_else(|| ConfigError::Value {
                key: format!("windows.{id}"),
                cause: format!("`{text}` is not a time span such as 90s, 10m, 2h or 7d"),
            })?;
            windows.insert(id.clone(), seconds);
        }
        tunable("thresholds", self.thresholds.keys(), Detection::has_threshold)?;
        tunable("windows", self.windows.keys(), Detection::has_window)?;
        for (number, suppression) in self.suppressions.iter().enumerate() {
            if suppression.reason.trim().is_empty() {
                return Err(ConfigError::Value {
                    key: format!("suppressions[{number}].reason"),
                    cause: format!("it is empty; say why `{}` need not be shown", suppression.rule),
                });
            }
        }
        Ok(Settings {
            organization: self.organization.clone(),
            accounts,
            break_glass: self.break_glass.clone(),
            decoys: self.decoys.clone(),
            thresholds: self.thresholds.clone(),
            windows,
            has_geoip,
            draws_graph: true,
        })
    }

    /// Finds fault with suppressions of rules that do not exist. `is_loaded` knows the Sigma rules of
    /// this run; a UUID may be that of a Sigma rule of another one.
    pub fn check_suppressions(&self, is_loaded: impl Fn(&str) -> bool) -> Result<(), ConfigError> {
        for (number, suppression) in self.suppressions.iter().enumerate() {
            let rule = suppression.rule.as_str();
            let is_ours = ALL.iter().any(|detection| detection.id == rule)
                || is_check(rule)
                || rule == UNAUTHORIZED;
            if !is_ours && !health::RULES.contains(&rule) && !is_uuid(rule) && !is_loaded(rule) {
                return Err(ConfigError::Value {
                    key: format!("suppressions[{number}].rule"),
                    cause: format!(
                        "`{rule}` is neither a detection (`trailwarden rules list` names them) nor the id of a \
                         Sigma rule given with --rules"
                    ),
                });
            }
        }
        Ok(())
    }

    /// Marks the findings that a suppression in force covers.
    pub fn suppress(&self, findings: &mut [Finding], now: Timestamp) {
        for finding in findings {
            let in_force = self.suppressions.iter().filter(|one| one.expires > now);
            if in_force.into_iter().any(|one| one.covers(finding)) {
                finding.status = Status::Suppressed;
            }
        }
    }
}

impl Suppression {
    fn covers(&self, finding: &Finding) -> bool {
        let parties = [&finding.target, &finding.actor];
        self.rule == finding.rule
            && (self.subject == "*"
                || parties.into_iter().any(|party| {
                    [&party.arn, &party.id, &party.name, &party.access_key]
                        .into_iter()
                        .any(|part| part.as_deref() == Some(self.subject.as_str()))
                }))
    }
}

/// Faults that detections under `key` cannot be tuned by it, naming those that can.
fn tunable<'a>(
    key: &str,
    ids: impl Iterator<Item = &'a String>,
    takes: fn(&Detection) -> bool,
) -> Result<(), ConfigError> {
    for id in ids {
        let cause = match ALL.iter().find(|detection| detection.id == id) {
            Some(detection) if takes(detection) => continue,
            Some(_) => {
                let able = ALL.iter().filter(|detection| takes(detection));
                let able: Vec<&str> = able.map(|detection| detection.id).collect();
                format!("`{id}` has none to change; these have: {}", able.join(", "))
            }
            None => format!("`{id}` is no detection; `trailwarden rules list` names them"),
        };
        return Err(ConfigError::Value { key: key.to_owned(), cause });
    }
    Ok(())
}

/// Whether it is written like most ids of Sigma rules: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A time as text, or as TOML writes one without quotes.
fn written_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(time) => time.to_string(),
        other => other.to_string(),
    };
    text.parse().map_err(D::Error::custom)
}

/// Seconds of a span such as `90s`, `10m`, `24h`, `7d`, `2w`.
pub fn seconds(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1)?;
    let number: i64 = digits.parse().ok().filter(|number| *number > 0)?;
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        toml::from_str::<Config>(text).map_err(|error| error.to_string())
    }

    #[test]
    fn unknown_keys_are_errors_with_a_place() {
        let error = parse("acounts = []").unwrap_err();
        assert!(error.contains("acounts") && error.contains("line 1"), "{error}");
    }

    #[test]
    fn values_are_checked() {
        let config = parse("accounts = [\"11112222333\"]").unwrap();
        assert!(config.settings(false).unwrap_err().to_string().contains("12-digit"));
        let config = parse("[windows]\nnonsense = \"5m\"").unwrap();
        assert!(config.settings(false).unwrap_err().to_string().contains("no detection"));
    }

    #[test]
    fn what_cannot_be_tuned_is_an_error_that_names_what_can() {
        let told = |text: &str| parse(text).unwrap().settings(false).unwrap_err().to_string();
        let each = told("[thresholds]\naccess-key-for-another-user = 5");
        assert!(each.contains("thresholds is wrong") && each.contains("iam-enumeration"), "{each}");
        assert!(each.contains("login-after-failures"), "{each}");
        let watch = told("[windows]\nlogin-after-failures = \"5m\"");
        assert!(watch.contains("windows is wrong") && watch.contains("roles-probed"), "{watch}");
        let fits = "[thresholds]\nlogin-after-failures = 9\n[windows]\niam-enumeration = \"5m\"";
        assert!(parse(fits).unwrap().settings(false).is_ok());
    }

    fn suppression(rule: &str, reason: &str, expires: &str) -> Result<Config, String> {
        parse(&format!(
            "[[suppressions]]\nrule = \"{rule}\"\nsubject = \"*\"\nreason = \"{reason}\"\nexpires = {expires}"
        ))
    }

    #[test]
    fn an_expiry_is_text_or_a_date_time() {
        let of = |expires| {
            suppression("decoy-used", "drill", expires).map(|config| config.suppressions[0].expires)
        };
        let text = of("\"2026-06-30T00:00:00Z\"").unwrap();
        assert_eq!(of("2026-06-30T00:00:00Z"), Ok(text));
        assert_eq!(of("2026-06-30 02:00:00+02:00"), Ok(text));
        for wrong in ["2026-06-30", "2026-06-30T00:00:00", "5", "\"soon\""] {
            assert!(of(wrong).unwrap_err().contains("RFC 3339"), "{wrong}");
        }
    }

    #[test]
    fn a_suppression_has_a_reason_and_a_rule_that_can_exist() {
        let time = "2026-06-30T00:00:00Z";
        let empty = suppression("decoy-used", " ", time).unwrap().settings(false).unwrap_err();
        assert!(empty.to_string().contains("suppressions[0].reason"), "{empty}");
        let check = |rule| {
            let config = suppression(rule, "drill", time).unwrap();
            config.check_suppressions(|id| id == "site-rule").map_err(|error| error.to_string())
        };
        for rule in [
            "decoy-used",
            "unknown-action",
            "memory-limit-reached",
            "site-rule",
            "5f0d3b0a-6f5c-4d55-9a86-0f6f6f1f9a04",
        ] {
            assert_eq!(check(rule), Ok(()));
        }
        for rule in ["decoy-use", "5f0d3b0a-6f5c-4d55-9a86-0f6f6f1f9a0", ""] {
            assert!(check(rule).unwrap_err().contains("suppressions[0].rule"), "{rule}");
        }
    }

    #[test]
    fn spans_have_units() {
        assert_eq!(seconds("90s"), Some(90));
        assert_eq!(seconds("7d"), Some(604_800));
        for wrong in ["", "5", "m", "-5m", "5 m", "0h"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
