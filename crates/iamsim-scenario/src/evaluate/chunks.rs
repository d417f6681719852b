//! Lines in chunks of many: the next chunk is read while the last is answered.

use std::io::{self, Read};
use std::iter;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use memchr::{memchr, memchr_iter, memrchr};

/// So much is read at a time.
const STEP: usize = 128 << 10;

/// So many bytes a chunk has at most, for each thread that answers, unless one line has more.
const SHARE: usize = 512 << 10;

/// So many bytes of lines are answered one after the other on one thread.
const RUN: usize = 8 << 10;

/// Whole lines of a longer text.
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    /// How many lines of the text stand before it.
    pub(super) lines_before: u32,
}

/// A few lines, one after the other.
pub(super) struct Run<'c> {
    pub(super) bytes: &'c [u8],
    lines_before: u32,
}

/// A line of a text.
pub(super) struct Line<'c> {
    /// Without the line break.
    pub(super) bytes: &'c [u8],
    /// How many lines of the text stand before it.
    pub(super) lines_before: u32,
}

/// Reads a text whose first bytes are `begun`, on a thread of its own. Whatever has come is handed over as soon as
/// somebody is ready for it, so that whoever writes line by line is answered line by line.
pub(super) fn read(input: impl Read + Send + 'static, begun: Vec<u8>) -> Receiver<io::Result<Chunk>> {
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        let most = SHARE * rayon::current_num_threads();
        let mut reader = Reader { input, begun: Chunk { bytes: begun, lines_before: 0 }, most, sender };
        if let Err(error) = reader.read_all() {
            // Nobody listens any more when this fails.
            let _ = reader.sender.send(Err(error));
        }
    });
    receiver
}

struct Reader<R> {
    input: R,
    /// What was read and not handed over.
    begun: Chunk,
    most: usize,
    sender: SyncSender<io::Result<Chunk>>,
}

impl<R: Read> Reader<R> {
    fn read_all(&mut self) -> io::Result<()> {
        let mut is_listened_to = self.hand_over_lines(0);
        while is_listened_to {
            let before = self.begun.bytes.len();
            self.begun.bytes.resize(before + STEP, 0);
            let read = read_some(&mut self.input, self.begun.bytes.get_mut(before..).unwrap_or_default());
            self.begun.bytes.truncate(before + read.as_ref().unwrap_or(&0));
            if read? == 0 {
                break;
            }
            is_listened_to = self.hand_over_lines(before);
        }
        let rest = self.begun.bytes.len();
        if is_listened_to && rest > 0 {
            self.hand_over(rest, Urgency::Must);
        }
        Ok(())
    }

    /// Hands the whole lines over, if there are new ones after `start`. Answers whether anybody listens.
    fn hand_over_lines(&mut self, start: usize) -> bool {
        let new = self.begun.bytes.get(start..).unwrap_or_default();
        let Some(last) = memrchr(b'\n', new) else { return true };
        let urgency = if self.begun.bytes.len() < self.most { Urgency::May } else { Urgency::Must };
        self.hand_over(start + last + 1, urgency)
    }

    /// Hands over what stands before `end`; what may wait is kept while nobody is ready for it.
    fn hand_over(&mut self, end: usize, urgency: Urgency) -> bool {
        let rest = self.begun.bytes.split_off(end);
        let lines_before = self.begun.lines_before.saturating_add(count_lines(&self.begun.bytes));
        let chunk = std::mem::replace(&mut self.begun, Chunk { bytes: rest, lines_before });
        match urgency {
            Urgency::Must => self.sender.send(Ok(chunk)).is_ok(),
            Urgency::May => match self.sender.try_send(Ok(chunk)) {
                Ok(()) => true,
                Err(TrySendError::Full(Ok(mut chunk))) => {
                    chunk.bytes.append(&mut self.begun.bytes);
                    self.begun = chunk;
                    true
                }
                Err(TrySendError::Full(Err(_)) | TrySendError::Disconnected(_)) => false,
            },
        }
    }
}

/// Whether lines may wait for more of them.
#[derive(Debug, Clone, Copy)]
enum Urgency {
    May,
    Must,
}

fn read_some(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn count_lines(bytes: &[u8]) -> u32 {
    u32::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

impl Chunk {
    /// Its lines in runs of a few.
    pub(super) fn runs(&self) -> Vec<Run<'_>> {
        let mut runs = Vec::new();
        let (mut rest, mut lines_before) = (&*self.bytes, self.lines_before);
        while !rest.is_empty() {
            let last = rest.get(RUN..).and_then(|rest| memchr(b'\n', rest));
            let (bytes, after) = rest.split_at(last.map_or(rest.len(), |last| RUN + last + 1));
            runs.push(Run { bytes, lines_before });
            lines_before = lines_before.saturating_add(count_lines(bytes));
            rest = after;
        }
        runs
    }
}

impl<'c> Run<'c> {
    /// The lines that hold anything.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'c>> + use<'c> {
        let Self { bytes: mut rest, mut lines_before } = *self;
        let all = iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (bytes, after) = rest.split_at(memchr(b'\n', rest).unwrap_or(rest.len()));
            let line = Line { bytes, lines_before };
            rest = after.get(1..).unwrap_or_default();
            lines_before = lines_before.saturating_add(1);
            Some(line)
        });
        all.filter(|line| !line.bytes.trim_ascii().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text that comes in pieces; answers its lines with their numbers.
    fn check(pieces: &'static [&str], begun: &str, expected: &[(u32, &str)]) {
        struct Pieces(std::slice::Iter<'static, &'static str>);
        impl Read for Pieces {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let piece = self.0.next().map_or(&b""[..], |piece| piece.as_bytes());
                buffer[..piece.len()].copy_from_slice(piece);
                Ok(piece.len())
            }
        }
        let mut lines = Vec::new();
        for chunk in read(Pieces(pieces.iter()), begun.as_bytes().to_vec()) {
            let chunk = chunk.unwrap();
            for line in chunk.runs().iter().flat_map(Run::lines) {
                lines.push((line.lines_before, String::from_utf8(line.bytes.to_vec()).unwrap()));
            }
        }
        let lines: Vec<_> = lines.iter().map(|(number, text)| (*number, text.as_str())).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn lines_may_come_in_pieces() {
        check(&["ne\ntw", "o\n", "three"], "o", &[(0, "one"), (1, "two"), (2, "three")]);
    }

    #[test]
    fn empty_lines_are_counted_and_left_out() {
        check(&["one\n\n \n", "two\n"], "", &[(0, "one"), (3, "two")]);
    }

    #[test]
    fn what_was_read_before_may_hold_whole_lines() {
        check(&[], "one\ntwo\n", &[(0, "one"), (1, "two")]);
    }

    #[test]
    fn lines_keep_their_numbers_from_run_to_run() {
        let text: String = (0..5_000).map(|at| format!("line {at}\n")).collect();
        let chunk = Chunk { bytes: text.into_bytes(), lines_before: 7 };
        let runs = chunk.runs();
        assert!(runs.len() > 1);
        for (at, line) in runs.iter().flat_map(Run::lines).enumerate() {
            assert_eq!(line.lines_before as usize, at + 7);
            assert_eq!(line.bytes, format!("line {at}").as_bytes());
        }
    }
}
