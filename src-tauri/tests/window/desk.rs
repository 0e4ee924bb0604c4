//! A person's machine: a display, a home with a Pictures folder, and one library.
//!
//! **Invariant:** nothing of the machine that runs the tests shows through: home, settings and
//! keys are this desk's own.

use crate::bucket::Bucket;
use crate::display::Display;
use crate::process::Group;
use crate::webdriver::Session;
use crate::window::Window;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testbed::eventually;
use tokio::process::Command;

pub(crate) const APP: &str = env!("CARGO_BIN_EXE_imgn");

/// Empty: what the machine's own person keeps there must not be found.
const NO_CONFIG: &str = "aws-config";
const NO_CREDENTIALS: &str = "aws-credentials";

const GERMAN: &str = "de_DE.UTF-8";

pub(crate) struct Desk {
    display: Display,
    home: TempDir,
    theme: Theme,
    /// What the person has in their environment, which counts more than the desk's own.
    more: Vec<(String, String)>,
}

/// What the system speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    /// As the page says it.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::German => "de-DE",
        }
    }
}

/// What the desktop asks its programs to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::in_home(tempfile::Builder::new().prefix("imgn-desk-")).await
    }

    /// Whose paths are the same in every picture. There can be one of a name at a time.
    pub(crate) async fn of(person: &str) -> Self {
        Self::in_home(tempfile::Builder::new().prefix(person).rand_bytes(0)).await
    }

    async fn in_home(home: &tempfile::Builder<'_, '_>) -> Self {
        let home = home.tempdir().unwrap();
        let display = Display::start(home.path()).await;
        let desk = Self {
            display,
            home,
            theme: Theme::Light,
            more: Vec::new(),
        };
        std::fs::create_dir_all(desk.pictures()).unwrap();
        std::fs::create_dir_all(desk.path(".config")).unwrap();
        for settings in [NO_CONFIG, NO_CREDENTIALS] {
            std::fs::write(desk.path(settings), "").unwrap();
        }
        let folders = "XDG_PICTURES_DIR=\"$HOME/Pictures\"\n";
        std::fs::write(desk.path(".config/user-dirs.dirs"), folders).unwrap();
        desk
    }

    pub(crate) fn with_theme(self, theme: Theme) -> Self {
        Self { theme, ..self }
    }

    /// Makes the system's language this one, whether the machine has it installed or not.
    pub(crate) async fn with_language(self, language: Language) -> Self {
        if language == Language::English {
            return self;
        }
        let made = self.path("locales");
        std::fs::create_dir(&made).unwrap();
        let output = Command::new("localedef")
            .args(["-i", "de_DE", "-f", "UTF-8"])
            .arg(made.join(GERMAN))
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let made = made.display().to_string();
        self.with("LOCPATH", &made).with("LC_ALL", GERMAN)
    }

    /// Has this bucket's keys in the environment, where a restart finds them again.
    pub(crate) fn with_keys(self, bucket: &Bucket) -> Self {
        self.with("AWS_ACCESS_KEY_ID", &bucket.endpoint().access_key_id)
            .with(
                "AWS_SECRET_ACCESS_KEY",
                &bucket.endpoint().secret_access_key,
            )
    }

    /// Has this in the environment.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.to_owned(), value.to_owned()));
        self
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

    /// Every file of this machine.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files_below(self.home.path())
    }

    /// Opens the app on this desk's library.
    pub(crate) async fn open(&self) -> Window {
        self.open_as(Path::new(APP)).await
    }

    /// Opens the app as `program` starts it.
    pub(crate) async fn open_as(&self, program: &Path) -> Window {
        let library = self.library();
        let arguments = [
            "--library",
            library.to_str().expect("the tests' own paths are UTF-8"),
        ];
        let log = self.path("window.log");
        let session = Session::start(program, &arguments, &self.environment(), &log).await;
        Window::new(session, self.display.name(), log)
    }

    /// Starts the app with `arguments`, as the desktop does: nothing drives its window.
    pub(crate) fn start(&self, arguments: &[&str]) -> Group {
        self.start_as(Path::new(APP), arguments)
    }

    /// The same, as `program` starts it.
    pub(crate) fn start_as(&self, program: &Path, arguments: &[&str]) -> Group {
        let mut command = Command::new(program);
        command
            .arg("--library")
            .arg(self.library())
            .args(arguments)
            .current_dir(self.home.path())
            .envs(self.environment());
        Group::start(&mut command, &self.path("window.log"))
    }

    /// The visible windows of a process, by number.
    pub(crate) async fn windows(&self, process: u32) -> Vec<String> {
        let process = process.to_string();
        let search = ["search", "--onlyvisible", "--pid", &process];
        // Finding none is a failure to it.
        let found = self.xdotool(&search).await.unwrap_or_default();
        found.lines().map(str::to_owned).collect()
    }

    /// Waits until a process has a window, and closes it as the button of its frame does.
    pub(crate) async fn close_window(&self, process: u32) {
        let window = self.see_window(process).await;
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src-tauri/tests/window/close_window.py"
        );
        let mut command = Command::new("/usr/bin/python3");
        command.arg(script).arg(window).envs(self.environment());
        assert!(command.status().await.unwrap().success());
        eventually("the window is closed", async || {
            match &self.windows(process).await[..] {
                [] => Ok(()),
                left => Err(format!("{left:?}")),
            }
        })
        .await;
    }

    /// The window of a process, once it is seen.
    pub(crate) async fn see_window(&self, process: u32) -> String {
        eventually("a window stands", async || {
            let mut windows = self.windows(process).await;
            windows.pop().ok_or("none")
        })
        .await
    }

    /// Moves the mouse or presses keys, as a person at this desk would, and finds windows.
    pub(crate) async fn xdotool(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new("xdotool");
        let output = command
            .args(arguments)
            .envs(self.environment())
            .output()
            .await
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        match output.status.success() {
            true => Ok(text(output.stdout)),
            false => Err(format!("xdotool {arguments:?}: {}", text(output.stderr))),
        }
    }

    /// What a program started at this desk sees of the machine.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let home = self.home.path();
        let place = |below: &str| home.join(below).display().to_string();
        let gtk = match self.theme {
            Theme::Light => "Adwaita",
            Theme::Dark => "Adwaita:dark",
        };
        let own = [
            ("DISPLAY", self.display.name()),
            ("DBUS_SESSION_BUS_ADDRESS", "disabled:".into()),
            ("GDK_BACKEND", "x11".into()),
            ("GSETTINGS_BACKEND", "memory".into()),
            ("GTK_THEME", gtk.into()),
            ("HOME", home.display().to_string()),
            ("XDG_CONFIG_HOME", place(".config")),
            ("XDG_DATA_HOME", place(".local/share")),
            ("XDG_CACHE_HOME", place(".cache")),
            ("XDG_RUNTIME_DIR", home.display().to_string()),
            ("AWS_CONFIG_FILE", place(NO_CONFIG)),
            ("AWS_SHARED_CREDENTIALS_FILE", place(NO_CREDENTIALS)),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            // In English, whatever the person's own system speaks.
            ("LC_ALL", "C.UTF-8".into()),
            ("IMGN_LOG", "info".into()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        own.into_iter().chain(self.more.iter().cloned()).collect()
    }
}

/// Every file in `folder` and below; none when there is no folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.unwrap())
        .flat_map(|entry| {
            let kind = entry.file_type().unwrap();
            match (kind.is_dir(), kind.is_file()) {
                (true, _) => files_below(&entry.path()),
                (_, true) => vec![entry.path()],
                _ => Vec::new(),
            }
        })
        .collect()
}
