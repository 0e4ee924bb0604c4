//! Linux: an entry in `$XDG_CONFIG_HOME/autostart`, as freedesktop.org's Desktop Application Autostart
//! Specification has it.

use super::Command;
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Each library has an entry of its own.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    named: Option<PathBuf>,
    /// None: this account has no home.
    entry: Option<PathBuf>,
}

impl Login {
    pub(crate) fn of(named: Option<&Path>) -> Self {
        let base = directories::BaseDirs::new();
        Self {
            entry: base.map(|base| entry(base.config_dir(), named)),
            named: named.map(Path::to_owned),
        }
    }

    pub(crate) fn starts(&self) -> io::Result<bool> {
        match std::fs::read_to_string(self.entry()?) {
            Ok(text) => Ok(is_on(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn set(&self, wanted: bool) -> io::Result<()> {
        match wanted {
            true => self.start(),
            false => self.do_not_start(),
        }
    }

    fn start(&self) -> io::Result<()> {
        let entry = self.entry()?;
        let text = text(&Command::of_this_run(self.named.as_deref())?)?;
        if let Some(folder) = entry.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(entry, text)
    }

    fn do_not_start(&self) -> io::Result<()> {
        match std::fs::remove_file(self.entry()?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn entry(&self) -> io::Result<&Path> {
        let none = || io::Error::other("this account has no home folder");
        self.entry.as_deref().ok_or_else(none)
    }
}

fn entry(config: &Path, named: Option<&Path>) -> PathBuf {
    let name = match named {
        None => "imgn.desktop".into(),
        Some(directory) => {
            let digest = Sha256::digest(directory.as_os_str().as_bytes());
            format!("imgn-{}.desktop", hex::encode(&digest[..8]))
        }
    };
    config.join("autostart").join(name)
}

fn text(command: &Command) -> io::Result<String> {
    Ok(format!(
        "[Desktop Entry]\n\
         Type=Application\n\
         Name=imgn\n\
         Comment=Backs up your photos to storage that you own\n\
         Comment[de]=Sichert deine Fotos an einem Ort, der dir gehört\n\
         TryExec={}\n\
         Exec={}\n\
         Icon=imgn\n\
         Terminal=false\n\
         StartupNotify=false\n",
        // Where imgn was uninstalled, the entry counts no more.
        escaped(text_of(command.program.as_os_str())?),
        exec(command)?
    ))
}

/// An entry may also be there and switched off, as desktops do.
fn is_on(text: &str) -> bool {
    let says = |line: &str, key: &str, value: &str| {
        line.split_once('=')
            .is_some_and(|(name, said)| name.trim() == key && said.trim() == value)
    };
    !text.lines().any(|line| {
        says(line, "Hidden", "true") || says(line, "X-GNOME-Autostart-enabled", "false")
    })
}

/// The `Exec` key: each argument quoted, then the whole escaped as a string of the file.
fn exec(command: &Command) -> io::Result<String> {
    let program = command.program.as_os_str();
    let words = std::iter::once(program)
        .chain(
            command
                .arguments
                .iter()
                .map(|argument| argument.as_os_str()),
        )
        .map(quoted)
        .collect::<io::Result<Vec<_>>>()?;
    Ok(escaped(&words.join(" ")))
}

/// As a string of the file.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('\n', r"\n")
        .replace('\t', r"\t")
}

fn text_of(argument: &OsStr) -> io::Result<&str> {
    argument
        .to_str()
        .ok_or_else(|| io::Error::other(format!("{argument:?} cannot be written into an entry")))
}

fn quoted(argument: &OsStr) -> io::Result<String> {
    // A percent sign is a field code, inside quotes too.
    let argument = text_of(argument)?.replace('%', "%%");
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.,:+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return Ok(argument);
    }
    let mut quoted = String::from('"');
    for c in argument.chars() {
        if matches!(c, '"' | '`' | '$' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Ok(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(program: &str, arguments: &[&str]) -> Command {
        Command {
            program: program.into(),
            arguments: arguments.iter().map(Into::into).collect(),
        }
    }

    #[test]
    fn a_command_is_written_as_the_specification_wants_it() {
        //  program, arguments, the line
        let cases: [(&str, &[&str], &str); 6] = [
            ("/usr/bin/imgn", &["--hidden"], "/usr/bin/imgn --hidden"),
            ("/opt/my apps/imgn", &[], r#""/opt/my apps/imgn""#),
            (
                "/a",
                &["--library", "/photos of 50%"],
                r#"/a --library "/photos of 50%%""#,
            ),
            (
                "/a",
                &[r#"say "hi" to $HOME"#],
                r#"/a "say \\"hi\\" to \\$HOME""#,
            ),
            ("/a", &[r"back\slash"], r#"/a "back\\\\slash""#),
            ("/a", &["two\nlines"], r#"/a "two\nlines""#),
        ];
        for (program, arguments, line) in cases {
            assert_eq!(exec(&command(program, arguments)).unwrap(), line);
        }
    }

    #[test]
    fn an_entry_of_an_imgn_that_was_uninstalled_counts_no_more() {
        let written = text(&command("/opt/my apps/50%/imgn", &["--hidden"])).unwrap();
        let tried = written
            .lines()
            .find_map(|line| line.strip_prefix("TryExec="));
        assert_eq!(tried, Some("/opt/my apps/50%/imgn"));
    }

    #[test]
    fn each_library_has_an_entry_of_its_own() {
        let of = |named: Option<&str>| entry(Path::new("/config"), named.map(Path::new));
        assert_eq!(of(None), Path::new("/config/autostart/imgn.desktop"));
        assert_ne!(of(Some("/a")), of(Some("/b")));
        assert_eq!(of(Some("/a")), of(Some("/a")));
    }

    #[test]
    fn an_entry_counts_until_it_is_switched_off() {
        let written = text(&command("/usr/bin/imgn", &["--hidden"])).unwrap();
        //  what a desktop adds, whether it starts
        let cases = [
            ("", true),
            ("Hidden=true\n", false),
            ("Hidden = true\n", false),
            ("Hidden=false\n", true),
            ("X-GNOME-Autostart-enabled=false\n", false),
            ("X-GNOME-Autostart-enabled=true\n", true),
        ];
        for (added, starts) in cases {
            assert_eq!(is_on(&format!("{written}{added}")), starts, "{added}");
        }
    }
}
