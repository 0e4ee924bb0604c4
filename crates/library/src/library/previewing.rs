//! What a setting would do, before it holds.

use super::{Library, Result};
use crate::original;
use crate::path_bytes::{shown, to_bytes};
use crate::pattern_preview;
use crate::patterns::Lines;
use crate::store::files;
use crate::store::photos::{self, Photo};
use crate::store::timeline;
use crate::view::*;
use jiff::{Timestamp, civil};
use remote::{KeyParts, KeyTemplate};
use std::path::{Path, PathBuf};

/// Photos that a template is shown on.
const EXAMPLES: usize = 4;

impl Library {
    /// What these patterns would do in a watched folder, after those of all; without one, in every watched
    /// folder, before its own.
    pub async fn preview_patterns(
        &self,
        folder: Option<String>,
        include: Vec<String>,
        exclude: Vec<String>,
    ) -> Result<PatternPreview> {
        let written = Lines { include, exclude };
        Ok(pattern_preview::of(&self.context, folder.as_deref(), written).await?)
    }

    /// The keys that a template makes of some of the person's photos, of different times.
    pub async fn preview_key_template(&self, template: String) -> Result<KeyPreview> {
        let template = match KeyTemplate::new(&template) {
            Ok(template) => template,
            Err(error) => {
                let detail = error.to_string();
                return Ok(KeyPreview::Wrong { detail });
            }
        };
        let photos = self.context.store.read(some_photos).await?;
        let examples: Vec<KeyExample> = photos
            .iter()
            .filter_map(|(photo, relative)| example(&template, photo, relative.as_deref()))
            .collect();
        Ok(if examples.is_empty() {
            KeyPreview::Made {
                examples: vec![invented(&template)],
                invented: true,
            }
        } else {
            KeyPreview::Made {
                examples,
                invented: false,
            }
        })
    }
}

/// From the newest month to the oldest, each with where its file lies below the watched folder.
fn some_photos(db: &rusqlite::Connection) -> rusqlite::Result<Vec<(Photo, Option<PathBuf>)>> {
    let months = timeline::months(db)?;
    let mut some = Vec::new();
    for (month, _) in spread(&months, EXAMPLES) {
        if let Some(id) = timeline::newest(db, month)?
            && let Some(photo) = photos::get(db, id)?
        {
            let source = files::sources(db, id)?.into_iter().next();
            some.push((photo, source.map(|source| source.relative)));
        }
    }
    Ok(some)
}

/// `most` of them at equal distances, the first and the last among them.
fn spread<T>(all: &[T], most: usize) -> Vec<&T> {
    if all.len() <= most {
        return all.iter().collect();
    }
    (0..most)
        .map(|at| &all[at * (all.len() - 1) / (most - 1)])
        .collect()
}

fn example(template: &KeyTemplate, photo: &Photo, relative: Option<&Path>) -> Option<KeyExample> {
    let sha256 = photo.sha256?;
    let folder = relative.and_then(Path::parent).map(to_bytes);
    let parts = original::key_parts(photo, sha256, folder.unwrap_or_default());
    Some(KeyExample {
        file: relative.map_or_else(|| photo.name.clone(), shown),
        key: template.render(&parts, 0).as_str().to_owned(),
    })
}

fn invented(template: &KeyTemplate) -> KeyExample {
    let parts = KeyParts {
        filename: b"IMG_2041.JPG",
        path: b"Holiday/Lake",
        taken_at: Some(civil::date(2019, 6, 14).at(15, 2, 0, 0)),
        mtime: None,
        now: Timestamp::now(),
        sha256: [0x9f; 32],
        extension: "jpg",
        camera: Some("X100V"),
    };
    KeyExample {
        file: "Holiday/Lake/IMG_2041.JPG".to_owned(),
        key: template.render(&parts, 0).as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_of_all_times() {
        let all: Vec<u32> = (0..10).collect();
        assert_eq!(spread(&all, 4), [&0, &3, &6, &9]);
        assert_eq!(spread(&all[..3], 4), [&0, &1, &2]);
        assert!(spread::<u32>(&[], 4).is_empty());
    }

    #[test]
    fn without_photos_an_invented_one_shows_what_a_template_makes() {
        let template = KeyTemplate::new("{year}/{path}/{camera}/{stem}.{ext}").unwrap();
        assert_eq!(
            invented(&template).key,
            "2019/Holiday/Lake/X100V/IMG_2041.jpg"
        );
    }
}
