//! JUnit XML, which CI servers show as test results.
//!
//! Source: <https://docs.gitlab.com/ci/testing/unit_test_reports/>, <https://github.com/testmoapp/junitxml>

use std::io::{self, Write};

use iamsim_scenario::report::Verdict;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite, XmlString};

use crate::render::Exporter;
use crate::render::results::{Results, Suite, Test};

pub(crate) struct Junit;

impl Exporter for Junit {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut report = Report::new("iamsim");
        report.add_test_suites(results.suites.iter().map(suite));
        let text = report.to_string().map_err(io::Error::other)?;
        out.write_all(text.as_bytes())
    }
}

fn suite(suite: &Suite<'_>) -> TestSuite {
    let mut written = TestSuite::new(suite.name);
    if let Some(file) = suite.file {
        written.extra.insert(XmlString::new("file"), XmlString::new(file));
    }
    if let Some(source) = suite.source {
        written.add_property(("source", source));
    }
    written.add_test_cases(suite.tests.iter().map(|test| case(suite, test)));
    written
}

fn case(suite: &Suite<'_>, test: &Test<'_>) -> TestCase {
    let mut status = match test.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Unchecked => TestCaseStatus::skipped(),
    };
    match test.verdict {
        Verdict::Passed => {}
        Verdict::Failed | Verdict::Error => {
            let kind = test.decision.unwrap_or("error");
            status.set_type(kind).set_message(test.outcome()).set_description(test.lines().join("\n"));
        }
        Verdict::Unchecked => {
            status.set_message(format!("{}; nothing was expected", test.found));
        }
    }
    let mut case = TestCase::new(test.name.as_str(), status);
    // What people group by; the file without a suite of that name would say nothing.
    case.set_classname(suite.name);
    if let Some((file, line)) = test.place {
        case.extra.insert(XmlString::new("file"), XmlString::new(file));
        case.extra.insert(XmlString::new("line"), XmlString::new(line.to_string()));
    }
    if test.verdict == Verdict::Passed && !test.findings.is_empty() {
        case.set_system_out(test.lines().join("\n"));
    }
    case
}
