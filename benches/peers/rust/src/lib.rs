//! What every driver does: read a workload, decide it again and again, say how long a decision takes and what it is.
//!
//! `DRIVER [MODE] FILE SECONDS`; the answer is one line of JSON.

use std::time::{Duration, Instant};

use iamsim_benches::organization::Organization;
use iamsim_benches::work::Work;
use serde_json::{Value, json};

pub mod layers;

/// A workload: one caller's, or an organization's.
pub enum Workload {
    /// One caller, many requests.
    Work(Work),
    /// Many callers, and what is asked of each.
    Organization(Organization),
}

/// A file, how long to measure, and what else was said on the command line.
pub struct Task {
    /// What comes before the file.
    pub mode: String,
    /// What the file has.
    pub workload: Workload,
    /// How long to measure.
    pub time: Duration,
}

impl Task {
    /// Reads the command line, and the file it names.
    ///
    /// # Errors
    /// When either cannot be read.
    pub fn from_arguments() -> Result<Self, Box<dyn std::error::Error>> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let (mode, file, seconds) = match arguments.as_slice() {
            [file, seconds] => (String::new(), file, seconds),
            [mode, file, seconds] => (mode.clone(), file, seconds),
            _ => return Err("usage: DRIVER [MODE] FILE SECONDS".into()),
        };
        let text = std::fs::read_to_string(file)?;
        let value: Value = serde_json::from_str(&text)?;
        let workload = match value.get("queries") {
            Some(_) => Workload::Organization(serde_json::from_value(value)?),
            None => Workload::Work(serde_json::from_value(value)?),
        };
        Ok(Self { mode, workload, time: Duration::from_secs_f64(seconds.parse()?) })
    }
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Allowed.
    Allowed,
    /// Nothing allows it.
    ImplicitDeny,
    /// Something denies it.
    ExplicitDeny,
}

/// Makes each of so many decisions as often as there is time for, and prints the median pass.
///
/// Where one pass takes longer than there is time, a part of the decisions is made, from all over.
pub fn report(decisions: usize, time: Duration, decide: impl Fn(usize) -> Outcome, why: impl Fn(usize) -> String) {
    let mut letters = vec!['.'; decisions];
    let mut nanoseconds = Vec::new();
    let begun = Instant::now();
    // A prime that divides none of the sizes.
    let stride = |number: usize| number * 104_729 % decisions;
    let sample = decisions.min(200);
    for number in 0..sample {
        letters[stride(number)] = letter(decide(stride(number)));
    }
    let whole = begun.elapsed().mul_f64(decisions as f64 / sample as f64);
    let mut made = decisions;
    if whole > time * 3 {
        made = sample;
        let begun = Instant::now();
        while begun.elapsed() < time && made < decisions {
            letters[stride(made)] = letter(decide(stride(made)));
            made += 1;
        }
        nanoseconds.push(begun.elapsed().as_nanos() as f64 / (made - sample).max(1) as f64);
    } else {
        let begun = Instant::now();
        while nanoseconds.is_empty() || begun.elapsed() < time {
            // A pass that is too short for the clock is made many times.
            let times = (10e6 / whole.as_nanos() as f64).clamp(1.0, 1_000.0) as usize;
            let pass = Instant::now();
            for _ in 0..times {
                for (number, letter_of) in letters.iter_mut().enumerate() {
                    *letter_of = letter(decide(std::hint::black_box(number)));
                }
            }
            nanoseconds.push(pass.elapsed().as_nanos() as f64 / (times * decisions) as f64);
        }
    }
    nanoseconds.sort_by(f64::total_cmp);
    let whys: Vec<String> = if decisions <= 1_000 { (0..decisions).map(why).collect() } else { Vec::new() };
    let answer = json!({
        "nanoseconds": nanoseconds[nanoseconds.len() / 2],
        "passes": nanoseconds.len(),
        "made": made,
        "of": decisions,
        "letters": letters.iter().collect::<String>(),
        "why": whys,
    });
    println!("{answer}");
}

fn letter(outcome: Outcome) -> char {
    match outcome {
        Outcome::Allowed => 'a',
        Outcome::ImplicitDeny => 'i',
        Outcome::ExplicitDeny => 'd',
    }
}
