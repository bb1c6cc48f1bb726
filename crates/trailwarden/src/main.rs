//! trailwarden: watches AWS IAM through CloudTrail and says what each change does.

mod formats;

fn main() {}
