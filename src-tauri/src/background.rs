//! imgn at work, with its window or without: what the tray shows, what is notified, and what closing
//! the window means.
//!
//! What is decided is decided in [`standing`](crate::standing), [`notices`](crate::notices) and
//! [`closing`](crate::closing); here it is done.

use crate::closing::{Around, Closing};
use crate::desktop::{Answer, Desktop, Notification, Urgency};
use crate::engine::{self, Engine};
use crate::notices::{Gaze, Kind, Look, Notice, Notices};
use crate::pausing::PauseFor;
use crate::profile::Places;
use crate::standing::Standing;
use crate::tray::{Choice, Tray};
use crate::window;
use crate::words::{Language, Text};
use jiff::ZonedDateTime;
use library::view::{Cause, DestinationState, Event, Pause, Problem, Settings, Status};
use library::{Library, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

/// However quiet it is, the tray is looked after this often: a pause ends, a day begins.
const ROUND: Duration = Duration::from_secs(30);

/// What is left when the window is closed.
pub(crate) struct Background {
    desktop: Desktop,
    tray: Option<Tray>,
    /// That imgn goes on where nothing shows it was said in this run.
    told: AtomicBool,
}

impl Background {
    /// Puts the icon into the tray. Must be called on the main thread.
    pub(crate) fn begin(app: &AppHandle, desktop: Desktop) {
        desktop.hear(app, answered);
        let tray = desktop.may_have_tray().then(|| put_tray(app)).flatten();
        app.manage(Self {
            desktop,
            tray,
            told: AtomicBool::default(),
        });
    }

    /// Shows how the library stands, as long as the app runs.
    pub(crate) fn follow(app: &AppHandle, engine: &Engine) {
        match engine.own() {
            Ok(library) => {
                tauri::async_runtime::spawn(follow(app.clone(), library.clone()));
            }
            Err(_) => {
                let language = Language::of(None);
                app.state::<Self>().show(&Standing::broken(), language);
            }
        }
    }

    fn show(&self, standing: &Standing, language: Language) {
        if let Some(tray) = &self.tray
            && let Err(error) = tray.show(standing, language)
        {
            tracing::warn!("the tray may show an old state: {error}");
        }
    }

    async fn notify(&self, notice: &Notice, language: Language) {
        let notification = Notification {
            title: language.say(&notice.title),
            body: language.say(&notice.body),
            answers: vec![(Answer::Open, language.say(&Text::Open))],
            urgency: match notice.kind {
                Kind::Done => Urgency::Low,
                Kind::Needed | Kind::Offered => Urgency::Normal,
            },
        };
        if let Err(error) = self.desktop.notify(&notification).await {
            tracing::info!(title = notification.title, "not notified: {error}");
        }
    }

    /// Says where the window went; false: it cannot be said.
    async fn tell(&self, language: Language) -> bool {
        let notification = Notification {
            title: language.say(&Text::StillAtWork),
            body: language.say(&Text::HowToComeBack),
            answers: vec![
                (Answer::Open, language.say(&Text::Open)),
                (Answer::Quit, language.say(&Text::Quit)),
            ],
            urgency: Urgency::Normal,
        };
        match self.desktop.notify(&notification).await {
            Ok(()) => {
                self.told.store(true, Ordering::Relaxed);
                true
            }
            Err(error) => {
                tracing::info!("nothing would show that imgn is still at work: {error}");
                false
            }
        }
    }
}

/// The last window was closed: goes on without it, or ends.
pub(crate) fn window_closed(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // A trial does not outlive its window.
        let goes_on = match app.state::<Engine>().own() {
            Ok(library) => goes_on(&app, library).await,
            Err(error) => Err(error),
        };
        // Somebody may have opened it again meanwhile.
        if !matches!(goes_on, Ok(true)) && app.webview_windows().is_empty() {
            engine::end(&app);
        }
    });
}

async fn goes_on(app: &AppHandle, library: &Library) -> Result<bool> {
    let background = app.state::<Background>();
    let settings = library.settings().await?;
    let around = Around {
        keep_running: settings.background.keep_running,
        set_up: !library.status().await?.first_run,
        tray: background.tray.is_some() && background.desktop.has_tray().await,
        told: background.told.load(Ordering::Relaxed),
    };
    Ok(match Closing::decide(around) {
        Closing::Quit => false,
        Closing::GoOn => true,
        Closing::GoOnAndSay => background.tell(Language::of(settings.language)).await,
    })
}

/// None: this desktop has none, which is no reason not to work.
fn put_tray(app: &AppHandle) -> Option<Tray> {
    let pictures = app.state::<Places>().tray.clone();
    // The toolkit's library is looked for at run time, and missing it is a panic.
    match catch_unwind(AssertUnwindSafe(|| Tray::put(app, &pictures, chosen))) {
        Ok(Ok(tray)) => Some(tray),
        Ok(Err(error)) => {
            tracing::warn!("there is no tray icon: {error}");
            None
        }
        Err(_) => {
            tracing::warn!("there is no tray icon: the library for it is not installed");
            None
        }
    }
}

fn chosen(app: &AppHandle, choice: Choice) {
    match choice {
        Choice::Open => window::show(app),
        Choice::Pause(pause) => pause_for(app, pause),
        Choice::Resume => resume(app),
        Choice::Quit => engine::end(app),
    }
}

fn answered(app: &AppHandle, answer: Answer) {
    match answer {
        Answer::Open => window::show(app),
        Answer::Quit => engine::end(app),
    }
}

fn pause_for(app: &AppHandle, pause: PauseFor) {
    let until = pause.end(&ZonedDateTime::now());
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let engine = app.state::<Engine>().inner().clone();
        let paused = async { engine.library()?.pause(Pause { until }).await };
        if let Err(error) = paused.await {
            tracing::error!("not paused: {error}");
        }
    });
}

fn resume(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let engine = app.state::<Engine>().inner().clone();
        let resumed = async { engine.library()?.resume().await };
        if let Err(error) = resumed.await {
            tracing::error!("still paused: {error}");
        }
    });
}

async fn follow(app: AppHandle, library: Library) {
    let mut events = library.events();
    let mut follower = Follower::default();
    let mut known: Option<Status> = None;
    loop {
        let looked = async {
            let status = match known.take() {
                Some(status) => status,
                None => library.status().await?,
            };
            follower.look(&app, &library, &status).await
        };
        if let Err(error) = looked.await {
            tracing::warn!("the tray may show an old state: {error}");
        }
        tokio::select! {
            event = next(&mut events) => match event {
                Heard::Status(status) => known = Some(*status),
                Heard::Something => {}
                Heard::TheEnd => return,
            },
            () = tokio::time::sleep(follower.rest()) => {}
        }
    }
}

enum Heard {
    Status(Box<Status>),
    /// The library is to be asked.
    Something,
    TheEnd,
}

async fn next(events: &mut tokio::sync::broadcast::Receiver<Event>) -> Heard {
    loop {
        match events.recv().await {
            Ok(Event::Status { status }) => return Heard::Status(status),
            Ok(Event::Settings { .. }) | Err(RecvError::Lagged(_)) => return Heard::Something,
            Ok(
                Event::Photos { .. }
                | Event::Transfers { .. }
                | Event::Copying { .. }
                | Event::Saving { .. }
                | Event::Measuring { .. }
                | Event::Verifying { .. },
            ) => {}
            Err(RecvError::Closed) => return Heard::TheEnd,
        }
    }
}

/// What there was to see when the library was asked for its problems.
#[derive(Debug, Default, PartialEq, Eq)]
struct Signs {
    needs_you: u32,
    destinations: Vec<(i64, Cause)>,
}

impl Signs {
    fn of(status: &Status) -> Self {
        let needing = status.destinations.iter().filter_map(|destination| {
            let reason = destination.reason.as_ref()?;
            let needs = destination.state == DestinationState::NeedsYou;
            needs.then_some((destination.id, reason.code))
        });
        Self {
            needs_you: status.needs_you,
            destinations: needing.collect(),
        }
    }
}

#[derive(Debug, Default)]
struct Follower {
    notices: Notices,
    signs: Signs,
    problems: Vec<Problem>,
}

impl Follower {
    async fn look(&mut self, app: &AppHandle, library: &Library, status: &Status) -> Result<()> {
        let background = app.state::<Background>();
        let Settings {
            language,
            background: wanted,
            ..
        } = library.settings().await?;
        let language = Language::of(language);
        let now = ZonedDateTime::now();
        background.show(&Standing::of(status, &now), language);

        let signs = Signs::of(status);
        if signs != self.signs {
            self.problems = library.activity().await?.problems;
            self.signs = signs;
        }
        let due = self.notices.look(Look {
            status,
            problems: &self.problems,
            wanted: &wanted,
            gaze: match window::is_looked_at(app) {
                true => Gaze::OnTheWindow,
                false => Gaze::Elsewhere,
            },
            now: now.timestamp().as_millisecond(),
        });
        for notice in due {
            background.notify(&notice, language).await;
        }
        Ok(())
    }

    /// How long until it has to be looked again though nothing is heard.
    fn rest(&self) -> Duration {
        let Some(at) = self.notices.look_again() else {
            return ROUND;
        };
        let left = at - ZonedDateTime::now().timestamp().as_millisecond();
        // A little later, so that the moment has come.
        Duration::from_millis(left.max(0).cast_unsigned() + 50).min(ROUND)
    }
}
