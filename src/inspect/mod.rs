//! Looking inside one process, for the dialogs: more than every tick may cost, read when somebody looks.
//!
//! Whatever is read here can hang, when the process holds its memory map locked in an uninterruptible wait.
//! So everything goes through [`deadline`], and who a process is gets checked before and after each reading:
//! what is returned is about the process that was asked for, or an error.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

pub mod deadline;
pub mod memory_maps;

use std::io;
use std::path::{Path, PathBuf};

use deadline::ReadError;

pub use memory_maps::{MemoryMaps, memory_maps};

/// Why nothing can be shown about the inside of a process.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The process has ended; its pid may be another's by now.
    #[error("the process has ended")]
    Gone,
    /// More rights would show it.
    #[error("{}: not permitted", .0.display())]
    Denied(PathBuf),
    /// The kernel does not answer, now or since an earlier time; nothing that waits for it is left in the way.
    #[error("{}: no answer in time", .0.display())]
    TimedOut(PathBuf),
    /// Whoever asked is no longer interested.
    #[error("cancelled")]
    Cancelled,
    /// Anything else.
    #[error("{}: {}", .0.display(), .1)]
    Other(PathBuf, #[source] io::Error),
}

impl InspectError {
    fn at(path: &Path, error: ReadError) -> Self {
        match error {
            ReadError::TimedOut | ReadError::Quarantined | ReadError::TooManyHung => {
                Self::TimedOut(path.into())
            }
            ReadError::Cancelled => Self::Cancelled,
            ReadError::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Self::Denied(path.into())
            }
            ReadError::Io(error) => Self::Other(path.into(), error),
        }
    }
}
