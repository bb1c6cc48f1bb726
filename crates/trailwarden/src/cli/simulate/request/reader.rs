//! The policies that the command line names, put where a case has them.

use anyhow::{Context, bail};
use serde_json::value::RawValue;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::evaluate::Compiled;

use super::super::{Args, hints};
use super::Given;
use crate::cli::policy::source;
use crate::cli::terminal;

/// The most levels of an organization: the root, five levels of organizational units, the account.
///
/// Source: AWS Organizations User Guide, "Quotas for AWS Organizations", and AWS Organizations API
/// Reference, "CreateOrganizationalUnit" (where SCPs are enabled, units nest five deep).
const LEVELS_MAX: usize = 7;

/// Puts policies where a case has them, and remembers them.
pub(super) struct Reader<'p> {
    policies: &'p mut Vec<Given>,
}

impl<'p> Reader<'p> {
    /// Remembers them here.
    pub(super) fn new(policies: &'p mut Vec<Given>) -> Self {
        Self { policies }
    }

    /// Reads one.
    pub(super) fn one(
        &mut self,
        key: String,
        kind: PolicyKind,
        spec: &str,
    ) -> anyhow::Result<Box<RawValue>> {
        let policy = source::load_one(spec)?;
        if !policy.open.is_empty() {
            let open = policy.open.join(", ");
            bail!(
                "{}: holds values that are known only after deployment ({open}); fill them in first",
                policy.label()
            );
        }
        if let Some(first) = policy.unread().first() {
            bail!("{first}");
        }
        for what in Compiled::new("", &policy.document, kind).not_understood() {
            terminal::warn(&format!(
                "{}: `{}` in statement {} is no condition operator known here; whether it holds is \
                 not known",
                policy.label(),
                what.operator,
                what.statement + 1
            ));
        }
        hints::warn_of_kind(&policy, kind);
        let raw = RawValue::from_string(policy.json().to_owned())
            .with_context(|| format!("{}: cannot be read", policy.label()))?;
        self.policies.push(Given { key, kind, policy });
        Ok(raw)
    }

    /// Reads those of a kind that has no levels.
    pub(super) fn list(
        &mut self,
        kind: PolicyKind,
        specs: &[String],
    ) -> anyhow::Result<Vec<Box<RawValue>>> {
        let named = specs.iter().enumerate();
        named.map(|(at, spec)| self.one(format!("{kind}[{at}]"), kind, spec)).collect()
    }

    /// `[LEVEL=]POLICY`; a level between others that nobody names has no policy, and denies.
    pub(super) fn levels(
        &mut self,
        kind: PolicyKind,
        specs: &[String],
    ) -> anyhow::Result<Vec<Vec<Box<RawValue>>>> {
        let mut levels: Vec<Vec<Box<RawValue>>> = Vec::new();
        for spec in specs {
            let (level, policy) = match spec.split_once('=') {
                Some((level, policy)) if level.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let number = level.parse().ok().filter(|n| (1..=LEVELS_MAX).contains(n));
                    let number = number.with_context(|| {
                        format!(
                            "`{level}` is no level; the root is 1, and the deepest account is at \
                             {LEVELS_MAX}"
                        )
                    })?;
                    (number, policy)
                }
                _ => (1, spec.as_str()),
            };
            if levels.len() < level {
                levels.resize_with(level, Vec::new);
            }
            if let Some(own) = levels.get_mut(level - 1) {
                let key = format!("{kind}[{}][{}]", level - 1, own.len());
                own.push(self.one(key, kind, policy)?);
            }
        }
        Ok(levels)
    }
}

/// Standard input can be read once.
pub(super) fn check_standard_input(args: &Args) -> anyhow::Result<()> {
    let all =
        [&args.identity_policy, &args.session_policy, &args.endpoint_policy, &args.scp, &args.rcp];
    let named = all.into_iter().flatten().chain(&args.resource_policy).chain(&args.boundary);
    if named.filter(|spec| *spec == "-" || spec.ends_with("=-")).count() > 1 {
        bail!("standard input can be given for one policy only; name files for the others");
    }
    Ok(())
}
