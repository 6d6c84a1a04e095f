//! The question before something that cannot be undone.

use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk::{self, gio, glib};

use gnomon::actions::{Action, Confirm, Subject};

use crate::ui::accessible::labelled;
use crate::ui::dialogs::picked::Picked;

const CANCEL: &str = "cancel";
const YES: &str = "yes";

/// Processes in the list before it scrolls.
const ROWS_IN_VIEW: usize = 5;

/// Height of a row of two lines.
const ROW_PX: i32 = 44;

/// Shows the question; `answer` is called once.
#[must_use]
pub fn ask(
    parent: &gtk::Window,
    action: &Action,
    confirm: &Confirm,
    picked: &[Picked],
    answer: impl Fn(bool) + 'static,
) -> adw::MessageDialog {
    let subjects: Vec<Subject> = picked.iter().map(Picked::subject).collect();
    // Names of processes are in the heading, so nothing of it may be taken for markup.
    let dialog = adw::MessageDialog::builder()
        .transient_for(parent)
        .modal(true)
        .heading(action.question(&subjects))
        .heading_use_markup(false)
        .body_use_markup(false)
        .default_response(CANCEL)
        .close_response(CANCEL)
        .build();
    match picked {
        [one] => dialog.set_body(&format!("{}\n\n{}", one.about(), confirm.consequence)),
        many => {
            dialog.set_body(confirm.consequence);
            dialog.set_extra_child(Some(&list(many)));
        }
    }
    dialog.add_responses(&[(CANCEL, "_Cancel"), (YES, &format!("_{}", confirm.button))]);
    dialog.set_response_appearance(YES, adw::ResponseAppearance::Destructive);
    dialog.connect_response(None, move |_, response| answer(response == YES));
    dialog.present();
    // Not the list, which would take the focus as the first that can.
    if let Some(cancel) = dialog.default_widget() {
        cancel.grab_focus();
    }
    dialog
}

/// All of them, by name, pid, user and age.
fn list(picked: &[Picked]) -> gtk::Widget {
    let items: gio::ListStore = picked.iter().map(|one| glib::BoxedAnyObject::new(one.clone())).collect();
    let factory = gtk::SignalListItemFactory::new();
    factory.connect_setup(|_, item| {
        if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
            item.set_child(Some(&row()));
            item.set_activatable(false);
        }
    });
    factory.connect_bind(|_, item| {
        let Some(item) = item.downcast_ref::<gtk::ListItem>() else { return };
        let Some(picked) = item.item().and_downcast::<glib::BoxedAnyObject>() else { return };
        let Ok(picked) = picked.try_borrow::<Picked>() else { return };
        let lines = [picked.subject().to_string(), picked.about()];
        let row = item.child();
        let labels =
            std::iter::successors(row.and_then(|row| row.first_child()), |label| label.next_sibling());
        for (label, line) in labels.filter_map(|label| label.downcast::<gtk::Label>().ok()).zip(lines) {
            label.set_text(&line);
        }
    });
    let view: gtk::ListView = labelled("Processes");
    view.set_model(Some(&gtk::NoSelection::new(Some(items))));
    view.set_factory(Some(&factory));
    view.add_css_class("process-list");
    view.set_can_focus(picked.len() > ROWS_IN_VIEW);
    // The list does not know its natural height before it is shown.
    let rows = i32::try_from(picked.len().min(ROWS_IN_VIEW)).unwrap_or(1);
    let scroller = gtk::ScrolledWindow::builder()
        .child(&view)
        .hscrollbar_policy(gtk::PolicyType::Never)
        .min_content_height(rows * ROW_PX)
        .max_content_height(rows * ROW_PX)
        .overflow(gtk::Overflow::Hidden)
        .build();
    scroller.add_css_class("card");
    scroller.upcast()
}

fn row() -> gtk::Box {
    let line = || gtk::Label::builder().xalign(0.0).ellipsize(gtk::pango::EllipsizeMode::Middle).build();
    let (name, about) = (line(), line());
    about.add_css_class("dim-label");
    about.add_css_class("caption");
    let row = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(2).build();
    row.set_valign(gtk::Align::Center);
    row.set_margin_start(8);
    row.set_margin_end(8);
    row.set_height_request(ROW_PX - 4);
    row.append(&name);
    row.append(&about);
    row
}
