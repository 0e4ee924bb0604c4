//! Workers that end, or are ended: whose fault it was, and what comes after them.

#[cfg(target_os = "linux")]
use super::children;
use super::{photo, pool, worker};
use media::worker::{Limits, Pool, WorkerCommand, WorkerError};
use std::path::Path;
use std::time::Duration;

/// A shell in the place of a worker: it says that it is up, then does as the script says.
#[cfg(unix)]
fn script(script: &str) -> WorkerCommand {
    let ready = r#"printf '\007\000\000\000\000\000\000\000"ready"'; "#;
    WorkerCommand {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), format!("{ready}{script}")],
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_that_wants_too_much_memory_dies_and_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let pool = Pool::new(
        worker(),
        1,
        Limits {
            memory: 8 << 20,
            ..Limits::default()
        },
    );
    // The metadata reader looks for the pixels in up to 16 MiB: the memory limit is what stops it.
    let path = dir.path().join("huge.jpg");
    std::fs::write(&path, b"\xff\xd8\xff\xe0").unwrap();
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(200 << 20)
        .unwrap();
    let found = pool.inspect(&path).await;
    assert!(
        matches!(
            found,
            Err(WorkerError::Died { .. } | WorkerError::Unreadable { .. })
        ),
        "{found:?}"
    );
    assert!(pool.inspect(&photo(dir.path(), "a.jpg")).await.is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_kills_its_worker_is_blamed_and_others_are_served() {
    let pool = Pool::new(script("exit 1"), 1, Limits::default());
    for _ in 0..3 {
        let found = pool.inspect(Path::new("/a.jpg")).await;
        assert_eq!(
            found,
            Err(WorkerError::Died {
                path: "/a.jpg".into()
            })
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_hangs_its_worker_is_blamed_when_its_time_is_over() {
    let limits = Limits {
        time: Duration::from_millis(200),
        ..Limits::default()
    };
    let pool = Pool::new(script("exec sleep 1000"), 1, limits);
    let found = pool.inspect(Path::new("/a.jpg")).await;
    assert_eq!(
        found,
        Err(WorkerError::TimedOut {
            path: "/a.jpg".into(),
            seconds: 0
        })
    );
}

/// As when it is stopped in its terminal, or the machine sleeps.
#[cfg(unix)]
#[tokio::test]
async fn an_answer_that_came_while_this_process_was_stopped_counts() {
    let dir = tempfile::tempdir().unwrap();
    let asked = dir.path().join("asked");
    let answers = script(&format!(
        r#"dd bs=1 count=1 >/dev/null 2>&1; : >'{}'; sleep 0.3; printf '\015\000\000\000\000\000\000\000"not_painted"'; exec sleep 1000"#,
        asked.display()
    ));
    let limits = Limits {
        time: Duration::from_millis(200),
        ..Limits::default()
    };
    let pool = Pool::new(answers, 1, limits);
    // The runtime has this one thread.
    let stopped = async {
        while !asked.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        std::thread::sleep(Duration::from_secs(1));
    };
    let (found, ()) = tokio::join!(pool.first_paint(Path::new("/a.jpg"), 512), stopped);
    assert_eq!(found, Ok(None));
}

/// Nobody waits for its end, and still no dead process is left.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_that_hung_is_killed_and_reaped() {
    let limits = Limits {
        time: Duration::from_millis(200),
        ..Limits::default()
    };
    let pool = Pool::new(script("exec sleep 1000"), 1, limits);
    let found = pool.inspect(Path::new("/a.jpg")).await;
    assert!(
        matches!(found, Err(WorkerError::TimedOut { .. })),
        "{found:?}"
    );
    while !children().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A decoder that a picture takes over must not find the keys of a bucket.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_inherits_no_secrets() {
    const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
    if std::env::var_os(SECRET).is_none() {
        // Once more, as from a shell in which it is set.
        let again = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "ended::a_worker_inherits_no_secrets"])
            .env(SECRET, "canary")
            .status();
        assert!(again.unwrap().success());
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let pool = pool(1);
    pool.inspect(&photo(dir.path(), "a.jpg")).await.unwrap();
    let children = children();
    assert_eq!(children.len(), 1);
    let environment = format!("/proc/{}/environ", children[0].as_raw_nonzero());
    let environment = std::fs::read_to_string(environment).unwrap();
    let names: Vec<_> = environment
        .split_terminator('\0')
        .map(|variable| variable.split('=').next().unwrap())
        .collect();
    let needed = ["PATH", "LD_LIBRARY_PATH", "RAYON_NUM_THREADS"];
    assert!(names.iter().all(|name| needed.contains(name)), "{names:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_worker_that_answers_nonsense_is_ended() {
    let pool = Pool::new(
        script("printf 'nonsense, at length'; exec sleep 1000"),
        1,
        Limits::default(),
    );
    let found = pool.inspect(Path::new("/a.jpg")).await;
    assert_eq!(
        found,
        Err(WorkerError::Died {
            path: "/a.jpg".into()
        })
    );
}

#[tokio::test]
async fn a_worker_that_cannot_start_is_no_files_fault() {
    let nowhere = WorkerCommand {
        program: "/nowhere/at/all".into(),
        args: Vec::new(),
    };
    let mut commands = vec![nowhere];
    #[cfg(unix)]
    commands.push(WorkerCommand {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), "exit 1".into()],
    });
    for command in commands {
        let pool = Pool::new(command, 1, Limits::default());
        let found = pool.inspect(Path::new("/a.jpg")).await;
        assert!(matches!(found, Err(WorkerError::Start(_))), "{found:?}");
    }
}

/// An idle worker that someone else has killed must not cost a file its thumbnail.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_killed_between_requests_is_replaced_unnoticed() {
    let dir = tempfile::tempdir().unwrap();
    let path = photo(dir.path(), "a.jpg");
    let pool = pool(1);
    pool.inspect(&path).await.unwrap();
    let children = children();
    assert!(!children.is_empty());
    for child in children {
        rustix::process::kill_process(child, rustix::process::Signal::KILL).unwrap();
    }
    pool.inspect(&path).await.unwrap();
}

#[test]
fn a_worker_ends_when_its_parent_is_gone() {
    use std::process::{Command, Stdio};
    let WorkerCommand { program, args } = worker();
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = [0; 15];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut greeting).unwrap();
    assert!(greeting.ends_with(b"\"ready\""));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}
