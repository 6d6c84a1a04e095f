//! Gnomon's library: everything that needs no display.
//!
//! ```text
//!  kernel bytes ──parse──▶ Sample ──Snapshot::new──▶ Snapshot ──channel──▶ window, agent
//!  /proc /sys   (kernel)   raw counters             rates, shares
//!      ▲                     │
//!      └────── Demand ◀──────┴── Control { Demand, Interval, Pause, Refresh } ◀── what is shown
//! ```
//!
//! * [`source`] is where bytes come from, [`kernel`] what they mean, [`sample`] who reads them when,
//! * [`snapshot`] what two samples say together, [`feed`] the thread that does all this,
//! * [`columns`] the table of process columns, [`table`] which process stands in which row,
//! * [`charts`] the table of charts, [`history`] what they remember, [`chart`] how they are drawn,
//! * [`actions`] act on processes, [`inspect`] looks inside one,
//! * [`units`] and [`names`] how numbers and names are shown.

pub mod actions;
pub mod chart;
pub mod charts;
pub mod columns;
pub mod command_line;
pub mod feed;
pub mod history;
pub mod identity;
pub mod inspect;
pub mod kernel;
pub mod names;
pub mod report;
pub mod sample;
pub mod snapshot;
pub mod source;
pub mod sys;
pub mod table;
pub mod units;
