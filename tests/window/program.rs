//! The command line: mistakes end in one line that names them.

use std::process::Output;

use crate::harness::child::command;

/// Runs the program where there is no display.
fn run(arguments: &[&str]) -> Output {
    command(env!("CARGO_BIN_EXE_gnomon")).args(arguments).output().expect("gnomon")
}

/// Its status and the only line that it prints.
#[track_caller]
fn complaint(arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(arguments);
    let error = String::from_utf8(output.stderr).expect("words");
    assert!(output.stdout.is_empty(), "{:?}", output.stdout);
    assert_eq!(error.lines().count(), 1, "not one line: {error}");
    (output.status.code(), error)
}

#[test]
fn a_wrong_word_ends_in_2_and_one_line() {
    let (code, line) = complaint(&["--nonsense"]);
    assert!(line.contains("--nonsense"), "{line}");
    assert_eq!(code, Some(2));
}

#[test]
fn a_root_that_is_not_there_ends_in_2_and_its_name() {
    let (code, line) = complaint(&["--root", "/nowhere/at/all"]);
    assert!(line.contains("/nowhere/at/all"), "{line}");
    assert_eq!(code, Some(2), "as gnomon-agent does: the argument cannot be followed");
}

#[test]
fn without_a_display_it_says_so() {
    let (code, line) = complaint(&[]);
    assert!(line.contains("display"), "{line}");
    assert_eq!(code, Some(1));
}

#[test]
fn help_and_version_go_to_standard_output() {
    for word in ["--help", "--version"] {
        let output = run(&[word]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && said.contains("gnomon") && output.stderr.is_empty(),
            "{word}: {said}"
        );
    }
}
