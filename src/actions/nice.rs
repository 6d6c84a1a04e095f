//! Nice values and their names in words.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A nice value, −20 (most favoured) to 19 (least): sched(7).
///
/// The kernel silently clamps what lies outside, so that a slip would look like a success; this cannot hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "i8", into = "i8")]
pub struct Nice(i8);

/// A named nice value, as the Change Priority menu offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priority {
    /// Stable name for settings and menu actions.
    pub id: &'static str,
    /// In words, header capitalised.
    pub title: &'static str,
    /// What choosing it sets.
    pub nice: Nice,
    /// The nicest value that still goes by this title.
    nicest: i8,
}

/// From most to least favoured. Each title covers the values from just after the one before it to its own.
pub static PRIORITIES: &[Priority] = &[
    Priority { id: "very-high", title: "Very High", nice: Nice(-20), nicest: -8 },
    Priority { id: "high", title: "High", nice: Nice(-5), nicest: -3 },
    Priority { id: "normal", title: "Normal", nice: Nice(0), nicest: 2 },
    Priority { id: "low", title: "Low", nice: Nice(5), nicest: 6 },
    Priority { id: "very-low", title: "Very Low", nice: Nice(19), nicest: 19 },
];

impl Nice {
    /// The most favoured value.
    pub const MIN: Self = Self(-20);
    /// The least favoured value.
    pub const MAX: Self = Self(19);

    /// The nice value `value`, if it is one.
    #[must_use]
    pub fn new(value: i8) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&value).then_some(Self(value))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i8 {
        self.0
    }

    /// One step less favoured, up to [`Nice::MAX`].
    #[must_use]
    pub fn nicer(self) -> Self {
        Self((self.0 + 1).min(Self::MAX.0))
    }

    /// One step more favoured, down to [`Nice::MIN`].
    #[must_use]
    pub fn less_nice(self) -> Self {
        Self((self.0 - 1).max(Self::MIN.0))
    }

    /// The priority in words: "Very High" to "Very Low".
    #[must_use]
    pub fn in_words(self) -> &'static str {
        let named = PRIORITIES.iter().find(|priority| self.0 <= priority.nicest);
        named.map_or("Very Low", |priority| priority.title)
    }
}

impl fmt::Display for Nice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Nice> for i8 {
    fn from(nice: Nice) -> Self {
        nice.0
    }
}

impl TryFrom<i8> for Nice {
    type Error = String;

    fn try_from(value: i8) -> Result<Self, Self::Error> {
        Self::new(value).ok_or_else(|| format!("{value} is no nice value: they go from -20 to 19"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nice_values_are_nice_values() {
        assert_eq!((i8::MIN..=i8::MAX).filter(|value| Nice::new(*value).is_some()).count(), 40);
        assert!(serde_json::from_str::<Nice>("-21").is_err());
        assert!(serde_json::from_str::<Nice>("20").is_err());
        assert_eq!(serde_json::from_str::<Nice>("-20").ok(), Some(Nice::MIN));
    }

    #[test]
    fn each_choice_is_called_by_its_own_title_and_words_never_go_back() {
        let mut ids = std::collections::HashSet::new();
        for priority in PRIORITIES {
            assert!(ids.insert(priority.id), "{} twice", priority.id);
            assert_eq!(priority.nice.in_words(), priority.title);
        }
        let rank = |nice: Nice| PRIORITIES.iter().position(|it| it.title == nice.in_words());
        let ranks: Vec<_> = (-20..=19).filter_map(Nice::new).map(rank).collect();
        assert!(ranks.is_sorted() && ranks.iter().all(Option::is_some), "{ranks:?}");
    }

    #[test]
    fn steps_stop_at_the_ends() {
        assert_eq!(Nice::MAX.nicer(), Nice::MAX);
        assert_eq!(Nice::MIN.less_nice(), Nice::MIN);
        assert_eq!(Nice::default().nicer().less_nice(), Nice::default());
    }
}
