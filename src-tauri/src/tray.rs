//! The tray icon and its menu.
//!
//! **Invariant:** it shows a [`Standing`] and decides nothing.

use crate::pausing::PauseFor;
use crate::standing::{Shape, Standing};
use crate::words::{Language, Text};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Wry, include_image};

/// What was chosen in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Open,
    Pause(PauseFor),
    Resume,
    Quit,
}

impl Choice {
    const ALL: [Self; 5] = [
        Self::Open,
        Self::Pause(PauseFor::AnHour),
        Self::Pause(PauseFor::UntilTomorrow),
        Self::Resume,
        Self::Quit,
    ];

    fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pause(PauseFor::AnHour) => "pause-hour",
            Self::Pause(PauseFor::UntilTomorrow) => "pause-tomorrow",
            Self::Resume => "resume",
            Self::Quit => "quit",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Open => Text::Open,
            Self::Pause(PauseFor::AnHour) => Text::PauseAnHour,
            Self::Pause(PauseFor::UntilTomorrow) => Text::PauseUntilTomorrow,
            Self::Resume => Text::Resume,
            Self::Quit => Text::Quit,
        }
    }

    fn of(event: &MenuEvent) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|choice| event.id() == choice.id())
    }
}

/// The icon in the tray.
pub(crate) struct Tray {
    /// It keeps the icon, and lets it go when it ends.
    app: AppHandle,
    menu: Menu<Wry>,
    sentence: MenuItem<Wry>,
    choices: Vec<(Choice, MenuItem<Wry>)>,
    resume: MenuItem<Wry>,
    shown: Mutex<Option<(Standing, Language)>>,
}

const ID: &str = "imgn";

/// Where the menu has the choice to go on, while there is something to go on with.
const RESUME_AT: usize = 3;

impl Tray {
    /// Must be called on the main thread. `pictures` is a directory of its own: on Linux, icons are
    /// handed over as files.
    pub(crate) fn put(
        app: &AppHandle,
        pictures: &Path,
        chosen: fn(&AppHandle, Choice),
    ) -> tauri::Result<Self> {
        clear(pictures);
        let sentence = MenuItem::with_id(app, "sentence", "imgn", false, None::<&str>)?;
        let [open, hour, tomorrow, resume, quit] = Choice::ALL.map(|choice| {
            let label = Language::English.say(&choice.label());
            let item = MenuItem::with_id(app, choice.id(), label, true, None::<&str>)?;
            tauri::Result::Ok((choice, item))
        });
        let choices = vec![open?, hour?, tomorrow?, resume?, quit?];
        let [(_, open), (_, hour), (_, tomorrow), (_, resume), (_, quit)] = &choices[..] else {
            unreachable!("there is an item for each choice");
        };
        let separator = || PredefinedMenuItem::separator(app);
        let menu = Menu::new(app)?;
        menu.append_items(&[
            &sentence,
            &separator()?,
            open,
            hour,
            tomorrow,
            &separator()?,
            quit,
        ])?;
        let resume = resume.clone();
        TrayIconBuilder::with_id(ID)
            .icon(picture(Shape::Waiting))
            .icon_as_template(true)
            .menu(&menu)
            .temp_dir_path(pictures)
            .tooltip("imgn")
            .on_menu_event(move |app, event| {
                if let Some(choice) = Choice::of(&event) {
                    chosen(app, choice);
                }
            })
            .build(app)?;
        Ok(Self {
            app: app.clone(),
            menu,
            sentence,
            choices,
            resume,
            shown: Mutex::default(),
        })
    }

    /// Shows `standing`, unless that is what is shown.
    pub(crate) fn show(&self, standing: &Standing, language: Language) -> tauri::Result<()> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, spoken) = match &*shown {
            Some((standing, language)) => (Some(standing), Some(*language)),
            None => (None, None),
        };
        if before == Some(standing) && spoken == Some(language) {
            return Ok(());
        }
        if spoken != Some(language) {
            for (choice, item) in &self.choices {
                item.set_text(language.say(&choice.label()))?;
            }
        }
        let sentence = language.say(&standing.sentence);
        // A single one would underline what follows.
        self.sentence.set_text(sentence.replace('&', "&&"))?;
        if let Some(icon) = self.app.tray_by_id(ID) {
            icon.set_tooltip(Some(format!("imgn: {sentence}")))?;
            if before.map(|before| before.shape) != Some(standing.shape) {
                icon.set_icon_with_as_template(Some(picture(standing.shape)), true)?;
            }
        }
        let offered = before.is_some_and(|before| before.paused);
        match (offered, standing.paused) {
            (false, true) => self.menu.insert(&self.resume, RESUME_AT)?,
            (true, false) => self.menu.remove(&self.resume)?,
            (true, true) | (false, false) => {}
        }
        *shown = Some((standing.clone(), language));
        Ok(())
    }
}

/// Removes what a run that was killed left behind.
fn clear(pictures: &Path) {
    let Ok(entries) = std::fs::read_dir(pictures) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("tray-icon-")
            && let Err(error) = std::fs::remove_file(entry.path())
        {
            tracing::warn!("an old picture of the tray is left: {error}");
        }
    }
}

fn picture(shape: Shape) -> Image<'static> {
    match shape {
        Shape::Safe => include_image!("icons/tray-safe.png"),
        Shape::Going => include_image!("icons/tray-going.png"),
        Shape::Waiting => include_image!("icons/tray-waiting.png"),
        Shape::NeedsYou => include_image!("icons/tray-needs-you.png"),
        Shape::Offline => include_image!("icons/tray-offline.png"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 5] = [
        Shape::Safe,
        Shape::Going,
        Shape::Waiting,
        Shape::NeedsYou,
        Shape::Offline,
    ];

    /// WCAG's relative luminance.
    fn luminance(pixel: &[u8]) -> f64 {
        let linear = |channel: u8| match f64::from(channel) / 255.0 {
            low if low <= 0.04045 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        };
        0.2126 * linear(pixel[0]) + 0.7152 * linear(pixel[1]) + 0.0722 * linear(pixel[2])
    }

    #[test]
    fn every_icon_is_seen_on_light_and_on_dark_panels() {
        for shape in SHAPES {
            let picture = picture(shape);
            let opaque = picture.rgba().chunks(4).filter(|pixel| pixel[3] == 255);
            let mut seen = 0;
            for pixel in opaque {
                let own = luminance(pixel) + 0.05;
                let (on_white, on_black) = (1.05 / own, own / 0.05);
                assert!(on_white >= 3.0 && on_black >= 3.0, "{shape:?}: {pixel:?}");
                seen += 1;
            }
            assert!(seen > 300, "{shape:?} has {seen} opaque pixels");
        }
    }

    #[test]
    fn every_state_has_a_shape_of_its_own() {
        let outline = |shape| -> Vec<bool> {
            let picture = picture(shape);
            picture
                .rgba()
                .chunks(4)
                .map(|pixel| pixel[3] > 127)
                .collect()
        };
        for (at, one) in SHAPES.into_iter().enumerate() {
            for other in &SHAPES[at + 1..] {
                let differing = outline(one)
                    .into_iter()
                    .zip(outline(*other))
                    .filter(|(one, other)| one != other)
                    .count();
                assert!(differing > 40, "{one:?} and {other:?}: {differing} pixels");
            }
        }
    }
}
