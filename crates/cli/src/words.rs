//! Sentences for causes: what happened, what it means for the photos, what to do.

mod amounts;
pub(crate) mod compare;
pub(crate) mod doctor;

pub(crate) use amounts::{bytes, count, date_and_time, grouped, moment};

use library::view::{
    Cause, DestinationConfig, DestinationLayout, PhotoState, ProofKind, ProofView, Reason,
    ServiceKind,
};

/// What is to be known of who answers at an HTTP API.
pub(crate) fn service(service: Option<ServiceKind>) -> Option<&'static str> {
    match service? {
        ServiceKind::Imgn => Some(
            "an imgn-server: it confirms the SHA-256 of each photo; favourites are not kept there",
        ),
        ServiceKind::Functions => Some(
            "functions of imgn: photos go straight to their bucket, and one whose SHA-256 that does not repeat \
             is read back; favourites are not kept there",
        ),
        ServiceKind::OriginalFunctions => Some(
            "functions of an original imgn: they cannot verify, so each photo is read back; they take JPEG \
             and PNG up to 5 GiB, and a library cannot be rebuilt from them",
        ),
        ServiceKind::Original => Some(
            "an original imgn: it cannot verify, so each photo is read back; it takes JPEG and PNG, \
             and a library cannot be rebuilt from it",
        ),
    }
}

/// What is to be known of how photos lie in a place.
pub(crate) fn layout(config: &DestinationConfig) -> Option<&'static str> {
    match (config.layout(), config) {
        (DestinationLayout::Library, _) => None,
        (DestinationLayout::Original, DestinationConfig::Folder { .. }) => Some(
            "shared with an original imgn: it takes JPEG and PNG, and a library cannot be rebuilt from it: original \
             names, favourites and thumbnails are not kept there. It has no marker: where it is empty though \
             photos were put there, it counts as not mounted",
        ),
        (DestinationLayout::Original, _) => Some(
            "shared with an original imgn: it takes JPEG and PNG, and a library cannot be rebuilt from it: original \
             names, favourites and thumbnails are not kept there. It has no marker: imgn knows it by its address \
             only",
        ),
    }
}

/// What is told of a command that did nothing: nothing goes on by itself then.
pub(crate) fn failed(code: Cause) -> &'static str {
    match code {
        Cause::Unreachable => "No answer. Check the address and the network, then try again.",
        Cause::Busy => "The store is busy or has a fault. Try again in a while.",
        other => cause(other),
    }
}

/// A cause as a person is told it, without its technical detail.
pub(crate) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Unreachable => "No answer. Nothing is lost; it is tried again by itself.",
        Cause::Busy => {
            "The store is busy or has a fault. Nothing is lost; it is tried again by itself."
        }
        Cause::Certificate => {
            "The store's certificate is not trusted. If it is your own, give its authority with --ca-file."
        }
        Cause::Unauthorized => {
            "The store does not accept this key. Check the key and its secret, or the token."
        }
        Cause::NoCredentials => {
            "There are no keys for the store. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile; give a token by --token-file, IMGN_TOKEN or set-keys, a user name and password by IMGN_USER and IMGN_PASSWORD or set-keys."
        }
        Cause::Forbidden => {
            "The key has no right to do this there. Give it the right, or use another key."
        }
        Cause::NoAccess => {
            "This computer may not write or read there. Allow it; a disk that is mounted read-only has to be mounted anew."
        }
        Cause::DestinationFault => {
            "The disk there reports an error of its own. The photos wait; look after that disk."
        }
        Cause::NoBucket => "There is no such bucket. Create it, or add --create-bucket.",
        Cause::WrongRegion => "The bucket is in another region. Name it with --region.",
        Cause::ClockSkew => "This computer's clock and the store's differ too much. Set the clock.",
        Cause::Redirected => {
            "The store sends on to another address, which imgn does not follow. Give that one."
        }
        Cause::NotMounted => "It is not mounted, or no imgn library. Plug it in; the photos wait.",
        Cause::WrongLibrary => {
            "Another library lies there. Nothing was written; check which disk or bucket it is."
        }
        Cause::LibraryGone => {
            "It has no imgn library: it was emptied, made anew, or is another one than it was. Nothing is written there. Remove it and add it again; the photos on this computer go up again."
        }
        Cause::DestinationFull => "The store is full. The photos wait until there is room.",
        Cause::BadKey => {
            "The store cannot hold an object of this name. Use another --key-template."
        }
        Cause::BadSettings => "These settings do not work.",
        Cause::UnexpectedAnswer => "The store gave an answer that imgn does not understand.",
        Cause::CopyMissing => {
            "It was there and is no more. From a file here it goes up again; without one, look for another copy."
        }
        Cause::CopyDamaged => {
            "What lies there is damaged. From a file here it goes up again under another name; without one, look for another copy."
        }
        Cause::NotBackedUp => {
            "It is not backed up there yet, so no link can lead to it. Bring it up with: imgn-cli sync --once"
        }
        Cause::NoLinks => {
            "A folder gives no links: only a photo that is safe in a bucket can be shown to others."
        }
        Cause::NotWatched => {
            "It lies in no watched folder, so it is not backed up. Watch its folder with: imgn-cli folder add"
        }
        Cause::Excluded => {
            "Your patterns leave it out, so it is not backed up. See them with: imgn-cli settings show"
        }
        Cause::Link => {
            "This is a link, which is not followed. What it leads to is backed up where it lies, if that is watched."
        }
        Cause::Duplicate => "Another file has the same bytes. They go up once, for both.",
        Cause::NotReadYet => "It was not read yet. The next sync reads it.",
        Cause::FileChanged => {
            "The file changed while it was going up. It goes up again when it rests."
        }
        Cause::FileUnreadable => "The file cannot be read. Check its permissions.",
        Cause::FileGone => "The file is no longer there.",
        Cause::StillBeingWritten => "The file is still being written. It goes up when it rests.",
        Cause::NotAPhoto => "This is not a photo, and is not backed up.",
        Cause::Video => "This is a video. Videos are not backed up yet.",
        Cause::Empty => "The file is empty.",
        Cause::SpecialFile => "This is a pipe, socket or device, not a photo.",
        Cause::TooLarge => "The file is larger than the storage takes.",
        Cause::NotAccepted => {
            "This destination does not take such a file. Keep it in another place too."
        }
        Cause::Unconfirmed => {
            "It arrived, but its checksum is not confirmed, so it does not count as backed up."
        }
        Cause::OtherBytes => {
            "Its bytes are not those that are recorded of it. They were kept under this name."
        }
        Cause::NoThumbnail => "No thumbnail can be made of it. It is backed up all the same.",
        Cause::FileExists => {
            "There is a file of this name, and nothing is replaced. Name another one."
        }
        Cause::NotInLibrary => "There is no such photo in the library.",
        Cause::NoLibrary => "There is no library yet. Begin with: imgn-cli folder add",
        Cause::FolderOffline => {
            "The folder is not there. Nothing is deleted; its photos go on when it is back."
        }
        Cause::FolderUnreadable => "What is in the folder cannot be listed. Check its permissions.",
        Cause::DiskAway => {
            "Its disk is not in its place. Nothing is deleted; its photos go on when it is back."
        }
        Cause::FolderInsideDestination => {
            "Photos cannot be backed up into their own folder. Choose another one."
        }
        Cause::FolderInsideLibrary => "imgn keeps its own files there. Choose another folder.",
        Cause::FolderNotFound => "There is no such folder.",
        Cause::FolderAlreadyWatched => "This folder is watched already.",
        Cause::FolderUnwritable => {
            "imgn cannot write there. Check its permissions, or choose another folder."
        }
        Cause::SettingsFile => {
            "The settings file is not understood. What held before holds until it is mended."
        }
        Cause::DiskFull => "The disk is full. Make room; then everything goes on.",
        Cause::DiskFault => {
            "A disk of this computer reports an error of its own. Look after it soon, and keep another copy of what is on it."
        }
        Cause::AlreadyRunning => "This is under way already. Wait for its end, or stop it.",
        Cause::Stopped => {
            "It was stopped before its end. Begin it again: what was done stays done."
        }
        Cause::LibraryInUse => {
            "Another program has this library open and cannot be asked. End it and try again, or use another --library."
        }
        Cause::LibraryDamaged => "The library cannot be opened. Your photos are untouched.",
        Cause::LibraryUnusable => {
            "imgn cannot write into its library folder. Check its permissions, or use another --library."
        }
        Cause::Paused => "Uploads are paused.",
        Cause::NoDestination => {
            "There is no destination yet. Add one with: imgn-cli destination add"
        }
        Cause::Internal => "Something went wrong in imgn itself.",
    }
}

pub(crate) fn reason(reason: &Reason) -> String {
    if reason.detail.is_empty() {
        cause(reason.code).to_owned()
    } else {
        format!("{} ({})", cause(reason.code), reason.detail)
    }
}

pub(crate) fn state(state: PhotoState) -> &'static str {
    match state {
        PhotoState::Indexed => "indexed",
        PhotoState::Queued => "queued",
        PhotoState::Uploading => "uploading",
        PhotoState::Verifying => "verifying",
        PhotoState::BackedUp => "backed up",
        PhotoState::Waiting => "waiting",
        PhotoState::Failed => "failed",
        PhotoState::OnlineOnly => "online only",
    }
}

/// Where a copy without proof and without reason stands.
pub(crate) fn standing(state: PhotoState) -> &'static str {
    match state {
        PhotoState::OnlineOnly => "not checked by this machine yet",
        PhotoState::Uploading | PhotoState::Verifying => "on its way",
        _ => "goes up with the next sync",
    }
}

pub(crate) fn proof(proof: &ProofView) -> String {
    match (proof.kind, proof.parts) {
        (ProofKind::FullSha256, _) => "SHA-256 confirmed by the store".to_owned(),
        (ProofKind::PartsSha256, Some(parts)) => {
            format!("SHA-256 of {parts} parts confirmed by the store")
        }
        (ProofKind::PartsSha256, None) => "SHA-256 of its parts confirmed by the store".to_owned(),
        (ProofKind::SizeOnly, _) => "size only until read back".to_owned(),
    }
}

/// Text from outside, fit for a terminal: control characters and direction overrides are shown, not obeyed.
pub(crate) fn plain(text: &str) -> String {
    let obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars()
        .flat_map(|c| {
            if obeyed(c) {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_command_the_terminal() {
        assert_eq!(
            plain("a\u{1b}[2Jb\nc\u{202e}gpj"),
            "a\\u{1b}[2Jb\\nc\\u{202e}gpj"
        );
        assert_eq!(plain("Grüße 📷.jpg"), "Grüße 📷.jpg");
    }
}
