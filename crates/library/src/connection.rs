//! A library as a command has it: opened by this process, or asked of the one that owns it.
//!
//! Both answer to the same methods, so that a command is written once.

mod events;
mod owner;

use crate::door::{Caller, Question, Unanswered};
use crate::library::resolved;
use crate::view::*;
use crate::{Library, Options, Result};
pub use events::Events;
use events::Source;
pub use owner::Owner;
use owner::unanswered;
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
    Owner(Owner),
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
                return Ok(Self::Owner(Owner::new(caller, options)));
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
            Ok(Some(caller)) => {
                return Ok((Self::Owner(Owner::new(caller, options)), None));
            }
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
            Self::Owner(owner) => {
                let photos = photos.iter().map(|path| absolute(path).into_os_string());
                let photos = photos.collect();
                owner.ask(Question::Show { photos }).await
            }
        }
    }

    /// Whether the process that has the library open has a window, be it hidden.
    pub async fn has_window(&self) -> Result<bool> {
        match self {
            Self::Own(library) => Ok(library.has_window()),
            Self::Owner(owner) => owner.ask(Question::HasWindow).await,
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
            Self::Owner(owner) => match owner.caller.ask(Question::SyncOnce).await {
                Ok(report) => Ok(Some(report)),
                Err(Unanswered::Gone) => Ok(None),
                Err(Unanswered::Failed(error)) => Err(error),
            },
        }
    }

    pub async fn events(&self) -> Result<Events> {
        match self {
            Self::Own(library) => Ok(Events(Source::Own(library.events()))),
            Self::Owner(owner) => {
                let answers = owner.caller.events().await.map_err(unanswered)?;
                Ok(Events(Source::Owner(answers)))
            }
        }
    }

    pub async fn status(&self) -> Result<Status> {
        match self {
            Self::Own(library) => library.status().await,
            Self::Owner(owner) => {
                let rows = async |library: Library| library.status().await;
                owner.look(Question::Status, rows).await
            }
        }
    }

    /// What happens now, what needs the person, what is done.
    pub async fn activity(&self) -> Result<Activity> {
        match self {
            Self::Own(library) => library.activity().await,
            Self::Owner(owner) => {
                let rows = async |library: Library| library.activity().await;
                owner.look(Question::Activity, rows).await
            }
        }
    }

    pub async fn list(&self) -> Result<Vec<PhotoDetail>> {
        match self {
            Self::Own(library) => library.list().await,
            Self::Owner(owner) => match owner.caller.list().await {
                Err(Unanswered::Gone) => owner.rows().await?.list().await,
                answer => answer.map_err(unanswered),
            },
        }
    }

    pub async fn find(&self, query: &OsStr) -> Result<Vec<PhotoDetail>> {
        match self {
            Self::Own(library) => library.find(query).await,
            Self::Owner(owner) => {
                let path = resolved(Path::new(query)).await.into_os_string();
                let named = query.to_string_lossy().into_owned();
                let question = Question::Find { query: named, path };
                let rows = async |library: Library| library.find(query).await;
                owner.look(question, rows).await
            }
        }
    }

    pub async fn add_folder(&self, path: &Path) -> Result<FolderView> {
        match self {
            Self::Own(library) => library.add_folder(path).await,
            Self::Owner(owner) => {
                let path = absolute(path).into_os_string();
                owner.ask(Question::AddFolder { path }).await
            }
        }
    }

    pub async fn remove_folder(&self, id: i64) -> Result<()> {
        match self {
            Self::Own(library) => library.remove_folder(id).await,
            Self::Owner(owner) => owner.ask(Question::RemoveFolder { id }).await,
        }
    }

    pub async fn test_destination(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<TestReport> {
        match self {
            Self::Own(library) => library.test_destination(config, keys).await,
            Self::Owner(owner) => {
                let keys = keys.map(Into::into);
                owner.ask(Question::TestDestination { config, keys }).await
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
            Self::Owner(owner) => {
                let keys = keys.map(Into::into);
                owner.ask(Question::CreateBucket { config, keys }).await
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
            Self::Owner(owner) => {
                let keys = keys.map(Into::into);
                owner
                    .ask(Question::AddDestination { name, config, keys })
                    .await
            }
        }
    }

    pub async fn set_keys(&self, destination: i64, keys: TypedKeys) -> Result<DestinationView> {
        match self {
            Self::Own(library) => library.set_keys(destination, keys).await,
            Self::Owner(owner) => {
                let keys = keys.into();
                owner.ask(Question::SetKeys { destination, keys }).await
            }
        }
    }

    pub async fn remove_destination(&self, id: i64) -> Result<()> {
        match self {
            Self::Own(library) => library.remove_destination(id).await,
            Self::Owner(owner) => owner.ask(Question::RemoveDestination { id }).await,
        }
    }

    pub async fn why(&self, path: &Path) -> Result<FileProblem> {
        match self {
            Self::Own(library) => library.why(path).await,
            Self::Owner(owner) => {
                let path = absolute(path).into_os_string();
                owner.ask(Question::Why { path }).await
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
            Self::Owner(owner) => {
                let question = Question::Verify {
                    destination,
                    read_percent,
                };
                owner.ask(question).await
            }
        }
    }

    /// Dropped before it ends, it is stopped, also at an owner.
    pub async fn rebuild(&self, destination: i64) -> Result<RebuildReport> {
        match self {
            Self::Own(library) => library.rebuild(destination).await,
            Self::Owner(owner) => owner.ask(Question::Rebuild { destination }).await,
        }
    }

    /// Dropped before it ends, it is stopped, also at an owner.
    pub async fn restore(&self, from: Option<i64>, to: &Path) -> Result<RestoreReport> {
        match self {
            Self::Own(library) => library.restore(from, to).await,
            Self::Owner(owner) => {
                let to = absolute(to).into_os_string();
                owner.ask(Question::Restore { from, to }).await
            }
        }
    }

    pub async fn stop_verify(&self) -> Result<()> {
        match self {
            Self::Own(library) => library.stop_verify().await,
            Self::Owner(owner) => owner.ask(Question::StopVerify).await,
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
            Self::Owner(owner) => {
                let question = Question::Link {
                    photo,
                    destination,
                    seconds,
                };
                owner.ask(question).await
            }
        }
    }

    pub async fn doctor(&self, destination: i64) -> Result<DoctorReport> {
        match self {
            Self::Own(library) => library.doctor(destination).await,
            Self::Owner(owner) => owner.ask(Question::Doctor { destination }).await,
        }
    }

    pub async fn compare(&self) -> Result<Comparison> {
        match self {
            Self::Own(library) => library.compare().await,
            Self::Owner(owner) => {
                let rows = async |library: Library| library.compare().await;
                owner.look(Question::Compare, rows).await
            }
        }
    }

    pub async fn measure(&self) -> Result<MeasureReport> {
        match self {
            Self::Own(library) => library.measure().await,
            Self::Owner(owner) => owner.ask(Question::Measure).await,
        }
    }

    pub async fn stop_measure(&self) -> Result<()> {
        match self {
            Self::Own(library) => library.stop_measure().await,
            Self::Owner(owner) => owner.ask(Question::StopMeasure).await,
        }
    }

    pub async fn prices_to_edit(&self) -> Result<PathBuf> {
        match self {
            Self::Own(library) => library.prices_to_edit().await,
            Self::Owner(owner) => {
                let file: OsString = owner.ask(Question::PricesToEdit).await?;
                Ok(file.into())
            }
        }
    }

    pub async fn settings_in_force(&self) -> Result<SettingsInForce> {
        match self {
            Self::Own(library) => library.settings_in_force().await,
            Self::Owner(owner) => {
                let rows = async |library: Library| library.settings_in_force().await;
                owner.look(Question::Settings, rows).await
            }
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
            Self::Owner(owner) => {
                let question = Question::SetSetting {
                    key: key.to_owned(),
                    value: value.map(str::to_owned),
                    folder: folder.map(|path| absolute(path).into_os_string()),
                };
                owner.ask(question).await
            }
        }
    }

    pub async fn export_settings(&self) -> Result<String> {
        match self {
            Self::Own(library) => library.export_settings().await,
            Self::Owner(owner) => {
                let rows = async |library: Library| library.export_settings().await;
                owner.look(Question::ExportSettings, rows).await
            }
        }
    }

    /// `name` is what the text is called where something in it is wrong.
    pub async fn import_settings(&self, name: String, text: String) -> Result<ImportReport> {
        match self {
            Self::Own(library) => library.import_settings(&name, &text).await,
            Self::Owner(owner) => owner.ask(Question::ImportSettings { name, text }).await,
        }
    }

    pub async fn drop_paths(&self, paths: Vec<PathBuf>, choice: DropChoice) -> Result<DropReport> {
        match self {
            Self::Own(library) => library.drop_paths(paths, choice).await,
            Self::Owner(owner) => {
                let paths = paths.iter().map(|path| absolute(path).into_os_string());
                let paths = paths.collect();
                owner.ask(Question::DropPaths { paths, choice }).await
            }
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
