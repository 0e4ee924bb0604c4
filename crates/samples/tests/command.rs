//! The command as a person or a script calls it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn imgn_samples(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_imgn-samples"))
        .args(arguments)
        .output()
        .expect("the command starts")
}

#[test]
fn it_writes_a_part_of_the_album_and_names_each_file() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let to = dir.path().to_str().expect("a plain path");
    for drip in [&[][..], &["--drip", "1"][..]] {
        let output =
            imgn_samples(&[&[to, "--count", "2", "--from", "3", "--seed", "9"], drip].concat());
        assert!(output.status.success(), "{output:?}");
        let expected: Vec<_> = samples::album(9)
            .skip(3)
            .take(2)
            .map(|s| dir.path().join(s.path()))
            .collect();
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(printed.lines().map(Path::new).collect::<Vec<_>>(), expected);
        for path in expected {
            fs::remove_file(path).expect("was written");
        }
    }
}

#[test]
fn it_says_which_folder_it_cannot_write() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let output = imgn_samples(&[file.path().to_str().expect("a plain path"), "--count", "1"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.contains(file.path().to_str().expect("a plain path")),
        "{said}"
    );
}
