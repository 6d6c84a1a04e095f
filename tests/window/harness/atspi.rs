//! The window as a screen reader sees it: AT-SPI over the accessibility bus.

use std::thread::sleep;
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, connection::Builder};
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type, Value};

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const COMPONENT: &str = "org.a11y.atspi.Component";

/// How long anything may take that the user would see at once.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How deep widgets nest in this window, and then some.
const DEPTH: usize = 40;

/// The roles that the tests look for, by the numbers of the protocol (`AtspiRole`): names have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Role {
    CheckBox = 7,
    Frame = 23,
    Label = 29,
    List = 31,
    MenuItem = 35,
    Tab = 37,
    Button = 43,
    SpinButton = 52,
    ToggleButton = 62,
    TreeTable = 66,
    Entry = 79,
}

/// States by the number of their bit (`AtspiStateType`).
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub enum State {
    Focused = 12,
    Pressed = 20,
    Selected = 23,
    Sensitive = 24,
}

/// A place in the window, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Area {
    /// The middle of it.
    pub fn middle(&self) -> (i32, i32) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }
}

/// The accessibility bus.
#[derive(Debug, Clone)]
pub struct Ui {
    bus: Connection,
}

impl Ui {
    /// Asks the session bus for the accessibility bus, which is started by that.
    #[track_caller]
    pub fn connect(session: &str) -> Self {
        let session = open(session);
        let reply = session.call_method(
            Some("org.a11y.Bus"),
            "/org/a11y/bus",
            Some("org.a11y.Bus"),
            "GetAddress",
            &(),
        );
        let address: String = reply.expect("at-spi2-core").body().deserialize().expect("an address");
        Self { bus: open(&address) }
    }

    /// The application of the process `pid`, once it has registered.
    pub fn application(&self, pid: u32) -> Option<Node> {
        let root = OwnedObjectPath::try_from("/org/a11y/atspi/accessible/root").expect("a path");
        let registry = Node { ui: self.clone(), owner: "org.a11y.atspi.Registry".into(), path: root };
        registry.children().into_iter().find(|application| {
            let owner = application.owner.as_str();
            let dbus = "org.freedesktop.DBus";
            let reply = self.bus.call_method(
                Some(dbus),
                "/org/freedesktop/DBus",
                Some(dbus),
                "GetConnectionUnixProcessID",
                &owner,
            );
            reply.is_ok_and(|reply| reply.body().deserialize::<u32>().is_ok_and(|found| found == pid))
        })
    }
}

fn open(address: &str) -> Connection {
    // A call that is never answered must end as a failure of the test, not as a test without an end.
    let builder = Builder::address(address).expect("a bus address").method_timeout(PATIENCE);
    builder.build().unwrap_or_else(|error| panic!("{address}: {error}"))
}

/// Something in the window. It may vanish at any moment, and then says nothing: empty, or `None`.
#[derive(Debug, Clone)]
pub struct Node {
    ui: Ui,
    owner: String,
    path: OwnedObjectPath,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.owner == other.owner && self.path == other.path
    }
}

impl Node {
    fn call<B, R>(&self, interface: &str, method: &str, body: &B) -> Option<R>
    where
        B: serde::Serialize + DynamicType,
        R: serde::de::DeserializeOwned + Type,
    {
        let reply =
            self.ui.bus.call_method(Some(self.owner.as_str()), &self.path, Some(interface), method, body);
        reply.ok()?.body().deserialize().ok()
    }

    fn property<R: TryFrom<OwnedValue>>(&self, interface: &str, name: &str) -> Option<R> {
        let value: OwnedValue = self.call("org.freedesktop.DBus.Properties", "Get", &(interface, name))?;
        R::try_from(value).ok()
    }

    fn at(&self, (owner, path): (String, OwnedObjectPath)) -> Self {
        Self { ui: self.ui.clone(), owner, path }
    }

    /// The number of its role.
    pub fn role(&self) -> u32 {
        self.call(ACCESSIBLE, "GetRole", &()).unwrap_or(0)
    }

    pub fn is(&self, role: Role) -> bool {
        self.role() == role as u32
    }

    /// What a screen reader calls it.
    pub fn name(&self) -> String {
        self.property(ACCESSIBLE, "Name").unwrap_or_default()
    }

    /// The text that it shows.
    pub fn text(&self) -> String {
        let interface = "org.a11y.atspi.Text";
        // GTK 4.8 answers "" for "up to the end" (-1): ask for the number of characters first.
        let characters: i32 = self.property(interface, "CharacterCount").unwrap_or(0);
        self.call(interface, "GetText", &(0_i32, characters)).unwrap_or_default()
    }

    pub fn children(&self) -> Vec<Self> {
        let children: Vec<(String, OwnedObjectPath)> =
            self.call(ACCESSIBLE, "GetChildren", &()).unwrap_or_default();
        children.into_iter().map(|child| self.at(child)).collect()
    }

    /// One child, without asking for all of them.
    pub fn child(&self, index: usize) -> Option<Self> {
        let index = i32::try_from(index).ok()?;
        let child: (String, OwnedObjectPath) = self.call(ACCESSIBLE, "GetChildAtIndex", &index)?;
        (child.1.as_str() != "/org/a11y/atspi/null").then(|| self.at(child))
    }

    pub fn child_count(&self) -> usize {
        self.property::<i32>(ACCESSIBLE, "ChildCount")
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(0)
    }

    pub fn has(&self, state: State) -> bool {
        let words: Vec<u32> = self.call(ACCESSIBLE, "GetState", &()).unwrap_or_default();
        let bit = state as u32;
        words.get((bit / 32) as usize).is_some_and(|word| word & (1 << (bit % 32)) != 0)
    }

    /// Where it lies in its window.
    pub fn area(&self) -> Option<Area> {
        const IN_WINDOW: u32 = 1;
        let (x, y, width, height) = self.call(COMPONENT, "GetExtents", &IN_WINDOW)?;
        let area = Area { x, y, width, height };
        (width > 0 && height > 0).then_some(area)
    }

    /// Does what a click on it would do.
    #[track_caller]
    pub fn activate(&self) {
        let done = self.call("org.a11y.atspi.Action", "DoAction", &0_i32).unwrap_or(false);
        assert!(done, "{self} has no action");
    }

    /// Selects a child, and nothing else.
    #[track_caller]
    pub fn select_child(&self, index: usize) {
        let index = i32::try_from(index).expect("a small index");
        let interface = "org.a11y.atspi.Selection";
        assert!(
            self.call(interface, "SelectChild", &index).unwrap_or(false),
            "{self}: no child {index} to select"
        );
    }

    /// Sets the number of what holds one: a spin button, a scale.
    #[track_caller]
    pub fn set_value(&self, value: f64) {
        let arguments = ("org.a11y.atspi.Value", "CurrentValue", Value::from(value));
        let done: Option<()> = self.call("org.freedesktop.DBus.Properties", "Set", &arguments);
        assert!(done.is_some(), "{self} holds no number");
    }

    /// The first node from here downwards, depth first, that `wanted` accepts.
    ///
    /// Lists are judged and not entered: a table keeps hundreds of rows. Ask those for their children.
    pub fn find(&self, wanted: &dyn Fn(&Self) -> bool) -> Option<Self> {
        self.find_within(DEPTH, false, wanted)
    }

    /// As [`Node::find`], into lists too: for dialogs whose rows are few.
    pub fn find_everywhere(&self, wanted: &dyn Fn(&Self) -> bool) -> Option<Self> {
        self.find_within(DEPTH, true, wanted)
    }

    fn find_within(&self, depth: usize, lists: bool, wanted: &dyn Fn(&Self) -> bool) -> Option<Self> {
        if wanted(self) {
            return Some(self.clone());
        }
        if depth == 0 || (!lists && self.is(Role::List)) {
            return None;
        }
        self.children().iter().find_map(|child| child.find_within(depth - 1, lists, wanted))
    }

    /// The first button with a name, be it one that stays pressed: GTK has changed the roles of those.
    pub fn button(&self, name: &str) -> Option<Self> {
        self.find(&|node| (node.is(Role::Button) || node.is(Role::ToggleButton)) && node.name() == name)
    }

    /// The first label that shows a text with `part` in it.
    pub fn label(&self, part: &str) -> Option<Self> {
        self.find(&|node| node.is(Role::Label) && node.said().contains(part))
    }

    /// What it shows or is called, with the spaces of a keyboard: those between a number and its unit are others.
    pub fn said(&self) -> String {
        let text = self.text();
        let said = if text.is_empty() { self.name() } else { text };
        said.replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// All texts from here downwards, in the order of reading; of lists only the first rows.
    pub fn words(&self) -> Vec<String> {
        let said = self.said();
        let mut words = if said.is_empty() { Vec::new() } else { vec![said] };
        let shown = if self.is(Role::List) { 50 } else { usize::MAX };
        words.extend(self.children().iter().take(shown).flat_map(Self::words));
        words
    }

    /// The tree from here downwards, a line each, for messages.
    pub fn outline(&self) -> String {
        let mut out = String::new();
        self.outline_into(0, &mut out);
        out
    }

    fn outline_into(&self, depth: usize, out: &mut String) {
        let line = format!("{:width$}{self} {:?} {:?}\n", "", self.text(), self.area(), width = depth * 2);
        out.push_str(&line);
        if depth < DEPTH {
            let shown = if self.is(Role::List) { 3 } else { usize::MAX };
            self.children().iter().take(shown).for_each(|child| child.outline_into(depth + 1, out));
        }
    }
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "role {} {:?}", self.role(), self.name())
    }
}

/// What `look` finds, which has to be there within [`PATIENCE`].
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited {} s for {what}", PATIENCE.as_secs());
        sleep(Duration::from_millis(40));
    }
}
