//! Embeds what the window needs: the resource bundle and the settings schema.
//!
//! Without the feature `ui` there is nothing to do, so the library and `gnomon-agent` build on a machine
//! that has neither GTK nor GLib's tools.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "ui")]
    ui::build();
}

#[cfg(feature = "ui")]
mod ui {
    use std::env;
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};
    use std::process::{Command, exit};

    const RESOURCES: &str = "resources";
    const BUNDLE: &str = "resources/gnomon.gresource.xml";
    const ICONS: &str = "data/icons";
    const SCHEMA: &str = "data/io.github.gnomon.Gnomon.gschema.xml";

    /// Compiles the resource bundle to `OUT_DIR/gnomon.gresource` and the schema to `GNOMON_SCHEMA_DIR`.
    pub fn build() {
        let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_else(|| fail("OUT_DIR is not set")));
        compile_resources();
        compile_schema(&out.join("schemas"));
    }

    /// The bundle's files come from `resources/` and, for the application icon, from `data/icons/hicolor/`,
    /// where packages install it from.
    fn compile_resources() {
        require("glib-compile-resources", "libglib2.0-dev-bin");
        // Cargo looks at every file below a directory that it is told of.
        println!("cargo:rerun-if-changed={RESOURCES}");
        println!("cargo:rerun-if-changed={ICONS}");
        glib_build_tools::compile_resources(&[RESOURCES, "data/icons/hicolor"], BUNDLE, "gnomon.gresource");
    }

    /// A schema that is compiled here lets the program run without being installed.
    fn compile_schema(dir: &Path) {
        require("glib-compile-schemas", "libglib2.0-bin");
        println!("cargo:rerun-if-changed={SCHEMA}");
        let schema = Path::new(SCHEMA);
        let copy = dir.join(schema.file_name().unwrap_or_default());
        fs::create_dir_all(dir).unwrap_or_else(|e| fail(&format!("{}: {e}", dir.display())));
        fs::copy(schema, &copy).unwrap_or_else(|e| fail(&format!("{SCHEMA} to {}: {e}", copy.display())));
        let output = Command::new("glib-compile-schemas").arg("--strict").arg(dir).output();
        match output {
            Ok(output) if output.status.success() => {}
            Ok(output) => fail(&format!("{SCHEMA}: {}", String::from_utf8_lossy(&output.stderr).trim())),
            Err(e) => fail(&format!("glib-compile-schemas: {e}")),
        }
        println!("cargo:rustc-env=GNOMON_SCHEMA_DIR={}", dir.display());
    }

    /// Stops with the name of the Debian package when `tool` is not installed.
    fn require(tool: &str, package: &str) {
        match Command::new(tool).arg("--version").output() {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => fail(&format!(
                "{tool} is not installed; on Debian: apt-get install {package} (or build without the \
                 window: cargo build --no-default-features)"
            )),
            Err(e) => fail(&format!("{tool}: {e}")),
        }
    }

    /// Ends the build with one line; a panic would bury it in a backtrace.
    fn fail(message: &str) -> ! {
        eprintln!("error: {message}");
        exit(1)
    }
}
