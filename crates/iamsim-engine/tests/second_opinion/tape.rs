//! A tape of bytes from which choices are read, so that a simpler tape makes a simpler case.

use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// How many bytes a case may read; behind its end a tape is all zeros, the simplest choices.
const LENGTH: usize = 384;

pub(crate) struct Tape<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Tape<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// One of `options`; the first is the simplest.
    pub(crate) fn pick<T: Clone>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())].clone()
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.next() * end / 256
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.next() * 100 >= (100 - percent) * 256
    }

    fn next(&mut self) -> usize {
        self.bytes.next().copied().unwrap_or_default().into()
    }
}

/// Any tape. Cheaper than a vector of arbitrary bytes, of which each is a strategy of its own.
#[derive(Debug)]
pub(crate) struct AnyTape;

impl Strategy for AnyTape {
    type Tree = Simpler;
    type Value = Vec<u8>;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut bytes = vec![0; LENGTH];
        runner.rng().fill_bytes(&mut bytes);
        Ok(Simpler { before: bytes.clone(), bytes, stretch: LENGTH, at: 0 })
    }
}

/// Blanks ever shorter stretches of a tape, and in the end halves every byte.
#[derive(Debug)]
pub(crate) struct Simpler {
    bytes: Vec<u8>,
    before: Vec<u8>,
    /// How long a stretch to blank; 0 to halve single bytes.
    stretch: usize,
    at: usize,
}

impl ValueTree for Simpler {
    type Value = Vec<u8>;

    fn current(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    fn simplify(&mut self) -> bool {
        self.before.clone_from(&self.bytes);
        loop {
            if self.at >= LENGTH {
                if self.stretch == 0 {
                    return false;
                }
                self.at = 0;
                self.stretch /= 2;
            }
            let end = (self.at + self.stretch.max(1)).min(LENGTH);
            let stretch = &mut self.bytes[self.at..end];
            let blank = stretch.iter().all(|byte| *byte == 0);
            stretch.iter_mut().for_each(|byte| *byte = if self.stretch == 0 { *byte / 2 } else { 0 });
            self.at = end;
            if !blank {
                return true;
            }
        }
    }

    fn complicate(&mut self) -> bool {
        let undone = self.bytes != self.before;
        self.bytes.clone_from(&self.before);
        undone
    }
}
