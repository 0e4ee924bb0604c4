//! A person's machine: a display, a home with a Pictures folder, and one library.
//!
//! **Invariant:** nothing of the machine that runs the tests shows through: home, settings and
//! keys are this desk's own.

use crate::display::Display;
use crate::webdriver::Session;
use crate::window::Window;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) const APP: &str = env!("CARGO_BIN_EXE_imgn");

pub(crate) struct Desk {
    pub(crate) display: Display,
    home: TempDir,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let home = tempfile::Builder::new().prefix("imgn-desk-").tempdir().unwrap();
        let desk = Self { display: Display::start(home.path()).await, home };
        std::fs::create_dir_all(desk.pictures()).unwrap();
        std::fs::create_dir_all(desk.path(".config")).unwrap();
        let folders = "XDG_PICTURES_DIR=\"$HOME/Pictures\"\n";
        std::fs::write(desk.path(".config/user-dirs.dirs"), folders).unwrap();
        desk
    }

    /// A place in the home folder.
    pub(crate) fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.home.path().join(below)
    }

    /// The folder that the first run offers.
    pub(crate) fn pictures(&self) -> PathBuf {
        self.path("Pictures")
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.path("library")
    }

    /// Where `--library` puts dropped photos.
    pub(crate) fn managed_folder(&self) -> PathBuf {
        self.library().join("originals")
    }

    /// Opens the app on this desk's library.
    pub(crate) async fn open(&self) -> Window {
        let library = self.library();
        let arguments = ["--library", library.to_str().expect("the tests' own paths are UTF-8")];
        let log = self.path("window.log");
        let session =
            Session::start(Path::new(APP), &arguments, &self.environment(), &log).await;
        Window::new(session, self.display.name(), log)
    }

    /// What a program started at this desk sees of the machine.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let home = self.home.path();
        let place = |below: &str| home.join(below).display().to_string();
        [
            ("DISPLAY", self.display.name()),
            ("HOME", home.display().to_string()),
            ("XDG_CONFIG_HOME", place(".config")),
            ("XDG_DATA_HOME", place(".local/share")),
            ("XDG_CACHE_HOME", place(".cache")),
            ("XDG_RUNTIME_DIR", home.display().to_string()),
            ("AWS_CONFIG_FILE", place("no-aws-config")),
            ("AWS_SHARED_CREDENTIALS_FILE", place("no-aws-credentials")),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("GDK_BACKEND", "x11".into()),
            ("IMGN_LOG", "info".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}
