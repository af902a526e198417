//! Writes the root modules that the benches measure into a folder: `generate_folders DIR COUNT`. To time whole
//! runs with.

#![allow(clippy::print_stderr)] // It is a program.

use std::path::Path;
use std::process::ExitCode;

#[path = "../benches/folders/mod.rs"]
mod folders;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(target), Some(count)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: generate_folders DIR COUNT");
        return ExitCode::FAILURE;
    };
    match write(Path::new(&target), count.parse().unwrap_or(0)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(target: &Path, count: usize) -> std::io::Result<()> {
    for number in 0..count {
        for (path, text) in folders::folder(number) {
            let path = target.join(path);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, text)?;
        }
    }
    Ok(())
}
