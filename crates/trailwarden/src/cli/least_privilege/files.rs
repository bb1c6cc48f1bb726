//! The documents as files.

use std::path::Path;

use anyhow::Context as _;
use trailwarden_policy::rightsize::pretty;

use super::account::Told;
use super::proposal::Proposal;

/// Writes each document that would be another one: `ACCOUNT/HOLDER~POLICY.json`, with `aws~` before the
/// name of one of AWS's own.
pub(super) fn write(folder: &Path, all: &[Told]) -> anyhow::Result<()> {
    for told in all {
        let folder = folder.join(told.account.to_string());
        for proposal in told.policies.values() {
            let Some(Some(document)) = proposal.change() else { continue };
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
            let path = folder.join(name(proposal));
            let text = pretty(document).unwrap_or_else(|| document.to_owned());
            std::fs::write(&path, text)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
        }
    }
    Ok(())
}

/// A name that leads nowhere else, and that no two policies share: IAM's own names need no change and
/// hold no `~` ("IAM identifiers", IAM User Guide).
fn name(proposal: &Proposal) -> String {
    let policy = match proposal.is_inline {
        true => proposal.name.as_str(),
        false => proposal.name.rsplit('/').next().unwrap_or_default(),
    };
    let holder = proposal.holder.as_ref().map_or("policy", |holder| &holder.label);
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() || "+=,.@-_".contains(c) => c,
        _ => '-',
    };
    let plain = |text: &str| text.chars().map(plain).collect::<String>();
    let of_aws = if proposal.is_of_aws() { "aws~" } else { "" };
    format!("{}~{of_aws}{}.json", plain(holder), plain(policy))
}
