//! A 16-pixel icon that changes without laying anything out: `GtkImage` asks the whole list for a new
//! layout each time it shows another icon.

use relm4::gtk::subclass::prelude::ObjectSubclassIsExt;
use relm4::gtk::{self, glib};

mod imp {
    use std::cell::RefCell;

    use relm4::gtk::prelude::*;
    use relm4::gtk::subclass::prelude::*;
    use relm4::gtk::{self, glib};

    /// Width and height in logical pixels.
    const SIZE: i32 = 16;

    #[derive(Default)]
    pub struct Icon {
        pub paintable: RefCell<Option<gtk::IconPaintable>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Icon {
        const NAME: &'static str = "GnomonIcon";
        type Type = super::Icon;
        type ParentType = gtk::Widget;

        fn class_init(class: &mut Self::Class) {
            // The name stands beside it.
            class.set_accessible_role(gtk::AccessibleRole::Presentation);
        }
    }

    impl ObjectImpl for Icon {}

    impl WidgetImpl for Icon {
        fn measure(&self, _: gtk::Orientation, _: i32) -> (i32, i32, i32, i32) {
            (SIZE, SIZE, -1, -1)
        }

        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            let paintable = self.paintable.borrow();
            let Some(paintable) = paintable.as_ref() else { return };
            let (size, widget) = (f64::from(SIZE), self.obj());
            snapshot.save();
            let top = f64::from(WidgetExt::height(&*widget) - SIZE) / 2.0;
            snapshot.translate(&gtk::graphene::Point::new(0.0, top.floor() as f32));
            if paintable.is_symbolic() {
                let color = widget.style_context().color();
                paintable.snapshot_symbolic(snapshot, size, size, &[color]);
            } else {
                gtk::gdk::prelude::PaintableExt::snapshot(paintable, snapshot, size, size);
            }
            snapshot.restore();
        }
    }
}

glib::wrapper! {
    /// An icon of a row.
    pub struct Icon(ObjectSubclass<imp::Icon>) @extends gtk::Widget, @implements gtk::Buildable, gtk::ConstraintTarget;
}

impl Default for Icon {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl Icon {
    /// Shows another icon.
    pub fn show(&self, icon: &gtk::IconPaintable) {
        use relm4::gtk::prelude::WidgetExt as _;
        self.imp().paintable.replace(Some(icon.clone()));
        self.queue_draw();
    }
}
