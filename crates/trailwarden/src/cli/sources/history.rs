//! `cloudtrail:` as a path: the event history of an account, for those who have no bucket.
//!
//! What is before `--since` is not asked for, unlike with files: each page costs half a second.

mod told;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use clap::Args as ClapArgs;
use trailwarden_aws::Connection;
use trailwarden_aws::lookup::{Attribute, Filter, KEPT};
use trailwarden_model::{Timestamp, escape};
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sources::Input;
use trailwarden_runtime::sources::history::{self, Course, SETTLING, Span, Wanted};

use crate::cli::{Exit, terminal, to_stdout};

/// How such a path begins.
const SCHEME: &str = "cloudtrail:";
/// No name or id is longer: IAM User Guide, "IAM and AWS STS quotas".
const VALUE_MAX: usize = 128;

/// Which events of the event history; AWS filters by one attribute at most.
#[derive(ClapArgs, Debug, Default)]
#[group(id = "history", multiple = false)]
pub(crate) struct HistoryArgs {
    /// Only events of this name, such as CreateUser; for cloudtrail: alone, and only one such filter
    #[arg(long, value_name = "NAME", help_heading = "Event history (cloudtrail:)")]
    event_name: Option<String>,

    /// Only events of this user or role session, by its name
    #[arg(long, value_name = "NAME", help_heading = "Event history (cloudtrail:)")]
    username: Option<String>,

    /// Only events of this access key, by its id
    #[arg(long, value_name = "ID", help_heading = "Event history (cloudtrail:)")]
    access_key: Option<String>,
}

impl HistoryArgs {
    fn filter(&self) -> anyhow::Result<Option<Filter>> {
        let given = [
            (Attribute::EventName, &self.event_name, "--event-name"),
            (Attribute::Username, &self.username, "--username"),
            (Attribute::AccessKeyId, &self.access_key, "--access-key"),
        ];
        let mut filters = given.into_iter().filter_map(|(attribute, value, flag)| {
            value.as_ref().map(|value| (Filter { attribute, value: value.clone() }, flag))
        });
        let Some((filter, flag)) = filters.next() else { return Ok(None) };
        let length = filter.value.chars().count();
        ensure!(
            (1..=VALUE_MAX).contains(&length),
            "{flag} takes a name of 1 to {VALUE_MAX} characters; AWS compares it as a whole"
        );
        Ok(Some(filter))
    }

    /// A filter without a history to filter is a mistake.
    pub(super) fn check(&self, has_history: bool) -> anyhow::Result<()> {
        ensure!(
            has_history || self.filter()?.is_none(),
            "--event-name, --username and --access-key choose events of the event history: give `cloudtrail:` \
             as a path, or leave them out"
        );
        Ok(())
    }
}

/// Whose events: regions as a path names them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// That of the connection, and that of IAM.
    Home,
    /// All that are on.
    All,
    /// These.
    Named(Vec<String>),
}

impl Place {
    /// Reads `cloudtrail:`, `cloudtrail:all` or `cloudtrail:us-east-1,eu-west-1`; none for other paths.
    pub(crate) fn parse(path: &str) -> anyhow::Result<Option<Self>> {
        let Some(rest) = path.strip_prefix(SCHEME) else { return Ok(None) };
        Ok(Some(match rest {
            "" => Self::Home,
            "all" => Self::All,
            list => {
                let mut regions: Vec<String> = Vec::new();
                for name in list.split(',') {
                    ensure!(
                        is_region(name),
                        "`{name}` is no region; write `cloudtrail:`, `cloudtrail:all` or \
                         `cloudtrail:us-east-1,eu-west-1`"
                    );
                    if !regions.iter().any(|region| region == name) {
                        regions.push(name.to_owned());
                    }
                }
                Self::Named(regions)
            }
        }))
    }

    fn regions(&self, connection: &Connection) -> anyhow::Result<Vec<String>> {
        let home = connection.home_region();
        let regions = match self {
            Self::Named(regions) => regions.clone(),
            Self::Home => {
                let own = Some(connection.region()).filter(|region| *region != home);
                std::iter::once(home).chain(own).map(str::to_owned).collect::<Vec<_>>()
            }
            Self::All => {
                let known = connection.regions();
                let why = known.why_not_all;
                if known.on.is_empty() {
                    let why = why.unwrap_or_else(|| "the list is empty".to_owned());
                    bail!(
                        "which regions are on is not known: {why}; name them, as in `cloudtrail:us-east-1,eu-west-1`"
                    );
                }
                if let Some(why) = why {
                    terminal::warn(&format!("not all regions are known: {why}"));
                }
                known.on
            }
        };
        for name in &regions {
            ensure!(is_region(name), "`{}` is no region", escape::visible(name));
        }
        Ok(regions)
    }
}

/// Whether a name can be that of a region: it becomes a part of the host that is asked, and of a path.
fn is_region(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.contains('-') && name.len() <= 32 && name.chars().all(is_plain)
}

/// How the history is read.
pub(super) struct Reading<'a> {
    pub(super) args: &'a HistoryArgs,
    pub(super) connection: Connection,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) now: Timestamp,
    pub(super) cache: Option<&'a Path>,
    pub(super) spill_dir: Option<&'a Path>,
    pub(super) quiet: bool,
}

impl Reading<'_> {
    /// Says what there is to fetch, on standard output, and fetches nothing but a few pages.
    pub(super) fn dry_run(&self, place: &Place) -> anyhow::Result<Exit> {
        let wanted = self.wanted(place)?;
        let course = Course::of(&wanted.regions, wanted.span.seconds());
        let estimate = history::estimate(&wanted, &self.connection, &course)?;
        to_stdout(|out| told::whole(&wanted, &estimate, out))?;
        let failed = estimate.shares.iter().filter(|share| share.failure.is_some()).count();
        Ok(match failed {
            0 => Exit::Done,
            failed if failed == estimate.shares.len() => Exit::Useless,
            _ => Exit::Partial,
        })
    }

    /// Fetches, and adds what came and what did not.
    pub(super) fn add(
        &self,
        place: &Place,
        input: &mut Input,
        progress: &Progress,
    ) -> anyhow::Result<()> {
        let wanted = self.wanted(place)?;
        let course = Arc::new(Course::of(&wanted.regions, wanted.span.seconds()));
        progress.fetch(Some(Arc::clone(&course)));
        let fetched = self.fetch(&wanted, &course);
        progress.fetch(None);
        let fetched = fetched?;
        input.add(fetched.items, fetched.rejects);
        Ok(())
    }

    fn fetch(&self, wanted: &Wanted, course: &Course) -> anyhow::Result<history::Fetched> {
        if !self.quiet {
            let estimate = history::estimate(wanted, &self.connection, course)?;
            told::note(wanted, &estimate);
        }
        Ok(history::fetch(wanted, &self.connection, course)?)
    }

    fn wanted(&self, place: &Place) -> anyhow::Result<Wanted> {
        let filter = self.args.filter()?;
        let (identity, _) = self.connection.identity()?;
        // The second that is not over yet may get more events, and is not in the range that AWS knows.
        let over = self.now.plus(-1);
        let last = self.until.map_or(over, |until| until.min(over));
        let begin = self.now.plus(-KEPT);
        let first = self.since.map_or(begin, |since| since.max(begin));
        if self.since.is_some_and(|since| since < begin) && !self.quiet {
            terminal::warn(&format!(
                "the event history begins at {begin}; what was before is only in the files of a trail"
            ));
        }
        let span = Span::new(first, last).with_context(|| {
            format!(
                "no event can be between {first} and {last}: the event history begins at {begin} and ends now"
            )
        })?;
        Ok(Wanted {
            account: identity.account,
            regions: place.regions(&self.connection)?,
            span,
            settled: self.now.plus(-SETTLING),
            filter,
            cache: self.cache.map(Path::to_owned),
            spill_folder: self.spill_dir.map_or_else(std::env::temp_dir, Path::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_regions() {
        let named =
            |names: &[&str]| Place::Named(names.iter().map(|&name| name.to_owned()).collect());
        let read = |path: &str| Place::parse(path).unwrap();
        assert_eq!(read("cloudtrail:"), Some(Place::Home));
        assert_eq!(read("cloudtrail:all"), Some(Place::All));
        assert_eq!(
            read("cloudtrail:us-east-1,us-gov-west-1,us-east-1"),
            Some(named(&["us-east-1", "us-gov-west-1"]))
        );
        assert_eq!(read("logs/cloudtrail:x"), None);
        assert_eq!(read("cloudtrail"), None);
    }

    /// A region becomes a part of the host that is asked, with a signature.
    #[test]
    fn what_is_no_region_is_refused() {
        for path in [
            "cloudtrail:evil.example/",
            "cloudtrail:us-east-1,",
            "cloudtrail:us-east-1@evil-host",
            "cloudtrail:US-EAST-1",
            "cloudtrail:everywhere",
            "cloudtrail://us-east-1",
        ] {
            let error = Place::parse(path).unwrap_err().to_string();
            assert!(error.contains("no region"), "{path}: {error}");
        }
    }

    #[test]
    fn filters_are_checked() {
        let args = |name: &str| HistoryArgs {
            event_name: Some(name.to_owned()),
            ..HistoryArgs::default()
        };
        assert!(args("").filter().is_err());
        assert!(args(&"x".repeat(129)).filter().is_err());
        assert_eq!(args("CreateUser").filter().unwrap().unwrap().value, "CreateUser");
        assert!(args("CreateUser").check(true).is_ok());
        assert!(args("CreateUser").check(false).is_err());
        assert!(HistoryArgs::default().check(false).is_ok());
    }
}
