//! Services of which a trail records the calls on data only where somebody asked for it, or never.
//!
//! The list holds every service of which CloudTrail knows data events, with all of its types, as AWS's
//! table of data events had them in November 2026. Left out are types without a service in the table of
//! actions, services that [`super::unseen`] names whole, and types that another one includes: whoever
//! records all objects records access points too, and with tables their streams. A service without types
//! has calls that no trail records, whatever it was asked for: those on databases, caches, file systems and
//! clusters, HTTP interfaces of the customer's own, streams of desktops, agents on machines, and calls
//! that put in what a service gathers.
//!
//! Sources: AWS CloudTrail User Guide, "Understanding CloudTrail events" ("Data events supported by AWS
//! CloudTrail"), and the pages on logging with CloudTrail of the services without types.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::table;

/// By prefix, and the types of resources whose data events a trail must record so that all calls show.
static SERVICES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| table::read(include_str!("recorded.txt")));

/// The services with calls that a trail does not record unless asked, or never, by prefix.
pub fn services_with_data_events() -> impl Iterator<Item = &'static str> {
    SERVICES.keys().copied()
}

/// The types of resources whose data events show all calls of a service; none where nothing does.
#[must_use]
pub fn data_types(prefix: &str) -> &'static [&'static str] {
    SERVICES.get(prefix).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::facts;

    #[test]
    fn every_service_exists_and_every_type_is_one() {
        for (prefix, types) in SERVICES.iter() {
            assert!(facts().service(prefix).is_some(), "{prefix}");
            for kind in types {
                let parts: Vec<&str> = kind.split("::").collect();
                assert!(matches!(parts.as_slice(), ["AWS", _, _]), "{kind}");
            }
        }
    }

    /// Source: AWS CloudTrail User Guide, "Understanding CloudTrail events" (data events).
    #[test]
    fn a_service_needs_all_of_its_types() {
        assert_eq!(data_types("ecs"), ["AWS::ECS::ContainerInstance"]);
        assert_eq!(data_types("s3tables"), ["AWS::S3Tables::Table", "AWS::S3Tables::TableBucket"]);
        assert!(services_with_data_events().any(|prefix| prefix == "elasticfilesystem"));
        assert!(data_types("elasticfilesystem").is_empty());
    }
}
