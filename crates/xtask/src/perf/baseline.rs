//! `benches/baseline.toml`: what decisions cost when somebody last looked, and how that compares.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// How far a count may move, in thousandths. Counts repeat to the digit; code that moves about does not quite.
const TOLERANCE: u64 = 20;

const HEAD: &str = "# Instructions per decision. Written by `cargo xtask perf --bless`.\n\n";

/// Instructions per decision, workload by workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Baseline {
    pub(super) machine: String,
    pub(super) instructions: Vec<(String, u64)>,
}

/// One workload, then and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<'a> {
    workload: &'a str,
    then: Option<u64>,
    now: u64,
    pub(super) verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Better,
    Same,
    Worse,
    New,
}

#[derive(Serialize, Deserialize)]
struct File {
    machine: String,
    instructions: BTreeMap<String, u64>,
}

impl Baseline {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("{}: `cargo xtask perf --bless` writes it", path.display()))?;
        let File { machine, instructions } =
            toml::from_str(&text).with_context(|| path.display().to_string())?;
        Ok(Self { machine, instructions: instructions.into_iter().collect() })
    }

    pub(super) fn to_toml(&self) -> Result<String> {
        let instructions = self.instructions.iter().cloned().collect();
        let file = File { machine: self.machine.clone(), instructions };
        Ok(format!("{HEAD}{}", toml::to_string(&file)?))
    }

    /// Every workload of `self`, in its order, against `then`.
    pub(super) fn verdicts(&self, then: &Self) -> Vec<Row<'_>> {
        let counted = self.instructions.iter();
        let rows = counted.map(|(workload, now)| {
            let found = then.instructions.iter().find(|(name, _)| name == workload);
            let then = found.map(|(_, count)| *count);
            Row { workload, then, now: *now, verdict: Verdict::of(then, *now) }
        });
        rows.collect()
    }

    /// The same for people to read.
    pub(super) fn table(&self, then: &Self) -> String {
        let mut text = format!("{:<20} {:>10} {:>10} {:>9}\n", "instructions", "baseline", "now", "change");
        for Row { workload, then, now, verdict } in self.verdicts(then) {
            let (then, change) = match then {
                Some(then) => {
                    let change = (now as f64 / then.max(1) as f64 - 1.0) * 100.0;
                    (then.to_string(), format!("{change:+.1} %"))
                }
                None => ("-".to_owned(), "-".to_owned()),
            };
            let verdict = match verdict {
                Verdict::Better => "better",
                Verdict::Same => "same",
                Verdict::Worse => "WORSE",
                Verdict::New => "new",
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{workload:<20} {then:>10} {now:>10} {change:>9}  {verdict}");
        }
        text
    }
}

impl Verdict {
    fn of(then: Option<u64>, now: u64) -> Self {
        let Some(then) = then else { return Self::New };
        if now * 1_000 > then * (1_000 + TOLERANCE) {
            return Self::Worse;
        }
        if now * 1_000 < then * (1_000 - TOLERANCE) { Self::Better } else { Self::Same }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(&str, u64)]) -> Baseline {
        let instructions = counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        Baseline { machine: "rustc".to_owned(), instructions }
    }

    #[test]
    fn two_percent_either_way_is_the_same() {
        #[track_caller]
        fn check(now: u64, expected: Verdict) {
            let (then, now) = (counts(&[("a", 1_000)]), counts(&[("a", now)]));
            assert_eq!(now.verdicts(&then)[0].verdict, expected);
        }
        check(1_000, Verdict::Same);
        check(1_020, Verdict::Same);
        check(1_021, Verdict::Worse);
        check(980, Verdict::Same);
        check(979, Verdict::Better);
    }

    #[test]
    fn a_workload_that_the_baseline_lacks_is_new() {
        let (then, now) = (counts(&[]), counts(&[("a", 1)]));
        assert_eq!(now.verdicts(&then)[0].verdict, Verdict::New);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (folder, counted) = (std::env::temp_dir(), counts(&[("growth/10/stray", 7), ("teaching", 3)]));
        let path = folder.join(format!("iamsim-baseline-{}.toml", std::process::id()));
        fs::write(&path, counted.to_toml().unwrap()).unwrap();
        assert_eq!(Baseline::read(&path).unwrap(), counted);
        fs::remove_file(path).unwrap();
    }
}
