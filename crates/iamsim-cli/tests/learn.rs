//! `iamsim learn` and its exercises: each is wrong as given, right when solved, and says what is wrong in between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use iamsim_scenario::report::Verdict;
use iamsim_scenario::{Library, replay_file};
use insta_cmd::{assert_cmd_snapshot, get_cargo_bin};

const SCENARIO: &str = "exercise.scenario.yaml";

/// Where the exercises are written.
fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises")
}

/// The names of all exercises, in order.
fn names() -> Vec<String> {
    let mut names = entries(&sources());
    names.retain(|name| name.starts_with(|first: char| first.is_ascii_digit()));
    names
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A learner, with a folder of their own.
struct Learner {
    home: PathBuf,
}

/// What a run printed, and how it ended.
struct Printed {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Learner {
    fn without_exercises(name: &str) -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("learn-{name}"));
        if home.exists() {
            fs::remove_dir_all(&home).unwrap();
        }
        fs::create_dir_all(&home).unwrap();
        Self { home }
    }

    fn new(name: &str) -> Self {
        let learner = Self::without_exercises(name);
        assert_eq!(learner.runs(&["init"]).code, Some(0));
        learner
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(get_cargo_bin("iamsim"));
        command.current_dir(&self.home).env("COLUMNS", "100").arg("learn").args(arguments);
        command
    }

    fn runs(&self, arguments: &[&str]) -> Printed {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Printed { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.join("iamsim-exercises").join(path)
    }

    fn solve(&self, name: &str) {
        let solution = sources().join("solutions").join(name);
        for file in entries(&solution) {
            fs::copy(solution.join(&file), self.path(name).join(&file)).unwrap();
        }
    }
}

#[test]
fn an_exercise_is_wrong_as_given_and_right_when_solved() {
    let learner = Learner::new("one-by-one");
    let is_passed = |name: &str| {
        let report = replay_file(&Library::new(), &learner.path(name).join(SCENARIO));
        assert!(report.findings.is_empty(), "{name} cannot be read");
        assert!(report.steps.iter().all(|step| step.ok.is_some() && step.name.is_some()), "{name}");
        assert!(report.steps.iter().all(|step| step.warnings.is_empty()), "{name}");
        report.steps.iter().all(|step| step.verdict() == Verdict::Passed)
    };
    for name in names() {
        assert!(!is_passed(&name), "{name} is right as given");
        learner.solve(&name);
        assert!(is_passed(&name), "{name} is wrong when solved");
    }
}

#[test]
fn allowing_everything_solves_nothing() {
    let learner = Learner::new("everything");
    for name in names() {
        let folder = learner.path(&name);
        for file in entries(&folder).into_iter().filter(|file| file.ends_with(".json")) {
            let text = fs::read_to_string(folder.join(&file)).unwrap();
            let everyone = serde_json::json!({"AWS": ["111122223333", "444455556666"]});
            let statement = match (text.contains("\"Principal\""), text.contains("\"Resource\"")) {
                (true, true) => {
                    serde_json::json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
                }
                (true, false) => {
                    serde_json::json!({"Effect": "Allow", "Principal": everyone, "Action": "sts:AssumeRole"})
                }
                (false, _) => serde_json::json!({"Effect": "Allow", "Action": "*", "Resource": "*"}),
            };
            let policy = serde_json::json!({"Version": "2012-10-17", "Statement": statement});
            fs::write(folder.join(&file), policy.to_string()).unwrap();
        }
        let report = replay_file(&Library::new(), &folder.join(SCENARIO));
        assert!(report.findings.is_empty(), "{name}: AWS would not take this");
        let is_failed = report.steps.iter().any(|step| step.verdict() == Verdict::Failed);
        assert!(is_failed, "{name} is solved by a policy that allows everything");
    }
}

#[test]
fn whoever_solves_one_comes_to_the_next() {
    let learner = Learner::new("course");
    let names = names();
    for (number, name) in (1..).zip(&names) {
        let before = learner.runs(&["--once"]);
        assert_eq!(before.code, Some(1), "{name}\n{}{}", before.out, before.err);
        assert!(before.out.contains(&format!("Exercise {number}: ")), "{}", before.out);
        assert!(before.out.contains(&format!("{}/{}", number - 1, names.len())), "{}", before.out);
        learner.solve(name);
    }
    let end = learner.runs(&["--once"]);
    assert_eq!(end.code, Some(0));
    assert!(end.out.contains(&format!("All {} exercises are solved.", names.len())), "{}", end.out);
    assert_eq!(learner.runs(&["list"]).code, Some(0));
}

#[test]
fn several_solved_at_once_are_all_told_of() {
    let learner = Learner::new("at-once");
    let names = names();
    names.iter().for_each(|name| learner.solve(name));
    let printed = learner.runs(&["--once"]);
    assert_eq!(printed.code, Some(0));
    assert_eq!(printed.out.matches("✓ ").count(), names.len(), "{}", printed.out);
}

#[test]
fn every_exercise_tells_a_story_and_names_its_source() {
    for name in names() {
        let folder = sources().join(&name);
        let readme = fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(readme.starts_with("# "), "{name} has no title");
        assert!(readme.contains("\nTask: "), "{name} sets no task");
        assert!(readme.contains("<https://docs.aws.amazon.com/"), "{name} names no page of AWS's");
        assert!(readme.lines().all(|line| line.starts_with('<') || line.len() <= 80), "{name} is too wide");
        let scenario = fs::read_to_string(folder.join(SCENARIO)).unwrap();
        let title = readme.lines().next().unwrap().trim_start_matches("# ");
        assert!(scenario.starts_with(&format!("name: {title}\n")), "{name} has two titles");
        assert!(scenario.contains("\nsource: https://docs.aws.amazon.com/"), "{name}");
        let notes = fs::read_to_string(sources().join("hints").join(format!("{name}.md"))).unwrap();
        let (hints, learnt) = notes.split_once("## Learnt").expect("what was learnt");
        let numbers = hints.lines().filter_map(|line| line.split_once(". ")).map(|(number, _)| number);
        assert_eq!(numbers.collect::<Vec<_>>(), ["1", "2", "3"], "{name}");
        assert!(!learnt.trim().is_empty(), "{name} teaches nothing");
    }
    assert!(names().len() >= 15);
}

#[test]
fn a_solution_changes_a_few_lines_of_what_is_the_learners() {
    for name in names() {
        let (given, solution) = (sources().join(&name), sources().join("solutions").join(&name));
        let answers: Vec<_> = entries(&given).into_iter().filter(|file| file.ends_with(".json")).collect();
        assert_eq!(entries(&solution), answers, "{name}");
        for file in answers {
            let read = |folder: &Path| fs::read_to_string(folder.join(&file)).unwrap();
            assert_ne!(read(&given), read(&solution), "{name}/{file}");
            assert!(read(&solution).lines().count() <= 40, "{name}/{file} is long");
        }
    }
}

#[test]
fn what_is_unpacked_is_what_is_written_here_but_for_solutions_and_hints() {
    let learner = Learner::new("unpacked");
    let unpacked: BTreeSet<_> = entries(&learner.path(".")).into_iter().collect();
    let mut expected: BTreeSet<_> = names().into_iter().collect();
    expected.insert("README.md".to_owned());
    assert_eq!(unpacked, expected);
    for name in names() {
        assert_eq!(entries(&learner.path(&name)), entries(&sources().join(&name)));
        for file in entries(&learner.path(&name)) {
            let given = fs::read(sources().join(&name).join(&file)).unwrap();
            assert_eq!(fs::read(learner.path(&name).join(&file)).unwrap(), given, "{name}/{file}");
        }
    }
}

#[test]
fn the_first_look() {
    assert_cmd_snapshot!(Learner::new("first-look").command(&[]));
}

#[test]
fn after_the_first_is_solved() {
    let learner = Learner::new("second-look");
    learner.solve("01-who-is-asking");
    assert_cmd_snapshot!(learner.command(&["--explain"]));
}

#[test]
fn what_is_allowed_and_should_not_be_is_shown() {
    let learner = Learner::new("unwelcome");
    names().iter().filter(|name| !name.starts_with("17-")).for_each(|name| learner.solve(name));
    let printed = learner.runs(&[]);
    let (_, told) = printed.out.split_once("Exercise 17: ").unwrap();
    insta::assert_snapshot!(told);
}

#[test]
fn both_sides_are_shown_when_neither_allows() {
    let learner = Learner::new("both-sides");
    names().iter().filter(|name| !name.starts_with("07-")).for_each(|name| learner.solve(name));
    let printed = learner.runs(&[]);
    let (_, told) = printed.out.split_once("Exercise 7: ").unwrap();
    insta::assert_snapshot!(told);
}

#[test]
fn without_exercises_the_command_to_unpack_them_is_named() {
    let learner = Learner::without_exercises("nothing");
    for arguments in [&[] as &[&str], &["list"], &["hint"], &["reset"]] {
        let printed = learner.runs(arguments);
        assert_eq!(printed.code, Some(2));
        assert!(printed.err.contains("`iamsim learn init` unpacks them"), "{}", printed.err);
    }
    assert!(learner.runs(&["there"]).err.contains("`iamsim learn init there`"));
    assert_eq!(entries(&learner.home), Vec::<String>::new());
}

#[test]
fn unpacking_again_keeps_what_the_learner_wrote() {
    let learner = Learner::new("again");
    let answer = learner.path("02-first-policy/bob.json");
    fs::write(&answer, "{}").unwrap();
    assert!(learner.runs(&["init"]).out.contains("already"));
    fs::remove_file(learner.path("02-first-policy/README.md")).unwrap();
    assert!(learner.runs(&["init"]).out.contains("stay as they are"));
    assert_eq!(fs::read_to_string(answer).unwrap(), "{}");
    assert!(learner.path("02-first-policy/README.md").exists());
}

#[test]
fn a_folder_may_have_another_name_and_be_stood_in() {
    let learner = Learner::without_exercises("elsewhere");
    assert_eq!(learner.runs(&["init", "course"]).code, Some(0));
    assert_eq!(learner.runs(&["course", "--once"]).code, Some(1));
    for inside in ["course", "course/03-bucket-and-objects"] {
        let learner = Learner { home: learner.home.join(inside) };
        assert_eq!(learner.runs(&[]).code, Some(1), "in {inside}");
    }
}

#[test]
fn hints_come_one_after_the_other() {
    let learner = Learner::new("hints");
    for given in [1, 2, 3, 3] {
        let printed = learner.runs(&["hint"]);
        assert_eq!(printed.code, Some(0));
        assert_eq!(printed.out.matches("Hint ").count(), given, "{}", printed.out);
        assert_eq!(printed.out.contains("Ask again"), given < 3, "{}", printed.out);
    }
    let other = learner.runs(&["hint", "--exercise", "5"]);
    assert!(other.out.starts_with("An explicit deny wins"), "{}", other.out);
    assert_eq!(other.out.matches("Hint ").count(), 1);
    assert!(learner.runs(&["hint", "-e", "nowhere"]).err.contains("there is no exercise `nowhere`"));
}

#[test]
fn a_reset_puts_files_and_progress_back() {
    let learner = Learner::new("reset");
    learner.solve("01-who-is-asking");
    learner.runs(&["--once"]);
    assert!(learner.runs(&["list"]).out.contains("█░"));
    let printed = learner.runs(&["reset", "--exercise", "who-is-asking"]);
    assert_eq!(
        printed.out.lines().next().unwrap(),
        "iamsim-exercises/01-who-is-asking is as it was given again: bucket-policy.json"
    );
    assert!(learner.runs(&["list"]).out.contains("\n░"));
    let given = fs::read(sources().join("01-who-is-asking/bucket-policy.json")).unwrap();
    assert_eq!(fs::read(learner.path("01-who-is-asking/bucket-policy.json")).unwrap(), given);
    assert!(learner.runs(&["reset"]).out.contains("is as it was given."));
}

#[test]
fn what_the_learner_wrote_wrongly_is_shown_in_its_place() {
    let learner = Learner::new("slip");
    let answer = learner.path("01-who-is-asking/bucket-policy.json");
    let text = fs::read_to_string(&answer).unwrap();
    fs::write(&answer, text.replace("\"Allow\"", "\"Alow\"")).unwrap();
    assert_cmd_snapshot!(learner.command(&[]));
}

#[test]
fn changed_questions_do_not_count() {
    let learner = Learner::new("questions");
    let scenario = learner.path("01-who-is-asking").join(SCENARIO);
    let text = fs::read_to_string(&scenario).unwrap();
    let check = |said: &str| {
        let printed = learner.runs(&[]);
        assert_eq!(printed.code, Some(1), "{}", printed.out);
        assert!(printed.out.contains(said), "{}", printed.out);
        assert!(printed.out.contains("✗ Maria reads the report"), "{}", printed.out);
    };
    fs::write(&scenario, text.replace("expect: allowed", "expect: denied")).unwrap();
    check("is not as it was given");
    fs::write(&scenario, "steps: [").unwrap();
    check("is not as it was given");
    fs::remove_file(&scenario).unwrap();
    check("is gone");
    fs::write(&scenario, text.replace('\n', "\r\n")).unwrap();
    assert!(!learner.runs(&[]).out.contains("as it was given"));
}

#[test]
fn a_damaged_folder_is_told_of() {
    let learner = Learner::new("damaged");
    let check = |code, said: &str| {
        let printed = learner.runs(&[]);
        let all = format!("{}{}", printed.out, printed.err);
        assert_eq!(printed.code, Some(code), "{all}");
        // Lines break anywhere.
        let words: Vec<_> = all.split_whitespace().collect();
        assert!(words.join(" ").contains(said), "{all}");
    };
    learner.solve("01-who-is-asking");
    check(1, "Exercise 2: ");
    fs::write(learner.path("progress.json"), "{\"solved\": [").unwrap();
    check(1, "could not be read (EOF while parsing a list at line 1 column 12)");
    check(1, "Exercise 2: ");
    fs::write(learner.path("progress.json"), "{\"solved\": [\"no-such-exercise\"]}").unwrap();
    check(1, "Exercise 2: ");
    fs::remove_file(learner.path("02-first-policy/bob.json")).unwrap();
    check(1, "there is no such file");
    fs::write(learner.path("02-first-policy/bob.json"), b"\xff").unwrap();
    check(1, "the text is not UTF-8");
    fs::remove_dir_all(learner.path("02-first-policy")).unwrap();
    check(1, "there is no such file");
    assert_eq!(learner.runs(&["reset"]).code, Some(0));
    check(1, "Bob reads a report: implicitDeny");
    fs::remove_file(learner.path("progress.json")).unwrap();
    fs::create_dir(learner.path("progress.json")).unwrap();
    check(2, "cannot write");
}

#[test]
fn only_people_are_spoken_to() {
    let learner = Learner::new("format");
    let check = |format, said| {
        let printed = learner.runs(&["--format", format]);
        assert_eq!(printed.code, Some(2));
        assert!(printed.err.contains(said), "{}", printed.err);
    };
    check("json", "`iamsim learn` has no format `json`; it has human");
    check("human=page.txt", "`iamsim learn` writes to no file");
}
