//! English.

use super::{Place, Secret, Text, When, grouped};

pub(super) fn say(text: &Text) -> String {
    match text {
        Text::Broken => "The library needs you".into(),
        Text::FirstRun => "Nothing is watched yet".into(),
        Text::NoPhotos => "No photos yet".into(),
        Text::NoDestination { photos: here } => format!("{} here, none backed up", photos(*here)),
        Text::SecretNeeded { place, secret } => match secret {
            Secret::Key => format!("{place} needs its key again"),
            Secret::Token => format!("{place} wants its token"),
            Secret::Password => format!("{place} needs your password again"),
        },
        Text::PlaceNeedsYou {
            place: Place::Named(place),
        } => format!("{place} needs you"),
        Text::PlaceNeedsYou {
            place: Place::Several(places),
        } => format!("{} places need you", count(*places)),
        Text::Offline { left: 0 } => "Offline; nothing waits".into(),
        Text::Offline { left: 1 } => "Offline; 1 waits".into(),
        Text::Offline { left } => format!("Offline; {} wait", count(*left)),
        Text::Paused { until: None } => "Paused until you say so".into(),
        Text::Paused { until: Some(until) } => format!("Paused until {}", when(*until)),
        Text::NeedYou { needing: 1 } => "1 needs you".into(),
        Text::NeedYou { needing } => format!("{} need you", count(*needing)),
        Text::ToGo { photos: left } => format!("{} to go", photos(*left)),
        Text::Waiting { photos: 1 } => "1 photo waits".into(),
        Text::Waiting { photos: left } => format!("{} wait", photos(*left)),
        Text::Reading => "Looking through your folders".into(),
        Text::OnlineOnly { photos: there } => format!("{}, online only", photos(*there)),
        Text::AllSafe { photos: 1 } => "Your photo is safe".into(),
        Text::AllSafe { photos: safe } => format!("All {} are safe", photos(*safe)),

        Text::Open => "Open imgn".into(),
        Text::PauseAnHour => "Pause for an hour".into(),
        Text::PauseUntilTomorrow => "Pause until tomorrow".into(),
        Text::Resume => "Resume".into(),
        Text::Quit => "Quit".into(),

        Text::BatchSafe { photos: safe, place } => {
            format!("All {} are safe {}", photos(*safe), at(place))
        }
        Text::BatchWentUp { photos: went } => format!("{} went up just now.", photos(*went)),
        Text::NotLetIn { place } => format!("{place} does not let imgn in"),
        Text::PlaceFull { place } => format!("{place} is full"),
        Text::PlaceUnusable { place } => format!("{place} cannot be used as it is set up"),
        Text::FilesLeftOut { files: 1 } => "1 file cannot be backed up".into(),
        Text::FilesLeftOut { files } => format!("{} files cannot be backed up", count(*files)),
        Text::DiskFails => "A disk of this computer reports errors".into(),
        Text::DiskFull => "The disk of this computer is full".into(),
        Text::LibraryNeedsYou => "The library needs you".into(),
        Text::SeveralNeedYou { matters } => format!("{} things need you", count(*matters)),
        Text::NothingIsLost { waiting: 0 } => "Nothing is lost. Activity says what to do.".into(),
        Text::NothingIsLost { waiting: 1 } => {
            "1 photo waits; nothing is lost. Activity says what to do.".into()
        }
        Text::NothingIsLost { waiting } => format!(
            "{} wait; nothing is lost. Activity says what to do.",
            photos(*waiting)
        ),
        Text::CardIsHere {
            name,
            photos: on_it,
        } => format!("{name} has {}", photos(*on_it)),
        Text::NothingIsCopiedUnasked => {
            "Open imgn to copy them into your library. Nothing is copied unasked.".into()
        }
        Text::OpenElsewhere => {
            "Another program has your library open: the command line at work, or an imgn that does not answer. \
             Start imgn again when it has ended."
                .into()
        }
        Text::StillAtWork => "imgn is still at work".into(),
        Text::HowToComeBack => {
            "This desktop shows no tray. Start imgn again to see the window, and quit it in Settings."
                .into()
        }
    }
}

fn count(number: u32) -> String {
    grouped(number, ',')
}

fn photos(number: u32) -> String {
    match number {
        1 => "1 photo".into(),
        _ => format!("{} photos", count(number)),
    }
}

fn at(place: &Place) -> String {
    match place {
        Place::Named(name) => format!("in {name}"),
        Place::Several(places) => format!("in {} places", count(*places)),
    }
}

fn when(when: When) -> String {
    match when {
        When::Today(at) => at.strftime("%H:%M").to_string(),
        When::Tomorrow(at) => at.strftime("%H:%M tomorrow").to_string(),
        When::Later(at) => at.strftime("%-d %b %Y, %H:%M").to_string(),
    }
}
