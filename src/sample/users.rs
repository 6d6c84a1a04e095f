//! Names of users.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::passwd;
use crate::names::display_name;
use crate::source::Source;

/// Names by uid, as `/etc/passwd` gives them.
pub type Users = BTreeMap<u32, Box<str>>;

/// Ticks between two looks at a user database that did not know somebody.
const RETRY_TICKS: u32 = 60;

/// Learns the names of the users that own processes, and reads the database only for new ones.
#[derive(Default)]
pub struct UserWatch {
    names: Arc<Users>,
    unknown: Vec<u32>,
    new: bool,
    asked_at: u32,
}

impl UserWatch {
    /// Notes that this user is there.
    pub fn see(&mut self, uid: u32) {
        if !self.names.contains_key(&uid) && !self.unknown.contains(&uid) {
            self.unknown.push(uid);
            self.new = true;
        }
    }

    /// The names known by now.
    #[must_use]
    pub fn names(&self) -> Arc<Users> {
        Arc::clone(&self.names)
    }

    /// Looks up those whose names are not known yet.
    pub fn resolve(&mut self, source: &Source, tick: u32) {
        let due = !self.unknown.is_empty() && tick.wrapping_sub(self.asked_at) >= RETRY_TICKS;
        if !self.new && !due {
            return;
        }
        self.new = false;
        self.asked_at = tick;
        let mut buffer = Vec::new();
        let Ok(bytes) = source.read("etc/passwd", &mut buffer) else { return };
        let mut names = Users::clone(&self.names);
        for user in passwd::parse(bytes) {
            // The first entry of a uid is the one that ls and ps show.
            if self.unknown.contains(&user.uid) {
                names.entry(user.uid).or_insert_with(|| display_name(user.name).into());
            }
        }
        self.unknown.retain(|uid| !names.contains_key(uid));
        self.names = Arc::new(names);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_called_root_and_a_stranger_stays_unknown() {
        let source = Source::live().unwrap();
        let mut users = UserWatch::default();
        users.see(0);
        users.see(4_000_000_001);
        users.resolve(&source, 1);
        assert_eq!(users.names().get(&0).map(|name| &**name), Some("root"));
        assert_eq!(users.names().len(), 1);
    }
}
