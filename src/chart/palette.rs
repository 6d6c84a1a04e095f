//! The colours of series: told apart by people who see fewer colours, and in grey.
//!
//! The eight colours of each theme were found by search: over normal sight and simulated protanopia,
//! deuteranopia and tritanopia (Machado, Oliveira, Fernandes, 2009) the smallest difference of any two is as
//! large as possible, and so are the steps of grey between neighbours. `tests/chart_palette.rs` measures it.

use std::fmt;

/// An opaque colour: red, green, blue in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb`, as the settings keep colours; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self(r, g, b))
    }

    /// This colour with an opacity from 0 to 1, for plotters.
    pub(super) fn mix(self, alpha: f64) -> plotters::style::RGBAColor {
        plotters::style::RGBAColor(self.0, self.1, self.2, alpha)
    }

    /// This colour, by `share` on the way to another.
    fn towards(self, other: Self, share: f64) -> Self {
        let between = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(between(self.0, other.0), between(self.1, other.1), between(self.2, other.2))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Blue, orange, green, pink, teal, olive, violet, red on a white card.
pub const LIGHT: [Rgb; 8] = [
    Rgb(0x1c, 0x5a, 0xce),
    Rgb(0xd6, 0x79, 0x01),
    Rgb(0x00, 0x49, 0x34),
    Rgb(0xdc, 0x4d, 0x8a),
    Rgb(0x00, 0x76, 0x76),
    Rgb(0x5a, 0x53, 0x00),
    Rgb(0x59, 0x00, 0x87),
    Rgb(0xee, 0x56, 0x4e),
];

/// The same order of hues on a dark card.
pub const DARK: [Rgb; 8] = [
    Rgb(0x66, 0x9e, 0xff),
    Rgb(0xfd, 0xc6, 0x7b),
    Rgb(0x02, 0x99, 0x2a),
    Rgb(0xff, 0x98, 0xd2),
    Rgb(0x05, 0x9c, 0xb0),
    Rgb(0xef, 0xf1, 0x28),
    Rgb(0xcb, 0xb6, 0xfd),
    Rgb(0xdc, 0x4b, 0x0e),
];

/// The colour of the `index`-th series where the user chose none. After eight the hues come again lighter,
/// then darker: nobody tells 512 lines apart by colour, but neighbours differ.
#[must_use]
pub fn series_color(index: usize, dark: bool) -> Rgb {
    let base = if dark { DARK[index % 8] } else { LIGHT[index % 8] };
    match index / 8 % 3 {
        0 => base,
        1 => base.towards(Rgb(255, 255, 255), if dark { 0.45 } else { 0.35 }),
        _ => base.towards(Rgb(0, 0, 0), if dark { 0.25 } else { 0.40 }),
    }
}
