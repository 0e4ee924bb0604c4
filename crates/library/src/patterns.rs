//! Which files of a watched folder a person has backed up: patterns as `.gitignore` has them.
//!
//! What `exclude` matches is left out. A later pattern takes back what an earlier one left out (`!`), but
//! nothing below a directory that is left out as a whole: as git does it.
//! <https://git-scm.com/docs/gitignore#_pattern_format>
//!
//! Where `include` has a pattern that is no `!`, only what it matches is taken in, itself or by a directory
//! around it; the innermost that matches decides. `exclude` comes afterwards.
//!
//! **Invariant:** the managed folder has none: what a person dropped on imgn is backed up.

use crate::path_bytes::shown;
use crate::store::folders::Folder;
use crate::view::{Cause, Reason, Settings};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::path::Path;

/// The lines that hold in a folder, in order: those of every folder, then its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
}

/// The patterns of one folder.
#[derive(Debug)]
pub(crate) struct Patterns {
    include: Gitignore,
    exclude: Gitignore,
}

/// What leaves a file out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LeftOutBy<'a> {
    /// It, or a directory around it, has this pattern.
    Excluded(&'a str),
    /// It has none of those that are taken in.
    NotIncluded,
}

impl Lines {
    /// Those of the folder at `path`, which a person watches or would.
    pub(crate) fn at(settings: &Settings, path: &Path) -> Self {
        let own = || {
            settings
                .folder
                .iter()
                .filter(move |rules| Path::new(&rules.path) == path)
        };
        let all = &settings.photos;
        Self {
            include: [&all.include]
                .into_iter()
                .chain(own().map(|rules| &rules.include))
                .flatten()
                .cloned()
                .collect(),
            exclude: [&all.exclude]
                .into_iter()
                .chain(own().map(|rules| &rules.exclude))
                .flatten()
                .cloned()
                .collect(),
        }
    }

    pub(crate) fn of(settings: &Settings, folder: &Folder) -> Self {
        if folder.managed {
            return Self::default();
        }
        Self::at(settings, &folder.path)
    }

    /// The patterns, of settings that were understood.
    pub(crate) fn understood(&self) -> Patterns {
        Patterns::new(self).expect("settings hold only patterns that make sense together")
    }
}

/// An error says which patterns make no sense, by themselves or together: there may be too many.
pub(crate) fn make_sense(settings: &Settings) -> Result<(), ignore::Error> {
    let own = settings.folder.iter().map(|rules| Path::new(&rules.path));
    // A folder without rules of its own has those of all.
    own.chain([Path::new("")])
        .try_for_each(|path| Patterns::new(&Lines::at(settings, path)).map(drop))
}

impl Patterns {
    /// An error says which pattern makes no sense, and why.
    pub(crate) fn new(lines: &Lines) -> Result<Self, ignore::Error> {
        Ok(Self {
            include: matcher(&lines.include)?,
            exclude: matcher(&lines.exclude)?,
        })
    }

    /// Whether nothing is left out, whatever it is called.
    pub(crate) fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// What leaves out the file at `relative` below its folder; none: nothing does.
    pub(crate) fn leaving_out(&self, relative: &Path) -> Option<LeftOutBy<'_>> {
        if !self.included(relative) {
            return Some(LeftOutBy::NotIncluded);
        }
        self.excluding(relative, |place| place != relative)
            .map(LeftOutBy::Excluded)
    }

    /// The pattern that leaves out all of the directory at `relative`; none: none does.
    pub(crate) fn leaving_out_all(&self, relative: &Path) -> Option<LeftOutBy<'_>> {
        self.excluding(relative, |_| true).map(LeftOutBy::Excluded)
    }

    /// From the outside in: a directory that is left out is not looked into.
    fn excluding(&self, relative: &Path, is_directory: impl Fn(&Path) -> bool) -> Option<&str> {
        if self.exclude.is_empty() {
            return None;
        }
        let mut places: Vec<&Path> = relative.ancestors().collect();
        places.reverse();
        places
            .into_iter()
            .filter(|place| !place.as_os_str().is_empty())
            .find_map(
                |place| match self.exclude.matched(place, is_directory(place)) {
                    Match::Ignore(glob) => Some(glob.original()),
                    Match::Whitelist(_) | Match::None => None,
                },
            )
    }

    fn included(&self, relative: &Path) -> bool {
        match self.include.matched_path_or_any_parents(relative, false) {
            Match::Ignore(_) => true,
            Match::Whitelist(_) => false,
            Match::None => self.include.num_ignores() == 0,
        }
    }
}

impl LeftOutBy<'_> {
    /// The pattern that does; none: that it has none of those that are taken in.
    pub(crate) fn pattern(&self) -> Option<&str> {
        match self {
            Self::Excluded(pattern) => Some(pattern),
            Self::NotIncluded => None,
        }
    }

    /// Why the file at `path` is not backed up.
    pub(crate) fn reason(self, path: &Path) -> Reason {
        let detail = match self {
            Self::Excluded(pattern) => {
                format!("{} is left out by the pattern {pattern}", shown(path))
            }
            Self::NotIncluded => {
                format!("{} has none of the patterns that are taken in", shown(path))
            }
        };
        Reason::new(Cause::Excluded, detail)
    }
}

fn matcher(lines: &[String]) -> Result<Gitignore, ignore::Error> {
    let mut builder = GitignoreBuilder::new("");
    // To git, too, a bracket that is never closed matches nothing; here it would leave a person in the dark.
    builder.allow_unclosed_class(false);
    for line in lines {
        builder.add_line(None, line)?;
    }
    builder.build()
}

/// Reads patterns of the settings; one that makes no sense is refused where it stands.
pub(crate) fn understood<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let lines = Vec::<String>::deserialize(from)?;
    match matcher(&lines) {
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
            let exclude = Lines {
                exclude: lines,
                ..Lines::default()
            };
            let patterns = Patterns::new(&exclude).unwrap();
            assert_eq!(
                patterns.leaving_out(Path::new(file)),
                expected.map(LeftOutBy::Excluded),
                "{name}"
            );
        }
    }

    #[test]
    fn only_what_is_included_is_taken_in() {
        //  name, include, exclude, file, whether it is taken in
        type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a str, bool);
        let cases: [Case<'_>; 12] = [
            ("none is everything", &[], &[], "a.jpg", true),
            ("remarks are none", &["# *.png", ""], &[], "a.jpg", true),
            ("a name", &["*.jpg"], &[], "2019/a.jpg", true),
            ("another name", &["*.jpg"], &[], "2019/a.png", false),
            ("below a directory", &["Best/"], &[], "x/Best/y/a.jpg", true),
            ("beside it", &["/Best/"], &[], "x/Best/a.jpg", false),
            (
                "taken back",
                &["2019/", "!2019/raw/"],
                &[],
                "2019/raw/a.dng",
                false,
            ),
            (
                "taken back by name",
                &["2019/", "!*.png"],
                &[],
                "2019/a.png",
                false,
            ),
            (
                "the innermost decides",
                &["2019/", "!2019/raw/", "2019/raw/best/"],
                &[],
                "2019/raw/best/a.dng",
                true,
            ),
            ("only taken back", &["!*.png"], &[], "a.jpg", true),
            ("only taken back, that", &["!*.png"], &[], "a.png", false),
            (
                "excluded all the same",
                &["Best/"],
                &["*.png"],
                "Best/a.png",
                false,
            ),
        ];
        let owned = |lines: &[&str]| lines.iter().map(ToString::to_string).collect();
        for (name, include, exclude, file, expected) in cases {
            let lines = Lines {
                include: owned(include),
                exclude: owned(exclude),
            };
            let patterns = Patterns::new(&lines).unwrap();
            let left_out = patterns.leaving_out(Path::new(file));
            assert_eq!(left_out.is_none(), expected, "{name}: {left_out:?}");
        }
    }

    #[test]
    fn patterns_that_are_too_many_together_are_refused_with_the_settings() {
        let many = |count: usize, name: &str| -> Vec<String> {
            let class = "[a-zA-Z0-9\u{100}-\u{d000}]".repeat(6);
            (0..count).map(|n| format!("*{name}{n}{class}*")).collect()
        };
        let alone = |count| Lines {
            exclude: many(count, "a"),
            ..Lines::default()
        };
        let too_many = (0..16)
            .map(|power| 1 << power)
            .find(|count| Patterns::new(&alone(*count)).is_err())
            .expect("there is a limit");
        let mut settings = Settings::default();
        settings.photos.exclude = many(too_many / 2, "a");
        make_sense(&settings).unwrap();
        settings.folder = vec![FolderRules {
            path: "/a".into(),
            include: Vec::new(),
            exclude: many(too_many / 2, "b"),
        }];
        assert!(make_sense(&settings).is_err());
    }

    #[test]
    fn a_folder_has_the_patterns_of_all_and_its_own_and_the_managed_one_none() {
        let settings = Settings {
            photos: PhotoRules {
                include: vec!["2019/".into()],
                exclude: vec!["*.png".into()],
            },
            folder: vec![
                FolderRules {
                    path: "/a".into(),
                    include: vec!["2020/".into()],
                    exclude: vec!["!best.png".into()],
                },
                FolderRules {
                    path: "/b".into(),
                    include: Vec::new(),
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
        let own = Lines::of(&settings, &folder("/a", false));
        assert_eq!(own.include, ["2019/", "2020/"]);
        assert_eq!(own.exclude, ["*.png", "!best.png"]);
        let alone = Lines::of(&settings, &folder("/c", false));
        assert_eq!(
            (alone.include, alone.exclude),
            (vec!["2019/".into()], vec!["*.png".into()])
        );
        assert_eq!(Lines::of(&settings, &folder("/a", true)), Lines::default());
    }
}
