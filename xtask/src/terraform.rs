//! `terraform`: what Terraform's provider for AWS takes, of the resources that plans are rendered as.
//!
//! The package [`PACKAGE`] declares the arguments of every resource of the provider, made from its schema.
//! Names of arguments, their types and which must be given are taken from these declarations, and
//! nothing else. The table is read by the tests of `trailwarden-remedy`, which need no network then.

mod declared;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::workspace;

/// Arguments of `terraform`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when the package would give another table than that in the repository.
    #[arg(long)]
    check: bool,
}

const PACKAGE: &str = "@cdktf/provider-aws";
const VERSION: &str = "21.22.1";
const TABLE: &str = "crates/trailwarden-remedy/tests/terraform/schema.json";

/// The resources that calls name. The tests of `trailwarden-remedy` say when one is missing.
const RESOURCES: &[&str] = &[
    "aws_cloudtrail",
    "aws_iam_access_key",
    "aws_iam_account_password_policy",
    "aws_iam_group_policy",
    "aws_iam_group_policy_attachment",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_saml_provider",
    "aws_iam_user",
    "aws_iam_user_group_membership",
    "aws_iam_user_login_profile",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
];

/// The table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Table {
    /// The package and its version.
    source: String,
    /// The version of the provider whose schema it was made from.
    provider: String,
    resources: BTreeMap<String, Members>,
}

/// What a resource or a block takes, by name.
type Members = BTreeMap<String, Member>;

/// An argument or a block.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    /// `string`, `number`, `boolean`, `map`, or `block`; with `[]` for several.
    #[serde(rename = "type")]
    of: String,
    #[serde(rename = "required")]
    is_required: bool,
    /// What a block takes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    members: Members,
}

impl Table {
    fn to_text(&self) -> Result<String> {
        let mut text = serde_json::to_string_pretty(self).context("cannot write the table")?;
        text.push('\n');
        Ok(text)
    }
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = workspace::target_directory()?.join("terraform");
    let text = table(&unpacked(&folder)?)?.to_text()?;
    let path = workspace::root().join(TABLE);
    let is_same = workspace::read(&path).is_ok_and(|old| old == text);
    if arguments.check && !is_same {
        bail!("`{TABLE}` is not what the package gives; run `cargo xtask terraform`");
    }
    if !is_same {
        workspace::write(&path, &text)?;
    }
    eprintln!("terraform: {TABLE}: {}", if is_same { "unchanged" } else { "written" });
    Ok(())
}

/// The declarations on disk, one folder for each resource. Of the package, which is large, nothing
/// else is unpacked.
fn unpacked(folder: &Path) -> Result<std::path::PathBuf> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make folder `{}`", folder.display()))?;
    let name = format!("{}-{VERSION}.tgz", PACKAGE.trim_start_matches('@').replace('/', "-"));
    if !folder.join(&name).is_file() {
        let mut pack = Command::new("npm");
        pack.args(["pack", "--silent", &format!("{PACKAGE}@{VERSION}")]);
        workspace::run(pack.current_dir(folder))?;
    }
    let mut unpack = Command::new("tar");
    unpack.args(["--extract", "--gzip", "--file", &name]);
    unpack.args(RESOURCES.iter().map(|resource| format!("package/{}", declaration(resource))));
    workspace::run(unpack.current_dir(folder)).with_context(|| {
        format!("delete `{}` if it is broken, and run this again", folder.join(&name).display())
    })?;
    Ok(folder.join("package"))
}

/// Where the package declares a resource.
fn declaration(resource: &str) -> String {
    format!("lib/{}/index.d.ts", resource.trim_start_matches("aws_").replace('_', "-"))
}

fn table(package: &Path) -> Result<Table> {
    let mut resources = BTreeMap::new();
    let mut provider = None;
    for resource in RESOURCES {
        let text = workspace::read(&package.join(declaration(resource)))?;
        let known = declared::provider(&text).map(str::to_owned);
        if provider.get_or_insert_with(|| known.clone()) != &known {
            bail!("`{resource}` is of another version of the provider");
        }
        let members = declared::members(&text);
        resources.insert(
            (*resource).to_owned(),
            members.with_context(|| format!("cannot read what declares `{resource}`"))?,
        );
    }
    let provider = provider.flatten().context("no version of the provider is named")?;
    Ok(Table {
        source: format!("npm {PACKAGE} {VERSION}"),
        provider: format!("hashicorp/aws {provider}"),
        resources,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table is one that this command wrote, of this version and these resources.
    #[test]
    fn the_committed_table_is_ours() {
        let text = workspace::read(&workspace::root().join(TABLE)).unwrap();
        let table: Table = serde_json::from_str(&text).unwrap();
        assert_eq!(table.to_text().unwrap(), text);
        assert_eq!(table.source, format!("npm {PACKAGE} {VERSION}"));
        assert!(table.resources.keys().eq(RESOURCES), "run `cargo xtask terraform`");
    }
}
