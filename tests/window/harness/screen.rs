//! What can be seen: pictures of the screen, and pixels to judge.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::atspi::Area;
use super::desktop::{Desktop, SCREEN};

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// All of the screen.
pub fn whole() -> Area {
    let (width, height) = SCREEN;
    Area { x: 0, y: 0, width, height }
}

/// The directory of the pictures, in the target directory of the build.
fn pictures() -> PathBuf {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tmp.parent().expect("the target directory").join("window")
}

/// Saves a part of the screen as `target/window/NAME.png`.
#[track_caller]
pub fn save(desktop: &Desktop, area: Area, name: &str) -> PathBuf {
    let dir = pictures();
    std::fs::create_dir_all(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let path = dir.join(format!("{name}.png"));
    import(desktop, area, &path.to_string_lossy());
    path
}

/// How often each colour is seen in a part of the screen.
#[track_caller]
pub fn colours(desktop: &Desktop, area: Area) -> HashMap<Rgb, usize> {
    let mut colours = HashMap::new();
    for pixel in import(desktop, area, "rgb:-").as_chunks::<3>().0 {
        *colours.entry(*pixel).or_insert(0) += 1;
    }
    colours
}

/// A picture of a part of the screen, as a file or as bytes.
#[track_caller]
fn import(desktop: &Desktop, area: Area, to: &str) -> Vec<u8> {
    let Area { x, y, width, height } = area;
    let crop = format!("{width}x{height}+{x}+{y}");
    let mut import = desktop.command("import");
    import.args(["-silent", "-window", "root", "-crop", &crop, "+repage", "-depth", "8", to]);
    let output = import.output().expect("ImageMagick's import");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "import of {crop}: {error}");
    output.stdout
}
