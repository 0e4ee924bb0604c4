//! Settings, as a person handles them: shown and changed.

use super::paths::resolved;
use super::{Library, Result};
use crate::blocking::blocking;
use crate::path_bytes::shown;
use crate::settings;
use crate::store::folders;
use crate::view::*;
use std::path::Path;
use std::sync::Arc;

impl Library {
    pub async fn settings(&self) -> Result<Settings> {
        Ok(self.context.settings.now())
    }

    pub async fn settings_in_force(&self) -> Result<SettingsInForce> {
        Ok(SettingsInForce {
            file: shown(self.settings_file()),
            settings: self.context.settings.now(),
            mistake: self.context.settings.mistake().map(|error| error.detail),
        })
    }

    /// The file that the settings stand in.
    pub fn settings_file(&self) -> &Path {
        self.context.settings.path()
    }

    /// Writes the settings to their file and lets them hold from now on.
    pub async fn change_settings(&self, settings: Settings) -> Result<()> {
        let (context, wanted) = (Arc::clone(&self.context), settings.clone());
        blocking(move || context.settings.change(wanted)).await?;
        settings::apply(&self.context, settings).await;
        Ok(())
    }

    /// Changes one setting by its name in the file; without a value, its default holds again. `folder`, a
    /// watched one, is what a key of `folder` is about.
    pub async fn set_setting(
        &self,
        key: &str,
        value: Option<&str>,
        folder: Option<&Path>,
    ) -> Result<SettingsInForce> {
        let folder = match folder {
            None => None,
            Some(path) => Some(self.watched_as_shown(path).await?),
        };
        let now = self.context.settings.now();
        let changed = settings::with(&now, key, value, folder.as_deref())?;
        self.change_settings(changed).await?;
        self.settings_in_force().await
    }

    async fn watched_as_shown(&self, path: &Path) -> Result<String> {
        let path = resolved(path).await;
        let rows = self.context.store.read(folders::all).await?;
        if rows.iter().any(|row| !row.managed && row.path == path) {
            return Ok(shown(&path));
        }
        let detail = format!("{} is not watched", path.display());
        Err(CommandError::new(Cause::FolderNotFound, detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keyring, Options};
    use media::worker::WorkerCommand;
    use std::fs;

    #[tokio::test]
    async fn the_limit_of_the_file_is_that_of_the_uploads_as_soon_as_it_is_written() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("library");
        fs::create_dir(&directory).unwrap();
        let file = directory.join("settings.toml");
        fs::write(&file, "[limits]\nupload = 1000\n").unwrap();
        let worker = WorkerCommand {
            program: "none".into(),
            args: Vec::new(),
        };
        let options = Options {
            keyring: Keyring::Off,
            ..Options::portable(directory, worker)
        };
        let library = Library::open(options).await.unwrap();
        let throttle = &library.context.throttle;
        assert_eq!(throttle.limited_to(), Some(1000), "from the start");
        library.start().await.unwrap();
        let mut events = library.events();
        //  what stands in the file, the limit
        let cases = [("[limits]\nupload = 250000\n", Some(250_000)), ("", None)];
        for (text, limit) in cases {
            fs::write(&file, text).unwrap();
            while !matches!(events.recv().await.unwrap(), Event::Settings { .. }) {}
            assert_eq!(throttle.limited_to(), limit, "{text:?}");
        }
        library
            .set_setting("limits.upload", Some("7"), None)
            .await
            .unwrap();
        assert_eq!(throttle.limited_to(), Some(7));
        library.shutdown().await;
    }
}
