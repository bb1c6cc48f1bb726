//! A key pair that lives as long as the run: made and used by `openssl`, in a folder outside of the
//! repository that is deleted at the end.

use std::fs;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Signs with a private key that nobody else sees.
pub(super) struct Signer {
    folder: PathBuf,
}

impl Signer {
    /// Makes a key of 2048 bits.
    pub(super) fn new() -> Result<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("trailwarden-digests-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let made = fs::DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("cannot make `{}`", folder.display()))?;
        let signer = Self { folder };
        let key = signer.key();
        openssl(&["genrsa", "-out", &key, "2048"], b"")?;
        Ok(signer)
    }

    fn key(&self) -> String {
        self.folder.join("key.pem").to_string_lossy().into_owned()
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256.
    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>> {
        openssl(&["dgst", "-sha256", "-sign", &self.key()], text)
    }

    /// A name of the key, as long as those of AWS.
    pub(super) fn fingerprint(&self) -> Result<String> {
        let sum = super::hex(&Sha256::digest(self.public("-RSAPublicKey_out")?));
        Ok(sum.chars().take(32).collect())
    }

    /// The reply of `list-public-keys`.
    pub(super) fn keys(&self) -> Result<Value> {
        self.list("-RSAPublicKey_out", &self.fingerprint()?)
    }

    /// The same under the name of another key.
    pub(super) fn keys_called(&self, fingerprint: &str) -> Result<Value> {
        self.list("-RSAPublicKey_out", fingerprint)
    }

    /// The same with the key inside a `SubjectPublicKeyInfo`.
    pub(super) fn keys_in_info(&self) -> Result<Value> {
        self.list("-pubout", &self.fingerprint()?)
    }

    fn list(&self, form: &str, fingerprint: &str) -> Result<Value> {
        let value = openssl(&["base64", "-A"], &self.public(form)?)?;
        Ok(json!({ "PublicKeyList": [{
            "Value": String::from_utf8(value).context("base64 is text")?.trim(),
            "ValidityStartTime": "2026-02-20T00:00:00+00:00",
            "ValidityEndTime": "2026-03-20T00:00:00+00:00",
            "Fingerprint": fingerprint,
        }]}))
    }

    fn public(&self, form: &str) -> Result<Vec<u8>> {
        openssl(&["rsa", "-in", &self.key(), form, "-outform", "DER"], b"")
    }
}

impl Drop for Signer {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("delete `{}` yourself, there is a key in it: {error}", self.folder.display());
        }
    }
}

fn openssl(arguments: &[&str], input: &[u8]) -> Result<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start `openssl`; install it")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input).context("cannot write to `openssl`")?;
    }
    let output = child.wait_with_output().context("cannot read from `openssl`")?;
    if !output.status.success() {
        bail!("`openssl {}` failed", arguments.first().unwrap_or(&""));
    }
    Ok(output.stdout)
}
