//! One card: a foldable title, the chart, its legend and facts.

use relm4::gtk;
use relm4::gtk::prelude::*;

use gnomon::charts::Chart;
use gnomon::history::History;
use gnomon::snapshot::Snapshot;
use gnomon::units::{Unit, UnitStyle};

use super::area::ChartArea;
use super::legend::Legend;
use crate::ui::settings::Settings;

/// The longest time that a chart can show.
const HOUR_MS: u64 = 3_600_000;

/// A card of the page.
pub struct Card {
    chart: &'static Chart,
    style: UnitStyle,
    fold: gtk::Expander,
    frame: gtk::Box,
    area: ChartArea,
    legend: Legend,
}

impl Card {
    /// A card without a history.
    #[must_use]
    pub fn new(chart: &'static Chart, settings: &Settings, unfolded: bool) -> Self {
        let style = style_for(chart, settings);
        let area = ChartArea::new(chart, style, history(settings), settings.chart_span_ms());
        let legend = Legend::default();
        let inside = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        inside.append(area.widget());
        inside.append(legend.widget());
        let title = gtk::Label::builder().label(chart.title).xalign(0.0).build();
        title.add_css_class("heading");
        let fold = gtk::Expander::builder().label_widget(&title).child(&inside).expanded(unfolded).build();
        let frame = gtk::Box::new(gtk::Orientation::Vertical, 0);
        frame.add_css_class("card");
        frame.add_css_class("chart-card");
        frame.append(&fold);
        Self { chart, style, fold, frame, area, legend }
    }

    /// The widget to place.
    #[must_use]
    pub fn widget(&self) -> &gtk::Box {
        &self.frame
    }

    /// The chart's id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.chart.id
    }

    /// Whether the chart is shown.
    #[must_use]
    pub fn is_unfolded(&self) -> bool {
        self.fold.is_expanded()
    }

    /// Calls `folded` when the person folds or unfolds the card.
    pub fn connect_folded(&self, folded: impl Fn() + 'static) {
        self.fold.connect_expanded_notify(move |_| folded());
    }

    /// Takes a moment into the history, and shows it when it can be seen.
    pub fn show(&mut self, snapshot: &Snapshot, visible: bool) {
        let series = (self.chart.series)(snapshot, &self.style);
        let time_ms = snapshot.sample.time.monotonic_ns / 1_000_000;
        self.area.push(time_ms, snapshot.gap, &series);
        if visible && self.is_unfolded() {
            self.legend.show(&series, &(self.chart.facts)(snapshot, &self.style));
            self.area.redraw();
        }
    }

    /// Applies changed settings.
    pub fn apply(&mut self, settings: &Settings) {
        self.style = style_for(self.chart, settings);
        self.area.apply(self.chart, self.style, history_size(settings), settings.chart_span_ms());
    }
}

fn history(settings: &Settings) -> History {
    let (span_ms, interval_ms) = history_size(settings);
    History::new(span_ms, interval_ms)
}

#[expect(clippy::cast_possible_truncation, reason = "at most 60,000 ms")]
fn history_size(settings: &Settings) -> (u64, u64) {
    (HOUR_MS, settings.update_interval().as_millis() as u64)
}

/// Network traffic may be wanted in bits; nothing else.
fn style_for(chart: &Chart, settings: &Settings) -> UnitStyle {
    let network = chart.id == "network" && chart.unit == Unit::BytesPerSecond;
    if network { settings.network_style() } else { settings.unit_style() }
}
