//! The exercises inside the program, in the order in which they build on each other.

/// The file that says who does what, and what should come of it. It is not for the learner to change.
pub(super) const SCENARIO: &str = "exercise.scenario.yaml";

/// The file that tells the story and sets the task.
pub(super) const README: &str = "README.md";

/// What stands beside the exercises' folders.
pub(super) const WELCOME: &str = include_str!("../../exercises/README.md");

/// An exercise as it is before anybody touches it.
#[derive(Debug)]
pub(super) struct Exercise {
    /// The name of its folder: `05-explicit-deny`.
    pub(super) name: &'static str,
    /// The story, and the task.
    pub(super) readme: &'static str,
    /// The scenario that must pass.
    pub(super) scenario: &'static str,
    /// The files for the learner to change, by name.
    pub(super) answers: &'static [(&'static str, &'static str)],
    /// Three hints, and what has been learnt in the end.
    notes: &'static str,
}

macro_rules! exercise {
    ($name:literal, $($answer:literal),+) => {
        Exercise {
            name: $name,
            readme: include_str!(concat!("../../exercises/", $name, "/README.md")),
            scenario: include_str!(concat!("../../exercises/", $name, "/exercise.scenario.yaml")),
            answers: &[$((
                $answer,
                include_str!(concat!("../../exercises/", $name, "/", $answer)),
            )),+],
            notes: include_str!(concat!("../../exercises/hints/", $name, ".md")),
        }
    };
}

/// All exercises.
pub(super) static EXERCISES: &[Exercise] = &[
    exercise!("01-who-is-asking", "bucket-policy.json"),
    exercise!("02-first-policy", "bob.json"),
    exercise!("03-bucket-and-objects", "carla.json"),
    exercise!("04-not-action", "intern.json"),
    exercise!("05-explicit-deny", "protect-archive.json"),
    exercise!("06-same-account", "bucket-policy.json"),
    exercise!("07-both-accounts", "alice.json", "bucket-policy.json"),
    exercise!("08-trust-policy", "trust.json"),
    exercise!("09-inside-the-role", "role-policy.json"),
    exercise!("10-external-id", "trust.json"),
    exercise!("11-role-chaining", "trust.json"),
    exercise!("12-permissions-boundary", "boundary.json"),
    exercise!("13-session-policy", "session-policy.json"),
    exercise!("14-service-control-policy", "workloads.json"),
    exercise!("15-resource-control-policy", "perimeter.json"),
    exercise!("16-key-policy", "key-policy.json"),
    exercise!("17-mfa", "require-mfa.json"),
    exercise!("18-source-ip", "office-only.json"),
    exercise!("19-tags-and-variables", "team-access.json"),
    exercise!("20-for-all-values", "create-secrets.json"),
    exercise!("21-null", "bucket-policy.json"),
    exercise!("22-pass-role", "developer.json"),
    exercise!("23-vpc-endpoint", "endpoint-policy.json"),
];

/// How many hints an exercise has.
pub(super) const HINTS: usize = 3;

/// What stands before the sentences on what was learnt.
const LEARNT: &str = "## Learnt";

impl Exercise {
    /// What it is called: the heading of its readme.
    pub(super) fn title(&self) -> &'static str {
        let heading = self.readme.lines().next().unwrap_or_default();
        heading.trim_start_matches(['#', ' '])
    }

    /// The readme without its heading.
    pub(super) fn story(&self) -> &'static str {
        self.readme.split_once('\n').map_or("", |(_, story)| story).trim()
    }

    /// The hints, the vaguest first.
    pub(super) fn hints(&self) -> Vec<&'static str> {
        let (hints, _) = self.parts();
        let mut found = Vec::new();
        let mut rest = hints;
        for number in 1..=HINTS {
            let Some((_, after)) = rest.split_once(&format!("{number}. ")) else { break };
            let end = after.find(&format!("\n{}. ", number + 1)).unwrap_or(after.len());
            found.push(after.get(..end).unwrap_or(after).trim());
            rest = after.get(end..).unwrap_or_default();
        }
        found
    }

    /// What whoever solved it knows now.
    pub(super) fn learnt(&self) -> &'static str {
        self.parts().1
    }

    fn parts(&self) -> (&'static str, &'static str) {
        let (hints, learnt) = self.notes.split_once(LEARNT).unwrap_or((self.notes, ""));
        (hints, learnt.trim())
    }

    /// All its files, by name.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [(README, self.readme), (SCENARIO, self.scenario)].into_iter().chain(self.answers.iter().copied())
    }
}

/// The exercise that is meant by a number, a name, or the name without its number.
pub(super) fn find(wanted: &str) -> Option<&'static Exercise> {
    let wanted = wanted.trim_end_matches('/');
    let by_number = || EXERCISES.get(wanted.parse::<usize>().ok()?.checked_sub(1)?);
    let by_name = || {
        EXERCISES.iter().find(|exercise| {
            let bare = exercise.name.split_once('-').map(|(_, bare)| bare);
            exercise.name == wanted || bare == Some(wanted)
        })
    };
    by_name().or_else(by_number)
}
