//! `iamsim schema`.

use std::io::Write;

use clap::ValueEnum;
use iamsim_scenario::schema;
use serde_json::Value;

use crate::exit::Exit;
use crate::render::{explain, json};

const EXAMPLES: &str = "\
Examples:
  iamsim schema scenario > scenario.schema.json

Editors with the YAML language server complete and check a file that begins with
  # yaml-language-server: $schema=scenario.schema.json";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Schema {
    /// Of what
    #[arg(value_enum, value_name = "NAME")]
    of: Of,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Files: `*.world.yaml`
    World,
    /// Files: `*.scenario.yaml`
    Scenario,
    /// Files: `*.eval.yaml`, and each line of `*.eval.jsonl`
    EvaluationCase,
    /// What `replay --format json` prints
    ReplayReport,
    /// What `evaluate` prints for each case
    EvaluateAnswer,
    /// What `check --format json` prints
    CheckReport,
    /// What `validate --format json` prints
    ValidateReport,
}

pub(crate) fn run(args: &Schema) -> anyhow::Result<Exit> {
    let mut out = anstream::stdout().lock();
    json::document(&document(args.of), &mut out)?;
    out.flush()?;
    Ok(Exit::AsExpected)
}

fn document(of: Of) -> Value {
    match of {
        Of::World => schema::world(),
        Of::Scenario => schema::scenario(),
        Of::EvaluationCase => schema::evaluation_case(),
        Of::ReplayReport => schema::replay_report(),
        Of::EvaluateAnswer => schema::evaluate_answer(),
        Of::CheckReport => schema::of_report::<explain::CheckReport>(),
        Of::ValidateReport => schema::of_report::<json::ValidateReport>(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::{env, fs};

    use super::*;

    /// `IAMSIM_BLESS=1` writes what is published.
    #[test]
    fn what_is_published_is_what_is_printed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/schema");
        for of in Of::value_variants() {
            let name = of.to_possible_value().unwrap();
            let path = folder.join(format!("{}.schema.json", name.get_name()));
            let mut printed = Vec::new();
            json::document(&document(*of), &mut printed).unwrap();
            if env::var_os("IAMSIM_BLESS").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&path, &printed).unwrap();
            }
            let published = fs::read(&path).unwrap_or_default();
            assert!(
                published == printed,
                "{} is out of date: run this test with IAMSIM_BLESS=1",
                path.display()
            );
        }
    }
}
