//! Readers that count what passes through them.

use std::io::{self, Read};

use super::trouble::{Budget, Trouble};

/// Counts stored bytes.
pub(super) struct Counted<'a, R: ?Sized> {
    pub(super) source: &'a mut R,
    pub(super) budget: &'a Budget,
}

impl<R: Read + ?Sized> Read for Counted<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out)?;
        self.budget.stored.set(self.budget.stored.get() + read as u64);
        Ok(read)
    }
}

/// Charges what zstd inflates, and gives its errors our words.
pub(super) struct Spending<'a, R> {
    pub(super) source: R,
    pub(super) budget: &'a Budget,
}

impl<R: Read> Read for Spending<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out).map_err(|error| match Trouble::of(&error) {
            Some(trouble) => trouble.clone().into_io(),
            None if error.kind() == io::ErrorKind::Interrupted => error,
            None => {
                let cause = format!("damaged zstd, or what follows it is no zstd: {error}");
                Trouble::Damage { cause, resumable: false }.into_io()
            }
        })?;
        self.budget.spend(read)?;
        Ok(read)
    }
}
