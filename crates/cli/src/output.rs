//! What is printed: one JSON document, or lines for a person. A closed pipe ends quietly.

use crate::words::{self, plain};
use library::view::{
    Cause, CommandError, DestinationState, DestinationView, FileProblem, FolderState, FolderView,
    LastRun, Pause, PhotoDetail, Problem, Reason, Status, StuckDestination, SyncReport,
};
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// What the answer of a command is printed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// Lines for a person.
    Text,
    /// One document for a script.
    Json,
}

impl Output {
    /// Prints `answer`: as a document, or as the lines that `tell` prints of it.
    pub(crate) fn print<A: Serialize>(self, answer: &A, tell: impl FnOnce(&A)) {
        match self {
            Self::Text => tell(answer),
            Self::Json => json(answer),
        }
    }
}

/// Prints `value` as one document.
fn json(value: &impl Serialize) {
    let text = serde_json::to_string_pretty(value).expect("views have string keys only");
    line(&text);
}

/// Prints `value` on one line.
pub(crate) fn json_line(value: &impl Serialize) {
    line(&serde_json::to_string(value).expect("views have string keys only"));
}

pub(crate) fn line(text: &str) {
    to(&mut io::stdout().lock(), text);
}

pub(crate) fn error_line(text: &str) {
    to(&mut io::stderr().lock(), text);
}

/// How far something is: on a terminal, in one line that is written over.
pub(crate) fn progress(text: &str) {
    let mut stderr = io::stderr().lock();
    if stderr.is_terminal() {
        // Who cannot be told how far it is still gets the result.
        write!(stderr, "\r{text}\x1b[K").ok();
        stderr.flush().ok();
    }
}

pub(crate) fn end_progress() {
    let mut stderr = io::stderr().lock();
    if stderr.is_terminal() {
        write!(stderr, "\r\x1b[K").ok();
    }
}

/// The document of a command that did nothing.
pub(crate) fn refused(error: &CommandError) {
    json(&serde_json::json!({ "error": error }));
}

/// Says why a command did nothing.
pub(crate) fn failed(error: &CommandError, out: Output) {
    if out == Output::Json {
        refused(error);
    }
    error_line(&format!(
        "{}\n  {}",
        words::failed(error.code),
        plain(&error.detail)
    ));
}

/// Says of a destination, a folder or a photo what stands in its way.
pub(crate) fn trouble(of: &str, reason: &Reason) {
    error_line(&format!("{}: {}", plain(of), plain(&words::reason(reason))));
}

pub(crate) fn folder(folder: &FolderView) {
    let state = match folder.state {
        FolderState::Watching => "watched",
        FolderState::Scanning => "being read",
        FolderState::Offline => "offline",
    };
    let role = if folder.managed {
        " (drops are copied here)"
    } else {
        ""
    };
    line(&format!(
        "{}{role}\n  {state} · {} · {}{}",
        plain(&folder.path),
        words::count(folder.photos, "photo", "photos"),
        words::bytes(folder.bytes),
        not_backed_up(folder.videos, folder.other_files),
    ));
    if folder.polling {
        line("  looked at every so often, since the system has no watches left");
    }
    for path in &folder.left_out {
        line(&format!(
            "  without {}: imgn's own place, which it takes care of by itself",
            plain(path)
        ));
    }
}

pub(crate) fn destination(destination: &DestinationView) {
    // Nobody asks while no imgn runs: then it stands as it was last seen.
    let state = match (destination.state, destination.last_checked) {
        (DestinationState::Unknown, Some(at)) => format!("last seen {}", words::moment(at)),
        (DestinationState::Unknown, None) => "not asked yet".to_owned(),
        (DestinationState::Ready, _) => "ready".to_owned(),
        (DestinationState::Offline, _) => "offline".to_owned(),
        (DestinationState::NeedsYou, _) => "needs you".to_owned(),
    };
    let kept = words::count(destination.photos, "photo", "photos");
    let kept = match (destination.gone, destination.photos) {
        (false, _) => format!("{kept} safe there"),
        (true, 1) => format!("{kept} was safe there"),
        (true, _) => format!("{kept} were safe there"),
    };
    line(&format!(
        "{}: {}\n  {state} · {kept} · {}",
        plain(&destination.name),
        plain(&destination.place),
        words::bytes(destination.bytes)
    ));
    let said = words::service(destination.service).or(words::layout(&destination.config));
    if let Some(said) = said {
        line(&format!("  {said}"));
    }
    if destination.may_be_incomplete {
        line("  its list may be incomplete: it shows 1,000 objects at most");
    }
    if let Some(reason) = &destination.reason {
        line(&format!("  {}", plain(&words::reason(reason))));
    }
}

pub(crate) fn status(status: &Status, problems: &[Problem]) {
    line(&format!(
        "{}: {} safe · {} going up · {} waiting · {} need you · {} online only",
        words::count(status.photos, "photo", "photos"),
        words::grouped(u64::from(status.safe)),
        words::grouped(u64::from(status.going)),
        words::grouped(u64::from(status.waiting)),
        words::grouped(u64::from(status.needs_you)),
        words::grouped(u64::from(status.online_only)),
    ));
    match status.pause {
        Some(Pause { until: Some(at) }) => line(&format!("paused until {}", words::moment(at))),
        Some(Pause { until: None }) => line("paused until you say so"),
        None => {}
    }
    status.folders.iter().for_each(folder);
    for one in &status.destinations {
        destination(one);
        if let Some(run) = status.last_run.as_ref().filter(|_| one.reason.is_none()) {
            stuck_at_last(run, &one.name);
        }
    }
    problems.iter().for_each(problem);
    if let Some(run) = &status.last_run {
        for path in &run.unlisted {
            line(&format!(
                "{}\n  at the last sync, {}: {}",
                plain(path),
                words::moment(run.at),
                words::cause(Cause::FolderUnreadable)
            ));
        }
    }
}

/// What kept photos from a destination when imgn last ran.
fn stuck_at_last(run: &LastRun, name: &str) {
    let of_it = |stuck: &&StuckDestination| stuck.name == name;
    for stuck in run.stuck_destinations.iter().filter(of_it) {
        line(&format!(
            "  at the last sync, {}: {}",
            words::moment(run.at),
            plain(&words::reason(&stuck.reason))
        ));
    }
}

/// Photos or files that share a cause, with some of their names; or what is wrong with this machine.
fn problem(problem: &Problem) {
    if problem.examples.is_empty() {
        line(&plain(&words::reason(&problem.reason)));
        return;
    }
    let names: Vec<String> = problem.examples.iter().map(|name| plain(name)).collect();
    let named = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let more = match problem.count.saturating_sub(named) {
        0 => String::new(),
        more => format!(", and {} more", words::grouped(more.into())),
    };
    let at = match &problem.destination_name {
        Some(name) => format!("{}: ", plain(name)),
        None => String::new(),
    };
    line(&format!(
        "{}{more}\n  {at}{}",
        names.join(", "),
        plain(&words::reason(&problem.reason))
    ));
}

pub(crate) fn sync(report: &SyncReport) {
    line(&format!(
        "{} of {} safe · {} confirmed now{}",
        words::grouped(u64::from(report.backed_up)),
        words::count(report.photos, "photo", "photos"),
        words::count(report.confirmed_now, "copy", "copies"),
        not_backed_up(report.videos, report.other_files),
    ));
    for stuck in &report.stuck_destinations {
        trouble(&stuck.name, &stuck.reason);
    }
    for path in &report.offline_folders {
        error_line(&format!(
            "{}: {}",
            plain(path),
            words::cause(Cause::FolderOffline)
        ));
    }
    // What a destination holds up is said once, not for each photo.
    let held_up = |file: &&FileProblem| {
        report
            .stuck_destinations
            .iter()
            .any(|stuck| stuck.reason.code == file.reason.code)
    };
    let waiting = report.unfinished.iter().filter(held_up).count();
    if waiting > 0 {
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        error_line(&format!(
            "{} for that",
            words::count(waiting, "photo waits", "photos wait")
        ));
    }
    for file in report.unfinished.iter().filter(|file| !held_up(file)) {
        trouble(&file.path, &file.reason);
    }
}

/// One photo on one line.
pub(crate) fn photo_line(photo: &PhotoDetail) {
    let place = photo
        .files
        .first()
        .or_else(|| photo.copies.iter().find_map(|copy| copy.key.as_ref()));
    line(&format!(
        "{}  {}  {}",
        photo.taken_at.as_deref().unwrap_or("no date            "),
        words::state(photo.state),
        plain(place.unwrap_or(&photo.name))
    ));
}

/// Everything about one photo.
pub(crate) fn photo(photo: &PhotoDetail) {
    line(&plain(&photo.name));
    let size = if photo.width > 0 {
        format!("{} × {} · ", photo.width, photo.height)
    } else {
        String::new()
    };
    line(&format!(
        "  {size}{} · {}",
        match photo.size {
            Some(size) => words::bytes(size),
            None => "size not known".to_owned(),
        },
        photo.media_type
    ));
    let camera = [&photo.camera_make, &photo.camera_model, &photo.lens];
    let camera: Vec<String> = camera
        .into_iter()
        .flatten()
        .map(|text| plain(text))
        .collect();
    for (name, value) in [
        ("taken", photo.taken_at.clone()),
        (
            "camera",
            Some(camera.join(" · ")).filter(|text| !text.is_empty()),
        ),
        ("title", photo.title.clone()),
        ("description", photo.description.clone()),
        ("SHA-256", photo.sha256.clone()),
        ("not shown", photo.unreadable.clone()),
    ] {
        if let Some(value) = value {
            line(&format!("  {name}: {}", plain(&value)));
        }
    }
    for (place, file) in photo.files.iter().enumerate() {
        let twin = if place == 0 {
            ""
        } else {
            " (the same bytes, which go up once)"
        };
        line(&format!("  file: {}{twin}", plain(file)));
    }
    if photo.copies.is_empty() {
        line(&format!(
            "  not backed up: {}",
            words::cause(Cause::NoDestination)
        ));
    }
    for copy in &photo.copies {
        let key = copy.key.as_deref().unwrap_or("no key yet");
        let standing = match (&copy.proof, &copy.reason) {
            (Some(proof), _) => words::proof(proof),
            (None, Some(reason)) => words::reason(reason),
            (None, None) => words::standing(copy.state).to_owned(),
        };
        line(&format!(
            "  {}: {} as {} · {}",
            plain(&copy.destination_name),
            words::state(copy.state),
            plain(key),
            plain(&standing)
        ));
    }
}

fn not_backed_up(videos: u32, other_files: u32) -> String {
    if videos == 0 && other_files == 0 {
        return String::new();
    }
    format!(
        " · {} and {} that are not backed up",
        words::count(videos, "video", "videos"),
        words::count(other_files, "other file", "other files")
    )
}

fn to(stream: &mut impl Write, text: &str) {
    if let Err(error) = writeln!(stream, "{text}") {
        // Whoever read the pipe has seen enough; anything else cannot be told either.
        let code = if error.kind() == io::ErrorKind::BrokenPipe {
            0
        } else {
            1
        };
        std::process::exit(code);
    }
}
