//! The default colours, measured: told apart with every kind of sight, and in grey.

use gnomon::chart::palette::{DARK, LIGHT, Rgb, series_color};

type Linear = [f64; 3];

/// Simulated sight: normal, protanopia, deuteranopia, tritanopia (Machado et al. 2009, severity 1.0).
const SIGHTS: [[[f64; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
];

fn linear(color: Rgb) -> Linear {
    [color.0, color.1, color.2].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn seen(color: Rgb, sight: &[[f64; 3]; 3]) -> Linear {
    let color = linear(color);
    sight.map(|row| row.iter().zip(color).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
}

fn luminance([r, g, b]: Linear) -> f64 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// CIE L*a*b* (1976), D65.
fn lab([r, g, b]: Linear) -> [f64; 3] {
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
    let y = f(luminance([r, g, b]));
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn difference(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(linear(a)), luminance(linear(b)));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn any_two_colours_differ_for_everybody() {
    for palette in [LIGHT, DARK] {
        for (sight, matrix) in SIGHTS.iter().enumerate() {
            for i in 0..8 {
                for j in 0..i {
                    let d = difference(lab(seen(palette[i], matrix)), lab(seen(palette[j], matrix)));
                    // 2.3 is just noticeable; the two of most charts differ far more.
                    let least = if (i, j) == (1, 0) { 40.0 } else { 10.0 };
                    assert!(d >= least, "sight {sight}: {} and {}: {d:.1}", palette[i], palette[j]);
                }
            }
        }
    }
}

#[test]
fn neighbours_differ_in_grey() {
    for palette in [LIGHT, DARK] {
        let grey = palette.map(|color| lab(linear(color))[0]);
        for pair in grey.windows(2) {
            assert!((pair[0] - pair[1]).abs() >= 9.0, "{grey:.0?}");
        }
        for i in 0..8 {
            for j in 0..i {
                assert!((grey[i] - grey[j]).abs() >= 2.0, "{i} and {j}: {grey:.0?}");
            }
        }
    }
}

#[test]
fn every_colour_stands_out_from_its_card() {
    // WCAG 2.1, 1.4.11: 3 to 1 for what is not text.
    for color in LIGHT {
        assert!(contrast(color, Rgb(255, 255, 255)) >= 3.0, "{color}");
    }
    for color in DARK {
        assert!(contrast(color, Rgb(0x2e, 0x2e, 0x32)) >= 3.0, "{color}");
    }
}

#[test]
fn more_series_than_colours_cycle() {
    for dark in [false, true] {
        let first: std::collections::HashSet<Rgb> = (0..24).map(|n| series_color(n, dark)).collect();
        assert_eq!(first.len(), 24);
        assert_eq!(series_color(24, dark), series_color(0, dark));
        assert_ne!(series_color(usize::MAX, dark), series_color(usize::MAX - 1, dark));
    }
}

#[test]
fn colours_are_kept_as_text() {
    assert_eq!(Rgb::from_hex("#1c5aCE"), Some(Rgb(0x1c, 0x5a, 0xce)));
    assert_eq!(Rgb(0x1c, 0x5a, 0xce).to_string(), "#1c5ace");
    for wrong in ["", "#", "1c5ace", "#1c5ac", "#1c5ace0", "#+c5ace", "#ééé"] {
        assert_eq!(Rgb::from_hex(wrong), None, "{wrong}");
    }
}
