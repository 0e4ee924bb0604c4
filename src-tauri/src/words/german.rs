//! German.

use super::{Place, Secret, Text, When, grouped};

pub(super) fn say(text: &Text) -> String {
    match text {
        Text::Broken => "Die Bibliothek braucht dich".into(),
        Text::FirstRun => "Noch wird nichts beobachtet".into(),
        Text::NoPhotos => "Noch keine Fotos".into(),
        Text::NoDestination { photos: here } => {
            format!("{} hier, keins davon gesichert", photos(*here))
        }
        Text::SecretNeeded { place, secret } => match secret {
            Secret::Key => format!("{place} braucht den Schlüssel noch einmal"),
            Secret::Token => format!("{place} verlangt das Token"),
            Secret::Password => format!("{place} braucht dein Passwort noch einmal"),
        },
        Text::PlaceNeedsYou {
            place: Place::Named(place),
        } => format!("{place} braucht dich"),
        Text::PlaceNeedsYou {
            place: Place::Several(places),
        } => format!("{} Speicherorte brauchen dich", count(*places)),
        Text::Offline { left: 0 } => "Offline; nichts wartet".into(),
        Text::Offline { left: 1 } => "Offline; 1 wartet".into(),
        Text::Offline { left } => format!("Offline; {} warten", count(*left)),
        Text::Paused { until: None } => "Angehalten, bis du fortsetzt".into(),
        Text::Paused { until: Some(until) } => format!("Angehalten bis {}", when(*until)),
        Text::NeedYou { needing: 1 } => "1 braucht dich".into(),
        Text::NeedYou { needing } => format!("{} brauchen dich", count(*needing)),
        Text::ToGo { photos: left } => format!("Noch {}", photos(*left)),
        Text::Waiting { photos: 1 } => "1 Foto wartet".into(),
        Text::Waiting { photos: left } => format!("{} warten", photos(*left)),
        Text::Reading => "Deine Ordner werden gelesen".into(),
        Text::OnlineOnly { photos: there } => format!("{}, nur online", photos(*there)),
        Text::AllSafe { photos: 1 } => "Dein Foto ist sicher".into(),
        Text::AllSafe { photos: safe } => format!("Alle {} sind sicher", photos(*safe)),

        Text::Open => "imgn öffnen".into(),
        Text::PauseAnHour => "Eine Stunde lang anhalten".into(),
        Text::PauseUntilTomorrow => "Bis morgen anhalten".into(),
        Text::Resume => "Fortsetzen".into(),
        Text::Quit => "Beenden".into(),

        Text::BatchSafe {
            photos: safe,
            place,
        } => {
            format!("Alle {} sind sicher {}", photos(*safe), at(place))
        }
        Text::BatchWentUp { photos: 1 } => "1 Foto ist gerade hochgeladen worden.".into(),
        Text::BatchWentUp { photos: went } => {
            format!("{} sind gerade hochgeladen worden.", photos(*went))
        }
        Text::NotLetIn { place } => format!("{place} lässt imgn nicht ein"),
        Text::PlaceFull { place } => format!("{place} ist voll"),
        Text::PlaceUnusable { place } => {
            format!("{place} ist so, wie es eingerichtet ist, nicht zu gebrauchen")
        }
        Text::FilesLeftOut { files: 1 } => "1 Datei kann nicht gesichert werden".into(),
        Text::FilesLeftOut { files } => {
            format!("{} Dateien können nicht gesichert werden", count(*files))
        }
        Text::DiskFails => "Ein Datenträger dieses Rechners meldet Fehler".into(),
        Text::DiskFull => "Die Festplatte dieses Rechners ist voll".into(),
        Text::LibraryNeedsYou => "Die Bibliothek braucht dich".into(),
        Text::SeveralNeedYou { matters } => format!("{} Dinge brauchen dich", count(*matters)),
        Text::NothingIsLost { waiting: 0 } => {
            "Nichts ist verloren. Unter Aktivität steht, was zu tun ist.".into()
        }
        Text::NothingIsLost { waiting: 1 } => {
            "1 Foto wartet; nichts ist verloren. Unter Aktivität steht, was zu tun ist.".into()
        }
        Text::NothingIsLost { waiting } => format!(
            "{} warten; nichts ist verloren. Unter Aktivität steht, was zu tun ist.",
            photos(*waiting)
        ),
        Text::CardIsHere {
            name,
            photos: on_it,
        } => format!("{} auf {name}", photos(*on_it)),
        Text::NothingIsCopiedUnasked => {
            "Öffne imgn, um sie in deine Bibliothek zu kopieren. Ungefragt wird nichts kopiert."
                .into()
        }
        Text::OpenElsewhere => {
            "Ein anderes Programm hat deine Bibliothek offen: die Kommandozeile bei der Arbeit, oder ein imgn, \
             das nicht antwortet. Starte imgn noch einmal, wenn es beendet ist."
                .into()
        }
        Text::StillAtWork => "imgn arbeitet weiter".into(),
        Text::HowToComeBack => {
            "Dieser Desktop hat keine Symbolleiste. Starte imgn noch einmal, um das Fenster zu \
             sehen; beenden kannst du es in den Einstellungen."
                .into()
        }
    }
}

fn count(number: u32) -> String {
    grouped(number, '.')
}

fn photos(number: u32) -> String {
    match number {
        1 => "1 Foto".into(),
        _ => format!("{} Fotos", count(number)),
    }
}

fn at(place: &Place) -> String {
    match place {
        Place::Named(name) => format!("auf {name}"),
        Place::Several(places) => format!("an {} Speicherorten", count(*places)),
    }
}

fn when(when: When) -> String {
    match when {
        When::Today(at) => at.strftime("%H:%M").to_string(),
        When::Tomorrow(at) => at.strftime("morgen, %H:%M").to_string(),
        When::Later(at) => at.strftime("%d.%m.%Y, %H:%M").to_string(),
    }
}
