//! The trails of an account: what they record, and where it goes.
//!
//! Source: AWS CloudTrail API Reference, `DescribeTrails`, `GetTrailStatus`, `GetEventSelectors`.

use serde_json::Value;
use trailwarden_account::snapshot::Snapshot;

use crate::answers::{self, Known, Missing, flag, items, text};
use crate::verdicts::Resource;

/// The call that describes the trails which record in a region.
pub const LIST: &str = "cloudtrail:DescribeTrails";
/// The call that names the trails of all regions.
pub const NAMES: &str = "cloudtrail:ListTrails";
const STATUS: &str = "cloudtrail:GetTrailStatus";
const SELECTORS: &str = "cloudtrail:GetEventSelectors";

/// The trails that are known.
#[derive(Clone, Debug)]
pub struct Trails<'a> {
    /// By ARN.
    pub all: Vec<Trail<'a>>,
    /// Why there may be others.
    pub unseen: Option<Missing>,
}

/// One trail.
#[derive(Clone, Debug)]
pub struct Trail<'a> {
    /// Its ARN.
    pub arn: &'a str,
    /// Its name.
    pub name: &'a str,
    /// As `DescribeTrails` tells it.
    pub description: &'a Value,
    snapshot: &'a Snapshot,
}

/// Which events of a kind a trail records.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Recorded {
    /// Those that only read.
    pub reads: bool,
    /// Those that change.
    pub writes: bool,
}

impl<'a> Trails<'a> {
    /// Reads all answers; a multi-region trail is told in each region and counts once. A region tells the
    /// trails that record there, so these are all only if none is named that is not described.
    ///
    /// Source: AWS CloudTrail API Reference, `DescribeTrails`, `ListTrails`.
    pub fn read(snapshot: &'a Snapshot) -> Known<Self> {
        let (mut all, mut unseen): (Vec<Trail<'a>>, _) = (Vec::new(), None);
        let mut has_answer = false;
        for answer in answers::everywhere(snapshot, LIST)? {
            match answers::body(answer) {
                Ok(body) => {
                    has_answer = true;
                    for description in items(LIST, body, "trailList")? {
                        let (arn, name) =
                            (text(description, "TrailARN"), text(description, "Name"));
                        if all.iter().all(|trail| trail.arn != arn) {
                            all.push(Trail { arn, name, description, snapshot });
                        }
                    }
                }
                Err(missing) => unseen = Some(missing),
            }
        }
        let unseen = unseen.or_else(|| undescribed(snapshot, &all).err());
        match (has_answer, unseen) {
            (false, Some(missing)) => Err(missing),
            (_, unseen) => {
                all.sort_by_key(|trail| trail.arn);
                Ok(Self { all, unseen })
            }
        }
    }

    /// The trails, if these are all.
    pub fn whole(&self) -> Known<&[Trail<'a>]> {
        match &self.unseen {
            None => Ok(&self.all),
            Some(missing) => Err(missing.clone()),
        }
    }

    /// The first trail of which something holds. None is certain only when all trails are known and
    /// nothing about them is missing.
    pub fn first(&self, holds: impl Fn(&Trail<'a>) -> Known<bool>) -> Known<Option<&Trail<'a>>> {
        let mut missing = self.unseen.clone();
        for trail in &self.all {
            match holds(trail) {
                Ok(true) => return Ok(Some(trail)),
                Ok(false) => {}
                Err(why) => missing = Some(why),
            }
        }
        missing.map_or(Ok(None), Err)
    }
}

impl<'a> Trail<'a> {
    /// As the thing that a verdict is about.
    #[must_use]
    pub fn resource(&self) -> Resource {
        let region = text(self.description, "HomeRegion");
        let region = Some(region).filter(|region| !region.is_empty()).map(str::to_owned);
        Resource { region, ..Resource::arn("trail", format!("trail {}", self.name), self.arn) }
    }

    /// Whether it records in all regions.
    #[must_use]
    pub fn is_multi_region(&self) -> bool {
        flag(self.description, "IsMultiRegionTrail")
    }

    /// Whether it belongs to the management account of an organization, and this account sees its
    /// shadow.
    #[must_use]
    pub fn is_of(&self, account: &str) -> bool {
        self.arn.split(':').nth(4) == Some(account)
    }

    /// Its bucket.
    #[must_use]
    pub fn bucket(&self) -> &'a str {
        text(self.description, "S3BucketName")
    }

    /// The log group that it writes to, if it does.
    #[must_use]
    pub fn log_group(&self) -> Option<&'a str> {
        let arn = text(self.description, "CloudWatchLogsLogGroupArn");
        arn.split(":log-group:").nth(1).map(|name| name.trim_end_matches(":*"))
    }

    /// Its status.
    pub fn status(&self) -> Known<&'a Value> {
        self.about(STATUS, "Name")
    }

    /// Whether it records now.
    pub fn is_logging(&self) -> Known<bool> {
        Ok(flag(self.status()?, "IsLogging"))
    }

    /// Which management events it records, all sources counted.
    pub fn management(&self) -> Known<Recorded> {
        let body = self.about(SELECTORS, "TrailName")?;
        let mut recorded = Recorded::default();
        for selector in items(SELECTORS, body, "EventSelectors")? {
            let excluded = items(SELECTORS, selector, "ExcludeManagementEventSources")?;
            // Leaving out KMS or the RDS Data API is offered by AWS itself as a way to save.
            if flag(selector, "IncludeManagementEvents") && excluded.is_empty() {
                recorded.add(text(selector, "ReadWriteType"));
            }
        }
        for selector in items(SELECTORS, body, "AdvancedEventSelectors")? {
            let fields = items(SELECTORS, selector, "FieldSelectors")?;
            if equals(fields, "eventCategory") == Some("Management")
                && only(fields, &["eventCategory", "readOnly"])
            {
                recorded.add_read_only(equals(fields, "readOnly"));
            }
        }
        Ok(recorded)
    }

    /// Which data events of all resources of a type it records, such as `AWS::S3::Object`.
    pub fn data(&self, kind: &str) -> Known<Recorded> {
        let body = self.about(SELECTORS, "TrailName")?;
        let mut recorded = Recorded::default();
        for selector in items(SELECTORS, body, "EventSelectors")? {
            for resource in items(SELECTORS, selector, "DataResources")? {
                let values = items(SELECTORS, resource, "Values")?;
                let is_all = values.iter().any(|value| is_all(value.as_str().unwrap_or_default()));
                if text(resource, "Type") == kind && is_all {
                    recorded.add(text(selector, "ReadWriteType"));
                }
            }
        }
        for selector in items(SELECTORS, body, "AdvancedEventSelectors")? {
            let fields = items(SELECTORS, selector, "FieldSelectors")?;
            if equals(fields, "eventCategory") == Some("Data")
                && equals(fields, "resources.type") == Some(kind)
                && only(fields, &["eventCategory", "resources.type", "readOnly"])
            {
                recorded.add_read_only(equals(fields, "readOnly"));
            }
        }
        Ok(recorded)
    }

    /// By ARN, or by name as somebody may have asked.
    fn about(&self, call: &str, parameter: &str) -> Known<&'a Value> {
        let by_arn = answers::about(self.snapshot, call, parameter, self.arn);
        by_arn.or_else(|missing| {
            answers::about(self.snapshot, call, parameter, self.name).map_err(|_| missing)
        })
    }
}

impl Recorded {
    /// Both.
    #[must_use]
    pub fn is_all(self) -> bool {
        self.reads && self.writes
    }

    fn add(&mut self, kind: &str) {
        self.reads |= matches!(kind, "All" | "ReadOnly" | "");
        self.writes |= matches!(kind, "All" | "WriteOnly" | "");
    }

    fn add_read_only(&mut self, read_only: Option<&str>) {
        self.reads |= read_only != Some("false");
        self.writes |= read_only != Some("true");
    }
}

/// Whether each trail that is named is described.
fn undescribed(snapshot: &Snapshot, described: &[Trail<'_>]) -> Known<()> {
    let named = answers::one(snapshot, NAMES)
        .map_err(|missing| Missing::new("whether these are all trails:", format!("{missing}")))?;
    for trail in items(NAMES, named, "Trails")? {
        let arn = text(trail, "TrailARN");
        if described.iter().all(|one| one.arn != arn) {
            return Err(Missing::new(
                format!("`{LIST}` of {arn}"),
                "was not asked where it is at home",
            ));
        }
    }
    Ok(())
}

/// `arn:aws:s3` and `arn:aws:lambda` stand for all of their kind.
fn is_all(value: &str) -> bool {
    value.split(':').filter(|part| !part.is_empty()).count() == 3
}

/// The only value that a field selector wants.
fn equals<'v>(fields: &'v [Value], name: &str) -> Option<&'v str> {
    let field = fields.iter().find(|field| text(field, "Field") == name)?;
    match field.get("Equals")?.as_array()?.as_slice() {
        [one] => one.as_str(),
        _ => None,
    }
}

fn only(fields: &[Value], names: &[&str]) -> bool {
    fields.iter().all(|field| names.contains(&text(field, "Field")))
}
