//! The list of codes against the fixtures.

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_code_has_a_fixture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policies/invalid");
    let names =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let shown: BTreeSet<String> = names.map(|name| name.split('.').next().unwrap().to_owned()).collect();
    let known: BTreeSet<String> = iamsim_syntax::code::ALL.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(shown, known);
}
