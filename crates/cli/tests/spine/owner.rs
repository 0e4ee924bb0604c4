//! Two processes on one library: the one that has it open does what the other one is told.

mod errands;

use crate::gate::Gate;
use crate::home::{
    Home, PATIENCE, Run, assert_exactly_once, eventually, interrupt, jpeg, originals, write_at_rest,
};
use crate::keyring::{assert_is_nowhere, run_with_keys};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::TryRecvError;
use std::time::Duration;
use testbed::Minio;

/// An owner at work, which ends with the test.
struct Owner(Child);

impl Owner {
    async fn start(home: &Home) -> Self {
        Self::started(home, &mut home.command(&["sync", "--watch"])).await
    }

    async fn started(home: &Home, command: &mut Command) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        eventually("the owner listens", async || {
            UnixStream::connect(socket(home)).is_ok()
        })
        .await;
        Self(child)
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn end(mut self) {
        interrupt(self.0.id());
        assert_eq!(self.0.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Both fail only when it has ended.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn socket(home: &Home) -> PathBuf {
    home.path("library/owner/socket")
}

fn home_with_folder() -> Home {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home
}

/// Waits until a connection to this library's owner lasts: its caller waits for something.
async fn somebody_waits(home: &Home) {
    let socket = socket(home).display().to_string();
    let mut in_a_row = 0;
    eventually("a caller waits at the owner", async || {
        let sockets = fs::read_to_string("/proc/net/unix").unwrap();
        // One line is the listener's own.
        let connected = sockets
            .lines()
            .filter(|line| line.ends_with(&socket))
            .count()
            > 1;
        in_a_row = if connected { in_a_row + 1 } else { 0 };
        in_a_row == 10
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_does_everything_while_the_first_syncs() {
    let home = home_with_folder();
    let first = home.put("a.jpg", &jpeg(1));
    let owner = Owner::start(&home).await;

    let report = home.json(&["sync", "--once"]);
    assert_eq!(
        (&report["photos"], &report["backed_up"]),
        (&1.into(), &1.into())
    );

    // Relative paths are the caller's.
    let more = home.path("more");
    write_at_rest(&more.join("b.jpg"), &jpeg(2));
    let beside = |words: &[&str]| -> Run {
        let output = home
            .command(words)
            .current_dir(home.path(""))
            .output()
            .unwrap();
        output.into()
    };
    let added = beside(&["folder", "add", "more"]);
    assert_eq!(added.code, 0, "{added:?}");
    assert!(added.stdout.contains(more.to_str().unwrap()), "{added:?}");
    let again = beside(&["folder", "add", "more"]);
    assert_eq!(again.code, 2, "{again:?}");
    write_at_rest(&home.path("camera/c.jpg"), &jpeg(3));
    let uploaded = beside(&["upload", "camera/c.jpg", "--json"]);
    assert_eq!(uploaded.code, 0, "{uploaded:?}");
    let uploaded: serde_json::Value = serde_json::from_str(&uploaded.stdout).unwrap();
    assert_eq!(uploaded["dropped"]["copied"], 1);
    assert_eq!(uploaded["sync"]["backed_up"], 3);

    assert_eq!(home.json(&["status"])["safe"], 3);
    assert_eq!(home.states().len(), 3);
    let shown = beside(&["show", "Pictures/../Pictures/a.jpg"]);
    assert!(shown.stdout.contains(first.to_str().unwrap()), "{shown:?}");
    // Only who syncs knows that: rows do not say whether a destination answers.
    assert_eq!(home.json(&["destination", "list"])[0]["state"], "ready");
    assert_eq!(home.run(&["destination", "test", "nas"]).code, 0);
    assert_eq!(home.run(&["destination", "test", "nobody"]).code, 2);

    let second = home.path("second");
    fs::create_dir(&second).unwrap();
    let place = second.to_str().unwrap();
    home.ok(&["destination", "add", "folder", "--name", "second", place]);
    home.ok(&["sync", "--once"]);
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        assert!(second.join("2019/06").join(name).exists(), "{name}");
    }
    home.ok(&["destination", "remove", "second"]);
    home.ok(&["folder", "remove", more.to_str().unwrap()]);
    assert_eq!(
        home.json(&["destination", "list"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    owner.end();
    assert!(!socket(&home).exists(), "the door is gone with its owner");
    let states = home.states();
    assert_eq!(states.len(), 3, "nothing is forgotten: {states:?}");
    assert_eq!(states["b.jpg"], "online_only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_still_to_be_read_is_not_passed_over_when_all_is_said_to_be_safe() {
    let home = home_with_folder();
    home.put("a.jpg", &jpeg(1));
    let owner = Owner::start(&home).await;
    let stands = |status: &serde_json::Value, safe: i32, reading: usize| {
        let scanning = status["scanning"].as_array().unwrap();
        status["safe"] == safe && status["going"] == 0 && scanning.len() == reading
    };
    let comes_to = async |safe, reading| {
        eventually(
            &format!("{safe} safe, {reading} folders read"),
            async || stands(&home.json(&["status"]), safe, reading),
        )
        .await;
    };
    comes_to(1, 0).await;

    // A camera that writes for a while: it is seen, and read when it rests.
    let mut written = File::create(home.pictures("b.jpg")).unwrap();
    written.write_all(&jpeg(2)).unwrap();
    let (ended, told) = std::sync::mpsc::channel::<()>();
    let writes = std::thread::spawn(move || {
        while let Err(TryRecvError::Empty) = told.try_recv() {
            written.write_all(&[0]).unwrap();
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    comes_to(1, 1).await;
    let run = home.run(&["status"]);
    assert!(run.stdout.contains("being read"), "{run:?}");
    drop(ended);
    writes.join().unwrap();
    comes_to(2, 0).await;
    owner.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_watch_one_library_and_the_second_goes_on_when_the_first_ends() {
    let home = home_with_folder();
    let mut owner = Owner::start(&home).await;
    let mut second = home
        .command(&["sync", "--watch", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    somebody_waits(&home).await;
    home.put("a.jpg", &jpeg(1));
    let heard = BufReader::new(second.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(&line.unwrap()).unwrap())
        .find(|event| event["type"] == "status" && event["status"]["safe"] == 1);
    assert!(heard.is_some());

    owner.kill();
    home.put("b.jpg", &jpeg(2));
    eventually("the second brings it up", async || {
        home.path("nas/2019/06/b.jpg").exists()
    })
    .await;
    Owner(second).end();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_owner_leaves_a_library_that_the_next_command_opens() {
    let home = home_with_folder();
    let mut owner = Owner::start(&home).await;
    owner.kill();
    assert!(socket(&home).exists(), "a kill leaves the socket");
    assert_eq!(home.run(&["status"]).code, 0);
    let more = home.path("more");
    fs::create_dir(&more).unwrap();
    home.ok(&["folder", "add", more.to_str().unwrap()]);
    home.put("a.jpg", &jpeg(1));
    assert_eq!(home.json(&["sync", "--once"])["backed_up"], 1);

    // A new owner listens where the old socket lies.
    UnixListener::bind(socket(&home)).unwrap();
    let owner = Owner::start(&home).await;
    assert_eq!(home.json(&["destination", "list"])[0]["state"], "ready");
    owner.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_an_owner_that_is_killed_or_ended_syncs_by_itself_minio() {
    let server = Minio::shared().await;
    for how in ["killed", "ended"] {
        let bucket = server.bucket().await;
        let gate = Gate::start(&bucket.endpoint.url).await;
        let mut home = Home::new();
        home.watch_pictures();
        home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
        let photo = jpeg(1);
        home.put("a.jpg", &photo);
        gate.allow(0);
        let mut owner = Owner::start(&home).await;
        gate.stands_still().await;
        let waiting = home
            .command(&["sync", "--once", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        somebody_waits(&home).await;
        match how {
            "killed" => owner.kill(),
            _ => owner.end(),
        }
        gate.cut().await;
        gate.open();
        let ended: Run = waiting.wait_with_output().unwrap().into();
        assert_eq!(ended.code, 0, "{how}: {ended:?}");
        let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(report["backed_up"], 1, "{how}: {report}");
        assert_exactly_once(&bucket, [&photo]).await;
    }
}

/// Has the library's lock, and answers whoever comes with `greeting`, or with nothing.
fn pretend_to_own(home: &Home, greeting: Option<&'static str>) -> File {
    let lock = File::options()
        .write(true)
        .open(home.path("library/lock"))
        .unwrap();
    lock.try_lock().unwrap();
    fs::create_dir_all(home.path("library/owner")).unwrap();
    fs::remove_file(socket(home)).ok();
    let listener = UnixListener::bind(socket(home)).unwrap();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for caller in listener.incoming() {
            let mut caller = caller.unwrap();
            if let Some(greeting) = greeting {
                // The caller may have gone.
                writeln!(caller, "{greeting}").ok();
            }
            kept.push(caller);
        }
    });
    lock
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_cannot_be_talked_to_ends_with_5_and_a_sentence() {
    //  name, what it says first, what is told
    let endless: &'static str = Box::leak("x".repeat(100_000).into_boxed_str());
    let cases = [
        ("no imgn", Some("HTTP/1.1 400 Bad Request"), "not this imgn"),
        ("other JSON", Some(r#"{"imgn":7}"#), "not this imgn"),
        ("endless", Some(endless), "not this imgn"),
        ("another version", Some(r#"{"imgn":"9.9.9"}"#), "imgn 9.9.9"),
        ("stuck", None, "did not answer within"),
    ];
    for (name, greeting, told) in cases {
        let home = home_with_folder();
        let lock = pretend_to_own(&home, greeting);
        let run = home.run(&["sync", "--once"]);
        assert_eq!(run.code, 5, "{name}: {run:?}");
        assert!(run.stderr.contains(told), "{name}: {run:?}");
        assert!(run.stderr.contains("End it"), "{name}: what to do: {run:?}");
        // What it wrote down can be read, which is said.
        let status = home.run(&["status"]);
        assert_eq!(status.code, 0, "{name}: {status:?}");
        assert!(status.stderr.contains(told), "{name}: {status:?}");
        drop(lock);
        // Who has no lock is no owner, whatever it says.
        assert_eq!(home.run(&["sync", "--once"]).code, 0, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_waits_for_a_command_that_has_the_library_for_long() {
    let home = home_with_folder();
    home.put("a.jpg", &jpeg(1));
    let lock = pretend_to_own(&home, None);
    let mut watch = home
        .command(&["sync", "--watch"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    let mut said = BufReader::new(watch.stderr.take().unwrap());
    said.read_line(&mut told).unwrap();
    assert!(told.contains("is waited for"), "{told}");
    drop(lock);
    eventually("it syncs", async || home.path("nas/2019/06/a.jpg").exists()).await;
    Owner(watch).end();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_looks_reads_the_rows_where_the_owner_ends_before_it_answers() {
    let home = home_with_folder();
    let photo = home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    fs::create_dir_all(home.path("library/owner")).unwrap();
    let listener = UnixListener::bind(socket(&home)).unwrap();
    std::thread::spawn(move || {
        for caller in listener.incoming() {
            let greeting = concat!(r#"{"imgn":""#, env!("CARGO_PKG_VERSION"), r#""}"#);
            // The caller may have gone.
            writeln!(caller.unwrap(), "{greeting}").ok();
        }
    });
    assert_eq!(home.json(&["status"])["safe"], 1);
    assert_eq!(home.json(&["list"]).as_array().unwrap().len(), 1);
    let shown = home.run(&["show", photo.to_str().unwrap()]);
    assert!(shown.stdout.contains("backed up"), "{shown:?}");
    for words in [&["folder", "list"][..], &["settings", "show"]] {
        let run = home.run(words);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_not_understood_harms_nobody() {
    let home = home_with_folder();
    let owner = Owner::start(&home).await;
    //  name, what is sent
    let cases: [(&str, Vec<u8>); 4] = [
        ("no JSON", b"GET / HTTP/1.1\n".to_vec()),
        (
            "another version",
            br#"{"imgn":"9.9.9","request":"status"}"#.to_vec(),
        ),
        (
            "nothing of the kind",
            br#"{"imgn":"0.1.0","request":"erase"}"#.to_vec(),
        ),
        ("too long", vec![b'x'; 20 * 1024 * 1024]),
    ];
    for (name, mut sent) in cases {
        sent.push(b'\n');
        let mut stream = UnixStream::connect(socket(&home)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let greeting = lines.next().unwrap().unwrap();
        assert!(greeting.contains("imgn"), "{name}: {greeting}");
        // It hangs up in the middle of what is too long.
        stream.write_all(&sent).ok();
        match lines.next() {
            Some(Ok(answer)) => assert!(answer.contains("library_in_use"), "{name}: {answer}"),
            Some(Err(_)) | None => assert_eq!(name, "too long"),
        }
    }
    assert_eq!(home.json(&["destination", "list"])[0]["state"], "ready");
    owner.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_whose_path_is_too_long_for_a_socket_is_shared_as_well() {
    let home = Home::new();
    let library = home.path(&"a long name ".repeat(15));
    let command = |words: &[&str]| -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imgn-cli"));
        command.arg("--library").arg(&library).args(words);
        command
            .env("XDG_RUNTIME_DIR", home.path(""))
            .env("HOME", home.path(""));
        command
    };
    let run = |words: &[&str]| -> Run { command(words).output().unwrap().into() };
    let nas = home.path("nas");
    fs::create_dir(&nas).unwrap();
    let place = nas.to_str().unwrap();
    let added = run(&["destination", "add", "folder", "--name", "nas", place]);
    assert_eq!(added.code, 0, "{added:?}");
    let mut owner = Owner(
        command(&["sync", "--watch"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap(),
    );
    eventually("the owner says where it listens", async || {
        library.join("owner/elsewhere").exists()
    })
    .await;
    // A caller need not have the owner's environment.
    let listed = command(&["destination", "list", "--json"])
        .env_remove("XDG_RUNTIME_DIR")
        .output()
        .unwrap();
    let listed: Run = listed.into();
    assert!(listed.stdout.contains("ready"), "{listed:?}");
    owner.kill();
    let listed = run(&["destination", "remove", "nas"]);
    assert_eq!(listed.code, 0, "{listed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_reach_the_owner_and_no_file_or_log_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let (id, secret) = (
        bucket.endpoint.access_key_id.clone(),
        bucket.endpoint.secret_access_key.clone(),
    );
    let mut home = home_with_folder();
    let log = home.path("owner.log");
    let mut command = home.command(&["sync", "--watch"]);
    command
        .env("IMGN_LOG", "trace")
        .stderr(File::create(&log).unwrap());
    let owner = Owner::started(&home, &mut command).await;

    let url = bucket.endpoint.url.as_str();
    let words = ["destination", "add", "s3", "--name", "typed"];
    let place = ["--endpoint", url, "--bucket", &bucket.name];
    let words = [&words[..], &place, &["--key-fd", "0"]].concat();
    let added = run_with_keys(&home, &words, &id, &secret);
    // There is no keyring here, which is said.
    assert_eq!(added.code, 4, "{added:?}");
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&photo]).await;
    let wrong = run_with_keys(&home, &["destination", "set-keys", "typed"], &id, "wrong");
    assert_eq!(wrong.code, 4, "{wrong:?}");
    assert_eq!(home.run(&["sync", "--once"]).code, 4);
    run_with_keys(&home, &["destination", "set-keys", "typed"], &id, &secret);
    home.ok(&["sync", "--once"]);
    home.ok(&["destination", "remove", "typed"]);

    // Keys of the caller's environment, which the owner does not have.
    let other = server.bucket().await;
    home.set_keys(&id, &secret);
    let words = ["destination", "add", "s3", "--name", "around"];
    let place = ["--endpoint", url, "--bucket", &other.name];
    let added = home.run(&[&words[..], &place].concat());
    assert_eq!(added.code, 4, "{added:?}");
    home.ok(&["sync", "--once"]);
    assert_eq!(originals(&other).await.len(), 1);
    owner.end();
    assert!(contains(&log, b"TRACE"), "the log says all it can");
    assert_is_nowhere(&secret, &home.path(""));
}

fn contains(file: &Path, part: &[u8]) -> bool {
    let bytes = fs::read(file).unwrap();
    bytes.windows(part.len()).any(|window| window == part)
}
