//! Development tasks of trailwarden: `cargo xtask COMMAND`.
//!
//! One file per command. The tool knows the shape of the repository and nothing of the product:
//! it depends on no product crate, so it still builds when they do not.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a dev tool talks to its terminal")]

mod audit;
mod bench;
mod ci;
mod codegen;
mod compare;
mod corpus;
mod differential;
mod dist;
mod emulator;
mod environment;
mod facts;
mod fuzz;
mod new;
mod noise;
mod setup;
mod terraform;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development tasks of trailwarden.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check licences, sources and duplicate versions of all dependencies.
    Audit,
    /// Measure speed and memory against the floor, which is inflating the logs.
    Bench(bench::Arguments),
    /// Run every check that a commit must pass.
    Ci,
    /// Rebuild the generated indexes and reference pages.
    Codegen(codegen::Arguments),
    /// Compare our assessment with another scanner's, on an emulated account.
    Compare(compare::Arguments),
    /// Write a large, deterministic CloudTrail corpus with planted incidents.
    Corpus(corpus::Request),
    /// Rebuild the packed tables of actions and AWS managed policies from public packages.
    Facts(facts::Arguments),
    /// Compare our policy evaluator with a reference, on generated cases.
    Differential(differential::Arguments),
    /// Build the program as it is released, with what its own runs teach the compiler.
    Dist(dist::Arguments),
    /// Run the fuzz targets (needs the nightly toolchain and cargo-fuzz).
    Fuzz(fuzz::Arguments),
    /// Write the skeleton of a new unit.
    New(new::Arguments),
    /// Count what ordinary work sets off, by event names and by effect.
    Noise(noise::Arguments),
    /// Install what the tests need beside Rust (Debian).
    Setup(setup::Arguments),
    /// Rebuild the table of what Terraform's resources take, from a public package.
    Terraform(terraform::Arguments),
    /// Set up, then run every check: the command of the README.
    Test,
    /// Check what the compiler does not: layers, sizes, links, module docs.
    Tidy(tidy::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Audit => audit::run(),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Ci => ci::run(),
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Corpus(request) => corpus::dispatch(&request),
        Command::Facts(arguments) => facts::run(&arguments),
        Command::Differential(arguments) => differential::run(&arguments),
        Command::Dist(arguments) => dist::run(&arguments),
        Command::Fuzz(arguments) => return fuzz::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Noise(arguments) => noise::run(&arguments),
        Command::Setup(arguments) => setup::run(&arguments),
        Command::Terraform(arguments) => terraform::run(&arguments),
        Command::Test => setup::run(&setup::Arguments::default()).and_then(|()| ci::run()),
        Command::Tidy(arguments) => tidy::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
