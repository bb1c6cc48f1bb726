//! A script that runs beside a test, such as an emulator of AWS.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A Python script that reads lines and answers each with one; it ends with this value.
pub struct Script {
    process: Child,
    asked: Option<ChildStdin>,
    told: BufReader<ChildStdout>,
}

impl Script {
    /// Starts a script.
    ///
    /// # Panics
    ///
    /// When Python cannot be started.
    pub fn start(python: impl AsRef<OsStr>, script: &Path, arguments: &[&OsStr]) -> Self {
        let mut process = Command::new(python)
            // Leaves no byte code beside the script.
            .arg("-B")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = process.stdin.take();
        let told = BufReader::new(process.stdout.take().unwrap());
        Self { process, asked, told }
    }

    /// The next line that it says, without its end.
    ///
    /// # Panics
    ///
    /// When it has ended, or says no text.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the script has ended");
        line.trim_end().to_owned()
    }

    /// Says a line to it and returns its answer.
    ///
    /// # Panics
    ///
    /// When it has ended, or answers with anything but JSON.
    pub fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.asked.as_mut().unwrap(), "{command}").unwrap();
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{command}: {line}"))
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // The end of its input is what it waits for; whoever does not listen is ended.
        drop(self.asked.take());
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
