//! What does not start: why, what to do then, and nothing of it stays.

use crate::client::{one_file, photo, post_old};
use crate::program::{Program, run};
use reqwest::{Client, StatusCode};
use std::net::TcpListener;

#[test]
fn what_cannot_start_says_what_to_do_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("file"), "a").unwrap();
    let (file, new, far) = (path("file"), path("new"), path("not/there"));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    //  words, exit code, what is said
    let cases: [(&[&str], i32, &str); 6] = [
        (
            &["--folder", &new, "--listen", &taken],
            1,
            "name another address",
        ),
        (&["--folder", &new, "--ui", &far], 2, "for --ui to show"),
        (&["--folder", &file], 2, "is a file"),
        (&["--folder", &far], 1, "mount its disk"),
        (
            &["--folder", &new, "--token-file", &far],
            2,
            "not/there cannot be read",
        ),
        (
            &["serve", "--bucket", "b", "--endpoint", "minio:9000"],
            2,
            "begin with https:// or http://",
        ),
    ];
    let free = ["--listen", "127.0.0.1:0"];
    for (words, code, said) in cases {
        let all = match words.contains(&"--listen") {
            true => words.to_vec(),
            false => [words, &free].concat(),
        };
        let output = run(&all, &[]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {text}");
        let last = text.lines().last().unwrap_or_default();
        assert!(
            last.starts_with("imgn-server: ") && last.contains(said),
            "{words:?}: {text}"
        );
        assert!(!folder.path().join("new").exists(), "{words:?}");
    }
}

#[tokio::test]
async fn who_may_not_upload_is_told_so_and_nothing_of_photos() {
    let program = Program::with(&["--folder", "images"], &[("IMGN_TOKEN", "a-token")]);
    let old = post_old(&program, one_file("a.jpg", &photo(1))).await;
    assert_eq!(old.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(old.text().await.unwrap(), "This gallery wants a token.\n");
    for (header, value) in [("host", "evil.example"), ("origin", "https://evil.example")] {
        let request = Client::new().post(program.url("/upload"));
        let answer = request.header(header, value).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{header}");
        let text = answer.text().await.unwrap();
        assert_eq!(
            text,
            "This gallery may not be asked by that name, or by that page.\n"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_token_that_everybody_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "a-token\n").unwrap();
    for (mode, warned) in [(0o600, false), (0o440, false), (0o644, true)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let words = ["--folder", "images", "--token-file", file.to_str().unwrap()];
        let log = Program::with(&words, &[]).log();
        assert_eq!(
            log.contains("everybody on this machine"),
            warned,
            "{mode:o}: {log}"
        );
    }
}
