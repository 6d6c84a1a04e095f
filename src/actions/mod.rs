//! Acting on processes: which actions there are, and performing them on exactly the process that was picked.
//!
//! ```text
//!  the user picks a row ──▶ Target::open(proc, id, name)     holds a pidfd: a later process cannot take its place
//!        (dialog)                     │
//!  the user confirms    ──▶ perform(&target, action)   ──▶   Outcome ──sentence──▶ toast
//! ```
//!
//! [`ACTIONS`] lists what menus, shortcuts and toasts loop over; [`SIGNALS`] every signal. Nothing here asks for
//! more rights, waits for a user, or knows a window. No action takes a process group or a bare pid.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod nice;
mod outcome;
mod perform;
mod signals;
mod table;
mod target;

pub use nice::{Nice, PRIORITIES, Priority};
pub use outcome::{Outcome, Refusal, Subject, Words};
pub use perform::{ProcessAction, perform, perform_and_wait};
pub use signals::{SIGNALS, Signal, SignalInfo};
pub use table::{ACTIONS, Action, Confirm};
pub use target::Target;
