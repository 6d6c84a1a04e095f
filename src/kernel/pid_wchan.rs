//! `/proc/[pid]/wchan`: where in the kernel a process sleeps, proc_pid_wchan(5).

/// The kernel function; `None` while it runs ("0") and where the kernel does not say.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<&[u8]> {
    match bytes.trim_ascii() {
        b"" | b"0" => None,
        function => Some(function),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_function_of_a_sleeper() {
        assert_eq!(parse(b"do_epoll_wait"), Some(&b"do_epoll_wait"[..]));
        assert_eq!(parse(b"0"), None);
        assert_eq!(parse(b""), None);
    }
}
