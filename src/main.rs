//! Gnomon, the desktop program: the command line, then the window.

mod cli;
mod ui;

use clap::Parser;

fn main() -> std::process::ExitCode {
    match cli::Arguments::try_parse() {
        Ok(arguments) => ui::run(arguments),
        Err(error) => gnomon::command_line::refuse(cli::PROGRAM, &error),
    }
}
