//! Holds the user guide (`docs/`, README) against the code: a person who follows it meets what it says.
//!
//! Only the tests are here; nothing of this is in the program.

use crate::args::Args;
use crate::exit::Exit;
use clap::{CommandFactory, Parser};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const PROGRAM: &str = "imgn-cli";

struct Page {
    path: PathBuf,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: PathBuf) -> Page {
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Page { path, text }
}

fn page(name: &str) -> Page {
    read(root().join("docs").join(name))
}

fn pages() -> Vec<Page> {
    let mut found: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    found.push(root().join("README.md"));
    found.into_iter().map(read).collect()
}

/// What stands between `open` and the next `close`, each time.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.split_once(close))
        .map(|(inside, _)| inside)
        .collect()
}

/// A page as code blocks, and the prose around them.
fn parts(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut blocks, mut prose) = (Vec::new(), Vec::new());
    for (number, part) in text.split("```").enumerate() {
        if number % 2 == 0 {
            prose.push(part);
        } else {
            blocks.push(part.split_once('\n').map_or(part, |(_, block)| block));
        }
    }
    (blocks, prose)
}

/// Every line that starts `imgn-cli`, in blocks and in the prose, as its words.
fn commands(text: &str) -> Vec<Vec<String>> {
    let (blocks, prose) = parts(text);
    let lines = blocks
        .iter()
        .map(|block| block.replace("\\\n", " "))
        .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>());
    let spans = prose
        .iter()
        .flat_map(|prose| between_pairs(prose))
        .map(str::to_owned);
    lines
        .chain(spans)
        .flat_map(|line| simple_commands(&line))
        .filter_map(|words| {
            let at = words.iter().position(|word| {
                word == PROGRAM || word.ends_with("/imgn-cli") && !word.contains("/bin:")
            })?;
            Some(words[at..].to_vec())
        })
        // The program's bare name.
        .filter(|words| words.len() > 1)
        .collect()
}

/// Code spans of a text.
fn between_pairs(prose: &str) -> Vec<&str> {
    prose.split('`').skip(1).step_by(2).collect()
}

/// The simple commands of a line of shell, each as its words, without redirections and comments.
fn simple_commands(line: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let (mut word, mut quote) = (None::<String>, None);
    for c in line.chars().chain(Some('\n')) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '#') if word.is_none() => break,
            (None, '|' | ';' | '&' | '(' | ')' | '<' | '>') => {
                let of_redirection = matches!(c, '<' | '>');
                let number = |word: &String| word.chars().all(|c| c.is_ascii_digit());
                if let Some(word) = word.take().filter(|word| !(of_redirection && number(word))) {
                    all.last_mut().expect("one at least").push(word);
                }
                all.push(Vec::new());
            }
            (None, c) if c.is_whitespace() || c == '=' && word.as_deref() == Some("ExecStart") => {
                all.last_mut().expect("one at least").extend(word.take());
            }
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    all.retain(|words| !words.is_empty());
    all
}

#[test]
fn a_line_of_shell_is_taken_apart() {
    //  line, commands
    let cases: [(&str, &[&[&str]]); 5] = [
        ("imgn-cli list # all", &[&["imgn-cli", "list"]]),
        ("a 'b c' \"d\"", &[&["a", "b c", "d"]]),
        ("a --key-fd 3 3<keys", &[&["a", "--key-fd", "3"], &["keys"]]),
        ("a | b && c", &[&["a"], &["b"], &["c"]]),
        (
            "ExecStart=/usr/bin/a b",
            &[&["ExecStart", "/usr/bin/a", "b"]],
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(simple_commands(line), expected, "{line}");
    }
}

#[test]
fn every_command_of_the_guide_is_one() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in pages() {
        for words in commands(&page.text) {
            seen += 1;
            if let Err(error) = Args::try_parse_from(&words)
                && error.use_stderr()
            {
                wrong.push(format!("{}: {words:?}: {error}", page.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 40, "only {seen} commands were found");
}

#[test]
fn every_word_of_the_command_line_is_in_the_guide() {
    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        let path = format!("{path} {}", command.get_name());
        let path = path.trim();
        if !command.has_subcommands() {
            found.push(path.to_owned());
        }
        for inner in command.get_subcommands() {
            leaves(inner, path, found);
        }
    }
    let mut words = Vec::new();
    leaves(&Args::command(), "", &mut words);
    let text = page("command-line.md").text;
    let said: Vec<String> = commands(&text)
        .iter()
        .map(|words| words.join(" "))
        .collect();
    for word in words {
        let there = said
            .iter()
            .any(|line| *line == word || line.starts_with(&format!("{word} ")));
        assert!(there, "{word} is not in command-line.md");
    }
}

#[test]
fn every_exit_code_is_in_the_guide() {
    let text = page("command-line.md").text;
    let last = Exit::FolderOffline as u8;
    let told: Vec<u8> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(' ')?.0.parse().ok())
        .collect();
    assert_eq!(told, (0..=last).collect::<Vec<_>>());
}

#[test]
fn there_is_something_to_do_about_every_cause() {
    let type_of_the_ui = read(root().join("ui/src/backend/types/Cause.ts")).text;
    let causes: BTreeSet<&str> = between_quotes(&type_of_the_ui).into_iter().collect();
    assert!(causes.contains("unreachable"), "{causes:?}");
    let text = page("what-to-do-when.md").text;
    let anchors = between(&text, "<a id=\"", "\"></a>\n");
    let told: BTreeSet<&str> = anchors.iter().copied().collect();
    assert_eq!(told, causes);
    assert_eq!(told.len(), anchors.len(), "one entry each: {anchors:?}");
    for code in causes {
        let (_, entry) = text
            .split_once(&format!("<a id=\"{code}\"></a>\n"))
            .unwrap();
        let entry = entry.split("\n\n").next().unwrap();
        assert!(entry.contains(&format!("(`{code}`). ")), "{code}: {entry}");
    }
}

fn between_quotes(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

#[test]
fn every_setting_is_in_the_guide() {
    let explained = read(root().join("crates/library/src/settings.toml")).text;
    let mut table = String::new();
    let mut settings = BTreeSet::new();
    for line in explained
        .lines()
        .filter_map(|line| line.strip_prefix("#: "))
    {
        if let Some(name) = line.strip_prefix('[') {
            table = format!("{}.", name.trim_matches(['[', ']']));
        } else {
            let (key, _) = line.split_once(" = ").unwrap();
            settings.insert(format!("{table}{key}"));
        }
    }
    assert!(settings.contains("limits.upload"), "{settings:?}");
    let text = page("settings.md").text;
    let told: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(key, _)| key.to_owned())
        .collect();
    assert_eq!(told, settings);
}

#[test]
fn every_link_of_the_guide_leads_somewhere() {
    let mut seen = 0;
    for page in pages() {
        let (_, prose) = parts(&page.text);
        let prose = prose.concat();
        let pictures = between(&prose, "src=\"", "\"").into_iter();
        let sources = between(&prose, "srcset=\"", "\"").into_iter();
        let links = between(&prose, "](", ")").into_iter();
        for link in links.chain(pictures).chain(sources) {
            if link.contains("://") {
                continue;
            }
            seen += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                page.path.clone()
            } else {
                page.path.parent().unwrap().join(file)
            };
            assert!(target.exists(), "{}: {link}", page.path.display());
            if !heading.is_empty() {
                let text = read(target).text;
                let there = headings(&text).any(|found| found == heading)
                    || text.contains(&format!("<a id=\"{heading}\"></a>"));
                assert!(there, "{}: {link}", page.path.display());
            }
        }
    }
    assert!(seen > 20, "only {seen} links were found");
}

/// The headings of a page as links name them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
}

#[test]
fn every_picture_is_shown_and_small() {
    let all = pages()
        .iter()
        .map(|page| page.text.clone())
        .collect::<String>();
    for entry in fs::read_dir(root().join("docs/pictures")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(
            all.contains(&format!("pictures/{name}")),
            "{name} is shown nowhere"
        );
        let bytes = entry.metadata().unwrap().len();
        assert!(bytes < 300_000, "{name} has {bytes} bytes");
    }
}
