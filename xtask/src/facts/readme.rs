//! The page beside the packed files: what they are, from what, how old, how large.

use super::record::{Part, Record};

const HEAD: &str = "\
# Facts about AWS, packed

Written by `cargo xtask facts`, together with everything else in this folder; never edited. What the
facts are for, and how to refresh them: `docs/facts.md` at the root of the repository.

| file | what it is |
|---|---|
| `actions.txt.zst` | services, actions, levels, resource types, condition keys, dependent actions |
| `managed.txt.zst` | documents of AWS managed policies |
| `facts.toml` | the same as this page, for programs; the next run takes these versions again |
| `summary.txt` | the line that `trailwarden --version` shows |
| `NOTICE.md` | notices that the licences of the sources ask for |

The packed files are zstd; `zstd -dc actions.txt.zst | less` shows the lines.

## Sources

| package | client | version | date | licence | used for |
|---|---|---|---|---|---|
";

pub(super) fn page(record: &Record) -> String {
    let mut page = HEAD.to_owned();
    for source in &record.sources {
        page.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            source.name,
            source.client,
            source.version,
            source.date.as_deref().unwrap_or("not told"),
            source.licence,
            source.used_for
        ));
    }
    page.push_str(
        "\n## Contents\n\n| table | date | packed | unpacked | counts |\n|---|---|---|---|---|\n",
    );
    page.push_str(&row("actions", &record.actions));
    page.push_str(&row("managed policies", &record.managed_policies));
    page
}

fn row(name: &str, part: &Part) -> String {
    let counts = part.counts.iter().map(|(name, count)| format!("{count} {name}"));
    let counts = counts.collect::<Vec<_>>().join(", ").replace('_', " ");
    format!(
        "| {name} | {} | {} bytes | {} bytes | {counts} |\n",
        part.date, part.packed_bytes, part.text_bytes
    )
}
