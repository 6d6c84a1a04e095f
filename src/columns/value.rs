//! What a cell holds, how it compares and how it is written.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::units::{self, Unit, UnitStyle};

/// A value in base units, as it is compared, exported and formatted.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// The kernel did not say: shown as "—", never as 0.
    Unknown,
    /// A whole number: bytes, threads, ids.
    Count(u64),
    /// A whole number that may be negative: nice.
    Signed(i64),
    /// A share (0…1 is 0…100 %), a rate, seconds.
    Real(f64),
    /// Words.
    Text(Cow<'a, str>),
}

impl Value<'_> {
    /// The number, if it is one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "53 bits tell any two memory sizes apart")]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Unknown | Self::Text(_) => None,
            Self::Count(value) => Some(*value as f64),
            Self::Signed(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
        }
    }

    /// Appends the value as a person reads it.
    pub fn write(&self, unit: Unit, style: &UnitStyle, out: &mut String) {
        match self {
            Self::Unknown => out.push_str(units::UNKNOWN),
            Self::Count(value) => units::format(unit, *value, style, out),
            Self::Real(value) => units::format(unit, *value, style, out),
            Self::Text(text) => out.push_str(text),
            Self::Signed(value) => {
                // A minus sign as long as a plus sign, so that signed columns stand straight.
                if *value < 0 {
                    out.push('\u{2212}');
                }
                units::format(unit, value.unsigned_abs(), style, out);
            }
        }
    }

    /// Ascending order; unknown is less than everything, and [`compare`] keeps it last both ways.
    fn ascending(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Unknown, Self::Unknown) => Ordering::Equal,
            (Self::Unknown, _) => Ordering::Less,
            (_, Self::Unknown) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => compare_text(a, b),
            (Self::Text(_), _) => Ordering::Greater,
            (_, Self::Text(_)) => Ordering::Less,
            (Self::Count(a), Self::Count(b)) => a.cmp(b),
            (Self::Signed(a), Self::Signed(b)) => a.cmp(b),
            (a, b) => a.number().partial_cmp(&b.number()).unwrap_or(Ordering::Equal),
        }
    }
}

/// Order for the table: unknown last in both directions.
#[must_use]
pub fn compare(a: &Value<'_>, b: &Value<'_>, descending: bool) -> Ordering {
    match (a == &Value::Unknown, b == &Value::Unknown) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) if descending => b.ascending(a),
        (false, false) => a.ascending(b),
    }
}

/// Words as people sort them: case does not matter before all else is equal.
fn compare_text(a: &str, b: &str) -> Ordering {
    let folded = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
    if a.len() <= 64 && b.len() <= 64 {
        let fold = |text: &str, i: usize| text.as_bytes().get(i).map(u8::to_ascii_lowercase);
        let common = a.len().min(b.len());
        let first = (0..common).map(|i| fold(a, i).cmp(&fold(b, i))).find(|order| order.is_ne());
        return first.unwrap_or_else(|| a.len().cmp(&b.len())).then_with(|| a.cmp(b));
    }
    folded(a).cmp(&folded(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_last_in_both_directions() {
        let (unknown, one, two) = (Value::Unknown, Value::Count(1), Value::Real(2.0));
        for descending in [false, true] {
            assert_eq!(compare(&unknown, &one, descending), Ordering::Greater);
            assert_eq!(compare(&one, &unknown, descending), Ordering::Less);
        }
        assert_eq!(compare(&one, &two, false), Ordering::Less);
        assert_eq!(compare(&one, &two, true), Ordering::Greater);
    }

    #[test]
    fn words_sort_without_regard_to_case() {
        let order = |a: &str, b: &str| compare_text(a, b);
        assert_eq!(order("Xorg", "zsh"), Ordering::Less);
        assert_eq!(order("bash", "Bash"), Ordering::Greater);
        assert_eq!(order("bash", "bashful"), Ordering::Less);
        let (long_a, long_b) = ("a".repeat(100), "A".repeat(101));
        assert_eq!(order(&long_a, &long_b), Ordering::Less);
    }
}
