//! Reading the mappings, on a thread.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use gnomon::identity::ProcessId;
use gnomon::inspect::{InspectError, memory_maps};

use super::News;
use super::shown::{Order, Shown};

/// What a thread needs to look.
#[derive(Debug, Clone)]
pub struct Look {
    /// Where procfs is.
    pub proc_dir: PathBuf,
    /// The process.
    pub id: ProcessId,
    /// How to show what is found.
    pub order: Order,
    /// Set when nobody wants to see it any more.
    pub cancel: Arc<AtomicBool>,
}

impl Look {
    /// Everything, which takes the kernel a while for a large process.
    #[must_use]
    pub fn read(self) -> News {
        let start = Instant::now();
        let maps = memory_maps::memory_maps(&self.proc_dir, self.id, &self.cancel);
        News::Read(maps.map(|maps| Shown::arrange(Arc::new(maps), self.order)), start.elapsed())
    }

    /// What is quick to read.
    ///
    /// # Errors
    /// See [`InspectError`].
    pub fn outline(self) -> Result<Shown, InspectError> {
        let maps = memory_maps::outline(&self.proc_dir, self.id, &self.cancel)?;
        Ok(Shown::arrange(Arc::new(maps), self.order))
    }
}
