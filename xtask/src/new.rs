//! `new`: the skeleton of a unit, and what to do with it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Subcommand;

use crate::{codegen, workspace};

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// A detection; its id reads well after "this happened:", such as `access-key-for-another-user`.
    Detection { id: String },
    /// A lint check; its id reads well after "we found:", such as `unknown-action`.
    Check { id: String },
    /// A posture check; its id reads well after "we found:", such as `console-user-without-mfa`.
    Posture { id: String },
    /// A remediation; its id reads well after "to fix this,", such as `deactivate-access-key`.
    Remediation { id: String },
    /// A typed CloudTrail event, such as `iam CreateAccessKey`, with its fixture.
    Event { service: String, name: String },
}

/// A file to write.
#[derive(Debug, PartialEq)]
struct Skeleton {
    path: PathBuf,
    text: String,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = workspace::root();
    let (skeletons, next) = match &arguments.kind {
        Kind::Detection { id } => detection(id)?,
        Kind::Check { id } => check(id)?,
        Kind::Remediation { id } => remediation(id)?,
        Kind::Posture { id } => posture(id)?,
        Kind::Event { service, name } => event(service, name)?,
    };
    write(&root, &skeletons)?;
    for path in codegen::hubs(&root, false)? {
        println!("updated {path}");
    }
    println!("{next}");
    Ok(())
}

/// Writes the skeletons, or nothing when one of them would cover a file.
fn write(root: &Path, skeletons: &[Skeleton]) -> Result<()> {
    for skeleton in skeletons {
        if root.join(&skeleton.path).exists() {
            bail!("`{}` exists; choose another name", skeleton.path.display());
        }
    }
    for skeleton in skeletons {
        workspace::write(&root.join(&skeleton.path), &skeleton.text)?;
        println!("wrote {}", skeleton.path.display());
    }
    Ok(())
}

fn detection(id: &str) -> Result<(Vec<Skeleton>, String)> {
    unit(
        id,
        "access-key-for-another-user",
        "crates/trailwarden-detect/src/detections",
        include_str!("../templates/detection.rs.txt"),
        "cargo test -p trailwarden-detect --test registry",
    )
}

fn check(id: &str) -> Result<(Vec<Skeleton>, String)> {
    unit(
        id,
        "unknown-action",
        "crates/trailwarden-policy/src/lint/checks",
        include_str!("../templates/check.rs.txt"),
        "cargo test -p trailwarden-policy --test lint_registry",
    )
}

fn posture(id: &str) -> Result<(Vec<Skeleton>, String)> {
    unit(
        id,
        "console-user-without-mfa",
        "crates/trailwarden-posture/src/checks",
        include_str!("../templates/posture.rs.txt"),
        "cargo test -p trailwarden-posture --test registry",
    )
}

fn remediation(id: &str) -> Result<(Vec<Skeleton>, String)> {
    unit(
        id,
        "deactivate-access-key",
        "crates/trailwarden-remedy/src/remedies",
        include_str!("../templates/remediation.rs.txt"),
        "cargo test -p trailwarden-remedy --test registry",
    )
}

/// A unit of one file, named after its id, in a folder with a hub.
fn unit(
    id: &str,
    example: &str,
    folder: &str,
    template: &str,
    test: &str,
) -> Result<(Vec<Skeleton>, String)> {
    let is_kebab = id.split('-').all(|word| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    });
    if !is_kebab || !id.starts_with(|c: char| c.is_ascii_lowercase()) {
        bail!("`{id}` is not in kebab-case, such as `{example}`");
    }
    let module = id.replace('-', "_");
    let path = PathBuf::from(format!("{folder}/{module}.rs"));
    let text =
        template.replace("{id}", id).replace("{module}", &module).replace("{title}", &sentence(id));
    let next =
        format!("next: fill in `{}`, then run\n  {test}\n  cargo xtask codegen", path.display());
    Ok((vec![Skeleton { path, text }], next))
}

fn event(service: &str, name: &str) -> Result<(Vec<Skeleton>, String)> {
    let is_service = !service.is_empty()
        && service.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric());
    if !is_service || !is_name {
        bail!("`{service} {name}` is not a service and an event, such as `iam CreateAccessKey`");
    }
    let (folder, module) = (service.replace('-', "_"), snake(name));
    let fill = |template: &str| {
        template.replace("{service}", service).replace("{event}", name).replace("{module}", &module)
    };
    let source =
        PathBuf::from(format!("crates/trailwarden-record/src/events/{folder}/{module}.rs"));
    let fixture = PathBuf::from(format!("fixtures/records/{service}/{name}.json"));
    let next = format!(
        "next: make `{}` as real as the AWS reference allows, fill in `{}`, then run\n  cargo test -p trailwarden-record --test fixtures\n  cargo xtask codegen",
        fixture.display(),
        source.display()
    );
    let skeletons = vec![
        Skeleton { path: source, text: fill(include_str!("../templates/event.rs.txt")) },
        Skeleton { path: fixture, text: fill(include_str!("../templates/record.json.txt")) },
    ];
    Ok((skeletons, next))
}

/// `access-key-for-another-user` to `Access key for another user`.
fn sentence(id: &str) -> String {
    let mut letters = id.chars().map(|c| if c == '-' { ' ' } else { c });
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// `CreateSAMLProvider` to `create_saml_provider`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if begins {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detection_is_one_file_named_after_its_id() {
        let (skeletons, next) = detection("root-key-made").unwrap();
        let path = "crates/trailwarden-detect/src/detections/root_key_made.rs";
        assert_eq!(skeletons[0].path, Path::new(path));
        let text = &skeletons[0].text;
        assert!(text.contains("\"root-key-made\"") && text.contains("Root key made"), "{text}");
        assert!(!text.contains("{id}") && text.starts_with("//!"));
        assert!(next.contains("cargo xtask codegen"));
        assert!(next.contains("-p trailwarden-detect --test registry"), "{next}");
    }

    #[test]
    fn a_check_is_one_file_named_after_its_id() {
        let (skeletons, next) = check("unknown-action").unwrap();
        let path = "crates/trailwarden-policy/src/lint/checks/unknown_action.rs";
        assert_eq!(skeletons[0].path, Path::new(path));
        let text = &skeletons[0].text;
        assert!(
            text.contains("id: \"unknown-action\"") && text.contains("Unknown action"),
            "{text}"
        );
        assert!(!text.contains("{id}") && !text.contains("{title}") && text.starts_with("//!"));
        assert!(next.contains("-p trailwarden-policy --test lint_registry"), "{next}");
    }

    #[test]
    fn a_posture_check_is_one_file_named_after_its_id() {
        let (skeletons, next) = posture("root-without-mfa").unwrap();
        let path = "crates/trailwarden-posture/src/checks/root_without_mfa.rs";
        assert_eq!(skeletons[0].path, Path::new(path));
        let text = &skeletons[0].text;
        assert!(text.contains("id: \"root-without-mfa\"") && text.contains("Root without mfa"));
        assert!(text.starts_with("//!") && !text.contains("{id}") && !text.contains("{title}"));
        assert!(next.contains("-p trailwarden-posture --test registry"), "{next}");
        // Whoever fills it in begins with the fields of today.
        let one = include_str!("../../crates/trailwarden-posture/src/checks/no_trail.rs");
        let fields = |text: &str| {
            let lines = text.lines().skip_while(|line| !line.starts_with("pub static"));
            let own = lines.take_while(|line| *line != "};").filter(|line| {
                line.starts_with("    ") && !line.starts_with("     ") && line.contains(": ")
            });
            own.filter_map(|line| line.split(':').next()).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(fields(text), fields(one));
    }

    #[test]
    fn a_remediation_is_one_file_named_after_its_id() {
        let (skeletons, next) = remediation("deactivate-access-key").unwrap();
        let path = "crates/trailwarden-remedy/src/remedies/deactivate_access_key.rs";
        assert_eq!(skeletons[0].path, Path::new(path));
        let text = &skeletons[0].text;
        assert!(text.contains("Deactivate access key") && !text.contains("{id}"), "{text}");
        assert!(next.contains("-p trailwarden-remedy --test registry"), "{next}");
    }

    #[test]
    fn ids_are_kebab_case() {
        for id in ["RootKey", "root_key", "root--key", "", "-x", "1-x", "../x"] {
            let all = [detection(id), check(id), posture(id)];
            assert!(all.iter().all(Result::is_err), "{id}");
        }
    }

    #[test]
    fn an_event_comes_with_its_fixture() {
        let (skeletons, next) = event("iam", "CreateSAMLProvider").unwrap();
        assert!(next.contains("-p trailwarden-record --test fixtures"), "{next}");
        let source = "crates/trailwarden-record/src/events/iam/create_saml_provider.rs";
        assert_eq!(skeletons[0].path, Path::new(source));
        assert_eq!(skeletons[1].path, Path::new("fixtures/records/iam/CreateSAMLProvider.json"));
        let record: serde_json::Value = serde_json::from_str(&skeletons[1].text).unwrap();
        assert_eq!(record["eventSource"], "iam.amazonaws.com");
        assert!(event("IAM", "CreateUser").is_err());
        assert!(event("iam", "createUser").is_err());
    }

    #[test]
    fn no_file_is_covered() {
        let folder = tempfile::tempdir().unwrap();
        let (skeletons, _) = detection("root-key-made").unwrap();
        write(folder.path(), &skeletons).unwrap();
        let error = write(folder.path(), &skeletons).unwrap_err();
        assert!(error.to_string().contains("exists"));
    }

    #[test]
    fn names_become_snakes() {
        assert_eq!(snake("CreateAccessKey"), "create_access_key");
        assert_eq!(snake("DeactivateMFADevice"), "deactivate_mfa_device");
        assert_eq!(snake("EnableMFADevice2"), "enable_mfa_device2");
    }
}
