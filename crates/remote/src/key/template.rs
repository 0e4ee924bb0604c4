//! How the key of an original is chosen.

use super::{Key, PRIVATE, segment};
use crate::Sha256;
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Before this year there were no photographs.
const FIRST_YEAR: i16 = 1826;
/// Longest key that is made; leaves room for a prefix and `.meta` within 1,024.
const LONGEST: usize = 800;

/// `{year}/{month}/{filename}` and the like. Other fields: `{day}`, `{path}`, `{stem}`, `{ext}`, `{sha256}`, `{camera}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyTemplate {
    text: String,
    tokens: Vec<Token>,
}

/// What a template may draw on.
#[derive(Debug, Clone)]
pub struct KeyParts<'a> {
    /// The file's name as bytes; need not be UTF-8.
    pub filename: &'a [u8],
    /// Folders between the watched folder and the file, `/`-separated, as bytes.
    pub path: &'a [u8],
    /// Local wall time as taken.
    pub taken_at: Option<civil::DateTime>,
    pub mtime: Option<Timestamp>,
    pub now: Timestamp,
    pub sha256: Sha256,
    /// Lower-case extension by content, e.g. `jpg`.
    pub extension: &'a str,
    pub camera: Option<&'a str>,
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyTemplateError(pub String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Year,
    Month,
    Day,
    Path,
    Filename,
    Stem,
    Ext,
    Sha256,
    Camera,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Slash,
    Text(String),
    Field(Field),
}

const FIELDS: [(&str, Field); 9] = [
    ("year", Field::Year),
    ("month", Field::Month),
    ("day", Field::Day),
    ("path", Field::Path),
    ("filename", Field::Filename),
    ("stem", Field::Stem),
    ("ext", Field::Ext),
    ("sha256", Field::Sha256),
    ("camera", Field::Camera),
];

impl KeyTemplate {
    /// Takes `{year}/{month}/{filename}` and the like; what is wrong is said in a sentence.
    pub fn new(text: &str) -> Result<Self, KeyTemplateError> {
        let tokens = tokens(text)?;
        validate(text, &tokens)?;
        Ok(Self {
            text: text.to_owned(),
            tokens,
        })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The key of an original. `twin` 0 is the plain name; 1 adds `-<8 hex>` before the extension,
    /// 2 adds `-<16 hex>`, more the whole hash: for a different image that has the same name.
    pub fn render(&self, parts: &KeyParts<'_>, twin: u8) -> Key {
        let date = date(parts);
        let undated = [
            Token::Text("undated".to_owned()),
            Token::Slash,
            Token::Field(Field::Filename),
        ];
        let tokens = if date.is_none() && self.tokens.iter().any(Token::needs_date) {
            &undated[..]
        } else {
            &self.tokens[..]
        };

        let mut segments = vec![Vec::new()];
        for token in tokens {
            match token {
                Token::Slash => segments.push(Vec::new()),
                Token::Text(text) => current(&mut segments).extend_from_slice(text.as_bytes()),
                Token::Field(Field::Path) => {
                    for (i, folder) in parts.path.split(|&byte| byte == b'/').enumerate() {
                        if i > 0 {
                            segments.push(Vec::new());
                        }
                        current(&mut segments).extend_from_slice(folder);
                    }
                }
                Token::Field(field) => {
                    current(&mut segments).extend_from_slice(&field.value(parts, date));
                }
            }
        }
        join(segments, parts, twin)
    }
}

impl Default for KeyTemplate {
    fn default() -> Self {
        Self::new("{year}/{month}/{filename}").expect("the default template is valid")
    }
}

impl TryFrom<String> for KeyTemplate {
    type Error = KeyTemplateError;

    fn try_from(text: String) -> Result<Self, KeyTemplateError> {
        Self::new(&text)
    }
}

impl From<KeyTemplate> for String {
    fn from(template: KeyTemplate) -> Self {
        template.text
    }
}

impl std::str::FromStr for KeyTemplate {
    type Err = KeyTemplateError;

    fn from_str(text: &str) -> Result<Self, KeyTemplateError> {
        Self::new(text)
    }
}

impl std::fmt::Display for KeyTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Token {
    fn needs_date(&self) -> bool {
        matches!(self, Self::Field(Field::Year | Field::Month | Field::Day))
    }

    /// Whether it keeps two photos of one folder apart.
    fn names_the_photo(&self) -> bool {
        matches!(
            self,
            Self::Field(Field::Filename | Field::Stem | Field::Sha256)
        )
    }
}

impl Field {
    fn value(self, parts: &KeyParts<'_>, date: Option<civil::Date>) -> Vec<u8> {
        let date = date.unwrap_or_default();
        match self {
            Self::Year => format!("{:04}", date.year()).into_bytes(),
            Self::Month => format!("{:02}", date.month()).into_bytes(),
            Self::Day => format!("{:02}", date.day()).into_bytes(),
            Self::Path => parts.path.to_vec(),
            Self::Filename => parts.filename.to_vec(),
            Self::Stem => match parts.filename.iter().rposition(|&byte| byte == b'.') {
                Some(dot) if dot > 0 => parts.filename[..dot].to_vec(),
                _ => parts.filename.to_vec(),
            },
            Self::Ext => parts.extension.as_bytes().to_vec(),
            Self::Sha256 => hex::encode(parts.sha256).into_bytes(),
            Self::Camera => parts
                .camera
                .unwrap_or("unknown camera")
                .trim()
                .as_bytes()
                .to_vec(),
        }
    }
}

/// The day by which a photo is filed: as taken, else when the file was last written; none where
/// that is no year in which it can have been.
fn date(parts: &KeyParts<'_>) -> Option<civil::Date> {
    let utc = |at: Timestamp| TimeZone::UTC.to_datetime(at);
    let date = parts.taken_at.or_else(|| parts.mtime.map(utc))?.date();
    // Wall time is up to 14 hours ahead of UTC.
    let tomorrow = utc(parts.now.saturating_add(24.hours()).unwrap_or(parts.now)).date();
    (FIRST_YEAR..=tomorrow.year())
        .contains(&date.year())
        .then_some(date)
}

fn current(segments: &mut [Vec<u8>]) -> &mut Vec<u8> {
    segments
        .last_mut()
        .expect("there is always a segment that is being written")
}

fn join(mut segments: Vec<Vec<u8>>, parts: &KeyParts<'_>, twin: u8) -> Key {
    let name = segments.pop().expect("a template has at least one segment");
    let name = segment::file(&name, &parts.sha256, parts.extension, twin);
    let mut folders: Vec<String> = segments
        .iter()
        .filter_map(|name| segment::folder(name))
        .collect();
    // The deepest folders of a path that no store could hold are left out.
    while folders.iter().map(|folder| folder.len() + 1).sum::<usize>() + name.len() > LONGEST {
        folders.pop();
    }
    folders.push(name);
    Key(folders.join("/"))
}

fn tokens(text: &str) -> Result<Vec<Token>, KeyTemplateError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '/' {
            tokens.push(Token::Slash);
            rest = &rest[1..];
        } else if first == '{' {
            let end = rest.find('}').ok_or_else(|| {
                KeyTemplateError(format!("{text:?}: a {{ is never closed by a }}"))
            })?;
            tokens.push(Token::Field(field(text, &rest[1..end])?));
            rest = &rest[end + 1..];
        } else if first == '}' {
            return Err(KeyTemplateError(format!("{text:?}: a }} closes nothing")));
        } else {
            let end = rest.find(['/', '{', '}']).unwrap_or(rest.len());
            tokens.push(Token::Text(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    Ok(tokens)
}

fn field(text: &str, name: &str) -> Result<Field, KeyTemplateError> {
    FIELDS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, field)| *field)
        .ok_or_else(|| {
            let known: Vec<_> = FIELDS
                .iter()
                .map(|(known, _)| format!("{{{known}}}"))
                .collect();
            KeyTemplateError(format!(
                "{text:?}: there is no field {{{name}}}; use {}",
                known.join(" ")
            ))
        })
}

fn validate(text: &str, tokens: &[Token]) -> Result<(), KeyTemplateError> {
    let fail = |reason: &str| Err(KeyTemplateError(format!("{text:?}: {reason}")));
    if text.is_empty() {
        return fail("a key template needs at least {filename}");
    }
    if text.len() > 200 {
        return fail("a key template has at most 200 bytes");
    }
    if text.chars().any(|c| c.is_control() || c == '\\') {
        return fail(
            "a key template has no control characters and no backslash; folders are parted by /",
        );
    }
    if text.starts_with('/') {
        return fail("leave out the / at the beginning: keys are relative to the destination");
    }
    for segment in text.split('/') {
        match segment {
            "" => return fail("there is nothing between two slashes, or after the last one"),
            "." | ".." => return fail("a folder cannot be called . or .."),
            _ if segment
                .get(..5)
                .is_some_and(|start| start.eq_ignore_ascii_case(PRIVATE)) =>
            {
                return fail("names that begin with .imgn are kept for imgn itself");
            }
            _ => {}
        }
    }
    let name = tokens
        .rsplit(|token| *token == Token::Slash)
        .next()
        .unwrap_or_default();
    if !name.iter().any(Token::names_the_photo) {
        return fail(
            "after the last / there must be {filename}, {stem} or {sha256}, or photos would all want one name",
        );
    }
    Ok(())
}
