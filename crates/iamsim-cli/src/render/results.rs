//! What came of a command, put alike for every format: suites of tests.
//!
//! For `replay` a suite is a scenario and a test a step; for `evaluate` a file and a case; for `validate` a file and
//! a policy; for `check` the question and a check that AWS makes.

mod check;
mod evaluate;
mod replay;
mod validate;

use iamsim_scenario::ask::ExplainedCheck;
use iamsim_scenario::report::Verdict;
use iamsim_scenario::{Dependence, Expectation, ExpectedError, Finding, MatchedStatement, Source};
use iamsim_syntax::{PolicyType, Span};

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Results<'r> {
    pub(crate) kind: Kind,
    pub(crate) suites: Vec<Suite<'r>>,
}

/// Which command it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Replay,
    Evaluate,
    Validate,
    Check,
}

/// Tests that belong together.
#[derive(Debug)]
pub(crate) struct Suite<'r> {
    pub(crate) name: &'r str,
    /// The file they are written in; `None` for a question from flags.
    pub(crate) file: Option<&'r str>,
    /// Where their claims come from.
    pub(crate) source: Option<&'r str>,
    pub(crate) tests: Vec<Test<'r>>,
}

/// One thing that came out as expected, or not.
#[derive(Debug)]
pub(crate) struct Test<'r> {
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    /// Its file and line.
    pub(crate) place: Option<(&'r str, u32)>,
    /// How long was waited before it.
    pub(crate) waited: Option<&'r str>,
    pub(crate) principal: Option<&'r str>,
    /// The command, or the action with its resources.
    pub(crate) does: Option<String>,
    pub(crate) action: Option<&'r str>,
    pub(crate) resource: Option<&'r str>,
    /// `allowed`, `implicitDeny` or `explicitDeny`.
    pub(crate) decision: Option<&'r str>,
    /// What came of it, in a few words.
    pub(crate) found: String,
    /// What was to come of it.
    pub(crate) expected: Option<String>,
    /// AWS's words.
    pub(crate) message: Option<&'r str>,
    /// The statements that bear it out, or came near to.
    pub(crate) statements: Vec<Cited<'r>>,
    /// What no policy says but would have to.
    pub(crate) missing: Option<String>,
    /// The context keys policies ask for and the request does not have.
    pub(crate) absent: &'r [String],
    /// On which unknown context keys the answer depends, and how.
    pub(crate) dependence: Option<&'r Dependence>,
    /// Errors and warnings.
    pub(crate) findings: Vec<&'r Finding>,
    /// The way to the decision.
    pub(crate) explanation: Option<&'r ExplainedCheck>,
}

/// A statement and what it has to do with a test.
#[derive(Debug)]
pub(crate) struct Cited<'r> {
    /// `allowed by`, `denied by`, `near`.
    pub(crate) role: &'static str,
    /// What does not match, for one that came near.
    pub(crate) but: Option<String>,
    pub(crate) policy_type: &'r str,
    pub(crate) policy: &'r str,
    pub(crate) sid: Option<&'r str>,
    pub(crate) source: &'r Source,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) span: Span,
}

/// How many tests came out how.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) tests: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) errors: usize,
    pub(crate) unchecked: usize,
}

impl Kind {
    /// What a suite and a test are called.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Replay => ("scenario", "step"),
            Self::Evaluate => ("file", "case"),
            Self::Validate => ("file", "policy"),
            Self::Check => ("question", "check"),
        }
    }

    /// Of all of it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Replay => "Replayed scenarios",
            Self::Evaluate => "Evaluation cases",
            Self::Validate => "Validated policies",
            Self::Check => "May they?",
        }
    }
}

impl<'r> Results<'r> {
    pub(crate) fn tests(&self) -> impl Iterator<Item = &Test<'r>> {
        self.suites.iter().flat_map(|suite| &suite.tests)
    }

    pub(crate) fn count(&self) -> Count {
        Count::of(self.tests())
    }

    /// `2 scenarios, 7 steps`
    pub(crate) fn size(&self) -> String {
        let (suite, test) = self.kind.words();
        format!("{}, {}", counted(self.suites.len(), suite), counted(self.count().tests, test))
    }
}

impl Count {
    pub(crate) fn of<'t, 'r: 't>(tests: impl IntoIterator<Item = &'t Test<'r>>) -> Self {
        let mut count = Self::default();
        for test in tests {
            count.tests += 1;
            *match test.verdict {
                Verdict::Passed => &mut count.passed,
                Verdict::Failed => &mut count.failed,
                Verdict::Error => &mut count.errors,
                Verdict::Unchecked => &mut count.unchecked,
            } += 1;
        }
        count
    }

    /// `5 passed, 1 failed`, without what there is none of.
    pub(crate) fn words(self) -> String {
        let parts = [
            (self.passed, "passed"),
            (self.failed, "failed"),
            (self.errors, "could not be answered"),
            (self.unchecked, "without expectation"),
        ];
        let parts: Vec<_> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        parts.join(", ")
    }
}

impl<'r> Test<'r> {
    /// A test of which nothing is known yet but what came of it.
    fn new(name: String, verdict: Verdict, found: String) -> Self {
        Self {
            name,
            verdict,
            place: None,
            waited: None,
            principal: None,
            does: None,
            action: None,
            resource: None,
            decision: None,
            found,
            expected: None,
            message: None,
            statements: Vec::new(),
            missing: None,
            absent: &[],
            dependence: None,
            findings: Vec::new(),
            explanation: None,
        }
    }

    /// Whether it came out otherwise than expected, or not at all.
    pub(crate) fn is_bad(&self) -> bool {
        matches!(self.verdict, Verdict::Failed | Verdict::Error)
    }

    /// What came of it and what should have.
    pub(crate) fn outcome(&self) -> String {
        match &self.expected {
            Some(expected) if self.verdict == Verdict::Failed => {
                format!("{}, expected {expected}", self.found)
            }
            _ => self.found.clone(),
        }
    }

    /// Where it is written, who asks and what for, by name.
    pub(crate) fn about(&self) -> Vec<(&'static str, String)> {
        let place = self.place.map(|(file, line)| ("at", format!("{file}:{line}")));
        let principal = self.principal.map(|principal| ("as", principal.to_owned()));
        let does = self.does.clone().map(|does| ("does", does));
        [place, principal, does].into_iter().flatten().collect()
    }

    /// What would have to be there, by name.
    pub(crate) fn lacks(&self) -> Vec<(&'static str, String)> {
        let missing = self.missing.clone().map(|missing| ("missing", missing));
        let absent = (!self.absent.is_empty()).then(|| ("absent", self.absent.join(", ")));
        let unknown =
            self.dependence.map(|dependence| ("unknown", dependence.unknown_context_keys.join(", ")));
        missing.into_iter().chain(absent).chain(unknown).collect()
    }

    /// What it was about and what decided, by name.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = self.about();
        let is_near = |cited: &&Cited<'_>| cited.but.is_some();
        let decisive = self.statements.iter().filter(|cited| !is_near(cited));
        facts.extend(decisive.map(|cited| (cited.role, cited.place())));
        let (missing, absent) =
            self.lacks().into_iter().partition::<Vec<_>, _>(|(name, _)| *name == "missing");
        facts.extend(missing);
        facts.extend(self.statements.iter().filter(is_near).map(|cited| {
            let but = cited.but.as_deref().unwrap_or_default();
            (cited.role, format!("{}: all but {but}", cited.place()))
        }));
        facts.extend(absent);
        facts
    }

    /// All there is to say beside the outcome, as plain lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.message.iter().map(|message| (*message).to_owned()).collect();
        lines.extend(self.facts().into_iter().map(|(name, text)| format!("{name}: {text}")));
        lines.extend(self.findings.iter().map(|finding| finding_line(finding)));
        lines
    }
}

impl<'r> Cited<'r> {
    fn new(role: &'static str, statement: &'r MatchedStatement) -> Self {
        Self {
            role,
            but: None,
            policy_type: statement.policy_type,
            policy: &statement.policy,
            sid: statement.sid.as_deref(),
            source: &statement.source,
            line: statement.line,
            column: statement.column,
            span: statement.span,
        }
    }

    /// One that matches but for an element.
    fn near(but: String, statement: &'r MatchedStatement) -> Self {
        Self { but: Some(but), ..Self::new("near", statement) }
    }

    /// Whether it stands in a file. AWS managed policies do not, nor do those of a command's flags.
    pub(crate) fn has_file(&self) -> bool {
        !self.source.path().is_empty() && !self.source.path().starts_with("arn:")
    }

    /// Whether there are lines to show: the text of a file of cases is not kept.
    pub(crate) fn has_lines(&self) -> bool {
        self.has_file() && !self.source.text().is_empty()
    }

    /// `bucket.json:4:5 Sid (resource-based)`
    pub(crate) fn place(&self) -> String {
        let Self { policy_type, policy, line, column, .. } = self;
        let sid = self.sid.map(|sid| format!(" {sid}")).unwrap_or_default();
        match self.source.path() {
            path if self.has_file() => format!("{path}:{line}:{column}{sid} ({policy_type})"),
            "" => format!("{policy}{sid} ({policy_type})"),
            arn => format!("{arn}{sid} ({policy_type})"),
        }
    }

    /// The lines of the statement, numbered as in the file.
    pub(crate) fn excerpt(&self) -> Vec<(u32, &'r str)> {
        /// A statement that is longer is not read to its end.
        const LINES: usize = 30;
        if !self.has_lines() {
            return Vec::new();
        }
        let end = self.source.position(self.span.end.max(self.span.start + 1) - 1).line;
        let before = self.source.lines_before();
        let numbered = (before + 1..).zip(self.source.text().lines());
        numbered.filter(|(number, _)| (self.line..=end).contains(number)).take(LINES).collect()
    }
}

/// `warning[code]: what is wrong (file:line:column)`
fn finding_line(finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let position = finding.position();
    let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!(
        "{}[{}]: {}{help} ({}:{}:{})",
        diagnostic.severity.as_str(),
        diagnostic.code,
        diagnostic.message,
        finding.source.path(),
        position.line,
        position.column
    )
}

/// `1 step`, `2 steps`, `3 policies`
pub(crate) fn counted(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {word}s"),
    }
}

/// `implicitDeny (identity-based)`
pub(crate) fn decision(decision: &str, policy_type: Option<&str>) -> String {
    match policy_type.filter(|_| decision != "allowed") {
        Some(policy_type) => format!("{decision} ({policy_type})"),
        None => decision.to_owned(),
    }
}

/// What would have to be there for an implicit deny not to be.
fn missing(policy_type: Option<&str>, action: Option<&str>, resource: Option<&str>) -> Option<String> {
    let policy_type = policy_type?;
    let found = PolicyType::ALL.into_iter().find(|known| known.as_str() == policy_type);
    let phrase = found.map_or(policy_type, |known| known.phrase());
    let article = if phrase.starts_with('i') { "an" } else { "a" };
    let (action, resource) = (action.unwrap_or("the call"), resource.unwrap_or("*"));
    Some(format!("{article} {phrase} that allows {action} on {resource}"))
}

/// An expectation on one line.
pub(crate) fn expectation(expected: &Expectation) -> String {
    let mut parts = Vec::new();
    match (&expected.decision, &expected.error) {
        (Some(decision), _) => parts.push(decision.as_str().to_owned()),
        (None, Some(ExpectedError::Code(code))) => parts.push(format!("the error {code}")),
        (None, Some(ExpectedError::Any(true))) => parts.push("an error".to_owned()),
        (None, _) => {}
    }
    parts.extend(expected.by.map(|by| format!("by {by}")));
    parts.extend(expected.kind.map(|kind| format!("of kind {kind}")));
    parts.extend(expected.message.as_ref().map(|message| format!("saying \"{message}\"")));
    parts.join(" ")
}

/// Text without line breaks and their backslashes.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ")
}
