//! The command line of `gnomon`.

use std::path::PathBuf;

use clap::Parser;

/// Name of the program in its messages.
pub const PROGRAM: &str = "gnomon";

/// A system monitor: processes, resources and file systems.
#[derive(Debug, Clone, Parser)]
#[command(name = PROGRAM, version, about)]
pub struct Arguments {
    /// Open on the page of resources
    #[arg(short = 'r', long, group = "page")]
    pub show_resources_tab: bool,
    /// Open on the page of processes
    #[arg(short = 'p', long, visible_alias = "processes", group = "page")]
    pub show_processes_tab: bool,
    /// Open on the page of file systems
    #[arg(short = 'f', long, group = "page")]
    pub show_file_systems_tab: bool,
    /// Show the machine whose proc, sys and etc lie below this directory
    #[arg(long, value_name = "DIR", default_value = "/")]
    pub root: PathBuf,
}

impl Arguments {
    /// Name of the page that was asked for.
    #[must_use]
    pub fn page(&self) -> Option<&'static str> {
        [
            (self.show_resources_tab, "resources"),
            (self.show_processes_tab, "processes"),
            (self.show_file_systems_tab, "file-systems"),
        ]
        .into_iter()
        .find_map(|(asked, page)| asked.then_some(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_page_may_be_asked_for_and_only_one() {
        let page = |args: &[&str]| Arguments::try_parse_from(args).map(|args| args.page());
        assert_eq!(page(&["gnomon", "-p"]).unwrap(), Some("processes"));
        assert_eq!(page(&["gnomon"]).unwrap(), None);
        assert!(page(&["gnomon", "-p", "-r"]).is_err());
    }
}
