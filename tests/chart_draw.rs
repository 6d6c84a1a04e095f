//! Charts as pictures, without a display: the SVG is read back and measured.

use gnomon::chart::layout::{Layout, Look, Theme};
use gnomon::chart::palette::{LIGHT, Rgb, series_color};
use gnomon::chart::{ChartPicture, Kind, SeriesPicture, ValueAxis, draw, draw_frame, draw_series};
use gnomon::history::{History, Point};
use gnomon::units::{Unit, UnitStyle};
use plotters::prelude::IntoDrawingArea;
use plotters_svg::SVGBackend;

const SIZE: (u32, u32) = (400, 200);
const NOW: u64 = 1_000_000;
const MINUTE: u64 = 60_000;

/// One element of the SVG.
#[derive(Debug)]
struct Element {
    tag: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> i32 {
        self.get(name).parse().unwrap_or_else(|_| panic!("{name} of {self:?}"))
    }

    fn points(&self) -> Vec<(i32, i32)> {
        let pair = |pair: &str| {
            let (x, y) = pair.split_once(',').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        };
        self.get("points").split_whitespace().map(pair).collect()
    }
}

fn elements(svg: &str) -> Vec<Element> {
    let mut elements = vec![];
    for piece in svg.split('<').skip(1).filter(|piece| !piece.starts_with('/')) {
        let (head, text) = piece.split_once('>').unwrap();
        let mut words = head.trim_end_matches('/').splitn(2, ' ');
        let tag = words.next().unwrap().to_owned();
        let mut quoted = words.next().unwrap_or("").split('"');
        let mut attributes = vec![];
        while let (Some(key), Some(value)) = (quoted.next(), quoted.next()) {
            attributes.push((key.trim().trim_end_matches('=').to_owned(), value.to_owned()));
        }
        elements.push(Element { tag, attributes, text: text.trim().replace('\u{a0}', " ") });
    }
    elements
}

#[derive(Clone, Copy)]
enum Layer {
    Frame,
    Series,
    Both,
}

fn picture(chart: &ChartPicture<'_>, (width, height): (u32, u32), layer: Layer) -> Vec<Element> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        match layer {
            Layer::Frame => draw_frame(&root, chart).unwrap(),
            Layer::Series => draw_series(&root, chart).unwrap(),
            Layer::Both => draw(&root, chart).unwrap(),
        }
        root.present().unwrap();
    }
    let elements = elements(&svg);
    let layout = Layout::new(width, height, chart.look);
    for element in &elements {
        for (x, y) in element.points() {
            assert!((layout.left..=layout.right).contains(&x), "{x} of {element:?}");
            assert!((layout.top..=layout.bottom).contains(&y), "{y} of {element:?}");
        }
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    elements
}

fn of<'e>(elements: &'e [Element], tag: &str) -> Vec<&'e Element> {
    elements.iter().filter(|element| element.tag == tag).collect()
}

fn texts(elements: &[Element]) -> Vec<&str> {
    of(elements, "text").iter().map(|element| element.text.as_str()).collect()
}

/// One point a second that ends at `NOW`; a `None` is a gap.
fn points(values: &[Option<f32>]) -> Vec<Point> {
    let mut before = false;
    let mut points = vec![];
    for (n, value) in values.iter().enumerate() {
        let time_ms = NOW - 1_000 * (values.len() - 1 - n) as u64;
        points.extend(value.map(|value| Point { time_ms, value, joined: before }));
        before = value.is_some();
    }
    points
}

struct Scene {
    axis: ValueAxis,
    look: Look<'static>,
    series: Vec<(Rgb, Vec<Point>)>,
}

impl Scene {
    fn percent(series: &[Vec<Point>]) -> Self {
        let series = series.iter().enumerate().map(|(n, points)| (series_color(n, false), points.clone()));
        Self { axis: ValueAxis::percent(), look: Look::new(Theme::LIGHT), series: series.collect() }
    }

    fn show(&self, layer: Layer, change: impl FnOnce(&mut ChartPicture<'_>)) -> Vec<Element> {
        let series: Vec<_> =
            self.series.iter().map(|(color, points)| SeriesPicture { color: *color, points }).collect();
        let mut chart = ChartPicture {
            kind: Kind::Line,
            smooth: false,
            to_ms: NOW,
            span_ms: MINUTE,
            axis: &self.axis,
            series: &series,
            crosshair_ms: None,
            look: &self.look,
        };
        change(&mut chart);
        picture(&chart, SIZE, layer)
    }

    fn layout(&self) -> Layout {
        Layout::new(SIZE.0, SIZE.1, &self.look)
    }
}

#[test]
fn the_frame_has_its_labels_and_lines_where_they_belong() {
    let scene = Scene::percent(&[]);
    let elements = scene.show(Layer::Frame, |_| {});
    let layout = scene.layout();
    assert_eq!(
        texts(&elements),
        ["1 min", "50 s", "40 s", "30 s", "20 s", "10 s", "0", "0 %", "25 %", "50 %", "75 %", "100 %"]
    );
    let lines = of(&elements, "rect");
    let across: Vec<i32> = lines.iter().filter(|r| r.number("height") == 1).map(|r| r.number("y")).collect();
    let height = f64::from(layout.bottom - layout.top);
    let expected: Vec<i32> = [0.0, 0.25, 0.5, 0.75, 1.0]
        .iter()
        .map(|share| ((f64::from(layout.bottom) - share * height).round() as i32).min(layout.bottom - 1))
        .collect();
    assert_eq!(across, expected);
    let down: Vec<i32> = lines.iter().filter(|r| r.number("width") == 1).map(|r| r.number("x")).collect();
    assert_eq!(down.len(), 7);
    assert_eq!((down[0], down[6]), (layout.left, layout.right - 1));
    for label in of(&elements, "text") {
        assert!((0..SIZE.0 as i32).contains(&label.number("x")), "{label:?}");
        assert!((0..=SIZE.1 as i32).contains(&label.number("y")), "{label:?}");
    }
    assert!(of(&elements, "polyline").is_empty() && of(&elements, "polygon").is_empty());
}

#[test]
fn points_lie_where_their_values_are() {
    let scene = Scene::percent(&[points(&[Some(0.0), Some(1.0), Some(0.5), Some(0.25), Some(2.0)])]);
    let elements = scene.show(Layer::Series, |_| {});
    let layout = scene.layout();
    let lines = of(&elements, "polyline");
    assert_eq!(lines.len(), 1);
    let second = f64::from(layout.right - layout.left) / 60.0;
    let height = f64::from(layout.bottom - layout.top);
    let expected = [(4, 0.0), (3, 1.0), (2, 0.5), (1, 0.25), (0, 1.0)].map(|(age, share)| {
        let x = f64::from(layout.right) - f64::from(age) * second;
        (x.round() as i32, (f64::from(layout.bottom) - share * height).round() as i32)
    });
    assert_eq!(lines[0].points(), expected);
    assert_eq!(lines[0].get("stroke"), LIGHT[0].to_string().to_uppercase());
    assert_eq!((lines[0].get("opacity"), lines[0].get("stroke-width")), ("1", "2"));
    assert!(texts(&elements).is_empty());
}

#[test]
fn a_gap_splits_the_line_and_a_lone_value_is_a_dot() {
    let scene =
        Scene::percent(&[points(&[Some(0.1), Some(0.2), None, Some(0.3), None, Some(0.4), Some(0.5)])]);
    for kind in [Kind::Line, Kind::Filled] {
        let elements = scene.show(Layer::Series, |chart| chart.kind = kind);
        let lines = of(&elements, "polyline");
        assert_eq!(lines.iter().map(|line| line.points().len()).collect::<Vec<_>>(), [2, 2]);
        assert!(lines[0].points()[1].0 < lines[1].points()[0].0);
        assert_eq!(of(&elements, "circle").len(), 1);
        assert_eq!(of(&elements, "polygon").len(), if kind == Kind::Filled { 2 } else { 0 });
    }
}

#[test]
fn the_fill_stands_on_the_ground() {
    let scene = Scene::percent(&[points(&[Some(0.5), Some(0.75)])]);
    let elements = scene.show(Layer::Series, |chart| chart.kind = Kind::Filled);
    let (area, line) = (of(&elements, "polygon")[0].points(), of(&elements, "polyline")[0].points());
    let bottom = scene.layout().bottom;
    assert_eq!(area, [line[0], line[1], (line[1].0, bottom), (line[0].0, bottom)]);
    let alpha: f64 = of(&elements, "polygon")[0].get("opacity").parse().unwrap();
    assert!((0.05..0.4).contains(&alpha), "the grid is seen through it");
}

#[test]
fn the_line_is_cut_at_the_edges_of_the_window() {
    // Two minutes of data on one minute: the line begins exactly at the left edge, half way up its slope.
    let ends = [(NOW - 90_000, 0.0), (NOW - 30_000, 1.0), (NOW + 30_000, 0.0)];
    let points = ends.map(|(time_ms, value)| Point { time_ms, value, joined: time_ms > NOW - 90_000 });
    let scene = Scene::percent(&[points.to_vec()]);
    let elements = scene.show(Layer::Series, |_| {});
    let layout = scene.layout();
    let middle = (f64::from(layout.top + layout.bottom) / 2.0).round() as i32;
    let centre = (f64::from(layout.left + layout.right) / 2.0).round() as i32;
    let line = of(&elements, "polyline")[0].points();
    assert_eq!(line, [(layout.left, middle), (centre, layout.top), (layout.right, middle)]);
}

#[test]
fn stacked_areas_lie_on_one_another() {
    let mut history = History::new(MINUTE, 1_000);
    for (tick, gap) in [(3, false), (2, false), (1, true), (0, false)] {
        history.push(NOW - tick * 1_000, gap, [("user", Some(0.25)), ("system", Some(0.5))]);
    }
    let mut edges = vec![];
    history.stack(&["user", "system"], 0, NOW, 400, &mut edges);
    let scene = Scene::percent(&edges);
    let elements = scene.show(Layer::Series, |chart| chart.kind = Kind::Stacked);
    let areas = of(&elements, "polygon");
    assert_eq!(areas.len(), 4, "two series, two runs");
    assert_eq!(of(&elements, "polyline").len(), 4);
    let layout = scene.layout();
    let y = |share: f64| layout.y(share).round() as i32;
    let ys = |area: &Element| area.points().iter().map(|p| p.1).collect::<Vec<_>>();
    assert_eq!(ys(areas[0]), [y(0.25), y(0.25), y(0.0), y(0.0)]);
    assert_eq!(ys(areas[2]), [y(0.75), y(0.75), y(0.25), y(0.25)]);
}

#[test]
fn curves_pass_through_the_points_and_never_beyond() {
    let values = [0.1, 0.9, 0.9, 0.2, 0.25, 0.0, 0.0, 1.0].map(Some);
    let times = |n: usize| NOW - 8_000 * (7 - n) as u64;
    let points: Vec<_> =
        (0..8).map(|n| Point { time_ms: times(n), value: values[n].unwrap(), joined: n > 0 }).collect();
    let scene = Scene::percent(std::slice::from_ref(&points));
    let straight = of(&scene.show(Layer::Series, |_| {}), "polyline")[0].points();
    let curve = of(&scene.show(Layer::Series, |chart| chart.smooth = true), "polyline")[0].points();
    assert!(curve.len() > 3 * straight.len());
    for pair in straight.windows(2) {
        let (low, high) = (pair[0].1.min(pair[1].1), pair[0].1.max(pair[1].1));
        // Three at one height are drawn as two, so the point itself may be missing.
        let passes =
            |at: (i32, i32)| curve.windows(2).any(|c| c.contains(&at) || (c[0].1, c[1].1) == (at.1, at.1));
        assert!(passes(pair[0]) && passes(pair[1]), "{pair:?}: {curve:?}");
        for (x, y) in curve.iter().filter(|p| (pair[0].0..=pair[1].0).contains(&p.0)) {
            assert!((low..=high).contains(y), "{x},{y} between {pair:?}");
        }
    }
}

#[test]
fn the_crosshair_marks_the_moment_and_the_values() {
    let ramp: Vec<_> = (0..=40).map(|n| Some(n as f32 / 40.0)).collect();
    let scene = Scene::percent(&[points(&ramp), points(&[Some(0.5); 41])]);
    let layout = scene.layout();
    let elements = scene.show(Layer::Series, |chart| chart.crosshair_ms = Some(NOW - 20_000));
    let hair = of(&elements, "rect");
    assert_eq!(hair.len(), 1);
    let x = f64::from(layout.right) - f64::from(layout.right - layout.left) / 3.0;
    assert!((f64::from(hair[0].number("x")) - x).abs() <= 1.0);
    assert_eq!((hair[0].number("y"), hair[0].number("height")), (layout.top, layout.bottom - layout.top));
    let dots = of(&elements, "circle");
    assert_eq!(dots.len(), 4, "two values, each with a ring");
    assert!(dots.iter().all(|dot| dot.number("cy") == layout.y(0.5).round() as i32));
    let outside = scene.show(Layer::Series, |chart| chart.crosshair_ms = Some(NOW + 1));
    assert!(of(&outside, "rect").is_empty() && of(&outside, "circle").is_empty());
    assert_eq!(layout.time_at(x, NOW, MINUTE), Some(NOW - 20_000));
    assert_eq!(layout.time_at(f64::from(layout.right) + 1.0, NOW, MINUTE), None);
}

#[test]
fn five_hundred_and_twelve_series_are_one_line_each() {
    let series: Vec<_> = (0..512)
        .map(|n| points(&(0..60).map(|t| Some(((n * 7 + t * 13) % 100) as f32 / 100.0)).collect::<Vec<_>>()))
        .collect();
    let scene = Scene::percent(&series);
    let elements = scene.show(Layer::Both, |chart| chart.crosshair_ms = Some(NOW));
    let lines = of(&elements, "polyline");
    assert_eq!(lines.len(), 512);
    assert!(lines.iter().all(|line| line.get("stroke-width") == "1"));
    assert_eq!(lines[511].get("stroke"), LIGHT[0].to_string().to_uppercase(), "the first is on top");
    assert!(of(&elements, "circle").is_empty(), "dots would hide everything");
}

#[test]
fn poor_data_is_drawn_as_what_it_is() {
    let shapes = |series: &[Vec<Point>], kind: Kind| {
        let elements = Scene::percent(series).show(Layer::Series, |chart| chart.kind = kind);
        ["polyline", "polygon", "circle"].map(|tag| of(&elements, tag).len())
    };
    for kind in [Kind::Line, Kind::Filled, Kind::Stacked] {
        assert_eq!(shapes(&[], kind), [0, 0, 0]);
        assert_eq!(shapes(&[vec![], vec![]], kind), [0, 0, 0], "all absent");
        assert_eq!(shapes(&[points(&[Some(0.5)])], kind), [0, 0, 1], "one point");
        let area = usize::from(kind != Kind::Line);
        assert_eq!(shapes(&[points(&[Some(0.5); 60])], kind), [1, area, 0]);
    }
    let flat = Scene::percent(&[points(&[Some(0.0); 60])]).show(Layer::Series, |_| {});
    assert_eq!(of(&flat, "polyline")[0].points().len(), 2, "all equal is one stroke");
}

#[test]
fn every_range_fits_between_the_same_edges() {
    let style = UnitStyle::default();
    for (log, exponent) in [false, true].into_iter().flat_map(|log| (0..=12).map(move |e| (log, e))) {
        let maximum = 10_f64.powi(exponent);
        let values: Vec<_> = (0..60).map(|n| Some((maximum * f64::from(n) / 59.0) as f32)).collect();
        let axis = ValueAxis::fitting(Unit::BytesPerSecond, style, maximum, log);
        let scene = Scene { axis, ..Scene::percent(&[points(&values)]) };
        let elements = scene.show(Layer::Both, |_| {});
        let line = of(&elements, "polyline")[0].points();
        let layout = scene.layout();
        let peak = layout.y(scene.axis.position(maximum));
        assert!((f64::from(line[line.len() - 1].1) - peak).abs() <= 1.0, "10^{exponent}");
        assert_eq!(line[0].1, layout.bottom);
        let widest = texts(&elements).iter().map(|label| label.chars().count()).max();
        assert!(widest <= Some(11), "{:?}", texts(&elements));
    }
}

#[test]
fn small_charts_drop_labels_and_large_ones_keep_their_proportions() {
    let scene = Scene::percent(&[points(&[Some(0.5); 60])]);
    let series: Vec<_> = vec![SeriesPicture { color: LIGHT[0], points: &scene.series[0].1 }];
    let base = ChartPicture {
        kind: Kind::Filled,
        smooth: false,
        to_ms: NOW,
        span_ms: MINUTE,
        axis: &scene.axis,
        series: &series,
        crosshair_ms: Some(NOW),
        look: &scene.look,
    };
    for size in [(0, 0), (1, 1), (3, 500), (500, 3), (40, 20), (120, 40)] {
        let elements = picture(&base, size, Layer::Both);
        assert!(size.0 > 40 || texts(&elements).is_empty(), "{size:?}: {:?}", texts(&elements));
    }
    let narrow = picture(&base, (320, 120), Layer::Both);
    assert!(texts(&narrow).len() >= 6, "{:?}", texts(&narrow));
    let sharp = Look { scale: 2.0, units: 4, ..scene.look };
    let large = picture(&ChartPicture { look: &sharp, ..base }, (320 * 8, 120 * 8), Layer::Both);
    assert_eq!(texts(&large), texts(&narrow), "the same picture at eight times the resolution");
    let width = |elements: &[Element]| of(elements, "polyline")[0].number("stroke-width");
    assert_eq!((width(&narrow), width(&large)), (2, 12), "1.5 px, rounded only where it must be");
    // Straight lines lie on whole device pixels.
    assert!(of(&large, "rect").iter().all(|r| r.number("x") % 4 == 0 && r.number("y") % 4 == 0));
}

#[test]
fn the_clock_may_be_younger_than_the_window() {
    let scene = Scene::percent(&[vec![
        Point { time_ms: 0, value: 0.0, joined: false },
        Point { time_ms: 6_000, value: 1.0, joined: true },
    ]]);
    let elements = scene.show(Layer::Both, |chart| chart.to_ms = 6_000);
    let layout = scene.layout();
    let line = of(&elements, "polyline")[0].points();
    let tenth = f64::from(layout.right - layout.left) / 10.0;
    assert_eq!(line[0].0, (f64::from(layout.right) - tenth).round() as i32);
    assert_eq!(line[1], (layout.right, layout.top));
    assert!(texts(&elements).contains(&"1 min"));
}

#[test]
fn themes_change_the_ink() {
    for theme in [Theme::LIGHT, Theme::DARK] {
        let mut scene = Scene::percent(&[]);
        scene.look.theme = theme;
        let plain = scene.show(Layer::Frame, |_| {});
        let ink = theme.foreground.to_string().to_uppercase();
        assert!(of(&plain, "text").iter().all(|text| text.get("fill") == ink));
        scene.look.fill_background = true;
        let filled = scene.show(Layer::Frame, |_| {});
        assert_eq!(of(&filled, "rect")[0].get("fill"), theme.background.to_string().to_uppercase());
        assert_eq!(of(&filled, "rect").len(), of(&plain, "rect").len() + 1);
    }
}
