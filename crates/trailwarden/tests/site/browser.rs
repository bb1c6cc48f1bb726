//! A browser without a window, which runs the search as a reader's does.

use std::path::Path;
use std::process::{Command, Stdio};

/// The program; none where there is none.
pub(crate) fn find() -> Option<&'static str> {
    let programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    programs.into_iter().find(|program| {
        let mut asked = Command::new(program);
        asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    })
}

/// The names that the search lists, the first first.
pub(crate) fn hits(program: &str, site: &Path, query: &str) -> Vec<String> {
    let profile = tempfile::tempdir().unwrap();
    let url = format!("file://{}/index.html?q={query}", site.display());
    let done = Command::new(program)
        .args(["--headless", "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=10000", "--dump-dom", &url])
        .output()
        .unwrap();
    let page = String::from_utf8(done.stdout).unwrap();
    let hits = page.split("<ol id=\"hits\">").nth(1).and_then(|rest| rest.split("</ol>").next());
    assert!(!page.contains("could not be read"), "the index was not loaded");
    let named = hits.unwrap_or_default().split("<b>").skip(1);
    named.filter_map(|rest| rest.split("</b>").next().map(str::to_owned)).collect()
}
