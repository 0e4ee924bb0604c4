//! Completions and manual pages, as a shell and `man` take them.

use crate::home::{Home, Run};
use std::fs;
use std::process::Command;

/// Loads the completions that the program prints, then runs `line`.
fn bash(home: &Home, line: &str) -> Run {
    let script = home.path("completions.bash");
    fs::write(&script, home.ok(&["completions", "bash"]).stdout).unwrap();
    let checked = Command::new("bash")
        .arg("-n")
        .arg(&script)
        .status()
        .unwrap();
    assert!(checked.success(), "bash does not take the script");
    let output = Command::new("bash")
        .args(["--norc", "--noprofile", "-c"])
        .arg(format!(". '{}'; {line}", script.display()))
        .output()
        .unwrap();
    output.into()
}

#[test]
fn bash_completes_the_words() {
    let home = Home::new();
    let registered = bash(&home, "complete -p imgn-cli");
    assert_eq!(registered.code, 0, "{registered:?}");
    let function = registered
        .stdout
        .split_whitespace()
        .skip_while(|word| *word != "-F")
        .nth(1)
        .expect("a function completes");

    //  typed so far, of which the last word is completed; offered
    let cases: [(&str, &[&str]); 6] = [
        ("imgn-cli de", &["destination"]),
        ("imgn-cli destination s", &["set-keys"]),
        ("imgn-cli destination add ", &["folder", "s3"]),
        (
            "imgn-cli destination add s3 --p",
            &["--prefix", "--profile"],
        ),
        ("imgn-cli sync --", &["--once", "--watch", "--json"]),
        ("imgn-cli completions ", &["bash", "fish", "zsh"]),
    ];
    for (typed, offered) in cases {
        let words: Vec<&str> = typed.split(' ').collect();
        let current = words.len() - 1;
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let line = format!(
            "COMP_WORDS=({}); COMP_CWORD={current}; {function} imgn-cli '{}' '{}'; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            quoted.join(" "),
            words[current],
            words[current - 1],
        );
        let reply = bash(&home, &line);
        let replied: Vec<&str> = reply.stdout.lines().collect();
        for word in offered {
            assert!(replied.contains(word), "{typed}: {reply:?}");
        }
    }
}

#[test]
fn zsh_and_fish_have_scripts_of_their_own() {
    let home = Home::new();
    //  shell, what its scripts begin with, words that it completes
    let cases: [(&str, &str, &[&str]); 2] = [
        (
            "zsh",
            "#compdef imgn-cli",
            &["set-keys", "key-template", "once"],
        ),
        (
            "fish",
            "complete -c imgn-cli",
            &["set-keys", "key-fd", "once"],
        ),
    ];
    for (shell, sign, words) in cases {
        let script = home.ok(&["completions", shell]).stdout;
        assert!(script.contains(sign), "{shell}: {script}");
        for word in words {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    assert_eq!(home.run(&["completions", "tcsh"]).code, 2);
}

#[test]
fn every_word_has_a_manual_page() {
    let home = Home::new();
    let out = home.path("share/man/man1");
    home.ok(&["man", "--out", out.to_str().unwrap()]);
    for (page, holds) in [
        ("imgn-cli", "destination"),
        ("imgn-cli-sync", "watch"),
        ("imgn-cli-folder-add", "Watch a folder"),
        ("imgn-cli-destination-add-s3", "key"),
        ("imgn-cli-show", "SHA"),
    ] {
        let text = fs::read_to_string(out.join(format!("{page}.1"))).unwrap();
        assert!(text.contains(&format!(".TH {page} 1")), "{page}: {text}");
        assert!(text.contains(holds), "{page}: {text}");
    }
    let printed = home.ok(&["man"]).stdout;
    assert!(printed.contains(".TH imgn-cli 1"), "{printed}");
    assert!(
        !home.path("library").exists(),
        "no library is made for that"
    );
    let refused = home.run(&["man", "--out", "/proc/nowhere"]);
    assert_eq!(refused.code, 2, "{refused:?}");
}
