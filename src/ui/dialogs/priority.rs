//! Change Priority: a nice value chosen by number or by sight, with its meaning in words.

use relm4::adw::prelude::*;
use relm4::prelude::*;
use relm4::{adw, gtk};

use gnomon::actions::{Nice, PRIORITIES};

use super::acting::processes;
use super::picked::Picked;
use crate::ui::accessible::labelled;

const HINT: &str = "A lower nice value gets more of the CPU when several processes compete for it.";
const MORE_RIGHTS: &str = "A higher priority than now may take more rights.";

/// The dialog.
pub struct PriorityDialog {
    now: Option<i32>,
    value: gtk::Adjustment,
    meaning: adw::ActionRow,
    hint: gtk::Label,
}

/// What the dialog is told.
#[derive(Debug)]
pub enum PriorityInput {
    /// The slider or the number was moved.
    Moved,
    /// The button was pressed.
    Apply,
}

/// What the dialog reports; it is to be closed then.
#[derive(Debug)]
pub enum PriorityOutput {
    /// This value was chosen.
    Chosen(Nice),
    /// Nothing is to be changed.
    Cancelled,
}

impl Component for PriorityDialog {
    type CommandOutput = ();
    type Init = (gtk::Window, Vec<Picked>);
    type Input = PriorityInput;
    type Output = PriorityOutput;
    type Root = adw::Window;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::Window::builder()
            .title("Change Priority")
            .modal(true)
            .resizable(false)
            .default_width(440)
            .build()
    }

    fn init(
        (parent, picked): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        root.set_transient_for(Some(&parent));
        let now = common_nice(&picked);
        let (least, most) = (f64::from(Nice::MIN.get()), f64::from(Nice::MAX.get()));
        let value = gtk::Adjustment::new(f64::from(now.unwrap_or(0)), least, most, 1.0, 5.0, 0.0);
        let meaning = adw::ActionRow::builder().title("Nice Value").build();
        let hint = gtk::Label::builder().label(HINT).wrap(true).xalign(0.0).build();
        hint.add_css_class("dim-label");
        hint.add_css_class("caption");

        let spin: gtk::SpinButton = labelled("Nice Value");
        spin.set_adjustment(&value);
        spin.set_numeric(true);
        if let Some(text) = spin.delegate().and_downcast::<gtk::Text>() {
            text.set_activates_default(true);
        }
        spin.set_valign(gtk::Align::Center);
        meaning.add_suffix(&spin);
        let group = adw::PreferencesGroup::new();
        group.add(&subject_row(&picked));
        group.add(&meaning);
        group.add(&scale_row(&value));

        let content = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        for set in [gtk::Box::set_margin_start, gtk::Box::set_margin_end, gtk::Box::set_margin_bottom] {
            set(&content, 18);
        }
        content.set_margin_top(6);
        content.append(&group);
        content.append(&hint);
        let whole = gtk::Box::new(gtk::Orientation::Vertical, 0);
        whole.append(&header(&root, &sender));
        whole.append(&adw::Clamp::builder().maximum_size(500).child(&content).build());
        root.set_content(Some(&whole));

        let moved = sender.input_sender().clone();
        value.connect_value_changed(move |_| moved.emit(PriorityInput::Moved));
        let cancelled = sender.output_sender().clone();
        root.connect_close_request(move |_| {
            let _ = cancelled.send(PriorityOutput::Cancelled);
            gtk::glib::Propagation::Stop
        });
        let model = Self { now, value, meaning, hint };
        model.moved();
        spin.grab_focus();
        root.present();
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PriorityInput, sender: ComponentSender<Self>, _: &Self::Root) {
        match message {
            PriorityInput::Moved => self.moved(),
            PriorityInput::Apply => {
                let _ = sender.output(PriorityOutput::Chosen(self.nice()));
            }
        }
    }
}

impl PriorityDialog {
    fn nice(&self) -> Nice {
        #[expect(clippy::cast_possible_truncation, reason = "the adjustment holds -20 to 19")]
        Nice::new(self.value.value().round() as i8).unwrap_or_default()
    }

    /// Says what the value means.
    fn moved(&self) {
        let nice = self.nice();
        self.meaning.set_subtitle(&format!("{} priority", nice.in_words()));
        let higher = self.now.is_some_and(|now| i32::from(nice.get()) < now);
        self.hint.set_text(if higher { MORE_RIGHTS } else { HINT });
    }
}

/// The nice value that all have.
fn common_nice(picked: &[Picked]) -> Option<i32> {
    let first = picked.first()?.nice;
    first.filter(|_| picked.iter().all(|one| one.nice == first))
}

/// Who it is about, and how it stands now.
fn subject_row(picked: &[Picked]) -> adw::ActionRow {
    let (title, subtitle) = match picked {
        [one] => (one.subject().to_string(), one.about()),
        many => {
            let names: Vec<_> = many.iter().take(20).map(|one| one.subject().to_string()).collect();
            (format!("{} selected", processes(many.len())), names.join(", "))
        }
    };
    // Titles of rows are markup by default.
    let row = adw::ActionRow::builder().use_markup(false).title(title).subtitle(subtitle).build();
    row.set_title_lines(1);
    row.set_subtitle_lines(2);
    let now = common_nice(picked).and_then(|nice| i8::try_from(nice).ok()).and_then(Nice::new);
    let now = now.map_or_else(
        || "Now at different values".to_owned(),
        |now| format!("Now {} ({now})", now.in_words()),
    );
    let now = gtk::Label::builder().label(now.replace('-', "\u{2212}")).build();
    now.add_css_class("dim-label");
    row.add_suffix(&now);
    row
}

fn scale_row(value: &gtk::Adjustment) -> adw::PreferencesRow {
    let scale: gtk::Scale = labelled("Priority");
    scale.set_adjustment(value);
    scale.set_digits(0);
    scale.set_draw_value(false);
    // No filled part: neither end is "nothing".
    scale.set_has_origin(false);
    scale.set_hexpand(true);
    for named in PRIORITIES {
        // Those between the ends and the middle would run into their neighbours.
        let words = [-20, 0, 19].contains(&named.nice.get()).then_some(named.title);
        scale.add_mark(f64::from(named.nice.get()), gtk::PositionType::Bottom, words);
    }
    for set in [gtk::Scale::set_margin_start, gtk::Scale::set_margin_end] {
        // Room for half of the words below the ends.
        set(&scale, 30);
    }
    scale.set_margin_top(6);
    scale.set_margin_bottom(6);
    adw::PreferencesRow::builder().child(&scale).activatable(false).focusable(false).build()
}

fn header(window: &adw::Window, sender: &ComponentSender<PriorityDialog>) -> adw::HeaderBar {
    let cancel = gtk::Button::builder().label("_Cancel").use_underline(true).build();
    cancel.set_action_name(Some("window.close"));
    let apply = gtk::Button::builder().label("C_hange").use_underline(true).build();
    apply.add_css_class("suggested-action");
    let input = sender.input_sender().clone();
    apply.connect_clicked(move |_| input.emit(PriorityInput::Apply));
    let header =
        adw::HeaderBar::builder().show_end_title_buttons(false).show_start_title_buttons(false).build();
    header.add_css_class("flat");
    header.pack_start(&cancel);
    header.pack_end(&apply);
    window.set_default_widget(Some(&apply));
    let escape = gtk::ShortcutController::new();
    let close = gtk::NamedAction::new("window.close");
    escape.add_shortcut(gtk::Shortcut::new(gtk::ShortcutTrigger::parse_string("Escape"), Some(close)));
    window.add_controller(escape);
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_not_all_have_is_none() {
        let at = |nice| Picked { nice, ..Picked::default() };
        assert_eq!(common_nice(&[at(Some(5)), at(Some(5))]), Some(5));
        assert_eq!(common_nice(&[at(Some(5)), at(Some(0))]), None);
        assert_eq!(common_nice(&[at(Some(5)), at(None)]), None);
        assert_eq!(common_nice(&[]), None);
    }
}
