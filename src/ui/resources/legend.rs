//! The lines of a chart by name, with their colours and numbers, and the facts below them.

use relm4::adw;
use relm4::gtk;
use relm4::gtk::prelude::*;

use gnomon::chart::palette::series_color;
use gnomon::charts::{Fact, Series};

/// More lines than this are told apart by pointing at them, not by a list.
const MOST_ENTRIES: usize = 64;

/// The legend of one chart.
pub struct Legend {
    widget: gtk::Box,
    lines: gtk::FlowBox,
    facts: gtk::FlowBox,
    shown_lines: Vec<Entry>,
    shown_facts: Vec<Entry>,
}

/// Labels of one line or fact: its name, and below one another its numbers.
struct Entry {
    root: gtk::Box,
    title: gtk::Label,
    texts: Vec<gtk::Label>,
}

impl Default for Legend {
    fn default() -> Self {
        let flow = || {
            gtk::FlowBox::builder()
                .selection_mode(gtk::SelectionMode::None)
                .homogeneous(true)
                .column_spacing(18)
                .row_spacing(6)
                .max_children_per_line(6)
                .build()
        };
        let (lines, facts) = (flow(), flow());
        facts.set_homogeneous(false);
        let widget = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        widget.append(&lines);
        widget.append(&facts);
        Self { widget, lines, facts, shown_lines: Vec::new(), shown_facts: Vec::new() }
    }
}

impl Legend {
    /// The widget to place.
    #[must_use]
    pub fn widget(&self) -> &gtk::Box {
        &self.widget
    }

    /// Writes the numbers of a moment; widgets change only when lines come or go.
    pub fn show(&mut self, series: &[Series], facts: &[Fact]) {
        let lines = &series[..series.len().min(MOST_ENTRIES)];
        fit(&self.lines, &mut self.shown_lines, lines.len(), |index| {
            let details = lines.get(index).map_or(0, |line| line.details.len());
            Entry::new(Some(index), details + 1)
        });
        for (entry, line) in self.shown_lines.iter().zip(lines) {
            let details = line.details.iter().map(|fact| format!("{} {}", fact.label, fact.text));
            entry.write(&line.title, std::iter::once(line.text.clone()).chain(details));
        }
        fit(&self.facts, &mut self.shown_facts, facts.len(), |_| Entry::new(None, 1));
        for (entry, fact) in self.shown_facts.iter().zip(facts) {
            entry.write(&fact.label, std::iter::once(fact.text.clone()));
        }
        self.facts.set_visible(!facts.is_empty());
    }
}

/// Gives the box as many entries as there are things to name.
fn fit(flow: &gtk::FlowBox, shown: &mut Vec<Entry>, wanted: usize, make: impl Fn(usize) -> Entry) {
    while shown.len() > wanted {
        if let (Some(_), Some(last)) = (shown.pop(), flow.last_child()) {
            flow.remove(&last);
        }
    }
    while shown.len() < wanted {
        let entry = make(shown.len());
        flow.insert(&entry.root, -1);
        if let Some(child) = flow.last_child() {
            child.set_focusable(false);
        }
        shown.push(entry);
    }
}

impl Entry {
    fn new(color: Option<usize>, texts: usize) -> Self {
        let root = gtk::Box::builder().spacing(8).build();
        if let Some(index) = color {
            root.append(&swatch(index));
        }
        let words = gtk::Box::builder().orientation(gtk::Orientation::Vertical).build();
        let title = gtk::Label::builder().xalign(0.0).ellipsize(gtk::pango::EllipsizeMode::End).build();
        title.add_css_class("caption");
        title.add_css_class("dim-label");
        words.append(&title);
        let texts: Vec<_> = (0..texts).map(|_| gtk::Label::builder().xalign(0.0).build()).collect();
        for text in &texts {
            text.add_css_class("numeric-cell");
            text.set_ellipsize(gtk::pango::EllipsizeMode::End);
            words.append(text);
        }
        for detail in texts.iter().skip(1) {
            detail.add_css_class("caption");
        }
        root.append(&words);
        Self { root, title, texts }
    }

    fn write(&self, title: &str, texts: impl Iterator<Item = String>) {
        set(&self.title, title);
        for (label, text) in self.texts.iter().zip(texts) {
            set(label, &text);
        }
    }
}

/// A label that is told its own text lays itself out again all the same.
fn set(label: &gtk::Label, text: &str) {
    if label.text() != text {
        label.set_text(text);
    }
}

/// The colour of a line.
fn swatch(index: usize) -> gtk::DrawingArea {
    let area = gtk::DrawingArea::builder()
        .content_width(12)
        .content_height(12)
        .valign(gtk::Align::Start)
        .margin_top(3)
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    area.set_draw_func(move |_, context, width, height| {
        let dark = adw::StyleManager::default().is_dark();
        let color = series_color(index, dark);
        let part = |value: u8| f64::from(value) / 255.0;
        context.set_source_rgb(part(color.0), part(color.1), part(color.2));
        let (width, height) = (f64::from(width), f64::from(height));
        context.arc(width / 2.0, height / 2.0, width.min(height) / 2.0, 0.0, std::f64::consts::TAU);
        let _ = context.fill();
    });
    area
}
