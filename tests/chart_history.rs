//! The ring of a chart: bounded, in order, gaps kept, and no spike lost on the way to the screen.

use gnomon::history::{History, MAX_ROWS, MAX_SERIES, Point};
use proptest::prelude::*;

fn filled(values: &[Option<f64>]) -> History {
    let mut history = History::new(3_600_000, 250);
    for (tick, value) in values.iter().enumerate() {
        assert!(history.push(1_000 * (tick as u64 + 1), false, [("a", *value)]));
    }
    history
}

fn window(history: &History, from: u64, to: u64, pixels: u32) -> Vec<Point> {
    let mut points = vec![];
    history.window("a", from, to, pixels, &mut points);
    points
}

#[test]
fn a_short_history_comes_out_as_it_went_in() {
    let history = filled(&[Some(1.0), Some(2.0), None, Some(4.0)]);
    let points = window(&history, 0, 10_000, 400);
    let expected = [(1_000, 1.0, false), (2_000, 2.0, true), (4_000, 4.0, false)];
    assert_eq!(points, expected.map(|(time_ms, value, joined)| Point { time_ms, value, joined }));
    assert_eq!(history.latest("a"), Some(4.0));
    assert_eq!(history.value_at("a", 2_000), Some(2.0));
    assert_eq!(history.value_at("a", 2_001), None);
    assert_eq!(history.value_at("a", 3_000), None);
    assert_eq!(history.range("a", 2_000, 4_000), Some((2.0, 4.0)));
    assert_eq!(history.range("a", 3_000, 3_000), None);
    assert_eq!(history.range("b", 0, 9_000), None);
    assert_eq!(history.nearest_time(2_499), Some(2_000));
    assert_eq!(history.nearest_time(99_999), Some(4_000));
    assert_eq!(history.nearest_time(0), Some(1_000));
}

#[test]
fn the_point_before_and_after_the_window_lead_over_its_edges() {
    let history = filled(&[Some(1.0); 10]);
    let times: Vec<_> = window(&history, 3_500, 6_500, 400).iter().map(|p| p.time_ms).collect();
    assert_eq!(times, [3_000, 4_000, 5_000, 6_000, 7_000]);
}

#[test]
fn a_marked_gap_interrupts_every_series() {
    let mut history = History::new(60_000, 1_000);
    for (time, gap) in [(1, false), (2, false), (3, true), (4, false)] {
        history.push(time, gap, [("a", Some(1.0)), ("b", Some(2.0))]);
    }
    let mut points = vec![];
    for series in ["a", "b"] {
        history.window(series, 0, 10, 100, &mut points);
        assert_eq!(points.iter().map(|p| p.joined).collect::<Vec<_>>(), [false, true, false, true]);
    }
}

#[test]
fn time_never_goes_back() {
    let mut history = filled(&[Some(1.0), Some(2.0)]);
    assert!(!history.push(2_000, false, [("a", Some(9.0))]));
    assert!(!history.push(500, false, [("b", Some(9.0))]));
    assert_eq!((history.len(), history.series().len()), (2, 1));
    assert!(history.push(2_001, false, [("a", Some(3.0))]));
    history.clear();
    assert!(history.is_empty() && history.push(1, false, [("a", Some(1.0))]));
}

#[test]
fn what_is_not_a_number_is_absent() {
    let history = filled(&[Some(f64::NAN), Some(f64::INFINITY), Some(1e300), Some(1e12), Some(0.0)]);
    let values: Vec<_> = window(&history, 0, 9_000, 100).iter().map(|p| p.value).collect();
    assert_eq!(values, [1e12, 0.0]);
}

#[test]
fn series_come_and_go() {
    let mut history = History::new(10_000, 1_000);
    for tick in 0..40_u64 {
        let cpu1 = (!(3..=30).contains(&tick)).then_some(("cpu1", Some(tick as f64)));
        let values = [Some(("cpu0", Some(1.0))), cpu1, Some(("cpu2", Some(2.0)))];
        history.push(tick + 1, false, values.into_iter().flatten());
        let names: Vec<_> = history.series().map(|name| &**name).collect();
        match tick {
            0..=12 => assert_eq!(names, ["cpu0", "cpu1", "cpu2"], "{tick}"),
            13..=30 => assert_eq!(names, ["cpu0", "cpu2"], "{tick}: nothing of cpu1 is left"),
            _ => assert_eq!(names, ["cpu0", "cpu2", "cpu1"], "{tick}"),
        }
        assert_eq!(history.latest("cpu0"), Some(1.0));
        assert_eq!(history.latest("cpu2"), Some(2.0));
    }
}

#[test]
fn memory_is_bounded_in_both_directions() {
    let mut history = History::new(u64::MAX, 0);
    assert_eq!(history.capacity(), MAX_ROWS + 1);
    // Interfaces of short-lived containers: every tick another name.
    let names: Vec<String> = (0..3 * MAX_SERIES).map(|n| format!("veth{n}")).collect();
    for (tick, name) in names.iter().enumerate() {
        history.push(tick as u64, false, [("eth0", Some(1.0)), (name.as_str(), Some(1.0))]);
    }
    assert_eq!(history.series().len(), MAX_SERIES);
    assert_eq!(history.range("eth0", 0, u64::MAX), Some((1.0, 1.0)), "the one in use stays");
    assert!(history.series().any(|name| **name == *names[names.len() - 1]));
    // More at once than there is room for: the first ones stay.
    let mut history = History::new(60_000, 1_000);
    for tick in 0..3 {
        history.push(tick, false, names.iter().map(|name| (name.as_str(), Some(1.0))));
        assert_eq!(history.series().len(), MAX_SERIES);
        assert_eq!(history.value_at("veth0", tick), Some(1.0));
    }
}

#[test]
fn resizing_keeps_the_newest_rows() {
    let mut history = History::new(20_000, 1_000);
    for tick in 0..50_u64 {
        history.push(tick, false, [("a", Some(tick as f64))]);
    }
    history.resize(5_000, 1_000);
    let values = |h: &History| window(h, 0, 100, 1_000).iter().map(|p| p.value as u64).collect::<Vec<_>>();
    assert_eq!(values(&history), (44..50).collect::<Vec<_>>());
    history.resize(60_000, 1_000);
    for tick in 50..60_u64 {
        history.push(tick, false, [("a", Some(tick as f64))]);
    }
    assert_eq!(values(&history), (44..60).collect::<Vec<_>>());
}

#[test]
fn stacked_edges_share_their_times_and_add_up() {
    let mut history = History::new(60_000, 1_000);
    history.push(1, false, [("user", Some(1.0)), ("system", Some(2.0))]);
    history.push(2, false, [("user", None), ("system", Some(3.0))]);
    history.push(3, false, [("user", None), ("system", None)]);
    history.push(4, false, [("user", Some(4.0)), ("system", Some(5.0))]);
    let mut edges = vec![];
    history.stack(&["user", "system", "nowhere"], 0, 10, 100, &mut edges);
    let plain: Vec<Vec<_>> =
        edges.iter().map(|edge| edge.iter().map(|p| (p.time_ms, p.value, p.joined)).collect()).collect();
    assert_eq!(plain[0], [(1, 1.0, false), (2, 0.0, true), (4, 4.0, false)]);
    assert_eq!(plain[1], [(1, 3.0, false), (2, 3.0, true), (4, 9.0, false)]);
    assert_eq!(plain[2], plain[1]);
}

proptest! {
    #[test]
    fn no_spike_is_lost_and_nothing_is_invented(
        values in prop::collection::vec(prop::option::weighted(0.9, -1e12..1e12_f64), 1..900),
        gaps in prop::collection::vec(prop::bool::weighted(0.02), 900),
        steps in prop::collection::vec(1..3_000_u64, 900),
        pixels in 1..300_u32,
        capacity in 2..1_000_u64,
    ) {
        let mut history = History::new(capacity, 1);
        let mut rows: Vec<(u64, Option<f32>, bool)> = vec![];
        let mut time = 0;
        for ((value, gap), step) in values.iter().zip(&gaps).zip(&steps) {
            time += step;
            history.push(time, *gap, [("a", *value)]);
            rows.push((time, value.map(|v| v as f32), *gap));
        }
        // The newest `capacity` rows, in order, are all there is.
        let kept = &rows[rows.len().saturating_sub(history.capacity())..];
        prop_assert_eq!(history.len(), kept.len());
        let points = window(&history, 0, time, pixels);
        prop_assert!(points.windows(2).all(|pair| pair[0].time_ms < pair[1].time_ms));
        for point in &points {
            prop_assert!(kept.iter().any(|row| row.0 == point.time_ms && row.1 == Some(point.value)));
        }
        // Every run of values keeps its ends, and every column of it its lowest and highest value.
        let column = time.div_ceil(u64::from(pixels)).max(1);
        let mut runs: Vec<Vec<(u64, f32)>> = vec![];
        for (at, (time, value, gap)) in kept.iter().enumerate() {
            let Some(value) = value else { continue };
            if at == 0 || *gap || kept[at - 1].1.is_none() {
                runs.push(vec![]);
            }
            runs.last_mut().unwrap().push((*time, *value));
        }
        prop_assert_eq!(points.iter().filter(|p| !p.joined).count(), runs.len());
        let shown = |time: u64, value: f32| points.iter().any(|p| p.time_ms == time && p.value == value);
        let mut columns = 0;
        for run in &runs {
            let (first, last) = (run[0], run[run.len() - 1]);
            prop_assert!(shown(first.0, first.1) && shown(last.0, last.1));
            for chunk in run.chunk_by(|a, b| a.0 / column == b.0 / column) {
                columns += 1;
                for bound in [f32::min, f32::max] {
                    let extreme = chunk.iter().map(|p| p.1).reduce(bound).unwrap();
                    prop_assert!(chunk.iter().any(|p| p.1 == extreme && shown(p.0, p.1)));
                }
            }
        }
        // Bounded: four points a column and run, whatever the number of rows.
        prop_assert!(points.len() <= 4 * columns || kept.len() <= pixels as usize);
    }

    #[test]
    fn a_stack_of_one_is_its_window(
        values in prop::collection::vec(prop::option::weighted(0.9, 0.0..1e9_f64), 1..400),
        pixels in 1..100_u32,
    ) {
        let history = filled(&values);
        let mut edges = vec![];
        history.stack(&["a"], 0, 400_000, pixels, &mut edges);
        prop_assert_eq!(&edges[0], &window(&history, 0, 400_000, pixels));
    }
}
