//! What both programs say when their arguments cannot be followed: one line, and the status for it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::names::display_name;

/// The machine cannot be read, the window not opened, or the output not written.
pub const FAILED: u8 = 1;
/// The arguments cannot be followed.
pub const USAGE: u8 = 2;

/// One line on standard error, whatever is in the message.
pub fn fail(program: &str, status: u8, message: &str) -> ExitCode {
    // Nobody may be listening there either.
    let _ = writeln!(io::stderr(), "{program}: {}", display_name(message.as_bytes()));
    ExitCode::from(status)
}

/// Prints help where it was asked for; else says in one line what is wrong.
pub fn refuse(program: &str, error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                fail(program, FAILED, &format!("standard output: {error}"))
            }
            _ => ExitCode::SUCCESS,
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let hint = format!("no command given; try \"{program} once\" or \"{program} --help\"");
            fail(program, USAGE, &hint)
        }
        _ => fail(program, USAGE, &one_line(error)),
    }
}

/// The first paragraph says what is wrong, those after it how to use the program.
fn one_line(error: &clap::Error) -> String {
    let message = error.render().to_string();
    let lines = message.lines().map(str::trim).take_while(|line| !line.is_empty());
    let message = lines.collect::<Vec<_>>().join(" ");
    message.strip_prefix("error: ").map_or_else(|| message.clone(), str::to_owned)
}
