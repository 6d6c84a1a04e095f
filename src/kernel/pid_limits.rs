//! `/proc/[pid]/limits`: resource limits, proc_pid_limits(5).

use serde::Serialize;

use super::text;

/// Where the kernel starts the second column: "`%-25s %-20s %-20s %-10s`", `fs/proc/base.c`. Names hold
/// spaces and units may be empty, so the columns cannot be told apart by spaces alone.
const NAME_WIDTH: usize = 26;

/// One resource limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PidLimit<'a> {
    /// "Max open files".
    pub name: &'a [u8],
    /// What holds now; `None` if unreadable.
    pub soft: Option<Limit>,
    /// How far the process may raise it itself; `None` if unreadable.
    pub hard: Option<Limit>,
    /// "files", "bytes", "us"…; `None` for priorities, which have none.
    pub unit: Option<&'a [u8]>,
}

/// The height of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Limit {
    /// No limit.
    Unlimited,
    /// This many of the unit.
    Value(u64),
}

/// The limits, in the kernel's order.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = PidLimit<'_>> {
    text::lines(bytes).filter_map(|line| {
        let (name, rest) = line.split_at_checked(NAME_WIDTH)?;
        let name = name.trim_ascii();
        if name.is_empty() || name == b"Limit" {
            return None;
        }
        let mut fields = text::fields(rest);
        let soft = fields.next().and_then(limit);
        let hard = fields.next().and_then(limit);
        Some(PidLimit { name, soft, hard, unit: fields.next() })
    })
}

fn limit(text: &[u8]) -> Option<Limit> {
    match text {
        b"unlimited" => Some(Limit::Unlimited),
        _ => text::number(text).map(Limit::Value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_columns_by_place() {
        let file = b"Limit                     Soft Limit           Hard Limit           Units     \n\
            Max cpu time              unlimited            18446744073709551614 seconds   \n\
            Max nice priority         0                    x                    \n\
            short\n";
        let limits: Vec<_> = parse(file).collect();
        let expected = [
            PidLimit {
                name: b"Max cpu time",
                soft: Some(Limit::Unlimited),
                hard: Some(Limit::Value(u64::MAX - 1)),
                unit: Some(b"seconds"),
            },
            PidLimit { name: b"Max nice priority", soft: Some(Limit::Value(0)), hard: None, unit: None },
        ];
        assert_eq!(limits, expected);
    }
}
