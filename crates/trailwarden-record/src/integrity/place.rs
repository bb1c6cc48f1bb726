//! Whether a file lies where CloudTrail put it.
//!
//! A bucket answers exactly. A folder is a copy of which nobody knows where its top lies in the
//! bucket: the whole of it, one account, one day, or files without folders. So a path is compared with a
//! key from the folder `CloudTrail` or `CloudTrail-Digest` on, and with the account before it; where
//! the copy has no such folder, by the file's name.

use trailwarden_model::AccountId;

/// Whether a file at `path` is the copy of what was delivered under `object`.
///
/// `.gz` may be missing from the path, because somebody unpacked it.
pub fn is_copy(path: &str, object: &str) -> bool {
    let (path, object): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), object.split('/').collect());
    let (Some((file, folders)), Some((name, keys))) = (path.split_last(), object.split_last())
    else {
        return false;
    };
    let plain = |name: &str| name.strip_suffix(".gz").unwrap_or(name).to_owned();
    if file != name && plain(name) != **file {
        return false;
    }
    let Some(kind) = keys.iter().rposition(|key| key.starts_with("CloudTrail")) else {
        return true;
    };
    let (before_kind, from_kind) = keys.split_at(kind);
    let kind = from_kind.first();
    let Some(same) = folders.iter().rposition(|folder| Some(folder) == kind) else {
        return true;
    };
    let (before_same, from_same) = folders.split_at(same);
    let account = before_same.last().filter(|folder| AccountId::parse(folder).is_some());
    from_same == from_kind && account.is_none_or(|account| before_kind.last() == Some(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "p/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/d.json.gz";

    #[test]
    fn copies_may_begin_anywhere() {
        for path in [
            KEY,
            "/home/x/p/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/d.json.gz",
            "mine/CloudTrail-Digest/eu-west-1/2026/03/01/d.json.gz",
            "2026/03/01/d.json.gz",
            "flat/d.json.gz",
            "d.json",
        ] {
            assert!(is_copy(path, KEY), "{path}");
        }
    }

    #[test]
    fn what_was_moved_or_renamed_is_none() {
        for path in [
            "e.json.gz",
            "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/02/d.json.gz",
            "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/03/01/d.json.gz",
            "AWSLogs/111122223333/CloudTrail-Digest/d.json.gz",
            "AWSLogs/444455556666/CloudTrail-Digest/eu-west-1/2026/03/01/d.json.gz",
            "",
        ] {
            assert!(!is_copy(path, KEY), "{path}");
        }
        assert!(!is_copy("/etc/passwd", "../../etc/shadow"));
    }
}
