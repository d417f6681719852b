//! The formats of results and where each goes: `--format junit=report.xml,human`.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anstream::StripStream;
use anyhow::{Context, bail, ensure};
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};

use crate::render::{Exporter, github, html, junit, markdown, mermaid, sarif, tap};

/// A format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
    Report(ReportFormat),
}

/// A format that is made of [`Results`](crate::render::results::Results), the same for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReportFormat {
    Junit,
    Tap,
    Github,
    Sarif,
    Markdown,
    Html,
    Mermaid,
}

/// The formats that every command has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlainFormat {
    Human,
    Json,
}

/// Results in a format to a file; without one, to standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target<F = Format> {
    pub(crate) format: F,
    pub(crate) file: Option<PathBuf>,
}

/// The formats a command has, the one it uses when none is asked for first.
pub(crate) type Formats = &'static [Format];

/// What commands have that judge many things.
pub(crate) const PLAIN: Formats = &[Format::Human, Format::Json];

/// The formats for many judgements, after the two that each command puts first in its own order.
pub(crate) const fn judgements(first: Format, second: Format) -> [Format; 8] {
    [
        first,
        second,
        Format::Report(ReportFormat::Junit),
        Format::Report(ReportFormat::Tap),
        Format::Report(ReportFormat::Github),
        Format::Report(ReportFormat::Sarif),
        Format::Report(ReportFormat::Markdown),
        Format::Report(ReportFormat::Html),
    ]
}

impl Format {
    pub(crate) const ALL: [Self; 9] = [
        Self::Human,
        Self::Json,
        Self::Report(ReportFormat::Junit),
        Self::Report(ReportFormat::Tap),
        Self::Report(ReportFormat::Github),
        Self::Report(ReportFormat::Sarif),
        Self::Report(ReportFormat::Markdown),
        Self::Report(ReportFormat::Html),
        Self::Report(ReportFormat::Mermaid),
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Report(ReportFormat::Junit) => "junit",
            Self::Report(ReportFormat::Tap) => "tap",
            Self::Report(ReportFormat::Github) => "github",
            Self::Report(ReportFormat::Sarif) => "sarif",
            Self::Report(ReportFormat::Markdown) => "markdown",
            Self::Report(ReportFormat::Html) => "html",
            Self::Report(ReportFormat::Mermaid) => "mermaid",
        }
    }
}

impl ReportFormat {
    pub(crate) fn exporter(self) -> &'static dyn Exporter {
        match self {
            Self::Junit => &junit::Junit,
            Self::Tap => &tap::Tap,
            Self::Github => &github::Github,
            Self::Sarif => &sarif::Sarif,
            Self::Markdown => &markdown::Markdown,
            Self::Html => &html::Html,
            Self::Mermaid => &mermaid::Mermaid,
        }
    }
}

impl From<Format> for Option<PlainFormat> {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Some(PlainFormat::Human),
            Format::Json => Some(PlainFormat::Json),
            Format::Report(_) => None,
        }
    }
}

/// Reads a target; shells complete the names of formats.
#[derive(Debug, Clone)]
pub(crate) struct TargetParser;

impl TypedValueParser for TargetParser {
    type Value = Target;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Target, clap::Error> {
        Target::from_str.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::ALL.into_iter().map(|format| PossibleValue::new(format.as_str()))))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (text, None),
        };
        let format = Format::ALL.into_iter().find(|format| format.as_str() == name);
        let format = format
            .ok_or_else(|| format!("there is no format `{name}`; there are {}", names(&Format::ALL)))?;
        if file.is_some_and(str::is_empty) {
            return Err(format!("`{text}` names no file; `{name}` alone is standard output"));
        }
        Ok(Self { format, file: file.map(PathBuf::from) })
    }
}

/// What was asked for, when `command` can do it; what it usually does, when nothing was.
///
/// # Errors
/// A format the command does not have, and two results at one place.
pub(crate) fn targets(asked: &[Target], command: &str, formats: Formats) -> anyhow::Result<Vec<Target>> {
    for (number, target) in asked.iter().enumerate() {
        let name = target.format.as_str();
        ensure!(
            formats.contains(&target.format),
            "`iamsim {command}` has no format `{name}`; it has {}",
            names(formats)
        );
        let earlier = asked.iter().take(number).find(|earlier| earlier.file == target.file);
        let Some(earlier) = earlier else { continue };
        let earlier = earlier.format.as_str();
        match &target.file {
            Some(file) => bail!("`{earlier}` and `{name}` cannot both be written to `{}`", file.display()),
            None => bail!(
                "`{earlier}` and `{name}` cannot both go to standard output; write one to a file, as in `{name}=FILE`"
            ),
        }
    }
    if asked.is_empty() {
        let usual = formats.first().copied().unwrap_or(Format::Human);
        return Ok(vec![Target { format: usual, file: None }]);
    }
    Ok(asked.to_vec())
}

/// The same for a command that has no formats of its own.
pub(crate) fn plain_targets(asked: &[Target], command: &str) -> anyhow::Result<Vec<Target<PlainFormat>>> {
    let plain = |target: Target| {
        let format = Option::<PlainFormat>::from(target.format)?;
        Some(Target { format, file: target.file })
    };
    Ok(targets(asked, command, PLAIN)?.into_iter().filter_map(plain).collect())
}

impl<F> Target<F> {
    /// Where to write. Files have no colours.
    pub(crate) fn open(&self) -> anyhow::Result<Box<dyn Write>> {
        Ok(match &self.file {
            None => Box::new(BufWriter::new(anstream::stdout().lock())),
            Some(path) => Box::new(BufWriter::new(StripStream::new(create(path)?))),
        })
    }

    /// Where to write what has no colours by itself, as JSON: nothing is taken out on the way.
    pub(crate) fn open_plain(&self) -> anyhow::Result<Box<dyn Write>> {
        Ok(match &self.file {
            None => Box::new(BufWriter::new(io::stdout().lock())),
            Some(path) => Box::new(BufWriter::new(create(path)?)),
        })
    }

    /// Opens, writes and makes sure that all is written.
    pub(crate) fn write(&self, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        let mut out = self.open()?;
        print(&mut *out)?;
        Ok(out.flush()?)
    }
}

fn create(path: &Path) -> anyhow::Result<File> {
    File::create(path).with_context(|| format!("cannot write `{}`", path.display()))
}

fn names(formats: &[Format]) -> String {
    let names: Vec<_> = formats.iter().map(|format| format.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_format_and_perhaps_a_file() {
        let check = |text: &str, format, file: Option<&str>| {
            let expected = Target { format, file: file.map(PathBuf::from) };
            assert_eq!(text.parse::<Target>(), Ok(expected));
        };
        check("human", Format::Human, None);
        check("junit=out/report.xml", Format::Report(ReportFormat::Junit), Some("out/report.xml"));
        check("html=a=b.html", Format::Report(ReportFormat::Html), Some("a=b.html"));
        assert!("junit=".parse::<Target>().unwrap_err().contains("names no file"));
        assert!("xml".parse::<Target>().unwrap_err().contains("there are human, json, junit"));
    }

    #[test]
    fn every_format_is_known_by_its_name() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse::<Target>().map(|target| target.format), Ok(format));
        }
    }
}
