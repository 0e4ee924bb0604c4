//! A library as a command has it: opened by this process, or asked of the one that owns it.
//!
//! Both answer to the same methods, so that a command is written once.

mod events;

use crate::door::{Caller, Question, Unanswered};
use crate::library::resolved;
use crate::view::*;
use crate::{Library, Options, Result};
pub use events::Events;
use events::Source;
use serde::de::DeserializeOwned;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A library that another process has, and where nobody listens, is asked for this long: that one may be
/// beginning or ending.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(50);

/// A library that commands can be given to.
#[derive(Debug, Clone)]
pub enum Connection {
    Own(Library),
    Owner(Caller),
}

impl Connection {
    /// Opens or makes the library, or reaches the process that has it open. [`Cause::LibraryInUse`] when
    /// that one cannot be talked to.
    pub async fn open(options: Options) -> Result<Self> {
        let begun = Instant::now();
        loop {
            let directory = options.directory.clone();
            if let Some(library) = Library::open_if_free(options.clone()).await? {
                return Ok(Self::Own(library));
            }
            if let Some(caller) = Caller::find(&resolved(&directory).await).await? {
                return Ok(Self::Owner(caller));
            }
            if begun.elapsed() > PATIENCE {
                let detail = format!(
                    "another process has {} open, and answers nobody",
                    directory.display()
                );
                return Err(CommandError::new(Cause::LibraryInUse, detail));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Reaches a library that is there to read from it. Its rows are read when nobody owns it, and when its
    /// owner cannot be talked to: then the second value says why.
    pub async fn look(options: Options) -> Result<(Self, Option<CommandError>)> {
        let found = Caller::find(&resolved(&options.directory).await).await;
        let unanswered = match found {
            Ok(Some(caller)) => return Ok((Self::Owner(caller), None)),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        Ok((Self::Own(Library::look(options).await?), unanswered))
    }

    /// Brings the owner's window to the front, with photos to take in. [`Cause::LibraryInUse`] when it has
    /// none, as this process itself has not.
    pub async fn show(&self, photos: &[PathBuf]) -> Result<()> {
        match self {
            Self::Own(library) => library.show(photos.to_vec()).await,
            Self::Owner(caller) => {
                let photos = photos.iter().map(|path| absolute(path).into_os_string());
                let photos = photos.collect();
                ask(caller, Question::Show { photos }).await
            }
        }
    }

    /// Has the engine run; an owner's does already.
    pub async fn start(&self) -> Result<()> {
        match self {
            Self::Own(library) => library.start().await,
            Self::Owner(_) => Ok(()),
        }
    }

    /// Stops this process's own engine; an owner's goes on.
    pub async fn shutdown(&self) {
        match self {
            Self::Own(library) => library.shutdown().await,
            Self::Owner(_) => {}
        }
    }

    /// Brings everything up that can be, and says how it ended. None: the owner ended before that.
    pub async fn sync_once(&self) -> Result<Option<SyncReport>> {
        match self {
            Self::Own(library) => library.sync_once().await.map(Some),
            Self::Owner(caller) => match caller.ask(Question::SyncOnce).await {
                Ok(report) => Ok(Some(report)),
                Err(Unanswered::Gone) => Ok(None),
                Err(Unanswered::Failed(error)) => Err(error),
            },
        }
    }

    pub async fn events(&self) -> Result<Events> {
        match self {
            Self::Own(library) => Ok(Events(Source::Own(library.events()))),
            Self::Owner(caller) => {
                let answers = caller.events().await.map_err(unanswered)?;
                Ok(Events(Source::Owner(answers)))
            }
        }
    }

    pub async fn status(&self) -> Result<Status> {
        match self {
            Self::Own(library) => library.status().await,
            Self::Owner(caller) => ask(caller, Question::Status).await,
        }
    }

    /// What happens now, what needs the person, what is done.
    pub async fn activity(&self) -> Result<Activity> {
        match self {
            Self::Own(library) => library.activity().await,
            Self::Owner(caller) => ask(caller, Question::Activity).await,
        }
    }

    pub async fn list(&self) -> Result<Vec<PhotoDetail>> {
        match self {
            Self::Own(library) => library.list().await,
            Self::Owner(caller) => caller.list().await.map_err(unanswered),
        }
    }

    pub async fn find(&self, query: &OsStr) -> Result<Vec<PhotoDetail>> {
        match self {
            Self::Own(library) => library.find(query).await,
            Self::Owner(caller) => {
                let path = resolved(Path::new(query)).await.into_os_string();
                let query = query.to_string_lossy().into_owned();
                ask(caller, Question::Find { query, path }).await
            }
        }
    }

    pub async fn add_folder(&self, path: &Path) -> Result<FolderView> {
        match self {
            Self::Own(library) => library.add_folder(path).await,
            Self::Owner(caller) => {
                let path = absolute(path).into_os_string();
                ask(caller, Question::AddFolder { path }).await
            }
        }
    }

    pub async fn remove_folder(&self, id: i64) -> Result<()> {
        match self {
            Self::Own(library) => library.remove_folder(id).await,
            Self::Owner(caller) => ask(caller, Question::RemoveFolder { id }).await,
        }
    }

    pub async fn test_destination(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<TestReport> {
        match self {
            Self::Own(library) => library.test_destination(config, keys).await,
            Self::Owner(caller) => {
                let keys = keys.map(Into::into);
                ask(caller, Question::TestDestination { config, keys }).await
            }
        }
    }

    pub async fn create_bucket(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<()> {
        match self {
            Self::Own(library) => library.create_bucket(config, keys).await,
            Self::Owner(caller) => {
                let keys = keys.map(Into::into);
                ask(caller, Question::CreateBucket { config, keys }).await
            }
        }
    }

    pub async fn add_destination(
        &self,
        name: String,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<DestinationView> {
        match self {
            Self::Own(library) => library.add_destination(name, config, keys).await,
            Self::Owner(caller) => {
                let keys = keys.map(Into::into);
                ask(caller, Question::AddDestination { name, config, keys }).await
            }
        }
    }

    pub async fn set_keys(&self, destination: i64, keys: TypedKeys) -> Result<DestinationView> {
        match self {
            Self::Own(library) => library.set_keys(destination, keys).await,
            Self::Owner(caller) => {
                let keys = keys.into();
                ask(caller, Question::SetKeys { destination, keys }).await
            }
        }
    }

    pub async fn remove_destination(&self, id: i64) -> Result<()> {
        match self {
            Self::Own(library) => library.remove_destination(id).await,
            Self::Owner(caller) => ask(caller, Question::RemoveDestination { id }).await,
        }
    }

    pub async fn why(&self, path: &Path) -> Result<FileProblem> {
        match self {
            Self::Own(library) => library.why(path).await,
            Self::Owner(caller) => {
                let path = absolute(path).into_os_string();
                ask(caller, Question::Why { path }).await
            }
        }
    }

    pub async fn verify(
        &self,
        destination: Option<i64>,
        read_percent: f64,
    ) -> Result<VerifyReport> {
        match self {
            Self::Own(library) => library.verify(destination, read_percent).await,
            Self::Owner(caller) => {
                let question = Question::Verify {
                    destination,
                    read_percent,
                };
                ask(caller, question).await
            }
        }
    }

    /// Dropped before it ends, it is stopped, also at an owner.
    pub async fn rebuild(&self, destination: i64) -> Result<RebuildReport> {
        match self {
            Self::Own(library) => library.rebuild(destination).await,
            Self::Owner(caller) => ask(caller, Question::Rebuild { destination }).await,
        }
    }

    /// Dropped before it ends, it is stopped, also at an owner.
    pub async fn restore(&self, from: Option<i64>, to: &Path) -> Result<RestoreReport> {
        match self {
            Self::Own(library) => library.restore(from, to).await,
            Self::Owner(caller) => {
                let to = absolute(to).into_os_string();
                ask(caller, Question::Restore { from, to }).await
            }
        }
    }

    pub async fn stop_verify(&self) -> Result<()> {
        match self {
            Self::Own(library) => library.stop_verify().await,
            Self::Owner(caller) => ask(caller, Question::StopVerify).await,
        }
    }

    pub async fn link(
        &self,
        photo: i64,
        destination: Option<i64>,
        seconds: u32,
    ) -> Result<PhotoLink> {
        match self {
            Self::Own(library) => library.link(photo, destination, seconds).await,
            Self::Owner(caller) => {
                let question = Question::Link {
                    photo,
                    destination,
                    seconds,
                };
                ask(caller, question).await
            }
        }
    }

    pub async fn doctor(&self, destination: i64) -> Result<DoctorReport> {
        match self {
            Self::Own(library) => library.doctor(destination).await,
            Self::Owner(caller) => ask(caller, Question::Doctor { destination }).await,
        }
    }

    pub async fn compare(&self) -> Result<Comparison> {
        match self {
            Self::Own(library) => library.compare().await,
            Self::Owner(caller) => ask(caller, Question::Compare).await,
        }
    }

    pub async fn measure(&self) -> Result<MeasureReport> {
        match self {
            Self::Own(library) => library.measure().await,
            Self::Owner(caller) => ask(caller, Question::Measure).await,
        }
    }

    pub async fn stop_measure(&self) -> Result<()> {
        match self {
            Self::Own(library) => library.stop_measure().await,
            Self::Owner(caller) => ask(caller, Question::StopMeasure).await,
        }
    }

    pub async fn prices_to_edit(&self) -> Result<PathBuf> {
        match self {
            Self::Own(library) => library.prices_to_edit().await,
            Self::Owner(caller) => {
                let file: OsString = ask(caller, Question::PricesToEdit).await?;
                Ok(file.into())
            }
        }
    }

    pub async fn settings_in_force(&self) -> Result<SettingsInForce> {
        match self {
            Self::Own(library) => library.settings_in_force().await,
            Self::Owner(caller) => ask(caller, Question::Settings).await,
        }
    }

    pub async fn set_setting(
        &self,
        key: &str,
        value: Option<&str>,
        folder: Option<&Path>,
    ) -> Result<SettingsInForce> {
        match self {
            Self::Own(library) => library.set_setting(key, value, folder).await,
            Self::Owner(caller) => {
                let question = Question::SetSetting {
                    key: key.to_owned(),
                    value: value.map(str::to_owned),
                    folder: folder.map(|path| absolute(path).into_os_string()),
                };
                ask(caller, question).await
            }
        }
    }

    pub async fn export_settings(&self) -> Result<String> {
        match self {
            Self::Own(library) => library.export_settings().await,
            Self::Owner(caller) => ask(caller, Question::ExportSettings).await,
        }
    }

    /// `name` is what the text is called where something in it is wrong.
    pub async fn import_settings(&self, name: String, text: String) -> Result<ImportReport> {
        match self {
            Self::Own(library) => library.import_settings(&name, &text).await,
            Self::Owner(caller) => ask(caller, Question::ImportSettings { name, text }).await,
        }
    }

    pub async fn drop_paths(&self, paths: Vec<PathBuf>, choice: DropChoice) -> Result<DropReport> {
        match self {
            Self::Own(library) => library.drop_paths(paths, choice).await,
            Self::Owner(caller) => {
                let paths = paths.iter().map(|path| absolute(path).into_os_string());
                let paths = paths.collect();
                ask(caller, Question::DropPaths { paths, choice }).await
            }
        }
    }
}

async fn ask<T: DeserializeOwned>(caller: &Caller, question: Question) -> Result<T> {
    caller.ask(question).await.map_err(unanswered)
}

fn unanswered(why: Unanswered) -> CommandError {
    match why {
        Unanswered::Failed(error) => error,
        Unanswered::Gone => CommandError::new(
            Cause::LibraryInUse,
            "it ended before it answered; see what was done, and try again",
        ),
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
