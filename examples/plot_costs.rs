//! Measures what finding a badge and canonicalising it cost by size, and draws that as an SVG.
//!
//! ```sh
//! cargo run --release --example plot_costs -- docs/costs.svg
//! ```

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::indexing_slicing, clippy::print_stderr)] // a program

#[path = "../benches/support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::process::ExitCode;

use openbadges::jsonld::{self, ContextStore};
use openbadges::limits::{Limit, Limits};
use openbadges::rdfc::{self, HashAlgorithm};
use openbadges::unbake::unbake;

use support::badges;
use support::images::{KB, MB, Pixels, Place, Shape, bare_events, bare_walk, png, svg};
use support::measure::fastest;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: plot_costs FILE.svg");
        return ExitCode::FAILURE;
    };
    let drawing = draw(&[pngs(), svgs(), statements()]);
    match std::fs::write(&path, drawing) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A diagram of cost by size.
struct Panel {
    title: &'static str,
    /// What is counted along the bottom, and its unit.
    size: &'static str,
    curves: Vec<Curve>,
}

struct Curve {
    name: &'static str,
    /// Sizes, and seconds.
    points: Vec<(f64, f64)>,
}

impl Panel {
    fn new(title: &'static str, size: &'static str, names: &[&'static str]) -> Self {
        let curves = names.iter().map(|name| Curve { name, points: Vec::new() }).collect();
        Self { title, size, curves }
    }

    /// Adds a point to each curve.
    fn add(&mut self, size: usize, seconds: &[f64]) {
        let size = f64::from(u32::try_from(size).expect("a small number"));
        for (curve, seconds) in self.curves.iter_mut().zip(seconds) {
            curve.points.push((size, *seconds));
        }
    }
}

/// As the default, but with room for the largest images.
fn wide() -> Limits {
    Limits::default().with(Limit::InputBytes, 64 * 1024 * 1024)
}

fn pngs() -> Panel {
    let names = ["one IDAT", "IDATs of 8 KB", "the same, bare walk"];
    let mut panel = Panel::new("The badge of a PNG, behind the pixels", "bytes", &names);
    for size in [10 * KB, 30 * KB, 100 * KB, 300 * KB, MB, 3 * MB, 10 * MB, 50 * MB] {
        let one = png(size, Pixels::One, Place::Last);
        let many = png(size, Pixels::Of8Kb, Place::Last);
        let unbaked = |image: &[u8]| fastest(&mut || unbake(image, &wide()).expect("a badge"));
        panel.add(size, &[unbaked(&one), unbaked(&many), fastest(&mut || bare_walk(&many))]);
    }
    panel
}

fn svgs() -> Panel {
    let names = ["short paths", "the same, quick-xml's bare events", "long paths", "the same, bare events"];
    let mut panel = Panel::new("The badge of an SVG, behind the picture", "bytes", &names);
    for size in [10 * KB, 30 * KB, 100 * KB, 300 * KB, MB, 3 * MB, 10 * MB] {
        let times = [Shape::Paths, Shape::LongPaths].map(|shape| {
            let image = svg(size, shape, Place::Last);
            [fastest(&mut || unbake(&image, &wide()).expect("a badge")), fastest(&mut || bare_events(&image))]
        });
        panel.add(size, times.as_flattened());
    }
    panel
}

fn statements() -> Panel {
    let mut panel =
        Panel::new("Canonical statements of a badge", "statements", &["JSON-LD to RDF", "RDFC-1.0", "both"]);
    let (contexts, limits) = (ContextStore::bundled(), Limits::default());
    for evidence in [1, 3, 10, 30, 100, 300, 1000, 1900] {
        let credential = badges::credential(evidence);
        let mut to_quads = || {
            jsonld::to_quads(&credential, &contexts, &jsonld::Options::default(), &limits)
                .expect("a document")
        };
        let quads = to_quads();
        let mut canonicalize =
            || rdfc::canonicalize(&quads, HashAlgorithm::Sha256, &limits).expect("statements");
        let times = (fastest(&mut to_quads), fastest(&mut canonicalize));
        panel.add(quads.len(), &[times.0, times.1, times.0 + times.1]);
    }
    panel
}

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 300.0;
const MARGIN: f64 = 60.0;
/// Dark enough to be told apart, and to be read on white, by whoever sees colours otherwise.
const COLOURS: [&str; 4] = ["#0072b2", "#d55e00", "#009e73", "#aa4499"];

/// The panels beside each other, with logarithmic axes.
fn draw(panels: &[Panel]) -> String {
    let count = f64::from(u32::try_from(panels.len()).expect("a few"));
    let (width, height) = (count * (WIDTH + 2.0 * MARGIN), HEIGHT + 2.0 * MARGIN);
    let mut drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    let mut left = MARGIN;
    for panel in panels {
        writeln!(drawing, "<g transform=\"translate({left} {MARGIN})\">\n{}</g>", draw_panel(panel))
            .expect("room");
        left += WIDTH + 2.0 * MARGIN;
    }
    drawing + "</svg>\n"
}

fn draw_panel(panel: &Panel) -> String {
    let points = || panel.curves.iter().flat_map(|curve| &curve.points);
    let sizes = Axis::of(points().map(|(size, _)| *size), WIDTH);
    let times = Axis::of(points().map(|(_, seconds)| *seconds), HEIGHT);
    let mut text = format!("<text x=\"0\" y=\"-30\" font-size=\"15\">{}</text>\n", panel.title);
    for (at, power) in sizes.ticks() {
        let label = quantity(power, panel.size);
        text += &format!("<path d=\"M{at:.1} 0V{HEIGHT}\" stroke=\"#ddd\"/>\n");
        text +=
            &format!("<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>\n", HEIGHT + 18.0);
    }
    for (at, power) in times.ticks() {
        let y = HEIGHT - at;
        text += &format!("<path d=\"M0 {y:.1}H{WIDTH}\" stroke=\"#ddd\"/>\n");
        text += &format!("<text x=\"-6\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n", y + 4.0, time(power));
    }
    text += &format!("<path d=\"M0 0V{HEIGHT}H{WIDTH}\" fill=\"none\" stroke=\"#333\"/>\n");
    text +=
        &format!("<text x=\"{WIDTH}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", HEIGHT + 40.0, panel.size);
    for ((number, curve), colour) in (0_u32..).zip(&panel.curves).zip(COLOURS) {
        let path: Vec<String> = curve
            .points
            .iter()
            .map(|(size, seconds)| format!("{:.1} {:.1}", sizes.at(*size), HEIGHT - times.at(*seconds)))
            .collect();
        text += &format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n",
            path.join(" ")
        );
        for point in &path {
            let (x, y) = point.split_once(' ').expect("two numbers");
            text += &format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/>\n");
        }
        let y = 16.0 * f64::from(number) + 14.0;
        text += &format!("<path d=\"M10 {:.1}h18\" stroke=\"{colour}\" stroke-width=\"2\"/>\n", y - 4.0);
        text += &format!("<text x=\"34\" y=\"{y:.1}\">{}</text>\n", curve.name);
    }
    text
}

/// A logarithmic axis over whole powers of ten.
struct Axis {
    low: i32,
    high: i32,
    length: f64,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64> + Clone, length: f64) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(0.0, f64::max);
        let power =
            |value: f64| (-12..12).find(|power| 10_f64.powi(*power) >= value).expect("a sensible value");
        let high = power(most);
        // `power` rounds up, so that the power below is the one to begin with, unless the value is one itself.
        let low = power(least);
        let low = if 10_f64.powi(low) > least { low - 1 } else { low };
        Self { low, high, length }
    }

    fn at(&self, value: f64) -> f64 {
        (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low) * self.length
    }

    /// Each power of ten, and where it stands.
    fn ticks(&self) -> impl Iterator<Item = (f64, i32)> {
        (self.low..=self.high).map(|power| (self.at(10_f64.powi(power)), power))
    }
}

/// A power of ten as a number of seconds.
fn time(power: i32) -> String {
    match power {
        ..-6 => format!("{} ns", 10_f64.powi(power + 9)),
        -6..-3 => format!("{} µs", 10_f64.powi(power + 6)),
        -3..0 => format!("{} ms", 10_f64.powi(power + 3)),
        0.. => format!("{} s", 10_f64.powi(power)),
    }
}

/// A power of ten of something else.
fn quantity(power: i32, unit: &str) -> String {
    match power {
        6.. if unit == "bytes" => format!("{} MB", 10_f64.powi(power - 6)),
        3.. if unit == "bytes" => format!("{} KB", 10_f64.powi(power - 3)),
        _ => format!("{}", 10_f64.powi(power)),
    }
}
