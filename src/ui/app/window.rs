//! The window's fixed parts: header bar, view switcher, main menu.

use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{adw, gtk};

use crate::ui::APP_ID;
use crate::ui::accessible::labelled;

/// Puts the pages, the switcher and the buttons into the window.
pub fn build(
    window: &adw::ApplicationWindow,
    stack: &adw::ViewStack,
    toasts: &adw::ToastOverlay,
    search: &gtk::ToggleButton,
) {
    search.set_icon_name("system-search-symbolic");
    search.set_tooltip_text(Some("Search"));
    let menu: gtk::MenuButton = labelled("Main Menu");
    menu.set_icon_name("open-menu-symbolic");
    menu.set_tooltip_text(Some("Main Menu"));
    menu.set_primary(true);
    menu.set_menu_model(Some(&main_menu()));

    let title = adw::ViewSwitcherTitle::builder().stack(stack).title("Gnomon").build();
    let header =
        adw::HeaderBar::builder().centering_policy(adw::CenteringPolicy::Strict).title_widget(&title).build();
    header.pack_start(search);
    header.pack_end(&menu);
    let bottom = adw::ViewSwitcherBar::builder().stack(stack).build();
    title.bind_property("title-visible", &bottom, "reveal").sync_create().build();

    // Strict centring would make a narrow window twice as wide as its buttons need.
    let narrow = header.clone();
    title.connect_title_visible_notify(move |title| {
        let loose = title.is_title_visible();
        narrow.set_centering_policy(if loose {
            adw::CenteringPolicy::Loose
        } else {
            adw::CenteringPolicy::Strict
        });
    });

    let content = gtk::Box::new(gtk::Orientation::Vertical, 0);
    content.append(&header);
    content.append(toasts);
    content.append(&bottom);
    window.set_content(Some(&content));
    window.set_size_request(320, 240);
    window.set_icon_name(Some(APP_ID));
}

fn main_menu() -> gio::Menu {
    let menu = gio::Menu::new();
    let now = gio::Menu::new();
    now.append(Some("_Refresh"), Some("app.refresh"));
    menu.append_section(None, &now);
    let about = gio::Menu::new();
    about.append(Some("_Preferences"), Some("app.preferences"));
    about.append(Some("_Keyboard Shortcuts"), Some("win.show-help-overlay"));
    about.append(Some("_About Gnomon"), Some("app.about"));
    menu.append_section(None, &about);
    menu
}
