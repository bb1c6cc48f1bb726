//! Every command of the guide runs, in the order of the page.

use crate::support::{folder, root, run_in};

#[test]
fn the_commands_of_the_guide_run() {
    let folder = folder();
    std::os::unix::fs::symlink(root().join("examples"), folder.path().join("examples")).unwrap();
    let guide = std::fs::read_to_string(root().join("docs/guides/change-policies.md")).unwrap();
    let commands: Vec<&str> =
        guide.lines().filter_map(|line| line.strip_prefix("$ trailwarden ")).collect();
    assert!(commands.len() >= 7, "{commands:?}");
    for command in commands {
        let args: Vec<&str> = command.split_whitespace().collect();
        let ran = run_in(folder.path(), &args);
        assert_eq!(ran.code, 0, "{command}: {}{}", ran.said, ran.out);
    }
}

/// The policy that the guide explains is the one of the example.
#[test]
fn the_policy_of_the_guide_is_that_of_the_example() {
    let guide = std::fs::read_to_string(root().join("docs/guides/change-policies.md")).unwrap();
    let (_, rest) = guide.split_once("```cedar\n").unwrap();
    let (policy, _) = rest.split_once("```").unwrap();
    let example = root().join("examples/change-policies/policies/deploy.cedar");
    assert!(std::fs::read_to_string(example).unwrap().contains(policy));
}
