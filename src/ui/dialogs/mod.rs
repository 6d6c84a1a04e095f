//! Dialogs: each a component or a window of its own.

pub mod about;
pub mod acting;
pub mod memory_maps;
pub mod picked;
pub mod preferences;
pub mod priority;
