//! Very many files at once: none is missed, not even when the system's queue of events runs over.

use crate::home::{Home, eventually, interrupt, jpeg};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;

const FILES: u64 = 10_000;
/// The system tells at least this of each: it was made, written and closed.
const EVENTS_OF_A_FILE: u64 = 3;

/// Photos of which no two are alike, in folders that are made as they are needed.
fn create(home: &Home, folder: &str) {
    let photo = jpeg(1);
    for number in 0..FILES {
        let folder = home.pictures(&format!("{folder}/{}/{}", number % 10, number / 1_000));
        if number < 10 || number % 1_000 < 10 {
            fs::create_dir_all(&folder).unwrap();
        }
        // What follows a picture's end belongs to the file.
        let bytes = [&photo[..], &number.to_be_bytes()].concat();
        fs::write(folder.join(format!("{number}.jpg")), bytes).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_files_created_at_once_are_missed_by_none() {
    let home = Home::new();
    home.watch_pictures();
    let library = home.library().await;
    library.start().await.unwrap();
    tokio::task::block_in_place(|| create(&home, "burst"));
    // Reading them all takes its time; what is known is read.
    eventually("every file is known", async || found(&home) == FILES).await;
    let report = library.status().await.unwrap();
    assert_eq!((report.videos, report.other_files), (0, 0));
    library.shutdown().await;
}

#[tokio::test]
async fn a_queue_of_events_that_ran_over_hides_no_file() {
    let queue = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
    let queue: u64 = queue.trim().parse().unwrap();
    assert!(
        FILES * EVENTS_OF_A_FILE > queue,
        "{queue} events fit the queue of this system"
    );
    let home = Home::new();
    home.watch_pictures();
    // It is not there: this is about what is found, not about where it goes.
    let nas = home.add_folder_destination("nas");
    fs::rename(nas, home.path("nas away")).unwrap();
    let mut watch = home.spawn(&["sync", "--watch"]);
    fs::create_dir(home.pictures("seen")).unwrap();
    fs::write(home.pictures("seen/first.jpg"), jpeg(2)).unwrap();
    eventually("the folder is watched", async || found(&home) == 1).await;

    let process = Pid::from_raw(watch.id().cast_signed()).unwrap();
    kill_process(process, Signal::STOP).unwrap();
    create(&home, "seen");
    kill_process(process, Signal::CONT).unwrap();
    eventually("every file is found", async || found(&home) == FILES + 1).await;
    interrupt(watch.id());
    assert_eq!(watch.wait().unwrap().code(), Some(0));
}

/// Files that the library knows, as the program that has it open wrote them down.
fn found(home: &Home) -> u64 {
    let count = "SELECT count(*) FROM file WHERE gone_at IS NULL";
    let count: i64 = home
        .database()
        .query_row(count, [], |row| row.get(0))
        .unwrap();
    count.cast_unsigned()
}
