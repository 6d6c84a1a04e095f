//! The Resources page: a card per entry of [`CHARTS`].

mod area;
mod card;
mod legend;

use std::sync::Arc;

use relm4::adw;
use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::prelude::*;

use gnomon::charts::{self, CHARTS};
use gnomon::sample::Needs;
use gnomon::snapshot::Snapshot;

use self::card::Card;
use crate::ui::settings::{Settings, key};

/// The page.
pub struct ResourcesPage {
    settings: Settings,
    cards: Vec<Card>,
}

/// What the page is told.
#[derive(Debug)]
pub enum ResourcesInput {
    /// Another moment.
    Show(Arc<Snapshot>),
    /// A setting changed.
    SettingChanged(String),
    /// A card was folded or unfolded.
    Folded,
}

impl Component for ResourcesPage {
    type CommandOutput = ();
    type Init = Settings;
    type Input = ResourcesInput;
    type Output = ();
    type Root = gtk::ScrolledWindow;
    type Widgets = ();

    fn init_root() -> Self::Root {
        gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).vexpand(true).build()
    }

    fn init(settings: Settings, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(18).build();
        column.add_css_class("charts");
        let folded = settings.folded_charts();
        let mut cards = Vec::new();
        for chart in CHARTS {
            let card = Card::new(chart, &settings, !folded.iter().any(|id| id == chart.id));
            let sender = sender.clone();
            card.connect_folded(move || sender.input(ResourcesInput::Folded));
            column.append(card.widget());
            cards.push(card);
        }
        root.set_child(Some(&adw::Clamp::builder().maximum_size(1200).child(&column).build()));
        let changed = sender.input_sender().clone();
        settings.connect_changed(move |key| changed.emit(ResourcesInput::SettingChanged(key.to_owned())));
        ComponentParts { model: Self { settings, cards }, widgets: () }
    }

    fn update(&mut self, message: Self::Input, _: ComponentSender<Self>, root: &Self::Root) {
        match message {
            ResourcesInput::Show(snapshot) => {
                let visible = root.is_mapped();
                self.cards.iter_mut().for_each(|card| card.show(&snapshot, visible));
            }
            ResourcesInput::SettingChanged(name) => self.setting_changed(&name),
            ResourcesInput::Folded => self.remember_folded(),
        }
    }
}

impl ResourcesPage {
    /// The files that the charts need, on screen or not: their history goes on.
    #[must_use]
    pub fn needs() -> Needs {
        charts::needs()
    }

    fn setting_changed(&mut self, name: &str) {
        if matches!(name, key::UPDATE_INTERVAL | key::UNITS | key::NETWORK_IN_BITS | key::CHART_SPAN) {
            self.cards.iter_mut().for_each(|card| card.apply(&self.settings));
        }
    }

    fn remember_folded(&self) {
        let folded = self.cards.iter().filter(|card| !card.is_unfolded()).map(Card::id);
        self.settings.set_folded_charts(folded);
    }
}
