//! XMP packets (ISO 16684-1): RDF in XML.
//!
//! A property is an attribute of `rdf:Description`, or an element in it whose value is text or an
//! `rdf:Alt`, `rdf:Bag` or `rdf:Seq` of items. All are read as a list of texts.
//!
//! **Invariant:** the packet's length, the depth of nesting and the number of values are bounded,
//! and entities are only XML's own five: nothing expands.

use super::{Metadata, dates, text};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};
use std::collections::HashMap;

const LONGEST_PACKET: usize = 4 << 20;
const DEEPEST: usize = 64;
const MOST_VALUES: usize = 1000;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const PROPERTIES: &[(&str, &str)] = &[
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://ns.adobe.com/exif/1.0/", "exif"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux"),
    ("http://cipa.jp/exif/1.0/", "exifEX"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop"),
];

/// Fills in what is still unknown; a person's words replace those of EXIF.
pub(super) fn read(packet: &[u8], metadata: &mut Metadata) -> Result<(), String> {
    let packet = &packet[..packet.len().min(LONGEST_PACKET)];
    let (properties, result) = properties(&String::from_utf8_lossy(packet));
    let first = |name: &str| {
        properties
            .get(name)
            .and_then(|values| values.first())
            .map(String::as_str)
    };
    let words = |field: &mut Option<String>, name: &str, longest: usize| {
        *field = first(name)
            .and_then(|value| text::bounded(value, longest))
            .or(field.take());
    };
    words(&mut metadata.title, "dc:title", text::SHORT);
    words(&mut metadata.description, "dc:description", text::LONG);
    words(&mut metadata.copyright, "dc:rights", text::SHORT);
    if let Some(creators) = properties.get("dc:creator") {
        metadata.artist =
            text::bounded(&creators.join(", "), text::SHORT).or(metadata.artist.take());
    }
    // −1 is a rejected picture, which is not a rating of ours.
    let stars = first("xmp:Rating").and_then(|value| value.trim().parse::<f64>().ok());
    if let Some(stars) = stars.filter(|stars| (0.0..=5.0).contains(stars)) {
        metadata.rating = Some(stars as u8);
    }
    if let Some(subjects) = properties.get("dc:subject") {
        let keywords = text::keywords(subjects.iter().map(String::as_str));
        if !keywords.is_empty() {
            metadata.keywords = keywords;
        }
    }
    if metadata.camera.lens.is_none() {
        metadata.camera.lens = ["exifEX:LensModel", "aux:Lens"]
            .iter()
            .find_map(|name| text::bounded(first(name)?, text::SHORT));
    }
    if metadata.taken_at.is_none() {
        let names = [
            "exif:DateTimeOriginal",
            "photoshop:DateCreated",
            "xmp:CreateDate",
        ];
        if let Some((taken_at, offset)) = names.iter().find_map(|name| dates::parse(first(name)?)) {
            (metadata.taken_at, metadata.utc_offset) = (Some(taken_at), offset);
        }
    }
    result
}

/// The values of each property of [`PROPERTIES`], under the usual prefix, as far as the packet
/// makes sense.
fn properties(packet: &str) -> (HashMap<String, Vec<String>>, Result<(), String>) {
    let mut collector = Collector::default();
    let result = collector.collect(packet);
    (collector.found, result)
}

#[derive(Default)]
struct Collector {
    found: HashMap<String, Vec<String>>,
    values: usize,
    /// The open property, and how deep its element lies.
    open: Option<(String, usize)>,
    text: String,
    is_default_language: bool,
}

impl Collector {
    fn collect(&mut self, packet: &str) -> Result<(), String> {
        // Padding and the byte order mark of the packet wrapper are no XML of ours.
        let packet =
            packet.trim_matches(|c: char| c == '\0' || c == '\u{feff}' || c.is_whitespace());
        let mut reader = NsReader::from_str(packet);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().allow_dangling_amp = true;
        // For each open element: is it an rdf:Description in rdf:RDF, which holds properties?
        let mut descriptions: Vec<bool> = Vec::new();
        let mut rdf_depth = None;
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            match event {
                Event::Start(start) => {
                    if descriptions.len() == DEEPEST {
                        return Err("nested too deeply".into());
                    }
                    let (namespace, local) = reader.resolver().resolve_element(start.name());
                    let is_rdf = is_namespace(&namespace, RDF);
                    let in_description = descriptions.last() == Some(&true);
                    if in_description && self.open.is_none() {
                        self.open = qualified(&namespace, local.as_ref())
                            .map(|name| (name, descriptions.len()));
                        self.text.clear();
                    }
                    let is_description = is_rdf
                        && local.as_ref() == "Description"
                        && rdf_depth == Some(descriptions.len());
                    if is_rdf && local.as_ref() == "RDF" {
                        rdf_depth = Some(descriptions.len() + 1);
                    }
                    if is_description {
                        self.attributes(&reader, &start);
                    }
                    if is_rdf && local.as_ref() == "li" {
                        self.text.clear();
                        self.is_default_language = is_default_language(&start);
                    }
                    descriptions.push(is_description);
                }
                Event::End(end) => {
                    descriptions.pop();
                    let (namespace, local) = reader.resolver().resolve_element(end.name());
                    if is_namespace(&namespace, RDF) && local.as_ref() == "li" {
                        self.push_item();
                    } else if self
                        .open
                        .as_ref()
                        .is_some_and(|(_, depth)| *depth == descriptions.len())
                    {
                        self.close_property();
                    }
                }
                Event::Text(text) => self.push_text(&text.xml10_content()),
                Event::CData(text) => self.push_text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    if let Ok(Some(character)) = reference.resolve_char_ref() {
                        self.push_text(character.encode_utf8(&mut [0; 4]));
                    } else if let Some(character) =
                        quick_xml::escape::resolve_xml_entity(&reference.into_inner())
                    {
                        self.push_text(character);
                    }
                }
                Event::Eof => return Ok(()),
                Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
    }

    fn attributes(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart<'_>) {
        for attribute in start.attributes().flatten().take(MOST_VALUES) {
            let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
            if let (Some(name), Ok(value)) = (
                qualified(&namespace, local.as_ref()),
                attribute.normalized_value(XmlVersion::Implicit1_0),
            ) {
                self.push(name, value.into_owned());
            }
        }
    }

    fn push_text(&mut self, text: &str) {
        const LONGEST: usize = 64 * 1024;
        if self.open.is_some() && self.text.len() + text.len() <= LONGEST {
            self.text.push_str(text);
        }
    }

    fn push_item(&mut self) {
        if let Some((name, _)) = &self.open {
            let (name, text) = (name.clone(), std::mem::take(&mut self.text));
            if self.is_default_language {
                self.push_first(name, text);
            } else {
                self.push(name, text);
            }
        }
    }

    /// A property without items is its text.
    fn close_property(&mut self) {
        if let Some((name, _)) = self.open.take() {
            let text = std::mem::take(&mut self.text);
            if !self.found.contains_key(&name) {
                self.push(name, text);
            }
        }
    }

    fn push(&mut self, name: String, value: String) {
        if let Some(values) = self.joined_by(name, &value) {
            values.push(value);
        }
    }

    fn push_first(&mut self, name: String, value: String) {
        if let Some(values) = self.joined_by(name, &value) {
            values.insert(0, value);
        }
    }

    /// The values of a property that this one joins; none: it says nothing, or there are enough.
    fn joined_by(&mut self, name: String, value: &str) -> Option<&mut Vec<String>> {
        if self.values == MOST_VALUES || value.trim().is_empty() {
            return None;
        }
        self.values += 1;
        Some(self.found.entry(name).or_default())
    }
}

fn is_namespace(result: &ResolveResult<'_>, uri: &str) -> bool {
    matches!(result, ResolveResult::Bound(namespace) if namespace.as_ref() == uri)
}

fn qualified(namespace: &ResolveResult<'_>, local: &str) -> Option<String> {
    let (_, prefix) = PROPERTIES
        .iter()
        .find(|(uri, _)| is_namespace(namespace, uri))?;
    Some(format!("{prefix}:{local}"))
}

fn is_default_language(start: &BytesStart<'_>) -> bool {
    let mut attributes = start.attributes().flatten();
    attributes.any(|attribute| {
        attribute.key.as_ref() == "xml:lang" && attribute.value.as_ref() == "x-default"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, description: &str, expected: &Metadata) {
        let packet = format!(
            "<?xpacket begin='\u{feff}'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{RDF}'>\
             {description}</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
        );
        let mut metadata = Metadata::default();
        assert_eq!(read(packet.as_bytes(), &mut metadata), Ok(()), "{name}");
        assert_eq!(metadata, *expected, "{name}");
    }

    #[test]
    fn properties_are_read_in_each_of_their_spellings() {
        let stars = Metadata {
            rating: Some(4),
            ..Metadata::default()
        };
        let titled = |title: &str| Metadata {
            title: Some(title.into()),
            ..Metadata::default()
        };
        let words = |words: &[&str]| Metadata {
            keywords: words.iter().map(|&word| word.into()).collect(),
            ..Metadata::default()
        };
        let dated = Metadata {
            taken_at: Some(jiff::civil::datetime(2019, 6, 1, 12, 30, 0, 0)),
            utc_offset: Some(7200),
            ..Metadata::default()
        };
        let cases = &[
            (
                "attribute",
                "<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'/>",
                stars.clone(),
            ),
            (
                "element, unusual prefix",
                "<rdf:Description xmlns:q='http://ns.adobe.com/xap/1.0/'><q:Rating>4</q:Rating></rdf:Description>",
                stars,
            ),
            (
                "rejected is no rating",
                "<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='-1'/>",
                Metadata::default(),
            ),
            (
                "default language wins",
                "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt>\
                 <rdf:li xml:lang='de'>Katze</rdf:li><rdf:li xml:lang='x-default'>cat</rdf:li>\
                 </rdf:Alt></dc:title></rdf:Description>",
                titled("cat"),
            ),
            (
                "entities, references, CDATA",
                "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>a &amp; &#x62;<![CDATA[ <c>]]>\
                 </dc:title></rdf:Description>",
                titled("a & b <c>"),
            ),
            (
                "bag",
                "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject><rdf:Bag>\
                 <rdf:li>sea</rdf:li><rdf:li>sun</rdf:li><rdf:li/></rdf:Bag></dc:subject></rdf:Description>",
                words(&["sea", "sun"]),
            ),
            (
                "date with its offset",
                "<rdf:Description xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:DateTimeOriginal='2019-06-01T12:30:00+02:00'/>",
                dated,
            ),
            (
                "another vocabulary",
                "<rdf:Description xmlns:dc='http://example.com/'><dc:title>x</dc:title></rdf:Description>",
                Metadata::default(),
            ),
        ];
        for (name, description, expected) in cases {
            check(name, description, expected);
        }
    }

    #[test]
    fn hostile_packets_are_bounded_and_keep_what_came_before() {
        let rated = format!(
            "<rdf:RDF xmlns:rdf='{RDF}'><rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'>"
        );
        let deep = "<a>".repeat(100_000);
        let laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>";
        for packet in [
            format!("{rated}{deep}"),
            format!("{rated}</nonsense>"),
            format!("{laughs}{rated}"),
            rated.clone(),
        ] {
            let mut metadata = Metadata::default();
            // Whether it also says that the packet is damaged differs; that it ends does not.
            let _ = read(packet.as_bytes(), &mut metadata);
            assert_eq!(metadata.rating, Some(4), "{}", &packet[..80]);
        }
    }
}
