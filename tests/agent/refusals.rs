//! Arguments that cannot be followed, and outputs that take nothing.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use super::{FORMATS, Scratch, agent, run};

/// Runs WORDS, which cannot be followed, and returns the one line that says why.
fn refused<W: AsRef<OsStr> + std::fmt::Debug>(words: &[W], status: i32) -> String {
    let output = run(words);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{words:?}: {errors}");
    assert!(output.stdout.is_empty(), "{words:?}: {}", String::from_utf8_lossy(&output.stdout));
    assert!(errors.starts_with("gnomon-agent: ") && errors.ends_with('\n'), "{words:?}: {errors:?}");
    assert_eq!(errors.lines().count(), 1, "{words:?}: {errors}");
    assert!(!errors.trim_end().chars().any(char::is_control), "{words:?}: {errors:?}");
    errors
}

#[test]
fn arguments_that_cannot_be_followed_are_named_in_one_line() {
    let scratch = Scratch::new("refused");
    let empty = scratch.0.to_str().unwrap();
    let file = scratch.0.join("file");
    File::create(&file).unwrap();
    let file = file.to_str().unwrap();
    let cases: [(&[&str], &[&str]); 18] = [
        (&[], &["gnomon-agent once", "--help"]),
        (&["twice"], &["twice"]),
        (&["once", "stray"], &["stray"]),
        (&["once", "--colour"], &["--colour"]),
        (&["once", "--format", "xml"], &["xml", "--format", "text", "json", "csv"]),
        (&["once", "--format"], &["--format"]),
        (&["once", "--columns", "pid,colour"], &["colour", "--columns", "pid", "memory"]),
        (&["once", "--columns", "pid,,name"], &["--columns"]),
        (&["once", "--columns", ""], &["--columns"]),
        (&["once", "--sort", "colour"], &["colour", "--sort"]),
        (&["once", "--sort", "--cpu"], &["--cpu", "--sort"]),
        (&["once", "--over", "-1"], &["-1", "--over"]),
        (&["once", "--over", "soon"], &["soon", "--over"]),
        (&["once", "--over", "nan"], &["nan", "--over"]),
        (&["once", "--format", "json", "--format", "csv"], &["--format"]),
        (&["once", "--root", "/no/such/directory"], &["--root", "/no/such/directory", "No such file"]),
        (&["once", "--root", empty], &["--root", empty, "proc"]),
        (&["once", "--root", file], &["--root", file, "Not a directory"]),
    ];
    for (words, named) in cases {
        let line = refused(words, 2);
        for name in named {
            assert!(line.contains(name), "{words:?}: {name:?} is not in {line:?}");
        }
    }
}

#[test]
fn hostile_arguments_do_nothing_to_the_terminal() {
    let hostile = OsStr::from_bytes(b"a\n\n\x1b]0;title\x07\xff\xe2\x80\xae");
    let shown = "a\\n\\n\\x1b]0;title\\x07\\xff\\u{202e}";
    for option in ["--format", "--columns", "--sort", "--over", "--root"] {
        let line = refused(&[OsStr::new("once"), OsStr::new(option), hostile], 2);
        // A path is not valid UTF-8 either, and its bytes are lost in the message of the library.
        let shown = if option == "--root" { "a\\n\\n\\x1b]0;title\\x07" } else { shown };
        assert!(line.contains(option) && line.contains(shown), "{line:?}");
    }
    assert!(refused(&[OsStr::new("once"), hostile], 2).contains(shown));
}

#[test]
fn help_and_version_are_no_errors() {
    for words in [&["--help"][..], &["-h"], &["--version"], &["-V"], &["once", "--help"], &["once", "-h"]] {
        let output = run(words);
        assert!(output.status.success() && output.stderr.is_empty(), "{words:?}");
        assert!(!output.stdout.is_empty(), "{words:?}");
    }
    assert_eq!(
        run(&["--version"]).stdout,
        format!("gnomon-agent {}\n", env!("CARGO_PKG_VERSION")).as_bytes()
    );
}

#[test]
fn an_output_that_nobody_reads_is_no_error() {
    // More than fits into any buffer on the way.
    let columns = ["name"; 400].join(",");
    for format in FORMATS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = agent()
            .args(["once", "--over", "0", "--format", format, "--columns", &columns])
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{format}: {}: {errors}", output.status);
    }
}

#[test]
fn an_output_that_takes_no_more_is_an_error() {
    let columns = ["name"; 400].join(",");
    for format in FORMATS {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = agent();
        command.args(["once", "--over", "0", "--format", format, "--columns", &columns]).stdout(full);
        let output = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(errors, "gnomon-agent: standard output: No space left on device (os error 28)\n");
    }
}
