//! Seats of login sessions.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::key_value;
use crate::names::display_name;
use crate::source::Source;

/// Seats by session, as logind notes them; a session without a seat (over the network) is not there.
pub type Seats = BTreeMap<Box<str>, Box<str>>;

/// Ticks between two looks at sessions that are known.
const AGAIN_TICKS: u32 = 60;

/// Learns the seats of the sessions that processes belong to. logind itself is not asked, so it need not run.
#[derive(Default)]
pub struct SeatWatch {
    seats: Arc<Seats>,
    sessions: Vec<Box<str>>,
    /// How many of them have been read.
    read: usize,
    asked_at: u32,
}

impl SeatWatch {
    /// Notes that somebody belongs to this session.
    pub fn see(&mut self, session: &str) {
        // What a control group calls a session may be anything, but logind's ids are letters and digits.
        let is_id = !session.is_empty() && session.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_id && !self.sessions.iter().any(|known| **known == *session) {
            self.sessions.push(session.into());
        }
    }

    /// The seats known by now.
    #[must_use]
    pub fn seats(&self) -> Arc<Seats> {
        Arc::clone(&self.seats)
    }

    /// Reads sessions that are new, and now and then all of them.
    pub fn resolve(&mut self, source: &Source, tick: u32) {
        let due = tick.wrapping_sub(self.asked_at) >= AGAIN_TICKS;
        if self.read == self.sessions.len() && !due {
            return;
        }
        let mut buffer = Vec::new();
        let mut seats = Seats::clone(&self.seats);
        if due {
            self.asked_at = tick;
            seats.clear();
            // A session whose file is gone has ended; who belongs to it still will name it again.
            self.sessions.retain(|session| note_seat(source, session, &mut seats, &mut buffer).is_some());
        } else {
            for session in self.sessions.iter().skip(self.read) {
                let _ = note_seat(source, session, &mut seats, &mut buffer);
            }
        }
        self.read = self.sessions.len();
        if seats != *self.seats {
            self.seats = Arc::new(seats);
        }
    }
}

/// Reads a session's file and notes its seat, if it has one; `None` when there is no such file.
fn note_seat(source: &Source, session: &str, seats: &mut Seats, buffer: &mut Vec<u8>) -> Option<()> {
    let bytes = source.read(format!("run/systemd/sessions/{session}"), buffer).ok()?;
    if let Some(seat) = key_value::get(bytes, b"SEAT").filter(|seat| !seat.is_empty()) {
        seats.insert(session.into(), display_name(&seat).into());
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_session_has_its_seat_and_strange_names_are_not_opened() {
        let laptop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/laptop");
        let source = Source::open(&laptop).unwrap();
        let mut watch = SeatWatch::default();
        for session in ["2", "7", "", "..", "../users/1000"] {
            watch.see(session);
        }
        assert_eq!(watch.sessions.len(), 2);
        watch.resolve(&source, 1);
        let expected = Seats::from([("2".into(), "seat0".into())]);
        assert_eq!(*watch.seats(), expected);
        watch.resolve(&source, 1 + AGAIN_TICKS);
        assert_eq!((&*watch.seats(), watch.sessions.len()), (&expected, 1), "a session without a file ended");
    }
}
