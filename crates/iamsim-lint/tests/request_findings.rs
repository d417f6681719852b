//! The page on findings about requests lists every code.

use std::fs;
use std::path::Path;

use iamsim_lint::REQUEST_CODES;

#[test]
fn the_page_lists_every_code_in_alphabetical_order() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/reference/request-findings.md");
    let page = fs::read_to_string(path).unwrap();
    let table = page.split_once("| Code |").unwrap().1;
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.collect::<Vec<_>>(), REQUEST_CODES);
    assert!(REQUEST_CODES.is_sorted());
}
