//! The settings that the window and the command line share, in one file that a person may edit.
//!
//! The file is TOML; it is read again whenever it changes on disk. Folders and destinations are rows
//! of the library instead, for their history hangs on them.
//!
//! **Invariant:** a file that is not understood is never replaced, and what a person wrote in it
//! beside the values (comments, order) stays.

mod toml;
mod value;

pub(crate) use value::with;

use self::toml::merge;
use crate::blocking::blocking;
use crate::context::Context;
use crate::editable;
use crate::lock::lock;
use crate::patterns;
use crate::reason::of_disk;
use crate::store::values;
use crate::view::{Cause, CommandError, Event, Settings};
use rusqlite::Connection;
use std::fs;
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// What a new file begins with: each setting, explained.
const EXPLAINED: &str = include_str!("settings.toml");

/// The settings in force, and the file that they come from.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    path: PathBuf,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    settings: Settings,
    stamp: Option<Stamp>,
    /// Why the file as it is now is not what holds.
    mistake: Option<CommandError>,
}

/// What a look at the file brought.
#[derive(Debug, PartialEq, Eq)]
enum Look {
    Same,
    /// Others hold from now on.
    Changed(Box<Settings>),
    /// The same hold; whether the file is understood is another matter than before.
    Told,
}

/// Tells one state of the file from another; none: there is no file.
type Stamp = (SystemTime, u64);

impl SettingsFile {
    /// Reads the file; without one, everything has its default. While it is not understood, what held
    /// `before` holds.
    pub(crate) fn open(path: PathBuf, before: Option<Settings>) -> Self {
        let mut held = Held {
            settings: Settings::default(),
            stamp: stamp(&path),
            mistake: None,
        };
        match read(&path) {
            Ok(settings) => held.settings = settings,
            Err(mistake) => {
                held.settings = before.unwrap_or_default();
                held.not_understood(mistake);
            }
        }
        Self {
            held: Mutex::new(held),
            path,
        }
    }

    /// Why the file as it is now is not what holds; none: it is.
    pub(crate) fn mistake(&self) -> Option<CommandError> {
        lock(&self.held).mistake.clone()
    }

    pub(crate) fn now(&self) -> Settings {
        lock(&self.held).settings.clone()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what `settings` has differently. A file that is not understood stays as it is.
    pub(crate) fn change(&self, settings: Settings) -> Result<(), CommandError> {
        make_sense(&self.path, &settings)?;
        let mut held = lock(&self.held);
        let text = text_of(&self.path)?;
        parse(&self.path, text.as_deref().unwrap_or_default())?;
        let changed = merge(&self.path, text.as_deref().unwrap_or(EXPLAINED), &settings)?;
        editable::replace(&self.path, &changed).map_err(|error| fault(&self.path, &error))?;
        *held = Held {
            settings,
            stamp: stamp(&self.path),
            mistake: None,
        };
        Ok(())
    }

    /// Reads the file again if it changed.
    fn refresh(&self) -> Look {
        let mut held = lock(&self.held);
        let stamp = stamp(&self.path);
        if stamp == held.stamp {
            return Look::Same;
        }
        let settings = match read(&self.path) {
            Ok(settings) => settings,
            Err(mistake) => {
                held.stamp = stamp;
                return match held.not_understood(mistake) {
                    true => Look::Told,
                    false => Look::Same,
                };
            }
        };
        held.stamp = stamp;
        let mended = held.mistake.take().is_some();
        if settings == held.settings {
            return if mended { Look::Told } else { Look::Same };
        }
        held.settings = settings.clone();
        Look::Changed(Box::new(settings))
    }
}

impl Held {
    /// Whether this is news.
    fn not_understood(&mut self, mistake: CommandError) -> bool {
        if self.mistake.as_ref() == Some(&mistake) {
            return false;
        }
        tracing::error!(detail = mistake.detail, "the file of settings");
        self.mistake = Some(mistake);
        true
    }
}

/// Follows the file until the engine stops. While it is not understood, the last good settings hold,
/// and that is said.
pub(crate) async fn run(context: &Arc<Context>) {
    while context.rest(LOOK).await {
        context.previews.forget_old();
        let shared = Arc::clone(context);
        match blocking(move || shared.settings.refresh()).await {
            Look::Same => {}
            Look::Changed(settings) => apply(context, *settings).await,
            Look::Told => context.news.status(),
        }
    }
}

/// Tells everybody what holds from now on, and keeps it for a start with a file that is not understood.
pub(crate) async fn apply(context: &Context, settings: Settings) {
    context
        .throttle
        .limit(settings.limits.upload.map(NonZeroU64::get));
    let kept = settings.clone();
    if let Err(error) = context.store.write(move |db| keep(db, &kept)).await {
        context.trouble.note(error);
    }
    context.news.tell(Event::Settings { settings });
}

/// What held last.
pub(crate) fn kept(db: &Connection) -> rusqlite::Result<Option<Settings>> {
    let text = values::get(db, values::HELD)?;
    // Of another version that had other settings, it is of no use.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

pub(crate) fn keep(db: &Connection, settings: &Settings) -> rusqlite::Result<()> {
    let text = serde_json::to_string(settings)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    values::set(db, values::HELD, &text)
}

fn read(path: &Path) -> Result<Settings, CommandError> {
    match text_of(path)? {
        Some(text) => parse(path, &text),
        None => Ok(Settings::default()),
    }
}

/// None: there is no file.
fn text_of(path: &Path) -> Result<Option<String>, CommandError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fault(path, &error)),
    }
}

fn parse(path: &Path, text: &str) -> Result<Settings, CommandError> {
    let settings = editable::from_toml(&path.display().to_string(), text)
        .map_err(|error| CommandError::new(Cause::SettingsFile, error.detail))?;
    make_sense(path, &settings)?;
    Ok(settings)
}

/// Writes the file where there is none: nothing set, everything explained.
pub(crate) fn explain(path: &Path) -> io::Result<()> {
    editable::begin(path, EXPLAINED)
}

/// Whether what makes sense line by line does so together.
fn make_sense(path: &Path, settings: &Settings) -> Result<(), CommandError> {
    patterns::make_sense(settings).map_err(|error| {
        let detail = format!("{}: the patterns together: {error}", path.display());
        CommandError::new(Cause::SettingsFile, detail)
    })
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn fault(path: &Path, error: &io::Error) -> CommandError {
    let code = of_disk(error, Cause::SettingsFile);
    CommandError::new(code, format!("cannot use {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Appearance, Language};

    fn file_with(text: &str) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        (directory, path)
    }

    #[test]
    fn without_a_file_everything_has_its_default_and_nothing_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/settings.toml");
        let file = SettingsFile::open(path.clone(), None);
        assert_eq!(file.now(), Settings::default());
        assert!(!path.exists());
    }

    #[test]
    fn a_new_file_explains_itself_and_is_read_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/settings.toml");
        let file = SettingsFile::open(path.clone(), None);
        let mut settings = file.now();
        settings.language = Some(Language::De);
        settings.background.notify_when_done = false;
        settings.limits.upload = std::num::NonZeroU64::new(250_000);
        file.change(settings.clone()).unwrap();
        assert_eq!(SettingsFile::open(path.clone(), None).now(), settings);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("# imgn's settings"), "{text}");
        assert!(
            !text.contains("\nappearance"),
            "a default is not written: {text}"
        );
    }

    #[test]
    fn what_is_explained_is_what_there_is() {
        let uncommented: String = EXPLAINED
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .flat_map(|line| [line, "\n"])
            .collect();
        let settings: Settings = toml_edit::de::from_str(&uncommented).unwrap();
        let named = toml_edit::ser::to_string(&settings).unwrap();
        let all = |text: &str| {
            let document: toml_edit::DocumentMut = text.parse().unwrap();
            let mut keys = Vec::new();
            for (table, item) in document.iter() {
                match item.as_table_like() {
                    Some(inner) => {
                        keys.extend(inner.iter().map(|(key, _)| format!("{table}.{key}")))
                    }
                    None => keys.push(table.to_owned()),
                }
            }
            keys.sort();
            keys
        };
        assert_eq!(
            all(&uncommented),
            all(&named),
            "each setting is explained, and no other"
        );
    }

    #[test]
    fn a_file_that_is_not_understood_is_said_with_its_line_and_left_alone() {
        //  name, text, what is said
        let cases = [
            (
                "a word that does not exist",
                "\nlangage = \"de\"\n",
                "line 2",
            ),
            ("no TOML", "language = \n", "line 1"),
            ("a wrong kind", "[limits]\nupload = \"fast\"\n", "line 2"),
            ("a limit of nothing", "[limits]\nupload = 0\n", "line 2"),
            (
                "a pattern that makes no sense",
                "[photos]\nexclude = [\"a\", \"[z-a].jpg\"]\n",
                "line 2",
            ),
        ];
        for (name, text, said) in cases {
            let (_directory, path) = file_with("");
            let file = SettingsFile::open(path.clone(), None);
            fs::write(&path, text).unwrap();
            let error = SettingsFile::open(path.clone(), None).mistake().unwrap();
            assert_eq!(error.code, Cause::SettingsFile, "{name}");
            assert!(error.detail.contains(said), "{name}: {}", error.detail);
            assert!(!error.detail.contains('\n'), "{name}: {}", error.detail);
            assert!(file.change(Settings::default()).is_err(), "{name}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text, "{name}");
        }
    }

    #[test]
    fn an_edit_by_hand_is_seen_once() {
        let (_directory, path) = file_with("");
        let file = SettingsFile::open(path.clone(), None);
        assert_eq!(file.refresh(), Look::Same);
        fs::write(&path, "appearance = \"dark\"\n").unwrap();
        assert!(
            matches!(file.refresh(), Look::Changed(seen) if seen.appearance == Appearance::Dark)
        );
        assert_eq!(file.refresh(), Look::Same);
    }

    #[test]
    fn while_the_file_is_not_understood_what_held_before_holds() {
        let dark = Settings {
            appearance: Appearance::Dark,
            ..Settings::default()
        };
        let (_directory, path) = file_with("");
        let file = SettingsFile::open(path.clone(), None);
        file.change(dark.clone()).unwrap();
        fs::write(&path, "appearance = \"darkest\"\n").unwrap();
        assert_eq!(file.refresh(), Look::Told);
        assert_eq!(file.refresh(), Look::Same, "it is said once");
        assert_eq!(file.now(), dark);

        // The same across a restart.
        let again = SettingsFile::open(path.clone(), Some(dark.clone()));
        assert_eq!(again.now(), dark);
        assert!(again.mistake().unwrap().detail.contains("line 1"));
        fs::write(&path, "appearance = \"dark\"\n").unwrap();
        assert_eq!(
            again.refresh(),
            Look::Told,
            "it is mended, and nothing is different"
        );
        assert_eq!(again.mistake(), None);
    }
}
