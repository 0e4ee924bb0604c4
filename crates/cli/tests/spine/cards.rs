//! Memory cards that are plugged in while the engine runs, mounted for real: each test runs in a mount
//! namespace of its own, in which `/media` is empty and the test may mount.

use crate::home::{Home, PATIENCE, eventually, files_below, jpeg, large_jpeg, write_at_rest};
use library::Library;
use library::view::{CardProgress, CardView, Cause, Settings, Stage};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

macro_rules! where_cards_can_be_mounted {
    ($($name:ident)*) => {
        mod mounted {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    if super::inside(module_path!(), stringify!($name)) {
                        super::$name().await;
                    }
                }
            )*
        }
    };
}

where_cards_can_be_mounted! {
    a_card_is_offered_without_being_read_and_copied_when_asked
    not_now_holds_until_the_card_is_pulled_out
    a_card_pulled_out_midway_keeps_what_was_copied_and_goes_on_later
    a_stopped_copy_goes_on_and_copies_nothing_twice
    what_is_watched_or_not_wanted_is_not_offered
}

const INSIDE: &str = "IMGN_TEST_INSIDE";

/// Whether this process is where the test is done. Else it was done in a process of its own, or cannot be.
fn inside(module: &str, test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount"]);
        command
    };
    if !unshare()
        .arg("true")
        .status()
        .is_ok_and(|status| status.success())
    {
        println!("not run: this system does not let a user mount in a namespace");
        return false;
    }
    let (_, path) = module.split_once("::").unwrap();
    let output = unshare()
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{path}::{test}"), "--nocapture"])
        .env(INSIDE, "yes")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("1 passed"), "{said}");
    false
}

/// Where cards are plugged in.
struct Reader {
    parked: PathBuf,
}

impl Reader {
    fn new(home: &Home) -> Self {
        run("mount", &["-t", "tmpfs", "tmpfs", "/media"]);
        Self {
            parked: home.path("cards"),
        }
    }

    /// A card with these files, plugged in nowhere. Reading one shows in its times.
    fn card(&self, name: &str, files: &[(&str, &[u8])]) {
        let place = self.parked.join(name);
        fs::create_dir_all(&place).unwrap();
        let options = ["-t", "tmpfs", "-o", "strictatime", "tmpfs"];
        let place_text = place.to_str().unwrap();
        run("mount", &[&options[..], &[place_text]].concat());
        for (path, bytes) in files {
            write_at_rest(&place.join(path), bytes);
        }
    }

    fn plug(&self, name: &str) -> PathBuf {
        let slot = Path::new("/media/ann").join(name);
        fs::create_dir_all(&slot).unwrap();
        let parked = self.parked.join(name);
        run(
            "mount",
            &["--bind", parked.to_str().unwrap(), slot.to_str().unwrap()],
        );
        slot
    }

    /// Also while something on it is read.
    fn pull(&self, slot: &Path) {
        run("umount", &["--lazy", slot.to_str().unwrap()]);
    }
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {output:?}"
    );
}

/// A home whose Pictures are watched, with a place for photos, and its library with a window.
async fn at_work(home: &Home) -> (Library, impl Sized) {
    home.watch_pictures();
    home.add_folder_destination("nas");
    let library = home.library().await;
    let window = library.front();
    library.start().await.unwrap();
    (library, window)
}

async fn offered(library: &Library) -> Vec<CardView> {
    library.status().await.unwrap().cards
}

async fn eventually_offered(library: &Library, name: &str) -> CardView {
    eventually(&format!("{name} is offered"), async || {
        offered(library).await.iter().any(|card| card.name == name)
    })
    .await;
    let mut cards = offered(library).await;
    cards.retain(|card| card.name == name);
    cards.remove(0)
}

/// The copying, once it has ended.
async fn ended(library: &Library) -> CardProgress {
    eventually("the copying has ended", async || {
        let copy = library.status().await.unwrap().card_copy.unwrap();
        !matches!(copy.stage, Stage::Listing | Stage::Running)
    })
    .await;
    library.status().await.unwrap().card_copy.unwrap()
}

/// Waits, closely, until so many photos were copied.
async fn copied(library: &Library, at_least: u32) {
    let begun = Instant::now();
    loop {
        let copy = library.status().await.unwrap().card_copy.unwrap();
        if copy.copied >= at_least {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{copy:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn read_at(path: &Path) -> (i64, i64) {
    let metadata = fs::metadata(path).unwrap();
    (metadata.atime(), metadata.atime_nsec())
}

async fn a_card_is_offered_without_being_read_and_copied_when_asked() {
    let home = Home::new();
    let reader = Reader::new(&home);
    let (here, one, two) = (jpeg(1), large_jpeg(2, 90_000), large_jpeg(3, 100_000));
    let files: [(&str, &[u8]); 5] = [
        ("DCIM/100CANON/IMG_1.JPG", &here),
        ("DCIM/100CANON/IMG_2.JPG", &one),
        ("DCIM/101CANON/IMG_1.JPG", &two),
        (
            "DCIM/100CANON/MVI_3.MP4",
            b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        ),
        ("MISC/thumbnail.jpg", b"the camera's own"),
    ];
    reader.card("EOS_DIGITAL", &files);
    home.put("here.jpg", &here);
    let (library, _window) = at_work(&home).await;
    eventually("the photo beside is safe", async || {
        library.status().await.unwrap().safe == 1
    })
    .await;

    let slot = reader.plug("EOS_DIGITAL");
    let places = files.map(|(path, _)| slot.join(path));
    let before = places.each_ref().map(|path| read_at(path));
    let card = eventually_offered(&library, "EOS_DIGITAL").await;
    let bytes = (here.len() + one.len() + two.len()) as u64;
    assert_eq!((card.photos, card.bytes), (3, bytes));
    assert_eq!(card.new_at_least, 2);
    assert_eq!(places.each_ref().map(|path| read_at(path)), before);
    assert_eq!(files_below(&home.path("library/originals"), "JPG"), 0);
    assert_eq!(library.status().await.unwrap().photos, 1);

    library.copy_card(card.id).await.unwrap();
    let copy = ended(&library).await;
    assert_eq!(copy.stage, Stage::Done, "{copy:?}");
    assert_eq!(card.videos, 1);
    let counts = (copy.copied, copy.already_here, copy.videos);
    assert_eq!(counts, (2, 1, 1), "{copy:?}");
    assert_eq!((copy.done, copy.total), (4, 4));
    assert_eq!(copy.problem_count, 0, "{copy:?}");
    eventually("what was copied is safe", async || {
        library.status().await.unwrap().safe == 3
    })
    .await;
    assert_eq!(offered(&library).await, [], "it is done with");
    for ((_, bytes), path) in files.iter().zip(&places) {
        assert_eq!(&fs::read(path).unwrap(), bytes, "{}", path.display());
    }
    library.dismiss_card_copy().await.unwrap();
    assert_eq!(library.status().await.unwrap().card_copy, None);
    library.shutdown().await;
}

async fn not_now_holds_until_the_card_is_pulled_out() {
    let home = Home::new();
    let reader = Reader::new(&home);
    for (seed, name) in [(1, "A"), (2, "B"), (4, "C")] {
        reader.card(name, &[("DCIM/IMG_1.JPG", &jpeg(seed))]);
    }
    reader.card("EMPTY", &[("DCIM/notes.txt", b"no photo")]);
    reader.card("MUSIC", &[("song.jpg", &jpeg(3))]);
    for name in ["EMPTY", "MUSIC"] {
        reader.plug(name);
    }
    let slot = reader.plug("A");
    let (library, _window) = at_work(&home).await;
    let card = eventually_offered(&library, "A").await;
    library.put_off_card(card.id).await.unwrap();
    assert_eq!(offered(&library).await, []);

    // What came later was looked for, and the first one not offered again meanwhile.
    reader.plug("B");
    eventually_offered(&library, "B").await;
    assert_eq!(offered(&library).await.len(), 1);

    reader.pull(&slot);
    // It was looked for after that.
    reader.plug("C");
    eventually_offered(&library, "C").await;
    reader.plug("A");
    let again = eventually_offered(&library, "A").await;
    assert_ne!(again.id, card.id);
    let gone = library.copy_card(card.id).await.unwrap_err();
    assert_eq!(gone.code, Cause::DiskAway);
    library.shutdown().await;
}

/// So many that copying them takes a while.
const MANY: u32 = 120;

fn many() -> Vec<(String, Vec<u8>)> {
    (0..MANY)
        .map(|number| {
            let name = format!("DCIM/100CANON/IMG_{number:04}.JPG");
            (name, large_jpeg(number.into(), 200_000 + number as usize))
        })
        .collect()
}

fn with_many(reader: &Reader) {
    let many = many();
    let files: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    reader.card("FULL", &files);
}

/// Everything on the card is in the managed folder, once, and safe.
async fn assert_whole(home: &Home, library: &Library) {
    eventually("every photo is safe", async || {
        library.status().await.unwrap().safe == MANY
    })
    .await;
    let managed = home.path("library/originals");
    assert_eq!(files_below(&managed, "JPG"), MANY as usize);
    assert_eq!(files_below(&home.path("nas"), "JPG"), MANY as usize);
}

async fn a_card_pulled_out_midway_keeps_what_was_copied_and_goes_on_later() {
    let home = Home::new();
    let reader = Reader::new(&home);
    with_many(&reader);
    let (library, _window) = at_work(&home).await;
    let slot = reader.plug("FULL");
    let card = eventually_offered(&library, "FULL").await;
    assert_eq!((card.photos, card.new_at_least), (MANY, MANY));
    library.copy_card(card.id).await.unwrap();
    copied(&library, 3).await;
    reader.pull(&slot);
    let copy = ended(&library).await;
    assert_eq!(copy.stage, Stage::Failed, "{copy:?}");
    assert_eq!(copy.reason.unwrap().code, Cause::DiskAway);
    assert!((3..MANY).contains(&copy.copied), "{}", copy.copied);
    eventually("what was copied is safe", async || {
        library.status().await.unwrap().safe == copy.copied
    })
    .await;

    reader.plug("FULL");
    let again = eventually_offered(&library, "FULL").await;
    assert_eq!(again.new_at_least, MANY - copy.copied);
    library.copy_card(again.id).await.unwrap();
    let rest = ended(&library).await;
    assert_eq!(rest.stage, Stage::Done, "{rest:?}");
    assert_eq!(rest.already_here, copy.copied);
    assert_eq!(rest.copied, MANY - copy.copied);
    assert_whole(&home, &library).await;
    library.shutdown().await;
}

async fn a_stopped_copy_goes_on_and_copies_nothing_twice() {
    let home = Home::new();
    let reader = Reader::new(&home);
    with_many(&reader);
    let (library, _window) = at_work(&home).await;
    reader.plug("FULL");
    let card = eventually_offered(&library, "FULL").await;
    library.copy_card(card.id).await.unwrap();
    copied(&library, 3).await;
    let busy = library.copy_card(card.id).await.unwrap_err();
    assert_eq!(busy.code, Cause::DiskAway, "it is not offered meanwhile");
    library.stop_card().await.unwrap();
    let copy = ended(&library).await;
    assert_eq!(copy.stage, Stage::Stopped, "{copy:?}");
    assert!((3..MANY).contains(&copy.copied), "{}", copy.copied);

    // At once, before the engine has read what was copied.
    let again = eventually_offered(&library, "FULL").await;
    library.copy_card(again.id).await.unwrap();
    let rest = ended(&library).await;
    assert_eq!(rest.stage, Stage::Done, "{rest:?}");
    assert_eq!(rest.copied + rest.already_here, MANY);
    assert_eq!(rest.already_here, copy.copied);
    assert_whole(&home, &library).await;
    library.shutdown().await;
}

async fn what_is_watched_or_not_wanted_is_not_offered() {
    let home = Home::new();
    let reader = Reader::new(&home);
    for (seed, name) in [(1, "WATCHED"), (2, "OTHER"), (3, "BACKUP")] {
        reader.card(name, &[("DCIM/IMG_1.JPG", &jpeg(seed))]);
    }
    let (watched, backup) = (reader.plug("WATCHED"), reader.plug("BACKUP"));
    let (library, window) = at_work(&home).await;
    library.add_folder(&watched).await.unwrap();
    let config = library::view::DestinationConfig::Folder {
        path: backup.join("photos").to_str().unwrap().into(),
        key_template: None,
        layout: Default::default(),
    };
    fs::create_dir(backup.join("photos")).unwrap();
    let added = library.add_destination("disk".into(), config, None);
    added.await.unwrap();
    reader.plug("OTHER");
    eventually_offered(&library, "OTHER").await;
    eventually("only what is not in use is offered", async || {
        offered(&library).await.len() == 1
    })
    .await;

    let offer = async |wanted: bool| {
        let mut settings: Settings = library.settings().await.unwrap();
        settings.cards.offer = wanted;
        library.change_settings(settings).await.unwrap();
        eventually("it is as it was wanted", async || {
            offered(&library).await.len() == usize::from(wanted)
        })
        .await;
    };
    offer(false).await;
    offer(true).await;
    drop(window);
    eventually("without a window nothing is offered", async || {
        offered(&library).await.is_empty()
    })
    .await;
    library.shutdown().await;
}
