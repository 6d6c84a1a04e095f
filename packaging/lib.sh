# shellcheck shell=bash
# What packaging/run, packaging/test and packaging/screenshots share: the system packages and the toolchain.
# Sourced, never run. After it the working directory is the root of the project.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# The lowest versions that build the window (Debian 12 has them).
readonly GTK="gtk4 >= 4.8" ADWAITA="libadwaita-1 >= 1.2"

# Each entry is a Debian package, and after the colon a command of it, by which it is recognized on systems
# without apt. Where there is no command, only Debian is asked.
# shellcheck disable=SC2034  # used by the scripts that source this
readonly AGENT_BUILD=(gcc:cc libc6-dev)
# shellcheck disable=SC2034
readonly WINDOW_BUILD=(pkgconf:pkg-config libgtk-4-dev libadwaita-1-dev
    libglib2.0-dev-bin:glib-compile-resources libglib2.0-bin:glib-compile-schemas)
# GTK's icons are SVG, which gdk-pixbuf reads with librsvg; dconf is where settings are kept.
# shellcheck disable=SC2034
readonly WINDOW_RUN=(adwaita-icon-theme librsvg2-common fonts-dejavu-core dconf-gsettings-backend)
# A display and a session bus of one's own, with accessibility.
# shellcheck disable=SC2034
readonly HEADLESS=(xvfb:Xvfb dbus:dbus-daemon dbus-daemon:dbus-run-session at-spi2-core imagemagick:import
    xdotool:xdotool)

say() { printf '==> %s\n' "$*"; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# have COMMAND...: all of them are installed (command -v alone is content with one).
have() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || return 1
    done
}

# as_root COMMAND...: as it is for root, else through sudo.
as_root() {
    if [[ $EUID -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

# missing_packages PACKAGE[:COMMAND]...: prints those that are not installed.
missing_packages() {
    local entry
    for entry in "$@"; do
        local package=${entry%%:*} command=${entry#"${entry%%:*}"}
        if have apt-get dpkg-query; then
            [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
        elif [[ -n $command ]]; then
            have "${command#:}" || echo "$package (its command ${command#:})"
        fi
    done
}

# need_packages WHY PACKAGE[:COMMAND]...: installs what is missing, or says what to install and stops.
need_packages() {
    local why=$1 missing
    shift
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if ! have apt-get dpkg-query; then
        printf 'error: for %s this is missing (names as in Debian):\n' "$why" >&2
        printf '  %s\n' "${missing[@]}" >&2
        die "this system has no apt-get: install them (and $GTK, $ADWAITA with their headers) in its own way"
    fi
    if [[ $EUID -ne 0 ]] && ! have sudo; then
        die "packages are missing for $why, and there is no sudo. As root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    say "Installing for $why: ${missing[*]}"
    # sudo passes on no environment of its own accord.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# need_libraries: GTK and libadwaita are there and new enough, whoever installed them.
need_libraries() {
    local library problems=()
    for library in "$GTK" "$ADWAITA"; do
        pkg-config --exists "$library" || problems+=("$library (found: $(pkg-config --modversion "${library%% *}" 2>/dev/null || echo none))")
    done
    if [[ ${#problems[@]} -gt 0 ]]; then
        printf 'error: the window needs this library with its headers: %s\n' "${problems[@]}" >&2
        die "without the window: cargo build --no-default-features"
    fi
}

# need_rust: a toolchain that is new enough for Cargo.toml.
need_rust() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    if ! have cargo && [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    fi
    have cargo rustc || die "no Rust toolchain: install Rust $wanted or newer, see https://rustup.rs"
    found=$(rustc --version | cut -d ' ' -f 2)
    [[ $(printf '%s\n' "$wanted" "${found%%-*}" | sort -V | head -n 1) == "$wanted" ]] ||
        die "Rust $found is too old: $wanted or newer is needed (rustup update stable)"
}

# build_programs FILE [CARGO FLAG]...: builds both programs and writes their paths to FILE, one a line, as cargo
# itself names them, whatever the profile, target or target directory.
build_programs() {
    local list=$1
    shift
    cargo build --locked --bins --message-format=json-render-diagnostics "$@" |
        sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' >"$list"
}
