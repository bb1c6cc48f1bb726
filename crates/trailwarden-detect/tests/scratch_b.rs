//! scratch
use trailwarden_detect::detection::Needs;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::{Settings, reference};
#[test]
fn dump() {
    let only = std::env::var("ONLY").unwrap_or_default();
    for d in ALL {
        if !only.is_empty() && !only.split(',').any(|o| d.covers.iter().any(|c| c.contains(o))) { continue; }
        println!("== {} {:?}", d.id, d.covers);
        let mut s = Settings { has_geoip: d.needs == Needs::GeoIp, ..Settings::default() };
        s.decoys.insert("decoy".into());
        s.decoys.insert("AKIADECOYDECOYDECOY1".into());
        for t in d.fires_on {
            for f in reference::judge_trail(t, &[d], &s).unwrap() {
                println!("  {:?}/{:?} [{}] {}", f.severity, f.confidence, f.target.kind.clone().unwrap_or_default(), f.explanation);
            }
        }
    }
}
#[test]
fn stratus() {
    let dir = "/work/shared/data/stratus-red-team";
    let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|x| x == "json")).collect();
    names.sort();
    for p in names {
        let v: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&p).unwrap()).unwrap();
        let recs = if v.is_array() { v.as_array().unwrap().clone() } else { v["Records"].as_array().unwrap().clone() };
        println!("## {}", p.file_name().unwrap().to_string_lossy());
        for f in reference::judge(&recs, ALL, &Settings::default()) {
            println!("   {:?}/{:?} {} | {}", f.severity, f.confidence, f.rule, f.explanation);
        }
    }
}
#[test]
fn corpus() {
    let mut recs: Vec<serde_json::Value> = Vec::new();
    let mut stack = vec![std::path::PathBuf::from("/tmp/twb/corpus")];
    while let Some(d) = stack.pop() {
        for e in std::fs::read_dir(d).unwrap() {
            let p = e.unwrap().path();
            if p.is_dir() { stack.push(p); continue; }
            if p.to_string_lossy().contains("truth") { continue; }
            for line in std::fs::read_to_string(&p).unwrap().lines() {
                if let Ok(v) = serde_json::from_str(line) { recs.push(v); }
            }
        }
    }
    println!("records {}", recs.len());
    let found = reference::judge(&recs, ALL, &Settings::default());
    let mut by: std::collections::BTreeMap<String, Vec<String>> = Default::default();
    for f in &found { by.entry(f.rule.clone()).or_default().push(format!("{:?}/{:?} {} | {}", f.severity, f.confidence, f.actor.name.clone().unwrap_or_default(), f.explanation)); }
    for (r, l) in by { println!("## {} {}", r, l.len()); for t in l.iter().take(4) { println!("   {t}"); } }
}
