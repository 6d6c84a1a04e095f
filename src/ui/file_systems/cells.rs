//! The cells, and the rows that know which cells show them: an update writes only where a person would see
//! a difference, and GTK is told of nothing.

use std::cell::Cell;
use std::rc::Rc;

use relm4::gtk;
use relm4::gtk::glib::BoxedAnyObject;
use relm4::gtk::prelude::*;

use gnomon::sample::{FileSystem, Usage};
use gnomon::units::{self, Unit, UnitStyle};

use super::columns::{self, Column, Field, NOT_RESPONDING};
use crate::ui::accessible::labelled;

/// From these shares on, a bar says that room is scarce, or that there is hardly any; the share stands
/// beside it in figures.
const SCARCE: f64 = 0.9;
const EXHAUSTED: f64 = 0.95;

/// The content of a list item: a mount, and the cells that show it now.
pub struct Row {
    mount: FileSystem,
    cells: Vec<BoundCell>,
}

struct BoundCell {
    column: &'static Column,
    root: gtk::Widget,
    face: Face,
}

enum Face {
    Text { icon: Option<gtk::Image>, text: gtk::Inscription },
    Used { bar: gtk::LevelBar, share: gtk::Inscription, text: gtk::Inscription },
}

impl Row {
    /// A list item.
    #[must_use]
    pub fn item(mount: FileSystem) -> BoxedAnyObject {
        BoxedAnyObject::new(Self { mount, cells: Vec::new() })
    }

    /// The mount.
    #[must_use]
    pub fn mount(&self) -> &FileSystem {
        &self.mount
    }

    /// Shows another moment of the mount.
    pub fn show(&mut self, mount: &FileSystem, style: &UnitStyle) {
        if self.mount != *mount {
            self.mount = mount.clone();
            self.rewrite(style);
        }
    }

    /// Writes all cells where they say something else now.
    pub fn rewrite(&self, style: &UnitStyle) {
        for cell in &self.cells {
            cell.write(&self.mount, style);
        }
    }
}

/// A factory of the cells of one column.
#[must_use]
pub fn factory(column: &'static Column, style: &Rc<Cell<UnitStyle>>) -> gtk::SignalListItemFactory {
    let factory = gtk::SignalListItemFactory::new();
    let of_tooltip = Rc::clone(style);
    factory.connect_setup(move |_, item| {
        let Some(item) = item.downcast_ref::<gtk::ListItem>() else { return };
        let cell = new_cell(column);
        describe(&cell, item, &of_tooltip);
        item.set_child(Some(&cell));
    });
    let style = Rc::clone(style);
    factory.connect_bind(move |_, item| {
        let Some((child, object)) = bound(item) else { return };
        let Some(cell) = BoundCell::of(column, child) else { return };
        let mut row = object.borrow_mut::<Row>();
        cell.write(&row.mount, &style.get());
        row.cells.push(cell);
    });
    factory.connect_unbind(move |_, item| {
        if let Some((child, object)) = bound(item) {
            object.borrow_mut::<Row>().cells.retain(|cell| cell.root != child);
        }
    });
    factory
}

fn bound(item: &gtk::glib::Object) -> Option<(gtk::Widget, BoxedAnyObject)> {
    let item = item.downcast_ref::<gtk::ListItem>()?;
    Some((item.child()?, item.item().and_downcast()?))
}

/// The tooltip is made only when it is looked at.
fn describe(cell: &gtk::Widget, item: &gtk::ListItem, style: &Rc<Cell<UnitStyle>>) {
    let (item, style) = (item.downgrade(), Rc::clone(style));
    cell.set_has_tooltip(true);
    cell.connect_query_tooltip(move |_, _, _, _, tooltip| {
        let object = item.upgrade().and_then(|item| item.item()).and_downcast::<BoxedAnyObject>();
        let text = object.map(|object| columns::summary(object.borrow::<Row>().mount(), &style.get()));
        tooltip.set_text(text.as_deref());
        text.is_some()
    });
}

fn new_cell(column: &'static Column) -> gtk::Widget {
    let text = inscription(column.is_numeric());
    text.set_hexpand(true);
    match column.field {
        Field::Device => {
            let icon = gtk::Image::builder()
                .pixel_size(16)
                .accessible_role(gtk::AccessibleRole::Presentation)
                .build();
            let both = gtk::Box::new(gtk::Orientation::Horizontal, 8);
            both.append(&icon);
            both.append(&text);
            both.upcast()
        }
        Field::Used => {
            let bar: gtk::LevelBar = labelled(column.title);
            bar.set_valign(gtk::Align::Center);
            bar.set_hexpand(true);
            bar.set_margin_start(6);
            for name in ["low", "high", "full"] {
                bar.remove_offset_value(Some(name));
            }
            // A block's class is the first of these that its value does not exceed.
            for (name, upper) in [("ample", SCARCE), ("scarce", EXHAUSTED), ("exhausted", 1.0)] {
                bar.add_offset_value(name, upper);
            }
            bar.add_css_class("usage");
            let share = inscription(true);
            share.set_min_chars(7);
            share.set_nat_chars(7);
            text.set_hexpand(false);
            let all = gtk::Box::new(gtk::Orientation::Horizontal, 6);
            all.append(&bar);
            all.append(&share);
            all.append(&text);
            all.upcast()
        }
        Field::Directory | Field::Type | Field::Total | Field::Available => text.upcast(),
    }
}

/// Unlike a label an inscription never asks the list to lay itself out again.
fn inscription(numeric: bool) -> gtk::Inscription {
    let text = gtk::Inscription::builder()
        .xalign(if numeric { 1.0 } else { 0.0 })
        .text_overflow(gtk::InscriptionOverflow::EllipsizeMiddle)
        .nat_lines(1)
        .min_lines(1)
        .build();
    if numeric {
        text.add_css_class("numeric-cell");
    }
    text
}

impl BoundCell {
    fn of(column: &'static Column, root: gtk::Widget) -> Option<Self> {
        let text = || root.last_child().and_downcast();
        let face = match column.field {
            Field::Device => Face::Text { icon: Some(root.first_child().and_downcast()?), text: text()? },
            Field::Used => {
                let bar = root.first_child().and_downcast::<gtk::LevelBar>()?;
                Face::Used { share: bar.next_sibling().and_downcast()?, bar, text: text()? }
            }
            _ => Face::Text { icon: None, text: root.clone().downcast().ok()? },
        };
        Some(Self { column, root, face })
    }

    fn write(&self, mount: &FileSystem, style: &UnitStyle) {
        let mut words = String::new();
        self.column.write(mount, style, &mut words);
        match &self.face {
            Face::Text { icon, text } => {
                set_text(text, &words);
                if let Some(icon) = icon {
                    icon.set_icon_name(Some(columns::icon(mount)));
                }
            }
            Face::Used { bar, share, text } => {
                write_used(mount.usage, bar, share, style);
                let silent = mount.usage == Usage::NotResponding;
                set_text(text, if silent { NOT_RESPONDING } else { &words });
                // The words of a mount that is silent have the room of its bar.
                let is_known = mount.usage.used().is_some();
                text.set_hexpand(!is_known);
                text.set_min_chars(if is_known { AMOUNT_CHARS } else { 0 });
                text.set_nat_chars(if is_known { AMOUNT_CHARS } else { 0 });
            }
        }
    }
}

/// Room for the longest amount, "1023.9 MiB": figures are narrower than the average character.
const AMOUNT_CHARS: u32 = 9;

/// A bar stands only for a share that is known.
fn write_used(usage: Usage, bar: &gtk::LevelBar, share: &gtk::Inscription, style: &UnitStyle) {
    let fraction = usage.used_fraction();
    bar.set_visible(fraction.is_some());
    share.set_visible(fraction.is_some());
    if let Some(fraction) = fraction {
        set_text(share, &units::text(Unit::Fraction, fraction, style));
        bar.set_value(fraction.clamp(0.0, 1.0));
    }
}

fn set_text(cell: &gtk::Inscription, words: &str) {
    if cell.text().is_none_or(|shown| shown != words) {
        cell.set_text(Some(words));
    }
}
