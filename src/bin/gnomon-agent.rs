//! Gnomon without a display: samples the same facts for scripts and terminals.
//!
//! Exit status: 0 printed (or whoever read it had seen enough); 1 the machine cannot be read or the output
//! not written; 2 the arguments cannot be followed, a `--root` that holds no machine included. A failure is
//! one line on standard error, and nothing on standard output.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use gnomon::columns::{self, COLUMNS, Column, View};
use gnomon::command_line::{FAILED, USAGE, fail, refuse};
use gnomon::names::display_name;
use gnomon::report;
use gnomon::sample::{Demand, Needs, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::{Source, SourceError};
use gnomon::table::SortBy;

/// Name of the program in its messages.
const PROGRAM: &str = "gnomon-agent";

/// Gnomon's sampler for machines and moments without a display.
#[derive(Debug, Parser)]
#[command(name = PROGRAM, version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take one look at the machine and print it
    Once(Once),
}

#[derive(Debug, clap::Args)]
struct Once {
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Read the machine whose proc, sys and etc lie below this directory
    #[arg(long, value_name = "DIR", default_value = "/")]
    root: PathBuf,
    /// Columns of the processes, by id and separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',', value_parser = column)]
    columns: Vec<&'static Column>,
    /// Sort by this column; a leading minus puts the largest first
    #[arg(long, value_name = "ID", default_value = "-cpu", value_parser = sort, allow_hyphen_values = true)]
    sort: SortBy,
    /// Seconds between the two samples that rates are taken over; 0 prints no rates
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0.5,
        value_parser = seconds,
        allow_negative_numbers = true
    )]
    over: f64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Tables for people
    Text,
    /// One object with raw numbers in base units
    Json,
    /// The processes, a line each
    Csv,
}

fn column(id: &str) -> Result<&'static Column, String> {
    Column::by_id(id).ok_or_else(|| {
        let known: Vec<_> = COLUMNS.iter().map(|column| column.id).collect();
        format!("no such column; there are {}", known.join(", "))
    })
}

fn sort(word: &str) -> Result<SortBy, String> {
    let (descending, id) = word.strip_prefix('-').map_or((false, word), |id| (true, id));
    Ok(SortBy { column: column(id)?, descending })
}

fn seconds(word: &str) -> Result<f64, String> {
    match word.parse() {
        Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("not a number of seconds from 0 to 3600".to_owned()),
    }
}

/// What went wrong after the arguments were understood.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("--root: {0}")]
    Root(SourceError),
    #[error("{0}")]
    Source(#[from] SourceError),
    #[error("standard output: {0}")]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    let Arguments { command: Command::Once(once) } = match arguments(std::env::args_os().collect()) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(PROGRAM, &error),
    };
    match print_once(&once) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough: `gnomon-agent once | head`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error @ Failure::Root(_)) => fail(PROGRAM, USAGE, &error.to_string()),
        Err(error) => fail(PROGRAM, FAILED, &error.to_string()),
    }
}

fn arguments(words: Vec<OsString>) -> Result<Arguments, clap::Error> {
    let parse = |words: Vec<OsString>| {
        let command = Arguments::command().mut_subcommand("once", |once| once.after_long_help(column_help()));
        Arguments::from_arg_matches(&command.try_get_matches_from(words)?)
    };
    // Errors quote the words: they are told about the words as they can be shown.
    let shown = words.iter().map(|word| display_name(word.as_bytes()).into_owned().into()).collect();
    parse(words).map_err(|error| parse(shown).err().unwrap_or(error))
}

fn column_help() -> String {
    let width = COLUMNS.iter().map(|column| column.id.len()).max().unwrap_or(0);
    let mut help = "Columns:".to_owned();
    for Column { id, description, .. } in COLUMNS {
        let _ = write!(help, "\n  {id:width$}  {description}");
    }
    help
}

fn print_once(once: &Once) -> Result<(), Failure> {
    let mut columns = once.columns.clone();
    if columns.is_empty() {
        columns.extend(COLUMNS.iter().filter(|column| column.by_default));
    }
    let mut needs = columns::needs_of(columns.iter().copied().chain([once.sort.column]));
    let mut sampler = Sampler::new(Source::open(&once.root).map_err(Failure::Root)?);
    match once.format {
        Format::Text => needs |= report::TEXT_NEEDS,
        Format::Json => needs |= report::JSON_NEEDS,
        Format::Csv => {}
    }
    if needs.contains(Needs::FILE_SYSTEMS) {
        sampler.wait_for_file_systems();
    }
    let demand = Demand::of_all(needs);
    let mut sample = sampler.tick(&demand)?;
    let mut before = None;
    // A captured machine stands still: a second look would only say that everything is idle.
    if once.over > 0.0 && sampler.source().is_live() {
        std::thread::sleep(Duration::from_secs_f64(once.over));
        before = Some(std::mem::replace(&mut sample, sampler.tick(&demand)?));
    }
    let snapshot = Snapshot::new(before.as_ref(), sample.into());
    let rows = report::sorted(&snapshot, once.sort, View::default());
    let mut out = io::BufWriter::new(io::stdout().lock());
    match once.format {
        Format::Text => report::text(&mut out, &snapshot, &columns, &rows)?,
        Format::Json => report::json(&mut out, &snapshot, &columns, &rows)?,
        Format::Csv => report::csv(&mut out, &columns, &rows)?,
    }
    Ok(out.flush()?)
}
