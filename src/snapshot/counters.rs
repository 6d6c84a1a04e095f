//! Growth of counters between two samples.

/// Growth of a counter per second; `None` at first sight and when it went back.
pub fn rate(before: Option<u64>, now: Option<u64>, seconds: f64) -> Option<f64> {
    per_second(now?.checked_sub(before?)?, seconds)
}

/// Growth of a counter that some kernels and drivers keep in 32 bits of `unit`: one wrap is corrected.
pub fn growth(before: Option<u64>, now: Option<u64>, unit: u64) -> Option<u64> {
    let (before, now, wrap) = (before?, now?, unit << 32);
    // A reset counter looks the same, but not when it stood in the last quarter of 32 bits.
    let wrapped = now < before && before < wrap && before > wrap / 4 * 3;
    if wrapped { Some(wrap - before + now) } else { now.checked_sub(before) }
}

/// A growth per second.
pub fn per_second(growth: u64, seconds: f64) -> Option<f64> {
    (seconds > 0.0).then(|| growth as f64 / seconds)
}

/// Finds in `before` what belongs to each of `now`, where both are mostly in the same order: one walk over
/// both, not a search for each.
pub struct Earlier<'a, T> {
    before: &'a [T],
    next: usize,
}

impl<'a, T> Earlier<'a, T> {
    /// A walk that has not begun.
    pub fn among(before: Option<&'a [T]>) -> Self {
        Self { before: before.unwrap_or_default(), next: 0 }
    }

    /// The one that is the same.
    pub fn find(&mut self, same: impl Fn(&T) -> bool) -> Option<&'a T> {
        let (seen, ahead) = self.before.split_at(self.next.min(self.before.len()));
        // Those ahead first: what came or went moves the others by a place.
        let found = ahead.iter().position(&same).map(|at| at + self.next);
        let found = found.or_else(|| seen.iter().position(&same))?;
        self.next = found + 1;
        self.before.get(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrap_is_corrected_and_a_reset_is_not() {
        assert_eq!(growth(Some(10), Some(25), 1), Some(15));
        assert_eq!(growth(Some((1 << 32) - 10), Some(5), 1), Some(15));
        assert_eq!(growth(Some(512 * ((1 << 32) - 10)), Some(512 * 5), 512), Some(512 * 15));
        assert_eq!(growth(Some(1 << 31), Some(5), 1), None, "too far from the end for a wrap");
        assert_eq!(growth(Some(1 << 33), Some(5), 1), None, "more than 32 bits never wrap");
        assert_eq!(growth(None, Some(5), 1), None);
        assert_eq!(rate(Some(5), Some(4), 1.0), None);
        assert_eq!(rate(Some(1), Some(4), 2.0), Some(1.5));
        assert_eq!(rate(Some(1), Some(4), f64::NAN), None);
    }

    #[test]
    fn the_same_is_found_whatever_came_or_went() {
        let before = [1, 2, 3, 4, 5];
        let mut earlier = Earlier::among(Some(&before[..]));
        let found: Vec<_> = [1, 9, 3, 2, 5].map(|now| earlier.find(|&then| then == now).copied()).into();
        assert_eq!(found, [Some(1), None, Some(3), Some(2), Some(5)]);
        assert_eq!(Earlier::among(None).find(|_: &u8| true), None);
    }
}
