//! `/proc/[pid]/cmdline`: the arguments, which the process itself may overwrite, proc_pid_cmdline(5).

use super::text;

/// The arguments, program first; empty ones in between are kept. Nothing for kernel threads and zombies.
///
/// A process that writes a title over its arguments (setproctitle(3)) leaves one text with spaces, either
/// padded with NULs or running on without one; it is handed out as one argument.
#[must_use]
pub fn arguments(bytes: &[u8]) -> Arguments<'_> {
    let whole =
        if is_title(bytes) { without_padding(bytes) } else { bytes.strip_suffix(b"\0").unwrap_or(bytes) };
    Arguments { rest: (!bytes.is_empty()).then_some(whole) }
}

/// See [`arguments`].
#[derive(Debug, Clone)]
pub struct Arguments<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Arguments<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        match text::split_at_byte(rest, b'\0') {
            Some((argument, behind)) => {
                self.rest = Some(behind);
                Some(argument)
            }
            None => self.rest.take(),
        }
    }
}

/// The arguments as one text: a space between them, nothing for NULs at the end. A run of NULs, which is an
/// empty argument or what an overwritten title left, is one space.
#[must_use]
pub fn joined(bytes: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(bytes.len());
    for argument in bytes.split(|byte| *byte == b'\0').filter(|argument| !argument.is_empty()) {
        if !line.is_empty() {
            line.push(b' ');
        }
        line.extend_from_slice(argument);
    }
    line
}

/// Whether this is one text with spaces that is not closed by exactly one NUL, as execve(2) would leave it.
fn is_title(bytes: &[u8]) -> bool {
    let title = without_padding(bytes);
    let padding = bytes.len() - title.len();
    padding != 1 && title.contains(&b' ') && !title.contains(&b'\0')
}

fn without_padding(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != b'\0').map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<&[u8]> {
        arguments(bytes).collect()
    }

    #[test]
    fn arguments_are_closed_by_nul() {
        assert_eq!(all(b""), [&b""[..]; 0]);
        assert_eq!(all(b"cat\0-v\0"), [&b"cat"[..], b"-v"]);
        assert_eq!(all(b"cat\0\0a b\0"), [&b"cat"[..], b"", b"a b"]);
        assert_eq!(all(b"cat\0\0"), [&b"cat"[..], b""]);
        assert_eq!(all(b"\0"), [b""]);
        assert_eq!(all(b"\xff\n\0"), [b"\xff\n"]);
        assert_eq!(all(b"my program\0"), [b"my program"]);
    }

    #[test]
    fn a_title_is_one_argument() {
        assert_eq!(all(b"nginx: worker process\0\0\0\0\0"), [b"nginx: worker process"]);
        assert_eq!(all(b"sshd: anna [priv]"), [b"sshd: anna [priv]"]);
    }

    #[test]
    fn joined_has_single_spaces_and_no_padding() {
        assert_eq!(joined(b"cat\0-v\0"), b"cat -v");
        assert_eq!(joined(b"nginx: worker process\0\0\0\0\0"), b"nginx: worker process");
        assert_eq!(joined(b"postgres: idle\0\0\0rest\0\0"), b"postgres: idle rest");
        assert_eq!(joined(b"\0\0"), b"");
        assert_eq!(joined(b""), b"");
    }
}
