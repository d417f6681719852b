//! Writes a large world and questions about it to a folder, to try `iamsim evaluate --world` on:
//! `large_world FOLDER PRINCIPALS REQUESTS`.

use std::io;
use std::path::Path;

use iamsim_benches::large_world;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("usage: large_world FOLDER PRINCIPALS REQUESTS");
        return Ok(());
    };
    let mut number =
        |usual: usize| -> usize { arguments.next().and_then(|text| text.parse().ok()).unwrap_or(usual) };
    large_world::write(Path::new(&folder), number(10_000), number(100_000))
}
