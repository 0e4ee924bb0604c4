//! Which files of a watched folder a person leaves out: patterns as `.gitignore` has them.
//!
//! A later pattern takes back what an earlier one left out (`!`), but nothing below a directory that is left
//! out as a whole: as git does it. <https://git-scm.com/docs/gitignore#_pattern_format>
//!
//! **Invariant:** the managed folder has none: what a person dropped on imgn is backed up.

use crate::store::folders::Folder;
use crate::view::Settings;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::path::Path;

/// The patterns of one folder.
#[derive(Debug)]
pub(crate) struct Patterns {
    matcher: Gitignore,
}

/// The patterns that hold in a folder, in order: those of every folder, then its own.
pub(crate) fn lines(settings: &Settings, folder: &Folder) -> Vec<String> {
    if folder.managed {
        return Vec::new();
    }
    let own = settings
        .folder
        .iter()
        .filter(|rules| Path::new(&rules.path) == folder.path)
        .flat_map(|rules| &rules.exclude);
    settings.photos.exclude.iter().chain(own).cloned().collect()
}

impl Patterns {
    /// An error says which pattern makes no sense, and why.
    pub(crate) fn new(lines: &[String]) -> Result<Self, ignore::Error> {
        let mut builder = GitignoreBuilder::new("");
        for line in lines {
            builder.add_line(None, line)?;
        }
        let matcher = builder.build()?;
        Ok(Self { matcher })
    }

    /// The pattern that leaves out the file at `relative` below its folder; none: nothing does.
    pub(crate) fn excluding(&self, relative: &Path) -> Option<&str> {
        if self.matcher.is_empty() {
            return None;
        }
        // From the outside in: a directory that is left out is not looked into.
        let mut places: Vec<&Path> = relative.ancestors().collect();
        places.reverse();
        places
            .into_iter()
            .filter(|place| !place.as_os_str().is_empty())
            .find_map(
                |place| match self.matcher.matched(place, place != relative) {
                    Match::Ignore(glob) => Some(glob.original()),
                    Match::Whitelist(_) | Match::None => None,
                },
            )
    }
}

/// Reads patterns of the settings; one that makes no sense is refused where it stands.
pub(crate) fn understood<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let lines = Vec::<String>::deserialize(from)?;
    match Patterns::new(&lines) {
        Ok(_) => Ok(lines),
        Err(error) => Err(D::Error::custom(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::folders::FolderId;
    use crate::view::{FolderRules, PhotoRules};

    #[test]
    fn patterns_mean_what_they_mean_to_git() {
        //  name, patterns, file, by which it is left out
        let cases: [(&str, &[&str], &str, Option<&str>); 15] = [
            ("none", &[], "a.jpg", None),
            (
                "a name anywhere",
                &["a.jpg"],
                "2019/06/a.jpg",
                Some("a.jpg"),
            ),
            ("a name at the top", &["/a.jpg"], "2019/a.jpg", None),
            ("at the top, there", &["/a.jpg"], "a.jpg", Some("/a.jpg")),
            ("a star", &["*.png"], "2019/a.png", Some("*.png")),
            ("another case", &["*.png"], "a.PNG", None),
            (
                "a directory",
                &["Scans/"],
                "2019/Scans/x/a.jpg",
                Some("Scans/"),
            ),
            ("a file of that name", &["Scans/"], "2019/Scans", None),
            ("a path", &["2019/raw"], "2019/raw/a.dng", Some("2019/raw")),
            (
                "a path is of the top",
                &["2019/raw"],
                "old/2019/raw/a.dng",
                None,
            ),
            (
                "two stars",
                &["**/raw/*.dng"],
                "a/b/raw/c.dng",
                Some("**/raw/*.dng"),
            ),
            ("taken back", &["*.png", "!best.png"], "x/best.png", None),
            (
                "taken back too early",
                &["!best.png", "*.png"],
                "best.png",
                Some("*.png"),
            ),
            (
                "not below what is left out",
                &["Scans/", "!Scans/best.png"],
                "Scans/best.png",
                Some("Scans/"),
            ),
            ("a remark", &["# *.jpg", ""], "a.jpg", None),
        ];
        for (name, lines, file, expected) in cases {
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            let patterns = Patterns::new(&lines).unwrap();
            assert_eq!(patterns.excluding(Path::new(file)), expected, "{name}");
        }
    }

    #[test]
    fn a_folder_has_the_patterns_of_all_and_its_own_and_the_managed_one_none() {
        let settings = Settings {
            photos: PhotoRules {
                exclude: vec!["*.png".into()],
            },
            folder: vec![
                FolderRules {
                    path: "/a".into(),
                    exclude: vec!["!best.png".into()],
                },
                FolderRules {
                    path: "/b".into(),
                    exclude: vec!["x".into()],
                },
            ],
            ..Settings::default()
        };
        let folder = |path: &str, managed| Folder {
            id: FolderId(1),
            path: path.into(),
            managed,
            offline: false,
            root: None,
        };
        assert_eq!(
            lines(&settings, &folder("/a", false)),
            ["*.png", "!best.png"]
        );
        assert_eq!(lines(&settings, &folder("/c", false)), ["*.png"]);
        assert!(lines(&settings, &folder("/a", true)).is_empty());
    }
}
